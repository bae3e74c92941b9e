/** Where leads wait, and whom nobody has called. */
import { Badge, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Small } from './kpis.tsx'
import { Behind, FigureLeads } from './leads-behind.tsx'
import classes from './reviews.module.css'
import type { Figures } from './review-page.tsx'

const HOUR_MS = 3_600_000
const SHOWN = 8

export function Stages({ figures: { stages } }: { readonly figures: Figures }) {
  const { t } = useTranslation('reviews')
  const words = useDefinition()
  const formats = useFormats()
  const stay = (hours: number) => formats.duration(hours * HOUR_MS)
  return (
    <Panel title={t('stages.title')}>
      <Table.ScrollContainer minWidth={560}>
        <Table className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('stages.stage')}</Table.Th>
              <Table.Th scope="col">{t('stages.entered')}</Table.Th>
              <Table.Th scope="col">{t('stages.median')}</Table.Th>
              <Table.Th scope="col">{t('stages.there')}</Table.Th>
              <Table.Th scope="col">{t('stages.breaches')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {stages
              .filter(({ entered }) => entered > 0)
              .map(({ stage, figure, ...of }) => (
                <Table.Tr key={stage}>
                  <Table.Th scope="row">
                    {words.stageLabel(stage)}{' '}
                    {of.isBottleneck && (
                      <Badge variant="light" color="red" className={classes.badge}>
                        {t('stages.bottleneck')}
                      </Badge>
                    )}
                  </Table.Th>
                  <Table.Td>
                    <Behind figure={`${figure}:entered`}>{formats.number(of.entered)}</Behind>
                  </Table.Td>
                  <Table.Td>
                    {of.hours === null ? '–' : <Behind figure={`${figure}:left`}>{stay(of.hours)}</Behind>}
                    {of.low !== null && of.high !== null && (
                      <Small>{t('range', { low: stay(of.low), high: stay(of.high) })}</Small>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Behind figure={`${figure}:there`}>{formats.number(of.stillThere)}</Behind>
                  </Table.Td>
                  <Table.Td>
                    {of.hasSla ? <Behind figure={`${figure}:breaches`}>{formats.number(of.breaches)}</Behind> : '–'}
                  </Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  )
}

export function Forgotten({ figures: { forgotten }, review }: { readonly figures: Figures; readonly review: string }) {
  const { t } = useTranslation('reviews')
  return (
    <Panel title={t('forgotten.title')}>
      <Text size="sm" mb="xs">
        {forgotten.count === 0 ? t('forgotten.none') : t('forgotten.said', { count: forgotten.count })}
      </Text>
      {forgotten.count > 0 && <FigureLeads review={review} figure={forgotten.figure} max={SHOWN} />}
    </Panel>
  )
}
