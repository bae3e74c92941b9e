/**
 * The definition language: what a document may say. The types below are inferred from these shapes, the parser checks by
 * them and the published JSON Schema is written from them. What it all means is in docs/semantics.md.
 */
import { DECISIONS } from '../facts.ts'
import { DURATION } from '../time.ts'
import * as firstTries from './first-tries.ts'
import {
  boolean,
  byKind,
  field,
  keyed,
  list,
  literal,
  name,
  number,
  object,
  optional,
  pair,
  part,
  record,
  scalar,
  suggesting,
  text,
  type Shape,
  type TypeOf,
} from './shape.ts'

const durationText = suggesting(
  text({ pattern: DURATION, says: 'a duration such as `90s`, `30m`, `4h`, `14d` or `2w`', max: 12 }),
  firstTries.duration,
)
const duration = part('duration', () => durationText)
const percent = suggesting(
  text({ pattern: /^\d{1,3}(\.\d{1,4})?%$/, says: 'a percentage such as `25%`', max: 12 }),
  firstTries.percent,
)
const prose = text({ max: 10_000 })
const label = optional(text({ max: 200 }), 'How people call it on screen.')
const description = optional(prose, 'What it is for, in the words of the people who agreed on it.')
const points = number()

/** A level may be called `A1` by a matrix, so a reference to one may too. */
const LEVEL_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
const LEVEL_KEY = { key: LEVEL_NAME, says: 'a level (letters, digits and _, beginning with a letter)', min: 1 } as const
const levelName = text({ pattern: LEVEL_NAME, says: LEVEL_KEY.says, max: 64 })

const oneOrMoreNames = byKind('a name or a list of names', { text: name(), list: list(name()) })
const oneOrMoreTexts = byKind('text or a list of texts', { text: text(), list: list(text()) })

// --- Comparisons and value tests -------------------------------------------------------------------------------------

const comparisonFields = {
  is: optional(number(), 'Equal to.'),
  at_least: optional(number(), 'This or more.'),
  at_most: optional(number(), 'This or less.'),
  above: optional(number(), 'More than this.'),
  below: optional(number(), 'Less than this.'),
  between: optional(pair(number()), 'From the first to the second, both included.'),
} as const
const COMPARISONS = ['is', 'at_least', 'at_most', 'above', 'below', 'between'] as const

const comparisonMap = suggesting(object(comparisonFields, { anyOf: COMPARISONS }), firstTries.comparison)
const comparison = part('comparison', () => comparisonMap)
export type Comparison = TypeOf<typeof comparison>

const bound = byKind('a number or a date', { number: number({ min: -1e15, max: 1e15 }), text: text({ max: 40 }) })

const valueTestFields = {
  is: optional(scalar(), 'Equal to.'),
  is_not: optional(scalar(), 'Known and not equal to.'),
  in: optional(list(scalar()), 'One of.'),
  not_in: optional(list(scalar()), 'Known and none of.'),
  contains: optional(oneOrMoreTexts, 'Text that contains this (one of these).'),
  starts_with: optional(oneOrMoreTexts, 'Text that starts with this (one of these).'),
  ends_with: optional(oneOrMoreTexts, 'Text that ends with this (one of these).'),
  matches: optional(text({ max: 500 }), 'Text in which this RE2 pattern is found; it runs in linear time.'),
  at_least: optional(bound, 'This or more; this day or later.'),
  at_most: optional(bound, 'This or less; this day or earlier.'),
  above: optional(bound, 'More than this; after.'),
  below: optional(bound, 'Less than this; before.'),
  between: optional(pair(bound), 'From the first to the second, both included.'),
  known: optional(boolean(), 'true: somebody knows it; false: nobody does.'),
} as const
const VALUE_TESTS = Object.keys(valueTestFields) as (keyof typeof valueTestFields)[]

const valueTestMap = object(valueTestFields, { anyOf: VALUE_TESTS })
const valueTest = part('value_test', () => valueTestMap)
export type ValueTest = TypeOf<typeof valueTest>

