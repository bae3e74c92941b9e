/**
 * What the engine says, as data: which saying, and what stands in its places. Everything that the engine words is put together here
 * first and put into English last, so that others can word it in another language and read its numbers without reading a sentence.
 */
import { formatDuration } from '../time.ts'
import { counted, joined, numberWords } from './wording.ts'

/** What stands in a place of a saying: text that people wrote, a number, another saying, or several of these. */
export type Said = string | number | Phrase | Several
export interface Several {
  readonly list: readonly Said[]
  readonly by: 'and' | 'or'
}

type Nothing = Readonly<Record<string, never>>
type Clause = { readonly clause: Said }
type Parts = { readonly first: Said; readonly rest: Said }
type Value = { readonly value: Said }
type Amount = { readonly amount: Said }
type Span = { readonly span: Said }
type Count = { readonly count: number }
type When = { readonly what: Said; readonly when: Said }
type Occurrences = { readonly count: number; readonly activities: Said; readonly latest: Phrase }

/** Every saying, and its places. Ages, windows and delays are milliseconds. */
export interface Sayings {
  // Of values
  readonly quoted: { readonly text: string }
  readonly yes: Nothing
  readonly no: Nothing
  readonly none: Nothing
  readonly quantity: { readonly amount: number | string; readonly unit: string }
  /** An ISO date, or a date and time. */
  readonly date: { readonly date: string }
  readonly seconds: Count
  readonly minutes: Count
  readonly hours: Count
  readonly days: Count
  readonly weeks: Count
  readonly points: Count

  // Of amounts
  readonly at_least: Amount
  readonly at_most: Amount
  readonly more_than: Amount
  readonly less_than: Amount
  readonly between: { readonly low: Said; readonly high: Said }
  readonly on_or_after: Value
  readonly after: Value
  readonly on_or_before: Value
  readonly before: Value

  // What a test says of its subject
  readonly statement: { readonly subject: string; readonly predicate: Said }
  readonly is_known: Nothing
  readonly is_not_known: Nothing
  readonly is: Value
  readonly is_not: Value
  readonly contains: Value
  readonly starts_with: Value
  readonly ends_with: Value
  readonly matches: Value
  readonly changed_within: Span
  readonly older_than: Span
  readonly newer_than: Span
  readonly due_within: Span

  // Of activities
  readonly where: { readonly what: Said; readonly tests: Said }
  readonly in_last: Span
  readonly so_far: Nothing
  readonly during: When
  readonly not_once: When
  readonly at_least_once: When
  readonly times: When & Amount
  readonly on_days: { readonly what: Said } & Amount
  readonly sum_of: { readonly property: string; readonly over: Said } & Amount
  readonly average_of: { readonly property: string; readonly over: Said } & Amount
  readonly last_time: { readonly what: Said; readonly age: Said }
  readonly ago_at_least: Span
  readonly ago_less_than: Span
  readonly as_often: When & { readonly rate: Said; readonly against: Said }
  readonly at_least_times: Amount
  readonly at_most_times: Amount

  // Of conditions
  readonly and_clause: Parts
  readonly or_clause: Parts
  readonly semicolon: Parts
  readonly comma: Parts
  readonly bracket: Clause
  readonly at_least_of: { readonly number: number; readonly parts: Said }
  readonly not: Clause
  readonly lasting: Clause & Span
  readonly persona_is: { readonly persona: Said }
  readonly stage_is: { readonly stage: Said }
  readonly stage_reached: { readonly stage: Said }
  readonly answers_known: Count & { readonly topics: Said }
  readonly at_account: Clause
  readonly leads_count: Clause & Amount

