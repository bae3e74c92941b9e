/** Conditions → loops over columns: each fills a buffer with a Kleene result for every lead of the chunk. */
import type {
  ActivityTest,
  AnswersTest,
  AttributeTest,
  CategoryTest,
  Condition,
  PersonaTest,
  ScoreTest,
} from '../definition/language.ts'
import { asList, kinded } from '../definition/walk.ts'
import { spansOf, type Span } from '../plan/conditions.ts'
import { FALSE, kleene, not, TRUE, UNKNOWN, type Kleene, type Range } from '../plan/kleene.ts'
import { countRange, microRange } from '../plan/points.ts'
import { parseDuration } from '../time.ts'
import type { Binding, Step } from './binding.ts'
import { attributeTest, testOfValue, type OfAttribute } from './by-value.ts'
import type { AttributeColumn } from './columns.ts'
import { bindLookup } from './lookups.ts'
import { countAfter, countNumbersAfter, daysAfter, latest, sumAfter, valuesOf } from './measures.ts'
import { CHUNK } from './streams.ts'

/** @returns the buffer in which the results will lie */
export function bindTest(binding: Binding, condition: Condition): Uint8Array {
  const ofValue = testOfValue(binding.definition, condition)
  return ofValue === undefined ? bindKind(binding, condition) : bindOfValue(binding, ofValue)
}

function bindKind(binding: Binding, condition: Condition): Uint8Array {
  const one = kinded(condition)
  switch (one.kind) {
    case 'all':
      return bindCounted(binding, one.test.all, one.test.all.length)
    case 'any':
      return bindCounted(binding, one.test.any, 1)
    case 'of':
      return bindCounted(binding, one.test.of, one.test.at_least)
    case 'not':
      return bindTranslated(binding, bindTest(binding, one.test.not), [not(FALSE), not(TRUE), not(UNKNOWN)])
    case 'account':
      return bindOfAccount(binding, bindTest(binding, one.test.account))
    case 'attribute':
      return bindAttribute(binding, one.test)
    case 'answers':
      return bindAnswers(binding, one.test)
    case 'activity':
      return bindActivity(binding, one.test)
    case 'score':
      return bindScore(binding, one.test)
    case 'category':
      return bindCategory(binding, one.test)
    case 'persona':
      return bindPersona(binding, one.test)
    case 'stage':
    case 'leads':
      throw new TypeError('the kernel has no history and no other leads')
  }
}

const results = () => new Uint8Array(CHUNK)

function addStep<T>(binding: Binding, out: T, step: Step): T {
  binding.steps.push(step)
  return out
}

// --- Combinations ----------------------------------------------------------------------------------------------------

const POSSIBLE = 1
const SURE = 1 << 15
/** What a result adds to the count of those that are true for sure and of those that may be. */
const COUNTS = Int32Array.of(0, SURE + POSSIBLE, POSSIBLE)

function bindCounted(binding: Binding, conditions: readonly Condition[], atLeast: number): Uint8Array {
  return bindAtLeast(
    binding,
    conditions.map((each) => bindTest(binding, each)),
    atLeast,
  )
}

function bindAtLeast(binding: Binding, parts: readonly Uint8Array[], atLeast: number): Uint8Array {
  if (parts.length === 1 && atLeast === 1) return parts[0]
  const out = results()
  const counts = new Int32Array(CHUNK)
  return addStep(binding, out, (_from, count) => {
    counts.fill(0)
    for (const part of parts) for (let row = 0; row < count; row++) counts[row] += COUNTS[part[row]]
    for (let row = 0; row < count; row++) {
      const sure = counts[row] >> 15
      const possible = counts[row] & (SURE - 1)
      out[row] = sure >= atLeast ? TRUE : possible < atLeast ? FALSE : UNKNOWN
    }
  })
}

function bindTranslated(binding: Binding, inner: Uint8Array | Uint16Array, table: readonly Kleene[]): Uint8Array {
  const out = results()
  const translated = Uint8Array.from(table)
  return addStep(binding, out, (_from, count) => {
    for (let row = 0; row < count; row++) out[row] = translated[inner[row]]
  })
}

function bindOfAccount(binding: Binding, inner: Uint8Array): Uint8Array {
  const { hasAccount } = binding.columns
  const out = results()
  return addStep(binding, out, (from, count) => {
    for (let row = 0; row < count; row++) out[row] = hasAccount?.[from + row] === 1 ? inner[row] : UNKNOWN
  })
}

