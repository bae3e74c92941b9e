/** One document (or more) for every issue that the parser can find, and its neighbours that are right. */
import { whole, wholeWith } from './whole.ts'

export interface IssueCase {
  readonly code: string
  readonly name: string
  readonly document: unknown
  /** Where the issue must be, as `formatPath` writes it. */
  readonly path: string
}

const FIT = 'scores.fit.groups.company'
const PERSON = 'scores.fit.groups.person.criteria'
const INTENT = 'scores.engagement.groups.intent.criteria'
const RHYTHM = 'scores.engagement.groups.rhythm.criteria'
const when = (test: unknown, path: string): readonly [string, unknown, string] => [
  'playbooks.call_now.when',
  test,
  `playbooks.call_now.when${path}`,
]

type Row = readonly [code: string, name: string, edit: string, value: unknown, path: string]

/** A path of `wholeWith` as `formatPath` writes it. */
const written = (place: string) => place.replaceAll(/\.(\d+)/g, '[$1]')
const ordered = (where: unknown) => ({ activity: 'ordered', where })
/** What is put, and where the issue is: the end of a row. */
type Edit = readonly [edit: string, value: unknown, path: string]
const calibrated = (bins: readonly object[], path: string): Edit => [
  'value.win',
  { score: 'fit', bins: bins.map((bin) => ({ probability: 0.1, ...bin })) },
  `value.win${path}`,
]
const priced = (amount: unknown, path: string): Edit => ['value.amount', amount, `value.amount${path}`]
const lastLevel = (key: string, value: unknown): Edit => [
  'categories.quality.levels.2.low',
  { [key]: value },
  `categories.quality.levels[2].low.${key}`,
]

const row = (code: string, name: string, [edit, value, path]: readonly [string, unknown, string]): Row => [
  code,
  name,
  edit,
  value,
  path,
]

