import type { Decay, Group, Score } from '../definition/language.ts'
import type { Instant } from '../time.ts'
import type { Builder } from './builder.ts'
import { earliestOf, type Cells, type Edge, type Slack } from './cells.ts'
import { compileCriterion, tallyOf, type CriterionPlan, type EachPlan } from './criteria.ts'
import { lifeOf } from './decay.ts'
import { exp2 } from './exp2.ts'
import type { Range } from './kleene.ts'
import { clamp, clampOf, micro, type Clamp } from './points.ts'
import type { LeadState } from './state.ts'
import { eachLoss, eachValue, isSmooth, isStraight } from './tally.ts'

export interface GroupPlan {
  readonly name: string
  readonly group: Group
  readonly bounds: Clamp
  readonly weight: number
  readonly criteria: readonly CriterionPlan[]
  /** Cell of the sum of the criteria that do not fade from one millisecond to the next. */
  readonly fixed: number
  /** Those that do. */
  readonly terms: readonly Term[]
}

/** A criterion whose points fade smoothly. What falls in steps does so at instants known beforehand: that is no term. */
export interface Term {
  readonly plan: EachPlan
  /** Whether it has a half-life and counts the lead's own occurrences: nearly always. */
  readonly isPlain: boolean
  /** Plain: cell of the points at the latest occurrence, whose instant the next cell holds. Otherwise the criterion's. */
  readonly cell: number
  readonly halfLifeMs: number
  /** Which of the score's half-lives it has; −1 for other ways of fading. */
  readonly sharing: number
  readonly bounds: Clamp
  /** 1 where points go against, for the gauges. */
  readonly against: 0 | 1
  /** Whether it may lose all at once. */
  readonly isLumpy: boolean
}

export interface CompiledScore {
  readonly name: string
  readonly score: Score
  readonly cell: number
  readonly bounds: Clamp
  readonly groups: readonly GroupPlan[]
  /** What its value is compared with anywhere in the definition; complete once everything is compiled. */
  readonly ranges: readonly Range[]
  /** Distinct half-lives of its terms, in ms. */
  readonly halfLives: readonly number[]
  /** The first of the cells that say what was fading when its value was worked out; see `Gauge`. */
  readonly gauge: number
  /** Cells of the lowest and the highest value that no test tells from the one at the latest settling. */
  readonly band: number
  readonly isFading: boolean
  readonly scratch: Scratch
}

export interface ScorePlan extends CompiledScore {
  /** Whether a level, a stage or a score compares it with anything. */
  readonly isWatched: boolean
  /** Comparisons that matter whatever the lead's levels and stage are. */
  readonly always: readonly Edge[]
  /** Nodes that read it, by way of other scores too, as bits. */
  readonly nodes: number
}

/**
 * Cells of a score's gauge: what can move it, in micro-points. Each is two, what makes it fall and what makes it rise; most of them
 * are points for and against that fade.
 */
const PART = 0
/** The most that a millisecond takes of `PART`, now or later. */
const RATE = 2
/** Points that may go at once. */
const LUMP = 4
/** The most that facts have brought what fades since it was read: what they bring stays between nothing and that. */
const SLACK = 6
/** When it was read. */
const READ_AT = 8
/** From here on, by group: the sum of what does not fade, as it was then. */
const STEADY = 9

/** Room for `scoreOver`, which is asked often. */
interface Scratch {
  /** Points of a group's terms at both ends of a stretch. */
  readonly firsts: number[]
  readonly lasts: number[]
  /** Which terms of a group move alike in a stretch: their sum moves one way only, though they go for and against. */
  readonly kinds: number[]
  /** Points at both ends, by kind: of a group, and of the whole score where nothing is clamped. */
  readonly shared: number[]
  readonly net: number[]
}

