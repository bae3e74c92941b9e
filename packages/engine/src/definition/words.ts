/**
 * The definition in plain words: names as people call them, conditions and criteria as one reads them aloud.
 * Explanations, differences and the rendered document all speak with these words, so that one thing has one sentence. They are
 * put together as data (`phrases.ts`), for those who word them in another language.
 */
import type {
  ActivityTest,
  AttributeTest,
  Bin,
  Category,
  Comparison,
  Condition,
  Criterion,
  Decay,
  Definition,
  EachCriterion,
  Level,
  PropertyTests,
  ValueTest,
} from './language.ts'
import { DURATION } from '../time.ts'
import { bare, chained, english, several, type Phrase, type Said } from './phrases.ts'
export { counted, joined, numberWords } from './wording.ts'
import { asList, kinded, levelsListed, own } from './walk.ts'

// --- Names -----------------------------------------------------------------------------------------------------------

/** `job_level` → `job level` */
export const spaced = (name: string): string => name.replaceAll('_', ' ')

type Labelled = { readonly label?: string | undefined } | undefined
const called = (thing: Labelled, name: string): string => thing?.label ?? spaced(name)

export const attributeWords = (definition: Definition, name: string): string =>
  called(own(definition.attributes, name), name)
export const activityWords = (definition: Definition, name: string): string =>
  called(own(definition.activities, name), name)
export const personaWords = (definition: Definition, name: string): string =>
  called(own(definition.personas, name), name)
export const scoreWords = (definition: Definition, name: string): string => called(own(definition.scores, name), name)
export const categoryWords = (definition: Definition, name: string): string =>
  called(own(definition.categories, name), name)
export const groupWords = (definition: Definition, score: string, name: string): string =>
  called(own(own(definition.scores, score)?.groups, name), name)
export const stageWords = (definition: Definition, id: string): string =>
  called(
    definition.stages?.find((stage) => stage.id === id),
    id,
  )

/** The label of a level; a cell of a matrix without names is called by its row and column. */
export function levelWords(definition: Definition, category: string, name: string): string {
  const axis = own<Category>(definition.categories, category)
  const level: Level | undefined = axis && levelsListed(axis, []).find((each) => each.name === name)?.level
  return called(level, name)
}

const UNITS = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days', w: 'weeks' } as const

/** `14d` → 14 days */
function spanOf(text: string): Said {
  const [, digits, unit] = DURATION.exec(text) ?? []
  if (digits === undefined || unit === undefined) return text
  return { key: UNITS[unit as keyof typeof UNITS], args: { count: Number(digits) } }
}

/** `14d` → `14 days` */
export const durationWords = (text: string): string => english(spanOf(text))
const pointsOf = (count: number): Phrase => ({ key: 'points', args: { count } })
export const pointsWords = (points: number): string => english(pointsOf(points))

// --- Comparisons -----------------------------------------------------------------------------------------------------

const withUnit = (amount: number | string, unit: string): Said =>
  unit === '' ? amount : { key: 'quantity', args: { amount, unit } }

/** `at least 50 people`, `between 1 and 5` */
function comparison({ is, at_least, at_most, above, below, between }: Partial<Comparison>): Said {
  const parts: Said[] = []
  if (is !== undefined) parts.push(is)
  if (at_least !== undefined) parts.push({ key: 'at_least', args: { amount: at_least } })
  if (above !== undefined) parts.push({ key: 'more_than', args: { amount: above } })
  if (between !== undefined) parts.push({ key: 'between', args: { low: between[0], high: between[1] } })
  if (below !== undefined) parts.push({ key: 'less_than', args: { amount: below } })
  if (at_most !== undefined) parts.push({ key: 'at_most', args: { amount: at_most } })
  return several(parts, 'and')
}

const quoted = (text: string): Phrase => ({ key: 'quoted', args: { text } })
type Scalar = string | number | boolean
function scalar(value: Scalar, quote: boolean): Said {
  if (typeof value === 'string') return quote ? quoted(value) : spaced(value)
  if (typeof value === 'number') return value
  if (quote) return `${value}` // of a property, as the source writes it
  return bare(value ? 'yes' : 'no')
}
type Bound = string | number
const boundOf = (bound: Bound, unit: string): Said =>
  typeof bound === 'string' ? { key: 'date', args: { date: bound } } : withUnit(bound, unit)
const is = (value: Said): Phrase => ({ key: 'is', args: { value } })

