/**
 * Functions of one attribute: a test of its value, the points of a table, and every combination and sum of such. They are
 * worked out once for each distinct value, or each interval of numbers, and rows only look them up.
 */
import type { AttributeTest, Condition, Criterion, Definition, WhenCriterion } from '../definition/language.ts'
import { kinded } from '../definition/walk.ts'
import { spansOf, unknownResult } from '../plan/conditions.ts'
import { intervalsOf, valueLookup } from '../plan/criteria.ts'
import { atLeastHold, kleene, not, type Kleene } from '../plan/kleene.ts'
import { clamp, clampOf, micro } from '../plan/points.ts'
import { compileValueTest, type KnownValue } from '../plan/value-tests.ts'
import { literalsOf } from './staircase.ts'

export interface OfAttribute<T> {
  readonly attribute: string
  readonly unknown: T
  readonly known: (value: KnownValue) => T
  /** Every number at which it may differ from its neighbours. */
  readonly breaks: readonly number[]
}

// --- Tests -----------------------------------------------------------------------------------------------------------

/** A condition as a function of the one attribute that it looks at; undefined where it looks at anything else, or at time. */
export function testOfValue(definition: Definition, condition: Condition): OfAttribute<Kleene> | undefined {
  const one = kinded(condition)
  switch (one.kind) {
    case 'attribute':
      return spansOf(one.test).length === 0 ? attributeTest(definition, one.test) : undefined
    case 'not': {
      const inner = testOfValue(definition, one.test.not)
      return inner && combined([inner], ([result]) => not(result))
    }
    case 'all':
      return counted(definition, one.test.all, one.test.all.length)
    case 'any':
      return counted(definition, one.test.any, 1)
    case 'of':
      return counted(definition, one.test.of, one.test.at_least)
    default:
      return undefined
  }
}

/** The test but for its spans of time. */
export function attributeTest(definition: Definition, test: AttributeTest): OfAttribute<Kleene> {
  const { known, changed_within, older_than, newer_than, due_within, ...operators } = test
  const { attribute, ...valueTest } = operators
  const judge =
    Object.keys(valueTest).length > 0 ? compileValueTest(valueTest, definition.attributes![attribute].type) : undefined
  return {
    attribute,
    unknown: unknownResult(known, judge !== undefined || spansOf(test).length > 0),
    known: (value) => kleene(known !== false && (judge === undefined || judge(value))),
    breaks: literalsOf(valueTest),
  }
}

function counted(
  definition: Definition,
  conditions: readonly Condition[],
  atLeast: number,
): OfAttribute<Kleene> | undefined {
  const parts: OfAttribute<Kleene>[] = []
  for (const condition of conditions) {
    const part = testOfValue(definition, condition)
    if (part === undefined || part.attribute !== (parts[0] ?? part).attribute) return undefined
    parts.push(part)
  }
  return combined(parts, (results) => atLeastHold(results, atLeast))
}

/** @param parts  at least one, all of one attribute */
function combined<T, U>(parts: readonly OfAttribute<T>[], combine: (results: readonly T[]) => U): OfAttribute<U> {
  return {
    attribute: parts[0].attribute,
    unknown: combine(parts.map((part) => part.unknown)),
    known: (value) => combine(parts.map((part) => part.known(value))),
    breaks: parts.flatMap((part) => part.breaks),
  }
}

// --- Points ----------------------------------------------------------------------------------------------------------

/** Micro-points of a criterion as a function of the one attribute that it looks at. */
export function pointsOfValue(definition: Definition, criterion: Criterion): OfAttribute<number> | undefined {
  if ('each' in criterion) return undefined
  if ('when' in criterion) {
    const test = testOfValue(definition, criterion.when)
    const points = pointsByResult(criterion)
    return test && combined([test], ([result]) => points[result])
  }
  const unknown = micro(criterion.unknown ?? 0)
  const bounds = clampOf(criterion)
  const { table: attribute, bins, values = {}, otherwise = 0 } = criterion
  const { type } = definition.attributes![attribute]
  const worth = (amount: number) => clamp(micro(amount), bounds)
  if (bins === undefined) {
    const lookup = valueLookup(values, otherwise, type === 'text')
    const known = (value: KnownValue) => worth(lookup.points(value, 0))
    return { attribute, unknown, known, breaks: Object.keys(values).map(Number) }
  }
  if (type === 'date') return undefined // by age
  const intervals = intervalsOf(bins)
  return {
    attribute,
    unknown,
    known: (value) => {
      const amount = value as number
      return worth(intervals.find(({ from, below }) => amount >= from && amount < below)?.points ?? otherwise)
    },
    breaks: intervals.flatMap(({ from, below }) => [from, below]),
  }
}

/** In the order of the Kleene values. */
export function pointsByResult(criterion: WhenCriterion): readonly [no: number, yes: number, unknown: number] {
  const bounds = clampOf(criterion)
  return [clamp(0, bounds), clamp(micro(criterion.points), bounds), micro(criterion.unknown ?? 0)]
}

/** One function for each attribute: the sum of all that look at it. Whole micro-points add up alike in any order. */
export function sumsByAttribute(functions: readonly OfAttribute<number>[]): OfAttribute<number>[] {
  return [...Map.groupBy(functions, ({ attribute }) => attribute).values()].map((each) =>
    combined(each, (points) => points.reduce((sum, one) => sum + one, 0)),
  )
}