  // Of criteria
  readonly each: { readonly what: Said }
  readonly each_at_account: { readonly what: Said }
  readonly points_when: Clause & { readonly points: Said }
  readonly points_for: { readonly points: Said; readonly what: Said }
  readonly points_by: { readonly attribute: string; readonly rows: Said }
  readonly row: { readonly value: Said; readonly points: number }
  readonly anything_else: Nothing
  readonly in_all: Amount
  readonly while_unknown: { readonly points: Said }
  readonly at_most_once: Nothing
  readonly in_any: { readonly often: Said } & Span
  readonly no_fading: Nothing
  readonly halving: Span
  readonly in_full_for: Span
  readonly losing: { readonly share: string } & Span
  readonly falling: Span
  readonly in_full_then: { readonly rest: Said } & Span
  readonly range: { readonly low: Said; readonly high: Said }
  readonly or_more: Amount
  readonly below: Amount
  readonly any_value: Nothing
  readonly any_date: Nothing
  readonly past: Nothing
  readonly past_or_ahead: Span
  readonly ago_or_longer: Span
  readonly ahead: Nothing
  readonly ahead_more_than: Span
  readonly ahead_or_ago: Span
  readonly ahead_at_most: Span
  readonly ago_between: { readonly low: number } & Span
  readonly ahead_between: { readonly low: number } & Span
  readonly ahead_to_ago: { readonly ahead: Said; readonly ago: Said }

  // Lines of an explanation; points are rounded to hundredths
  readonly not_so: Clause
  readonly not_known: Clause
  readonly value: { readonly name: string; readonly value: Said }
  readonly value_unknown: { readonly name: string }
  readonly account_unknown: Nothing
  readonly counted: Occurrences
  readonly counted_faded: Occurrences & { readonly full: number }
  readonly counted_limited: Occurrences & { readonly limit: number }
  readonly counted_faded_limited: Occurrences & {
    readonly full: number
    readonly faded: number
    readonly limit: number
  }
  readonly just_now: Nothing
  readonly ago: { readonly ms: number }
  readonly nothing: { readonly activities: Said }
  readonly nothing_in: { readonly activities: Said; readonly ms: number }
  readonly group_at_most: { readonly points: number }
  readonly group_at_least: { readonly points: number }
  readonly score_at_most: { readonly points: number }
  readonly score_at_least: { readonly points: number }
  readonly group_weighed: { readonly weight: number }

  // What is missing, and what would keep a level
  readonly gap: { readonly steps: Said; readonly goal: Said }
  readonly gap_later: { readonly steps: Said; readonly goal: Said; readonly ms: number }
  readonly one: Nothing
  readonly two: Nothing
  readonly three: Nothing
  readonly four: Nothing
  readonly five: Nothing
  readonly more: { readonly times: Said; readonly activity: string }
  readonly knowing: { readonly name: string }
  readonly knowing_that: { readonly name: string; readonly value: Said }
  readonly goal_level: { readonly category: string; readonly level: string }
  readonly goal_stage: { readonly stage: string }
  readonly kept_for_good: { readonly activity: string }
  readonly kept_for: { readonly activity: string; readonly ms: number }

  // Why a decision does nothing
  readonly no_stage_by_it: Nothing
  readonly no_way_out: { readonly stage: string }
  readonly already_in: { readonly stage: string }
  readonly further_along: { readonly stage: string }
  readonly stage_needs: Clause & { readonly stage: string }
  readonly forces_nothing: Nothing
  readonly no_such_stage: { readonly name: string }
  readonly no_such_category: { readonly name: string }
  readonly no_such_level: { readonly category: string; readonly name: string }
}

export type PhraseKey = keyof Sayings
export type PhraseOf<Key extends PhraseKey> = { readonly key: Key; readonly args: Sayings[Key] }
/** One saying with what stands in its places. */
export type Phrase = { [Key in PhraseKey]: PhraseOf<Key> }[PhraseKey]

/** Sayings that have no places: the same object each time. */
type Bare = { [Key in PhraseKey]: Nothing extends Sayings[Key] ? Key : never }[PhraseKey]
const NOTHING: Nothing = Object.freeze({})
export const bare = (key: Bare): Phrase => ({ key, args: NOTHING })

