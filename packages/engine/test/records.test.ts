/** Plain records = the same values as facts of one instant, on random definitions. */
import { describe, expect, test } from 'vitest'
import {
  accountId,
  applyFact,
  assess,
  compareFacts,
  compileDefinition,
  explain,
  leadId,
  openCircle,
  parseDefinition,
  type Circle,
  type Definition,
  type Fact,
  type FactValue,
  type Instant,
  type Plan,
} from '../src/index.ts'
import { RecordExplainer } from '../src/bulk/explain-records.ts'
import type { LeadRecord } from '../src/bulk/from-records.ts'
import { BATCH, RecordKernel } from '../src/bulk/record-kernel.ts'
import { MICRO } from '../src/plan/points.ts'
import { whole } from './definition/whole.ts'
import { caseOf } from './generators/cases.ts'
import { seeded } from './generators/draw.ts'
import { casesOf } from './generators/share.ts'

const CASES = casesOf(400)
const RECORDS = 12
const LEAD = leadId('lead')
const ACCOUNT = accountId('account')

/** Records of the values that a case's facts give to attributes, and of none. */
function recordsOf(facts: readonly Fact[]): LeadRecord[] {
  const values = new Map<string, FactValue[]>()
  for (const fact of facts) {
    if (fact.kind !== 'attribute' && fact.kind !== 'account_attribute') continue
    values.set(fact.name, [...(values.get(fact.name) ?? []), fact.value])
  }
  return Array.from({ length: RECORDS }, (_, row) =>
    Object.fromEntries([...values].map(([name, list], index) => [name, list[(row * (index + 3)) % (list.length + 1)]])),
  )
}

/** The fields as facts; a record with a field about the account has an account. */
function factsOf({ attributes = {} }: Definition, record: LeadRecord, at: Instant): Fact[] {
  const fields = Object.entries(record).filter(([name]) => Object.hasOwn(attributes, name))
  const ownFacts = fields.flatMap(([name, value]): Fact[] => {
    if (value === undefined) return []
    if (attributes[name].about !== 'account') return [{ kind: 'attribute', id: name, at, lead: LEAD, name, value }]
    return [{ kind: 'account_attribute', id: name, at, account: ACCOUNT, name, value }]
  })
  const hasAccount = ownFacts.some(({ kind }) => kind === 'account_attribute')
  const link: Fact = { kind: 'link', id: 'link', at, lead: LEAD, account: ACCOUNT }
  return [...(hasAccount ? [link] : []), ...ownFacts].toSorted(compareFacts)
}

function circleOf(plan: Plan, record: LeadRecord, asOf: Instant): Circle {
  const circle = openCircle({ withEvidence: true })
  for (const fact of factsOf(plan.definition, record, asOf)) expect(applyFact(plan, circle, fact)).toBe('applied')
  return circle
}

test('scores and levels of records equal those of facts', () => {
  let compared = 0
  for (let seed = 0; seed < CASES; seed++) {
    const { definition, facts, until: asOf } = caseOf(seed)
    const plan = compileDefinition(definition)
    const records = recordsOf(facts)
    const { results, end } = new RecordKernel(definition, { asOf }).run(records, 0)
    expect(end).toBe(records.length)
    records.forEach((record, row) => {
      const expected = assess(plan, circleOf(plan, record, asOf), LEAD, asOf)
      for (const [name, scores] of results.scores) {
        expect(scores[row] / MICRO, `seed ${seed}, record ${row}, ${name}`).toBe(expected.scores[name])
        compared += 1
      }
      for (const [name, { codes, names }] of results.levels)
        expect(names[codes[row]], `seed ${seed}, record ${row}, ${name}`).toBe(expected.levels[name])
    })
  }
  expect(compared).toBeGreaterThan(CASES * 3)
})

