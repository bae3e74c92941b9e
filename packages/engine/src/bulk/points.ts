/** Criteria, groups and scores → loops that fill buffers with micro-points (fractions of them while they fade). */
import type {
  Criterion,
  Decay,
  EachCriterion,
  Group,
  Score,
  TableCriterion,
  WhenCriterion,
} from '../definition/language.ts'
import { intervalsOf } from '../plan/criteria.ts'
import { compileDecay } from '../plan/decay.ts'
import { exp2 } from '../plan/exp2.ts'
import type { Range } from '../plan/kleene.ts'
import { clamp, clampOf, micro, type Clamp } from '../plan/points.ts'
import { groupValue, scoreValue } from '../plan/scores.ts'
import { compileEachSpec, isSmooth, type EachSpec } from '../plan/tally.ts'
import { DAY_MS } from '../time.ts'
import type { Binding, CriterionPart, GroupParts } from './binding.ts'
import { pointsByResult, pointsOfValue, sumsByAttribute } from './by-value.ts'
import { bindAddition } from './lookups.ts'
import { fade, Limited, weigh } from './measures.ts'
import { reached, staircase } from './staircase.ts'
import { CHUNK, type Stream } from './streams.ts'
import { bindMeasure, bindTest } from './tests.ts'

/** @returns the buffer in which the score will lie */
export function bindScoreNode(binding: Binding, name: string, score: Score): Float64Array {
  const total = new Float64Array(CHUNK)
  const bounds = { floor: micro(score.range?.[0] ?? 0), cap: micro(score.range?.[1] ?? 100) }
  binding.steps.push((_from, count) => total.fill(0, 0, count))
  const parts = Object.values(score.groups).map((group) => bindGroup(binding, group, score.decay, total))
  binding.parts?.set(name, parts)
  binding.steps.push((_from, count) => {
    for (let row = 0; row < count; row++) total[row] = scoreValue({ bounds }, total[row])
  })
  return total
}

function bindGroup(binding: Binding, group: Group, outer: Decay | undefined, total: Float64Array): GroupParts {
  const sum = new Float64Array(CHUNK)
  binding.steps.push((_from, count) => sum.fill(0, 0, count))
  const decays = [group.decay, outer]
  let criteria: readonly CriterionPart[] = []
  if (binding.parts === undefined) bindCriteria(binding, group.criteria, decays, sum)
  else criteria = bindParts(binding, group.criteria, decays, sum)
  const plan = { bounds: clampOf(group), weight: group.weight ?? 1 }
  binding.steps.push((_from, count) => {
    for (let row = 0; row < count; row++) total[row] += groupValue(plan, sum[row])
  })
  return { sum, criteria }
}

/**
 * Adds up all criteria. Those that look at one attribute become one look at it, up to the first that may give a fraction of a
 * micro-point: from there on the order of additions can show in the last bit, and it is the incremental engine's.
 */
function bindCriteria(
  binding: Binding,
  criteria: readonly Criterion[],
  outerDecays: readonly (Decay | undefined)[],
  sum: Float64Array,
): void {
  const { definition } = binding
  const ordered = inOrder(criteria, outerDecays)
  const fraction = ordered.findIndex((each) => 'each' in each && isFraction(eachSpec(each, outerDecays)))
  const whole = fraction < 0 ? ordered : ordered.slice(0, fraction)
  const ofAttributes = whole.map((each) => pointsOfValue(definition, each)).filter((each) => each !== undefined)
  for (const each of sumsByAttribute(ofAttributes)) bindAddition(binding, each, sum)
  for (const criterion of ordered) {
    const ofAttribute = pointsOfValue(definition, criterion)
    if (ofAttribute === undefined) bindCriterion(binding, criterion, outerDecays, sum)
    else if (!whole.includes(criterion)) bindAddition(binding, ofAttribute, sum)
  }
}

/** Adds up all criteria one by one and keeps what each came to. */
function bindParts(
  binding: Binding,
  criteria: readonly Criterion[],
  outerDecays: readonly (Decay | undefined)[],
  sum: Float64Array,
): CriterionPart[] {
  const parts = new Map<Criterion, CriterionPart>()
  for (const criterion of inOrder(criteria, outerDecays)) {
    if ('when' in criterion) {
      const results = bindTest(binding, criterion.when)
      addByResult(binding, criterion, results, sum)
      parts.set(criterion, { kind: 'when', results })
      continue
    }
    const points = new Float64Array(CHUNK)
    binding.steps.push((_from, count) => points.fill(0, 0, count))
    const ofAttribute = pointsOfValue(binding.definition, criterion)
    if (ofAttribute === undefined) bindCriterion(binding, criterion, outerDecays, points)
    else bindAddition(binding, ofAttribute, points)
    binding.steps.push((_from, count) => {
      for (let row = 0; row < count; row++) sum[row] += points[row]
    })
    parts.set(criterion, { kind: 'points', points })
  }
  return criteria.map((criterion) => parts.get(criterion)!)
}

/** Whether the points of so many occurrences need not be whole micro-points. */
const isFraction = ({ decay }: EachSpec) => decay.kind !== 'none' && decay.kind !== 'expires'

function bindCriterion(
  binding: Binding,
  criterion: Criterion,
  outerDecays: readonly (Decay | undefined)[],
  sum: Float64Array,
): void {
  if ('each' in criterion) bindEach(binding, criterion, eachSpec(criterion, outerDecays), sum)
  else if ('table' in criterion) bindAgeTable(binding, criterion, sum)
  else bindWhen(binding, criterion, sum)
}

