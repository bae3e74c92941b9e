import type { Decay, Group, Score } from '../definition/language.ts'
import type { Instant } from '../time.ts'
import type { Builder } from './builder.ts'
import { compileCriterion, tallyOf, type CriterionPlan, type EachPlan } from './criteria.ts'
import type { Range } from './kleene.ts'
import { clamp, clampOf, micro, type Clamp } from './points.ts'
import type { LeadState } from './state.ts'
import { eachLoss, eachValue, isSmooth } from './tally.ts'

export interface GroupPlan {
  readonly name: string
  readonly group: Group
  readonly bounds: Clamp
  readonly weight: number
  readonly criteria: readonly CriterionPlan[]
  /** In the same order: the criterion again where its points fade smoothly. */
  readonly fading: readonly (FadingPlan | undefined)[]
}

/** A criterion whose points may fade from one millisecond to the next. What falls in steps is known beforehand: a timed cell. */
export interface FadingPlan {
  readonly plan: EachPlan
  /** Which of the score's half-lives it has; −1 for other ways of fading. */
  readonly sharing: number
  /** The share of its present points that it loses in a millisecond at most. */
  readonly ratePerMs: number
  /** Of its group. */
  readonly weight: number
}

export interface ScorePlan {
  readonly name: string
  readonly score: Score
  readonly cell: number
  readonly bounds: Clamp
  readonly groups: readonly GroupPlan[]
  /** What its value is compared with anywhere in the definition; complete once everything is compiled. */
  readonly ranges: readonly Range[]
  readonly fading: readonly FadingPlan[]
  /** Distinct half-lives of its criteria, in ms. */
  readonly halfLives: readonly number[]
  /** Scratch: sums at two instants of what shares a half-life. */
  readonly shared: Float64Array
}

export function compileScore(builder: Builder, name: string, score: Score): ScorePlan {
  const halfLives: number[] = []
  const groups = Object.entries(score.groups).map(([groupName, group]) =>
    compileGroup(builder, groupName, group, { outer: score.decay, halfLives }),
  )
  const bounds = { floor: micro(score.range?.[0] ?? 0), cap: micro(score.range?.[1] ?? 100) }
  const { cells } = builder
  const groupCells = groups.map(({ criteria, ...group }) => ({ ...group, cells: criteria.map((each) => each.cell) }))
  const cell = cells.add({
    reads: groupCells.flatMap((group) => group.cells),
    compute: (lead, t, self) => {
      let total = 0
      let until = Infinity
      for (const group of groupCells) {
        let sum = 0
        for (const criterion of group.cells) {
          sum += cells.read(lead, criterion, t)
          if (lead.until[criterion] < until) until = lead.until[criterion]
        }
        total += groupValue(group, sum)
      }
      lead.value[self] = scoreValue({ bounds }, total)
      lead.until[self] = until
    },
  })
  const ranges: Range[] = []
  builder.scores.set(name, { cell, ranges })
  const fading = groups.flatMap((group) => group.fading.filter((each) => each !== undefined))
  const shared = new Float64Array(2 * halfLives.length)
  return { name, score, cell, bounds, groups, ranges, fading, halfLives, shared }
}

/** @param halfLives  those of the score so far; new ones are added */
function compileGroup(
  builder: Builder,
  name: string,
  group: Group,
  { outer, halfLives }: { outer: Decay | undefined; halfLives: number[] },
): GroupPlan {
  const { weight = 1 } = group
  const criteria = group.criteria.map((each) => compileCriterion(builder, each, [group.decay, outer]))
  const fading = criteria.map((each) => (each.kind === 'each' ? fadingOf(each, weight, halfLives) : undefined))
  return { name, group, bounds: clampOf(group), weight, criteria, fading }
}

