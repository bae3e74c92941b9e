/**
 * The first instant at which a fading score leaves the band that it lies in: no comparison tells two values of a band apart.
 * Exact to the millisecond: only intervals that provably hold no change are skipped.
 */
import type { Range } from '../plan/kleene.ts'
import type { Course, Glance } from '../plan/scores.ts'
import type { Instant } from '../time.ts'

/** A score as time passes, in whole micro-points. */
export interface Fading {
  readonly at: (t: Instant) => Glance
  readonly over: (a: Instant, b: Instant) => Course
}

const FIRST_STEP_MS = 3_600_000

const isIn = ({ low, high }: Range, value: number) => value >= low && value <= high

/**
 * The way out of a band for a score that moves one way only.
 * @returns the first instant in `(from, to]` at which it lies outside; ∞ if there is none
 */
export function firstExit(band: Range, fading: Fading, from: Instant, to: Instant): Instant {
  if (isIn(band, fading.at(to).value)) return Infinity
  if (to < Infinity) return exitBetween(band, fading, from, to)
  // An endless stretch is searched in growing steps: what fades for ever changes early if at all.
  let [low, step] = [from, FIRST_STEP_MS]
  for (; isIn(band, fading.at(low + step).value); step *= 4) low += step
  return exitBetween(band, fading, low, low + step)
}

/** @param from  still inside @param to  outside */
function exitBetween(band: Range, fading: Fading, from: Instant, to: Instant): Instant {
  let [low, high] = [from, to]
  let t = from
  let there = fading.at(from)
  const isFalling = !isIn({ low: band.low, high: Infinity }, fading.at(to).value)
  for (let guesses = 1; high - low > 1; guesses++) {
    const guess = Math.ceil(t + reach(there, isFalling ? band.low - 0.5 : band.high + 0.5))
    // Where guesses lead nowhere or gain too little, halving makes sure of an end.
    const isGood = guess >= low && guess <= high && guesses % 8 > 0
    t = isGood ? Math.min(high - 1, Math.max(low + 1, guess)) : Math.floor((low + high) / 2)
    there = fading.at(t)
    if (isIn(band, there.value)) low = t
    else high = t
  }
  return high
}

/** How long until the score is at an edge, if all that fades had one half-life: exact where it has. NaN if it never is. */
function reach({ sum, part, lossPerMs }: Glance, edge: number): number {
  return (part / lossPerMs) * Math.log(part / (edge - (sum - part)))
}

/**
 * The way out of a band for a score that may fall and rise.
 * @returns the first instant in `(from, to]` at which it lies outside; ∞ if there is none
 */
export function firstExitEitherWay(band: Range, fading: Fading, from: Instant, to: Instant): Instant {
  const course = fading.over(from, to)
  if (isWithin(course, band)) return Infinity
  if (course.isOneWay) return firstExit(band, fading, from, to)
  for (let low = from, step = FIRST_STEP_MS; low < to; step *= 4) {
    const high = Math.min(low + step, to)
    const found = searchHalves(band, fading, low, high)
    if (found < Infinity) return found
    low = high
  }
  return Infinity
}

const isWithin = (inner: Range, outer: Range) => inner.low >= outer.low && inner.high <= outer.high

function searchHalves(band: Range, fading: Fading, a: Instant, b: Instant): Instant {
  const course = fading.over(a, b)
  if (isWithin(course, band)) return Infinity
  if (b - a <= 1) return isIn(band, fading.at(b).value) ? Infinity : b
  if (course.isOneWay) return firstExit(band, fading, a, b)
  const middle = Math.floor((a + b) / 2)
  const found = searchHalves(band, fading, a, middle)
  return found < Infinity ? found : searchHalves(band, fading, middle, b)
}
