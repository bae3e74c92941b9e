/**
 * The figures of a review, from what the ledger, the decisions and the log say. Pure: the same rows, the same figures.
 * Each figure has a name under which the leads behind it are kept.
 */
import {
  differenceOfRates,
  medianOf,
  perUnit,
  stabilityByChance,
  stabilityIndex,
  wilson,
  type Instant,
} from '@winnow/engine'

export const HOUR_MS = 3_600_000
const WEEK_MS = 7 * 24 * HOUR_MS

/** A lead came to the stage from which sales takes over. */
export interface Handover {
  readonly lead: string
  readonly at: Instant
  readonly version: number
}

export interface Decided {
  readonly lead: string
  readonly at: Instant
  readonly decision: string
  readonly reason: string | null
}

/** Somebody called, or tried to. */
export interface Called {
  readonly lead: string
  readonly at: Instant
}

/** What became of a handover: the first decision after it, how it ended, when somebody first moved. */
export interface Followed extends Handover {
  readonly verdict: 'accepted' | 'rejected' | null
  readonly reason: string | null
  readonly ended: 'won' | 'lost' | null
  readonly followedUpAt: Instant | null
  readonly isCalled: boolean
}

const ACCEPTING = new Set(['accept', 'qualify', 'win'])
const REJECTING = new Set(['reject', 'disqualify', 'recycle'])

/** Up to the end of the period: what came later is the next review's. */
export function followUp(
  handovers: readonly Handover[],
  { decisions, calls, until }: { decisions: readonly Decided[]; calls: readonly Called[]; until: Instant },
): Followed[] {
  const decided = byLead(decisions)
  const called = byLead(calls)
  return handovers.map((handover) => {
    const after = (each: { readonly at: Instant }) => each.at >= handover.at && each.at < until
    const theirs = (decided.get(handover.lead) ?? []).filter(after)
    const talks = (called.get(handover.lead) ?? []).filter(after)
    const first = theirs.find(({ decision }) => ACCEPTING.has(decision) || REJECTING.has(decision))
    const end = theirs.find(({ decision }) => decision === 'win' || decision === 'lose')
    const moves = [first?.at, end?.at, talks[0]?.at].filter((at) => at !== undefined)
    return {
      ...handover,
      verdict: first === undefined ? null : ACCEPTING.has(first.decision) ? 'accepted' : 'rejected',
      reason: first !== undefined && REJECTING.has(first.decision) ? first.reason : null,
      ended: end === undefined ? null : end.decision === 'win' ? 'won' : 'lost',
      followedUpAt: moves.length === 0 ? null : Math.min(...moves),
      isCalled: talks.length > 0,
    }
  })
}

/** Each lead's in the order of time. */
function byLead<Row extends { readonly lead: string; readonly at: Instant }>(rows: readonly Row[]): Map<string, Row[]> {
  const map = new Map<string, Row[]>()
  for (const row of rows.toSorted((a, b) => a.at - b.at)) {
    const known = map.get(row.lead)
    if (known === undefined) map.set(row.lead, [row])
    else known.push(row)
  }
  return map
}

// --- Leads behind figures --------------------------------------------------------------------------------------------

/** Leads by the name of the figure that they are behind. */
export class Behind {
  readonly figures = new Map<string, { total: number; leads: string[] }>()
  private readonly max: number

  constructor(max = 2_000) {
    this.max = max
  }

  /** @returns the name */
  keep(figure: string, leads: readonly string[], total?: number): string {
    const own = [...new Set(leads)]
    this.figures.set(figure, { total: total ?? own.length, leads: own.slice(0, this.max) })
    return figure
  }
}

const leadsOf = (rows: readonly { readonly lead: string }[]) => rows.map(({ lead }) => lead)

// --- How it went -----------------------------------------------------------------------------------------------------

export interface Span {
  readonly key: string
  readonly version: number | null
  readonly from: Instant
  readonly to: Instant
}

export interface Kpi extends Span {
  readonly weeks: number
  readonly handovers: number
  readonly perWeek: Measured
  readonly accepted: RateShown
  readonly won: RateShown
  readonly undecided: number
  readonly followUp: { hours: number | null; low: number | null; high: number | null; count: number }
}

