/** Two versions over the same leads. */
import { bootstrap, bootstrapAll } from '../stats/bootstrap.ts'
import type { Capture } from './captured.ts'
import { Patterns, replicatesFor } from './estimate.ts'
import type { Reading } from './reading.ts'
import type { BacktestOptions, Comparison, Estimate } from './result.ts'
import { flappingPatterns, handoverOutcomes, leadTimeOf, recallOf, weightedMedian } from './shares.ts'

export interface Side {
  readonly reading: Reading
  readonly capture: Capture
}

export type Difference = Comparison['differences'][number]
type Figure = Difference['figure']

/**
 * What sales captures at one capacity, which takes about as long as everything else together.
 * @param perWeek  how many leads sales takes a week, the same for both
 */
export function compareCaptured(first: Side, later: Side, perWeek: number, drawing: Drawing): Difference[] {
  const captured = differenceOfCaptured(first, later, perWeek, drawing)
  return [judged('revenueAtCapacity', captured.revenue), judged('winsAtCapacity', captured.wins)]
}

/** Everything else. */
export function compareOthers(first: Reading, later: Reading, drawing: Drawing): Comparison {
  const pair = [first, later] as const
  return {
    version: later.about.name,
    against: first.about.name,
    differences: [
      rates('precision', handoverOutcomes(pair, 'won'), drawing),
      rates('acceptance', handoverOutcomes(pair, 'accepted'), drawing),
      rates('recall', recallOf(pair), drawing),
      judged('leadTime', differenceOfLeadTime(pair, drawing)),
      judged('handedOver', differenceOfHandedOver(pair, drawing)),
      judged('flapping', differenceOfFlapping(pair, drawing)),
    ],
    migration: migrations(first, later),
  }
}

/** In the order in which they are read: what sales captures stands behind the three rates. */
export const withCaptured = (others: Comparison, captured: readonly Difference[]): Comparison => ({
  ...others,
  differences: [...others.differences.slice(0, RATES), ...captured, ...others.differences.slice(RATES)],
})

const RATES = 3

type Drawing = Pick<Required<BacktestOptions>, 'replicates' | 'seed'>

/** More of these is neither better nor worse by itself. */
const NEUTRAL: readonly Figure[] = ['leadTime', 'handedOver']
/** Less is better. */
const BURDENS: readonly Figure[] = ['flapping']

function judged(figure: Figure, difference: Estimate): Difference {
  return { figure, difference, verdict: verdictOf(figure, difference) }
}

function verdictOf(figure: Figure, { low, high }: Estimate): Difference['verdict'] {
  if (low === null || high === null || (low <= 0 && high >= 0)) return 'not enough evidence'
  if (NEUTRAL.includes(figure)) return low > 0 ? 'more' : 'fewer'
  return low > 0 === !BURDENS.includes(figure) ? 'better' : 'worse'
}

function paired(
  counts: ArrayLike<number>,
  statistic: (weights: ArrayLike<number>) => number,
  { replicates, seed }: Drawing,
  count: number,
): Estimate {
  const value = statistic(counts)
  if (Number.isNaN(value)) return { value: null, low: null, high: null, count }
  const asked = replicatesFor(replicates, counts.length)
  const interval = bootstrap(counts, statistic, { replicates: asked, seed })
  return { value, low: interval?.low ?? null, high: interval?.high ?? null, count }
}

/** Successes and trials of the first in the columns 0 and 1, of the later in 2 and 3. */
function rates(figure: Figure, patterns: Patterns, drawing: Drawing): Difference {
  const difference = (weights: ArrayLike<number>) =>
    patterns.sum(2, weights) / patterns.sum(3, weights) - patterns.sum(0, weights) / patterns.sum(1, weights)
  const count = patterns.counts.reduce((sum, each) => sum + each, 0)
  return judged(figure, paired(patterns.counts, difference, drawing, count))
}

function differenceOfHandedOver([first, later]: readonly [Reading, Reading], drawing: Drawing): Estimate {
  const patterns = new Patterns(2)
  const { truth } = first
  for (let lead = 0; lead < first.count; lead++) {
    const one = truth.isInPeriod(first.trace.handoverAt[lead])
    const other = truth.isInPeriod(later.trace.handoverAt[lead])
    if (one || other) patterns.add(Number(one), Number(other))
  }
  const count = patterns.counts.reduce((sum, each) => sum + each, 0)
  return paired(patterns.counts, (weights) => patterns.sum(1, weights) - patterns.sum(0, weights), drawing, count)
}

