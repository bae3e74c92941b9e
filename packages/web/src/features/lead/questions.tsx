/** What nobody has asked yet, to be answered right here. */
import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useMay } from '../../app/session.ts'
import { Panel } from '../../ui/panel.tsx'
import type { Explanation, Lead } from './lead-queries.ts'
import { useAnswers } from '../../ui/use-answers.ts'
import { SavedField } from '../../ui/value-field.tsx'

export function Questions({ lead, explanation }: { readonly lead: Lead; readonly explanation: Explanation }) {
  const { t } = useTranslation('lead')
  const words = useDefinition()
  const may = useMay()
  const { save, pending } = useAnswers({ lead: lead.id, account: lead.account?.id })
  const open = explanation.questions.filter(({ attribute }) => !pending.has(attribute))
  if (explanation.questions.length === 0) return null
  return (
    <Panel title={t('questions.title')} aside={t('questions.count', { count: open.length })}>
      <Stack gap="sm">
        {open.map(({ attribute, question }) => {
          const outline = words.attribute(attribute)
          const isOfNobody = outline?.about === 'account' && lead.account === null
          return (
            <div key={attribute}>
              <Text size="sm" mb={4}>
                {question}
              </Text>
              {isOfNobody && (
                <Text size="xs" c="dimmed">
                  {t('questions.noAccount')}
                </Text>
              )}
              {outline !== undefined && !isOfNobody && may('leads:write') && (
                <div className="no-print">
                  <SavedField
                    attribute={outline}
                    label={question}
                    value={null}
                    onSave={(value) => save({ attribute, value, before: null })}
                  />
                </div>
              )}
            </div>
          )
        })}
        {open.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('questions.none')}
          </Text>
        )}
      </Stack>
    </Panel>
  )
}