const anyPropertyTest = byKind('a value, a list of values or a test', {
  text: text(),
  number: number({ min: -1e15, max: 1e15 }),
  boolean: boolean(),
  list: list(scalar()),
  map: valueTest,
})
const propertyTest = part('property_test', () => anyPropertyTest)
const where = optional(
  record(propertyTest, { key: /^[\s\S]{1,200}$/u, says: 'a property name of at most 200 characters', min: 1 }),
  'Only occurrences whose properties pass all of these tests.',
)
export type PropertyTests = { readonly [property: string]: TypeOf<typeof propertyTest> }

// --- Conditions ------------------------------------------------------------------------------------------------------

const condition: Shape<Condition> = part('condition', () => hintedCondition)

const attributeTest = object(
  {
    attribute: field(name(), 'The attribute to test. Unknown makes the test unknown, not false.'),
    ...valueTestFields,
    changed_within: optional(duration, 'Its value changed less than this long ago.'),
    older_than: optional(duration, 'A date at least this long ago.'),
    newer_than: optional(duration, 'A date less than this long ago.'),
    due_within: optional(duration, 'A date at most this far ahead.'),
  },
  { anyOf: [...VALUE_TESTS, 'changed_within', 'older_than', 'newer_than', 'due_within'] },
)
export type AttributeTest = TypeOf<typeof attributeTest>

const measured = (doc: string) =>
  optional(
    object({ of: field(text({ max: 200 }), 'The numeric property.'), ...comparisonFields }, { anyOf: COMPARISONS }),
    doc,
  )

const activityTest = object({
  activity: field(oneOrMoreNames, 'The activity, or any of several.'),
  where,
  within: optional(duration, 'Only the time up to this long ago.'),
  ever: optional(literal(true), 'It happened at all. This is what a test without a measure means.'),
  never: optional(literal(true), 'It did not happen.'),
  count: optional(comparison, 'How often it happened.'),
  sum: measured('The sum of a property.'),
  average: measured('The average of a property; unknown when there is nothing to average.'),
  distinct_days: optional(comparison, 'On how many different days (UTC).'),
  last: optional(
    object(
      {
        within: optional(duration, 'The latest was less than this long ago.'),
        longer_ago_than: optional(duration, 'There was one, and the latest was at least this long ago.'),
      },
      { anyOf: ['within', 'longer_ago_than'] },
    ),
    'How long ago the latest was.',
  ),
  trend: optional(
    object(
      {
        against: field(duration, 'Length of the earlier window, which ends where `within` begins.'),
        at_least: optional(number({ above: 0 }), 'At least this many times the earlier rate per day.'),
        at_most: optional(number({ above: 0 }), 'At most this many times the earlier rate per day.'),
      },
      { anyOf: ['at_least', 'at_most'] },
    ),
    'The rate within the window against the rate in the window before it.',
  ),
})
export type ActivityTest = TypeOf<typeof activityTest>

const scoreTest = object({ score: field(name(), 'The score to compare.'), ...comparisonFields }, { anyOf: COMPARISONS })
export type ScoreTest = TypeOf<typeof scoreTest>

const categoryTest = object(
  {
    category: field(name(), 'The category whose level to test.'),
    is: optional(levelName, 'At this level.'),
    in: optional(list(levelName), 'At one of these levels.'),
    is_not: optional(levelName, 'Not at this level.'),
    not_in: optional(list(levelName), 'At none of these levels.'),
    for_at_least: optional(duration, 'And at the present level for at least this long.'),
  },
  { anyOf: ['is', 'in', 'is_not', 'not_in'] },
)
export type CategoryTest = TypeOf<typeof categoryTest>

const personaTest = object({ persona: field(oneOrMoreNames, 'The persona, or any of several.') })
export type PersonaTest = TypeOf<typeof personaTest>

const stageTest = object({
  stage: field(oneOrMoreNames, 'The stage the lead is in, or any of several.'),
  for_at_least: optional(duration, 'And in it for at least this long.'),
  reached: optional(literal(true), 'The lead has been in it at any time.'),
})
export type StageTest = TypeOf<typeof stageTest>

const answersTest = object({
  answers: field(list(name()), 'Topics that attributes answer (see `answers` of an attribute).'),
  at_least: field(number({ min: 1, whole: true }), 'How many of them must be known.'),
})
export type AnswersTest = TypeOf<typeof answersTest>

