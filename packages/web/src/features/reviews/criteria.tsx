/** Which criteria still tell leads that sales wants from those that it does not, and why it turned leads down. */
import { Badge, Button, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { RateCell, Small } from './kpis.tsx'
import { Behind } from './leads-behind.tsx'
import classes from './reviews.module.css'
import type { Figures } from './review-page.tsx'

type Criterion = Figures['criteria'][number]

const ORDER = ['reversed', 'no_longer', 'separates', 'not_enough'] as const
const COLORS = { reversed: 'red', no_longer: 'yellow', separates: 'spruce', not_enough: 'gray' } as const

export function Criteria({ figures }: { readonly figures: Figures }) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const [isWhole, setIsWhole] = useState(false)
  const sorted = figures.criteria.toSorted(
    (a, b) =>
      ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) ||
      Math.abs(b.difference.value ?? 0) - Math.abs(a.difference.value ?? 0),
  )
  const telling = sorted.filter(({ verdict }) => verdict !== 'not_enough')
  const shown = isWhole ? sorted : telling
  const silent = sorted.length - telling.length
  return (
    <Panel title={t('criteria.title')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('criteria.said')}{' '}
        {figures.criteriaLooked < figures.criteriaOf &&
          t('criteria.some', {
            looked: formats.number(figures.criteriaLooked),
            of: formats.number(figures.criteriaOf),
          })}
      </Text>
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={680}>
          <Table className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('criteria.criterion')}</Table.Th>
                <Table.Th scope="col">{t('criteria.with')}</Table.Th>
                <Table.Th scope="col">{t('criteria.without')}</Table.Th>
                <Table.Th scope="col">{t('criteria.difference')}</Table.Th>
                <Table.Th scope="col">{t('criteria.reasons')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((criterion) => (
                <CriterionRow key={criterion.figure} criterion={criterion} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {!isWhole && silent > 0 && (
        <Button variant="subtle" color="gray" size="compact-sm" className="no-print" onClick={() => setIsWhole(true)}>
          {t('criteria.silent', { count: silent })}
        </Button>
      )}
    </Panel>
  )
}

function CriterionRow({ criterion: row }: { readonly criterion: Criterion }) {
  const { t } = useTranslation('reviews')
  const words = useDefinition()
  const formats = useFormats()
  const { low, high, value } = row.difference
  const points = (share: number) => formats.points(share * 100)
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {words.criterion(row.score, row.group, row.criterion)?.label ?? row.criterion}
        <Text size="xs" c="dimmed">
          {row.path === null ? t('criteria.gone') : t('criteria.points', { points: formats.points(row.points) })}
        </Text>
      </Table.Th>
      <Table.Td>
        <RateCell rate={row.with} figure={`${row.figure}:with`} />
      </Table.Td>
      <Table.Td>
        <RateCell rate={row.without} figure={`${row.figure}:without`} />
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={COLORS[row.verdict]} className={classes.badge}>
          {t(`criteria.verdicts.${row.verdict}`)}
        </Badge>
        {value !== null && low !== null && high !== null && (
          <Small>
            {points(value)} % ({t('range', { low: points(low), high: points(high) })})
          </Small>
        )}
      </Table.Td>
      <Table.Td>
        {row.reasons.map(({ reason, count, figure }) => (
          <Text key={reason} size="xs">
            <Behind figure={figure}>{formats.number(count)}</Behind> {reason === '' ? t('noReason') : reason}
          </Text>
        ))}
      </Table.Td>
    </Table.Tr>
  )
}

export function Reasons({ figures: { reasons } }: { readonly figures: Figures }) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const most = Math.max(1, ...reasons.map(({ count }) => count))
  return (
    <Panel title={t('reasons.title')}>
      {reasons.length === 0 && <Text size="sm">{t('reasons.none')}</Text>}
      <ul className={classes.bars}>
        {reasons.map(({ reason, count, figure }) => (
          <li key={reason}>
            <span>{reason === '' ? t('noReason') : reason}</span>
            <Bar share={count / most} />
            <Behind figure={figure}>{formats.number(count)}</Behind>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export const Bar = ({ share, isFaint = false }: { readonly share: number; readonly isFaint?: boolean }) => (
  <svg
    className={classes.bar}
    viewBox="0 0 100 8"
    preserveAspectRatio="none"
    aria-hidden
    data-faint={isFaint || undefined}
  >
    <rect width={Math.max(0.5, share * 100)} height={8} />
  </svg>
)
