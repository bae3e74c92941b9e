/** Traces → figures. */
import { quantileOf } from '../stats/bootstrap.ts'
import { capacitiesFor, Capture } from './captured.ts'
import { compareCaptured, compareOthers, withCaptured, type Difference } from './compare.ts'
import { curveOf } from './curves.ts'
import { estimateOf, NOTHING, Patterns, rateOf, replicatesFor } from './estimate.ts'
import { entriesByWeek, gateLine, meanCapacity } from './gate.ts'
import { loadLines } from './load.ts'
import { Reading } from './reading.ts'
import type {
  BacktestOptions,
  BacktestResult,
  Comparison,
  Estimate,
  LevelResult,
  NamedLead,
  ScoreBands,
  SplitResult,
  VersionResult,
  Week,
} from './result.ts'
import { flappingPatterns, handoverOutcomes, leadTimeOf, weightedMedian } from './shares.ts'
import { Truth } from './truth.ts'
import type { Snapshots, Traces } from './traces.ts'

const REPLICATES = 1000
const BANDS = 10
const NAMED_MAX = 20
const DAYS_MAX = 200
const LIFT_STEPS = 20
const SPLIT_VALUES_MAX = 30

/** Everything that a backtest says. */
export function measure(traces: Traces, options: BacktestOptions): BacktestResult {
  const measuring = new Measuring(traces, options)
  return measuring.join(piecesOf(traces.versions.length).map((piece) => measuring.piece(piece)))
}

/** A part of a result that waits for no other: plain data, for another thread to work it out. */
export interface MeasurePiece {
  readonly kind: 'counted' | 'drawn' | 'compared' | 'comparedCaptured'
  readonly version: number
}

/** What takes longest comes first. */
export const piecesOf = (versions: number): MeasurePiece[] =>
  (['comparedCaptured', 'drawn', 'compared', 'counted'] as const).flatMap((kind) =>
    Array.from({ length: versions }, (_, version) => ({ kind, version })).filter(
      ({ version }) => version > 0 || kind === 'counted' || kind === 'drawn',
    ),
  )

export type Measured = MeasurePiece & { readonly found: unknown }

/** The pieces of one result, and the result of them. */
export class Measuring {
  private readonly traces: Traces
  private readonly asked: BacktestOptions & { readonly replicates: number }
  private readonly readings: readonly Reading[]
  private readonly captures = new Map<number, Capture>()

  constructor(traces: Traces, options: BacktestOptions) {
    this.traces = traces
    this.asked = { ...options, replicates: options.replicates ?? REPLICATES }
    this.readings = readingsOf(traces, this.asked)
  }

  private capture(version: number): Capture {
    const known = this.captures.get(version) ?? new Capture(this.readings[version])
    this.captures.set(version, known)
    return known
  }

  piece({ kind, version }: MeasurePiece): Measured {
    return { kind, version, found: this.find(kind, version) }
  }

  private find(kind: MeasurePiece['kind'], version: number): unknown {
    const { asked, readings } = this
    const [first] = readings
    const side = (index: number) => ({ reading: readings[index], capture: this.capture(index) })
    switch (kind) {
      case 'counted':
        return counted(readings[version])
      case 'drawn':
        return drawn(readings[version], this.capture(version))
      case 'compared':
        return compareOthers(first, readings[version], asked)
      case 'comparedCaptured':
        return compareCaptured(side(0), side(version), capacityOf(first), asked)
    }
  }

  /** @param measured  all pieces, in any order */
  join(measured: readonly Measured[]): BacktestResult {
    const { traces, asked, readings } = this
    const found = (kind: MeasurePiece['kind'], version: number): unknown =>
      measured.find((each) => each.kind === kind && each.version === version)!.found
    const truth = new Truth(traces, asked)
    let [wins, revenue] = [0, 0]
    for (let lead = 0; lead < traces.leads.length; lead++) {
      if (!truth.isWin(lead)) continue
      wins += 1
      revenue += truth.revenue(lead)
    }
    return {
      options: asked,
      leads: traces.leads.length,
      facts: traces.facts,
      wins,
      revenue,
      versions: readings.map((_, version) => ({
        ...(found('counted', version) as Counted),
        ...(found('drawn', version) as Drawn),
      })),
      comparisons: readings
        .slice(1)
        .map((_, index) =>
          withCaptured(
            found('compared', index + 1) as Comparison,
            found('comparedCaptured', index + 1) as Difference[],
          ),
        ),
    }
  }
}

