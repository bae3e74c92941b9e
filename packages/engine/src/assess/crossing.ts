/**
 * The first instant at which a fading score leaves or enters one of the ranges that it is compared with. Exact to the
 * millisecond: only intervals that provably hold no change are skipped.
 */
import type { Range } from '../plan/kleene.ts'
import type { Instant } from '../time.ts'

/** A score as time passes, in whole micro-points. */
export interface Fading {
  readonly at: (t: Instant) => number
  /** Bounds of its values anywhere from one instant to another. */
  readonly over: (a: Instant, b: Instant) => Range
  /** Whether it may fall and rise; otherwise it moves one way only, and the search is direct. */
  readonly isBothWays: boolean
}

interface Search {
  readonly ranges: readonly Range[]
  readonly fading: Fading
  readonly start: number
}

const FIRST_STEP_MS = 3_600_000

/**
 * @returns the first instant in `(from, to]` at which the score lies in other ranges than at `from`; ∞ if there is none
 */
export function firstFlip(ranges: readonly Range[], fading: Fading, from: Instant, to: Instant): Instant {
  const search: Search = { ranges, fading, start: fading.at(from) }
  if (isSafe(search, from, to)) return Infinity
  let low = from
  // An endless stretch is searched in growing steps: what fades for ever changes early if at all.
  for (let step = FIRST_STEP_MS; low < to; step *= 4) {
    const high = Math.min(low + step, to)
    const found = fading.isBothWays ? searchBothWays(search, low, high) : searchOneWay(search, low, high)
    if (found < Infinity) return found
    low = high
  }
  return Infinity
}

/** Whether the score provably stays in the same ranges throughout `[a, b]`. */
function isSafe({ ranges, fading, start }: Search, a: Instant, b: Instant): boolean {
  const { low, high } = fading.over(a, b)
  return ranges.every((range) => staysPut(range, start, low, high))
}

/** A score outside a range may pass it between two instants: what counts is that no value lies in it. */
function staysPut(range: Range, start: number, low: number, high: number): boolean {
  return isIn(range, start) ? low >= range.low && high <= range.high : high < range.low || low > range.high
}

const isOther = ({ ranges, fading, start }: Search, t: Instant): boolean => {
  const now = fading.at(t)
  return ranges.some((range) => isIn(range, now) !== isIn(range, start))
}

const isIn = (range: Range, value: number) => value >= range.low && value <= range.high

function searchBothWays(search: Search, a: Instant, b: Instant): Instant {
  if (isSafe(search, a, b)) return Infinity
  if (b - a <= 1) return isOther(search, b) ? b : Infinity
  const middle = Math.floor((a + b) / 2)
  const found = searchBothWays(search, a, middle)
  return found < Infinity ? found : searchBothWays(search, middle, b)
}

/**
 * A score that moves one way crosses the nearest edge ahead once. Guesses lie on the exponential through both ends, with a
 * halving whenever a guess has gained little.
 */
function searchOneWay(search: Search, a: Instant, b: Instant): Instant {
  const { fading, start } = search
  let [low, high] = [a, b]
  let [lowValue, highValue] = [fading.at(a), fading.at(b)]
  if (lowValue === highValue) return Infinity
  const isFalling = highValue < lowValue
  const edge = nextEdge(search.ranges, start, isFalling)
  const isPast = (value: number) => (isFalling ? value < edge : value > edge)
  if (!isPast(highValue)) return Infinity
  for (let halve = false; high - low > 1;) {
    const guess = halve
      ? (low + high) / 2
      : interpolate(low, lowValue, high, highValue, edge + (isFalling ? -0.5 : 0.5))
    const t = Math.min(high - 1, Math.max(low + 1, Math.round(guess)))
    const value = fading.at(t)
    const width = high - low
    if (isPast(value)) [high, highValue] = [t, value]
    else [low, lowValue] = [t, value]
    halve = !halve && high - low > width / 2
  }
  return high
}

/** The last value before leaving the present ranges: going down, the lowest still inside; going up, the highest. */
function nextEdge(ranges: readonly Range[], start: number, isFalling: boolean): number {
  const edges = isFalling
    ? ranges.flatMap(({ low, high }) => [low, high + 1]).filter((edge) => edge <= start)
    : ranges.flatMap(({ low, high }) => [low - 1, high]).filter((edge) => edge >= start)
  return isFalling ? Math.max(...edges) : Math.min(...edges)
}

function interpolate(low: Instant, lowValue: number, high: Instant, highValue: number, target: number): number {
  const isExponential = lowValue * highValue > 0 && lowValue * target > 0
  const share = isExponential
    ? Math.log(lowValue / target) / Math.log(lowValue / highValue)
    : (lowValue - target) / (lowValue - highValue)
  return low + share * (high - low)
}