function differenceOfFlapping([first, later]: readonly [Reading, Reading], drawing: Drawing): Estimate {
  const patterns = flappingPatterns([first, later])
  const difference = (weights: ArrayLike<number>) =>
    (patterns.sum(1, weights) - patterns.sum(0, weights)) / patterns.sum(2, weights)
  return paired(patterns.counts, difference, drawing, first.count)
}

function differenceOfLeadTime([first, later]: readonly [Reading, Reading], drawing: Drawing): Estimate {
  const leads: number[] = []
  const { truth } = first
  for (let lead = 0; lead < first.count; lead++)
    if (truth.isWin(lead) && (first.isSeenComing(lead) || later.isSeenComing(lead))) leads.push(lead)
  const medians = [first, later].map((reading) => {
    const days = leads.map((lead) => leadTimeOf(reading, lead))
    const known = [...days.keys()].filter((place) => !Number.isNaN(days[place]))
    const order = Uint32Array.from(known.sort((a, b) => days[a] - days[b]))
    return (weights: ArrayLike<number>) => weightedMedian(days, order, weights)
  })
  const difference = (weights: ArrayLike<number>) => medians[1](weights) - medians[0](weights)
  return paired(new Uint8Array(leads.length).fill(1), difference, drawing, leads.length)
}

function differenceOfCaptured(first: Side, later: Side, perWeek: number, { replicates, seed }: Drawing) {
  // One weight a lead, whichever version looks at it.
  const places = new Map<number, number>()
  const sides = [first.capture, later.capture].map((capture) => {
    const own = Uint32Array.from(capture.leads, (lead) => {
      const place = places.get(lead) ?? places.size
      places.set(lead, place)
      return place
    })
    return { capture, own, weights: new Float64Array(own.length), shares: new Float64Array(2) }
  })
  const counts = new Uint8Array(places.size).fill(1)
  const read = (weights: ArrayLike<number>): number[] => {
    for (const { capture, own, weights: drawn, shares } of sides) {
      for (let place = 0; place < own.length; place++) drawn[place] = weights[own[place]]
      capture.shareAt(perWeek, drawn, shares)
    }
    const [one, other] = sides
    return [other.shares[0] - one.shares[0], other.shares[1] - one.shares[1]]
  }
  const count = first.reading.wins
  const values = read(counts)
  const isAny = values.some((value) => !Number.isNaN(value))
  const intervals = isAny
    ? bootstrapAll(counts, read, { replicates: replicatesFor(replicates, 4 * places.size), seed })
    : []
  const [wins, revenue] = values.map((value, index): Estimate => {
    const interval = Number.isNaN(value) ? null : intervals[index]
    return {
      value: Number.isNaN(value) ? null : value,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      count,
    }
  })
  return { wins, revenue }
}

// --- Who moves -------------------------------------------------------------------------------------------------------

function migrations(first: Reading, later: Reading): Comparison['migration'] {
  const both = first.about.categories.filter(({ name }) => later.about.categories.some((other) => other.name === name))
  return ['stage', ...both.map(({ name }) => name)].map((category) => ({
    category,
    cells: cellsOf(first, later, category),
  }))
}

function cellsOf(first: Reading, later: Reading, category: string): Comparison['migration'][number]['cells'] {
  const counts = new Map<string, { from: string; to: string; leads: number }>()
  eachMove(first, later, category, (_, from, to) => {
    const key = JSON.stringify([from, to])
    const cell = counts.get(key) ?? { from, to, leads: 0 }
    cell.leads += 1
    counts.set(key, cell)
  })
  return [...counts.values()]
}

/** Visits each lead with where it stands at the end of the period under both. */
export function eachMove(
  first: Reading,
  later: Reading,
  category: string,
  visit: (lead: number, from: string, to: string) => void,
): void {
  const [one, other] = [first, later].map((reading) => {
    const standing = reading.standing(reading.nodeOf(category))
    const names = reading.namesOf(category)
    return (lead: number): string | undefined => names[standing[lead]]
  })
  for (let lead = 0; lead < first.count; lead++) {
    const [from, to] = [one(lead), other(lead)]
    if (from !== undefined && to !== undefined) visit(lead, from, to)
  }
}