export function readingsOf(traces: Traces, options: BacktestOptions): Reading[] {
  const truth = new Truth(traces, options)
  return traces.versions.map((_, version) => new Reading(traces, version, { truth, options }))
}

/** How many leads sales takes a week at the handover: what the definition says, else what the version hands over in a middling week. */
function capacityOf(reading: Reading): number {
  const said = saidCapacity(reading)
  if (said !== undefined) return said
  const weekly = handedOverByWeek(reading).sort((a, b) => a - b)
  return Math.max(1, weekly[weekly.length >> 1] ?? 1)
}

function saidCapacity({ about, weeks, options }: Reading): number | undefined {
  const limit = about.capacity.find(({ stage }) => stage === about.handover)
  return limit && Math.max(1, Math.round(meanCapacity(limit, weeks, options)))
}

function handedOverByWeek(reading: Reading): number[] {
  const counts = reading.weeks.map(() => 0)
  reading.eachHandover((_, at) => {
    const week = reading.weekOf(at)
    if (week >= 0) counts[week] += 1
  })
  return counts
}

/** What takes long to draw intervals for, as long as everything else together. */
type Drawn = Pick<VersionResult, 'captured' | 'leadTime'>
type Counted = Omit<VersionResult, keyof Drawn>

function drawn(reading: Reading, capture: Capture): Drawn {
  const { options } = reading
  const capacity = saidCapacity(reading)
  const capacities = capacitiesFor(capture.mostAWeek, capacity)
  const captured = capture.estimates(capacities, options.replicates ?? REPLICATES)
  return {
    leadTime: leadTimes(reading),
    captured: capacities.map((perWeek, index) => ({ perWeek, ...captured[index], isCapacity: perWeek === capacity })),
  }
}

function counted(reading: Reading): Counted {
  const { about, options } = reading
  const { stages, levels } = entriesByWeek(reading)
  const curves = about.scores.map((_, score) => curveOf(reading, score))
  const stageIndex = new Map(about.stages.map(({ id }, index) => [id, index]))
  const entriesOf = (stage: string) => stages[stageIndex.get(stage)!] ?? []
  const gate = about.capacity.map((limit) => gateLine(reading, limit, { entries: entriesOf(limit.stage), curves }))
  const won = handoverOutcomes([reading], 'won')
  const accepted = handoverOutcomes([reading], 'accepted')
  const followed = won.sum(1, won.counts)
  const levelResults = about.categories.flatMap(({ name, levels: names }) =>
    names.map((level) => levelResult(reading, name, level)),
  )
  let handedOver = 0
  reading.eachHandover(() => (handedOver += 1))
  return {
    name: about.name,
    handover: about.handover,
    handedOver,
    followed,
    weeks: weeksOfResult(reading, stages, levels),
    funnel: funnelOf(reading),
    levels: levelResults,
    precision: rateOf(won.sum(0, won.counts), followed),
    acceptance: rateOf(accepted.sum(0, accepted.counts), accepted.sum(1, accepted.counts)),
    recall: recallEstimate(reading),
    bands: about.scores.map((_, score) => bandsOf(reading, score)),
    calibration: calibrationOf(reading, levelResults),
    lift: liftOf(reading),
    missed: missedOf(reading),
    falseAlarms: falseAlarmsOf(reading),
    flapping: flappingOf(reading),
    splits: reading.trace.splits.map((_, split) => splitOf(reading, split)),
    thresholds: curves,
    gate,
    ...(options.reps !== undefined && { load: loadLines(reading, entriesOf) }),
    bottleneck: bottleneckOf(gate),
  }
}

