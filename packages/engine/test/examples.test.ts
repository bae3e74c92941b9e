import { describe, expect, test } from 'vitest'
import { parseDefinition } from '../src/definition/parse.ts'
import type { Definition, Example } from '../src/definition/language.ts'
import { exampleFacts, testDefinition } from '../src/examples.ts'

const AS_OF = '2026-03-15T00:00:00Z'

/** Results of one example. */
function run(facts: readonly unknown[], expected: unknown) {
  const parsed = parseDefinition({
    winnow: 1,
    name: 'Sample',
    attributes: {
      size: { type: 'number', about: 'account' },
      role: { type: 'choice', of: ['boss', 'user'] },
    },
    activities: { visit: { from: 'page' } },
    personas: { boss: { when: { attribute: 'role', is: 'boss' } } },
    scores: {
      fit: {
        groups: {
          all: {
            cap: 30,
            criteria: [
              { id: 'size', table: 'size', bins: [{ below: 10, points: 5 }, { points: 20 }], unknown: 1 },
              { id: 'role', table: 'role', values: { boss: 25 } },
            ],
          },
        },
      },
      interest: {
        decay: { half_life: '14d' },
        groups: { all: { criteria: [{ id: 'visits', each: 'visit', points: 10 }] } },
      },
    },
    categories: { temperature: { levels: [{ hot: { when: { score: 'interest', at_least: 20 } } }, { cold: {} }] } },
    stages: [
      { id: 'lead' },
      { id: 'mql', enter: { category: 'temperature', is: 'hot' } },
      { id: 'customer', by: 'win' },
    ],
    examples: [{ name: 'it', as_of: AS_OF, facts, expect: expected }],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return testDefinition(parsed.definition)[0]
}

describe('what an example tells is what is replayed', () => {
  test.each([
    {
      name: 'no facts',
      facts: [],
      expected: { scores: { fit: 1, interest: 0 }, levels: { temperature: 'cold' }, stage: 'lead', personas: [] },
    },
    {
      name: 'attributes of lead and account',
      facts: [{ attributes: { role: 'boss', size: 50 } }, { account: 'acme', ago: '1d' }],
      expected: { scores: { fit: 30 }, points: { size: 20, role: 25 }, personas: ['boss'] },
    },
    {
      name: 'a colleague’s fact about the account',
      facts: [{ account: 'acme' }, { account: 'acme', lead: 'bob' }, { attributes: { size: 5 }, lead: 'bob' }],
      expected: { points: { size: 5 } },
    },
    {
      name: 'forgetting',
      facts: [
        { attributes: { role: 'boss' }, ago: '2d' },
        { forget: ['role'], ago: '1d' },
      ],
      expected: { points: { role: 0 }, personas: [] },
    },
    {
      name: 'several times at once',
      facts: [{ activity: 'page', times: 3 }],
      expected: { scores: { interest: 30 }, stage: 'mql' },
    },
    {
      name: 'long ago',
      facts: [
        { activity: 'page', times: 2, ago: '14d' },
        { activity: 'page', at: '2026-03-01' },
      ],
      expected: { scores: { interest: 15 }, levels: { temperature: 'cold' }, stage: 'mql' },
    },
    { name: 'a decision', facts: [{ decision: 'win', amount: 5 }], expected: { stage: 'customer' } },
    {
      name: 'an override',
      facts: [{ decision: 'override', category: 'temperature', level: 'hot', until: '2026-04-01' }],
      expected: { levels: { temperature: 'hot' }, stage: 'mql' },
    },
    { name: 'an override of the stage', facts: [{ decision: 'override', stage: 'mql' }], expected: { stage: 'mql' } },
    {
      name: 'a fraction as written',
      facts: [{ activity: 'page', ago: '1d' }],
      expected: { scores: { interest: 9.52 }, points: { visits: 9.517 } },
    },
  ])('$name', ({ facts, expected }) => {
    expect(run(facts, expected)).toMatchObject({ ok: true, mismatches: [], problems: [] })
  })
})

describe('facts of an example', () => {
  const definition: Definition = { winnow: 1, name: 'x', attributes: { size: { type: 'number', about: 'account' } } }
  const DAY = 86_400_000
  const end = Date.parse(AS_OF)
  const factsOf = (facts: readonly object[]) => {
    const problems: string[] = []
    const example = { name: 'it', as_of: AS_OF, facts, expect: {} } as unknown as Example
    return { facts: exampleFacts(definition, example, (problem) => problems.push(problem)), problems }
  }
  const base = { kind: 'decision', id: 'example.00000', at: end, lead: 'lead' }

  test.each([
    { written: { decision: 'accept' }, fact: { decision: 'accept' } },
    {
      written: { decision: 'disqualify', reason: 'student', lead: 'bob', ago: '1d' },
      fact: { decision: 'disqualify', reason: 'student', lead: 'bob', at: end - DAY },
    },
    { written: { decision: 'win', amount: 5 }, fact: { decision: 'win', amount: 5 } },
    { written: { decision: 'override', stage: 'mql' }, fact: { decision: 'override', override: { stage: 'mql' } } },
    {
      written: { decision: 'override', category: 'c', level: 'l' },
      fact: { decision: 'override', override: { category: 'c', level: 'l' } },
    },
    {
      written: { decision: 'override', category: 'c', level: 'l', until: '2026-04-01', at: '2026-03-01' },
      fact: {
        decision: 'override',
        at: Date.UTC(2026, 2, 1),
        override: { category: 'c', level: 'l', until: Date.UTC(2026, 3, 1) },
      },
    },
  ])('hold what is said of a decision, and no more: $written', ({ written, fact }) => {
    expect(factsOf([written])).toStrictEqual({ facts: [{ ...base, ...fact }], problems: [] })
  })

  test.each([
    {
      name: 'the latest by then',
      facts: [
        { account: 'a', ago: '3d' },
        { account: 'b', ago: '2d' },
      ],
      account: 'b',
    },
    {
      name: 'whatever the order',
      facts: [
        { account: 'a', ago: '2d' },
        { account: 'b', ago: '3d' },
      ],
      account: 'a',
    },
    {
      name: 'of two at once the last',
      facts: [
        { account: 'a', ago: '2d' },
        { account: 'b', ago: '2d' },
      ],
      account: 'b',
    },
    {
      name: 'of this very instant',
      facts: [
        { account: 'a', ago: '3d' },
        { account: 'b', ago: '1d' },
      ],
      account: 'b',
    },
    { name: 'none that comes later', facts: [{ account: 'a', ago: '3d' }, { account: 'b' }], account: 'a' },
    {
      name: 'none of another lead',
      facts: [
        { account: 'a', ago: '3d' },
        { account: 'b', ago: '2d', lead: 'bob' },
      ],
      account: 'a',
    },
  ])('about an account are of the one that the lead belongs to: $name', ({ facts, account }) => {
    const { facts: found } = factsOf([...facts, { attributes: { size: 5 }, ago: '1d' }])
    expect(found.at(-1)).toMatchObject({ kind: 'account_attribute', account, name: 'size', value: 5 })
  })

  test('of activities have properties of their own, or none', () => {
    const { facts } = factsOf([
      { activity: 'e', properties: { p: 1 } },
      { activity: 'e', times: 2 },
    ])
    expect(facts.map((fact) => fact.kind === 'activity' && fact.properties)).toEqual([{ p: 1 }, {}, {}])
  })
})

describe('a difference is told with both sides', () => {
  test.each([
    { name: 'score', expected: { scores: { fit: 2 } }, mismatch: { what: 'scores.fit', expected: 2, actual: 1 } },
    { name: 'points', expected: { points: { size: 2 } }, mismatch: { what: 'points.size', expected: 2, actual: 1 } },
    {
      name: 'level',
      expected: { levels: { temperature: 'hot' } },
      mismatch: { what: 'levels.temperature', expected: 'hot', actual: 'cold' },
    },
    { name: 'stage', expected: { stage: 'mql' }, mismatch: { what: 'stage', expected: 'mql', actual: 'lead' } },
    {
      name: 'persona',
      expected: { personas: ['boss'] },
      mismatch: { what: 'personas', expected: ['boss'], actual: [] },
    },
  ])('$name', ({ expected, mismatch }) => {
    expect(run([], expected)).toMatchObject({ ok: false, mismatches: [mismatch] })
  })

  test('a whole number is meant exactly, a fraction to its decimals', () => {
    expect(run([{ activity: 'page', ago: '1d' }], { scores: { interest: 10 } }).ok).toBe(false)
    expect(run([{ activity: 'page', ago: '1d' }], { scores: { interest: 9.53 } }).ok).toBe(false)
  })
})

test('a fact about an account that the lead does not have fails, and says what to add', () => {
  expect(run([{ attributes: { size: 50 } }], { stage: 'lead' })).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('add `{ account: … }`')],
  })
})

