/**
 * Tallies: what is kept of the occurrences that one test or criterion looks at, and no more than can still matter.
 * A tally changes only when an occurrence arrives; reading it at a later instant leaves it as it is.
 */
import type { EachCriterion } from '../definition/language.ts'
import { DAY_MS, parseDuration, type Instant } from '../time.ts'
import { lifeOf, weightAt, type DecayPlan } from './decay.ts'
import { exp2 } from './exp2.ts'
import { clamp, micro, type Clamp } from './points.ts'

/** One shape for every kind, so that the engine's hot loops see one hidden class. */
export interface Tally {
  /** Occurrences (`total`), different days (`days` without a window), counted ones (`each`). */
  n: number
  /** `total`: occurrences whose property is a number. */
  numeric: number
  /** Instant of the latest (counted) occurrence. */
  last: Instant
  /** `total`: sum of the property in micro-units. `each` with a half-life: its points at `last`. */
  sum: number
  /** Instants that may still matter, in order of time. */
  times: Instant[]
  /** `values`: micro-values beside `times`; NaN where the property is no number. */
  values: number[]
  /** Frequency limit: instants of the latest counted occurrences, oldest first. */
  counted: Instant[]
  /** Ids of the facts behind it, kept where evidence is asked for. */
  evidence: { readonly id: string; readonly at: Instant }[] | undefined
}

/** Which parts of a tally its kind uses. */
export interface TallyParts {
  /** `times` */
  readonly isList: boolean
  /** `sum` and `numeric` */
  readonly hasSum: boolean
  /** `values` */
  readonly hasValues: boolean
  /** `counted` */
  readonly isLimited: boolean
}

export function partsOf(spec: TallySpec): TallyParts {
  const { kind } = spec
  return {
    isList:
      kind === 'times' ||
      kind === 'values' ||
      (kind === 'days' && spec.horizonMs < Infinity) ||
      (kind === 'each' && spec.form === 'list'),
    hasSum: (kind === 'total' && spec.property !== undefined) || (kind === 'each' && spec.form === 'half_life'),
    hasValues: kind === 'values',
    isLimited: kind === 'each' && spec.limit !== undefined,
  }
}

/** Stands in every tally whose kind has no such list; nothing is ever put in. */
const NO_LIST: number[] = []

export function emptyTally({ isList, hasValues, isLimited }: TallyParts, withEvidence: boolean): Tally {
  return {
    n: 0,
    numeric: 0,
    last: -Infinity,
    sum: 0,
    times: isList ? [] : NO_LIST,
    values: hasValues ? [] : NO_LIST,
    counted: isLimited ? [] : NO_LIST,
    evidence: withEvidence ? [] : undefined,
  }
}

export type TallySpec =
  /** Latest occurrence and how many there were: tests without a window. `property` sums one up. */
  | { readonly kind: 'total'; readonly property: string | undefined }
  /** The last `keep` instants within `horizonMs`. */
  | { readonly kind: 'times'; readonly horizonMs: number; readonly keep: number }
  /** As `times`, one instant a day (the latest of each), or just the number of days without a horizon. */
  | { readonly kind: 'days'; readonly horizonMs: number }
  /** Instants and values of a property within `horizonMs`. */
  | { readonly kind: 'values'; readonly horizonMs: number; readonly property: string }
  | EachSpec

export interface EachSpec {
  readonly kind: 'each'
  /** Micro-points of one occurrence. */
  readonly points: number
  readonly limit: { readonly atMost: number; readonly withinMs: number } | undefined
  readonly windowMs: number
  readonly decay: DecayPlan
  /** From this age on an occurrence gives nothing. */
  readonly lifeMs: number
  /** How many of the newest can matter at all: those that fill the cap. */
  readonly keep: number
  readonly form: 'count' | 'half_life' | 'list'
}

export function compileEachSpec(criterion: EachCriterion, decay: DecayPlan): EachSpec {
  const windowMs = criterion.within === undefined ? Infinity : parseDuration(criterion.within)
  const lifeMs = Math.min(windowMs, lifeOf(decay))
  const form = lifeMs < Infinity ? 'list' : decay.kind === 'half_life' ? 'half_life' : 'count'
  const { count } = criterion
  const limit =
    count === undefined
      ? undefined
      : { atMost: count.at_most, withinMs: count.within === undefined ? Infinity : parseDuration(count.within) }
  return {
    kind: 'each',
    points: micro(criterion.points),
    limit,
    windowMs,
    decay,
    lifeMs,
    keep: keptOf(criterion, decay),
    form,
  }
}

