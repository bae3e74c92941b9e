/** What a backtest says as tables: the same lines for a download, a terminal and a printed page. */
import { formatInstant, type BacktestResult, type Estimate, type NamedLead, type VersionResult } from '@winnow/engine'
import type { Cell } from '../csv/write.ts'

export interface BacktestTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

type Row = readonly Cell[]

/** Lines of every version, with its name before each. */
const ofVersions = (columns: readonly string[], rowsOf: (version: VersionResult) => Iterable<Row>) => ({
  columns: ['version', ...columns],
  of: ({ versions }: BacktestResult): Row[] =>
    versions.flatMap((version) => [...rowsOf(version)].map((row) => [version.name, ...row])),
})
const estimated = (name: string) => [name, `${name}_low`, `${name}_high`]
const cells = ({ value, low, high }: Estimate): Row => [value, low, high]

const NAMED = ['lead', 'at', 'outcome', 'amount', 'levels', 'points'] as const
const named = ({ lead, at, outcome, amount, level, points }: NamedLead): Row => [
  lead,
  formatInstant(at),
  outcome,
  amount,
  pairs(level),
  pairs(points),
]
const pairs = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ')

export const BACKTEST_TABLES = {
  figures: ofVersions(['figure', ...estimated('value'), 'count'], function* (version) {
    const { precision, acceptance, recall, leadTime, flapping, handedOver } = version
    yield ['handed_over', handedOver, null, null, handedOver]
    const estimates = { precision, acceptance, recall, lead_time_days: leadTime.median, flapping: flapping.changes }
    for (const [name, estimate] of Object.entries(estimates)) yield [name, ...cells(estimate), estimate.count]
  }),
  weeks: ofVersions(['week', 'what', 'name', 'entered'], function* ({ weeks }) {
    for (const { begin, stages, levels, wins, handedOver } of weeks) {
      const week = formatInstant(begin)
      yield [week, 'handed_over', null, handedOver]
      yield [week, 'wins', null, wins]
      for (const [stage, count] of Object.entries(stages)) yield [week, 'stage', stage, count]
      for (const [category, counts] of Object.entries(levels)) {
        for (const [level, count] of Object.entries(counts)) yield [week, category, level, count]
      }
    }
  }),
  funnel: ofVersions(['stage', 'leads', ...estimated('of_previous')], function* ({ funnel }) {
    for (const { stage, leads, ofPrevious } of funnel) yield [stage, leads, ...cells(ofPrevious)]
  }),
  levels: ofVersions(
    ['category', 'level', 'entered', 'followed', ...estimated('won'), ...estimated('accepted'), 'revenue'],
    function* ({ levels }) {
      for (const { category, level, entered, followed, won, accepted, revenue } of levels)
        yield [category, level, entered, followed, ...cells(won), ...cells(accepted), revenue]
    },
  ),
  leadTime: ofVersions(['days'], function* ({ leadTime }) {
    for (const days of leadTime.days) yield [days]
  }),
  bands: ofVersions(['score', 'from', 'to', 'lead_weeks', 'leads', ...estimated('won')], function* ({ bands }) {
    for (const { score, bands: each } of bands) {
      for (const { from, to, leadWeeks, leads, won } of each) yield [score, from, to, leadWeeks, leads, ...cells(won)]
    }
  }),
  calibration: ofVersions(['category', 'level', 'promised', ...estimated('won'), 'leads'], function* ({ calibration }) {
    for (const { category, level, promised, won } of calibration)
      yield [category, level, promised, ...cells(won), won.count]
  }),
  captured: ofVersions(
    ['per_week', 'is_capacity', ...estimated('wins'), ...estimated('revenue')],
    function* ({ captured }) {
      for (const { perWeek, isCapacity, wins, revenue } of captured)
        yield [perWeek, isCapacity, ...cells(wins), ...cells(revenue)]
    },
  ),
  lift: ofVersions(['leads', 'wins'], function* ({ lift }) {
    for (const { leads, wins } of lift) yield [leads, wins]
  }),
  missed: ofVersions(NAMED, ({ missed }) => missed.map(named)),
  falseAlarms: ofVersions(NAMED, ({ falseAlarms }) => falseAlarms.map(named)),
  flapping: ofVersions([...estimated('changes_a_month'), 'returning'], function* ({ flapping }) {
    yield [...cells(flapping.changes), flapping.returning]
  }),
  splits: ofVersions(
    ['attribute', 'value', 'leads', 'handed_over', ...estimated('precision'), ...estimated('recall')],
    function* ({ splits }) {
      for (const { attribute, values } of splits) {
        for (const { value, leads, handedOver, precision, recall } of values)
          yield [attribute, value, leads, handedOver, ...cells(precision), ...cells(recall)]
      }
    },
  ),
  thresholds: ofVersions(
    ['score', 'at', 'entered', 'followed', 'won', 'revenue', 'wins_before', 'per_week', 'per_busy_week'],
    function* ({ thresholds }) {
      for (const curve of thresholds) {
        const { score, low, high, entered, followed, won, revenue, winsBefore, perWeek, perBusyWeek } = curve
        for (let at = 0; at < entered.length; at++) {
          const points = low + ((high - low) * at) / (entered.length - 1)
          yield [
            score,
            points,
            ...[entered, followed, won, revenue, winsBefore, perWeek, perBusyWeek].map((values) => values[at]),
          ]
        }
      }
    },
  ),
  gate: ofVersions(
    ['team', 'stage', 'capacity', ...estimated('expected'), 'verdict', 'proposal', 'from', 'to', 'would_come'],
    function* ({ gate }) {
      for (const { team, stage, capacity, expected, verdict, proposal } of gate) {
        const change = proposal === null ? null : `${proposal.score} for ${proposal.category}: ${proposal.level}`
        yield [
          team,
          stage,
          capacity,
          ...cells(expected),
          verdict,
          change,
          proposal?.from,
          proposal?.to,
          proposal?.expected,
        ]
      }
    },
  ),
  load: ofVersions(['team', 'stage', 'people', 'week', 'each', 'capacity_of_each'], function* ({ load = [] }) {
    for (const { team, stage, reps, weeks } of load) {
      for (const { begin, perRep, capacity } of weeks)
        yield [team, stage, reps, formatInstant(begin).slice(0, 10), perRep, capacity]
    }
  }),
  comparison: {
    columns: ['version', 'against', 'figure', ...estimated('difference'), 'verdict'],
    of: ({ comparisons }: BacktestResult): Row[] =>
      comparisons.flatMap(({ version, against, differences }) =>
        differences.map(({ figure, difference, verdict }) => [version, against, figure, ...cells(difference), verdict]),
      ),
  },
  migration: {
    columns: ['version', 'against', 'category', 'from', 'to', 'leads'],
    of: ({ comparisons }: BacktestResult): Row[] =>
      comparisons.flatMap(({ version, against, migration }) =>
        migration.flatMap(({ category, cells: each }) =>
          each.map(({ from, to, leads }) => [version, against, category, from, to, leads]),
        ),
      ),
  },
} as const satisfies Record<string, { columns: readonly string[]; of: (result: BacktestResult) => Row[] }>

export type BacktestTableName = keyof typeof BACKTEST_TABLES

export function backtestTable(result: BacktestResult, name: BacktestTableName): BacktestTable {
  const { columns, of } = BACKTEST_TABLES[name]
  return { columns, rows: of(result) }
}
