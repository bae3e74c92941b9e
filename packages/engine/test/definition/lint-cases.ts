import type { Definition } from '../../src/definition/language.ts'
import { putAt } from './whole.ts'

/** A definition that the linter has nothing to say about. */
export const clean = (): Definition => structuredClone(document)

const document: Definition = {
  winnow: 1,
  name: 'Clean',
  attributes: {
    level: { type: 'choice', of: ['high', 'low'] },
    people: { type: 'number', about: 'account' },
    budget: { type: 'number', answers: 'budget', question: 'How much?' },
    since: { type: 'date' },
    tools: { type: 'choices', of: ['saw', 'drill'] },
    title: { type: 'text' },
  },
  activities: { visited: { from: 'page' }, asked: { from: 'form' } },
  personas: { boss: { when: { attribute: 'level', is: 'high' } } },
  scores: {
    fit: {
      groups: {
        a: {
          cap: 90,
          criteria: [
            { id: 'boss', when: { persona: 'boss' }, points: 50 },
            { id: 'size', table: 'people', bins: [{ below: 20, points: 0 }, { points: 50 }] },
            { id: 'title', when: { attribute: 'title', contains: 'chief' }, points: 10 },
          ],
        },
        b: {
          criteria: [
            { id: 'tools', table: 'tools', values: { saw: 10 } },
            { id: 'new', when: { attribute: 'since', newer_than: '30d' }, points: 5 },
          ],
        },
      },
    },
    engagement: {
      decay: { half_life: '7d' },
      groups: {
        a: {
          criteria: [
            { id: 'visit', each: 'visited', points: 5 },
            { id: 'ask', each: 'asked', points: 50, decay: { expires: '30d' }, within: '30d' },
          ],
        },
      },
    },
  },
  categories: {
    quality: {
      levels: [
        { good: { when: { score: 'fit', at_least: 70 }, stays_while: { score: 'fit', at_least: 60 } } },
        { fair: { when: { score: 'fit', at_least: 40 } } },
        { poor: {} },
      ],
    },
    heat: { levels: [{ hot: { when: { score: 'engagement', at_least: 50 } } }, { cold: {} }] },
    grade: {
      matrix: {
        rows: 'quality',
        columns: 'heat',
        cells: { good: { hot: 'A', cold: 'B' }, fair: { hot: 'B', cold: 'C' }, poor: { hot: 'C', cold: 'D' } },
      },
    },
  },
  stages: [
    { id: 'lead' },
    { id: 'mql', enter: { category: 'grade', in: ['A', 'B'] } },
    { id: 'sql', by: 'accept', needs: { answers: ['budget'], at_least: 1 } },
    { id: 'customer', by: 'win' },
    { id: 'nurture', by: 'recycle', cool_down: '30d' },
    { id: 'out', by: 'disqualify' },
  ],
  value: {
    win: { category: 'heat', levels: { hot: { probability: 0.3 }, cold: { probability: 0.1 } } },
    amount: { attribute: 'budget' },
  },
  review: { every: '3 months' },
  examples: [{ name: 'one', as_of: '2026-01-01', facts: [], expect: { stage: 'lead' } }],
}

type Edits = Readonly<Record<string, unknown>>
type Row = readonly [code: string, name: string, edits: Edits, path: string, message?: string]

