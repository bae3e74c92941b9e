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
import { intervalsOf, valueLookup } from '../plan/criteria.ts'
import { compileDecay } from '../plan/decay.ts'
import { exp2 } from '../plan/exp2.ts'
import { clamp, clampOf, micro, type Clamp } from '../plan/points.ts'
import { groupValue, scoreValue } from '../plan/scores.ts'
import { compileEachSpec, isSmooth, type EachSpec } from '../plan/tally.ts'
import type { KnownValue } from '../plan/value-tests.ts'
import { DAY_MS } from '../time.ts'
import type { Binding } from './binding.ts'
import { fade, Limited, weigh } from './measures.ts'
import { reached, staircase, type Staircase } from './staircase.ts'
import { CHUNK, type Stream } from './streams.ts'
import { bindTest } from './tests.ts'

/** Takes the points of a criterion in the chunk at hand. */
export type PointsSink = (criterion: string, points: Float64Array, from: number, count: number) => void

/** @returns the buffer in which the score will lie */
export function bindScoreNode(binding: Binding, score: Score, sink: PointsSink | undefined): Float64Array {
  const total = new Float64Array(CHUNK)
  const bounds = { floor: micro(score.range?.[0] ?? 0), cap: micro(score.range?.[1] ?? 100) }
  binding.steps.push((_from, count) => total.fill(0, 0, count))
  for (const group of Object.values(score.groups)) bindGroup(binding, group, score.decay, { total, sink })
  binding.steps.push((_from, count) => {
    for (let row = 0; row < count; row++) total[row] = scoreValue({ bounds }, total[row])
  })
  return total
}

function bindGroup(
  binding: Binding,
  group: Group,
  outer: Decay | undefined,
  { total, sink }: { total: Float64Array; sink: PointsSink | undefined },
): void {
  const sum = new Float64Array(CHUNK)
  binding.steps.push((_from, count) => sum.fill(0, 0, count))
  const { points } = binding.scratch
  // Those that fade come last, as in the incremental engine: the order of additions can show in the last bit.
  const isTerm = (criterion: Criterion) => 'each' in criterion && isSmooth(eachSpec(criterion, [group.decay, outer]))
  const terms = group.criteria.filter(isTerm)
  for (const criterion of [...group.criteria.filter((each) => !terms.includes(each)), ...terms]) {
    if ('each' in criterion) bindEach(binding, criterion, [group.decay, outer], points)
    else if ('table' in criterion) bindTable(binding, criterion, points)
    else bindWhen(binding, criterion, points)
    binding.steps.push((from, count) => {
      for (let row = 0; row < count; row++) sum[row] += points[row]
      sink?.(criterion.id, points, from, count)
    })
  }
  const plan = { bounds: clampOf(group), weight: group.weight ?? 1 }
  binding.steps.push((_from, count) => {
    for (let row = 0; row < count; row++) total[row] += groupValue(plan, sum[row])
  })
}

function bindWhen(binding: Binding, criterion: WhenCriterion, points: Float64Array): void {
  const bounds = clampOf(criterion)
  const result = bindTest(binding, criterion.when)
  // In the order of the Kleene values.
  const table = Float64Array.of(clamp(0, bounds), clamp(micro(criterion.points), bounds), micro(criterion.unknown ?? 0))
  binding.steps.push((_from, count) => {
    for (let row = 0; row < count; row++) points[row] = table[result[row]]
  })
}

// --- table -----------------------------------------------------------------------------------------------------------

function bindTable(binding: Binding, criterion: TableCriterion, points: Float64Array): void {
  const column = binding.columns.attributes.get(criterion.table)
  const { type } = binding.definition.attributes![criterion.table]
  const unknown = micro(criterion.unknown ?? 0)
  const bounds = clampOf(criterion)
  const worth = (amount: number) => clamp(micro(amount), bounds)
  if (column === undefined) {
    binding.steps.push((_from, count) => points.fill(unknown, 0, count))
  } else if (column.kind === 'codes') {
    const lookup = valueLookup(criterion.values ?? {}, criterion.otherwise ?? 0, type === 'text')
    const { codes, dictionary } = column
    const table = Float64Array.from(dictionary, (value, code) =>
      code === 0 ? unknown : worth(lookup.points(value as KnownValue, binding.asOf)),
    )
    binding.steps.push((from, count) => {
      for (let row = 0; row < count; row++) points[row] = table[codes[from + row]]
    })
  } else {
    const isAge = type === 'date' && criterion.bins !== undefined
    const stairs = tableStairs(criterion, worth, binding.asOf)
    bindStairs(binding, { values: column.values, stairs, unknown, points, ageAt: isAge ? binding.asOf : undefined })
  }
}

