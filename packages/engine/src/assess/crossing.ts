/**
 * The first instant at which a fading score leaves the band that it lies in: no comparison tells two values of a band apart.
 * Exact to the millisecond: only intervals that provably hold no change are skipped.
 */
import type { Range } from '../plan/kleene.ts'
import type { Instant } from '../time.ts'

/** A score as time passes, in whole micro-points. */
export interface Fading {
  readonly at: (t: Instant) => number
  /** Bounds of its values anywhere from one instant to another. */
  readonly over: (a: Instant, b: Instant) => Range
  /** Whether it provably moves one way only from one instant to another. */
  readonly isOneWay: (a: Instant, b: Instant) => boolean
}

const FIRST_STEP_MS = 3_600_000

const isIn = ({ low, high }: Range, value: number) => value >= low && value <= high

/**
 * The way out of a band for a score that moves one way only.
 * @param end  the score at `to`
 * @returns the first instant in `(from, to]` at which it lies outside; ∞ if there is none
 */
export function firstExit(
  band: Range,
  fading: Fading,
  { from, to, start, end }: { from: Instant; to: Instant; start: number; end: number },
): Instant {
  if (isIn(band, end)) return Infinity
  if (to < Infinity) return exitBetween(band, fading.at, { low: from, lowValue: start, high: to, highValue: end })
  // An endless stretch is searched in growing steps: what fades for ever changes early if at all.
  let [low, lowValue] = [from, start]
  for (let step = FIRST_STEP_MS; ; step *= 4) {
    const high = low + step
    const highValue = fading.at(high)
    if (!isIn(band, highValue)) return exitBetween(band, fading.at, { low, lowValue, high, highValue })
    ;[low, lowValue] = [high, highValue]
  }
}

interface Bracket {
  /** Still inside. */
  readonly low: Instant
  readonly lowValue: number
  /** Outside. */
  readonly high: Instant
  readonly highValue: number
}

/** Guesses lie on the exponential through both ends, with a halving whenever a guess has gained little. */
function exitBetween(band: Range, scoreAt: Fading['at'], bracket: Bracket): Instant {
  let { low, lowValue, high, highValue } = bracket
  const edge = highValue < lowValue ? band.low - 0.5 : band.high + 0.5
  for (let halve = false; high - low > 1;) {
    const guess = halve ? (low + high) / 2 : interpolate({ low, lowValue, high, highValue }, edge)
    const t = Math.min(high - 1, Math.max(low + 1, Math.round(guess)))
    const value = scoreAt(t)
    const width = high - low
    if (isIn(band, value)) [low, lowValue] = [t, value]
    else [high, highValue] = [t, value]
    halve = !halve && high - low > width / 2
  }
  return high
}

function interpolate({ low, lowValue, high, highValue }: Bracket, target: number): number {
  const isExponential = lowValue * highValue > 0 && lowValue * target > 0
  const share = isExponential
    ? Math.log(lowValue / target) / Math.log(lowValue / highValue)
    : (lowValue - target) / (lowValue - highValue)
  return low + share * (high - low)
}

/**
 * The way out of a band for a score that may fall and rise.
 * @returns the first instant in `(from, to]` at which it lies outside; ∞ if there is none
 */
export function firstExitEitherWay(band: Range, fading: Fading, from: Instant, to: Instant): Instant {
  if (isSafe(band, fading, from, to)) return Infinity
  if (fading.isOneWay(from, to)) {
    return firstExit(band, fading, { from, to, start: fading.at(from), end: fading.at(to) })
  }
  for (let low = from, step = FIRST_STEP_MS; low < to; step *= 4) {
    const high = Math.min(low + step, to)
    const found = searchBothHalves(band, fading, low, high)
    if (found < Infinity) return found
    low = high
  }
  return Infinity
}

/** Whether the score provably stays in the band throughout `[a, b]`. */
function isSafe(band: Range, fading: Fading, a: Instant, b: Instant): boolean {
  const { low, high } = fading.over(a, b)
  return low >= band.low && high <= band.high
}

function searchBothHalves(band: Range, fading: Fading, a: Instant, b: Instant): Instant {
  if (isSafe(band, fading, a, b)) return Infinity
  if (b - a <= 1) return isIn(band, fading.at(b)) ? Infinity : b
  if (fading.isOneWay(a, b)) return firstExit(band, fading, { from: a, to: b, start: fading.at(a), end: fading.at(b) })
  const middle = Math.floor((a + b) / 2)
  const found = searchBothHalves(band, fading, a, middle)
  return found < Infinity ? found : searchBothHalves(band, fading, middle, b)
}
