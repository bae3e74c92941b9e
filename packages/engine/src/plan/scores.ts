import type { Decay, Group, Score } from '../definition/language.ts'
import type { Instant } from '../time.ts'
import type { Builder } from './builder.ts'
import { compileCriterion, tallyOf, type CriterionPlan, type EachPlan } from './criteria.ts'
import type { Range } from './kleene.ts'
import { clamp, clampOf, micro, type Clamp } from './points.ts'
import type { LeadState } from './state.ts'
import { exp2 } from './exp2.ts'
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
  readonly cell: number
  /** Which of the score's half-lives it has; −1 for other ways of fading. */
  readonly sharing: number
  /** Whether it has a half-life and counts the lead's own occurrences: nearly always. */
  readonly isPlain: boolean
  readonly halfLifeMs: number
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
  /** Scratch: sums at two instants of what shares a half-life, points of a group's criteria at both. */
  readonly shared: number[]
  readonly firsts: number[]
  readonly lasts: number[]
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
      const { value, until } = lead
      let total = 0
      let soonest = Infinity
      for (const group of groupCells) {
        let sum = 0
        for (let index = 0; index < group.cells.length; index++) {
          const criterion = group.cells[index]
          if (t >= until[criterion]) {
            const fading = group.fading[index]
            if (fading?.isPlain) refresh(fading, lead, t)
            else cells.computes[criterion](lead, t, criterion)
          }
          sum += value[criterion]
          if (until[criterion] < soonest) soonest = until[criterion]
        }
        total += groupValue(group, sum)
      }
      value[self] = scoreValue({ bounds }, total)
      until[self] = soonest
    },
  })
  const ranges: Range[] = []
  builder.scores.set(name, { cell, ranges })
  const fading = groups.flatMap((group) => group.fading.filter((each) => each !== undefined))
  const shared = halfLives.flatMap(() => [0, 0])
  return { name, score, cell, bounds, groups, ranges, fading, halfLives, shared, firsts: [], lasts: [] }
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
  const { cell } = plan
  if (decay.kind !== 'half_life' || form !== 'half_life')
    return { plan, cell, sharing: -1, isPlain: false, halfLifeMs: 0, ratePerMs: Infinity, weight }
  const { halfLifeMs } = decay
  if (!halfLives.includes(halfLifeMs)) halfLives.push(halfLifeMs)
  const sharing = halfLives.indexOf(halfLifeMs)
  return { plan, cell, sharing, isPlain: !plan.isOfAccount, halfLifeMs, ratePerMs: Math.LN2 / halfLifeMs, weight }
}

/** What a plain criterion's own cell would do, without the ways that have nothing to do with half-lives. */
function refresh(each: FadingPlan, lead: LeadState, t: Instant): void {
  const value = fadingAt(each, lead, t)
  lead.value[each.cell] = value
  lead.until[each.cell] = value === 0 ? Infinity : t + 1
}