test('batches follow one another, with values that only later ones bring', () => {
  const definition: Definition = {
    winnow: 1,
    name: 'Batches',
    attributes: {
      title: { type: 'text' },
      employees: { type: 'number' },
      trade: { type: 'text', about: 'account' },
      city: { type: 'text', about: 'account' },
    },
    scores: {
      fit: {
        range: [-100, 1000],
        groups: {
          all: {
            criteria: [
              { id: 'has', when: { account: { attribute: 'trade', known: false } }, points: 10, unknown: 20 },
              { id: 'leads', when: { attribute: 'title', contains: 'head' }, points: 7, unknown: 1 },
              { id: 'sells', when: { attribute: 'title', ends_with: 'sales' }, points: 2 },
              { id: 'size', table: 'employees', bins: [{ below: 10, points: 1 }, { points: 4 }], unknown: 2 },
            ],
          },
        },
      },
    },
  }
  const records = Array.from({ length: 2 * BATCH + 5 }, (_, row) => ({
    ...(row % 3 === 0
      ? {}
      : { title: `${row % 2 === 0 ? 'Head' : 'Member'} ${row} of ${row % 5 < 2 ? 'Sales' : 'IT'}` }),
    ...(row % 7 === 0 ? {} : { employees: row % 20 }),
    ...(row % 8 === 0 && row < BATCH ? { trade: 'wood' } : {}),
    ...(row % 8 === 4 && row < BATCH ? { city: 'Ulm' } : {}),
  }))
  const kernel = new RecordKernel(definition, { asOf: 0 })
  const found: number[] = []
  for (let from = 0; from < records.length;) {
    const { results, end } = kernel.run(records, from)
    found.push(...results.scores.get('fit')!.subarray(0, end - from))
    from = end
  }
  const expected = records.map(({ title, employees, trade, city }) => {
    const ofTrade = trade !== undefined ? 0 : city !== undefined ? 10 : 20
    const ofTitle = title === undefined ? 1 : (title.startsWith('Head') ? 7 : 0) + (title.endsWith('Sales') ? 2 : 0)
    return ofTrade + ofTitle + (employees === undefined ? 2 : employees < 10 ? 1 : 4)
  })
  expect(found.map((each) => each / MICRO)).toEqual(expected)
})

test('values never end: what is kept of them does', () => {
  const definition: Definition = {
    winnow: 1,
    name: 'Texts',
    attributes: { title: { type: 'text' } },
    scores: {
      fit: { groups: { all: { criteria: [{ id: 'a', when: { attribute: 'title', ends_with: '7' }, points: 1 }] } } },
    },
  }
  const records = Array.from({ length: 70 * BATCH }, (_, row) => ({ title: `Head of ${row}` }))
  const kernel = new RecordKernel(definition, { asOf: 0 })
  const bounds = new Set([kernel.bound])
  let sevens = 0
  for (let from = 0; from < records.length;) {
    const { results, end } = kernel.run(records, from)
    bounds.add(kernel.bound)
    const scores = results.scores.get('fit')!
    for (let row = from; row < end; row++) sevens += scores[row - from] / MICRO === Number(row % 10 === 7) ? 1 : 0
    from = end
  }
  expect(sevens).toBe(records.length)
  expect(bounds.size).toBe(2)
})

/** The same definition without what only history or a whole circle can tell. */
function scoresOnly({ stages, value, playbooks, categories, personas, ...rest }: Definition): Definition | undefined {
  const parsed = parseDefinition(rest)
  return parsed.ok ? parsed.definition : undefined
}

test('explanations of records equal those of facts, by the kernel and without', () => {
  const seen = { byKernel: 0, byFacts: 0, lines: 0, evidence: 0 }
  for (let seed = 0; seed < CASES; seed++) {
    const { definition: whole, facts, until: asOf } = caseOf(seed)
    for (const definition of [whole, scoresOnly(whole)]) {
      if (definition === undefined) continue
      const plan = compileDefinition(definition)
      const records = recordsOf(facts)
      const explainer = new RecordExplainer(plan, { asOf })
      seen[explainer.isByKernel ? 'byKernel' : 'byFacts'] += 1
      const leads = records.map(() => LEAD)
      const found = [...explainer.explain(leads, records)]
      records.forEach((record, row) => {
        const expected = explain(plan, circleOf(plan, record, asOf), LEAD, asOf)
        expect(found[row], `seed ${seed}, record ${row}`).toEqual(expected)
        seen.lines += expected.contributions.length
        seen.evidence += expected.contributions.reduce((sum, { evidence }) => sum + evidence.length, 0)
      })
    }
  }
  expect(seen.byKernel).toBeGreaterThan(CASES / 4)
  expect(seen.byFacts).toBeGreaterThan(CASES / 4)
  expect(seen.lines).toBeGreaterThan(CASES * RECORDS)
  expect(seen.evidence).toBeGreaterThan(CASES * RECORDS)
})

