/** Changes of a definition; `expected/diff.json` holds what is told of each, word for word. */
import { diffDefinitions } from '../../src/definition/diff.ts'
import { formatPath } from '../../src/definition/issue.ts'
import type { Definition } from '../../src/definition/language.ts'
import { putAt, whole } from './whole.ts'

type Edits = Readonly<Record<string, unknown>>

const COMPANY = 'scores.fit.groups.company'
const PERSON = 'scores.fit.groups.person'
const EXAMPLE = whole().examples![0]
const ANOTHER = { ...EXAMPLE, name: 'Another', as_of: '2026-03-02' }
const levelsOf = (name: string) => (whole().categories![name] as { readonly levels: readonly unknown[] }).levels

const rows: readonly (readonly [name: string, after: Edits, before?: Edits])[] = [
  ['the description goes', { description: undefined }],
  ['a longer text than is shown', { description: 'x'.repeat(301) }],
  ['a text as long as is shown', { description: 'x'.repeat(300) }],
  ['a value of a table goes', { [`${PERSON}.criteria.1.values`]: { executive: 20 } }],
  ['points otherwise', { [`${PERSON}.criteria.1.otherwise`]: 0 }],
  [
    'a table of ranges becomes one of values',
    { [`${COMPANY}.criteria.0`]: { id: 'size', label: 'Company size', table: 'industry', values: { wood: 1 } } },
  ],
  ['ranges of another length', { [`${COMPANY}.criteria.0.bins`]: [{ below: 30, points: 0 }, { points: 40 }] }],
  [
    'as many ranges that begin elsewhere',
    {
      [`${COMPANY}.criteria.0.bins`]: [
        { below: 30, points: 0 },
        { below: 200, points: 25 },
        { at_least: 200, points: 40 },
      ],
    },
  ],
  ['a criterion of another kind', { [`${COMPANY}.criteria.2`]: { id: 'trade', each: 'ordered', points: 10 } }],
  ['a criterion gets a cap', { [`${COMPANY}.criteria.2.cap`]: 5 }],
  ['a condition of a criterion', { [`${COMPANY}.criteria.2.when`]: { persona: 'buyer' } }],
  ['a stage is renamed', { 'stages.6.id': 'away' }],
  ['a new stage', { 'stages.7': { id: 'later', by: 'lose' }, 'stages.6.by': 'disqualify' }],
  ['a stage moves to the end', { stages: [...whole().stages!.slice(0, 5), whole().stages![6], whole().stages![5]] }],
  ['a stage in front', { stages: [0, 2, 1, 3, 4, 5, 6].map((at) => whole().stages![at]) }],
  [
    'a way in goes',
    { 'stages.1.enter': undefined, 'stages.1.by': 'accept', 'stages.2.by': 'lose', 'stages.6.by': 'disqualify' },
  ],
  ['needs are new', { 'stages.2.needs': { persona: 'buyer' } }],
  ['reasons', { 'stages.5.reasons': ['later'] }],
  ['a new example', { 'examples.1': ANOTHER }],
  ['an example goes', { examples: [] }],
  ['one example of two goes', { examples: [ANOTHER] }, { 'examples.1': ANOTHER }],
  ['a fact of an example', { 'examples.0.facts.0.ago': '91d' }],
  ['an expectation', { 'examples.0.expect.scores.fit': 56, 'examples.0.as_of': '2026-03-02' }],
  ['examples of one name', { examples: [EXAMPLE, EXAMPLE] }],
  ['examples change places', { examples: [ANOTHER, EXAMPLE] }, { 'examples.1': ANOTHER }],
  ['value', { 'value.repeats': 3, 'value.currency': undefined, 'value.win.levels.hot.probability': 0.25 }],
  [
    'how often and what it costs are new',
    { 'value.repeats': 2, 'value.cost': 40 },
    { 'value.repeats': undefined, 'value.cost': undefined },
  ],
  ['how often and what it costs go', { 'value.repeats': undefined, 'value.cost': undefined }],
  ['an amount of another kind', { 'value.amount': 5 }],
  ['value is new', { value: whole().value }, { value: undefined }],
  ['ranges of an amount', { 'value.amount.bins': [{ points: 1 }] }],
  [
    'capacity of another team',
    { capacity: { sales: { mql_per_week: 120, sal_per_day: 20 }, partners: { sql_per_month: 5 } } },
  ],
  ['capacity of a stage', { 'capacity.sales.sal_per_day': undefined, 'capacity.sales.sql_per_day': 3 }],
  [
    'a playbook',
    {
      'playbooks.call_now.steps': ['Call.'],
      'playbooks.call_now.owner': undefined,
      'playbooks.call_now.title': 'Call',
    },
  ],
  [
    'an activity',
    { 'activities.ordered.from': ['order', 'invoice'], 'activities.article_read.where': { section: 'blog' } },
  ],
  [
    'an attribute',
    {
      'attributes.job_level.of': ['executive', 'manager'],
      'attributes.budget.unit': 'USD',
      'attributes.budget.label': 'Budget',
    },
  ],
  ['a score', { 'scores.fit.range': [0, 90], 'scores.fit.label': 'Fitness' }],
  ['a new group', { 'scores.fit.groups.more': { criteria: [{ id: 'more', each: 'ordered', points: 1 }] } }],
  [
    'a group',
    {
      [`${COMPANY}.cap`]: 50,
      [`${COMPANY}.weight`]: undefined,
      [`${COMPANY}.label`]: 'Firm',
      [`${COMPANY}.floor`]: -10,
    },
  ],
  ['a group without decay', { 'scores.engagement.groups.intent.decay': 'none' }],
  ['a group whose decay goes', { 'scores.engagement.groups.intent.decay': undefined }],
  [
    'a level',
    {
      'categories.temperature.levels.0.hot.for_at_least': '2h',
      'categories.temperature.levels.0.hot.stays_at_least': undefined,
    },
  ],
  ['a level goes', { 'categories.temperature.levels': [levelsOf('temperature')[0], { cold: {} }] }],
  ['a level that is entered otherwise', { 'categories.temperature.levels.0.hot.when': { score: 'fit', at_least: 70 } }],
  ['a level is renamed', { 'categories.quality.levels.2': { lowest: {} } }],
  [
    'a last level',
    {
      'categories.quality.levels': [
        ...levelsOf('quality').slice(0, 2),
        { lower: { when: { persona: 'buyer' } } },
        { lowest: {} },
      ],
    },
  ],
  ['a matrix', { 'categories.grade.matrix.rows': 'origin' }],
  ['a cell', { 'categories.letter.matrix.cells.low.marketing': 'D' }],
  ['a category gets a label', { 'categories.origin.label': 'Source' }],
  [
    'a frequency limit',
    {
      'scores.engagement.groups.intent.criteria.0.count': { at_most: 4, within: '7d' },
      'scores.engagement.groups.intent.criteria.0.within': '60d',
    },
  ],
  ['a filter', { 'scores.engagement.groups.intent.criteria.1.where': { seats: { above: 6 } } }],
  [
    'another persona',
    { 'personas.buyer.when': { attribute: 'signs', is: true }, 'personas.buyer.description': undefined },
  ],
]

const edited = (definition: Definition, edits: Edits = {}): Definition =>
  Object.entries(edits).reduce<unknown>((so, [path, value]) => putAt(so, path, value), definition) as Definition

export const changeCases = rows.map(([name, after, before]) => ({
  name,
  before: () => edited(whole(), before),
  after: () => edited(edited(whole(), before), after),
}))

export const toldOf = ({ before, after }: (typeof changeCases)[number]): readonly string[] =>
  diffDefinitions(before(), after()).map(
    ({ kind, area, path, sentence }) => `${kind} in ${area}, ${formatPath(path)}: ${sentence}`,
  )
