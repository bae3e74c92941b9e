/** Random conditions about what a document has declared so far. */
import type {
  ActivityTest,
  AttributeTest,
  Comparison,
  Condition,
  Definition,
  PropertyTests,
  ValueTest,
} from '../../src/definition/language.ts'
import type { Draw } from './draw.ts'
import { DATES, DURATIONS, NUMBERS, PROPERTIES, TEXTS } from './vocabulary.ts'

/** What a condition may refer to: nodes that were made before, so that no circle comes about. */
export interface Declared {
  readonly attributes: NonNullable<Definition['attributes']>
  readonly activities: readonly string[]
  readonly personas: readonly string[]
  /** Scores, each with literals worth comparing it with. */
  readonly scores: ReadonlyMap<string, readonly number[]>
  /** Categories with their levels. */
  readonly categories: ReadonlyMap<string, readonly string[]>
  /** Stage ids, empty where the stage may not be read. */
  readonly stages: readonly string[]
}

/** Where a condition stands decides what may stand in it. */
type Place = 'lead' | 'account' | 'leads'

type Make = (draw: Draw, declared: Declared, depth: number, place: Place) => Condition

export function condition(draw: Draw, declared: Declared, depth = 2, place: Place = 'lead'): Condition {
  const topics = topicsOf(declared)
  const attributes = attributesFor(declared, place)
  const isLead = place !== 'account'
  const kinds: (readonly [weight: number, make: Make | undefined])[] = [
    [4, attributes.length > 0 ? attributeTest : undefined],
    [5, declared.activities.length > 0 ? activityTest : undefined],
    [5, isLead && declared.scores.size > 0 ? scoreTest : undefined],
    [3, isLead && declared.categories.size > 0 ? categoryTest : undefined],
    [1, isLead && declared.personas.length > 0 ? personaTest : undefined],
    [2, isLead && declared.stages.length > 0 ? stageTest : undefined],
    [1, isLead && topics.length > 0 ? answersTest : undefined],
    [2, depth > 0 ? all : undefined],
    [2, depth > 0 ? anyOf : undefined],
    [1, depth > 0 ? not : undefined],
    [1, depth > 0 ? someOf : undefined],
    [1, depth > 0 && place === 'lead' ? account : undefined],
    [1, depth > 0 && place !== 'leads' ? leads : undefined],
  ]
  const possible = kinds.filter((each): each is readonly [number, Make] => each[1] !== undefined)
  return draw.weighted(possible)(draw, declared, depth, place)
}

const attributesFor = (declared: Declared, place: Place): readonly string[] =>
  Object.entries(declared.attributes)
    .filter(([, attribute]) => place !== 'account' || attribute.about === 'account')
    .map(([name]) => name)

const topicsOf = (declared: Declared): readonly string[] => [
  ...new Set(Object.values(declared.attributes).flatMap((attribute) => attribute.answers ?? [])),
]

export const duration = (draw: Draw): string => draw.pick(DURATIONS)
/** Where a length of nothing is allowed, it is tried as well. */
const durationOrNone = (draw: Draw): string => (draw.chance(0.05) ? '0s' : duration(draw))

const oneOrSome = (draw: Draw, names: readonly string[]): string | readonly string[] =>
  draw.chance(0.7) ? draw.pick(names) : draw.some(names, 1, 3)

// --- Joining ---------------------------------------------------------------------------------------------------------

const parts = (...[draw, declared, depth, place]: Parameters<Make>): readonly Condition[] =>
  draw.list(1, 3, () => condition(draw, declared, depth - 1, place))

const all: Make = (...given) => ({ all: parts(...given) })
const anyOf: Make = (...given) => ({ any: parts(...given) })
const not: Make = (draw, declared, depth, place) => ({ not: condition(draw, declared, depth - 1, place) })
const someOf: Make = (...given) => {
  const of = parts(...given)
  return { of, at_least: given[0].integer(1, of.length) }
}
const account: Make = (draw, declared, depth) =>
  attributesFor(declared, 'account').length + declared.activities.length === 0
    ? leads(draw, declared, depth, 'lead')
    : { account: condition(draw, declared, depth - 1, 'account') }