/** With points that do not fade within the window, no more than fill the cap (or the floor) can matter, and the newest stay longest. */
function keptOf(criterion: EachCriterion, decay: DecayPlan): number {
  const bound = criterion.points > 0 ? criterion.cap : criterion.floor
  const fades = decay.kind === 'half_life' || decay.kind === 'linear' || decay.kind === 'steps'
  if (fades || bound === undefined || bound * criterion.points <= 0) return Infinity
  return Math.ceil(bound / criterion.points) + 1
}

/** Values beyond this are ignored in sums. */
const VALUE_MAX = 1e9

/** Whether sums count a number; NaN they do not. */
export const isValue = (value: number): boolean => Math.abs(value) <= VALUE_MAX

/** As sums count it: NaN where the value does not count. */
export const microValue = (value: unknown): number =>
  typeof value === 'number' && isValue(value) ? micro(value) : Number.NaN

/**
 * Takes in an occurrence at `at`, not earlier than any before.
 * @returns whether it counts: one beyond a frequency limit says nothing to anybody
 */
export function tallyOccurrence(spec: TallySpec, tally: Tally, at: Instant, property: unknown): boolean {
  switch (spec.kind) {
    case 'total':
      addTotal(tally, microValue(property))
      break
    case 'times':
      drop(tally, at - spec.horizonMs, spec.keep - 1)
      tally.times.push(at)
      break
    case 'values':
      drop(tally, at - spec.horizonMs, Infinity)
      tally.times.push(at)
      tally.values.push(microValue(property))
      break
    case 'days':
      addDay(spec.horizonMs, tally, at)
      break
    case 'each':
      if (!isCounted(spec.limit, tally, at)) return false
      addCounted(spec, tally, at)
      break
  }
  tally.last = at
  return true
}

function addTotal(tally: Tally, value: number): void {
  tally.n += 1
  if (Number.isNaN(value)) return
  tally.sum += value
  tally.numeric += 1
}

function addDay(horizonMs: number, tally: Tally, at: Instant): void {
  const isSameDay = Math.floor(at / DAY_MS) === Math.floor(tally.last / DAY_MS)
  if (horizonMs === Infinity) {
    if (!isSameDay) tally.n += 1
    return
  }
  if (isSameDay) tally.times.pop()
  drop(tally, at - horizonMs, Infinity)
  tally.times.push(at)
}

function isCounted(limit: EachSpec['limit'], tally: Tally, at: Instant): boolean {
  if (limit === undefined) return true
  if (limit.withinMs === Infinity) return tally.n < limit.atMost
  const { counted } = tally
  let gone = 0
  while (gone < counted.length && counted[gone] <= at - limit.withinMs) gone++
  if (gone > 0) dropFirst(counted, gone)
  if (counted.length >= limit.atMost) return false
  counted.push(at)
  return true
}

function addCounted(spec: EachSpec, tally: Tally, at: Instant): void {
  tally.n += 1
  if (spec.form === 'half_life') tally.sum = faded(spec, tally, at) + spec.points
  if (spec.form !== 'list') return
  drop(tally, at - spec.lifeMs, spec.keep - 1)
  tally.times.push(at)
}

/** Forgets what lies at or before `until`, and the oldest beyond `keep`. */
function drop(tally: Tally, until: Instant, keep: number): void {
  const { times } = tally
  let gone = Math.max(0, times.length - keep)
  while (gone < times.length && times[gone] <= until) gone++
  if (gone === 0) return
  dropFirst(times, gone)
  if (tally.values.length > 0) dropFirst(tally.values, gone)
}

/** As `splice(0, gone)`, which gives away a list of what is gone. */
function dropFirst(list: number[], gone: number): void {
  const kept = list.length - gone
  for (let index = 0; index < kept; index++) list[index] = list[index + gone]
  list.length = kept
}

/** Index of the first instant after `from`; the instants lie in order of time. */
export function firstAfter(times: readonly Instant[], from: Instant): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle] <= from) low = middle + 1
    else high = middle
  }
  return low
}