const leadsTest: Shape<LeadsTest> = object({
  leads: field(comparison, 'How many of the account’s leads …'),
  when: field(condition, '… satisfy this.'),
})
export interface LeadsTest {
  readonly leads: Comparison
  readonly when: Condition
}

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly of: readonly Condition[]; readonly at_least: number }
  | AttributeTest
  | ActivityTest
  | ScoreTest
  | CategoryTest
  | PersonaTest
  | StageTest
  | AnswersTest
  | { readonly account: Condition }
  | LeadsTest

const anyCondition: Shape<Condition> = keyed('a condition', {
  all: object({ all: field(list(condition), 'True if every part is true.') }),
  any: object({ any: field(list(condition), 'True if some part is true.') }),
  not: object({ not: field(condition, 'True if this is false; unknown stays unknown.') }),
  of: object({
    of: field(list(condition), 'The parts, of which …'),
    at_least: field(number({ min: 1, whole: true }), '… at least so many must be true.'),
  }),
  attribute: attributeTest,
  activity: activityTest,
  score: scoreTest,
  category: categoryTest,
  persona: personaTest,
  stage: stageTest,
  answers: answersTest,
  account: object({
    account: field(condition, 'The same tests over the account: its attributes and all its leads’ activities.'),
  }),
  leads: leadsTest,
})
const hintedCondition = suggesting(anyCondition, firstTries.condition)

// --- Attributes and activities ---------------------------------------------------------------------------------------

const attribute = object({
  type: field(
    suggesting(literal('text', 'number', 'boolean', 'choice', 'choices', 'date'), firstTries.attributeType),
    'What kind of value it holds.',
  ),
  of: optional(suggesting(list(text({ max: 200 })), firstTries.list), 'The values of a choice or of choices.'),
  about: optional(literal('lead', 'account'), 'Whose it is: the person’s (default) or the company’s.'),
  unit: optional(text({ max: 40 }), 'Unit of a number: people, EUR, % …'),
  label,
  description,
  answers: optional(name(), 'The discovery topic that it answers, such as budget or authority.'),
  question: optional(text({ max: 500 }), 'What to ask a lead in order to know it.'),
  sensitive: optional(literal('personal', 'protected'), 'Personal data, or a protected ground that must not score.'),
})
export type Attribute = TypeOf<typeof attribute>

const activity = object({
  from: field(
    byKind('a raw event type or a list of them', { text: text({ max: 200 }), list: list(text({ max: 200 })) }),
    'Raw event types that it is read from.',
  ),
  where,
  intent: optional(literal('high', 'medium', 'low', 'negative'), 'How much it says about wanting to buy.'),
  label,
  description,
})
export type NamedActivity = TypeOf<typeof activity>

const persona = object({ when: field(condition, 'Who belongs to it.'), label, description })
export type Persona = TypeOf<typeof persona>

// --- Scores ----------------------------------------------------------------------------------------------------------

const decayMap: Shape<DecayMap> = keyed('a decay', {
  half_life: object({ half_life: field(duration, 'Half is left after this long, a quarter after twice as long …') }),
  linear: object({
    linear: field(
      object({
        over: field(duration, 'Falls to nothing in a straight line over this long …'),
        after: optional(duration, '… beginning this long after it happened (0 if silent).'),
      }),
      'A straight line down.',
    ),
  }),
  steps: object({
    steps: field(
      object({
        every: field(duration, 'Each time this long passes …'),
        lose: field(percent, '… this share of the original goes.'),
      }),
      'Down in steps.',
    ),
  }),
  expires: object({ expires: field(duration, 'Counts in full for this long, then not at all.') }),
})
export type DecayMap =
  | { readonly half_life: string }
  | { readonly linear: { readonly over: string; readonly after?: string } }
  | { readonly steps: { readonly every: string; readonly lose: string } }
  | { readonly expires: string }
const anyDecay = suggesting(byKind('a decay, or `none`', { text: literal('none'), map: decayMap }), firstTries.decay)
const decay = part('decay', () => anyDecay)
export type Decay = 'none' | DecayMap

const criterionFields = {
  id: field(name(), 'Unique in the definition; explanations, examples and the ledger refer to it.'),
  label,
  description,
  cap: optional(points, 'The most that it can give.'),
  floor: optional(points, 'The least that it can give.'),
} as const

const whenCriterion = object({
  ...criterionFields,
  when: field(condition, 'Gives its points while this is true.'),
  points: field(points, 'Points while true; negative ones count against.'),
  unknown: optional(points, 'Points while nobody knows (0 if silent).'),
})
export type WhenCriterion = TypeOf<typeof whenCriterion>