/** Those that fade smoothly come last, as in the incremental engine. */
function inOrder(criteria: readonly Criterion[], outerDecays: readonly (Decay | undefined)[]): readonly Criterion[] {
  const isTerm = (criterion: Criterion) => 'each' in criterion && isSmooth(eachSpec(criterion, outerDecays))
  return [...criteria.filter((each) => !isTerm(each)), ...criteria.filter(isTerm)]
}

function bindWhen(binding: Binding, criterion: WhenCriterion, sum: Float64Array): void {
  const measured = 'activity' in criterion.when ? bindMeasure(binding, criterion.when) : undefined
  if (measured === undefined) {
    addByResult(binding, criterion, bindTest(binding, criterion.when), sum)
    return
  }
  const points = Float64Array.from(pointsByResult(criterion))
  if (measured.numbers instanceof Int32Array) addByCount(binding, measured.numbers, measured.range, { points, sum })
  else addByNumber(binding, measured.numbers, measured.range, { points, sum })
}

interface Adding {
  /** In the order of the Kleene values. */
  readonly points: Float64Array
  readonly sum: Float64Array
}

// Two loops with one text: each sees one kind of array. Nobody can foresee what comes out, so it is looked up without a branch.

function addByCount({ steps }: Binding, n: Int32Array, range: Range, { points, sum }: Adding): void {
  const low = Math.max(range.low, INT_MIN)
  const high = Math.min(range.high, INT_MAX)
  steps.push((_from, count) => {
    for (let row = 0; row < count; row++) sum[row] += points[Number(n[row] >= low) & Number(n[row] <= high)]
  })
}

const INT_MIN = -(2 ** 31)
const INT_MAX = 2 ** 31 - 1

function addByNumber({ steps }: Binding, numbers: Float64Array, { low, high }: Range, { points, sum }: Adding): void {
  steps.push((_from, count) => {
    for (let row = 0; row < count; row++) sum[row] += points[Number(numbers[row] >= low) & Number(numbers[row] <= high)]
  })
}

function addByResult(binding: Binding, criterion: WhenCriterion, results: Uint8Array, sum: Float64Array): void {
  const points = Float64Array.from(pointsByResult(criterion))
  binding.steps.push((_from, count) => {
    for (let row = 0; row < count; row++) sum[row] += points[results[row]]
  })
}

/** A table of dates, by their age in days. */
function bindAgeTable(binding: Binding, criterion: TableCriterion, sum: Float64Array): void {
  const { asOf } = binding
  const unknown = micro(criterion.unknown ?? 0)
  const bounds = clampOf(criterion)
  const intervals = intervalsOf(criterion.bins!)
  const { edges, values: points } = staircase(
    intervals.flatMap(({ from, below }) => [from, below]),
    (days) =>
      clamp(
        micro(intervals.find(({ from, below }) => days >= from && days < below)?.points ?? criterion.otherwise ?? 0),
        bounds,
      ),
  )
  const column = binding.columns.attributes.get(criterion.table)
  const dates = column?.kind === 'numbers' ? column.values : undefined
  binding.steps.push((from, count) => {
    for (let row = 0; row < count; row++) {
      const date = dates === undefined ? Number.NaN : dates[from + row]
      sum[row] += Number.isNaN(date) ? unknown : points[reached(edges, (asOf - date) / DAY_MS)]
    }
  })
}

// --- each ------------------------------------------------------------------------------------------------------------

const eachSpec = (criterion: EachCriterion, outerDecays: readonly (Decay | undefined)[]) =>
  compileEachSpec(criterion, compileDecay(criterion.decay, ...outerDecays))

function bindEach(binding: Binding, criterion: EachCriterion, spec: EachSpec, into: Float64Array): void {
  const stream = binding.requests.request(criterion.each, criterion.where)
  const limited = spec.limit && new Limited(spec.limit)
  const counted = () => limited?.of(binding.streamOf(stream)) ?? binding.streamOf(stream)
  const bounds = clampOf(criterion)
  if (spec.form === 'half_life') bindFaded(binding, { spec, counted, bounds, into })
  else bindWeighed(binding, { spec, counted, bounds, into })
}

interface Each {
  readonly spec: EachSpec
  readonly counted: () => Stream
  readonly bounds: Clamp
  /** Takes the points in. */
  readonly into: Float64Array
}

/** Points at the latest occurrence, faded since. */
function bindFaded(binding: Binding, { spec, counted, bounds, into }: Each): void {
  const { scratch, asOf } = binding
  const { sum, last } = scratch
  const halfLifeMs = spec.decay.kind === 'half_life' ? spec.decay.halfLifeMs : Infinity
  const fading = { points: spec.points, halfLifeMs }
  binding.steps.push((_from, count) => {
    sum.fill(0, 0, count)
    last.fill(-Infinity, 0, count)
    fade(counted(), fading, sum, last)
    for (let row = 0; row < count; row++) {
      into[row] += clamp(sum[row] === 0 ? 0 : sum[row] * exp2(-(asOf - last[row]) / halfLifeMs), bounds)
    }
  })
}

/** Points times the sum of the occurrences' weights. */
function bindWeighed(binding: Binding, { spec, counted, bounds, into }: Each): void {
  const { sum } = binding.scratch
  const { asOf } = binding
  const span = { after: asOf - spec.lifeMs, asOf }
  binding.steps.push((_from, count) => {
    sum.fill(0, 0, count)
    weigh(counted(), spec.decay, span, sum)
    for (let row = 0; row < count; row++) into[row] += clamp(spec.points * sum[row], bounds)
  })
}