export function compileScore(builder: Builder, name: string, score: Score): CompiledScore {
  const { cells } = builder
  const halfLives: number[] = []
  const groups = Object.entries(score.groups).map(([groupName, group]) =>
    compileGroup(builder, groupName, group, { outer: score.decay, halfLives }),
  )
  const bounds = { floor: micro(score.range?.[0] ?? 0), cap: micro(score.range?.[1] ?? 100) }
  const gauge = cells.reserve(STEADY + groups.length)
  const terms = groups.flatMap((group) => group.terms)
  const cell = cells.add({
    reads: [...groups.map(({ fixed }) => fixed), ...terms.map(({ cell }) => cell)],
    compute: (lead, t, self) => {
      const { value, until } = lead
      for (let place = 0; place < READ_AT; place++) value[gauge + place] = 0
      value[gauge + READ_AT] = t
      let total = 0
      let soonest = Infinity
      for (let index = 0; index < groups.length; index++) {
        const group = groups[index]
        let sum = cells.read(lead, group.fixed, t)
        value[gauge + STEADY + index] = sum
        if (until[group.fixed] < soonest) soonest = until[group.fixed]
        for (const term of group.terms) {
          if (t >= until[term.cell]) cells.computes[term.cell](lead, t, term.cell)
          const points = term.isPlain ? plainAt(term, lead, t) : value[term.cell]
          sum += points
          const ends = !term.isPlain ? until[term.cell] : points === 0 ? Infinity : t + 1
          if (ends === Infinity) continue
          if (ends < soonest) soonest = ends
          addToGauge(lead, term, gauge + term.against, points, group.weight)
        }
        total += groupValue(group, sum)
      }
      value[self] = scoreValue({ bounds }, total)
      until[self] = soonest
    },
  })
  const ranges: Range[] = []
  const pairs = () => [...halfLives, 0].flatMap(() => [0, 0]) // the last for straight lines
  const scratch = { firsts: [], lasts: [], kinds: [], shared: pairs(), net: pairs() }
  builder.scores.set(name, { cell, ranges })
  return {
    name,
    score,
    cell,
    bounds,
    groups,
    ranges,
    halfLives,
    gauge,
    band: cells.reserve(2),
    isFading: terms.length > 0,
    scratch,
  }
}

function addToGauge(lead: LeadState, term: Term, gauge: number, points: number, weight: number): void {
  const { value } = lead
  const amount = Math.abs(points) * weight
  if (term.isLumpy) value[gauge + LUMP] += amount
  else {
    value[gauge + PART] += amount
    value[gauge + RATE] += term.sharing < 0 ? slopeOf(term, lead) * weight : (amount * Math.LN2) / term.halfLifeMs
  }
}

/** The most that a linear term may lose in a millisecond. */
function slopeOf({ plan }: Term, lead: LeadState): number {
  const { points, decay } = plan.spec
  const count = tallyOf(lead, plan)?.times.length ?? 0
  return decay.kind === 'linear' ? (count * Math.abs(points)) / decay.overMs : Infinity
}

/** @param halfLives  those of the score so far; new ones are added */
function compileGroup(
  builder: Builder,
  name: string,
  group: Group,
  { outer, halfLives }: { outer: Decay | undefined; halfLives: number[] },
): GroupPlan {
  const criteria = group.criteria.map((each) => compileCriterion(builder, each, [group.decay, outer]))
  const terms = criteria.flatMap((each) =>
    each.kind === 'each' && isSmooth(each.spec) ? [compileTerm(builder, each, halfLives)] : [],
  )
  const isTerm = new Set(terms.map(({ plan }) => plan.cell))
  const fixed = compileSum(
    builder,
    criteria.map(({ cell }) => cell).filter((cell) => !isTerm.has(cell)),
  )
  return { name, group, bounds: clampOf(group), weight: group.weight ?? 1, criteria, fixed, terms }
}

function compileSum({ cells }: Builder, parts: readonly number[]): number {
  return cells.add({
    reads: parts,
    compute: (lead, t, self) => {
      let sum = 0
      for (const part of parts) sum += cells.read(lead, part, t)
      lead.value[self] = sum
      lead.until[self] = earliestOf(lead, parts)
    },
  })
}