function recallEstimate(reading: Reading): Estimate {
  let seen = 0
  for (let lead = 0; lead < reading.count; lead++)
    if (reading.truth.isWin(lead) && reading.isSeenComing(lead)) seen += 1
  return rateOf(seen, reading.wins)
}

function bottleneckOf(gate: VersionResult['gate']): VersionResult['bottleneck'] {
  const excess = ({ expected, capacity }: (typeof gate)[number]) => (expected.value ?? 0) / Math.max(capacity, 1e-9)
  const [worst] = gate.filter(({ verdict }) => verdict === 'flooded').sort((a, b) => excess(b) - excess(a))
  return worst === undefined ? null : { team: worst.team, stage: worst.stage }
}

// --- Volumes ---------------------------------------------------------------------------------------------------------

function weeksOfResult(reading: Reading, stages: number[][], levels: number[][][]): Week[] {
  const { about, truth, weeks } = reading
  const wins = weeks.map(() => 0)
  for (let lead = 0; lead < reading.count; lead++) {
    const week = truth.isWin(lead) ? reading.weekOf(truth.wonAt[lead]) : -1
    if (week >= 0) wins[week] += 1
  }
  const handedOver = handedOverByWeek(reading)
  return weeks.map((begin, week) => ({
    begin,
    handedOver: handedOver[week],
    stages: Object.fromEntries(about.stages.map(({ id }, index) => [id, stages[index][week]])),
    levels: Object.fromEntries(
      about.categories.map(({ name, levels: names }, index) => [
        name,
        Object.fromEntries(names.map((level, place) => [level, levels[index][place][week]])),
      ]),
    ),
    wins: wins[week],
  }))
}

function funnelOf(reading: Reading): VersionResult['funnel'] {
  const { about, stageNode, count, options, truth } = reading
  const path = about.stages.flatMap(({ isSide }, place) => (isSide ? [] : [place]))
  const entries = path.map((place) => {
    const at = new Float64Array(count).fill(Infinity)
    reading.eachEntry(stageNode, place, (lead, t) => (at[lead] = t))
    return at
  })
  return path.map((place, index) => {
    let [leads, followed, reached] = [0, 0, 0]
    for (let lead = 0; lead < count; lead++) {
      if (entries[index][lead] < Infinity) leads += 1
      const before = index === 0 ? Infinity : entries[index - 1][lead]
      if (before + truth.horizonMs >= options.to) continue
      followed += 1
      if (entries[index][lead] >= before && entries[index][lead] <= before + truth.horizonMs) reached += 1
    }
    return {
      stage: about.stages[place].id,
      leads,
      ofPrevious: index === 0 ? NOTHING : rateOf(reached, followed),
    }
  })
}

// --- What became of them ---------------------------------------------------------------------------------------------

function levelResult(reading: Reading, category: string, level: string): LevelResult {
  const { truth } = reading
  const { node, place } = reading.placeOf(category, level)!
  let [entered, followed, won, accepted, revenue] = [0, 0, 0, 0, 0]
  reading.eachEntry(node, place, (lead, at) => {
    entered += 1
    if (!truth.isFollowed(lead, at)) return
    followed += 1
    if (truth.isWonAfter(lead, at)) won += 1
    if (truth.isAccepted(lead, at)) accepted += 1
    revenue += truth.revenueAfter(lead, at)
  })
  return {
    category,
    level,
    entered,
    followed,
    won: rateOf(won, followed),
    accepted: rateOf(accepted, followed),
    revenue,
  }
}

function calibrationOf(reading: Reading, levels: readonly LevelResult[]): VersionResult['calibration'] {
  return reading.about.calibration.map(({ category, level, promised, points }) => {
    const found = levels.find((each) => each.category === category && each.level === level)
    const won = points === null ? (found?.won ?? NOTHING) : wonAtHandover(reading, points)
    return { category, level, promised, won }
  })
}

