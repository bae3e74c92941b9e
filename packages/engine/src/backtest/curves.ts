/** What moving a threshold would do: every threshold of a score, counted over the same replay. */
import type { Reading } from './reading.ts'
import type { ThresholdCurve } from './result.ts'
import { THRESHOLDS } from './traces.ts'

export function curveOf(reading: Reading, score: number): ThresholdCurve {
  const { trace, truth, weeks, about, count } = reading
  const { name, low, high, bounds } = about.scores[score]
  const reaches = trace.reaches[score]
  // Each lead adds to a run of thresholds: differences are noted at both ends and summed up afterwards.
  const [entered, followed, won, revenue, winsBefore] = Array.from(
    { length: 5 },
    () => new Float64Array(THRESHOLDS + 1),
  )
  const byWeek = weeks.map(() => new Float64Array(THRESHOLDS + 1))
  const add = (values: Float64Array, first: number, last: number, amount: number) => {
    values[first] += amount
    values[last + 1] -= amount
  }
  const isReached = new Uint8Array(THRESHOLDS)
  for (let lead = 0; lead < count; lead++) {
    const wonAt = truth.wonAt[lead]
    const isWin = truth.isWin(lead)
    if (isWin) isReached.fill(0).fill(1, 0, reaches.before[lead])
    for (let index = reaches.offsets[lead]; index < reaches.offsets[lead + 1]; index++) {
      const at = reaches.at[index]
      const first = reaches.low[index]
      const last = reaches.high[index]
      add(entered, first, last, 1)
      const week = reading.weekOf(at)
      if (week >= 0) add(byWeek[week], first, last, 1)
      if (isWin && at < wonAt) isReached.fill(1, first, last + 1)
      if (!truth.isFollowed(lead, at)) continue
      add(followed, first, last, 1)
      if (!truth.isWonAfter(lead, at)) continue
      add(won, first, last, 1)
      add(revenue, first, last, truth.revenueAfter(lead, at))
    }
    if (isWin)
      for (let place = 0; place < THRESHOLDS; place++) if (isReached[place] === 1) add(winsBefore, place, place, 1)
  }
  const perThreshold = byWeek.map(summed)
  const weekly = (pick: (sorted: Float64Array) => number) =>
    Array.from({ length: THRESHOLDS }, (_, place) => {
      if (weeks.length === 0) return 0
      return pick(Float64Array.from(perThreshold, (week) => week[place]).sort())
    })
  return {
    score: name,
    low,
    high,
    bounds,
    entered: summed(entered),
    followed: summed(followed),
    won: summed(won),
    revenue: summed(revenue),
    winsBefore: summed(winsBefore),
    perWeek: weekly((sorted) => sorted[(sorted.length - 1) >> 1]),
    perBusyWeek: weekly((sorted) => sorted[Math.ceil(sorted.length * 0.95) - 1]),
    perMeanWeek: weekly((sorted) => sorted.reduce((sum, each) => sum + each, 0) / sorted.length),
  }
}

function summed(differences: Float64Array): number[] {
  let sum = 0
  return Array.from({ length: THRESHOLDS }, (_, place) => (sum += differences[place]))
}