// --- What an `each` criterion's tally is worth -----------------------------------------------------------------------

const faded = (spec: EachSpec, tally: Tally, t: Instant): number =>
  tally.n === 0 ? 0 : tally.sum * weightOfHalfLife(spec.decay, t - tally.last)

const weightOfHalfLife = (decay: DecayPlan, ageMs: number): number =>
  decay.kind === 'half_life' ? exp2(-ageMs / decay.halfLifeMs) : 1

/** Micro-points of the counted occurrences at `t`, before clamping. With no new occurrence it moves only towards zero. */
export function eachPoints(spec: EachSpec, tally: Tally, t: Instant): number {
  switch (spec.form) {
    case 'count':
      return spec.points * tally.n
    case 'half_life':
      return faded(spec, tally, t)
    case 'list':
      return listPoints(spec, tally.times, t)
  }
}

function listPoints(spec: EachSpec, times: readonly Instant[], t: Instant): number {
  const { decay, windowMs } = spec
  if (decay.kind === 'none' || decay.kind === 'expires') {
    return spec.points * (times.length - firstAfter(times, t - spec.lifeMs))
  }
  let sum = 0
  // Newest first, so that what was forgotten at the other end cannot change the order of additions.
  for (let index = times.length - 1; index >= 0 && t - times[index] < windowMs; index--) {
    sum += weightAt(decay, t - times[index])
  }
  return spec.points * sum
}

/** Micro-points of the criterion at `t`, clamped; a fraction while they fade. */
export const eachValue = (spec: EachSpec, bounds: Clamp, tally: Tally | undefined, t: Instant): number =>
  clamp(tally === undefined ? 0 : eachPoints(spec, tally, t), bounds)

/** Whether points fade from one millisecond to the next, not in steps whose instants are known. */
export const isSmooth = ({ form, decay }: EachSpec): boolean =>
  form === 'half_life' || (form === 'list' && (decay.kind === 'half_life' || decay.kind === 'linear'))

/** How fast points that fade smoothly go at `t`, per millisecond: of the sign of the points. */
export function eachLoss(spec: EachSpec, tally: Tally | undefined, value: number, t: Instant): number {
  const { decay } = spec
  if (decay.kind === 'half_life') return (value * Math.LN2) / decay.halfLifeMs
  if (decay.kind !== 'linear' || tally === undefined) return 0
  const sloping = firstAfter(tally.times, t - decay.afterMs) - firstAfter(tally.times, t - spec.lifeMs)
  return (sloping * spec.points) / decay.overMs
}

/** Whether points that fade in a straight line do so along one all the way from `a` to `b`: nothing begins or ends to fade. */
export function isStraight({ decay, lifeMs }: EachSpec, tally: Tally | undefined, a: Instant, b: Instant): boolean {
  if (decay.kind !== 'linear' || tally === undefined) return false
  const { times } = tally
  const { afterMs } = decay
  return (
    firstAfter(times, a - afterMs) === firstAfter(times, b - afterMs) &&
    firstAfter(times, a - lifeMs) === firstAfter(times, b - lifeMs)
  )
}

/**
 * Instant up to which the points stay what they are at `t`: `t + 1` where they fade smoothly.
 * @param value  those points
 */
export function eachUntil(spec: EachSpec, tally: Tally | undefined, value: number, t: Instant): Instant {
  if (tally === undefined || tally.n === 0 || spec.form === 'count') return Infinity
  if (spec.form === 'half_life') return value === 0 ? Infinity : t + 1
  const { times } = tally
  const first = firstAfter(times, t - spec.lifeMs)
  if (first === times.length) return Infinity
  if (isSmooth(spec)) return t + 1
  const ends = times[first] + spec.lifeMs
  return spec.decay.kind === 'steps' ? Math.min(ends, nextStep(spec.decay.everyMs, times, first, t)) : ends
}

/** When the next of the instants from place `first` on loses another share. */
function nextStep(everyMs: number, times: readonly Instant[], first: number, t: Instant): Instant {
  let next = Infinity
  for (let index = first; index < times.length; index++) {
    next = Math.min(next, times[index] + everyMs * (Math.floor((t - times[index]) / everyMs) + 1))
  }
  return next
}