const frequency = suggesting(
  object({
    at_most: field(number({ min: 1, max: 10_000, whole: true }), 'Count no more than this many …'),
    within: optional(duration, '… in any stretch of this length (ever, if silent).'),
  }),
  firstTries.frequency,
)

const eachCriterion = object({
  ...criterionFields,
  each: field(oneOrMoreNames, 'The activity (or any of several) of which every occurrence counts.'),
  where,
  points: field(points, 'Points for one occurrence.'),
  count: optional(frequency, 'A limit on how many occurrences count.'),
  within: optional(duration, 'Only occurrences up to this long ago.'),
  decay: optional(decay, 'How an occurrence fades; overrides that of the group and the score.'),
  by: optional(
    literal('lead', 'account'),
    'Whose occurrences: the lead’s (default), or those of all the account’s leads.',
  ),
  unknown: optional(points, 'With `by: account`: points while the account is not known (0 if silent).'),
})
export type EachCriterion = TypeOf<typeof eachCriterion>

const bin = object({
  at_least: optional(number({ min: -1e15, max: 1e15 }), 'From here on (included); silent: where the bin before ends.'),
  below: optional(number({ min: -1e15, max: 1e15 }), 'Up to here (not included); silent: without end.'),
  points: field(points, 'Points in this bin.'),
})
export type Bin = TypeOf<typeof bin>

const tableCriterion = object(
  {
    ...criterionFields,
    table: field(name(), 'The attribute to look up. A date is looked up by its age in days.'),
    bins: optional(list(bin), 'Ranges of a number, in rising order; the first that fits gives its points.'),
    values: optional(record(points, { key: /^[\s\S]{1,200}$/u, says: 'a value', min: 1 }), 'Points by value.'),
    otherwise: optional(points, 'Points for a known value that is not listed (0 if silent).'),
    unknown: optional(points, 'Points while nobody knows (0 if silent).'),
  },
  { anyOf: ['bins', 'values'] },
)
export type TableCriterion = TypeOf<typeof tableCriterion>

export type Criterion = WhenCriterion | EachCriterion | TableCriterion
const criterion: Shape<Criterion> = part('criterion', () =>
  keyed('a criterion', { each: eachCriterion, table: tableCriterion, when: whenCriterion }),
)

const group = object({
  label,
  description,
  criteria: field(suggesting(list(criterion), firstTries.criteria), 'What earns points in this group.'),
  cap: optional(points, 'The most that the group can give.'),
  floor: optional(points, 'The least that the group can give.'),
  weight: optional(number({ above: 0, max: 1000 }), 'The clamped sum is multiplied by this (1 if silent).'),
  decay: optional(decay, 'How occurrences fade in this group.'),
})
export type Group = TypeOf<typeof group>

const score = object({
  label,
  description,
  range: optional(pair(points), 'The score is clamped to this ([0, 100] if silent).'),
  decay: optional(decay, 'How occurrences fade in this score.'),
  groups: field(
    record(
      part('group', () => group),
      { min: 1 },
    ),
    'Capped sets of criteria.',
  ),
})
export type Score = TypeOf<typeof score>

// --- Categories and stages -------------------------------------------------------------------------------------------

const level = object({
  label,
  description,
  when: optional(condition, 'Entered when this is true. Every level but the last has one.'),
  for_at_least: optional(duration, '… and has been true this long without a break.'),
  stays_while: optional(condition, 'Once at this level or a better one, a lead stays until this is false.'),
  stays_at_least: optional(duration, 'Once entered, it lasts at least this long.'),
})
export type Level = TypeOf<typeof level>

const leveled = object({
  label,
  description,
  levels: field(
    suggesting(
      list(
        record(
          part('level', () => level),
          LEVEL_KEY,
        ),
        { max: 100 },
      ),
      firstTries.levels,
    ),
    'One-key maps, best level first; the last has no condition.',
  ),
})
export type LeveledCategory = TypeOf<typeof leveled>