describe('records of a definition that uses everything but history', () => {
  const { stages, value, playbooks, categories, examples, capacity, ...rest } = whole()
  const { quality, origin, letter } = categories!
  const definition: Definition = {
    ...rest,
    categories: { quality, origin, letter, pair: { matrix: { rows: 'quality', columns: 'origin' } } },
  }
  // Single values, several, such as are no value at all, and none.
  const VALUES: Readonly<Record<string, readonly (FactValue | undefined)[]>> = {
    job_level: ['executive', 'manager', 'other', 'nobody', 5, undefined, null],
    interests: [['saws'], ['saws', 'drills', 'x'], [], 'saws', ['x'], undefined],
    employees: [0, 19, 20, 60, 199.5, 200, 500, '20', undefined, -0, undefined],
    industry: ['Wood', 'metalwork', 'food', '', 7, undefined],
    referred_by: ['Dr No', 'dr who', 'Eve', undefined],
    budget: [999, 1_000, 1_000.5, null, undefined],
    signs: [true, false, 'true', undefined],
    trial_ends: ['2026-03-01', '2026-03-20', '2026-03-15T12:00:00Z', 'soon', undefined],
    founded: ['2025-03-15T12:00:00Z', '2025-03-16', '1990-01-01', undefined],
    unheard_of: [1, undefined],
  }
  const asOf = Date.UTC(2026, 2, 15, 12)
  const records = Array.from({ length: 200 }, (_, row) => {
    const draw = seeded(row)
    return Object.fromEntries(Object.entries(VALUES).map(([name, values]) => [name, draw.pick(values)]))
  })

  test.each([
    ['by facts', definition],
    [
      'by the kernel',
      {
        ...definition,
        personas: {
          large: { when: { attribute: 'employees', at_least: 200 } },
          known: { when: { answers: ['budget', 'need', 'authority'], at_least: 2 } },
          nobody: { when: { account: { attribute: 'industry', is: 'nothing' } } },
        },
        scores: {
          fit: {
            groups: {
              a: {
                criteria: [
                  {
                    id: 'a',
                    table: 'employees',
                    bins: [{ below: 20, points: 1 }, { points: 2 }],
                    unknown: -1,
                    otherwise: 3,
                  },
                  { id: 'b', table: 'employees', bins: [{ at_least: 20, below: 60, points: 5 }], otherwise: 4 },
                  { id: 'c', when: { not: { attribute: 'employees', above: 199 } }, points: 7, unknown: 0.5 },
                  {
                    id: 'd',
                    when: {
                      at_least: 2,
                      of: [
                        { attribute: 'signs', is: true },
                        { attribute: 'budget', above: 999 },
                        { attribute: 'founded', older_than: '365d' },
                      ],
                    },
                    points: 11,
                  },
                  { id: 'e', table: 'interests', values: { saws: 1, drills: -2 }, otherwise: 6, cap: 0.5 },
                  { id: 'f', table: 'signs', values: { true: 1 }, otherwise: -1, floor: -0.5 },
                  { id: 'g', table: 'founded', bins: [{ below: 365, points: 1 }, { points: 2 }] },
                  { id: 'h', when: { persona: 'large' }, points: 13, unknown: 0.25 },
                  { id: 'i', when: { account: { attribute: 'industry', starts_with: 'm' } }, points: 17, unknown: -1 },
                  { id: 'j', each: 'ordered', points: 19, floor: 1 },
                  { id: 'k', when: { activity: 'ordered', never: true }, points: 23 },
                ],
              },
            },
          },
        },
        categories: { quality, origin },
      },
    ],
  ] as const)('are explained as facts are: %s', (way, document) => {
    const parsed = parseDefinition(JSON.parse(JSON.stringify(document)))
    const plan = compileDefinition((parsed as { readonly definition: Definition }).definition)
    const explainer = new RecordExplainer(plan, { asOf })
    expect(explainer.isByKernel).toBe(way === 'by the kernel')
    const found = [
      ...explainer.explain(
        records.map(() => LEAD),
        records,
      ),
    ]
    for (const [row, record] of records.entries()) {
      const expected = explain(plan, circleOf(plan, record, asOf), LEAD, asOf)
      expect([row, found[row]]).toEqual([row, expected])
    }
    if (!explainer.isByKernel) return
    // Batches follow one another.
    const times = Math.ceil((2 * BATCH) / records.length)
    const many = Array.from({ length: times }, () => records).flat()
    const leads = many.map(() => LEAD)
    expect([...explainer.explain(leads, many)]).toEqual(Array.from({ length: times }, () => found).flat())
  })

  test.each([
    ['nothing', {}, true],
    ['stages', { stages: [{ id: 'lead' }] }, false],
    ['a value', { value: { win: { score: 'fit', bins: [{ probability: 0.5 }] }, amount: 5 } }, false],
    ['playbooks', { playbooks: { a: { when: { score: 'fit', above: 1 }, title: 't', steps: ['s'] } } }, false],
  ])('are explained by the kernel but for what it cannot tell: %s', (_, more, isByKernel) => {
    const parsed = parseDefinition({
      winnow: 1,
      name: 'x',
      attributes: { employees: { type: 'number' } },
      scores: {
        fit: { groups: { a: { criteria: [{ id: 'a', when: { attribute: 'employees', above: 1 }, points: 5 }] } } },
      },
      ...more,
    })
    const plan = compileDefinition((parsed as { readonly definition: Definition }).definition)
    const explainer = new RecordExplainer(plan, { asOf })
    expect(explainer.isByKernel).toBe(isByKernel)
    const record = { employees: 5 }
    expect([...explainer.explain([LEAD], [record])]).toEqual([explain(plan, circleOf(plan, record, asOf), LEAD, asOf)])
  })
})