export interface Measured {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

export interface RateShown {
  readonly successes: number
  readonly trials: number
  readonly rate: number | null
  readonly low: number
  readonly high: number
}

const rateOf = (successes: number, trials: number): RateShown => ({ successes, trials, ...wilson(successes, trials) })

export function kpiOf(span: Span, all: readonly Followed[], behind: Behind): Kpi {
  const rows = all.filter(({ at }) => at >= span.from && at < span.to)
  const accepted = rows.filter(({ verdict }) => verdict === 'accepted')
  const rejected = rows.filter(({ verdict }) => verdict === 'rejected')
  const won = rows.filter(({ ended }) => ended === 'won')
  const lost = rows.filter(({ ended }) => ended === 'lost')
  const undecided = rows.filter(({ verdict }) => verdict === null)
  const followed = rows.filter(({ followedUpAt }) => followedUpAt !== null)
  const kept = { handovers: rows, accepted, rejected, won, lost, undecided, followed }
  for (const [name, of] of Object.entries(kept)) behind.keep(`${span.key}:${name}`, leadsOf(of))
  const weeks = (span.to - span.from) / WEEK_MS
  const volume = perUnit(rows.length, weeks)
  const hours = medianOf(followed.map(({ at, followedUpAt }) => (followedUpAt! - at) / HOUR_MS))
  return {
    ...span,
    weeks,
    handovers: rows.length,
    perWeek: { value: volume.perUnit, low: volume.low, high: Number.isFinite(volume.high) ? volume.high : null },
    accepted: rateOf(accepted.length, accepted.length + rejected.length),
    won: rateOf(won.length, won.length + lost.length),
    undecided: undecided.length,
    followUp: { hours: hours.median, low: hours.low, high: hours.high, count: followed.length },
  }
}

export interface ReasonCount {
  readonly reason: string
  readonly count: number
  readonly figure: string
}

/** Why sales rejected, the most frequent first. */
export function reasonsOf(rows: readonly Followed[], behind: Behind, prefix = 'reason'): ReasonCount[] {
  const reasons = new Map<string, Followed[]>()
  for (const row of rows) {
    if (row.verdict !== 'rejected') continue
    const reason = row.reason ?? ''
    reasons.set(reason, [...(reasons.get(reason) ?? []), row])
  }
  return [...reasons]
    .map(([reason, of]) => ({
      reason,
      count: of.length,
      figure: behind.keep(`${prefix}:${reason}`, leadsOf(of)),
    }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}

// --- Promises --------------------------------------------------------------------------------------------------------

export interface Promised {
  readonly measure: 'acceptance_rate' | 'win_rate' | 'handovers_per_week' | 'hours_to_follow_up'
  readonly goal: 'at_least' | 'at_most'
  readonly value: number
}

export function measuredOf({ accepted, won, perWeek, followUp }: Kpi, measure: Promised['measure']): Measured {
  switch (measure) {
    case 'acceptance_rate':
      return { value: accepted.rate, low: accepted.low, high: accepted.high }
    case 'win_rate':
      return { value: won.rate, low: won.low, high: won.high }
    case 'handovers_per_week':
      return perWeek
    case 'hours_to_follow_up':
      return { value: followUp.hours, low: followUp.low, high: followUp.high }
  }
}

/** Kept where the whole interval lies on the good side, missed where it lies on the other; between them nobody can say. */
export function verdictOn({ goal, value }: Promised, { low, high }: Measured): 'kept' | 'missed' | 'not_enough' {
  if (low === null || high === null) return 'not_enough'
  if (goal === 'at_least') return low >= value ? 'kept' : high < value ? 'missed' : 'not_enough'
  return high <= value ? 'kept' : low > value ? 'missed' : 'not_enough'
}

// --- Criteria --------------------------------------------------------------------------------------------------------

/** What gave a lead its points when it was handed over. */
export interface Scored extends Followed {
  readonly points: ReadonlyMap<string, number>
}

export interface CriterionFigure {
  readonly name: string
  readonly points: number
  readonly with: RateShown
  readonly without: RateShown
  readonly difference: Measured
  readonly verdict: 'separates' | 'reversed' | 'no_longer' | 'not_enough'
  readonly reasons: readonly ReasonCount[]
  readonly figure: string
}

/** A difference within so many percentage points either way matters to nobody. */
const NOTHING = 0.1

/** @param names  the criteria to look at */
export function criteriaOf(rows: readonly Scored[], names: readonly string[], behind: Behind): CriterionFigure[] {
  const decided = rows.filter(({ verdict }) => verdict !== null)
  return names.map((name) => {
    const figure = `criterion:${name}`
    const having = decided.filter(({ points }) => points.has(name))
    const lacking = decided.filter(({ points }) => !points.has(name))
    const taken = (of: readonly Scored[]) => of.filter(({ verdict }) => verdict === 'accepted')
    behind.keep(`${figure}:with`, leadsOf(having))
    behind.keep(`${figure}:without`, leadsOf(lacking))
    const sides = [having, lacking].map((of) => ({ successes: taken(of).length, trials: of.length }))
    const { difference, low, high } = differenceOfRates(sides[0]!, sides[1]!)
    const points = having.reduce((sum, row) => sum + row.points.get(name)!, 0) / Math.max(1, having.length)
    return {
      name,
      points,
      with: rateOf(sides[0]!.successes, sides[0]!.trials),
      without: rateOf(sides[1]!.successes, sides[1]!.trials),
      difference: { value: difference, low, high },
      verdict: separation({ low, high, isPlus: points >= 0 }),
      reasons: reasonsOf(having, behind, `${figure}:reason`).slice(0, 3),
      figure,
    }
  })
}

export function separation({
  low,
  high,
  isPlus,
}: {
  readonly low: number
  readonly high: number
  /** Whether it gives points rather than taking them. */
  readonly isPlus: boolean
}): CriterionFigure['verdict'] {
  if (low > 0 || high < 0) return low > 0 === isPlus ? 'separates' : 'reversed'
  return low > -NOTHING && high < NOTHING ? 'no_longer' : 'not_enough'
}

// --- Drift -----------------------------------------------------------------------------------------------------------

export interface Part {
  /** null: not known. */
  readonly label: string | null
  readonly before: number
  readonly now: number
  /** null: whose they are is not kept. */
  readonly figure: string | null
}

export interface Drift {
  readonly name: string
  readonly index: number | null
  readonly byChance: number | null
  readonly verdict: 'stable' | 'moving' | 'shifted' | 'not_enough'
  readonly parts: readonly Part[]
}

/** Fewer cases on either side say nothing. */
const ENOUGH = 30

export function driftOf(name: string, parts: readonly Part[]): Drift {
  const before = parts.reduce((sum, part) => sum + part.before, 0)
  const now = parts.reduce((sum, part) => sum + part.now, 0)
  const { index } = stabilityIndex(
    parts.map((part) => part.before),
    parts.map((part) => part.now),
  )
  const byChance = before === 0 || now === 0 ? null : stabilityByChance({ parts: parts.length, before, now })
  return { name, index, byChance, parts, verdict: movement({ index, byChance, least: Math.min(before, now) }) }
}

/** Shifted from 0.25 on, moving from 0.1 on: by habit, and only well above what chance alone comes to. */
function movement({
  index,
  byChance,
  least,
}: {
  readonly index: number | null
  readonly byChance: number | null
  readonly least: number
}): Drift['verdict'] {
  if (index === null || byChance === null || least < ENOUGH) return 'not_enough'
  if (index >= 0.25 && index > 3 * byChance) return 'shifted'
  return index >= 0.1 && index > 3 * byChance ? 'moving' : 'stable'
}

export interface Valued {
  readonly lead: string
  readonly isNow: boolean
  readonly value: unknown
}

const VALUES_MAX = 12
const QUANTILES = [0.2, 0.4, 0.6, 0.8]

/** How often an attribute had which value among the leads of two periods; numbers in fifths of the period before. */
export function attributeDrift(name: string, rows: readonly Valued[], behind: Behind): Drift {
  const { label, inOrder } = labelling(rows)
  const groups = new Map<string | null, Valued[]>()
  for (const row of rows) {
    const key = label(row.value)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const sorted = [...groups].sort(([a, of], [b, others]) =>
    a === null
      ? 1
      : b === null
        ? -1
        : inOrder.indexOf(a) - inOrder.indexOf(b) || others.length - of.length || (a < b ? -1 : 1),
  )
  const shown = sorted.length <= VALUES_MAX ? sorted : merged(sorted)
  return driftOf(
    name,
    shown.map(([key, of], index) => ({
      label: key,
      before: of.filter(({ isNow }) => !isNow).length,
      now: of.filter(({ isNow }) => isNow).length,
      figure: behind.keep(`attribute:${name}:${index}`, leadsOf(of.filter(({ isNow }) => isNow))),
    })),
  )
}

/** The rarest become one. */
const merged = (sorted: readonly (readonly [string | null, Valued[]])[]) => [
  ...sorted.slice(0, VALUES_MAX - 1),
  ['…', sorted.slice(VALUES_MAX - 1).flatMap(([, rows]) => rows)] as const,
]

interface Labelling {
  readonly label: (value: unknown) => string | null
  /** Numbers in theirs; everything else goes by how often it is. */
  readonly inOrder: readonly string[]
}

function labelling(rows: readonly Valued[]): Labelling {
  const numbers = rows
    .flatMap(({ value, isNow }) => (typeof value === 'number' && !isNow ? [value] : []))
    .sort((a, b) => a - b)
  const edges = [...new Set(QUANTILES.map((share) => numbers[Math.floor(share * numbers.length)]))].filter(
    (edge) => edge !== undefined,
  )
  const fifths =
    edges.length === 0
      ? ['*']
      : [`< ${edges[0]}`, ...edges.slice(1).map((edge, index) => `${edges[index]} – ${edge}`), `≥ ${edges.at(-1)}`]
  return {
    inOrder: fifths,
    label: (value) => {
      if (value === undefined || value === null) return null
      if (typeof value === 'string') return value
      if (typeof value !== 'number') return JSON.stringify(value)
      return fifths[edges.filter((edge) => value >= edge).length]!
    },
  }
}

// --- Stages ----------------------------------------------------------------------------------------------------------

export interface Stay {
  readonly lead: string
  readonly stage: string
  readonly at: Instant
  /** null: is there still. */
  readonly leftAt: Instant | null
}

export interface Breach {
  readonly lead: string
  readonly stage: string
}

export interface StageFigure {
  readonly stage: string
  readonly entered: number
  readonly left: number
  readonly hours: number | null
  readonly low: number | null
  readonly high: number | null
  readonly stillThere: number
  readonly breaches: number
  readonly hasSla: boolean
  readonly isBottleneck: boolean
  readonly figure: string
}

/** A bottleneck is where the largest share of leads overstays its service level, and that is more than one in ten. */
const OVERSTAYED = 0.1

export function stagesOf(
  stages: readonly { readonly id: string; readonly hasSla: boolean }[],
  { stays, breaches }: { stays: readonly Stay[]; breaches: readonly Breach[] },
  behind: Behind,
): StageFigure[] {
  const figures = stages.map(({ id, hasSla }) => {
    const own = stays.filter(({ stage }) => stage === id)
    const left = own.filter(({ leftAt }) => leftAt !== null)
    const late = breaches.filter(({ stage }) => stage === id)
    const there = own.filter(({ leftAt }) => leftAt === null)
    const figure = `stage:${id}`
    const kept = { entered: own, left, there, breaches: late }
    for (const [name, of] of Object.entries(kept)) behind.keep(`${figure}:${name}`, leadsOf(of))
    const hours = medianOf(left.map(({ at, leftAt }) => (leftAt! - at) / HOUR_MS))
    return {
      stage: id,
      entered: own.length,
      left: left.length,
      hours: hours.median,
      low: hours.low,
      high: hours.high,
      stillThere: there.length,
      breaches: late.length,
      hasSla,
      figure,
    }
  })
  const share = ({ entered, breaches: late }: (typeof figures)[number]) => late / Math.max(1, entered)
  const worst = Math.max(OVERSTAYED, ...figures.map(share))
  return figures.map((figure) => ({ ...figure, isBottleneck: share(figure) >= worst && share(figure) > OVERSTAYED }))
}

/** Handed over, not turned down, and nobody ever called, although there was time to. */
export function forgottenOf(
  rows: readonly Followed[],
  { until, graceMs, behind }: { until: Instant; graceMs: number; behind: Behind },
): { count: number; figure: string } {
  const forgotten = rows.filter(
    ({ at, verdict, ended, isCalled }) => !isCalled && verdict !== 'rejected' && ended === null && at + graceMs < until,
  )
  return { count: new Set(leadsOf(forgotten)).size, figure: behind.keep('forgotten', leadsOf(forgotten)) }
}
