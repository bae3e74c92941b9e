/** What points can come to: bounds of criteria, groups and scores, whatever a lead does. */
import { parseDuration } from '../time.ts'
import type {
  Bin,
  Comparison,
  Criterion,
  Decay,
  Definition,
  EachCriterion,
  Group,
  Score,
  TableCriterion,
} from './language.ts'
import { own } from './walk.ts'

/** Both ends belong to it, unless they are open. */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly lowOpen?: boolean
  readonly highOpen?: boolean
}

export const EVERYTHING: Interval = { low: -Infinity, high: Infinity }

export function isEmpty({ low, high, lowOpen = false, highOpen = false }: Interval): boolean {
  return low > high || (low === high && (lowOpen || highOpen))
}

export function intersection(a: Interval, b: Interval): Interval {
  const low = a.low > b.low ? a : b.low > a.low ? b : { low: a.low, lowOpen: a.lowOpen === true || b.lowOpen === true }
  const high =
    a.high < b.high ? a : b.high < a.high ? b : { high: a.high, highOpen: a.highOpen === true || b.highOpen === true }
  return { low: low.low, lowOpen: low.lowOpen === true, high: high.high, highOpen: high.highOpen === true }
}

export function contains(outer: Interval, inner: Interval): boolean {
  const low = outer.low < inner.low || (outer.low === inner.low && (outer.lowOpen !== true || inner.lowOpen === true))
  const high =
    outer.high > inner.high || (outer.high === inner.high && (outer.highOpen !== true || inner.highOpen === true))
  return low && high
}

/** The numbers for which a comparison holds. */
export function intervalOf(comparison: Partial<Comparison>): Interval {
  const { is, at_least, at_most, above, below, between } = comparison
  const parts: Interval[] = [
    { low: at_least ?? -Infinity, high: at_most ?? Infinity },
    { low: above ?? -Infinity, lowOpen: above !== undefined, high: below ?? Infinity, highOpen: below !== undefined },
  ]
  if (is !== undefined) parts.push({ low: is, high: is })
  if (between !== undefined) parts.push({ low: between[0], high: between[1] })
  return parts.reduce(intersection)
}

// --- Scores ----------------------------------------------------------------------------------------------------------

/** Whether the condition of a `when` criterion can be true, and be unknown. */
export interface Outlook {
  readonly canBeTrue: boolean
  readonly canBeUnknown: boolean
}
export type OutlookOf = (criterion: Criterion) => Outlook

interface Clamp {
  readonly cap?: number
  readonly floor?: number
}
const clamp = (value: number, { cap = Infinity, floor = -Infinity }: Clamp): number =>
  Math.min(cap, Math.max(floor, value))
const clampBoth = ({ low, high }: Interval, limits: Clamp): Interval => ({
  low: clamp(low, limits),
  high: clamp(high, limits),
})
const hull = (values: readonly number[]): Interval => ({ low: Math.min(...values), high: Math.max(...values) })

/** What a score can come to: bounds that no lead can leave, though not every value between them need be reached. */
export function scoreRange(definition: Definition, score: Score, outlook: OutlookOf): Interval {
  const [floor, cap] = score.range ?? [0, 100]
  return clampBoth(unclampedScore(definition, score, outlook), { floor, cap })
}

/** The same before the score's own range is applied. */
export function unclampedScore(definition: Definition, score: Score, outlook: OutlookOf): Interval {
  const groups = Object.values(score.groups).map((group) => groupRange(definition, score, group, outlook))
  return sum(groups)
}

const sum = (parts: readonly Interval[]): Interval =>
  parts.reduce((total, part) => ({ low: total.low + part.low, high: total.high + part.high }), { low: 0, high: 0 })

export function groupRange(definition: Definition, score: Score, group: Group, outlook: OutlookOf): Interval {
  const { low, high } = clampBoth(unclampedGroup(definition, score, group, outlook), group)
  const weight = group.weight ?? 1
  return { low: low * weight, high: high * weight }
}

export function unclampedGroup(definition: Definition, score: Score, group: Group, outlook: OutlookOf): Interval {
  return sum(
    group.criteria.map((criterion) =>
      criterionRange(definition, criterion, group.decay ?? score.decay, outlook(criterion)),
    ),
  )
}