function compileTerm({ cells }: Builder, plan: EachPlan, halfLives: number[]): Term {
  const { spec, slot, bounds, isOfAccount } = plan
  const against = spec.points > 0 ? 0 : 1
  if (spec.form !== 'half_life' || spec.decay.kind !== 'half_life') {
    const isLumpy = spec.decay.kind !== 'linear' || spec.lifeMs < lifeOf(spec.decay)
    return { plan, isPlain: false, cell: plan.cell, halfLifeMs: 0, sharing: -1, bounds, against, isLumpy }
  }
  const { halfLifeMs } = spec.decay
  if (!halfLives.includes(halfLifeMs)) halfLives.push(halfLifeMs)
  const sharing = halfLives.indexOf(halfLifeMs)
  const common = { plan, halfLifeMs, sharing, bounds, against, isLumpy: false } as const
  if (isOfAccount) return { ...common, isPlain: false, cell: plan.cell }
  const cell = cells.add({
    sources: [`tally:${slot}`],
    compute: ({ value, until, tallies }, _t, self) => {
      value[self] = tallies[slot]?.sum ?? 0
      value[self + 1] = tallies[slot]?.last ?? 0
      until[self] = Infinity
    },
  })
  cells.reserve(1)
  return { ...common, isPlain: true, cell }
}

function plainAt({ cell, halfLifeMs, bounds }: Term, { value }: LeadState, t: Instant): number {
  const points = value[cell]
  return clamp(points === 0 ? 0 : points * exp2(-(t - value[cell + 1]) / halfLifeMs), bounds)
}

/** Micro-points of a term at `t`; its cell has been read, not after `t`. */
function termAt(term: Term, lead: LeadState, t: Instant): number {
  if (term.isPlain) return plainAt(term, lead, t)
  const { plan, cell, bounds } = term
  if (lead.until[cell] === Infinity) return lead.value[cell]
  return eachValue(plan.spec, bounds, tallyOf(lead, plan), t)
}

/** Micro-points of a group: the sum of its criteria clamped, then weighed. */
export const groupValue = (group: { readonly bounds: Clamp; readonly weight: number }, sum: number): number =>
  clamp(sum, group.bounds) * group.weight

/** Whole micro-points of a score; the one place where points are rounded. */
export const scoreValue = ({ bounds }: { readonly bounds: Clamp }, sum: number): number =>
  Math.floor(clamp(sum, bounds) + 0.5)

// --- A score as time passes ------------------------------------------------------------------------------------------
// Everything below looks ahead from the instant at which the score's cell was read, as if nothing came but time and nothing
// moved but what fades smoothly.

/** What may fade: nothing, points for, points against, or both. */
export type Signs = 0 | 1 | 2 | 3

export function signsOf({ gauge }: ScorePlan, { value }: LeadState): Signs {
  const isFor = value[gauge + PART] + value[gauge + LUMP] > 0
  const isAgainst = value[gauge + PART + 1] + value[gauge + LUMP + 1] > 0
  return ((isFor ? 1 : 0) + (isAgainst ? 2 : 0)) as Signs
}

/**
 * Works out what does not fade: tests, mostly, of which a fact touches few. It is exact, so that a test which might have moved the
 * score and did not leaves `safeUntil` as far away as it was.
 */
export function readSteady({ groups }: ScorePlan, cells: Cells, lead: LeadState, t: Instant): void {
  for (const { fixed } of groups) cells.read(lead, fixed, t)
}

/** Until when that, once it has been read, stays what it is with no new fact. */
export function steadyUntil({ groups }: ScorePlan, { until }: LeadState): Instant {
  let soonest = Infinity
  for (const { fixed } of groups) if (until[fixed] < soonest) soonest = until[fixed]
  return soonest
}