/** Of leads handed over with so many points. */
function wonAtHandover(
  reading: Reading,
  { score, from, below }: { readonly score: string; readonly from: number; readonly below: number },
): Estimate {
  const { about, trace, truth } = reading
  const index = about.scores.findIndex(({ name }) => name === score)
  let [followed, won] = [0, 0]
  reading.eachHandover((lead, at) => {
    const points = trace.atHandover.points[reading.rowAtHandover(lead) * about.scores.length + index]
    if (!(points >= from && points < below) || !truth.isFollowed(lead, at)) return
    followed += 1
    if (truth.isWonAfter(lead, at)) won += 1
  })
  return rateOf(won, followed)
}

function leadTimes(reading: Reading): VersionResult['leadTime'] {
  const days: number[] = []
  for (let lead = 0; lead < reading.count; lead++)
    if (reading.truth.isWin(lead) && reading.isSeenComing(lead)) days.push(leadTimeOf(reading, lead))
  const sorted = Float64Array.from(days).sort()
  if (sorted.length === 0) return { median: NOTHING, quartiles: null, days: [] }
  const order = Uint32Array.from(sorted.keys())
  const { replicates = REPLICATES, seed } = reading.options
  const median = estimateOf(
    new Uint8Array(sorted.length).fill(1),
    (weights) => weightedMedian(sorted, order, weights),
    { replicates: replicatesFor(replicates, sorted.length), seed, count: sorted.length },
  )
  const shown = Math.min(DAYS_MAX, sorted.length)
  return {
    median,
    quartiles: [quantileOf(sorted, 0.25), quantileOf(sorted, 0.75)],
    days: Array.from({ length: shown }, (_, index) => quantileOf(sorted, shown === 1 ? 0.5 : index / (shown - 1))),
  }
}

function bandsOf(reading: Reading, score: number): ScoreBands {
  const { name, low, high } = reading.about.scores[score]
  const step = (high - low) / BANDS
  const edges = Array.from({ length: BANDS }, (_, band) => ({ from: low + step * band, to: low + step * (band + 1) }))
  const counts = edges.map(() => new BandCounts())
  const places = edges.map(({ from, to }) => reading.bandOf(score, from, to))
  reading.eachBand(score, places, (_, band, { weeks, won }) => counts[band].add(weeks, won))
  return { score: name, bands: edges.map((edge, band) => ({ ...edge, ...counts[band].result(reading.options) })) }
}

/** Leads with as many weeks in a band, and as many of them won, contribute alike. */
class BandCounts {
  private readonly patterns = new Patterns(2)
  private leads = 0

  add(weeks: number, won: number): void {
    this.leads += 1
    this.patterns.add(weeks, won)
  }

  result({ replicates = REPLICATES, seed }: BacktestOptions): Omit<ScoreBands['bands'][number], 'from' | 'to'> {
    const { patterns, leads } = this
    const { counts } = patterns
    const share = (weights: ArrayLike<number>) => patterns.sum(1, weights) / patterns.sum(0, weights)
    const drawing = { replicates: replicatesFor(replicates, 10 * counts.length), seed, count: leads }
    const won = leads === 0 ? NOTHING : estimateOf(counts, share, drawing)
    // Where nothing varies there is nothing to draw from: as if each lead had been looked at once.
    const isAlike = won.value === 0 || won.value === 1
    return { leadWeeks: patterns.sum(0, counts), leads, won: isAlike ? rateOf(won.value * leads, leads) : won }
  }
}

/** Leads handed over whose horizon is over, best first. */
function followedByPriority(reading: Reading): number[] {
  const leads: number[] = []
  reading.eachHandover((lead, at) => {
    if (reading.truth.isFollowed(lead, at)) leads.push(lead)
  })
  return leads.sort(reading.byPriority)
}

function liftOf(reading: Reading): VersionResult['lift'] {
  const leads = followedByPriority(reading)
  const isWon = (lead: number) => reading.truth.isWonAfter(lead, reading.trace.handoverAt[lead])
  const wins = leads.filter(isWon).length
  if (wins === 0) return []
  const points = [{ leads: 0, wins: 0 }]
  const steps = Math.min(LIFT_STEPS, leads.length)
  let won = 0
  for (let step = 1, place = 0; step <= steps; step++) {
    const end = Math.round((leads.length * step) / steps)
    for (; place < end; place++) if (isWon(leads[place])) won += 1
    points.push({ leads: end / leads.length, wins: won / wins })
  }
  return points
}

