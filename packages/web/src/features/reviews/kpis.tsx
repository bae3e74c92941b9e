/** What was promised, and how it went: this period, the one before, and while each version was live. */
import { Badge, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Behind } from './leads-behind.tsx'
import classes from './reviews.module.css'
import type { Figures } from './review-page.tsx'
import { useMeasureWords } from './measures.ts'

type Kpi = Figures['kpis'][number]
type Rate = Kpi['accepted']
const HOUR_MS = 3_600_000

const COLORS = { kept: 'spruce', missed: 'red', not_enough: 'gray', no_measure: 'gray' } as const

export function Promises({ figures: { promises } }: { readonly figures: Figures }) {
  const { t } = useTranslation('reviews')
  const words = useMeasureWords()
  return (
    <Panel title={t('promises.title')}>
      {promises.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('promises.none')}
        </Text>
      )}
      <ul className={classes.promises}>
        {promises.map(({ text, owner, promise, measured, verdict }) => (
          <li key={text}>
            <Badge variant="light" color={COLORS[verdict]} className={classes.badge}>
              {t(`promises.verdicts.${verdict}`)}
            </Badge>
            <span>
              <Text span fw={560}>
                {text}
              </Text>
              {owner !== null && (
                <Text span size="sm" c="dimmed">
                  {' '}
                  · {owner}
                </Text>
              )}
              {promise !== null && (
                <Text size="sm" c="dimmed">
                  {words.promise(promise)}. {measured !== null && words.now(promise.measure, measured)}
                </Text>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function Kpis({ figures: { kpis, handover } }: { readonly figures: Figures }) {
  const { t } = useTranslation('reviews')
  const words = useDefinition()
  return (
    <Panel title={t('kpi.title')}>
      <Text size="sm" c="dimmed" mb="sm">
        {handover !== null && t('kpi.said', { stage: words.stageLabel(handover) })}
      </Text>
      <Table.ScrollContainer minWidth={640}>
        <Table className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('kpi.span')}</Table.Th>
              <Table.Th scope="col">{t('kpi.handovers')}</Table.Th>
              <Table.Th scope="col">{t('kpi.accepted')}</Table.Th>
              <Table.Th scope="col">{t('kpi.won')}</Table.Th>
              <Table.Th scope="col">{t('kpi.followUp')}</Table.Th>
              <Table.Th scope="col">{t('kpi.undecided')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {kpis.map((kpi) => (
              <KpiRow key={kpi.key} kpi={kpi} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  )
}

function KpiRow({ kpi }: { readonly kpi: Kpi }) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const { key, version, perWeek, followUp } = kpi
  const hours = (value: number) => formats.duration(value * HOUR_MS)
  return (
    <Table.Tr data-main={key === 'period' || undefined}>
      <Table.Th scope="row">
        {version !== null ? t('kpi.version', { version }) : t(key === 'period' ? 'kpi.thisPeriod' : 'kpi.previous')}
        <Text size="xs" c="dimmed">
          {formats.date(kpi.from)} – {formats.date(kpi.to)}
        </Text>
      </Table.Th>
      <Table.Td>
        <Behind figure={`${key}:handovers`}>{formats.number(kpi.handovers)}</Behind>
        {perWeek.value !== null && kpi.weeks >= 1 && (
          <Small>
            {t('kpi.perWeek', { value: formats.number(perWeek.value) })}
            {perWeek.low !== null && perWeek.high !== null && (
              <> ({t('range', { low: formats.number(perWeek.low), high: formats.number(perWeek.high) })})</>
            )}
          </Small>
        )}
      </Table.Td>
      <Table.Td>
        <RateCell rate={kpi.accepted} figure={`${key}:accepted`} />
      </Table.Td>
      <Table.Td>
        <RateCell rate={kpi.won} figure={`${key}:won`} />
      </Table.Td>
      <Table.Td>
        {followUp.hours === null ? '–' : <Behind figure={`${key}:followed`}>{hours(followUp.hours)}</Behind>}
        {followUp.low !== null && followUp.high !== null && (
          <Small>{t('range', { low: hours(followUp.low), high: hours(followUp.high) })}</Small>
        )}
      </Table.Td>
      <Table.Td>
        <Behind figure={`${key}:undecided`}>{formats.number(kpi.undecided)}</Behind>
      </Table.Td>
    </Table.Tr>
  )
}

export function RateCell({
  rate: { rate, low, high, successes, trials },
  figure,
}: {
  readonly rate: Rate
  readonly figure: string
}) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  if (rate === null) return '–'
  return (
    <>
      <Behind figure={figure}>{formats.percent(rate)}</Behind>
      <Small>
        {t('of', { n: formats.number(successes), total: formats.number(trials) })}
        {low !== null && high !== null && (
          <> · {t('range', { low: formats.percent(low), high: formats.percent(high) })}</>
        )}
      </Small>
    </>
  )
}

export const Small = ({ children }: { readonly children: React.ReactNode }) => (
  <Text size="xs" c="dimmed" className="tabular">
    {children}
  </Text>
)
