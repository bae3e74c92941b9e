import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffDefinitions, same } from '../../src/definition/diff.ts'
import { formatPath } from '../../src/definition/issue.ts'
import type { Definition } from '../../src/definition/language.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { casesOf } from '../generators/share.ts'
import { changeCases, toldOf } from './diff-cases.ts'
import { mutated } from './mutations.ts'
import { putAt, whole } from './whole.ts'

type Edits = Readonly<Record<string, unknown>>
const edited = (edits: Edits) =>
  Object.entries(edits).reduce<unknown>((so, [path, value]) => putAt(so, path, value), whole()) as Definition
const told = (before: Definition, after: Definition) =>
  diffDefinitions(before, after).map((change) => `${change.kind} ${formatPath(change.path)}: ${change.sentence}`)

const COMPANY = 'scores.fit.groups.company'
const criterion = (id: string, points: number) => ({ id, when: { persona: 'buyer' }, points })

const cases: readonly (readonly [name: string, edits: Edits, sentences: readonly string[]])[] = [
  ['the name', { name: 'Tools' }, ['changed name: The name is now “Tools” (was “Tools for workshops”)']],
  [
    'points of a range',
    { [`${COMPANY}.criteria.0.bins.2.points`]: 50 },
    [
      'changed scores.fit.groups.company.criteria[0]: The criterion Company size now gives 50 points for 200 people or more (was 40)',
    ],
  ],
  [
    'points of a value',
    { 'scores.fit.groups.person.criteria.1.values': { executive: 20, manager: 12, other: -1 } },
    [
      'changed scores.fit.groups.person.criteria[1]: The criterion level now gives 12 points for manager (was 10)',
      'added scores.fit.groups.person.criteria[1]: The criterion level now gives −1 point for other',
    ],
  ],
  [
    'points of a condition',
    { 'scores.fit.groups.person.criteria.0.points': 45 },
    ['changed scores.fit.groups.person.criteria[0].points: The criterion persona now gives 45 points (was 40)'],
  ],
  [
    'other ranges',
    { [`${COMPANY}.criteria.1.bins`]: [{ points: 5 }] },
    [
      'changed scores.fit.groups.company.criteria[1].bins: The table of ranges of the criterion age is now any value: 5 (was below 365: −5, 365 or more: 5)',
    ],
  ],
  [
    'a chance, an amount and a cost',
    {
      'value.win.levels.hot': { probability: 0.25, low: 0.2 },
      'value.amount.bins.0.points': 1500,
      'value.amount.otherwise': 2500,
      'value.cost': 50,
      'value.repeats': 3,
    },
    [
      'changed value.win.levels.hot: The chance of a win at hot is now 25 % (20 % to 100 %) (was 30 % (20 % to 40 %, of 120 leads))',
      'changed value.amount: The amount of a win is now by employees (below 50 people: 1500 EUR, 50 people or more: 5000 EUR, else 2500 EUR) (was by employees (below 50 people: 1000 EUR, 50 people or more: 5000 EUR, else 2000 EUR))',
      'changed value.repeats: How often a customer buys is now 3 times (was 2 times)',
      'changed value.cost: The cost of working a lead is now 50 EUR (was 40 EUR)',
    ],
  ],
  [
    'chances by a score, of another amount',
    {
      'value.win': {
        score: 'fit',
        bins: [
          { below: 50, probability: 0.05 },
          { probability: 0.2, leads: 40 },
        ],
      },
      'value.amount': { attribute: 'budget' },
    },
    [
      'changed value.win: The chance of a win is now by Fit (below 50: 5 %, 50 or more: 20 % (of 40 leads)) (was by temperature (hot: 30 % (20 % to 40 %, of 120 leads), warm: 10 %, cold: 1 %))',
      'changed value.amount: The amount of a win is now what budget says (was by employees (below 50 people: 1000 EUR, 50 people or more: 5000 EUR, else 2000 EUR))',
    ],
  ],
  [
    'where a level begins',
    {
      'categories.temperature.levels.0.hot.when.at_least': 65,
      'categories.temperature.levels.0.hot.stays_while.at_least': 55,
    },
    [
      'changed categories.temperature.levels[0].hot.when: Hot now begins at engagement 65 (was 60)',
      'changed categories.temperature.levels[0].hot.stays_while: Hot now ends below engagement 55 (was 50)',
    ],
  ],
  [
    'another condition of a level',
    { 'categories.quality.levels.0.high.when': { persona: 'buyer' } },
    [
      'changed categories.quality.levels[0].high.when: The condition of the level High is now: the persona is Buyer (was: Fit is at least 70)',
    ],
  ],
  [
    'decay',
    { 'scores.engagement.decay': { expires: '30d' } },
    [
      'changed scores.engagement.decay: The decay of the score engagement is now in full for 30 days, then nothing (was halving every 14 days)',
    ],
  ],
  [
    'a duration',
    { 'stages.2.sla': '2h' },
    ['changed stages[2].sla: The time limit of the stage SAL is now 2 hours (was 4 hours)'],
  ],
  [
    'a time limit goes',
    { 'stages.2.sla': undefined },
    ['removed stages[2].sla: The time limit of the stage SAL was removed (was 4 hours)'],
  ],
  [
    'a new criterion',
    { [`${COMPANY}.criteria.3`]: criterion('more', 5) },
    ['added scores.fit.groups.company.criteria[3]: The criterion more is new: 5 points when the persona is Buyer'],
  ],
  [
    'a criterion goes',
    { [`${COMPANY}.criteria`]: whole().scores!['fit'].groups['company'].criteria.slice(0, 2) },
    [
      'removed scores.fit.groups.company.criteria[2]: The criterion trade was removed (it gave 10 points when industry is known and matches the pattern “(?i)wood|metal”; 2 points while nobody knows)',
    ],
  ],
  [
    'a criterion is renamed',
    { [`${COMPANY}.criteria.0.id`]: 'people' },
    ['changed scores.fit.groups.company.criteria[0]: The criterion Company size is now called people (was size)'],
  ],
  [
    'a criterion moves',
    { [`${COMPANY}.criteria`]: [2, 0, 1].map((at) => whole().scores!['fit'].groups['company'].criteria[at]) },
    ['moved scores.fit.groups.company.criteria[0]: The criterion trade now stands before size'],
  ],
  [
    'an attribute is renamed',
    { 'attributes.trial_ends': undefined, 'attributes.trial_end': { type: 'date' } },
    ['changed attributes.trial_end: The attribute trial ends is now called trial_end (was trial_ends)'],
  ],
  [
    'two attributes that are alike',
    { 'attributes.referred_by': undefined, 'attributes.a': { type: 'text' }, 'attributes.b': { type: 'text' } },
    [
      'added attributes.a: The attribute a is new',
      'added attributes.b: The attribute b is new',
      'removed attributes.referred_by: The attribute referred by was removed',
    ],
  ],
  [
    'a new persona',
    { 'personas.owner': { when: { attribute: 'signs', is: true } } },
    ['added personas.owner: The persona owner is new: signs is yes'],
  ],
  [
    'a new level',
    {
      'categories.origin.levels': [
        { referral: { when: { attribute: 'referred_by', known: true } } },
        { sales: { when: { activity: 'ordered' } } },
        { marketing: {} },
      ],
    },
    ['added categories.origin.levels[1].sales: The origin level sales is new: “ordered” at least once so far'],
  ],
  [
    'a level moves',
    {
      'categories.quality.levels': [1, 0, 2].map(
        (at) => (whole().categories!['quality'] as { levels: unknown[] }).levels[at],
      ),
    },
    ['moved categories.quality.levels[1]: The level High of Quality now stands before low'],
  ],
  ['a stage goes', { stages: whole().stages!.slice(0, 6) }, ['removed stages[6]: The stage out was removed']],
  [
    'the way into a stage',
    { 'stages.1.enter': { persona: 'buyer' } },
    [
      'changed stages[1].enter: The way in of the stage MQL is now: the persona is Buyer (was: Quality is High or medium, and temperature is not cold, and letter is not C)',
    ],
  ],
  [
    'capacity',
    { 'capacity.sales.mql_per_week': 80 },
    ['changed capacity.sales.mql_per_week: The capacity of sales for MQL per week is now 80 (was 120)'],
  ],
  [
    'an example',
    { 'examples.0.name': 'Somebody' },
    ['changed examples[0]: The example “A manager who asked for a demo” is now called “Somebody”'],
  ],
  ['a section goes', { review: undefined }, ['removed review: Review was removed (was every 3 months)']],
  [
    'an empty section',
    { review: undefined, playbooks: {} },
    [
      'removed playbooks.call_now: The playbook call now was removed',
      'removed playbooks.win_back: The playbook win back was removed',
      'removed review: Review was removed (was every 3 months)',
    ],
  ],
  [
    'levels become a matrix',
    { 'categories.origin': { matrix: { rows: 'quality', columns: 'temperature' } } },
    [
      'added categories.origin.matrix: The matrix of the category origin is new: rows quality, columns temperature',
      'removed categories.origin.levels: The list of levels of the category origin was removed (was referral (when referred by is known); marketing)',
    ],
  ],
]