// --- By name ---------------------------------------------------------------------------------------------------------

function namedLead(reading: Reading, lead: number, snapshots: Snapshots, row: number): Omit<NamedLead, 'amount'> {
  const { about, traces, truth } = reading
  const [scores, categories] = [about.scores.length, about.categories.length]
  return {
    lead: traces.leads[lead],
    at: snapshots.at[row],
    level: Object.fromEntries(
      about.categories.map(({ name, levels }, index) => [name, levels[snapshots.levels[row * categories + index]]]),
    ),
    points: Object.fromEntries(about.scores.map(({ name }, index) => [name, snapshots.points[row * scores + index]])),
    outcome: truth.latestOutcome(lead),
  }
}

/** Won in the period, and not handed over before: the most money first. */
export function missedLeads(reading: Reading): number[] {
  const { truth } = reading
  const leads: number[] = []
  for (let lead = 0; lead < reading.count; lead++)
    if (truth.isWin(lead) && !reading.isSeenComing(lead)) leads.push(lead)
  return leads.sort((a, b) => truth.revenue(b) - truth.revenue(a) || a - b)
}

function missedOf(reading: Reading): NamedLead[] {
  return missedLeads(reading)
    .slice(0, NAMED_MAX)
    .flatMap((lead) => {
      const row = reading.rowAtWin(lead)
      if (row < 0) return []
      return [{ ...namedLead(reading, lead, reading.trace.atWin, row), amount: reading.truth.revenue(lead) }]
    })
}

/** Handed over, their horizon over, and not won: the best of them first. */
export function falseAlarmLeads(reading: Reading): number[] {
  const { truth, trace } = reading
  return followedByPriority(reading).filter((lead) => !truth.isWonAfter(lead, trace.handoverAt[lead]))
}

function falseAlarmsOf(reading: Reading): NamedLead[] {
  return falseAlarmLeads(reading)
    .slice(0, NAMED_MAX)
    .map((lead) => ({
      ...namedLead(reading, lead, reading.trace.atHandover, reading.rowAtHandover(lead)),
      amount: null,
    }))
}

// --- Stability, segments ---------------------------------------------------------------------------------------------

function flappingOf(reading: Reading): VersionResult['flapping'] {
  const patterns = flappingPatterns([reading])
  let returning = 0
  reading.flapping((_, __, isReturning) => (returning += isReturning ? 1 : 0))
  const { replicates = REPLICATES, seed } = reading.options
  const changes = estimateOf(patterns.counts, (weights) => patterns.sum(0, weights) / patterns.sum(1, weights), {
    replicates: replicatesFor(replicates, patterns.counts.length),
    seed,
    count: reading.count,
  })
  return { changes, returning }
}

function splitOf(reading: Reading, index: number): SplitResult {
  const { trace, truth } = reading
  const { attribute, values, codes } = trace.splits[index]
  const counts = values.map(() => ({ leads: 0, handedOver: 0, followed: 0, won: 0, wins: 0, seen: 0 }))
  for (let lead = 0; lead < reading.count; lead++) {
    const count = counts[codes[lead]]
    count.leads += 1
    if (truth.isWin(lead)) {
      count.wins += 1
      if (reading.isSeenComing(lead)) count.seen += 1
    }
    const at = trace.handoverAt[lead]
    if (!truth.isInPeriod(at)) continue
    count.handedOver += 1
    if (!truth.isFollowed(lead, at)) continue
    count.followed += 1
    if (truth.isWonAfter(lead, at)) count.won += 1
  }
  const found = values.map((value, code) => {
    const { leads, handedOver, followed, won, wins, seen } = counts[code]
    return { value, leads, handedOver, precision: rateOf(won, followed), recall: rateOf(seen, wins) }
  })
  const most = found.filter(({ leads }) => leads > 0).sort((a, b) => b.leads - a.leads)
  return { attribute, values: most.slice(0, SPLIT_VALUES_MAX) }
}