const leads: Make = (draw, declared, depth) => ({
  leads: comparison(draw, [0, 1, 1, 2, 2, 3]),
  when: condition(draw, declared, depth - 1, 'leads'),
})

// --- Numbers ---------------------------------------------------------------------------------------------------------

export function comparison(draw: Draw, literals: readonly number[]): Comparison {
  const number = () => draw.pick(literals)
  const pair = (): readonly [number, number] => {
    const [a, b] = [number(), number()]
    return a <= b ? [a, b] : [b, a]
  }
  return draw.weighted<() => Comparison>([
    [6, () => ({ at_least: number() })],
    [2, () => ({ at_most: number() })],
    [2, () => ({ above: number() })],
    [2, () => ({ below: number() })],
    [1, () => ({ is: number() })],
    [2, () => ({ between: pair() })],
    [1, () => ({ at_least: number(), below: number() })],
  ])()
}

// --- Attributes ------------------------------------------------------------------------------------------------------

const attributeTest: Make = (draw, declared, _depth, place) => {
  const attribute = draw.pick(attributesFor(declared, place))
  const operators = operatorsOf(draw, declared.attributes[attribute])
  const known = draw.maybe(0.05, 'known', () => draw.chance(0.5))
  const changed = draw.maybe(0.1, 'changed_within', () => duration(draw))
  return { attribute, ...operators, ...known, ...changed }
}

function operatorsOf(draw: Draw, attribute: Declared['attributes'][string]): Omit<AttributeTest, 'attribute'> {
  if (draw.chance(0.12)) return { known: draw.chance(0.5) }
  if (draw.chance(0.12)) return { changed_within: duration(draw) }
  switch (attribute.type) {
    case 'text':
      return textOperators(draw)
    case 'number':
      return draw.chance(0.7) ? comparison(draw, NUMBERS) : equality(draw, NUMBERS)
    case 'boolean':
      return equality(draw, [true, false])
    case 'choice':
    case 'choices':
      return equality(draw, attribute.of!)
    case 'date':
      return dateOperators(draw)
  }
}

type Scalar = string | number | boolean
function equality(draw: Draw, values: readonly Scalar[]): ValueTest {
  return draw.weighted<() => ValueTest>([
    [3, () => ({ is: draw.pick(values) })],
    [2, () => ({ is_not: draw.pick(values) })],
    [2, () => ({ in: draw.some(values, 1, 3) })],
    [1, () => ({ not_in: draw.some(values, 1, 2) })],
  ])()
}

function textOperators(draw: Draw): ValueTest {
  const pieces = ['ceo', 'Sales', 'é', 'STRASSE', 'a', 'S'] as const
  return draw.weighted<() => ValueTest>([
    [3, () => equality(draw, TEXTS)],
    [1, () => ({ contains: oneOrSome(draw, pieces) })],
    [1, () => ({ starts_with: oneOrSome(draw, pieces) })],
    [1, () => ({ ends_with: oneOrSome(draw, pieces) })],
    [1, () => ({ matches: draw.pick(['^C', '(?i)head|ceo', 'a.b', 'é$', '^$']) })],
  ])()
}

function dateOperators(draw: Draw): Omit<AttributeTest, 'attribute'> {
  return draw.weighted<() => Omit<AttributeTest, 'attribute'>>([
    [2, () => ({ older_than: durationOrNone(draw) })],
    [2, () => ({ newer_than: duration(draw) })],
    [2, () => ({ due_within: durationOrNone(draw) })],
    [1, () => ({ older_than: duration(draw), newer_than: duration(draw) })],
    [2, () => dateComparison(draw)],
  ])()
}

function dateComparison(draw: Draw): ValueTest {
  const operator = draw.pick(['at_least', 'at_most', 'above', 'below'] as const)
  if (draw.chance(0.8)) return { [operator]: draw.pick(DATES) }
  const [from, to] = draw.some(['2024-02-29', '2026-01-06', '2026-01-12T00:00:00.001Z', '2026-01-20'], 2, 2) as [
    string,
    string,
  ]
  return { between: from < to ? [from, to] : [to, from] }
}

// --- Activities ------------------------------------------------------------------------------------------------------

