/** What single leads contribute to shares and medians, of one version or of two together. */
import { DAY_MS } from '../time.ts'
import { Patterns } from './estimate.ts'
import type { Reading } from './reading.ts'
import type { Outcome } from './result.ts'

/** For each version two columns: handed over in the period and followed with that outcome, and handed over and followed. */
export function handoverOutcomes(readings: readonly Reading[], outcome: Outcome): Patterns {
  const patterns = new Patterns(2 * readings.length)
  const [{ truth, count }] = readings
  for (let lead = 0; lead < count; lead++) {
    const values = readings.flatMap(({ trace }) => {
      const at = trace.handoverAt[lead]
      if (!truth.isInPeriod(at) || !truth.isFollowed(lead, at)) return [0, 0]
      return [Number(truth.hasOutcome(lead, at, outcome)), 1]
    })
    if (values.includes(1)) patterns.add(...values)
  }
  return patterns
}

/** For each version two columns: won in the period and handed over before, and won in the period. */
export function recallOf(readings: readonly Reading[]): Patterns {
  const patterns = new Patterns(2 * readings.length)
  const [{ truth, count }] = readings
  for (let lead = 0; lead < count; lead++)
    if (truth.isWin(lead)) patterns.add(...readings.flatMap((reading) => [Number(reading.isSeenComing(lead)), 1]))
  return patterns
}

const MONTH_DAYS = 30.4375

/** For each version a column of changes, and one of the months that a lead was there in the period. */
export function flappingPatterns(readings: readonly Reading[]): Patterns {
  const [{ count, traces, options }] = readings
  const changes = readings.map((reading) => {
    const counts = new Uint32Array(count)
    reading.flapping((lead, each) => (counts[lead] = each))
    return counts
  })
  const patterns = new Patterns(readings.length + 1)
  for (let lead = 0; lead < count; lead++) {
    const ms = options.to - Math.max(options.from, traces.firstAt[lead])
    const days = Math.ceil(ms / DAY_MS)
    patterns.add(...changes.map((counts) => Math.min(65_535, counts[lead])), Math.min(65_535, days))
  }
  const months = patterns.columns[readings.length]
  for (let place = 0; place < months.length; place++) months[place] /= MONTH_DAYS
  return patterns
}

/** Days from the handover to the win; NaN where the lead was not handed over before. */
export function leadTimeOf(reading: Reading, lead: number): number {
  if (!reading.isSeenComing(lead)) return Number.NaN
  return (reading.truth.wonAt[lead] - reading.trace.handoverAt[lead]) / DAY_MS
}

/** The value below which half of the weight lies; values that are NaN have none. @param order  places by rising value */
export function weightedMedian(
  values: ArrayLike<number>,
  order: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  let total = 0
  for (let place = 0; place < values.length; place++) if (!Number.isNaN(values[place])) total += weights[place]
  if (total === 0) return Number.NaN
  let sum = 0
  let low = Number.NaN
  for (let index = 0; index < order.length; index++) {
    const place = order[index]
    if (Number.isNaN(values[place]) || weights[place] === 0) continue
    if (!Number.isNaN(low)) return (low + values[place]) / 2
    sum += weights[place]
    if (sum * 2 > total) return values[place]
    if (sum * 2 === total) low = values[place]
  }
  return low
}
