/** What stands beside the score: worth, what to do, where somebody came from, who they were before. */
import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { MergeHistory } from '../../ui/merge-history.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Playbooks, usePlaybooks } from '../../ui/playbooks.tsx'
import { offerReversal } from '../../app/undo.ts'
import { refreshLead } from '../../app/refresh.ts'
import type { Explanation, Lead } from './lead-queries.ts'

export function ValuePanel({ explanation }: { readonly explanation: Explanation }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const { value } = explanation.assessment
  if (value === undefined) return null
  const { probability, interval, amount, expected, currency } = value
  const [low, high] = interval ?? []
  return (
    <Panel title={t('worth.title')}>
      <Text fz={22} fw={620} lh={1.2} className="tabular">
        {formats.money(expected, currency)}
      </Text>
      <Text size="sm" c="dimmed" className="tabular">
        {t('worth.of', { chance: formats.percent(probability), amount: formats.money(amount, currency) })}
      </Text>
      {low !== undefined && high !== undefined && (
        <Text size="sm" c="dimmed" className="tabular">
          {t('worth.interval', { low: formats.percent(low), high: formats.percent(high) })}
        </Text>
      )}
    </Panel>
  )
}

export function PlaybookPanels({ explanation }: { readonly explanation: Explanation }) {
  const { t } = useTranslation()
  const playbooks = usePlaybooks(explanation.playbooks)
  if (playbooks.length === 0) return null
  return (
    <Panel title={t('playbook.title')}>
      <Playbooks playbooks={playbooks} />
    </Panel>
  )
}

const TOUCHED = ['source', 'medium', 'campaign', 'referrer', 'page'] as const

/** Written by strangers: text, never a link. */
export function OriginPanel({ lead }: { readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const touch = lead.firstTouch
  return (
    <Panel title={t('origin.title')}>
      <Stack gap={3}>
        {touch !== null && (
          <>
            {touch['at'] !== undefined && <Pair name={t('origin.at')} value={formats.dateTime(touch['at'])} />}
            {TOUCHED.map((name) => {
              const value = touch[name]
              return value === undefined ? null : <Pair key={name} name={t(`origin.${name}`)} value={value} />
            })}
          </>
        )}
        {touch === null && <Pair name={t('origin.since')} value={formats.dateTime(lead.createdAt)} />}
        {lead.names.map(({ kind, value }) => (
          <Pair
            key={`${kind} ${value}`}
            name={t(`origin.name.${kind}` as 'origin.name.email', { defaultValue: kind })}
            value={value}
          />
        ))}
      </Stack>
    </Panel>
  )
}

const Pair = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
    <Text span c="dimmed" fz="inherit">
      {name}
    </Text>{' '}
    {value}
  </Text>
)

export function MergesPanel({ lead }: { readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  const { data } = useQuery(ask('leads', 'listMerges', { params: { lead: lead.id } }))
  return (
    <MergeHistory
      merges={data?.items.map((merge) => ({ ...merge, part: merge.lead })) ?? []}
      unmerge={async (other) => {
        await send('leads', 'unmergeLead', { params: { lead: other } })
        await refreshLead()
        offerReversal(t('merge.undone'), async () => {
          await send('leads', 'mergeLeads', { params: { lead: lead.id }, body: { other } })
          await refreshLead()
        })
      }}
    />
  )
}

/** An address that is one can be written to; anything else is text. */
export const MailLink = ({ email }: { readonly email: string }) =>
  /^[^\s@?&:/]+@[^\s@?&:/]+$/.test(email) ? (
    <Anchor href={`mailto:${encodeURIComponent(email).replace('%40', '@')}`} size="sm">
      {email}
    </Anchor>
  ) : (
    <Text span size="sm">
      {email}
    </Text>
  )