/** What a test of a value says of it: `is executive or director`, `is not known`. */
function predicates(test: ValueTest, { quote, unit }: { readonly quote: boolean; readonly unit: string }): Phrase[] {
  const anyOf = (values: readonly Scalar[]) =>
    several(
      values.map((each) => scalar(each, quote)),
      'or',
    )
  const texts = (values: string | readonly string[]) => ({ value: several(asList(values).map(quoted), 'or') })
  const range = (bound: Bound, number: AmountKey, date: DateKey) =>
    is(
      typeof bound === 'string'
        ? { key: date, args: { value: boundOf(bound, unit) } }
        : { key: number, args: { amount: boundOf(bound, unit) } },
    )
  const said: Phrase[] = []
  if (test.known !== undefined) said.push(bare(test.known ? 'is_known' : 'is_not_known'))
  if (test.is !== undefined) said.push(is(scalar(test.is, quote)))
  if (test.in !== undefined) said.push(is(anyOf(test.in)))
  if (test.is_not !== undefined) said.push({ key: 'is_not', args: { value: scalar(test.is_not, quote) } })
  if (test.not_in !== undefined) said.push({ key: 'is_not', args: { value: anyOf(test.not_in) } })
  if (test.contains !== undefined) said.push({ key: 'contains', args: texts(test.contains) })
  if (test.starts_with !== undefined) said.push({ key: 'starts_with', args: texts(test.starts_with) })
  if (test.ends_with !== undefined) said.push({ key: 'ends_with', args: texts(test.ends_with) })
  if (test.matches !== undefined) said.push({ key: 'matches', args: { value: quoted(test.matches) } })
  if (test.at_least !== undefined) said.push(range(test.at_least, 'at_least', 'on_or_after'))
  if (test.above !== undefined) said.push(range(test.above, 'more_than', 'after'))
  if (test.between !== undefined) {
    const [low, high] = test.between
    said.push(is({ key: 'between', args: { low: boundOf(low, ''), high: boundOf(high, unit) } }))
  }
  if (test.below !== undefined) said.push(range(test.below, 'less_than', 'before'))
  if (test.at_most !== undefined) said.push(range(test.at_most, 'at_most', 'on_or_before'))
  return said
}

type AmountKey = 'at_least' | 'at_most' | 'more_than' | 'less_than'
type DateKey = 'on_or_after' | 'on_or_before' | 'after' | 'before'

const statement = (subject: string, said: readonly Said[]): Phrase => ({
  key: 'statement',
  args: { subject, predicate: several(said, 'and') },
})

function attributeTest(definition: Definition, test: AttributeTest): Phrase {
  const attribute = own(definition.attributes, test.attribute)
  const said = predicates(test, { quote: attribute?.type === 'text', unit: attribute?.unit ?? '' })
  if (test.changed_within !== undefined)
    said.push({ key: 'changed_within', args: { span: spanOf(test.changed_within) } })
  if (test.older_than !== undefined) said.push({ key: 'older_than', args: { span: spanOf(test.older_than) } })
  if (test.newer_than !== undefined) said.push({ key: 'newer_than', args: { span: spanOf(test.newer_than) } })
  if (test.due_within !== undefined) said.push({ key: 'due_within', args: { span: spanOf(test.due_within) } })
  return statement(attributeWords(definition, test.attribute), said)
}

// --- Activities ------------------------------------------------------------------------------------------------------

/** `“pricing viewed” or “Read a case study”`: in quotes, because a label may be a sentence of its own. */
export const occurrences = (definition: Definition, names: string | readonly string[]): Said =>
  several(
    asList(names).map((name) => quoted(activityWords(definition, name))),
    'or',
  )

function activitiesWhere(
  definition: Definition,
  names: string | readonly string[],
  where: PropertyTests | undefined,
): Said {
  const what = occurrences(definition, names)
  return where === undefined ? what : { key: 'where', args: { what, tests: propertyTests(where) } }
}

function propertyTests(where: PropertyTests): Said {
  const tests = Object.entries(where).map(([property, test]) => {
    const asTest: ValueTest = typeof test !== 'object' ? { is: test } : isList(test) ? { in: test } : test
    return statement(property, predicates(asTest, { quote: true, unit: '' }))
  })
  return several(tests, 'and')
}

/** `plan is “pro” and seats is at least 10` */
export const whereWords = (where: PropertyTests): string => english(propertyTests(where))

const isList = (value: readonly Scalar[] | ValueTest): value is readonly Scalar[] => Array.isArray(value)

const inLast = (within: string): Phrase => ({ key: 'in_last', args: { span: spanOf(within) } })