const matrix = object({
  label,
  description,
  matrix: field(
    object({
      rows: field(name(), 'The category whose levels are the rows.'),
      columns: field(name(), 'The category whose levels are the columns.'),
      cells: optional(record(record(levelName, LEVEL_KEY), LEVEL_KEY), 'Name of each cell: row → column → level.'),
    }),
    'Levels from two other categories.',
  ),
})
export type MatrixCategory = TypeOf<typeof matrix>

export type Category = LeveledCategory | MatrixCategory
const category: Shape<Category> = keyed('a category', { levels: leveled, matrix })

const stageDecision = literal(...DECISIONS.filter((each) => each !== 'override'))
const stage = object({
  id: field(name(), 'Unique among the stages.'),
  label,
  description,
  owner: optional(literal('marketing', 'sales'), 'Whose turn it is.'),
  enter: optional(condition, 'The lead enters by itself when this is true.'),
  by: optional(
    byKind('a decision or a list of decisions', { text: stageDecision, list: list(stageDecision) }),
    'The decision by a person that brings a lead here.',
  ),
  needs: optional(condition, 'What must be true besides: a decision without it has no effect.'),
  sla: optional(duration, 'A lead should leave this stage within this time.'),
  cool_down: optional(duration, 'After coming here by recycle or reject, no automatic stage for this long.'),
  reasons: optional(list(text({ max: 200 })), 'The reasons to choose from.'),
})
export type Stage = TypeOf<typeof stage>

// --- Value, capacity, playbooks, review, examples --------------------------------------------------------------------

const chance = number({ min: 0, max: 1 })
const probabilityFields = {
  probability: field(chance, 'Share of such leads that were won, 0 to 1.'),
  low: optional(chance, 'Lower end of its interval.'),
  high: optional(chance, 'Upper end of its interval.'),
  leads: optional(number({ min: 0, whole: true }), 'Number of leads it was learned from.'),
} as const

const winProbability = keyed('a calibration table', {
  score: object({
    score: field(name(), 'The score that is calibrated.'),
    bins: field(
      list(object({ below: optional(points, 'Scores under this; silent: the rest.'), ...probabilityFields })),
      'In rising order; the last has no `below`.',
    ),
  }),
  category: object({
    category: field(name(), 'The category whose levels are calibrated.'),
    levels: field(record(object(probabilityFields), { key: LEVEL_NAME, says: 'a level name' }), 'By level.'),
  }),
})

const amount = byKind('a number, an attribute or a table', {
  number: number({ min: 0 }),
  map: keyed('an amount', {
    attribute: object({
      attribute: field(name(), 'A number that holds the deal size.'),
      otherwise: optional(number({ min: 0 }), 'Used while it is unknown (0 if silent).'),
    }),
    table: object({
      table: field(name(), 'The attribute to look up.'),
      bins: optional(list(bin), 'By range; `points` are money.'),
      values: optional(record(points, { key: /^[\s\S]{1,200}$/u, says: 'a value', min: 1 }), 'By value.'),
      otherwise: optional(number({ min: 0 }), 'For anything else, and while unknown (0 if silent).'),
    }),
  }),
})

const value = object({
  currency: optional(
    text({ pattern: /^[A-Z]{3}$/, says: 'an ISO 4217 code such as EUR', max: 3 }),
    'Currency of all amounts.',
  ),
  win: field(winProbability, 'Probability of a win: the calibration table that learning proposes.'),
  amount: field(amount, 'Money of one win.'),
  repeats: optional(number({ min: 0, max: 10_000 }), 'How often a customer buys in all (1 if silent).'),
  cost: optional(number({ min: 0 }), 'Cost of working one lead (0 if silent).'),
})
export type Value = TypeOf<typeof value>

const playbook = object({
  when: field(condition, 'For which leads.'),
  title: field(text({ max: 200 }), 'One line.'),
  steps: field(list(prose), 'What to do, in order.'),
  owner: optional(literal('marketing', 'sales'), 'Whose it is.'),
})
export type Playbook = TypeOf<typeof playbook>