/** `a`, `a or b`: what stands alone needs no list. */
export const several = (list: readonly Said[], by: Several['by']): Said => (list.length === 1 ? list[0] : { list, by })

/** Nested from the left to the right, so that each of them has two parts whatever their number. */
export const chained = <Part extends Said>(
  parts: readonly Part[],
  key: 'and_clause' | 'or_clause' | 'semicolon' | 'comma',
): Part | Phrase =>
  parts.slice(0, -1).reduceRight<Part | Phrase>((rest, first) => ({ key, args: { first, rest } }), parts.at(-1)!)

// --- English ---------------------------------------------------------------------------------------------------------

const inPlace = ({ count, activities, latest }: Occurrences) =>
  `${numberWords(count)} × ${english(activities)}, the latest ${english(latest)}`

type English = { readonly [Key in PhraseKey]: (args: Sayings[Key]) => string }
const ENGLISH: English = {
  quoted: ({ text }) => `“${text}”`,
  yes: () => 'yes',
  no: () => 'no',
  none: () => 'none',
  quantity: ({ amount, unit }) => `${english(amount)} ${unit}`,
  date: ({ date }) => date,
  seconds: ({ count }) => counted(count, 'second'),
  minutes: ({ count }) => counted(count, 'minute'),
  hours: ({ count }) => counted(count, 'hour'),
  days: ({ count }) => counted(count, 'day'),
  weeks: ({ count }) => counted(count, 'week'),
  points: ({ count }) => counted(count, 'point'),

  at_least: ({ amount }) => `at least ${english(amount)}`,
  at_most: ({ amount }) => `at most ${english(amount)}`,
  more_than: ({ amount }) => `more than ${english(amount)}`,
  less_than: ({ amount }) => `less than ${english(amount)}`,
  between: ({ low, high }) => `between ${english(low)} and ${english(high)}`,
  on_or_after: ({ value }) => `on or after ${english(value)}`,
  after: ({ value }) => `after ${english(value)}`,
  on_or_before: ({ value }) => `on or before ${english(value)}`,
  before: ({ value }) => `before ${english(value)}`,

  statement: ({ subject, predicate }) => `${subject} ${english(predicate)}`,
  is_known: () => 'is known',
  is_not_known: () => 'is not known',
  is: ({ value }) => `is ${english(value)}`,
  is_not: ({ value }) => `is not ${english(value)}`,
  contains: ({ value }) => `contains ${english(value)}`,
  starts_with: ({ value }) => `starts with ${english(value)}`,
  ends_with: ({ value }) => `ends with ${english(value)}`,
  matches: ({ value }) => `matches the pattern ${english(value)}`,
  changed_within: ({ span }) => `changed within the last ${english(span)}`,
  older_than: ({ span }) => `lies at least ${english(span)} back`,
  newer_than: ({ span }) => `lies less than ${english(span)} back`,
  due_within: ({ span }) => `is at most ${english(span)} ahead`,

  where: ({ what, tests }) => `${english(what)} (where ${english(tests)})`,
  in_last: ({ span }) => `within the last ${english(span)}`,
  so_far: () => 'so far',
  during: ({ what, when }) => `${english(what)} ${english(when)}`,
  not_once: ({ what, when }) => `${english(what)} not once ${english(when)}`,
  at_least_once: ({ what, when }) => `${english(what)} at least once ${english(when)}`,
  times: ({ what, amount, when }) => `${english(what)} ${english(amount)} times ${english(when)}`,
  on_days: ({ what, amount }) => `${english(what)} on ${english(amount)} different days`,
  sum_of: ({ property, over, amount }) => `the sum of “${property}” over ${english(over)} is ${english(amount)}`,
  average_of: ({ property, over, amount }) =>
    `the average of “${property}” over ${english(over)} is ${english(amount)}`,
  last_time: ({ what, age }) => `${english(what)} last ${english(age)}`,
  ago_at_least: ({ span }) => `at least ${english(span)} ago`,
  ago_less_than: ({ span }) => `less than ${english(span)} ago`,
  as_often: ({ what, rate, when, against }) =>
    `${english(what)} ${english(rate)} as often ${english(when)} as in the ${english(against)} before`,
  at_least_times: ({ amount }) => `at least ${english(amount)} times`,
  at_most_times: ({ amount }) => `at most ${english(amount)} times`,

  and_clause: ({ first, rest }) => `${english(first)}, and ${english(rest)}`,
  or_clause: ({ first, rest }) => `${english(first)}, or ${english(rest)}`,
  semicolon: ({ first, rest }) => `${english(first)}; ${english(rest)}`,
  comma: ({ first, rest }) => `${english(first)}, ${english(rest)}`,
  bracket: ({ clause }) => `(${english(clause)})`,
  at_least_of: ({ number, parts }) => `at least ${numberWords(number)} of these: ${english(parts)}`,
  not: ({ clause }) => `it is not so that ${english(clause)}`,
  lasting: ({ clause, span }) => `${english(clause)} for at least ${english(span)}`,
  persona_is: ({ persona }) => `the persona is ${english(persona)}`,
  stage_is: ({ stage }) => `the stage is ${english(stage)}`,
  stage_reached: ({ stage }) => `the stage ${english(stage)} has been reached at some time`,
  answers_known: ({ count, topics }) =>
    `at least ${numberWords(count)} of ${english(topics)} ${count === 1 ? 'is' : 'are'} known`,
  at_account: ({ clause }) => `at the account, ${english(clause)}`,
  leads_count: ({ clause, amount }) =>
    `the number of leads of the account for which ${english(clause)} is ${english(amount)}`,

  each: ({ what }) => `each ${english(what)}`,
  each_at_account: ({ what }) => `each ${english(what)} by anybody at the account`,
  points_when: ({ points, clause }) => `${english(points)} when ${english(clause)}`,
  points_for: ({ points, what }) => `${english(points)} for ${english(what)}`,
  points_by: ({ attribute, rows }) => `points by ${attribute} – ${english(rows)}`,
  row: ({ value, points }) => `${english(value)}: ${numberWords(points)}`,
  anything_else: () => 'anything else',
  in_all: ({ amount }) => `${english(amount)} in all`,
  while_unknown: ({ points }) => `${english(points)} while nobody knows`,
  at_most_once: () => 'at most once',
  in_any: ({ often, span }) => `${english(often)} in any ${english(span)}`,
  no_fading: () => 'without fading',
  halving: ({ span }) => `halving every ${english(span)}`,
  in_full_for: ({ span }) => `in full for ${english(span)}, then nothing`,
  losing: ({ share, span }) => `losing ${share} every ${english(span)}`,
  falling: ({ span }) => `falling to nothing over ${english(span)}`,
  in_full_then: ({ span, rest }) => `in full for ${english(span)}, then ${english(rest)}`,
  range: ({ low, high }) => `from ${english(low)} to below ${english(high)}`,
  or_more: ({ amount }) => `${english(amount)} or more`,
  below: ({ amount }) => `below ${english(amount)}`,
  any_value: () => 'any value',
  any_date: () => 'any date',
  past: () => 'now or past',
  past_or_ahead: ({ span }) => `past, or at most ${english(span)} ahead`,
  ago_or_longer: ({ span }) => `${english(span)} ago or longer`,
  ahead: () => 'ahead',
  ahead_more_than: ({ span }) => `more than ${english(span)} ahead`,
  ahead_or_ago: ({ span }) => `ahead, or less than ${english(span)} ago`,
  ahead_at_most: ({ span }) => `at most ${english(span)} ahead`,
  ago_between: ({ low, span }) => `from ${numberWords(low)} to below ${english(span)} ago`,
  ahead_between: ({ low, span }) => `more than ${numberWords(low)} and at most ${english(span)} ahead`,
  ahead_to_ago: ({ ahead, ago }) => `at most ${english(ahead)} ahead, or less than ${english(ago)} ago`,

  not_so: ({ clause }) => `not so: ${english(clause)}`,
  not_known: ({ clause }) => `not known: ${english(clause)}`,
  value: ({ name, value }) => `${name} is ${english(value)}`,
  value_unknown: ({ name }) => `${name} is not known`,
  account_unknown: () => 'the account is not known',
  counted: inPlace,
  counted_faded: (args) => `${inPlace(args)}, faded from ${numberWords(args.full)}`,
  counted_limited: (args) => `${inPlace(args)}, limited to ${numberWords(args.limit)}`,
  counted_faded_limited: (args) =>
    `${inPlace(args)}, faded from ${numberWords(args.full)} to ${numberWords(args.faded)}, limited to ${numberWords(args.limit)}`,
  just_now: () => 'just now',
  ago: ({ ms }) => `${formatDuration(ms)} ago`,
  nothing: ({ activities }) => `no ${english(activities)}`,
  nothing_in: ({ activities, ms }) => `no ${english(activities)} in the last ${formatDuration(ms)}`,
  group_at_most: ({ points }) => `the group gives at most ${numberWords(points)}`,
  group_at_least: ({ points }) => `the group gives at least ${numberWords(points)}`,
  score_at_most: ({ points }) => `the score gives at most ${numberWords(points)}`,
  score_at_least: ({ points }) => `the score gives at least ${numberWords(points)}`,
  group_weighed: ({ weight }) => `the group counts ${numberWords(weight)} times`,

  gap: ({ steps, goal }) => `${english(steps)} would bring ${english(goal)}.`,
  gap_later: ({ steps, goal, ms }) => `${english(steps)} would bring ${english(goal)} in ${formatDuration(ms)}.`,
  one: () => 'one',
  two: () => 'two',
  three: () => 'three',
  four: () => 'four',
  five: () => 'five',
  more: ({ times, activity }) => `${english(times)} more “${activity}”`,
  knowing: ({ name }) => `knowing “${name}”`,
  knowing_that: ({ name, value }) => `knowing that “${name}” is ${english(value)}`,
  goal_level: ({ category, level }) => `${category} to ${level}`,
  goal_stage: ({ stage }) => `the stage ${stage}`,
  kept_for_good: ({ activity }) => `One more “${activity}” keeps it for good.`,
  kept_for: ({ activity, ms }) => `One more “${activity}” keeps it for ${formatDuration(ms)}.`,

  no_stage_by_it: () => 'no stage is by this decision',
  no_way_out: ({ stage }) => `the lead is in the stage ${stage}, which it does not lead out of`,
  already_in: ({ stage }) => `the lead is in the stage ${stage} already`,
  further_along: ({ stage }) => `the lead is in the stage ${stage}, there already or further along`,
  stage_needs: ({ stage, clause }) => `the stage ${stage} needs: ${english(clause)}`,
  forces_nothing: () => 'it does not say what it forces',
  no_such_stage: ({ name }) => `there is no stage \`${name}\``,
  no_such_category: ({ name }) => `there is no category \`${name}\``,
  no_such_level: ({ category, name }) => `${category} has no level \`${name}\``,
}

/** Every saying there is. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `ENGLISH` has just these keys
export const PHRASE_KEYS = Object.keys(ENGLISH) as readonly PhraseKey[]

/** In English, as a clause: a sentence of its own still wants a capital. */
export function english(said: Said): string {
  if (typeof said === 'string') return said
  if (typeof said === 'number') return numberWords(said)
  if ('list' in said) return joined(said.list.map(english), said.by)
  // The table gives each saying what is its own, which the compiler cannot see of a union.
  return (ENGLISH[said.key] as (args: Phrase['args']) => string)(said.args)
}

/** `Knowing “signs” would bring …`: gaps begin with their steps. */
export const sentence = (said: Said): string => {
  const text = english(said)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