function activityTest(definition: Definition, test: ActivityTest): Phrase {
  const what = activitiesWhere(definition, test.activity, test.where)
  const { within, never, count, distinct_days: days, sum, average, last, trend } = test
  const when = within === undefined ? bare('so_far') : inLast(within)
  const inWindow = <Of extends Said>(of: Of): Of | Phrase =>
    within === undefined ? of : { key: 'during', args: { what: of, when } }
  if (never) return { key: 'not_once', args: { what, when } }
  if (count) return { key: 'times', args: { what, amount: comparison(count), when } }
  if (days) return inWindow<Phrase>({ key: 'on_days', args: { what, amount: comparison(days) } })
  if (sum) return { key: 'sum_of', args: { property: sum.of, over: inWindow(what), amount: comparison(sum) } }
  if (average)
    return { key: 'average_of', args: { property: average.of, over: inWindow(what), amount: comparison(average) } }
  if (last) {
    const said: Phrase = { key: 'last_time', args: { what, age: agesOf(last) } }
    return within === undefined ? said : { key: 'comma', args: { first: said, rest: when } }
  }
  if (trend) return { key: 'as_often', args: { what, rate: ratesOf(trend), when, against: spanOf(trend.against) } }
  return { key: 'at_least_once', args: { what, when } }
}

function agesOf({ within, longer_ago_than: longer }: NonNullable<ActivityTest['last']>): Said {
  const ages: Phrase[] = []
  if (longer !== undefined) ages.push({ key: 'ago_at_least', args: { span: spanOf(longer) } })
  if (within !== undefined) ages.push({ key: 'ago_less_than', args: { span: spanOf(within) } })
  return several(ages, 'and')
}

function ratesOf({ at_least, at_most }: NonNullable<ActivityTest['trend']>): Said {
  const rates: Phrase[] = []
  if (at_least !== undefined) rates.push({ key: 'at_least_times', args: { amount: at_least } })
  if (at_most !== undefined) rates.push({ key: 'at_most_times', args: { amount: at_most } })
  return several(rates, 'and')
}

// --- Conditions ------------------------------------------------------------------------------------------------------

/** A condition as a clause without capital or full stop: `job level is executive or director and …`. */
export const conditionInWords = (definition: Definition, condition: Condition): string =>
  english(conditionSaid(definition, condition))

/** The same as data. */
export function conditionSaid(definition: Definition, condition: Condition): Phrase {
  const one = kinded(condition)
  switch (one.kind) {
    case 'all':
      return clauses(definition, one.test.all, 'and_clause')
    case 'any':
      return clauses(definition, one.test.any, 'or_clause')
    case 'of': {
      const parts = one.test.of.map((part) => bracketed(definition, part))
      return { key: 'at_least_of', args: { number: one.test.at_least, parts: chained(parts, 'semicolon') } }
    }
    case 'not':
      return { key: 'not', args: { clause: bracketed(definition, one.test.not) } }
    case 'attribute':
      return attributeTest(definition, one.test)
    case 'activity':
      return activityTest(definition, one.test)
    case 'score':
      return statement(scoreWords(definition, one.test.score), [is(comparison(one.test))])
    case 'category':
      return categoryTest(definition, one.test)
    case 'persona': {
      const names = asList(one.test.persona).map((name) => personaWords(definition, name))
      return { key: 'persona_is', args: { persona: several(names, 'or') } }
    }
    case 'stage':
      return stageTest(definition, one.test)
    case 'answers': {
      const topics = several(one.test.answers.map(spaced), 'and')
      return { key: 'answers_known', args: { count: one.test.at_least, topics } }
    }
    case 'account':
      return { key: 'at_account', args: { clause: conditionSaid(definition, one.test.account) } }
    case 'leads': {
      const clause = bracketed(definition, one.test.when)
      return { key: 'leads_count', args: { clause, amount: comparison(one.test.leads) } }
    }
  }
}

function clauses(definition: Definition, parts: readonly Condition[], key: 'and_clause' | 'or_clause'): Phrase {
  if (parts.length === 1) return conditionSaid(definition, parts[0])
  return chained(
    parts.map((part) => bracketed(definition, part)),
    key,
  )
}

/** A clause that may stand beside others: in brackets when it has several parts of its own. */
function bracketed(definition: Definition, part: Condition): Phrase {
  const clause = conditionSaid(definition, part)
  return isCompound(part) ? { key: 'bracket', args: { clause } } : clause
}

function isCompound(condition: Condition): boolean {
  const one = kinded(condition)
  if (one.kind === 'all') return one.test.all.length > 1 || isCompound(one.test.all[0])
  if (one.kind === 'any') return one.test.any.length > 1 || isCompound(one.test.any[0])
  if (one.kind === 'not') return false
  return one.kind === 'of' || (one.kind === 'account' && isCompound(one.test.account))
}

