/**
 * Intervals by resampling: every unit (a lead) gets a weight that is drawn anew in every replicate, independently of the others, from a
 * Poisson distribution of mean 1 (the Poisson bootstrap: Hanley & MacGibbon 2006, Chamandy et al. 2012). Units that contribute alike
 * are drawn together: the sum of n such weights has a Poisson distribution of mean n. The interval lies between percentiles of what the
 * replicates come to (Efron 1979).
 */
import { Random } from './random.ts'
import type { Interval } from './rates.ts'

export interface BootstrapOptions {
  readonly replicates: number
  readonly seed: number
  readonly confidence?: number
}

/** Of replicates in which nothing could be worked out: beyond this share there is no interval. */
const EMPTY_MAX = 0.05

/**
 * @param counts  how many units contribute alike, by group
 * @param statistic  of the weights of the groups; NaN where it does not exist. Paired figures come from one statistic of both
 * @returns null where too many replicates had nothing to work it out from
 */
export function bootstrap(
  counts: ArrayLike<number>,
  statistic: (weights: Float64Array) => number,
  { replicates, seed, confidence = 0.95 }: BootstrapOptions,
): Interval | null {
  return bootstrapAll(counts, (weights) => [statistic(weights)], { replicates, seed, confidence })[0]
}

/**
 * Several figures of the same draws, which are most of the work.
 * @param statistics  of the weights of the groups, always as many
 */
export function bootstrapAll(
  counts: ArrayLike<number>,
  statistics: (weights: Float64Array) => readonly number[],
  { replicates, seed, confidence = 0.95 }: BootstrapOptions,
): (Interval | null)[] {
  const random = new Random(seed)
  const weights = new Float64Array(counts.length)
  const found: number[][] = []
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (let group = 0; group < weights.length; group++) weights[group] = random.poisson(counts[group])
    statistics(weights).forEach((value, index) => {
      const values = (found[index] ??= [])
      if (!Number.isNaN(value)) values.push(value)
    })
  }
  return found.map((values) => (values.length < replicates * (1 - EMPTY_MAX) ? null : percentiles(values, confidence)))
}

/** What lies between the outer percentiles. @param values  not empty */
export function percentiles(values: ArrayLike<number>, confidence = 0.95): Interval {
  const sorted = Float64Array.from(values).sort()
  const tail = (1 - confidence) / 2
  return { low: quantileOf(sorted, tail), high: quantileOf(sorted, 1 - tail) }
}

/** Between two values in proportion (Hyndman & Fan 1996, type 7). @param sorted  rising, not empty */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)]
  const high = sorted[Math.ceil(place)]
  return low + (high - low) * (place - Math.floor(place))
}