/**
 * An instant before which the score certainly keeps to its band while no test changes by itself, from what was fading when it was
 * last read, what facts have brought since, and how far what does not fade has moved: that has been read. Rough and cheap: what
 * fades goes on at its greatest rate.
 */
export function safeUntil({ cell, gauge, band, groups }: ScorePlan, { value }: LeadState): Instant {
  let fallen = 0
  let risen = 0
  for (let index = 0; index < groups.length; index++) {
    const { fixed, weight } = groups[index]
    // Clamping takes some of it away, and never turns it round.
    const moved = (value[fixed] - value[gauge + STEADY + index]) * weight
    if (moved < 0) fallen -= moved
    else risen += moved
  }
  const now = value[cell]
  const falling = msToLose(value, gauge, fallen, now - value[band])
  const rising = msToLose(value, gauge + 1, risen, value[band + 1] - now)
  return value[gauge + READ_AT] + Math.floor(Math.min(falling, rising))
}

/** How long it takes at least until so many micro-points have gone, if some may have gone already. */
function msToLose(value: readonly number[], gauge: number, gone: number, room: number): number {
  const atOnce = value[gauge + LUMP] + value[gauge + SLACK] + gone
  const inAll = value[gauge + PART] + atOnce
  // Less a whole micro-point for the rounding.
  if (inAll === 0 || inAll <= room - 1) return Infinity
  return room - 1 > atOnce ? (room - 1 - atOnce) / value[gauge + RATE] : 0
}

/**
 * How far a change of these cells moves what fades of a score at most.
 * @param isOccurrence  whether the change is one more occurrence
 */
