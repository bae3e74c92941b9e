/**
 * The definition in plain words: names as people call them, conditions and criteria as one reads them aloud.
 * Explanations, differences and the rendered document all speak with these words, so that one thing has one sentence.
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

/** `a`, `a or b`, `a, b or c` */
export function joined(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`
}

const UNITS = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' } as const

/** `14d` → `14 days` */
export function durationWords(text: string): string {
  const [, digits, unit] = DURATION.exec(text) ?? []
  if (digits === undefined || unit === undefined) return text
  return counted(Number(digits), UNITS[unit as keyof typeof UNITS])
}

/** `1 point`, `2 points`, `−5 points` */
export const counted = (count: number, one: string): string =>
  `${numberWords(count)} ${Math.abs(count) === 1 ? one : `${one}s`}`

/** With a real minus sign, and a thin gap nowhere: the same text in every language setting. */
export const numberWords = (value: number): string => (value < 0 ? `−${-value}` : `${value}`)
export const pointsWords = (points: number): string => counted(points, 'point')

// --- Comparisons -----------------------------------------------------------------------------------------------------

/** `is at least 50 people`, `is between 1 and 5` */
function comparisonWords(comparison: Partial<Comparison>, unit = ''): readonly string[] {
  const { is, at_least, at_most, above, below, between } = comparison
  const after = unit === '' ? '' : ` ${unit}`
  return [
    ...(is === undefined ? [] : [`${numberWords(is)}${after}`]),
    ...(at_least === undefined ? [] : [`at least ${numberWords(at_least)}${after}`]),
    ...(above === undefined ? [] : [`more than ${numberWords(above)}${after}`]),
    ...(between === undefined ? [] : [`between ${numberWords(between[0])} and ${numberWords(between[1])}${after}`]),
    ...(below === undefined ? [] : [`less than ${numberWords(below)}${after}`]),
    ...(at_most === undefined ? [] : [`at most ${numberWords(at_most)}${after}`]),
  ]
}

const quoted = (text: string): string => `“${text}”`
type Scalar = string | number | boolean
const scalarWords = (value: Scalar, quote: boolean): string =>
  typeof value === 'string'
    ? quote
      ? quoted(value)
      : spaced(value)
    : typeof value === 'number'
      ? numberWords(value)
      : quote
        ? `${value}` // of a property, as the source writes it
        : value
          ? 'yes'
          : 'no'
type Bound = string | number
const boundWords = (bound: Bound, unit: string): string =>
  typeof bound === 'string' ? bound : `${numberWords(bound)}${unit === '' ? '' : ` ${unit}`}`

/** What a test of a value says of it, as verbs: `is executive or director`, `is not known`. */
function valueTestWords(
  test: ValueTest,
  options: { readonly quote: boolean; readonly unit: string },
): readonly string[] {
  const { quote, unit } = options
  const anyOf = (values: readonly Scalar[]) =>
    joined(
      values.map((each) => scalarWords(each, quote)),
      'or',
    )
  const texts = (values: string | readonly string[]) => joined(asList(values).map(quoted), 'or')
  const range = (bound: Bound, number: string, date: string) =>
    `is ${typeof bound === 'string' ? date : number} ${boundWords(bound, unit)}`
  const words: string[] = []
  if (test.known !== undefined) words.push(test.known ? 'is known' : 'is not known')
  if (test.is !== undefined) words.push(`is ${scalarWords(test.is, quote)}`)
  if (test.in !== undefined) words.push(`is ${anyOf(test.in)}`)
  if (test.is_not !== undefined) words.push(`is not ${scalarWords(test.is_not, quote)}`)
  if (test.not_in !== undefined) words.push(`is not ${anyOf(test.not_in)}`)
  if (test.contains !== undefined) words.push(`contains ${texts(test.contains)}`)
  if (test.starts_with !== undefined) words.push(`starts with ${texts(test.starts_with)}`)
  if (test.ends_with !== undefined) words.push(`ends with ${texts(test.ends_with)}`)
  if (test.matches !== undefined) words.push(`matches the pattern ${quoted(test.matches)}`)
  if (test.at_least !== undefined) words.push(range(test.at_least, 'at least', 'on or after'))
  if (test.above !== undefined) words.push(range(test.above, 'more than', 'after'))
  if (test.between !== undefined) {
    words.push(`is between ${boundWords(test.between[0], '')} and ${boundWords(test.between[1], unit)}`)
  }
  if (test.below !== undefined) words.push(range(test.below, 'less than', 'before'))
  if (test.at_most !== undefined) words.push(range(test.at_most, 'at most', 'on or before'))
  return words
}

function attributeTestWords(definition: Definition, test: AttributeTest): string {
  const attribute = own(definition.attributes, test.attribute)
  const words = [...valueTestWords(test, { quote: attribute?.type === 'text', unit: attribute?.unit ?? '' })]
  if (test.changed_within !== undefined) words.push(`changed within the last ${durationWords(test.changed_within)}`)
  if (test.older_than !== undefined) words.push(`lies at least ${durationWords(test.older_than)} back`)
  if (test.newer_than !== undefined) words.push(`lies less than ${durationWords(test.newer_than)} back`)
  if (test.due_within !== undefined) words.push(`is at most ${durationWords(test.due_within)} ahead`)
  return `${attributeWords(definition, test.attribute)} ${joined(words, 'and')}`
}

// --- Activities ------------------------------------------------------------------------------------------------------

/** `“pricing viewed” or “Read a case study”`: in quotes, because a label may be a sentence of its own. */
export const occurrenceWords = (definition: Definition, names: string | readonly string[]): string =>
  joined(
    asList(names).map((name) => quoted(activityWords(definition, name))),
    'or',
  )

function activitiesWords(
  definition: Definition,
  names: string | readonly string[],
  where: PropertyTests | undefined,
): string {
  const named = occurrenceWords(definition, names)
  return where === undefined ? named : `${named} (where ${whereWords(where)})`
}

/** `plan is “pro” and seats is at least 10` */
export function whereWords(where: PropertyTests): string {
  const tests = Object.entries(where).map(([property, test]) => {
    const asTest: ValueTest = typeof test !== 'object' ? { is: test } : isList(test) ? { in: test } : test
    return `${property} ${joined(valueTestWords(asTest, { quote: true, unit: '' }), 'and')}`
  })
  return joined(tests, 'and')
}

const isList = (value: readonly Scalar[] | ValueTest): value is readonly Scalar[] => Array.isArray(value)

function activityTestWords(definition: Definition, test: ActivityTest): string {
  const what = activitiesWords(definition, test.activity, test.where)
  const window = test.within === undefined ? '' : ` within the last ${durationWords(test.within)}`
  if (test.never) return `${what} not once${window === '' ? ' so far' : window}`
  if (test.count)
    return `${what} ${joined(comparisonWords(test.count), 'and')} times${window === '' ? ' so far' : window}`
  if (test.distinct_days)
    return `${what} on ${joined(comparisonWords(test.distinct_days), 'and')} different days${window}`
  if (test.sum)
    return `the sum of ${quoted(test.sum.of)} over ${what}${window} is ${joined(comparisonWords(test.sum), 'and')}`
  if (test.average) {
    return `the average of ${quoted(test.average.of)} over ${what}${window} is ${joined(comparisonWords(test.average), 'and')}`
  }
  if (test.last) {
    const { within, longer_ago_than } = test.last
    const ages = [
      ...(longer_ago_than === undefined ? [] : [`at least ${durationWords(longer_ago_than)} ago`]),
      ...(within === undefined ? [] : [`less than ${durationWords(within)} ago`]),
    ]
    return `${what} last ${joined(ages, 'and')}${window === '' ? '' : `,${window}`}`
  }
  if (test.trend) {
    const { against, at_least, at_most } = test.trend
    const rates = [
      ...(at_least === undefined ? [] : [`at least ${numberWords(at_least)} times`]),
      ...(at_most === undefined ? [] : [`at most ${numberWords(at_most)} times`]),
    ]
    return `${what} ${joined(rates, 'and')} as often${window} as in the ${durationWords(against)} before`
  }
  return `${what} at least once${window === '' ? ' so far' : window}`
}

// --- Conditions ------------------------------------------------------------------------------------------------------

/** A condition as a clause without capital or full stop: `job level is executive or director and …`. */
export function conditionInWords(definition: Definition, condition: Condition): string {
  const one = kinded(condition)
  const words = (part: Condition) => conditionInWords(definition, part)
  switch (one.kind) {
    case 'all':
      return joinedClauses(definition, one.test.all, 'and')
    case 'any':
      return joinedClauses(definition, one.test.any, 'or')
    case 'of':
      return `at least ${one.test.at_least} of these: ${one.test.of.map((part) => bracketed(definition, part)).join('; ')}`
    case 'not':
      return `it is not so that ${bracketed(definition, one.test.not)}`
    case 'attribute':
      return attributeTestWords(definition, one.test)
    case 'activity':
      return activityTestWords(definition, one.test)
    case 'score':
      return `${scoreWords(definition, one.test.score)} is ${joined(comparisonWords(one.test), 'and')}`
    case 'category':
      return categoryTestWords(definition, one.test)
    case 'persona':
      return `the persona is ${joined(
        asList(one.test.persona).map((name) => personaWords(definition, name)),
        'or',
      )}`
    case 'stage':
      return stageTestWords(definition, one.test)
    case 'answers':
      return `at least ${one.test.at_least} of ${joined(one.test.answers.map(spaced), 'and')} ${one.test.at_least === 1 ? 'is' : 'are'} known`
    case 'account':
      return `at the account, ${words(one.test.account)}`
    case 'leads':
      return `the number of leads of the account for which ${bracketed(definition, one.test.when)} is ${joined(comparisonWords(one.test.leads), 'and')}`
  }
}

function joinedClauses(definition: Definition, parts: readonly Condition[], conjunction: 'and' | 'or'): string {
  if (parts.length === 1) return conditionInWords(definition, parts[0])
  return parts.map((part) => bracketed(definition, part)).join(`, ${conjunction} `)
}

/** A clause that may stand beside others: in brackets when it has several parts of its own. */
function bracketed(definition: Definition, part: Condition): string {
  const clause = conditionInWords(definition, part)
  return isCompound(part) ? `(${clause})` : clause
}

function isCompound(condition: Condition): boolean {
  const one = kinded(condition)
  if (one.kind === 'all') return one.test.all.length > 1 || isCompound(one.test.all[0])
  if (one.kind === 'any') return one.test.any.length > 1 || isCompound(one.test.any[0])
  if (one.kind === 'not') return false
  return one.kind === 'of' || (one.kind === 'account' && isCompound(one.test.account))
}

function categoryTestWords(definition: Definition, test: Extract<Condition, { category: string }>): string {
  const { category, is, is_not, for_at_least } = test
  const levels = (names: readonly string[]) =>
    joined(
      names.map((name) => levelWords(definition, category, name)),
      'or',
    )
  const words = [
    ...(is === undefined ? [] : [`is ${levels([is])}`]),
    ...(test.in === undefined ? [] : [`is ${levels(test.in)}`]),
    ...(is_not === undefined ? [] : [`is not ${levels([is_not])}`]),
    ...(test.not_in === undefined ? [] : [`is not ${levels(test.not_in)}`]),
  ]
  const duration = for_at_least === undefined ? '' : ` for at least ${durationWords(for_at_least)}`
  return `${categoryWords(definition, category)} ${joined(words, 'and')}${duration}`
}

function stageTestWords(definition: Definition, test: Extract<Condition, { stage: unknown }>): string {
  const stages = joined(
    asList(test.stage).map((id) => stageWords(definition, id)),
    'or',
  )
  if (test.reached) return `the stage ${stages} has been reached at some time`
  const duration = test.for_at_least === undefined ? '' : ` for at least ${durationWords(test.for_at_least)}`
  return `the stage is ${stages}${duration}`
}

// --- Criteria --------------------------------------------------------------------------------------------------------

/** How an occurrence fades: `halving every 14 days`. Undefined where it does not. */
export function decayInWords(decay: Decay | undefined): string | undefined {
  if (decay === undefined || decay === 'none') return undefined
  if ('half_life' in decay) return `halving every ${durationWords(decay.half_life)}`
  if ('expires' in decay) return `in full for ${durationWords(decay.expires)}, then nothing`
  if ('steps' in decay) return `losing ${decay.steps.lose} every ${durationWords(decay.steps.every)}`
  const after = decay.linear.after === undefined ? '' : `in full for ${durationWords(decay.linear.after)}, then `
  return `${after}falling to nothing over ${durationWords(decay.linear.over)}`
}

/** What a criterion asks, without its points: the title of a row in a table. */
export function criterionSubject(definition: Definition, criterion: Criterion): string {
  if ('when' in criterion) return conditionInWords(definition, criterion.when)
  if ('table' in criterion) return attributeWords(definition, criterion.table)
  const whose = criterion.by === 'account' ? ' by anybody at the account' : ''
  return `each ${activitiesWords(definition, criterion.each, criterion.where)}${whose}`
}

/** A criterion as one sentence without its full stop: `30 points when …`, `10 points for each …`. */
export function criterionInWords(definition: Definition, criterion: Criterion): string {
  const limits = limitWords(criterion)
  const unknown =
    criterion.unknown === undefined || criterion.unknown === 0
      ? []
      : [`${pointsWords(criterion.unknown)} while nobody knows`]
  const rest = [...limits, ...unknown].map((each) => `; ${each}`).join('')
  if ('when' in criterion)
    return `${pointsWords(criterion.points)} when ${conditionInWords(definition, criterion.when)}${rest}`
  if ('each' in criterion) return `${pointsWords(criterion.points)} for ${eachWords(definition, criterion)}${rest}`
  const rows = tableRows(definition, criterion).map(({ value, points }) => `${value}: ${numberWords(points)}`)
  return `points by ${attributeWords(definition, criterion.table)} – ${rows.join(', ')}${rest}`
}

function eachWords(definition: Definition, criterion: EachCriterion): string {
  const { count, within, decay } = criterion
  const often = count === undefined ? '' : `, at most ${count.at_most === 1 ? 'once' : `${count.at_most} times`}`
  const stretch = count?.within === undefined ? '' : ` in any ${durationWords(count.within)}`
  const window = within === undefined ? '' : `, within the last ${durationWords(within)}`
  const fades = decay === 'none' ? 'without fading' : decayInWords(decay)
  return `${criterionSubject(definition, criterion)}${often}${stretch}${window}${fades === undefined ? '' : `, ${fades}`}`
}

function limitWords({ cap, floor }: { readonly cap?: number; readonly floor?: number }): readonly string[] {
  return [
    ...(cap === undefined ? [] : [`at most ${numberWords(cap)} in all`]),
    ...(floor === undefined ? [] : [`at least ${numberWords(floor)} in all`]),
  ]
}

interface Table {
  readonly table: string
  readonly bins?: readonly Bin[]
  readonly values?: { readonly [value: string]: number }
  readonly otherwise?: number
}

/** The rows of a lookup: the value or range in words, and its points. */
export function tableRows(
  definition: Definition,
  table: Table,
): readonly { readonly value: string; readonly points: number }[] {
  const attribute = own(definition.attributes, table.table)
  const quote = attribute?.type === 'text'
  const values = Object.entries(table.values ?? {}).map(([value, points]) => ({
    value: scalarWords(value, quote),
    points,
  }))
  const unit = attribute?.type === 'date' ? DAYS_AGO : (attribute?.unit ?? '')
  const otherwise = table.otherwise === undefined ? [] : [{ value: 'anything else', points: table.otherwise }]
  return [...binRows(table.bins ?? [], unit), ...values, ...otherwise]
}

/** The range of each bin in words, and its points. */
export function binRows(bins: readonly Bin[], unit: string): readonly { value: string; points: number }[] {
  let from: number | undefined
  return bins.map((bin) => {
    const [low, high] = [bin.at_least ?? from, bin.below]
    from = high ?? from
    return { value: rangeWords(low, high, unit), points: bin.points }
  })
}

/** The unit of ages in days, of which those below 0 lie ahead. */
export const DAYS_AGO = 'days ago'

/** `from 20 to below 200 people`, `less than 30 days ago`, `at most 180 days ahead` */
export function rangeWords(low: number | undefined, high: number | undefined, unit: string): string {
  if (unit === DAYS_AGO) return ageRangeWords(low, high)
  const after = unit === '' ? '' : ` ${unit}`
  if (low !== undefined && high !== undefined) return `from ${numberWords(low)} to below ${numberWords(high)}${after}`
  if (low !== undefined) return `${numberWords(low)}${after} or more`
  return high === undefined ? 'any value' : `below ${numberWords(high)}${after}`
}

/** A range of ages in days: from `low` to below `high`. */
function ageRangeWords(low = -Infinity, high = Infinity): string {
  const days = (age: number) => `${counted(Math.abs(age), 'day')} ${age < 0 ? 'ahead' : 'ago'}`
  if (low === -Infinity && high === Infinity) return 'any date'
  if (high === Infinity)
    return low === 0 ? 'now or past' : low < 0 ? `past, or at most ${days(low)}` : `${days(low)} or longer`
  if (low === -Infinity)
    return high === 0 ? 'ahead' : high < 0 ? `more than ${days(high)}` : `ahead, or less than ${days(high)}`
  if (low === 0) return `less than ${days(high)}`
  if (high === 0) return `at most ${days(low)}`
  if (low > 0) return `from ${numberWords(low)} to below ${days(high)}`
  if (high < 0) return `more than ${numberWords(-high)} and at most ${days(low)}`
  return `at most ${days(low)}, or less than ${days(high)}`
}