const activityTest: Make = (draw, declared) => {
  const measure = draw.weighted<(draw: Draw) => Omit<ActivityTest, 'activity'>>([
    [2, () => ({})],
    [1, () => ({ ever: true })],
    [2, () => ({ never: true })],
    [4, () => ({ count: comparison(draw, [0, 1, 2, 3, 5]) })],
    [2, () => ({ sum: { of: draw.pick(['amount', 'path']), ...comparison(draw, NUMBERS) } })],
    [2, () => ({ average: { of: 'amount', ...comparison(draw, NUMBERS) } })],
    [1, () => ({ distinct_days: comparison(draw, [1, 2, 3]) })],
    [2, () => ({ last: lastTest(draw) })],
    [2, () => ({ within: duration(draw), trend: trendTest(draw) })],
  ])(draw)
  return {
    activity: oneOrSome(draw, declared.activities),
    ...draw.maybe(0.2, 'where', () => where(draw)),
    ...draw.maybe(0.5, 'within', () => duration(draw)),
    ...measure,
  }
}

function lastTest(draw: Draw): NonNullable<ActivityTest['last']> {
  const within = duration(draw)
  if (draw.chance(0.4)) return { within }
  const longer_ago_than = durationOrNone(draw)
  return draw.chance(0.6) ? { longer_ago_than } : { within, longer_ago_than }
}

function trendTest(draw: Draw): NonNullable<ActivityTest['trend']> {
  const against = duration(draw)
  const rate = () => draw.pick([0.1, 0.5, 1, 1.5, 2, 3])
  const kind = draw.integer(0, 3)
  if (kind === 0) return { against, at_most: rate() }
  return kind === 1 ? { against, at_least: 0.5, at_most: rate() } : { against, at_least: rate() }
}

export function where(draw: Draw): PropertyTests {
  const properties = draw.some(Object.keys(PROPERTIES), 1, 2)
  return Object.fromEntries(properties.map((property) => [property, propertyTest(draw, property)]))
}

function propertyTest(draw: Draw, property: string): PropertyTests[string] {
  const isScalar = (value: unknown): value is Scalar => value !== null && typeof value !== 'object' && value !== 1e10
  const values = PROPERTIES[property].filter(isScalar)
  return draw.weighted<() => PropertyTests[string]>([
    [3, () => draw.pick(values)],
    [2, () => draw.some(values, 1, 3)],
    [3, () => equality(draw, values)],
    [1, () => ({ known: draw.chance(0.5) })],
    [1, () => ({ contains: oneOrSome(draw, ['pric', 'A', '/']), ...draw.maybe(0.3, 'ends_with', () => 's') })],
    [1, () => ({ matches: draw.pick(['^/pricing$', '(?i)PRIC', 'o.*n']) })],
    [2, () => (property === 'on' ? dateComparison(draw) : comparison(draw, [0, 1, 2.5, 10]))],
  ])()
}

// --- Nodes -----------------------------------------------------------------------------------------------------------

const scoreTest: Make = (draw, declared) => {
  const score = draw.pick([...declared.scores.keys()])
  return { score, ...comparison(draw, declared.scores.get(score)!) }
}

const categoryTest: Make = (draw, declared) => {
  const category = draw.pick([...declared.categories.keys()])
  const levels = declared.categories.get(category)!
  const test = draw.weighted<() => object>([
    [4, () => ({ is: draw.pick(levels) })],
    [2, () => ({ in: draw.some(levels, 1, 2) })],
    [1, () => ({ is_not: draw.pick(levels) })],
    [1, () => ({ not_in: draw.some(levels, 1, 2) })],
  ])()
  return { category, ...test, ...draw.maybe(0.3, 'for_at_least', () => durationOrNone(draw)) }
}

const personaTest: Make = (draw, declared) => ({ persona: oneOrSome(draw, declared.personas) })

const stageTest: Make = (draw, declared) => {
  const stage = oneOrSome(draw, declared.stages)
  return draw.weighted<() => Condition>([
    [2, () => ({ stage })],
    [2, () => ({ stage, for_at_least: durationOrNone(draw) })],
    [1, () => ({ stage, reached: true })],
  ])()
}

const answersTest: Make = (draw, declared) => {
  const answers = draw.some(topicsOf(declared), 1, 4)
  return { answers, at_least: draw.integer(1, answers.length) }
}