const lasting = (clause: Phrase, span: string | undefined): Phrase =>
  span === undefined ? clause : { key: 'lasting', args: { clause, span: spanOf(span) } }

function categoryTest(definition: Definition, test: Extract<Condition, { category: string }>): Phrase {
  const { category } = test
  const levels = (names: readonly string[]) => ({
    value: several(
      names.map((name) => levelWords(definition, category, name)),
      'or',
    ),
  })
  const said: Phrase[] = []
  if (test.is !== undefined) said.push({ key: 'is', args: levels([test.is]) })
  if (test.in !== undefined) said.push({ key: 'is', args: levels(test.in) })
  if (test.is_not !== undefined) said.push({ key: 'is_not', args: levels([test.is_not]) })
  if (test.not_in !== undefined) said.push({ key: 'is_not', args: levels(test.not_in) })
  return lasting(statement(categoryWords(definition, category), said), test.for_at_least)
}

function stageTest(definition: Definition, test: Extract<Condition, { stage: unknown }>): Phrase {
  const stage = several(
    asList(test.stage).map((id) => stageWords(definition, id)),
    'or',
  )
  if (test.reached) return { key: 'stage_reached', args: { stage } }
  return lasting({ key: 'stage_is', args: { stage } }, test.for_at_least)
}

// --- Criteria --------------------------------------------------------------------------------------------------------

/** How an occurrence fades: `halving every 14 days`. Undefined where it does not. */
export function decayInWords(decay: Decay | undefined): string | undefined {
  const said = decaySaid(decay)
  return said === undefined ? undefined : english(said)
}

/** The same as data. */
export function decaySaid(decay: Decay | undefined): Phrase | undefined {
  if (decay === undefined || decay === 'none') return undefined
  if ('half_life' in decay) return { key: 'halving', args: { span: spanOf(decay.half_life) } }
  if ('expires' in decay) return { key: 'in_full_for', args: { span: spanOf(decay.expires) } }
  if ('steps' in decay) return { key: 'losing', args: { share: decay.steps.lose, span: spanOf(decay.steps.every) } }
  const rest: Phrase = { key: 'falling', args: { span: spanOf(decay.linear.over) } }
  const { after } = decay.linear
  return after === undefined ? rest : { key: 'in_full_then', args: { span: spanOf(after), rest } }
}

/** What a criterion asks, without its points: the title of a row in a table. */
export const criterionSubject = (definition: Definition, criterion: Criterion): string =>
  english(criterionAsks(definition, criterion))

function criterionAsks(definition: Definition, criterion: Criterion): Said {
  if ('when' in criterion) return conditionSaid(definition, criterion.when)
  if ('table' in criterion) return attributeWords(definition, criterion.table)
  const what = activitiesWhere(definition, criterion.each, criterion.where)
  return { key: criterion.by === 'account' ? 'each_at_account' : 'each', args: { what } }
}

/** A criterion as one sentence without its full stop: `30 points when …`, `10 points for each …`. */
export const criterionInWords = (definition: Definition, criterion: Criterion): string =>
  english(criterionSaid(definition, criterion))

/** The same as data. */
export function criterionSaid(definition: Definition, criterion: Criterion): Phrase {
  const parts = [givesSaid(definition, criterion), ...limitsOf(criterion)]
  if (criterion.unknown !== undefined && criterion.unknown !== 0)
    parts.push({ key: 'while_unknown', args: { points: pointsOf(criterion.unknown) } })
  return chained(parts, 'semicolon')
}

function givesSaid(definition: Definition, criterion: Criterion): Phrase {
  if ('when' in criterion) {
    const clause = conditionSaid(definition, criterion.when)
    return { key: 'points_when', args: { points: pointsOf(criterion.points), clause } }
  }
  if ('each' in criterion) {
    const what = eachSaid(definition, criterion)
    return { key: 'points_for', args: { points: pointsOf(criterion.points), what } }
  }
  const rows = rowsOf(definition, criterion).map(({ value, points }): Phrase => ({
    key: 'row',
    args: { value, points },
  }))
  const attribute = attributeWords(definition, criterion.table)
  return { key: 'points_by', args: { attribute, rows: rows.length === 0 ? '' : chained(rows, 'comma') } }
}