function tableStairs(
  { bins, values, otherwise = 0 }: TableCriterion,
  worth: (amount: number) => number,
  asOf: number,
): Staircase<number> {
  if (bins === undefined) {
    const lookup = valueLookup(values ?? {}, otherwise, false)
    return staircase(Object.keys(values ?? {}).map(Number), (x) => worth(lookup.points(x, asOf)))
  }
  const intervals = intervalsOf(bins)
  const edges = intervals.flatMap(({ from, below }) => [from, below]).filter(Number.isFinite)
  return staircase(edges, (x) =>
    worth(intervals.find(({ from, below }) => x >= from && x < below)?.points ?? otherwise),
  )
}

interface Stairs {
  readonly values: Float64Array
  readonly stairs: Staircase<number>
  readonly unknown: number
  readonly points: Float64Array
  /** Dates are looked up by their age in days at this instant. */
  readonly ageAt: number | undefined
}

function bindStairs(binding: Binding, { values, stairs, unknown, points, ageAt }: Stairs): void {
  const { edges } = stairs
  const table = Float64Array.from(stairs.values)
  binding.steps.push((from, count) => {
    for (let row = 0; row < count; row++) {
      const value = values[from + row]
      const amount = ageAt === undefined ? value : (ageAt - value) / DAY_MS
      points[row] = Number.isNaN(value) ? unknown : table[reached(edges, amount)]
    }
  })
}

// --- each ------------------------------------------------------------------------------------------------------------

const eachSpec = (criterion: EachCriterion, outerDecays: readonly (Decay | undefined)[]) =>
  compileEachSpec(criterion, compileDecay(criterion.decay, ...outerDecays))

function bindEach(
  binding: Binding,
  criterion: EachCriterion,
  outerDecays: readonly (Decay | undefined)[],
  points: Float64Array,
): void {
  const spec = eachSpec(criterion, outerDecays)
  const stream = binding.requests.request(criterion.each, criterion.where)
  const limited = spec.limit && new Limited(spec.limit)
  const counted = () => limited?.of(binding.streamOf(stream)) ?? binding.streamOf(stream)
  const bounds = clampOf(criterion)
  if (spec.form === 'half_life') bindFaded(binding, { spec, counted, bounds, points })
  else bindWeighed(binding, { spec, counted, bounds, points })
}

interface Each {
  readonly spec: EachSpec
  readonly counted: () => Stream
  readonly bounds: Clamp
  readonly points: Float64Array
}

/** Points at the latest occurrence, faded since. */
function bindFaded(binding: Binding, { spec, counted, bounds, points }: Each): void {
  const { scratch, asOf } = binding
  const { sum, last } = scratch
  const halfLifeMs = spec.decay.kind === 'half_life' ? spec.decay.halfLifeMs : Infinity
  const fading = { points: spec.points, halfLifeMs }
  binding.steps.push((_from, count) => {
    sum.fill(0, 0, count)
    last.fill(-Infinity, 0, count)
    fade(counted(), fading, sum, last)
    for (let row = 0; row < count; row++) {
      points[row] = clamp(sum[row] === 0 ? 0 : sum[row] * exp2(-(asOf - last[row]) / halfLifeMs), bounds)
    }
  })
}

/** Points times the sum of the occurrences' weights. */
function bindWeighed(binding: Binding, { spec, counted, bounds, points }: Each): void {
  const { sum } = binding.scratch
  const { asOf } = binding
  const span = { after: asOf - spec.lifeMs, asOf }
  binding.steps.push((_from, count) => {
    sum.fill(0, 0, count)
    weigh(counted(), spec.decay, span, sum)
    for (let row = 0; row < count; row++) points[row] = clamp(spec.points * sum[row], bounds)
  })
}