const factValue = byKind('a value or a list of texts', {
  text: text({ max: 10_000 }),
  number: number({ min: -1e15, max: 1e15 }),
  boolean: boolean(),
  list: list(text({ max: 200 }), { min: 0 }),
})
const when = {
  at: optional(text({ max: 40 }), 'ISO 8601 instant.'),
  ago: optional(duration, 'This long before `as_of`; with neither, at `as_of`.'),
  lead: optional(text({ max: 200 }), 'Another lead, for definitions that look at accounts.'),
} as const
const exampleFact = keyed('a fact', {
  attributes: object({ attributes: field(record(factValue, { min: 1 }), 'Values that became known.'), ...when }),
  forget: object({ forget: field(list(name()), 'Attributes that became unknown.'), ...when }),
  activity: object({
    activity: field(text({ max: 200 }), 'The raw event type.'),
    properties: optional(
      record(byKind('a value', { text: text(), number: number({ min: -1e15, max: 1e15 }), boolean: boolean() }), {
        key: /^[\s\S]{1,200}$/u,
        says: 'a property name',
      }),
      'Its properties.',
    ),
    times: optional(number({ min: 1, max: 1000, whole: true }), 'It happened this often at that instant.'),
    ...when,
  }),
  decision: object({
    decision: field(literal(...DECISIONS), 'What a person decided.'),
    reason: optional(prose, 'Why.'),
    amount: optional(number({ min: 0 }), 'Money of a win.'),
    category: optional(name(), 'Override: the category …'),
    level: optional(levelName, '… and the level that is forced.'),
    until: optional(text({ max: 40 }), 'Override: until this instant.'),
    stage: optional(name(), 'Override: the stage.'),
    ...when,
  }),
  account: object({ account: field(text({ max: 200 }), 'The lead belongs to this account from now on.'), ...when }),
})
export type ExampleFact = TypeOf<typeof exampleFact>

const example = object({
  name: field(text({ max: 200 }), 'One sentence: what it shows.'),
  as_of: field(text({ max: 40 }), 'The instant that the lead is looked at.'),
  facts: field(
    list(
      part('fact', () => exampleFact),
      { min: 0 },
    ),
    'What is known of the lead.',
  ),
  expect: field(
    object(
      {
        scores: optional(record(points, { min: 1 }), 'Score by name.'),
        points: optional(record(points, { min: 1 }), 'Points by criterion.'),
        levels: optional(record(levelName, { min: 1 }), 'Level by category.'),
        stage: optional(name(), 'The stage.'),
        personas: optional(list(name(), { min: 0 }), 'Exactly these.'),
        value: optional(number({ min: -1e15, max: 1e15 }), 'Expected value, in the currency of `value`.'),
      },
      { anyOf: ['scores', 'points', 'levels', 'stage', 'personas', 'value'] },
    ),
    'What must come out; what is silent is not looked at.',
  ),
})
export type Example = TypeOf<typeof example>

export const definitionShape = object({
  winnow: field(literal(1), 'Version of this language.'),
  name: field(text({ max: 200 }), 'Name of the definition.'),
  description,
  attributes: optional(record(part('attribute', () => attribute)), 'What can be known about a lead or its account.'),
  activities: optional(record(part('activity', () => activity)), 'Raw events get names that people use.'),
  personas: optional(record(part('persona', () => persona)), 'The kinds of people that we sell to, or do not.'),
  scores: optional(record(part('score', () => score)), 'Numbers read from criteria.'),
  categories: optional(record(part('category', () => category)), 'Levels read from scores and conditions.'),
  stages: optional(
    suggesting(
      list(
        part('stage', () => stage),
        { max: 100 },
      ),
      firstTries.stages,
    ),
    'The lifecycle, in order; side stages anywhere after the first.',
  ),
  value: optional(value, 'What a lead is worth.'),
  capacity: optional(
    record(
      record(number({ min: 0 }), {
        key: /^[a-z][a-z0-9_]*_per_(day|week|month)$/,
        says: '`<stage>_per_day`, `_per_week` or `_per_month`',
        min: 1,
      }),
    ),
    'How many leads a team can take into a stage.',
  ),
  playbooks: optional(record(part('playbook', () => playbook)), 'What to do with a lead.'),
  review: optional(
    object({
      every: field(
        suggesting(
          text({ pattern: /^\d{1,2} (weeks?|months?)$/, says: 'such as `3 months`', max: 12 }),
          firstTries.period,
        ),
        'How often both teams look at it again.',
      ),
    }),
    'When both teams look at it again.',
  ),
  examples: optional(
    list(
      part('example', () => example),
      { max: 1000 },
    ),
    'The definition’s own tests.',
  ),
})
export type Definition = TypeOf<typeof definitionShape>