function fadingOf(plan: EachPlan, weight: number, halfLives: number[]): FadingPlan | undefined {
  if (!isSmooth(plan.spec)) return undefined
  const { decay, form } = plan.spec
  if (decay.kind !== 'half_life' || form !== 'half_life') return { plan, sharing: -1, ratePerMs: Infinity, weight }
  const { halfLifeMs } = decay
  if (!halfLives.includes(halfLifeMs)) halfLives.push(halfLifeMs)
  return { plan, sharing: halfLives.indexOf(halfLifeMs), ratePerMs: Math.LN2 / halfLifeMs, weight }
}

/** Micro-points of a group: the sum of its criteria clamped, then weighed. */
export const groupValue = (group: { readonly bounds: Clamp; readonly weight: number }, sum: number): number =>
  clamp(sum, group.bounds) * group.weight

/** Whole micro-points of a score; the one place where points are rounded. */
export const scoreValue = ({ bounds }: { readonly bounds: Clamp }, sum: number): number =>
  Math.floor(clamp(sum, bounds) + 0.5)

/**
 * The values around this one that no comparison tells from it: from one edge of the ranges up to the next.
 */
export function bandAround(ranges: readonly Range[], value: number): Range {
  let low = -Infinity
  let high = Infinity
  for (const range of ranges) {
    if (value < range.low) high = Math.min(high, range.low - 1)
    else low = Math.max(low, range.low)
    if (value > range.high) low = Math.max(low, range.high + 1)
    else high = Math.min(high, range.high)
  }
  return { low, high }
}

/** A score at an instant, and what of it fades how fast. */
export interface Glance {
  /** Whole micro-points, as everything compares them. */
  readonly value: number
  /** The same before clamping and rounding. */
  readonly sum: number
  /** Micro-points that are fading where nothing is clamped … */
  readonly part: number
  /** … and how many of them go in a millisecond, to begin with. */
  readonly lossPerMs: number
}

/**
 * The score as it will be at `t` if only time passes and nothing but what fades smoothly changes. Its cell has been read.
 */
export function scoreAt(plan: ScorePlan, lead: LeadState, t: Instant): Glance {
  let total = 0
  let part = 0
  let lossPerMs = 0
  for (const { criteria, fading, bounds, weight } of plan.groups) {
    let sum = 0
    let fadingSum = 0
    let loss = 0
    for (let index = 0; index < criteria.length; index++) {
      const { cell } = criteria[index]
      const each = fading[index]
      if (each === undefined || lead.until[cell] === Infinity) {
        sum += lead.value[cell]
        continue
      }
      const value = eachAt(each.plan, lead, t)
      sum += value
      if (isClamped(each.plan, value)) continue
      fadingSum += value
      loss += each.sharing < 0 ? eachLoss(each.plan.spec, tallyOf(lead, each.plan), value, t) : value * each.ratePerMs
    }
    total += groupValue({ bounds, weight }, sum)
    if (sum >= bounds.cap || sum <= bounds.floor) continue
    part += fadingSum * weight
    lossPerMs += loss * weight
  }
  return { value: scoreValue(plan, total), sum: total, part, lossPerMs }
}

function eachAt(plan: EachPlan, lead: LeadState, t: Instant): number {
  if (plan.isOfAccount && lead.account === undefined) return lead.value[plan.cell]
  return eachValue(plan.spec, plan.bounds, tallyOf(lead, plan), t)
}

/**
 * Bounds of the score anywhere in `[a, b]`, under the same conditions, in whole micro-points. Fading points move one way only,
 * and so does the sum of all in a group that share a half-life; clamping and weighing keep order.
 */
export function scoreOver(plan: ScorePlan, lead: LeadState, a: Instant, b: Instant): Range {
  let low = 0
  let high = 0
  for (const group of plan.groups) {
    const sum = groupOver(plan, group, lead, a, b)
    low += groupValue(group, sum.low)
    high += groupValue(group, sum.high)
  }
  return { low: scoreValue(plan, low), high: scoreValue(plan, high) }
}