const rows: readonly Row[] = [
  // Safety
  ['not_json', 'a date object', 'description', new Date(0), 'description'],
  ['not_json', 'undefined', 'description', Symbol('x'), 'description'],
  ['not_json', 'a map with a class', 'attributes', new Map(), 'attributes'],
  ['not_json', 'a big integer', `${FIT}.cap`, 10n, `${FIT}.cap`],
  ['malformed_text', 'NUL', 'description', 'a\u0000b', 'description'],
  ['malformed_text', 'half a pair at the end', 'description', 'a\uD83D', 'description'],
  ['malformed_text', 'half a pair at the start', 'description', '\uDE00a', 'description'],
  ['malformed_text', 'in a key', `${PERSON}.1.values`, { 'a\u0000': 1 }, 'scores.fit.groups.person.criteria[1].values'],
  ['unsafe_number', 'infinite', `${FIT}.cap`, Infinity, `${FIT}.cap`],
  ['unsafe_number', 'not a number', `${FIT}.cap`, Number.NaN, `${FIT}.cap`],
  ['unsafe_number', 'beyond exact integers', `${FIT}.cap`, 2 ** 53, `${FIT}.cap`],
  ['forbidden_key', 'constructor', 'attributes.constructor', { type: 'text' }, 'attributes.constructor'],
  ['forbidden_key', 'prototype', 'attributes.prototype', { type: 'text' }, 'attributes.prototype'],

  // Shapes
  ['wrong_type', 'text for a number', `${FIT}.cap`, '60', `${FIT}.cap`],
  ['wrong_type', 'nothing for a map', 'attributes', null, 'attributes'],
  ['wrong_type', 'a map for a list', 'stages', {}, 'stages'],
  ['wrong_type', 'a list for a map', 'scores', [], 'scores'],
  ['wrong_type', 'a number for a duration', 'stages.1.sla', 4, 'stages[1].sla'],
  ['wrong_type', 'text for a boolean', `${FIT}.criteria.2.when.known`, 'true', `${FIT}.criteria[2].when.known`],
  ['wrong_type', 'nothing for a scalar', `${RHYTHM}.3.when.where.returned`, null, `${RHYTHM}[3].when.where.returned`],
  [
    'wrong_type',
    'a list in a list of scalars',
    `${RHYTHM}.3.when.where.returned`,
    [['x']],
    `${RHYTHM}[3].when.where.returned[0]`,
  ],
  ['too_long', 'a name', 'name', 'x'.repeat(201), 'name'],
  ['malformed', 'a duration without unit', 'stages.1.sla', '4', 'stages[1].sla'],
  ['malformed', 'a fraction for a whole number', `${INTENT}.0.count.at_most`, 1.5, `${INTENT}[0].count.at_most`],
  ['malformed', 'a currency', 'value.currency', 'eur', 'value.currency'],
  ['out_of_range', 'points beyond a milliard', `${PERSON}.0.points`, 1e9 + 1, `${PERSON}[0].points`],
  ['out_of_range', 'points below minus a milliard', `${PERSON}.0.points`, -1e9 - 1, `${PERSON}[0].points`],
  ['out_of_range', 'a weight of nothing', `${FIT}.weight`, 0, `${FIT}.weight`],
  [
    'out_of_range',
    'a probability above one',
    'value.win.levels.hot.probability',
    1.01,
    'value.win.levels.hot.probability',
  ],
  ['out_of_range', 'a loss of nothing', `${INTENT}.2.decay.steps.lose`, '0%', `${INTENT}[2].decay.steps.lose`],
  [
    'out_of_range',
    'a loss of more than all',
    `${INTENT}.2.decay.steps.lose`,
    '100.1%',
    `${INTENT}[2].decay.steps.lose`,
  ],
  ['out_of_range', 'negative money in a bin', 'value.amount.bins.0.points', -1, 'value.amount.bins[0].points'],
  ['unknown_value', 'a misspelt type', 'attributes.budget.type', 'nubmer', 'attributes.budget.type'],
  ['unknown_value', 'another version', 'winnow', 2, 'winnow'],
  ['unknown_value', 'an override cannot lead to a stage', 'stages.2.by', 'override', 'stages[2].by'],
  ['too_few', 'an empty list', 'personas.buyer.when.all', [], 'personas.buyer.when.all'],
  ['too_few', 'an empty map', 'scores.fit.groups', {}, 'scores.fit.groups'],
  ['too_few', 'a range with one end', 'scores.fit.range', [0], 'scores.fit.range'],
  ['too_many', 'a range with three ends', 'scores.fit.range', [0, 1, 2], 'scores.fit.range'],
  [
    'malformed_name',
    'a capital letter',
    'scores.Fit',
    { groups: { a: { criteria: [{ id: 'z', each: 'ordered', points: 1 }] } } },
    'scores.Fit',
  ],
  ['malformed_name', 'a capacity without a period', 'capacity.sales.mql', 5, 'capacity.sales.mql'],
  ['missing', 'points', `${PERSON}.0.points`, undefined, `${PERSON}[0]`],
  ['missing', 'the version', 'winnow', undefined, ''],
  [
    'missing_any',
    'a comparison that compares nothing',
    'categories.quality.levels.0.high.when',
    { score: 'fit' },
    'categories.quality.levels[0].high.when',
  ],
  ['unknown_key', 'a misspelt key', `${FIT}.capp`, 60, `${FIT}.capp`],
  ['unknown_key', 'a key of another kind', `${PERSON}.0.each`, 'ordered', `${PERSON}[0].when`],
  ['unknown_kind', 'a condition without a key', 'personas.buyer.when', { atribute: 'budget' }, 'personas.buyer.when'],
  ['unknown_kind', 'a criterion without a key', `${PERSON}.0`, { id: 'a', points: 1 }, `${PERSON}[0]`],

  // Names
  row('unknown_attribute', 'in a test', when({ attribute: 'emploees', at_least: 1 }, '.attribute')),
  row(
    'unknown_attribute',
    'a word that every object has',
    when({ attribute: 'constructor', known: true }, '.attribute'),
  ),
  ['unknown_attribute', 'in a table', `${FIT}.criteria.0.table`, 'size', `${FIT}.criteria[0].table`],
  ['unknown_attribute', 'in an amount', 'value.amount', { attribute: 'price' }, 'value.amount.attribute'],
  [
    'unknown_attribute',
    'in an example',
    'examples.0.facts.1.attributes.role',
    'x',
    'examples[0].facts[1].attributes.role',
  ],
  [
    'unknown_attribute',
    'forgotten in an example',
    'examples.0.facts.3.forget',
    ['role'],
    'examples[0].facts[3].forget[0]',
  ],
  ['unknown_activity', 'counted', `${INTENT}.0.each`, 'pricing_view', `${INTENT}[0].each`],
  ['unknown_activity', 'one of several', `${INTENT}.1.each`, ['demo_requested', 'demo'], `${INTENT}[1].each[1]`],
  row('unknown_activity', 'in a test', when({ activity: 'x' }, '.activity')),
  row('unknown_persona', 'in a test', when({ not: { persona: 'byer' } }, '.not.persona')),
  ['unknown_persona', 'expected', 'examples.0.expect.personas', ['byer'], 'examples[0].expect.personas[0]'],
  row('unknown_score', 'in a test', when({ score: 'fits', at_least: 1 }, '.score')),
  ['unknown_score', 'calibrated', 'value.win', { score: 'x', bins: [{ probability: 0.1 }] }, 'value.win.score'],
  ['unknown_score', 'expected', 'examples.0.expect.scores', { x: 1 }, 'examples[0].expect.scores.x'],
  row('unknown_category', 'in a test', when({ category: 'heat', is: 'hot' }, '.category')),
  ['unknown_category', 'rows', 'categories.grade.matrix.rows', 'x', 'categories.grade.matrix.rows'],
  ['unknown_category', 'calibrated', 'value.win.category', 'x', 'value.win.category'],
  [
    'unknown_category',
    'expected',
    'examples.0.expect.levels',
    { temprature: 'hot' },
    'examples[0].expect.levels.temprature',
  ],
  ['unknown_category', 'overridden', 'examples.0.facts.7.category', 'x', 'examples[0].facts[7].category'],
  row('unknown_level', 'in a test', when({ category: 'temperature', in: ['hot', 'wram'] }, '.in[1]')),
  row('unknown_level', 'of a matrix without names', when({ category: 'grade', is: 'high_hott' }, '.is')),
  row('unknown_level', 'of a matrix with names', when({ category: 'letter', is_not: 'D' }, '.is_not')),
  ['unknown_level', 'calibrated', 'value.win.levels.boiling', { probability: 1 }, 'value.win.levels.boiling'],
  [
    'unknown_level',
    'expected',
    'examples.0.expect.levels',
    { temperature: 'heiss' },
    'examples[0].expect.levels.temperature',
  ],
  ['unknown_level', 'overridden', 'examples.0.facts.7.level', 'heiss', 'examples[0].facts[7].level'],
  [
    'unknown_level',
    'a row of cells',
    'categories.letter.matrix.cells.top',
    { referral: 'A', marketing: 'A' },
    'categories.letter.matrix.cells.top',
  ],
  [
    'unknown_level',
    'a column of cells',
    'categories.letter.matrix.cells.high.other',
    'A',
    'categories.letter.matrix.cells.high.other',
  ],
  row('unknown_stage', 'in a test', when({ stage: ['mql', 'mgl'] }, '.stage[1]')),
  row('unknown_stage', 'implied only where no stage is by lose', when({ stage: 'lost' }, '.stage')),
  ['unknown_stage', 'capacity', 'capacity.sales.mgl_per_day', 5, 'capacity.sales.mgl_per_day'],
  ['unknown_stage', 'expected', 'examples.0.expect.stage', 'mgl', 'examples[0].expect.stage'],
  ['unknown_stage', 'overridden', 'examples.0.facts.8.stage', 'mgl', 'examples[0].facts[8].stage'],
  row('unknown_topic', 'in a test', when({ answers: ['budget', 'tming'], at_least: 1 }, '.answers[1]')),
  ['unknown_criterion', 'expected', 'examples.0.expect.points', { demmo: 1 }, 'examples[0].expect.points.demmo'],
  ['duplicate_id', 'two criteria of different scores', `${INTENT}.0.id`, 'persona', `${INTENT}[0].id`],
  ['duplicate_id', 'two stages', 'stages.3.id', 'sal', 'stages[3].id'],
  ['cycle', 'a persona of itself', 'personas.buyer.when', { not: { persona: 'buyer' } }, 'personas.buyer'],
  [
    'cycle',
    'through a counted lead',
    'personas.buyer.when',
    { leads: { at_least: 1 }, when: { persona: 'buyer' } },
    'personas.buyer',
  ],
  [
    'cycle',
    'through a score and a category',
    'personas.hobbyist.when',
    { category: 'quality', is: 'low' },
    'personas.hobbyist',
  ],
  ['cycle', 'a matrix of itself', 'categories.grade.matrix.rows', 'grade', 'categories.grade'],
  [
    'cycle',
    'a category that reads the stage that reads it',
    'categories.origin.levels.0.referral.when',
    { stage: 'mql' },
    'categories.origin',
  ],

  // Attributes and activities
  ['values_missing', 'a choice', 'attributes.job_level.of', undefined, 'attributes.job_level'],
  ['values_misplaced', 'of a text', 'attributes.industry.of', ['x'], 'attributes.industry.of'],
  [
    'duplicate_value',
    'a choice twice',
    'attributes.job_level.of',
    ['executive', 'manager', 'other', 'other'],
    'attributes.job_level.of[3]',
  ],
  [
    'duplicate_value',
    'text that differs by case',
    `${FIT}.criteria.0`,
    { id: 'size', table: 'industry', values: { Wood: 1, wood: 2 } },
    `${FIT}.criteria[0].values.wood`,
  ],
  [
    'duplicate_value',
    'a topic twice',
    'stages.3.needs',
    { answers: ['need', 'need'], at_least: 1 },
    'stages[3].needs.answers[1]',
  ],
  row('unknown_choice', 'in a test', when({ attribute: 'job_level', in: ['executive', 'manger'] }, '.in[1]')),
  ['unknown_choice', 'in a table', `${PERSON}.1.values`, { manger: 1 }, `${PERSON}[1].values.manger`],
  row('operator_mismatch', 'contains in a number', when({ attribute: 'employees', contains: '5' }, '.contains')),
  row('operator_mismatch', 'at_least of a text', when({ attribute: 'industry', at_least: 5 }, '.at_least')),
  row('operator_mismatch', 'is of a date', when({ attribute: 'founded', is: '2020-01-01' }, '.is')),
  row('operator_mismatch', 'older_than of a choice', when({ attribute: 'job_level', older_than: '1d' }, '.older_than')),
  row('operator_mismatch', 'matches of a choice', when({ attribute: 'job_level', matches: 'x' }, '.matches')),
  row('operand_mismatch', 'text for a number', when({ attribute: 'employees', is: '50' }, '.is')),
  row(
    'operand_mismatch',
    'text for the end of a range',
    when({ attribute: 'employees', at_least: 'fifty' }, '.at_least'),
  ),
  row('operand_mismatch', 'a number for a date', when({ attribute: 'founded', above: 2020 }, '.above')),
  row('operand_mismatch', 'a number for a choice', when({ attribute: 'job_level', is: 5 }, '.is')),
  row('operand_mismatch', 'text for a boolean', when({ attribute: 'signs', is: 'true' }, '.is')),
  row('operand_mismatch', 'a number for text', when({ attribute: 'industry', in: [5] }, '.in[0]')),
  row(
    'operand_mismatch',
    'a range from a number to a date',
    when({ activity: 'ordered', where: { day: { between: [1, '2026-01-01'] } } }, '.where.day.between'),
  ),
  ['operand_mismatch', 'yes in a table of a boolean', `${PERSON}.3.values`, { yes: 1 }, `${PERSON}[3].values.yes`],
  [
    'operand_mismatch',
    'an amount that is no number',
    'value.amount',
    { attribute: 'industry' },
    'value.amount.attribute',
  ],
  row('malformed_date', 'a day that does not exist', when({ attribute: 'founded', below: '2026-02-30' }, '.below')),
  row(
    'malformed_date',
    'a time without an offset',
    when({ attribute: 'founded', below: '2026-02-28T10:00' }, '.below'),
  ),
  row(
    'malformed_date',
    'a word for a property',
    when({ activity: 'ordered', where: { day: { at_most: 'noon' } } }, '.where.day.at_most'),
  ),
  ['malformed_date', 'in an example', 'examples.0.as_of', 'today', 'examples[0].as_of'],
  ['malformed_date', 'the end of an override', 'examples.0.facts.7.until', 'never', 'examples[0].facts[7].until'],
  row('malformed_pattern', 'an open bracket', when({ attribute: 'industry', matches: '[a' }, '.matches')),
  row('malformed_pattern', 'look-ahead', when({ attribute: 'industry', matches: '(?=a)' }, '.matches')),
  row(
    'malformed_pattern',
    'a back-reference, of a property',
    when({ activity: 'ordered', where: { a: { matches: '(a)\\1' } } }, '.where.a.matches'),
  ),
  row(
    'pattern_too_large',
    'many repeats',
    when({ attribute: 'industry', matches: '(a|b){1000}(c|d){1000}' }, '.matches'),
  ),
  [
    'pattern_too_large',
    'many patterns',
    'personas.buyer.when',
    { all: manyPatterns() },
    'personas.buyer.when.all[26].matches',
  ],
  ['duration_too_long', 'a day above a hundred years', 'stages.1.sla', '36526d', 'stages[1].sla'],
  ['duration_too_long', 'many weeks', 'stages.1.sla', '999999999w', 'stages[1].sla'],
  ['duration_zero', 'half-life', 'scores.engagement.decay.half_life', '0d', 'scores.engagement.decay.half_life'],
  [
    'duration_zero',
    'linear',
    'scores.engagement.groups.intent.decay.linear.over',
    '0s',
    'scores.engagement.groups.intent.decay.linear.over',
  ],
  ['duration_zero', 'steps', `${INTENT}.2.decay.steps.every`, '0h', `${INTENT}[2].decay.steps.every`],
  ['duration_zero', 'expiry', `${INTENT}.3.decay.expires`, '00d', `${INTENT}[3].decay.expires`],
  ['duration_zero', 'window', `${INTENT}.0.within`, '0d', `${INTENT}[0].within`],
  ['duration_zero', 'frequency', `${INTENT}.0.count.within`, '0d', `${INTENT}[0].count.within`],
  ['duration_zero', 'SLA', 'stages.1.sla', '0m', 'stages[1].sla'],
  ['duration_zero', 'trend', `${RHYTHM}.1.when.trend.against`, '0d', `${RHYTHM}[1].when.trend.against`],
  ['duration_zero', 'review', 'review.every', '0 months', 'review.every'],
  ['not_ascending', 'a range of one point', 'scores.fit.range', [5, 5], 'scores.fit.range'],
  row('not_ascending', 'between', when({ attribute: 'employees', between: [2, 1] }, '.between')),
  row(
    'not_ascending',
    'between dates',
    when({ attribute: 'founded', between: ['2026-01-02', '2026-01-01'] }, '.between'),
  ),
  row('not_ascending', 'count', when({ activity: 'ordered', count: { between: [2, 1] } }, '.count.between')),
  row('not_ascending', 'score', when({ score: 'fit', between: [2, 1] }, '.between')),
  row('not_ascending', 'counted leads', when({ leads: { between: [2, 1] }, when: { stage: 'mql' } }, '.leads.between')),

  // Conditions
  row('too_many_parts', 'of', when({ at_least: 2, of: [{ persona: 'hobbyist' }] }, '.at_least')),
  row('too_many_parts', 'answers', when({ at_least: 2, answers: ['need'] }, '.at_least')),
  row(
    'several_measures',
    'count and sum',
    when({ activity: 'ordered', count: { at_least: 1 }, sum: { of: 'a', at_least: 1 } }, ''),
  ),
  row('window_missing', 'trend', when({ activity: 'ordered', trend: { against: '7d', at_least: 1 } }, '')),
  row(
    'not_about_account',
    'an attribute about the lead',
    when({ account: { attribute: 'budget', known: true } }, '.account.attribute'),
  ),
  row('not_about_account', 'a score', when({ account: { not: { score: 'fit', at_least: 1 } } }, '.account.not')),
  row('not_about_account', 'a stage', when({ account: { any: [{ stage: 'mql' }] } }, '.account.any[0]')),
  row('nested_account', 'account in account', when({ account: { account: { activity: 'ordered' } } }, '.account')),
  row(
    'nested_account',
    'account in leads',
    when({ leads: { at_least: 1 }, when: { account: { activity: 'ordered' } } }, '.when'),
  ),
  row(
    'nested_account',
    'leads in leads',
    when({ leads: { at_least: 1 }, when: { leads: { at_least: 1 }, when: { activity: 'ordered' } } }, '.when'),
  ),
  row('conflicting_keys', 'reached and for_at_least', when({ stage: 'mql', reached: true, for_at_least: '1d' }, '')),
  ['conflicting_keys', 'bins and values', `${FIT}.criteria.0.values`, { a: 1 }, `${FIT}.criteria[0]`],
  ['conflicting_keys', 'at and ago', 'examples.0.facts.0.at', '2026-01-01', 'examples[0].facts[0]'],
  ['conflicting_keys', 'a level and a stage', 'examples.0.facts.8.category', 'quality', 'examples[0].facts[8]'],

  // Criteria
  ['empty_range', 'of a group', `${FIT}.floor`, 61, `${FIT}.cap`],
  ['empty_range', 'of a criterion', `${PERSON}.1.floor`, 15.5, `${PERSON}[1].cap`],
  [
    'bins_overlap',
    'begins before the last ended',
    `${FIT}.criteria.0.bins`,
    [
      { below: 20, points: 0 },
      { at_least: 19, points: 1 },
    ],
    `${FIT}.criteria[0].bins[1].at_least`,
  ],
  [
    'bins_overlap',
    'nothing between',
    `${FIT}.criteria.0.bins`,
    [
      { below: 20, points: 0 },
      { below: 20, points: 1 },
    ],
    `${FIT}.criteria[0].bins[1].below`,
  ],
  [
    'bins_overlap',
    'falling calibration',
    'value.win',
    { score: 'fit', bins: [{ below: 50, probability: 0 }, { below: 50, probability: 0 }, { probability: 1 }] },
    'value.win.bins[1].below',
  ],
  [
    'bins_unbounded',
    'without end in the middle',
    `${FIT}.criteria.0.bins`,
    [
      { at_least: 1, points: 0 },
      { at_least: 20, points: 1 },
    ],
    `${FIT}.criteria[0].bins[1]`,
  ],
  [
    'bins_unbounded',
    'calibration that does not end',
    'value.win',
    { score: 'fit', bins: [{ below: 50, probability: 0 }] },
    'value.win.bins[0].below',
  ],
  [
    'bins_unbounded',
    'calibration that ends early',
    'value.win',
    { score: 'fit', bins: [{ probability: 0 }, { probability: 1 }] },
    'value.win.bins[0]',
  ],
  [
    'lookup_mismatch',
    'ranges of a choice',
    `${PERSON}.1`,
    { id: 'level', table: 'job_level', bins: [{ points: 1 }] },
    `${PERSON}[1].bins`,
  ],
  [
    'lookup_mismatch',
    'values of a number',
    `${PERSON}.1`,
    { id: 'level', table: 'employees', values: { 5: 1 } },
    `${PERSON}[1].values`,
  ],
  ['misplaced', 'unknown points for the lead’s own', `${INTENT}.0.unknown`, 1, `${INTENT}[0].unknown`],
  ['misplaced', 'a unit of text', 'attributes.industry.unit', 'x', 'attributes.industry.unit'],
  ['misplaced', 'a cool-down on the path', 'stages.2.cool_down', '1d', 'stages[2].cool_down'],
  ['misplaced', 'a cool-down of a closed stage', 'stages.6.cool_down', '1d', 'stages[6].cool_down'],
  ['misplaced', 'a level of a win', 'examples.0.facts.9.level', 'hot', 'examples[0].facts[9].level'],
  ['misplaced', 'an amount of an acceptance', 'examples.0.facts.6.amount', 5, 'examples[0].facts[6].amount'],
  ['misplaced', 'an end of a stage override', 'examples.0.facts.8.until', '2026-04-01', 'examples[0].facts[8].until'],

  // Categories and stages
  [
    'one_key',
    'two levels in one item',
    'categories.quality.levels.1',
    { medium: { when: { score: 'fit', at_least: 40 } }, middle: { when: { score: 'fit', at_least: 30 } } },
    'categories.quality.levels[1]',
  ],
  [
    'duplicate_level',
    'twice',
    'categories.quality.levels.1',
    { high: { when: { score: 'fit', at_least: 40 } } },
    'categories.quality.levels[1].high',
  ],
  [
    'duplicate_level',
    'two cells of one name',
    'categories',
    {
      a: { levels: [{ x_y: { when: { stage: 'mql' } } }, { x: {} }] },
      b: { levels: [{ z: { when: { stage: 'mql' } } }, { y_z: {} }] },
      c: { matrix: { rows: 'a', columns: 'b' } },
    },
    'categories.c.matrix',
  ],
  [
    'too_long',
    'a cell of long names',
    'categories.grade.matrix',
    { rows: 'quality', columns: 'long' },
    'categories.grade.matrix',
  ],
  ['too_many', 'cells', 'categories.grade.matrix', { rows: 'many', columns: 'many_more' }, 'categories.grade.matrix'],
  [
    'level_without_when',
    'not the last',
    'categories.quality.levels.1.medium',
    {},
    'categories.quality.levels[1].medium',
  ],
  [
    'last_level_conditional',
    'when',
    'categories.quality.levels.2.low',
    { when: { persona: 'buyer' } },
    'categories.quality.levels[2].low.when',
  ],
  [
    'last_level_conditional',
    'stays_at_least',
    'categories.quality.levels.2.low',
    { stays_at_least: '1d' },
    'categories.quality.levels[2].low.stays_at_least',
  ],
  [
    'missing_cell',
    'a column',
    'categories.letter.matrix.cells.high',
    { referral: 'A' },
    'categories.letter.matrix.cells.high',
  ],
  ['missing_cell', 'a row', 'categories.letter.matrix.cells.high', undefined, 'categories.letter.matrix.cells'],
  [
    'same_category',
    'rows and columns',
    'categories.grade.matrix.columns',
    'quality',
    'categories.grade.matrix.columns',
  ],
  ['first_stage', 'enter', 'stages.0.enter', { persona: 'buyer' }, 'stages[0].enter'],
  ['first_stage', 'by', 'stages.0.by', 'accept', 'stages[0].by'],
  ['first_stage', 'needs', 'stages.0.needs', { persona: 'buyer' }, 'stages[0].needs'],
  ['first_stage', 'cool_down', 'stages.0.cool_down', '1d', 'stages[0].cool_down'],
  ['no_way_in', 'neither enter nor by', 'stages.2.by', undefined, 'stages[2]'],
  ['mixed_decisions', 'forward and back', 'stages.5.by', ['recycle', 'accept'], 'stages[5].by'],
  ['side_stage_condition', 'enter', 'stages.5.enter', { persona: 'buyer' }, 'stages[5].enter'],
  ['side_stage_condition', 'needs', 'stages.5.needs', { persona: 'buyer' }, 'stages[5].needs'],
  ['duplicate_decision', 'two stages by one', 'stages.3.by', ['qualify', 'accept'], 'stages[3].by'],
  ['reserved_stage', 'lost without lose', 'stages', [{ id: 'a' }, { id: 'lost', by: 'win' }], 'stages[1].id'],
  ['reserved_stage', 'disqualified without disqualify', 'stages', [{ id: 'disqualified' }], 'stages[0].id'],
  ['calibration', 'above its interval', 'value.win.levels.hot.high', 0.29, 'value.win.levels.hot'],
  ['calibration', 'below its interval', 'value.win.levels.hot.low', 0.31, 'value.win.levels.hot'],
  ['bins_overlap', 'calibration that falls', ...calibrated([{ below: 50 }, { below: 50 }, {}], '.bins[1].below')],
  ['calibration', 'of a score', ...calibrated([{ below: 50 }, { low: 0.2 }], '.bins[1]')],
  ['unknown_attribute', 'in a table of an amount', 'value.amount.table', 'people', 'value.amount.table'],
  ['out_of_range', 'negative money of a value', ...priced({ table: 'industry', values: { wood: -1 } }, '.values.wood')],
  ['not_ascending', 'a range upside down', 'scores.fit.range', [6, 5], 'scores.fit.range'],
  ['empty_range', 'a cap a point below', `${FIT}.floor`, 61, `${FIT}.cap`],

  // Wherever a length of time stands
  ...[
    'categories.temperature.levels.0.hot.for_at_least',
    'categories.temperature.levels.0.hot.stays_at_least',
    'categories.temperature.levels.1.warm.when.any.1.for_at_least',
    'stages.3.needs.all.1.for_at_least',
    'stages.5.cool_down',
    'scores.engagement.groups.intent.decay.linear.over',
    'scores.engagement.groups.intent.decay.linear.after',
    'scores.engagement.decay.half_life',
    `${INTENT}.0.within`,
    `${INTENT}.0.count.within`,
    `${INTENT}.2.decay.steps.every`,
    `${INTENT}.3.decay.expires`,
    `${RHYTHM}.0.when.within`,
    `${RHYTHM}.1.when.trend.against`,
    `${RHYTHM}.4.when.last.within`,
    `${RHYTHM}.4.when.last.longer_ago_than`,
    `${RHYTHM}.10.when.due_within`,
    `${RHYTHM}.11.when.older_than`,
    `${RHYTHM}.11.when.newer_than`,
    `${RHYTHM}.12.when.changed_within`,
    'examples.0.facts.0.ago',
  ].map((place): Row => ['duration_too_long', place, place, '36526d', written(place)]),
  ...[`${RHYTHM}.0.when.within`, `${RHYTHM}.4.when.last.within`, `${RHYTHM}.11.when.newer_than`].map((place): Row => [
    'duration_zero',
    place,
    place,
    '0d',
    written(place),
  ]),
  ['duration_zero', 'a change', `${RHYTHM}.12.when.changed_within`, '0d', `${RHYTHM}[12].when.changed_within`],
  [
    'duration_zero',
    'straight to nothing',
    'scores.fit.decay',
    { linear: { over: '0d' } },
    'scores.fit.decay.linear.over',
  ],

  // Every operator looks at its own operands
  row('operand_mismatch', 'is_not', when({ attribute: 'employees', is_not: '50' }, '.is_not')),
  row('operand_mismatch', 'not_in', when({ attribute: 'employees', not_in: [5, '50'] }, '.not_in[1]')),
  row('operand_mismatch', 'at_most', when({ attribute: 'employees', at_most: '50' }, '.at_most')),
  row('operand_mismatch', 'above', when({ attribute: 'employees', above: '50' }, '.above')),
  row('operand_mismatch', 'below', when({ attribute: 'employees', below: '50' }, '.below')),
  row('operand_mismatch', 'the first of between', when({ attribute: 'employees', between: ['1', 5] }, '.between[0]')),
  row('operand_mismatch', 'the last of between', when({ attribute: 'employees', between: [1, '5'] }, '.between[1]')),
  row(
    'operand_mismatch',
    'a number for a date between',
    when({ attribute: 'founded', between: [1, '2026-01-01'] }, '.between[0]'),
  ),
  row('malformed_date', 'between', when({ attribute: 'founded', between: ['2026-01-01', 'now'] }, '.between[1]')),
  row('unknown_choice', 'of several choices', when({ attribute: 'interests', is: 'saw' }, '.is')),
  row('operator_mismatch', 'starts_with of a date', when({ attribute: 'founded', starts_with: '2' }, '.starts_with')),
  row('operator_mismatch', 'above of a boolean', when({ attribute: 'signs', above: 1 }, '.above')),
  row('operator_mismatch', 'newer_than of a text', when({ attribute: 'industry', newer_than: '1d' }, '.newer_than')),
  row('operator_mismatch', 'due_within of a number', when({ attribute: 'budget', due_within: '1d' }, '.due_within')),
  row('operator_mismatch', 'ends_with of choices', when({ attribute: 'interests', ends_with: 's' }, '.ends_with')),
  ...(['at_least', 'at_most', 'above', 'below'] as const).map((key) =>
    row('malformed_date', `${key} of a property`, when(ordered({ day: { [key]: 'noon' } }), `.where.day.${key}`)),
  ),
  ...(['sum', 'average'] as const).map((key) =>
    row(
      'not_ascending',
      key,
      when({ activity: 'ordered', [key]: { of: 'amount', between: [2, 1] } }, `.${key}.between`),
    ),
  ),
  row(
    'not_ascending',
    'days',
    when({ activity: 'ordered', distinct_days: { between: [2, 1] } }, '.distinct_days.between'),
  ),
  row('not_ascending', 'between numbers of a property', when(ordered({ a: { between: [2, 1] } }), '.where.a.between')),
  row('several_measures', 'ever and never', when({ activity: 'ordered', ever: true, never: true }, '')),
  row(
    'several_measures',
    'average and days',
    when({ activity: 'ordered', average: { of: 'a', above: 1 }, distinct_days: { above: 1 } }, ''),
  ),
  row(
    'several_measures',
    'last and trend',
    when({ activity: 'ordered', within: '7d', last: { within: '1d' }, trend: { against: '7d', at_least: 1 } }, ''),
  ),

  // Wherever a list stands
  row('duplicate_value', 'in', when({ attribute: 'employees', in: [1, 2, 1] }, '.in[2]')),
  row('duplicate_value', 'not_in', when({ attribute: 'employees', not_in: [1, 1] }, '.not_in[1]')),
  row('duplicate_value', 'levels', when({ category: 'quality', in: ['high', 'high'] }, '.in[1]')),
  row('duplicate_value', 'levels left out', when({ category: 'quality', not_in: ['high', 'high'] }, '.not_in[1]')),
  row('duplicate_value', 'personas', when({ persona: ['buyer', 'buyer'] }, '.persona[1]')),
  row('duplicate_value', 'stages', when({ stage: ['mql', 'mql'] }, '.stage[1]')),
  row('duplicate_value', 'activities', when({ activity: ['ordered', 'ordered'] }, '.activity[1]')),
  row('duplicate_value', 'of a property', when(ordered({ a: ['x', 'x'] }), '.where.a[1]')),
  row('duplicate_value', 'in, of a property', when(ordered({ a: { in: ['x', 'x'] } }), '.where.a.in[1]')),
  row('duplicate_value', 'not_in, of a property', when(ordered({ a: { not_in: [1, 1] } }), '.where.a.not_in[1]')),
  ['duplicate_value', 'raw types', 'activities.ordered.from', ['order', 'order'], 'activities.ordered.from[1]'],
  row('unknown_level', 'is', when({ category: 'quality', is: 'hihg' }, '.is')),
  row('unknown_level', 'not_in', when({ category: 'quality', not_in: ['hihg'] }, '.not_in[0]')),
  row('unknown_stage', 'one stage', when({ stage: 'mgl' }, '.stage')),
  row('unknown_persona', 'one of several', when({ persona: ['buyer', 'byer'] }, '.persona[1]')),
  [
    'malformed_pattern',
    'of an activity',
    'activities.ordered.where',
    { a: { matches: '[a' } },
    'activities.ordered.where.a.matches',
  ],
  [
    'malformed_pattern',
    'of a criterion',
    `${INTENT}.1.where.seats`,
    { matches: '[a' },
    `${INTENT}[1].where.seats.matches`,
  ],
  ['unknown_category', 'columns', 'categories.grade.matrix.columns', 'x', 'categories.grade.matrix.columns'],
  ['last_level_conditional', 'for_at_least', ...lastLevel('for_at_least', '1d')],
  ['last_level_conditional', 'stays_while', ...lastLevel('stays_while', { persona: 'buyer' })],
  ['misplaced', 'a category of a win', 'examples.0.facts.9.category', 'quality', 'examples[0].facts[9].category'],
  ['misplaced', 'an end of a win', 'examples.0.facts.9.until', '2026-01-01', 'examples[0].facts[9].until'],
  ['misplaced', 'a stage of a win', 'examples.0.facts.9.stage', 'mql', 'examples[0].facts[9].stage'],
  ['misplaced', 'a level of a stage override', 'examples.0.facts.8.level', 'hot', 'examples[0].facts[8].level'],
  ['misplaced', 'an amount of an override', 'examples.0.facts.7.amount', 5, 'examples[0].facts[7].amount'],
  row('unknown_stage', 'of two letters', when({ stage: 'mq' }, '.stage')),
  row('unknown_attribute', 'a word that a key begins with', when({ attribute: 'at', known: true }, '.attribute')),
  [
    'missing_cell',
    'two columns',
    'categories.letter.matrix.cells.high',
    { other: 'A' },
    'categories.letter.matrix.cells.high',
  ],
  [
    'missing_cell',
    'two rows',
    'categories.letter.matrix.cells',
    { high: { referral: 'A', marketing: 'B' } },
    'categories.letter.matrix.cells',
  ],
  [
    'bins_unbounded',
    'three without ends',
    `${FIT}.criteria.0.bins`,
    [{ points: 0 }, { points: 1 }, { points: 2 }],
    `${FIT}.criteria[0].bins[1]`,
  ],
  [
    'bins_overlap',
    'a range of nothing',
    `${FIT}.criteria.0.bins`,
    [{ below: 20, points: 0 }, { at_least: 30, below: 30, points: 1 }, { points: 2 }],
    `${FIT}.criteria[0].bins[1].below`,
  ],
  ['unknown_value', 'a text longer than is shown', 'attributes.budget.type', 'nu'.repeat(50), 'attributes.budget.type'],
  ...(
    [
      ['industry', 5],
      ['budget', '5'],
      ['signs', 'true'],
      ['job_level', 'boss'],
      ['interests', ['boats']],
      ['interests', 'saws'],
      ['trial_ends', 'soon'],
      ['trial_ends', 5],
    ] as const
  ).map(([name, value]): Row => [
    'example_value',
    `${String(value)} for ${name}`,
    `examples.0.facts.1.attributes.${name}`,
    value,
    `examples[0].facts[1].attributes.${name}`,
  ]),

  // Examples
  ['missing', 'an override of nothing', 'examples.0.facts.8', { decision: 'override' }, 'examples[0].facts[8]'],
  ['example_order', 'after as_of', 'examples.0.facts.2.at', '2026-03-01T12:00:00.001Z', 'examples[0].facts[2].at'],
  [
    'example_value',
    'text for a number',
    'examples.0.facts.1.attributes.employees',
    '60',
    'examples[0].facts[1].attributes.employees',
  ],
  [
    'example_value',
    'no listed choice',
    'examples.0.facts.1.attributes.interests',
    ['x'],
    'examples[0].facts[1].attributes.interests',
  ],
  [
    'example_event',
    'a raw event nobody reads',
    'examples.0.facts.5.activity',
    'pagee',
    'examples[0].facts[5].activity',
  ],
  ['duplicate_example', 'twice', 'examples.1', whole().examples?.[0], 'examples[1].name'],
]