const A = 'scores.fit.groups.a'
const VISIT = 'scores.engagement.groups.a.criteria.0'
const rows: readonly Row[] = [
  [
    'unreachable_level',
    'above what points can give',
    { 'categories.quality.levels.0.good': { when: { score: 'fit', above: 100 } } },
    'categories.quality.levels[0].good',
    'nobody reaches good: fit gives 0 to 100 points',
  ],
  [
    'unreachable_level',
    'below a weaker one',
    { 'categories.quality.levels.1.fair': { when: { score: 'fit', at_least: 70 } } },
    'categories.quality.levels[1].fair',
    'nobody reaches fair: everybody who could is at good, which is listed before',
  ],
  [
    'unreachable_level',
    'below one that takes all',
    { 'categories.heat.levels.0.hot': { when: { score: 'engagement', at_least: 0 } } },
    'categories.heat.levels[1].cold',
  ],
  [
    'unreachable_level',
    'only the scores that stand in the way are named',
    {
      'categories.quality.levels.0.good': {
        when: {
          all: [
            { score: 'fit', at_least: 70 },
            { score: 'engagement', above: 100 },
          ],
        },
      },
    },
    'categories.quality.levels[0].good',
    'nobody reaches good: engagement gives 0 to 100 points',
  ],
  [
    'unreachable_level',
    'below one that takes all by one of its parts',
    {
      'categories.heat.levels.0.hot': {
        when: {
          any: [
            { score: 'engagement', at_least: 50 },
            { score: 'fit', at_least: 0 },
          ],
        },
      },
    },
    'categories.heat.levels[1].cold',
  ],
  [
    'unreachable_level',
    'below one that takes all by as many of its parts as it asks for',
    {
      'categories.heat.levels.0.hot': {
        when: {
          at_least: 1,
          of: [
            { score: 'engagement', at_least: 50 },
            { score: 'fit', at_least: 0 },
          ],
        },
      },
    },
    'categories.heat.levels[1].cold',
  ],
  ...(
    [
      ['more than one day and less than two', { activity: 'visited', distinct_days: { above: 1, below: 2 } }],
      ['more than once and less than twice', { activity: 'visited', count: { above: 1, below: 2 } }],
      ['a level and not that level', { category: 'quality', is: 'good', is_not: 'good' }],
      ['a level and another', { category: 'quality', is: 'good', in: ['fair', 'poor'] }],
      ['a number in two places', { attribute: 'people', above: 10, between: [1, 5] }],
      ['a value that is refused', { attribute: 'level', in: ['high'], not_in: ['high', 'low'] }],
      ['every value refused', { attribute: 'level', not_in: ['high', 'low'] }],
    ] as const
  ).map(([name, when]): Row => [
    'unreachable_level',
    name,
    { 'categories.heat.levels.0.hot': { when } },
    'categories.heat.levels[0].hot',
  ]),
  [
    'unreachable_level',
    'a cell of a row nobody reaches',
    { 'categories.quality.levels.0.good': { when: { score: 'fit', above: 100 } } },
    'categories.grade.matrix.cells.good.hot',
    'the cell A is never used: nobody reaches good',
  ],
  [
    'unreachable_level',
    'a level of an unreachable persona',
    {
      'personas.boss.when': { attribute: 'level', is: 'high', is_not: 'high' },
      'categories.heat.levels.0.hot': { when: { persona: 'boss' } },
    },
    'categories.heat.levels[0].hot',
  ],
  [
    'unreachable_stage',
    'a level nobody reaches',
    {
      'categories.quality.levels.0.good': { when: { score: 'fit', above: 100 } },
      'stages.1.enter': { category: 'quality', is: 'good' },
    },
    'stages[1]',
    'nobody reaches mql: nobody reaches that level of quality',
  ],
  [
    'unreachable_stage',
    'only a decision leads there',
    { 'stages.2.enter': { score: 'fit', above: 100 } },
    'stages[2]',
    'nobody enters by itself sql: fit gives 0 to 100 points',
  ],
  [
    'never_true',
    'between nothing',
    { 'personas.boss.when': { attribute: 'people', above: 5, below: 5 } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'one level and not that level',
    { 'personas.boss.when': { attribute: 'level', in: ['high'], not_in: ['high'] } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'every choice refused',
    { 'personas.boss.when': { attribute: 'level', not_in: ['high', 'low'] } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'unknown and something',
    { 'personas.boss.when': { attribute: 'people', known: false, at_least: 5 } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'a count between two whole numbers',
    { 'personas.boss.when': { activity: 'visited', count: { above: 1, below: 2 } } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'a negative count',
    { 'personas.boss.when': { activity: 'visited', distinct_days: { below: 0 } } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'an empty sum',
    { 'personas.boss.when': { activity: 'visited', sum: { of: 'a', above: 5, at_most: 5 } } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'a date range that is empty',
    { 'personas.boss.when': { attribute: 'since', above: '2026-01-02', below: '2026-01-01' } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'counted leads below none',
    { 'personas.boss.when': { leads: { below: 0 }, when: { attribute: 'level', is: 'high' } } },
    'personas.boss.when',
  ],
  [
    'never_true',
    'one part of several',
    {
      'personas.boss.when': {
        any: [
          { attribute: 'level', is: 'high' },
          { activity: 'asked', count: { below: 0 } },
        ],
      },
    },
    'personas.boss.when.any[1]',
  ],
  [
    'never_true',
    'the opposite of always',
    { 'personas.boss.when': { not: { activity: 'asked', count: { at_least: 0 } } } },
    'personas.boss.when',
  ],
  ['never_true', 'needs', { 'stages.2.needs': { score: 'fit', above: 100 } }, 'stages[2].needs'],
  [
    'never_true',
    'a criterion that only earns while unknown',
    { [`${A}.criteria.0`]: { id: 'boss', when: { attribute: 'people', above: 5, below: 5 }, points: 50, unknown: 50 } },
    'scores.fit.groups.a.criteria[0].when',
  ],
  [
    'always_true',
    'a score at its least',
    { 'stages.2.needs': { score: 'fit', at_least: 0 } },
    'stages[2].needs',
    'this is true of every lead: fit gives 0 to 100 points',
  ],
  [
    'always_true',
    'a count of none or more',
    { 'stages.2.needs': { activity: 'asked', count: { at_least: 0 } } },
    'stages[2].needs',
  ],
  ['no_effect', 'no points', { [`${A}.criteria.0.points`]: 0 }, 'scores.fit.groups.a.criteria[0]'],
  ['no_effect', 'a cap of nothing', { [`${A}.criteria.0.cap`]: 0 }, 'scores.fit.groups.a.criteria[0]'],
  [
    'no_effect',
    'a floor of nothing below',
    { [VISIT]: { id: 'visit', each: 'visited', points: -5, floor: 0 } },
    'scores.engagement.groups.a.criteria[0]',
  ],
  [
    'no_effect',
    'a condition that is never true',
    { [`${A}.criteria.0.when`]: { activity: 'asked', count: { below: 0 } } },
    'scores.fit.groups.a.criteria[0]',
  ],
  ['no_effect', 'a group with a cap of nothing', { [`${A}.cap`]: 0 }, 'scores.fit.groups.a'],
  ['no_effect', 'a score of nothing', { 'scores.fit.range': [-5, 0] }, 'scores.fit'],
  [
    'limit_unreachable',
    'cap of a group',
    { [`${A}.cap`]: 111 },
    'scores.fit.groups.a.cap',
    'the cap of 111 is never reached: 110 is the most',
  ],
  ['limit_unreachable', 'floor of a group', { [`${A}.floor`]: -1 }, 'scores.fit.groups.a.floor'],
  ['limit_unreachable', 'cap of a criterion', { [`${A}.criteria.0.cap`]: 51 }, 'scores.fit.groups.a.criteria[0].cap'],
  [
    'limit_unreachable',
    'cap of limited occurrences',
    { [VISIT]: { id: 'visit', each: 'visited', points: 5, count: { at_most: 3 }, cap: 16 } },
    'scores.engagement.groups.a.criteria[0].cap',
  ],
  [
    'limit_unreachable',
    'cap of occurrences in a window',
    {
      [VISIT]: {
        id: 'visit',
        each: 'visited',
        points: 5,
        count: { at_most: 3, within: '7d' },
        within: '13d',
        decay: 'none',
        cap: 31,
      },
    },
    'scores.engagement.groups.a.criteria[0].cap',
    'the cap of 31 is never reached: 30 is the most',
  ],
  [
    'limit_unreachable',
    'cap of fading occurrences',
    { [VISIT]: { id: 'visit', each: 'visited', points: 5, count: { at_most: 1, within: '7d' }, cap: 10.5 } },
    'scores.engagement.groups.a.criteria[0].cap',
    'the cap of 10.5 is never reached: 10 is the most',
  ],
  [
    'range_unreachable',
    'less than the range',
    { [`${A}.cap`]: 80 },
    'scores.fit',
    'fit reaches at most 95 of 100 points',
  ],
  [
    'range_unreachable',
    'never below nothing',
    { 'scores.fit.range': [-10, 100] },
    'scores.fit',
    'fit never falls below 0 points',
  ],
  [
    'hysteresis_order',
    'the same',
    { 'categories.quality.levels.0.good.stays_while': { score: 'fit', at_least: 70 } },
    'categories.quality.levels[0].good.stays_while',
  ],
  [
    'hysteresis_order',
    'more',
    { 'categories.quality.levels.0.good.stays_while': { score: 'fit', above: 70 } },
    'categories.quality.levels[0].good.stays_while',
  ],
  [
    'window_beyond_decay',
    'expiry',
    { 'scores.engagement.groups.a.criteria.1.within': '31d' },
    'scores.engagement.groups.a.criteria[1].within',
  ],
  [
    'window_beyond_decay',
    'straight line',
    { 'scores.engagement.groups.a.criteria.1.decay': { linear: { over: '20d', after: '9d' } } },
    'scores.engagement.groups.a.criteria[1].within',
  ],
  [
    'window_beyond_decay',
    'steps',
    { 'scores.engagement.groups.a.criteria.1.decay': { steps: { every: '7d', lose: '30%' } } },
    'scores.engagement.groups.a.criteria[1].within',
  ],
  [
    'gap',
    'between bins',
    {
      [`${A}.criteria.1.bins`]: [
        { below: 20, points: 0 },
        { at_least: 25, points: 50 },
      ],
    },
    'scores.fit.groups.a.criteria[1].bins',
    'no bin takes values from 20 to below 25',
  ],
  [
    'gap',
    'between levels',
    { 'categories.quality.levels.1.fair': { when: { score: 'fit', at_least: 40, below: 60 } } },
    'categories.quality.levels',
    'scores between 60 and 70 fall to poor',
  ],
  ['unused', 'attribute', { 'attributes.colour': { type: 'text' } }, 'attributes.colour'],
  ['unused', 'activity', { 'activities.left': { from: 'x' } }, 'activities.left'],
  ['unused', 'persona', { 'personas.other': { when: { attribute: 'level', is: 'low' } } }, 'personas.other'],
  [
    'unused',
    'score',
    { 'scores.other': { range: [0, 5], groups: { a: { criteria: [{ id: 'x', each: 'asked', points: 5 }] } } } },
    'scores.other',
  ],
  ['missing_way_back', 'recycle', { 'stages.4': { id: 'nurture', by: 'reject', cool_down: '1d' } }, 'stages'],
  ['missing_way_out', 'disqualify', { 'stages.5': { id: 'out', by: 'lose' } }, 'stages'],
  ['missing_review', 'review', { review: undefined }, ''],
  ['missing_examples', 'none', { examples: undefined }, ''],
  ['missing_question', 'of a topic', { 'attributes.budget.question': undefined }, 'attributes.budget'],
  ['missing_cool_down', 'after recycling', { 'stages.4.cool_down': undefined }, 'stages[4]'],
  ['calibration_order', 'levels', { 'value.win.levels.cold.probability': 0.31 }, 'value.win.levels.cold'],
  [
    'calibration_order',
    'bins',
    { 'value.win': { score: 'fit', bins: [{ below: 5, probability: 0.2 }, { probability: 0.1 }] } },
    'value.win.bins[1]',
  ],
  ['calibration_incomplete', 'a level', { 'value.win.levels.cold': undefined }, 'value.win.levels'],
  [
    'calibration_incomplete',
    'cells of a matrix, each once',
    { 'value.win': { category: 'grade', levels: { A: { probability: 0.3 }, C: { probability: 0.1 } } } },
    'value.win.levels',
    'no probability for B, D',
  ],
  [
    'missing_way_back',
    'in a lifecycle of two stages',
    { stages: [{ id: 'lead' }, { id: 'mql', enter: { category: 'grade', in: ['A', 'B'] } }] },
    'stages',
  ],
  [
    'personal_data',
    'in a condition',
    { 'attributes.email': { type: 'text' }, 'personas.boss.when': { attribute: 'email', ends_with: '.com' } },
    'personas.boss.when',
  ],
  ['personal_data', 'by declaration', { 'attributes.level.sensitive': 'personal' }, 'personas.boss.when'],
  ['personal_data', 'by label', { 'attributes.title.label': 'First name' }, 'scores.fit.groups.a.criteria[2].when'],
  [
    'protected_ground',
    'in a table',
    { 'attributes.age': { type: 'number' }, [`${A}.criteria.1.table`]: 'age', 'attributes.people': undefined },
    'scores.fit.groups.a.criteria[1].table',
  ],
  [
    'protected_ground',
    'by declaration',
    { 'attributes.people.sensitive': 'protected' },
    'scores.fit.groups.a.criteria[1].table',
  ],
  ['missing_cool_down', 'after a rejection', { 'stages.4': { id: 'nurture', by: ['recycle', 'reject'] } }, 'stages[4]'],
  [
    'missing_cool_down',
    'after a rejection alone',
    { 'stages.6': { id: 'back', by: 'reject' } },
    'stages[6]',
    'nothing keeps a lead in back for a while',
  ],
  [
    'personal_data',
    'in an amount',
    { 'attributes.email': { type: 'number' }, 'value.amount': { attribute: 'email' } },
    'value.amount',
  ],
  [
    'personal_data',
    'in the table of an amount',
    {
      'attributes.email': { type: 'text' },
      'value.amount': { table: 'email', values: { a: 1 } },
    },
    'value.amount',
  ],
  [
    'calibration_order',
    'of a score',
    {
      'value.win': {
        score: 'fit',
        bins: [{ below: 50, probability: 0.2 }, { below: 60, probability: 0.2 }, { probability: 0.1 }],
      },
    },
    'value.win.bins[2]',
  ],
  [
    'protected_ground',
    'even whether it is known',
    { 'attributes.religion': { type: 'text' }, 'personas.boss.when': { attribute: 'religion', known: true } },
    'personas.boss.when',
  ],
]

const edited = (edits: Edits): Definition =>
  Object.entries(edits).reduce<unknown>((so, [path, value]) => putAt(so, path, value), clean()) as Definition

export const lintCases = rows.map(([code, name, edits, path, message]) => ({
  code,
  name,
  path,
  message,
  definition: edited(edits),
}))

/** The right side of the boundaries above. */
export const quietCases = (
  [
    ['the highest score itself', { 'categories.quality.levels.0.good': { when: { score: 'fit', at_least: 100 } } }],
    [
      'a level that leads fall to',
      {
        'categories.quality.levels.1.fair': {
          when: { score: 'fit', at_least: 70 },
          stays_while: { score: 'fit', at_least: 30 },
        },
      },
    ],
    [
      'a better level that takes time',
      {
        'categories.heat.levels': [
          { hot: { when: { score: 'engagement', at_least: 50 }, for_at_least: '1d' } },
          { warm: { when: { score: 'engagement', at_least: 50 } } },
          { cold: {} },
        ],
        'categories.grade': undefined,
        'stages.1.enter': { category: 'heat', in: ['hot', 'warm'] },
        'value.win.levels.warm': { probability: 0.2 },
      },
    ],
    [
      'a count of exactly one',
      {
        'personas.boss.when': {
          all: [
            { attribute: 'level', is: 'high' },
            { activity: 'visited', count: { above: 0, below: 2 } },
          ],
        },
      },
    ],
    [
      'several values at once',
      {
        'stages.2.needs': {
          all: [
            { answers: ['budget'], at_least: 1 },
            { attribute: 'tools', is: 'saw', is_not: 'drill' },
          ],
        },
      },
    ],
    [
      'a score just above its least',
      {
        'stages.2.needs': {
          all: [
            { answers: ['budget'], at_least: 1 },
            { score: 'fit', above: 0 },
          ],
        },
      },
    ],
    ['a cap that is just reached', { [`${A}.cap`]: 110 }],
    [
      'a cap of fading occurrences',
      { [VISIT]: { id: 'visit', each: 'visited', points: 5, count: { at_most: 1, within: '7d' }, cap: 10 } },
    ],
    ['unlimited occurrences', { [`${VISIT}.cap`]: 90 }],
    [
      'less to stay than to enter',
      { 'categories.quality.levels.0.good.stays_while': { score: 'fit', at_least: 69.9 } },
    ],
    [
      'a window as long as the steps',
      { 'scores.engagement.groups.a.criteria.1.decay': { steps: { every: '10d', lose: '40%' } } },
    ],
    ['bins that begin late', { [`${A}.criteria.1.bins`]: [{ at_least: 5, below: 20, points: 20 }, { points: 50 }] }],
    ['levels that touch', { 'categories.quality.levels.1.fair': { when: { score: 'fit', at_least: 40, below: 70 } } }],
    [
      'no side stages in a lifecycle of one',
      {
        stages: [{ id: 'lead' }],
        value: undefined,
        'scores.engagement': undefined,
        'categories.heat': undefined,
        'categories.grade': undefined,
        activities: undefined,
        'personas.boss.when': {
          all: [
            { attribute: 'level', is: 'high' },
            { attribute: 'budget', above: 5 },
          ],
        },
      },
    ],
    [
      'a score that is never nothing',
      { [`${A}.criteria.3`]: { id: 'any', table: 'level', values: { high: 2, low: 1 }, unknown: 1 } },
    ],
    [
      'a floor that is just reached',
      {
        [`${A}.criteria.3`]: { id: 'less', when: { attribute: 'level', is: 'low' }, points: -5 },
        [`${A}.floor`]: -5,
        'scores.fit.range': [-5, 100],
      },
    ],
    [
      'levels of several scores',
      {
        'categories.quality.levels.1.fair': { when: { score: 'engagement', between: [10, 20] } },
      },
    ],
    [
      'topics that no stage asks for',
      {
        'attributes.people.answers': 'need',
        'personas.boss.when': {
          all: [
            { attribute: 'level', is: 'high' },
            { answers: ['need', 'budget'], at_least: 1 },
          ],
        },
      },
    ],
    [
      'a score that only worth reads',
      {
        'scores.luck': {
          groups: { a: { criteria: [{ id: 'luck', when: { attribute: 'tools', is: 'saw' }, points: 100 }] } },
        },
        'value.win': { score: 'luck', bins: [{ below: 50, probability: 0.1 }, { probability: 0.2 }] },
      },
    ],
    ['equal probabilities', { 'value.win.levels.cold.probability': 0.3 }],
    [
      'cells of a matrix in any order',
      {
        'value.win': {
          category: 'grade',
          levels: {
            A: { probability: 0.1 },
            B: { probability: 0.3 },
            C: { probability: 0.2 },
            D: { probability: 0.4 },
          },
        },
      },
    ],
    [
      'a level that asks for all of several things',
      {
        'categories.heat.levels.0.hot': {
          when: {
            all: [
              { score: 'engagement', at_least: 50 },
              { score: 'fit', at_least: 10 },
            ],
          },
        },
      },
    ],
    [
      'a level that asks for one of several things',
      {
        'categories.heat.levels.0.hot': {
          when: {
            any: [
              { score: 'engagement', at_least: 50 },
              { score: 'fit', at_least: 90 },
            ],
          },
        },
      },
    ],
    [
      'levels that end alike, the wider one first',
      {
        'categories.quality.levels': [
          { good: { when: { score: 'fit', above: 70 } } },
          { fair: { when: { score: 'fit', between: [40, 70] } } },
          { some: { when: { score: 'fit', at_least: 30, below: 70 } } },
          { poor: {} },
        ],
        'categories.grade.matrix.cells.some': { hot: 'C', cold: 'D' },
      },
    ],
    [
      'when an address has changed',
      {
        'attributes.email': { type: 'text' },
        'personas.boss.when': {
          all: [
            { attribute: 'level', is: 'high' },
            { attribute: 'email', changed_within: '30d' },
          ],
        },
      },
    ],
    [
      'whether an address is known',
      {
        'attributes.email': { type: 'text' },
        'personas.boss.when': {
          all: [
            { attribute: 'level', is: 'high' },
            { attribute: 'email', known: true },
          ],
        },
      },
    ],
    ['a truth about an address', { 'attributes.level.label': 'Uses a private mail address' }],
    ['the age of a company', { 'attributes.people.label': 'Age of the company' }],
    ['the age of a contract', { 'attributes.level.label': 'Contract age' }],
    ['a name of a product', { 'attributes.level.label': 'Product name' }],
    [
      'personal data in a playbook',
      {
        'attributes.email': { type: 'text' },
        playbooks: { a: { when: { attribute: 'email', contains: '@' }, title: 't', steps: ['s'] } },
      },
    ],
  ] as const
).map(([name, edits]) => ({ name, definition: edited(edits) }))
