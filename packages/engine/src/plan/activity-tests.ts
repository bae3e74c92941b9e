/** Activity tests: which tally they need, and how they read it. */
import type { ActivityTest } from '../definition/language.ts'
import { parseDuration, type Instant } from '../time.ts'
import { FALSE, kleene, TRUE, UNKNOWN, type Kleene, type Range } from './kleene.ts'
import { countRange, microRange } from './points.ts'
import type { LeadState } from './state.ts'
import { firstAfter, type Tally, type TallySpec } from './tally.ts'

export interface ActivityReader {
  readonly spec: TallySpec
  /** Writes the result into a cell, and the instant until which it holds with no new occurrence. */
  readonly read: (tally: Tally, t: Instant, row: Row, cell: number) => void
}

/** Where results are written: a lead's cells. */
type Row = Pick<LeadState, 'value' | 'until'>

function write({ value, until }: Row, cell: number, result: Kleene, holdsUntil: Instant): void {
  value[cell] = result
  until[cell] = holdsUntil
}

const duration = (text: string | undefined) => (text === undefined ? Infinity : parseDuration(text))

export function compileActivityTest(test: ActivityTest): ActivityReader {
  const windowMs = duration(test.within)
  if (test.count) return readCount(countRange(test.count), windowMs)
  if (test.never) return readLatest({ windowMs, newerMs: Infinity, olderMs: 0 }, false)
  if (test.sum) return readValues(test.sum.of, windowMs, sumIn(microRange(test.sum)))
  if (test.average) return readValues(test.average.of, windowMs, averageIn(microRange(test.average)))
  if (test.distinct_days) return readDays(countRange(test.distinct_days), windowMs)
  if (test.trend) return readTrend(test.trend, windowMs)
  const { last } = test
  const olderMs = last?.longer_ago_than === undefined ? 0 : parseDuration(last.longer_ago_than)
  return readLatest({ windowMs, newerMs: duration(last?.within), olderMs }, true)
}

/** The latest occurrence is in the window, newer than one age and at least as old as another. */
function readLatest(ages: { windowMs: number; newerMs: number; olderMs: number }, wanted: boolean): ActivityReader {
  const newerMs = Math.min(ages.windowMs, ages.newerMs)
  const { olderMs } = ages
  return {
    spec: { kind: 'total', property: undefined },
    read: ({ last }, t, row, cell) => {
      const holds = t - last < newerMs && t - last >= olderMs
      const until = t - last < olderMs ? last + olderMs : t - last < newerMs ? last + newerMs : Infinity
      write(row, cell, kleene(holds === wanted), until)
    },
  }
}

function readCount(range: Range, windowMs: number): ActivityReader {
  if (windowMs === Infinity) return { spec: { kind: 'total', property: undefined }, read: readNumber(range) }
  // One more than the range can tell apart is enough: older ones leave the window first.
  const keep = Math.max(1, range.high === Infinity ? range.low : range.high + 1)
  return {
    spec: { kind: 'times', horizonMs: windowMs, keep: Number.isFinite(keep) ? keep : 1 },
    read: readWindow(windowMs, range),
  }
}

const readNumber =
  (range: Range): ActivityReader['read'] =>
  ({ n }, _t, row, cell) =>
    write(row, cell, kleene(n >= range.low && n <= range.high), Infinity)

/** Whether the number of instants in the window is in range, and when the emptying window changes that. */
const readWindow =
  (windowMs: number, { low, high }: Range): ActivityReader['read'] =>
  ({ times }, t, row, cell) => {
    const first = firstAfter(times, t - windowMs)
    const n = times.length - first
    if (n < low) write(row, cell, FALSE, Infinity)
    else if (n > high) write(row, cell, FALSE, high < 0 ? Infinity : times[first + n - high - 1] + windowMs)
    else write(row, cell, TRUE, low <= 0 ? Infinity : times[first + n - low] + windowMs)
  }

function readDays(range: Range, windowMs: number): ActivityReader {
  const spec = { kind: 'days', horizonMs: windowMs } as const
  return { spec, read: windowMs === Infinity ? readNumber(range) : readWindow(windowMs, range) }
}

/** @param sum  in micro-units over the occurrences whose property is a number · @param numeric  how many those are */
type Judge = (sum: number, numeric: number) => Kleene

const sumIn =
  (range: Range): Judge =>
  (sum) =>
    kleene(sum >= range.low && sum <= range.high)

const averageIn =
  (range: Range): Judge =>
  (sum, numeric) => {
    if (numeric === 0) return UNKNOWN
    const average = Math.floor(sum / numeric + 0.5)
    return kleene(average >= range.low && average <= range.high)
  }

function readValues(property: string, windowMs: number, judge: Judge): ActivityReader {
  if (windowMs === Infinity) {
    return {
      spec: { kind: 'total', property },
      read: ({ sum, numeric }, _t, row, cell) => write(row, cell, judge(sum, numeric), Infinity),
    }
  }
  return {
    spec: { kind: 'values', property, horizonMs: windowMs },
    read: ({ times, values }, t, row, cell) => {
      const first = firstAfter(times, t - windowMs)
      let sum = 0
      let numeric = 0
      for (let index = first; index < values.length; index++) {
        if (Number.isNaN(values[index])) continue
        sum += values[index]
        numeric += 1
      }
      write(row, cell, judge(sum, numeric), first < times.length ? times[first] + windowMs : Infinity)
    },
  }
}

/** Rates per day of two neighbouring windows, compared without dividing. */
function readTrend(trend: NonNullable<ActivityTest['trend']>, windowMs: number): ActivityReader {
  const againstMs = parseDuration(trend.against)
  const { at_least: atLeast, at_most: atMost } = trend
  return {
    spec: { kind: 'times', horizonMs: windowMs + againstMs, keep: Infinity },
    read: ({ times }, t, row, cell) => {
      const middle = firstAfter(times, t - windowMs)
      const first = firstAfter(times, t - windowMs - againstMs)
      const recent = times.length - middle
      const earlier = middle - first
      const rising = atLeast === undefined || (recent > 0 && recent * againstMs >= atLeast * earlier * windowMs)
      const falling = atMost === undefined || (earlier > 0 && recent * againstMs <= atMost * earlier * windowMs)
      const leavesRecent = middle < times.length ? times[middle] + windowMs : Infinity
      const leavesEarlier = first < middle ? times[first] + windowMs + againstMs : Infinity
      write(row, cell, kleene(rising && falling), Math.min(leavesRecent, leavesEarlier))
    },
  }
}
