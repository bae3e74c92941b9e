/** Figures with their intervals. */
import { bootstrap, type BootstrapOptions } from '../stats/bootstrap.ts'
import { wilson } from '../stats/rates.ts'
import type { Estimate } from './result.ts'

export const NOTHING: Estimate = { value: null, low: null, high: null, count: 0 }

/** A share of leads. */
export function rateOf(successes: number, trials: number): Estimate {
  const { rate, low, high } = wilson(successes, trials)
  return rate === null ? NOTHING : { value: rate, low, high, count: trials }
}

/**
 * A figure with its bootstrap interval.
 * @param counts  how many leads contribute alike, by group; all with weight 1 give the figure itself
 */
export function estimateOf(
  counts: ArrayLike<number>,
  statistic: (weights: ArrayLike<number>) => number,
  { count, ...options }: BootstrapOptions & { count: number },
): Estimate {
  const value = statistic(counts)
  if (Number.isNaN(value)) return { ...NOTHING, count }
  const interval = bootstrap(counts, statistic, options)
  return { value, low: interval?.low ?? null, high: interval?.high ?? null, count }
}

const DRAWS_MAX = 8_000_000
const REPLICATES_MIN = 200

/** Fewer replicates where each takes long: beyond some thousands of leads chance hardly moves the percentiles. */
export const replicatesFor = (asked: number, draws: number): number =>
  Math.min(asked, Math.max(REPLICATES_MIN, Math.floor(DRAWS_MAX / Math.max(1, draws))))

/** Leads that contribute alike, counted by what they contribute: small whole numbers. */
export class Patterns {
  private readonly places = new Map<number, number>()
  readonly counts: number[] = []
  /** What each pattern contributes, side by side. */
  readonly columns: readonly number[][]

  constructor(width: number) {
    this.columns = Array.from({ length: width }, () => [])
  }

  /** @param values  each under 2^16, three at most */
  add(...values: readonly number[]): void {
    let key = 0
    for (const value of values) key = key * 65_536 + value
    const place = this.places.get(key)
    if (place !== undefined) {
      this.counts[place] += 1
      return
    }
    this.places.set(key, this.counts.length)
    this.counts.push(1)
    values.forEach((value, index) => this.columns[index].push(value))
  }

  sum(column: number, weights: ArrayLike<number>): number {
    const values = this.columns[column]
    let sum = 0
    for (let place = 0; place < values.length; place++) sum += values[place] * weights[place]
    return sum
  }
}
