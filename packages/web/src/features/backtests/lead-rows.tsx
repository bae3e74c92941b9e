/** Leads behind a figure: who, when it counted, and what became of them; each leads to what was known then. */
import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { LevelChip } from '../../ui/level-chip.tsx'
import classes from './backtests.module.css'
import { useReport } from './report.ts'

export type FigureLead = Reply<'backtests', 'listBacktestLeads'>['items'][number]

const TONES = { won: 'good', accepted: 'cold', lost: 'bad', rejected: 'warm', disqualified: 'low' } as const

export function LeadRows({
  leads,
  label,
  version,
}: {
  readonly leads: readonly FigureLead[]
  readonly label: string
  readonly version: number
}) {
  const words = useDefinition()
  if (leads.length === 0) return null
  const main = words.outline.categories.find(({ isMatrix }) => isMatrix) ?? words.outline.categories[0]
  return (
    <ul className={classes.leads} aria-label={label}>
      {leads.map((each) => (
        <LeadRow key={`${each.lead.id} ${each.at}`} row={each} main={main?.name} version={version} />
      ))}
    </ul>
  )
}

function LeadRow({
  row: { lead, account, at, levels, points, outcome, amount },
  main,
  version,
}: {
  readonly row: FigureLead
  readonly main: string | undefined
  readonly version: number
}) {
  const { t } = useTranslation('backtests')
  const formats = useFormats()
  const words = useDefinition()
  const then = useThen(version)
  const level = main === undefined ? undefined : levels[main]
  const scores = Object.entries(points).map(([name, value]) => `${words.scoreLabel(name)} ${formats.number(value, 0)}`)
  return (
    <li>
      <Link to="/leads/$lead" params={{ lead: lead.id }} search={then(at)} className={classes.lead}>
        <span className={classes.leadName}>
          <b>{lead.name ?? lead.email ?? lead.id.slice(0, 8)}</b>
          {account?.name && (
            <Text span size="xs" c="dimmed">
              {account.name}
            </Text>
          )}
        </span>
        <Text span size="xs" c="dimmed" className="tabular">
          {formats.date(at)}
          {scores.length > 0 && ` · ${scores.join(' · ')}`}
        </Text>
        <span className={classes.leadTags}>
          {level !== undefined && <LevelChip {...words.level(main!, level)} />}
          {outcome !== null && (
            <span className={classes.outcome} data-tone={TONES[outcome]}>
              {t(`outcomes.${outcome}`)}
              {amount !== null && ` · ${formats.money(amount, words.currency)}`}
            </span>
          )}
        </span>
      </Link>
    </li>
  )
}

/** The address of a lead as it was: by the version that the backtest had, if it was published, and what was known by then. */
function useThen(version: number) {
  const { backtest } = useReport()
  const number = /^version:(\d+)$/.exec(backtest.versions[version]?.reference ?? '')?.[1]
  const isAsReceived = backtest.request.known === 'received'
  return (at: string) => ({
    at,
    ...(isAsReceived && { known: at }),
    ...(number !== undefined && { v: Number(number) }),
  })
}
