/** Rates and counts with intervals that hold for few cases too. All are closed formulas: the same numbers, the same interval. */
import { deviationsAround } from './normal.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

export interface Rate extends Interval {
  /** null where there was nothing to count. */
  readonly rate: number | null
}

/**
 * A share of cases with its score interval (Wilson 1927, without continuity correction).
 * @param successes  0 … trials; may be a fraction where cases are weighted
 * @returns with no trials `rate` is null and everything from 0 to 1 is possible
 */
export function wilson(successes: number, trials: number, confidence = 0.95): Rate {
  if (!(trials > 0)) return { rate: null, low: 0, high: 1 }
  const z2 = deviationsAround(confidence) ** 2
  const rate = successes / trials
  const centre = (successes + z2 / 2) / (trials + z2)
  const half = Math.sqrt(z2 * (rate * (1 - rate) * trials + z2 / 4)) / (trials + z2)
  return {
    rate,
    low: successes === 0 ? 0 : Math.min(rate, Math.max(0, centre - half)), // 0 and 1 exactly, whatever rounding does
    high: successes === trials ? 1 : Math.max(rate, Math.min(1, centre + half)),
  }
}

export interface Count {
  readonly successes: number
  readonly trials: number
}

export interface Difference extends Interval {
  /** null where one side has no trials. */
  readonly difference: number | null
}

/**
 * Rate of the first minus rate of the second, with the hybrid score interval (Newcombe 1998, method 10), which puts the Wilson
 * intervals of both together. Where it holds 0, the evidence does not tell them apart.
 */
export function differenceOfRates(first: Count, second: Count, confidence = 0.95): Difference {
  const a = wilson(first.successes, first.trials, confidence)
  const b = wilson(second.successes, second.trials, confidence)
  if (a.rate === null || b.rate === null) return { difference: null, low: -1, high: 1 }
  const difference = a.rate - b.rate
  return {
    difference,
    low: difference - Math.hypot(a.rate - a.low, b.high - b.rate),
    high: difference + Math.hypot(a.high - a.rate, b.rate - b.low),
  }
}

export interface PerUnit extends Interval {
  /** null where there was no unit. */
  readonly perUnit: number | null
}

/**
 * Events per unit (leads a week), with the score interval of a Poisson rate: (x + z²/2 ± z·√(x + z²/4)) / units.
 * @param units  how many units were watched; need not be whole
 */
export function perUnit(events: number, units: number, confidence = 0.95): PerUnit {
  if (!(units > 0)) return { perUnit: null, low: 0, high: Number.POSITIVE_INFINITY }
  const z = deviationsAround(confidence)
  const half = z * Math.sqrt(events + (z * z) / 4)
  return {
    perUnit: events / units,
    low: events === 0 ? 0 : (events + (z * z) / 2 - half) / units,
    high: (events + (z * z) / 2 + half) / units,
  }
}

export interface Median {
  readonly median: number | null
  /** null: too few values for an interval of that confidence. */
  readonly low: number | null
  readonly high: number | null
}

/**
 * The middle value, with the values between whose ranks it lies (Campbell & Gardner 1988): n/2 − z√n/2 and 1 + n/2 + z√n/2,
 * rounded to the nearest whole. Assumes nothing of the distribution.
 */
export function medianOf(values: readonly number[], confidence = 0.95): Median {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  if (n === 0) return { median: null, low: null, high: null }
  const median = (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2
  const half = (deviationsAround(confidence) * Math.sqrt(n)) / 2
  const lowRank = Math.round(n / 2 - half)
  const highRank = Math.round(1 + n / 2 + half)
  if (lowRank < 1 || highRank > n) return { median, low: null, high: null }
  return { median, low: sorted[lowRank - 1], high: sorted[highRank - 1] }
}