function manyPatterns(): readonly unknown[] {
  // 26 × 4,002 steps lie above the sum that is allowed; the one after them is not compiled any more.
  return Array.from({ length: 27 }, (_, at) => ({ attribute: 'industry', matches: `x{0,1000}y{0,${1000 - at}}` }))
}

const levels = (count: number, name: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => ({
    [name(at)]: at === count - 1 ? {} : { when: { score: 'fit', at_least: at } },
  }))
const withWideCategories = (document: unknown) => {
  const { categories } = document as { categories: Record<string, unknown> }
  categories['long'] = { levels: levels(2, (at) => `${'x'.repeat(58)}${at}`) }
  categories['many'] = { levels: levels(51, (at) => `m${at}`) }
  categories['many_more'] = { levels: levels(50, (at) => `n${at}`) }
  return document
}

export const issueCases: readonly IssueCase[] = rows.map(([code, name, edit, value, path]) => {
  const needsWide = edit === 'categories.grade.matrix'
  const document = wholeWith(edit, value)
  return {
    code,
    name,
    path: path.replace(/\.(\d+)(?=\.|$)/g, '[$1]'),
    document: needsWide ? withWideCategories(document) : document,
  }
})

/** The right side of the boundaries above. */
export const rightCases: readonly { readonly name: string; readonly document: unknown }[] = (
  [
    ['a name of 200 characters', 'name', 'x'.repeat(200)],
    ['200 characters that take two units each', 'name', '😀'.repeat(200)],
    ['a milliard of points', `${PERSON}.0.points`, 1e9],
    ['minus a milliard of points', `${PERSON}.0.points`, -1e9],
    ['a whole pair', 'description', 'a😀b'],
    ['a loss of everything', `${INTENT}.2.decay.steps.lose`, '100%'],
    ['a very small loss', `${INTENT}.2.decay.steps.lose`, '0.0001%'],
    ['a hundred years', 'stages.1.sla', '36525d'],
    ['a hundred years of seconds', 'stages.1.sla', '999999999s'],
    ['a cool-down of nothing', 'stages.5.cool_down', '0d'],
    ['a dwell of nothing', 'categories.temperature.levels.0.hot.for_at_least', '0d'],
    ['a straight line that begins at once', 'scores.engagement.groups.intent.decay.linear.after', '0d'],
    ['a cap at the floor', `${FIT}.floor`, 60],
    [
      'bins that touch',
      `${FIT}.criteria.0.bins`,
      [
        { below: 20, points: 0 },
        { at_least: 20, below: 21, points: 1 },
      ],
    ],
    [
      'bins with a gap',
      `${FIT}.criteria.0.bins`,
      [
        { below: 20, points: 0 },
        { at_least: 50, points: 1 },
      ],
    ],
    ['as many as there are parts', 'personas.buyer.when', { at_least: 1, of: [{ persona: 'hobbyist' }] }],
    ['between the same', 'personas.buyer.when', { attribute: 'employees', between: [5, 5] }],
    ['a probability at its end', 'value.win.levels.hot.high', 0.3],
    ['at the very instant', 'examples.0.facts.2.at', '2026-03-01T12:00:00Z'],
    ['an empty list of choices', 'examples.0.facts.1.attributes.interests', []],
    ['one listed choice of two', 'examples.0.facts.1.attributes.interests', ['x', 'saws']],
    ['a stage that is implied', 'stages.6', { id: 'out', by: 'disqualify' }],
    ['a stage condition of a playbook', 'playbooks.call_now.when', { stage: 'mql', for_at_least: '0d' }],
    [
      'leads inside account',
      'personas.buyer.when',
      { account: { leads: { at_least: 1 }, when: { attribute: 'budget', known: true } } },
    ],
    ['a score inside leads', 'personas.buyer.when', { leads: { at_least: 2 }, when: { attribute: 'signs', is: true } }],
    ['a stage that reads the stage', 'stages.1.enter', { stage: 'lead', for_at_least: '1d' }],
    [
      'a calibration by score',
      'value.win',
      { score: 'fit', bins: [{ below: 50, probability: 0.1 }, { probability: 0.2 }] },
    ],
    ['an amount in an attribute', 'value.amount', { attribute: 'budget', otherwise: 5 }],
    ['a property called like a method', `${RHYTHM}.3.when.where`, { toString: 'x', 'a.b': { in: [1, true, 'x'] } }],
    ['a stay of nothing', 'categories.temperature.levels.0.hot.stays_at_least', '0d'],
    ['since nothing', 'categories.temperature.levels.1.warm.when.any.1.for_at_least', '0d'],
    ['older than nothing', `${RHYTHM}.11.when.older_than`, '0d'],
    ['due at once', `${RHYTHM}.10.when.due_within`, '0d'],
    ['longer ago than nothing', `${RHYTHM}.4.when.last.longer_ago_than`, '0d'],
    ['just now', 'examples.0.facts.0.ago', '0d'],
    ['text of an attribute', 'examples.0.facts.1.attributes.industry', 'wood'],
    ['a boolean of an attribute', 'examples.0.facts.1.attributes.signs', false],
    ['no money at all', 'value.amount.bins.0.points', 0],
    ['a pattern as large as is allowed', `${FIT}.criteria.2.when.matches`, 'x{1000}'.repeat(4)],
  ] as const
).map(([name, edit, value]) => ({ name, document: wholeWith(edit, value) }))