export function slackOf(
  { gauge, groups }: CompiledScore,
  changed: ReadonlySet<number>,
  isOccurrence: boolean,
): Slack[] {
  let fall = 0
  let rise = 0
  for (const { terms, weight } of groups) {
    for (const { plan } of terms) {
      if (!changed.has(plan.cell)) continue
      const most = isOccurrence ? Math.abs(plan.spec.points) : Infinity
      if (!isOccurrence || plan.spec.points < 0) fall += most * weight
      if (!isOccurrence || plan.spec.points > 0) rise += most * weight
    }
  }
  return [
    ...(fall > 0 ? [{ cell: gauge + SLACK, most: fall }] : []),
    ...(rise > 0 ? [{ cell: gauge + SLACK + 1, most: rise }] : []),
  ]
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

export function scoreAt(plan: ScorePlan, lead: LeadState, t: Instant): Glance {
  let total = 0
  let part = 0
  let lossPerMs = 0
  for (const group of plan.groups) {
    const { bounds, weight } = group
    let sum = lead.value[group.fixed]
    let fading = 0
    let loss = 0
    for (const term of group.terms) {
      const points = termAt(term, lead, t)
      sum += points
      if (points === 0 || isClamped(term, points)) continue
      fading += points
      loss += lossOf(term, lead, points, t)
    }
    total += groupValue(group, sum)
    if (sum >= bounds.cap || sum <= bounds.floor) continue
    part += fading * weight
    lossPerMs += loss * weight
  }
  return { value: scoreValue(plan, total), sum: total, part, lossPerMs }
}

const isClamped = ({ bounds }: Term, points: number) => points === bounds.floor || points === bounds.cap

const lossOf = ({ plan, sharing, halfLifeMs }: Term, lead: LeadState, points: number, t: Instant) =>
  sharing < 0 ? eachLoss(plan.spec, tallyOf(lead, plan), points, t) : (points * Math.LN2) / halfLifeMs

/** Where a score may go in a stretch of time. */
export interface Course extends Range {
  /** Whether it provably moves one way only. */
  readonly isOneWay: boolean
}

/**
 * Bounds of the score anywhere in `[a, b]`, in whole micro-points. Fading points move one way only, and so does the sum of all in
 * a group that share a half-life, and of all that fade along straight lines; clamping and weighing keep order. Bounds its slope,
 * too: points with a half-life change at a rate of their own size, and so does the sum of all that share one where nothing is
 * clamped; a sum of straight lines has one slope.
 */
export function scoreOver(plan: ScorePlan, lead: LeadState, a: Instant, b: Instant): Course {
  const { halfLives, scratch } = plan
  const { net } = scratch
  const course = { low: 0, high: 0, rise: 0, fall: 0 }
  clear(net)
  for (const group of plan.groups) addGroup(plan, group, lead, { a, b, course })
  for (let index = 0; index < halfLives.length; index++) {
    const first = net[2 * index] / halfLives[index]
    const last = net[2 * index + 1] / halfLives[index]
    course.rise -= Math.min(first, last)
    course.fall += Math.max(first, last)
  }
  const slope = (net[2 * halfLives.length] - net[2 * halfLives.length + 1]) / (b - a) / Math.LN2
  course.rise -= slope
  course.fall += slope
  const isOneWay = course.rise <= 0 || course.fall <= 0
  return { low: scoreValue(plan, course.low), high: scoreValue(plan, course.high), isOneWay }
}

interface Stretch {
  readonly a: Instant
  readonly b: Instant
  readonly course: {
    low: number
    high: number
    /** The most that it may rise and fall in a millisecond, but for a factor. */
    rise: number
    fall: number
  }
}

function clear(numbers: number[]): void {
  for (let index = 0; index < numbers.length; index++) numbers[index] = 0
}

function addGroup(plan: ScorePlan, group: GroupPlan, lead: LeadState, { a, b, course }: Stretch): void {
  const { terms, bounds, weight } = group
  const { firsts, lasts, kinds, net } = plan.scratch
  for (let index = 0; index < terms.length; index++) {
    firsts[index] = termAt(terms[index], lead, a)
    lasts[index] = termAt(terms[index], lead, b)
    kinds[index] = kindOf(plan, terms[index], lead, { a, b, first: firsts[index], last: lasts[index] })
  }
  const sum = boundSum(plan.scratch, lead.value[group.fixed], terms.length)
  course.low += groupValue(group, sum.low)
  course.high += groupValue(group, sum.high)
  if (sum.low >= bounds.cap || sum.high <= bounds.floor) return
  const isFree = sum.low > bounds.floor && sum.high < bounds.cap
  for (let index = 0; index < terms.length; index++) {
    const term = terms[index]
    const first = firsts[index]
    const last = lasts[index]
    if (first === last) continue
    const kind = kinds[index]
    if (kind >= 0 && isFree) {
      net[2 * kind] += first * weight
      net[2 * kind + 1] += last * weight
    } else {
      const most = term.sharing < 0 ? Infinity : (Math.abs(first) * weight) / term.halfLifeMs
      if (last < first) course.fall += most
      else course.rise += most
    }
  }
}

/** Half-lives by their places, then whatever fades along a straight line all the way; −1 for what may bend or is clamped. */
function kindOf({ halfLives }: ScorePlan, term: Term, lead: LeadState, { a, b, first, last }: Ends): number {
  if (isClamped(term, first) || isClamped(term, last)) return -1
  if (term.sharing >= 0) return term.sharing
  return isStraight(term.plan.spec, tallyOf(lead, term.plan), a, b) ? halfLives.length : -1
}

interface Ends {
  readonly a: Instant
  readonly b: Instant
  readonly first: number
  readonly last: number
}

function boundSum({ firsts, lasts, kinds, shared }: Scratch, fixed: number, count: number): Range {
  let low = fixed
  let high = fixed
  // Without this, points for and against that cancel out could be told apart only millisecond by millisecond.
  clear(shared)
  for (let index = 0; index < count; index++) {
    const kind = kinds[index]
    const first = firsts[index]
    const last = lasts[index]
    if (kind >= 0) {
      shared[2 * kind] += first
      shared[2 * kind + 1] += last
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