test.each(cases)('%s', (_, edits, sentences) => {
  expect(told(whole(), edited(edits))).toEqual(sentences)
})

const expected = JSON.parse(readFileSync(new URL('expected/diff.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>

// When these fail and the new words are meant, run `node scripts/write-expected.ts` and read the difference.
test.each(changeCases)('$name', (each) => {
  expect(parseDefinition(each.before()).issues).toEqual([])
  expect(toldOf(each)).toEqual(expected[each.name])
})

test('nothing changed', () => {
  expect(told(whole(), whole())).toEqual([])
})

test('an empty map instead of none is told', () => {
  const empty = { winnow: 1, name: 'x' } as const
  expect(told(empty, { ...empty, personas: {} })).toEqual(['changed personas: Personas is written differently'])
})

test('the order of keys says nothing', () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, each]) => [key, turned(each)]),
          )
        : value
  expect(told(whole(), turned(whole()) as Definition)).toEqual([])
})

describe('on random changes', () => {
  test('there is a change exactly when the documents differ', () => {
    let differing = 0
    fc.assert(
      fc.property(mutated(whole), (document) => {
        const parsed = parseDefinition(document)
        if (!parsed.ok) return
        const changes = diffDefinitions(whole(), parsed.definition)
        expect(changes.length > 0).toBe(!same(whole(), document))
        differing += changes.length > 0 ? 1 : 0
        for (const change of changes) expect(change.sentence).toMatch(/^[^a-z].{5}/u)
        expect(diffDefinitions(parsed.definition, whole()).length > 0).toBe(changes.length > 0)
      }),
      { numRuns: casesOf(800) },
    )
    expect(differing).toBeGreaterThanOrEqual(casesOf(800) / 40) // 45 on average
  })

  test('equality is that of JSON, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(same(a, structuredClone(a))).toBe(true)
        expect(same(a, b)).toBe(same(b, a))
      }),
    )
  })
})