/** Micro-points at `t` of a criterion whose points fade smoothly. */
function fadingAt({ plan, isPlain, halfLifeMs }: FadingPlan, lead: LeadState, t: Instant): number {
  const { spec, bounds } = plan
  if (!isPlain)
    return plan.isOfAccount && !lead.account ? lead.value[plan.cell] : eachValue(spec, bounds, tallyOf(lead, plan), t)
  const tally = lead.tallies[plan.slot]
  return clamp(tally === undefined ? 0 : tally.sum * exp2(-(t - tally.last) / halfLifeMs), bounds)
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
 * The score as it will be at `t` if only time passes and nothing but what fades smoothly changes. Its cell has been read,
 * not after `t`.
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
      const value = each === undefined || t < lead.until[cell] ? lead.value[cell] : fadingAt(each, lead, t)
      sum += value
      if (each === undefined || lead.until[cell] === Infinity || isClamped(each.plan, value)) continue
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

/** Where a score may go in a stretch of time. */
export interface Course extends Range {
  /** Whether it provably moves one way only. */
  readonly isOneWay: boolean
}

/**
 * Bounds of the score anywhere in `[a, b]`, under the same conditions, in whole micro-points. Fading points move one way only,
 * and so does the sum of all in a group that share a half-life; clamping and weighing keep order. Bounds its slope, too: points
 * with a half-life change at a rate of their own size, and so does the sum of all that share one where nothing is clamped.
 */
export function scoreOver(plan: ScorePlan, lead: LeadState, a: Instant, b: Instant): Course {
  const course = { low: 0, high: 0, rise: 0, fall: 0, net: plan.halfLives.flatMap(() => [0, 0]) }
  for (const group of plan.groups) addGroup(plan, group, lead, { a, b, course })
  let { rise, fall } = course
  plan.halfLives.forEach((halfLifeMs, index) => {
    const [first, last] = [course.net[2 * index] / halfLifeMs, course.net[2 * index + 1] / halfLifeMs]
    rise -= Math.min(first, last)
    fall += Math.max(first, last)
  })
  const isOneWay = rise <= 0 || fall <= 0
  return { low: scoreValue(plan, course.low), high: scoreValue(plan, course.high), isOneWay }
}

interface Stretch {
  readonly a: Instant
  readonly b: Instant
  readonly course: {
    low: number
    high: number
    /** The most that it may rise and fall in a millisecond by what a clamp may hold up on the way or what fades otherwise … */
    rise: number
    fall: number
    /** … and points at both ends, by half-life, of what is never held up. */
    readonly net: number[]
  }
}

function addGroup(plan: ScorePlan, group: GroupPlan, lead: LeadState, { a, b, course }: Stretch): void {
  const { firsts, lasts } = plan
  const { criteria, fading, bounds, weight } = group
  const sum = boundGroup(plan, group, lead, a, b)
  course.low += groupValue(group, sum.low)
  course.high += groupValue(group, sum.high)
  if (sum.low >= bounds.cap || sum.high <= bounds.floor) return
  const isFree = sum.low > bounds.floor && sum.high < bounds.cap
  for (let index = 0; index < criteria.length; index++) {
    const each = fading[index]
    const [first, last] = [firsts[index], lasts[index]]
    if (each === undefined || first === last) continue
    if (each.sharing >= 0 && isFree && !isClamped(each.plan, first) && !isClamped(each.plan, last)) {
      course.net[2 * each.sharing] += first * weight
      course.net[2 * each.sharing + 1] += last * weight
    } else {
      const most = each.sharing < 0 ? Infinity : (Math.abs(first) * weight) / each.halfLifeMs
      if (last < first) course.fall += most
      else course.rise += most
    }
  }
}

/** Leaves the points of each criterion at both ends in the scratch. */
function boundGroup(plan: ScorePlan, { criteria, fading }: GroupPlan, lead: LeadState, a: Instant, b: Instant): Range {
  const { shared, firsts, lasts } = plan
  let low = 0
  let high = 0
  // Without this, points for and against that cancel out could be told apart only millisecond by millisecond.
  shared.fill(0)
  for (let index = 0; index < criteria.length; index++) {
    const { cell } = criteria[index]
    const each = lead.until[cell] === Infinity ? undefined : fading[index]
    const first = each === undefined || a < lead.until[cell] ? lead.value[cell] : fadingAt(each, lead, a)
    const last = each === undefined ? first : fadingAt(each, lead, b)
    firsts[index] = first
    lasts[index] = last
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
  for (const { plan: each, cell, ratePerMs, weight } of plan.fading) {
    if (lead.until[cell] === Infinity) continue
    const most = Math.abs(lead.value[cell]) * Math.min(1, ratePerMs * ms) * weight
    if (each.spec.points > 0) loss += most
    else gain += most
  }
  return { low: -loss, high: gain }
}
