/** Figures of a backtest as people read them. */
import type { BacktestResult, Comparison, Estimate, GateLine, LoadLine, VersionResult } from '@winnow/engine'

export const count = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 })
const decimal = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 })
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const signed = (text: string, value: number): string => (value < 0 ? `−${text.replace(/^-/, '')}` : `+${text}`)

type Unit = (value: number) => string

/** `34.2 %` and `28.1 % – 40.9 %`; empty where nothing was observed. */
export const valueText = ({ value }: Estimate, unit: Unit): string => (value === null ? '–' : unit(value))
export const intervalText = ({ low, high }: Estimate, unit: Unit): string =>
  low === null || high === null ? '' : `${unit(low)} – ${unit(high)}`

export interface FigureLine {
  readonly says: string
  readonly value: string
  readonly interval: string
  readonly of: string
}

/** The main figures of a version. */
export function figureLines({
  handedOver,
  precision,
  acceptance,
  recall,
  leadTime,
  flapping,
}: VersionResult): FigureLine[] {
  const rate = (says: string, estimate: Estimate, of: string): FigureLine => ({
    says,
    value: valueText(estimate, percent),
    interval: intervalText(estimate, percent),
    of: `${count(estimate.count)} ${of}`,
  })
  return [
    { says: 'handed over to sales', value: count(handedOver), interval: '', of: '' },
    rate('won, of those handed over', precision, 'leads'),
    rate('accepted, of those handed over', acceptance, 'leads'),
    rate('handed over before, of those won', recall, 'wins'),
    {
      says: 'days from handover to win, middle',
      value: valueText(leadTime.median, decimal),
      interval: intervalText(leadTime.median, decimal),
      of: `${count(leadTime.median.count)} wins`,
    },
    {
      says: 'changes of level a lead and month',
      value: valueText(flapping.changes, hundredths),
      interval: intervalText(flapping.changes, hundredths),
      of: `${count(flapping.changes.count)} leads`,
    },
  ]
}

const hundredths = (value: number): string => value.toFixed(2)

type Difference = Comparison['differences'][number]

/** Differences of shares are told in percentage points. */
const points: Unit = (share) => `${(share * 100).toFixed(1)} pp`

const DIFFERENCES: Readonly<Record<Difference['figure'], { readonly says: string; readonly unit: Unit }>> = {
  precision: { says: 'won, of those handed over', unit: points },
  acceptance: { says: 'accepted, of those handed over', unit: points },
  recall: { says: 'handed over before, of those won', unit: points },
  winsAtCapacity: { says: 'wins among those that sales can take', unit: points },
  revenueAtCapacity: { says: 'revenue among those that sales can take', unit: points },
  leadTime: { says: 'days from handover to win', unit: decimal },
  handedOver: { says: 'handed over to sales', unit: count },
  flapping: { says: 'changes of level a lead and month', unit: hundredths },
}

export function differenceLine({ figure, difference, verdict }: Difference) {
  const { says, unit } = DIFFERENCES[figure]
  const shown = (value: number) => signed(unit(value), value)
  return { says, value: valueText(difference, shown), interval: intervalText(difference, shown), verdict }
}

/** One line of the capacity gate, with what would balance it. */
export function gateLine({ team, stage, capacity, expected, verdict, proposal }: GateLine) {
  return {
    team,
    stage,
    capacity: decimal(capacity),
    expected: valueText(expected, decimal),
    interval: intervalText(expected, decimal),
    verdict,
    proposal:
      proposal === null
        ? ''
        : `${proposal.category}: ${proposal.level} from ${decimal(proposal.to)} instead of ${decimal(proposal.from)} points of ${proposal.score} (${decimal(proposal.expected)} a week)`,
  }
}

/** What a week comes to for each of a team's people. */
export const loadLine = ({ team, stage, reps, perRep, capacity, weeks, weeksOver }: LoadLine) => ({
  team: `${team} (${count(reps)})`,
  stage,
  perRep: valueText(perRep, decimal),
  interval: intervalText(perRep, decimal),
  capacity: capacity === null ? '' : decimal(capacity),
  over: capacity === null ? '' : `${count(weeksOver)} of ${count(weeks.length)} weeks`,
})

export const METHOD = `Intervals are 95 %: Wilson’s for shares; for everything else, and for differences, percentiles of a bootstrap in which
leads are drawn, the same ones for all versions. Leads whose horizon is not over are left out of shares.`

export const periodText = ({ options }: BacktestResult, dayOf: (at: number) => string): string =>
  `${dayOf(options.from)} to ${dayOf(options.to)}, outcomes within ${options.horizonDays} days, facts as they ${
    options.known === 'received' ? 'were received' : 'happened'
  }`
