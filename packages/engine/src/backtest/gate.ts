/** Can marketing deliver enough, can sales take it? */
import { bootstrap } from '../stats/bootstrap.ts'
import { DAY_MS, parseInstant, type Instant } from '../time.ts'
import type { Reading } from './reading.ts'
import type { BacktestOptions, Estimate, GateLine, ThresholdCurve } from './result.ts'
import type { VersionAbout } from './traces.ts'

type Limit = VersionAbout['capacity'][number]

const WORKDAYS = [1, 2, 3, 4, 5]
const DAYS_A_MONTH = 30.4375
/** How far from capacity still counts as balanced. */
export const TOLERANCE = 0.1

/** How many leads a team can take in a week, holidays taken off. */
export function capacityInWeek(
  { count, per }: Pick<Limit, 'count' | 'per'>,
  begin: Instant,
  { holidays = [], workdays = WORKDAYS }: Pick<BacktestOptions, 'holidays' | 'workdays'>,
): number {
  const off = new Set(holidays.map((date) => parseInstant(date.slice(0, 10))))
  const worked = workdays.filter((day) => !off.has(begin + (day - 1) * DAY_MS)).length
  const share = workdays.length === 0 ? 0 : worked / workdays.length
  const aWeek = per === 'day' ? count * workdays.length : per === 'week' ? count : (count * 7) / DAYS_A_MONTH
  return aWeek * share
}

/** The mean of the period's whole weeks; of an ordinary week where it has none. */
export function meanCapacity(limit: Limit, weeks: readonly Instant[], options: BacktestOptions): number {
  if (weeks.length === 0) return capacityInWeek(limit, 0, { ...options, holidays: [] })
  return weeks.reduce((sum, begin) => sum + capacityInWeek(limit, begin, options), 0) / weeks.length
}

/** @param entries  leads that entered the stage, by whole week */
export function gateLine(
  reading: Reading,
  limit: Limit,
  { entries, curves }: { readonly entries: readonly number[]; readonly curves: readonly ThresholdCurve[] },
): GateLine {
  const { options, weeks } = reading
  const capacity = meanCapacity(limit, weeks, options)
  const expected = bootstrapMean(entries, options)
  const { team, stage } = limit
  const verdict = verdictOf(capacity, expected)
  const proposal = verdict === 'balanced' ? null : proposalFor(reading, { stage, capacity, expected, curves })
  return { team, stage, capacity, expected, verdict, proposal }
}

/** The mean week, with weeks drawn anew. */
export function bootstrapMean(entries: readonly number[], { seed, replicates = 1000 }: BacktestOptions): Estimate {
  const count = entries.reduce((sum, each) => sum + each, 0)
  if (entries.length === 0) return { value: null, low: null, high: null, count }
  const mean = (weights: ArrayLike<number>) => {
    let [sum, weeks] = [0, 0]
    for (let week = 0; week < entries.length; week++) {
      sum += weights[week] * entries[week]
      weeks += weights[week]
    }
    return weeks > 0 ? sum / weeks : Number.NaN
  }
  const interval =
    entries.length < 2 ? null : bootstrap(new Uint8Array(entries.length).fill(1), mean, { replicates, seed })
  return { value: count / entries.length, low: interval?.low ?? null, high: interval?.high ?? null, count }
}

/** Surely beside capacity, and by more than a tenth; or surely near it. */
export function verdictOf(capacity: number, { value, low, high }: Estimate): GateLine['verdict'] {
  if (value === null || low === null || high === null) return 'unclear'
  const [least, most] = [capacity * (1 - TOLERANCE), capacity * (1 + TOLERANCE)]
  if (value > most && low > capacity) return 'flooded'
  if (value < least && high < capacity) return 'starved'
  const isNear = low >= capacity * (1 - 2 * TOLERANCE) && high <= capacity * (1 + 2 * TOLERANCE)
  return value >= least && value <= most && isNear ? 'balanced' : 'unclear'
}

interface Wanted {
  readonly stage: string
  readonly capacity: number
  readonly expected: Estimate
  readonly curves: readonly ThresholdCurve[]
}

/**
 * The smallest move of one threshold that brings the expected week to capacity: as the curve of the threshold has it, in proportion to
 * what enters the stage now.
 */
function proposalFor({ trace }: Reading, { stage, capacity, expected, curves }: Wanted): GateLine['proposal'] {
  if (expected.value === null || expected.value === 0) return null
  const gates = trace.about.gates[stage] ?? []
  const found = gates.flatMap(({ score, category, level, at }) => {
    const curve = curves.find((each) => each.score === score)
    if (curve === undefined) return []
    const step = (curve.high - curve.low) / 100
    const now = Math.round((at - curve.low) / step)
    const before = curve.perMeanWeek[now]
    if (before === undefined || before === 0) return []
    const volume = (place: number) => (expected.value! * curve.perMeanWeek[place]) / before
    const place = bestPlace(
      curve.perMeanWeek.map((_, index) => Math.abs(volume(index) - capacity)),
      now,
    )
    const isNearer = Math.abs(volume(place) - capacity) < Math.abs(expected.value! - capacity)
    if (place === now || !isNearer) return []
    return [{ score, category, level, from: at, to: curve.low + step * place, expected: volume(place) }]
  })
  // The one that comes nearest; of those that meet it within the tolerance, the smallest move.
  const isMet = ({ expected: volume }: { expected: number }) => Math.abs(volume - capacity) <= TOLERANCE * capacity
  const met = found.filter(isMet).sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from))
  const near = found.sort((a, b) => Math.abs(a.expected - capacity) - Math.abs(b.expected - capacity))
  return met[0] ?? near[0] ?? null
}

/** The least value; of several, the one nearest to `now`. */
function bestPlace(values: readonly number[], now: number): number {
  let best = now
  for (let place = 0; place < values.length; place++) {
    const isBetter = values[place] < values[best]
    const isNearer = values[place] === values[best] && Math.abs(place - now) < Math.abs(best - now)
    if (isBetter || isNearer) best = place
  }
  return best
}

/** Leads that entered a stage in each whole week: each once a week. */
export function entriesByWeek(reading: Reading): { readonly stages: number[][]; readonly levels: number[][][] } {
  const { about, weeks, stageNode } = reading
  const zeros = () => weeks.map(() => 0)
  const stages = about.stages.map(zeros)
  const levels = about.categories.map(({ levels: names }) => names.map(zeros))
  reading.eachWeekEntry((_, { node, place, week }) => {
    const counts = node === stageNode ? stages[place] : levels[node][place]
    counts[week] += 1
  })
  return { stages, levels }
}