function groupOver(
  { shared }: ScorePlan,
  { criteria, fading }: GroupPlan,
  lead: LeadState,
  a: Instant,
  b: Instant,
): Range {
  let low = 0
  let high = 0
  // Without this, points for and against that cancel out could be told apart only millisecond by millisecond.
  shared.fill(0)
  for (let index = 0; index < criteria.length; index++) {
    const { cell } = criteria[index]
    const each = lead.until[cell] === Infinity ? undefined : fading[index]
    const first = each === undefined ? lead.value[cell] : eachAt(each.plan, lead, a)
    const last = each === undefined ? first : eachAt(each.plan, lead, b)
    if (each !== undefined && each.sharing >= 0 && !isClamped(each.plan, first) && !isClamped(each.plan, last)) {
      shared[2 * each.sharing] += first
      shared[2 * each.sharing + 1] += last
    } else {
      low += Math.min(first, last)
      high += Math.max(first, last)
    }
  }
  for (let place = 0; place < shared.length; place += 2) {
    low += Math.min(shared[place], shared[place + 1])
    high += Math.max(shared[place], shared[place + 1])
  }
  return { low, high }
}

const isClamped = ({ bounds }: EachPlan, value: number) => value === bounds.floor || value === bounds.cap

/**
 * Bounds of what the score may lose and gain by fading within so many milliseconds from now on, in micro-points. Rough and
 * cheap: what has a half-life loses at most its present rate all the time.
 */
export function driftWithin(plan: ScorePlan, lead: LeadState, ms: number): Range {
  let loss = 0
  let gain = 0
  for (const { plan: each, ratePerMs, weight } of plan.fading) {
    if (lead.until[each.cell] === Infinity) continue
    const most = Math.abs(lead.value[each.cell]) * Math.min(1, ratePerMs * ms) * weight
    if (each.spec.points > 0) loss += most
    else gain += most
  }
  return { low: -loss, high: gain }
}

/**
 * Whether the score provably moves one way only throughout `[a, b]`, under the same conditions. Bounds its slope: points with
 * a half-life change at a rate of their own size, and so does the sum of all that share one where nothing is clamped.
 */
export function isOneWay(plan: ScorePlan, lead: LeadState, a: Instant, b: Instant): boolean {
  const slope = { low: 0, high: 0 }
  const net = new Float64Array(plan.shared.length)
  for (const group of plan.groups) addSlope(plan, group, lead, { a, b, slope, net })
  plan.halfLives.forEach((halfLifeMs, index) => {
    const [first, last] = [-net[2 * index] / halfLifeMs, -net[2 * index + 1] / halfLifeMs]
    slope.low += Math.min(first, last)
    slope.high += Math.max(first, last)
  })
  return slope.high <= 0 || slope.low >= 0
}

interface Slope {
  readonly a: Instant
  readonly b: Instant
  /** Takes the slopes of what may be held up by a clamp on the way, or fades in another manner. */
  readonly slope: { low: number; high: number }
  /** Takes the points at both ends of what is never held up, by half-life. */
  readonly net: Float64Array
}

function addSlope(plan: ScorePlan, group: GroupPlan, lead: LeadState, { a, b, slope, net }: Slope): void {
  const { low, high } = groupOver(plan, group, lead, a, b)
  const { floor, cap } = group.bounds
  if (low >= cap || high <= floor) return
  const isFree = low > floor && high < cap
  for (const each of group.fading) {
    if (each === undefined || lead.until[each.plan.cell] === Infinity) continue
    const first = eachAt(each.plan, lead, a)
    const last = eachAt(each.plan, lead, b)
    if (first === last) continue
    const isFalling = last < first
    const isHeld = !isFree || isClamped(each.plan, first) || isClamped(each.plan, last)
    if (each.sharing >= 0 && !isHeld) {
      net[2 * each.sharing] += first * group.weight
      net[2 * each.sharing + 1] += last * group.weight
    } else {
      const most = each.sharing < 0 ? Infinity : (Math.abs(first) * group.weight) / plan.halfLives[each.sharing]
      if (isFalling) slope.low -= most
      else slope.high += most
    }
  }
}