function eachSaid(definition: Definition, criterion: EachCriterion): Said {
  const { count, within, decay } = criterion
  const parts = [criterionAsks(definition, criterion)]
  if (count !== undefined) parts.push(oftenSaid(count))
  if (within !== undefined) parts.push(inLast(within))
  const fades = decay === 'none' ? bare('no_fading') : decaySaid(decay)
  if (fades !== undefined) parts.push(fades)
  return chained(parts, 'comma')
}

function oftenSaid({ at_most: most, within }: NonNullable<EachCriterion['count']>): Phrase {
  const often: Phrase = most === 1 ? bare('at_most_once') : { key: 'at_most_times', args: { amount: most } }
  return within === undefined ? often : { key: 'in_any', args: { often, span: spanOf(within) } }
}

function limitsOf({ cap, floor }: { readonly cap?: number; readonly floor?: number }): Phrase[] {
  const limits: Phrase[] = []
  if (cap !== undefined) limits.push({ key: 'at_most', args: { amount: cap } })
  if (floor !== undefined) limits.push({ key: 'at_least', args: { amount: floor } })
  return limits.map((amount) => ({ key: 'in_all', args: { amount } }))
}

interface Table {
  readonly table: string
  readonly bins?: readonly Bin[]
  readonly values?: { readonly [value: string]: number }
  readonly otherwise?: number
}

interface Row<Value> {
  readonly value: Value
  readonly points: number
}
const inEnglish = ({ value, points }: Row<Said>): Row<string> => ({ value: english(value), points })

/** The rows of a lookup: the value or range in words, and its points. */
export const tableRows = (definition: Definition, table: Table): readonly Row<string>[] =>
  rowsOf(definition, table).map(inEnglish)

function rowsOf(definition: Definition, table: Table): readonly Row<Said>[] {
  const attribute = own(definition.attributes, table.table)
  const quote = attribute?.type === 'text'
  const values = Object.entries(table.values ?? {}).map(([value, points]) => ({ value: scalar(value, quote), points }))
  const unit = attribute?.type === 'date' ? DAYS_AGO : (attribute?.unit ?? '')
  const otherwise = table.otherwise === undefined ? [] : [{ value: bare('anything_else'), points: table.otherwise }]
  return [...rowsOfBins(table.bins ?? [], unit), ...values, ...otherwise]
}

/** The range of each bin in words, and its points. */
export const binRows = (bins: readonly Bin[], unit: string): readonly Row<string>[] =>
  rowsOfBins(bins, unit).map(inEnglish)

function rowsOfBins(bins: readonly Bin[], unit: string): readonly Row<Said>[] {
  let from: number | undefined
  return bins.map((bin) => {
    const [low, high] = [bin.at_least ?? from, bin.below]
    from = high ?? from
    return { value: rangeOf(low, high, unit), points: bin.points }
  })
}

/** The unit of ages in days, of which those below 0 lie ahead. */
export const DAYS_AGO = 'days ago'

/** `from 20 to below 200 people`, `less than 30 days ago`, `at most 180 days ahead` */
export const rangeWords = (low: number | undefined, high: number | undefined, unit: string): string =>
  english(rangeOf(low, high, unit))

function rangeOf(low: number | undefined, high: number | undefined, unit: string): Phrase {
  if (unit === DAYS_AGO) return ageRange(low, high)
  if (low !== undefined && high !== undefined) return { key: 'range', args: { low, high: withUnit(high, unit) } }
  if (low !== undefined) return { key: 'or_more', args: { amount: withUnit(low, unit) } }
  return high === undefined ? bare('any_value') : { key: 'below', args: { amount: withUnit(high, unit) } }
}

/** A range of ages in days: from `low` to below `high`. */
function ageRange(low = -Infinity, high = Infinity): Phrase {
  const days = (age: number): Phrase => ({ key: 'days', args: { count: Math.abs(age) } })
  const span = { span: days(low === -Infinity ? high : low) }
  if (low === -Infinity && high === Infinity) return bare('any_date')
  if (high === Infinity)
    return low === 0 ? bare('past') : { key: low < 0 ? 'past_or_ahead' : 'ago_or_longer', args: span }
  if (low === -Infinity)
    return high === 0 ? bare('ahead') : { key: high < 0 ? 'ahead_more_than' : 'ahead_or_ago', args: span }
  if (low === 0) return { key: 'ago_less_than', args: { span: days(high) } }
  if (high === 0) return { key: 'ahead_at_most', args: span }
  if (low > 0) return { key: 'ago_between', args: { low, span: days(high) } }
  if (high < 0) return { key: 'ahead_between', args: { low: -high, ...span } }
  return { key: 'ahead_to_ago', args: { ahead: days(low), ago: days(high) } }
}