// --- Attributes ------------------------------------------------------------------------------------------------------

function bindOfValue(binding: Binding, of: OfAttribute<Kleene>): Uint8Array {
  const out = results()
  bindLookup(binding, of, out)
  return out
}

function bindAttribute(binding: Binding, test: AttributeTest): Uint8Array {
  const out = bindOfValue(binding, attributeTest(binding.definition, test))
  const column = binding.columns.attributes.get(test.attribute)
  for (const span of spansOf(test)) bindSpan(binding, column, span, out)
  return out
}

/** Takes away the truth of what is known but outside a span of time. */
function bindSpan(binding: Binding, column: AttributeColumn | undefined, span: Span, out: Uint8Array): void {
  if (column === undefined) return
  const { asOf } = binding
  const { isOfChange, fromMs, toMs } = span
  const origins = isOfChange ? column.changedAt : column.kind === 'numbers' ? column.values : undefined
  addStep(binding, undefined, (from, count) => {
    for (let row = 0; row < count; row++) {
      const origin = origins === undefined ? -Infinity : origins[from + row]
      if (out[row] === TRUE && !(asOf >= origin + fromMs && asOf < origin + toMs)) out[row] = FALSE
    }
  })
}

function bindAnswers(binding: Binding, test: AnswersTest): Uint8Array {
  const { attributes = {} } = binding.definition
  const topics = test.answers.map((topic) =>
    Object.keys(attributes).filter((name) => attributes[name].answers === topic),
  )
  const isKnown = (attribute: string) =>
    bindOfValue(binding, { attribute, unknown: FALSE, known: () => TRUE, breaks: [] })
  const answered = topics.map((names) => bindAtLeast(binding, names.map(isKnown), 1))
  return bindAtLeast(binding, answered, test.at_least)
}

// --- Activities ------------------------------------------------------------------------------------------------------

const duration = (text: string | undefined) => (text === undefined ? Infinity : parseDuration(text))

function bindActivity(binding: Binding, test: ActivityTest): Uint8Array {
  const windowMs = duration(test.within)
  if (test.average) return bindAverage(binding, test, test.average.of, { range: microRange(test.average), windowMs })
  if (test.trend) return bindTrend(binding, test, test.trend, windowMs)
  const { numbers, range } = bindMeasure(binding, test)!
  const { low, high } = range
  const out = results()
  return addStep(binding, out, (_from, count) => {
    for (let row = 0; row < count; row++) out[row] = Number(numbers[row] >= low) & Number(numbers[row] <= high)
  })
}

/** A test that is true where a number lies in a range, and never unknown. */
export interface Measured {
  /** In the scratch: good until the next measure. */
  readonly numbers: Float64Array | Int32Array
  readonly range: Range
}

/** Takes the measure that a test compares, if it compares just one. */
export function bindMeasure(binding: Binding, test: ActivityTest): Measured | undefined {
  if (test.average ?? test.trend) return undefined
  const windowMs = duration(test.within)
  if (test.count) return bindCount(binding, test, countRange(test.count), windowMs)
  if (test.never) return bindCount(binding, test, { low: 0, high: 0 }, windowMs)
  if (test.sum) return bindSum(binding, test, test.sum.of, { range: microRange(test.sum), windowMs })
  if (test.distinct_days) return bindDays(binding, test, countRange(test.distinct_days), windowMs)
  const newerMs = Math.min(windowMs, duration(test.last?.within))
  if (test.last?.longer_ago_than === undefined) return bindCount(binding, test, { low: 1, high: Infinity }, newerMs)
  return bindLatest(binding, test, { newerMs, olderMs: parseDuration(test.last.longer_ago_than) })
}

function bindCount(binding: Binding, test: ActivityTest, range: Range, windowMs: number): Measured {
  const { n } = binding.scratch
  const after = binding.asOf - windowMs
  const stream = binding.requests.request(test.activity, test.where)
  return addStep(binding, { numbers: n, range }, (_from, count) => {
    n.fill(0, 0, count)
    countAfter(binding.streamOf(stream), after, n)
  })
}

function bindDays(binding: Binding, test: ActivityTest, range: Range, windowMs: number): Measured {
  const { n, last } = binding.scratch
  const after = binding.asOf - windowMs
  const stream = binding.requests.request(test.activity, test.where)
  return addStep(binding, { numbers: n, range }, (_from, count) => {
    n.fill(0, 0, count)
    last.fill(-Infinity, 0, count)
    daysAfter(binding.streamOf(stream), after, n, last)
  })
}