export function criterionRange(
  definition: Definition,
  criterion: Criterion,
  outer: Decay | undefined,
  outlook: Outlook,
): Interval {
  const { low, high } = clampBoth(unclampedCriterion(definition, criterion, outer, outlook), criterion)
  const unknown = criterion.unknown ?? 0
  return canBeUnknown(criterion, outlook) ? hull([low, high, unknown]) : { low, high }
}

/** Only somebody else's account, a value or a condition can be unknown. */
function canBeUnknown(criterion: Criterion, outlook: Outlook): boolean {
  if ('each' in criterion) return criterion.by === 'account'
  return 'table' in criterion || outlook.canBeUnknown
}

/** Before the criterion's own cap and floor, unknown points left out. */
export function unclampedCriterion(
  definition: Definition,
  criterion: Criterion,
  outer: Decay | undefined,
  outlook: Outlook,
): Interval {
  if ('when' in criterion) return hull(outlook.canBeTrue ? [0, criterion.points] : [0])
  if ('table' in criterion) return tableRange(definition, criterion)
  const most = criterion.points * mostOccurrences(criterion, criterion.decay ?? outer)
  return hull(criterion.points === 0 ? [0] : [0, most])
}

function tableRange(definition: Definition, criterion: TableCriterion): Interval {
  const attribute = own(definition.attributes, criterion.table)
  const listed = Object.values(criterion.values ?? {})
  if (attribute?.type === 'choices') {
    const [gains, losses] = [listed.filter((each) => each > 0), listed.filter((each) => each < 0)]
    const total = (values: readonly number[]) => values.reduce((so, each) => so + each, 0)
    return hull([total(gains), total(losses), criterion.otherwise ?? 0, 0])
  }
  const complete = criterion.bins
    ? binsCoverAll(criterion.bins)
    : coversValues(attribute?.of, criterion.values ?? {}, attribute?.type)
  const points = [...listed, ...(criterion.bins ?? []).map((bin) => bin.points)]
  return hull(complete ? points : [...points, criterion.otherwise ?? 0])
}

/** Values between two bins, before the first or after the last, which no bin takes. */
export function gapsBetween(bins: readonly Bin[]): readonly Interval[] {
  const gaps: Interval[] = []
  let reached = -Infinity
  bins.forEach((bin, at) => {
    const from = bin.at_least ?? (at === 0 ? -Infinity : reached)
    if (from > reached && at > 0) gaps.push({ low: reached, high: from, highOpen: true })
    reached = bin.below ?? Infinity
  })
  return gaps
}

function binsCoverAll(bins: readonly Bin[]): boolean {
  return bins[0]?.at_least === undefined && bins.at(-1)?.below === undefined && gapsBetween(bins).length === 0
}

function coversValues(
  of: readonly string[] | undefined,
  values: { readonly [value: string]: number },
  type: string | undefined,
): boolean {
  const all = type === 'boolean' ? ['true', 'false'] : of
  return all !== undefined && all.every((each) => Object.hasOwn(values, each))
}

// --- Occurrences -----------------------------------------------------------------------------------------------------

/** How long an occurrence can give anything at all, in milliseconds. */
export function lifeOf(decay: Decay | undefined): number {
  if (decay === undefined || decay === 'none' || 'half_life' in decay) return Infinity
  if ('expires' in decay) return parseDuration(decay.expires)
  if ('linear' in decay) return parseDuration(decay.linear.over) + parseDuration(decay.linear.after ?? '0s')
  return parseDuration(decay.steps.every) * Math.ceil(100 / Number.parseFloat(decay.steps.lose))
}

/** The most that occurrences can weigh together at one instant; infinite where nothing limits them. */
function mostOccurrences(criterion: EachCriterion, decay: Decay | undefined): number {
  const { count, within } = criterion
  if (count === undefined) return Infinity
  if (count.within === undefined) return count.at_most
  const every = parseDuration(count.within)
  const window = Math.min(within === undefined ? Infinity : parseDuration(within), lifeOf(decay))
  const counted = count.at_most * (Math.floor(window / every) + 1)
  if (decay === undefined || decay === 'none' || !('half_life' in decay)) return counted
  // The first n count in full, n more can be as old as the limit's window, and so on: a geometric series.
  return Math.min(counted, count.at_most / (1 - 2 ** (-every / parseDuration(decay.half_life))))
}