describe('worth', () => {
  const document = (value: unknown, expected: number) => ({
    winnow: 1,
    name: 'Worth',
    attributes: { budget: { type: 'number' } },
    scores: { fit: { groups: { all: { criteria: [{ id: 'rich', table: 'budget', bins: [{ points: 100 }] }] } } } },
    ...(value === undefined ? {} : { value }),
    examples: [{ name: 'it', as_of: AS_OF, facts: [{ attributes: { budget: 1000 } }], expect: { value: expected } }],
  })
  const value = {
    win: { score: 'fit', bins: [{ below: 50, probability: 0.1 }, { probability: 0.3333 }] },
    amount: { attribute: 'budget' },
    cost: 20,
  }

  test.each([
    { expected: 313.3, ok: true },
    { expected: 313.2, ok: false },
    { expected: 313, ok: false },
  ])('is compared as it is written: $expected', ({ expected, ok }) => {
    const parsed = parseDefinition(document(value, expected))
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
    const mismatches = ok ? [] : [{ what: 'value', expected, actual: expect.closeTo(313.3, 9) }]
    expect(testDefinition(parsed.definition)[0].mismatches).toEqual(mismatches)
  })

  test('cannot be expected where the definition does not say it', () => {
    expect(parseDefinition(document(undefined, 1)).issues).toMatchObject([
      { code: 'misplaced', path: ['examples', 0, 'expect', 'value'] },
    ])
  })
})