interface Windowed {
  readonly range: Range
  readonly windowMs: number
}

function bindSum(
  binding: Binding,
  { activity, where }: ActivityTest,
  property: string,
  { range, windowMs }: Windowed,
): Measured {
  const { sum } = binding.scratch
  const after = binding.asOf - windowMs
  const stream = binding.requests.request(activity, where)
  const values = valuesOf(binding.columns.activities?.properties.get(property))
  return addStep(binding, { numbers: sum, range }, (_from, count) => {
    sum.fill(0, 0, count)
    if (values) sumAfter(binding.streamOf(stream), values, after, sum)
  })
}

function bindAverage(binding: Binding, test: ActivityTest, property: string, windowed: Windowed): Uint8Array {
  const { sum, n } = binding.scratch
  const { low, high } = windowed.range
  const after = binding.asOf - windowed.windowMs
  const stream = binding.requests.request(test.activity, test.where)
  const values = valuesOf(binding.columns.activities?.properties.get(property))
  const out = results()
  bindSum(binding, test, property, windowed)
  return addStep(binding, out, (_from, count) => {
    n.fill(0, 0, count)
    if (values) countNumbersAfter(binding.streamOf(stream), values, after, n)
    for (let row = 0; row < count; row++) {
      const average = Math.floor(sum[row] / n[row] + 0.5)
      out[row] = n[row] === 0 ? UNKNOWN : average >= low && average <= high ? TRUE : FALSE
    }
  })
}

/** The instant of the latest occurrence, between two instants. */
function bindLatest(
  binding: Binding,
  { activity, where }: ActivityTest,
  { newerMs, olderMs }: { newerMs: number; olderMs: number },
): Measured {
  const { last } = binding.scratch
  const { asOf } = binding
  const stream = binding.requests.request(activity, where)
  // Instants are whole; −∞, where there is none, lies outside.
  const range = { low: Math.max(asOf - newerMs + 1, -Number.MAX_VALUE), high: asOf - olderMs }
  return addStep(binding, { numbers: last, range }, (_from, count) => {
    last.fill(-Infinity, 0, count)
    latest(binding.streamOf(stream), last)
  })
}

function bindTrend(
  binding: Binding,
  { activity, where }: ActivityTest,
  trend: NonNullable<ActivityTest['trend']>,
  windowMs: number,
): Uint8Array {
  const { n, before } = binding.scratch
  const againstMs = parseDuration(trend.against)
  const { at_least: atLeast, at_most: atMost } = trend
  const after = binding.asOf - windowMs
  const stream = binding.requests.request(activity, where)
  const out = results()
  return addStep(binding, out, (_from, count) => {
    n.fill(0, 0, count)
    before.fill(0, 0, count)
    countAfter(binding.streamOf(stream), after, n)
    countAfter(binding.streamOf(stream), after - againstMs, before)
    for (let row = 0; row < count; row++) {
      const recent = n[row]
      const earlier = before[row] - recent
      const rising = atLeast === undefined || (recent > 0 && recent * againstMs >= atLeast * earlier * windowMs)
      const falling = atMost === undefined || (earlier > 0 && recent * againstMs <= atMost * earlier * windowMs)
      out[row] = rising && falling ? TRUE : FALSE
    }
  })
}

// --- Scores, categories, personas ------------------------------------------------------------------------------------

function bindScore(binding: Binding, test: ScoreTest): Uint8Array {
  const score = binding.scores.get(test.score)!
  const { low, high } = microRange(test)
  const out = results()
  return addStep(binding, out, (_from, count) => {
    for (let row = 0; row < count; row++) out[row] = score[row] >= low && score[row] <= high ? TRUE : FALSE
  })
}

function bindCategory(binding: Binding, test: CategoryTest): Uint8Array {
  const { levels } = binding.layouts.get(test.category)!
  const isWanted = (level: string) =>
    (test.is === undefined || test.is === level) &&
    (test.in === undefined || test.in.includes(level)) &&
    test.is_not !== level &&
    !test.not_in?.includes(level)
  return bindTranslated(
    binding,
    binding.levels.get(test.category)!,
    levels.map((level) => kleene(isWanted(level))),
  )
}

function bindPersona(binding: Binding, test: PersonaTest): Uint8Array {
  return bindAtLeast(
    binding,
    asList(test.persona).map((name) => binding.personas.get(name)!),
    1,
  )
}
