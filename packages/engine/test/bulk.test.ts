/** Bulk = replaying every circle and assessing every lead, on random definitions and histories. */
import { describe, expect, test } from 'vitest'
import {
  assess,
  compileDefinition,
  replay,
  circlesOf,
  type Assessment,
  type Definition,
  type Fact,
  type Instant,
  type LeadId,
} from '../src/index.ts'
import { bulkAssess, type BulkResults } from '../src/bulk/assess-bulk.ts'
import type { Condition, Score } from '../src/definition/language.ts'
import { columnsFromFacts, type FactColumns } from '../src/bulk/from-facts.ts'
import { Kernel } from '../src/bulk/kernel.ts'
import { inOrder } from '../src/replay/in-order.ts'
import { MICRO } from '../src/plan/points.ts'
import { caseOf } from './generators/cases.ts'
import { casesOf } from './generators/share.ts'

const CASES = casesOf(400)

/** What the columns say of one row, in the shape of an assessment. */
function rowOf(results: BulkResults, columns: FactColumns, row: number): Partial<Assessment> {
  const { stage } = results
  return {
    personas: [...results.personas].filter(([, column]) => column[row] === 1).map(([name]) => name),
    scores: Object.fromEntries([...results.scores].map(([name, column]) => [name, column[row] / MICRO])),
    levels: Object.fromEntries([...results.levels].map(([name, { codes, names }]) => [name, names[codes[row]]])),
    ...(stage ? { stage: { id: stage.names[stage.codes[row]], since: stage.since[row] } } : {}),
    lead: columns.leads[row],
  }
}

function replayed(definition: Definition, facts: readonly Fact[], asOf: Instant): Map<LeadId, Assessment> {
  const plan = compileDefinition(definition)
  const found = new Map<LeadId, Assessment>()
  const known = facts.filter(({ at }) => at <= asOf)
  for (const circle of circlesOf(plan, known)) {
    const { circle: state } = replay(plan, circle.facts, { until: asOf })
    for (const lead of circle.leads) found.set(lead, assess(plan, state, lead, asOf))
  }
  return found
}

describe('bulk', () => {
  test('whole assessments equal those of replaying, history included', { timeout: 60_000 }, () => {
    for (let seed = 0; seed < CASES; seed++) {
      const { definition, facts: given, looks, until } = caseOf(seed)
      const facts = inOrder(given, Infinity)
      const plan = compileDefinition(definition)
      for (const asOf of [looks[seed % looks.length].at, until]) {
        const columns = columnsFromFacts(definition, facts, { asOf })
        const circles = circlesOf(
          plan,
          facts.filter(({ at }) => at <= asOf),
        )
        const results = bulkAssess(plan, columns, { asOf, histories: { leads: columns.leads, circles } })!
        const expected = replayed(definition, facts, asOf)
        expect(columns.leads.toSorted(), `seed ${seed}`).toEqual([...expected.keys()].toSorted())
        columns.leads.forEach((lead, row) => {
          const {
            asOf: _,
            value: __, // worth is worked out where a lead is shown
            stage: { sla: ___, ...stage },
            ...rest
          } = expected.get(lead)!
          expect(rowOf(results, columns, row), `seed ${seed}, ${lead} at ${asOf}`).toEqual({ ...rest, stage })
        })
      }
    }
  })

  test(
    'what the kernel works out by itself equals replaying, where nobody has decided anything',
    { timeout: 60_000 },
    () => {
      let compared = 0
      for (let seed = 0; seed < CASES; seed++) {
        const { definition, facts: given, looks } = caseOf(seed)
        const facts = inOrder(given, Infinity).filter(({ kind }) => kind !== 'decision')
        for (const { at: asOf } of looks) {
          const columns = columnsFromFacts(definition, facts, { asOf })
          const results = bulkAssess(compileDefinition(definition), columns, { asOf })!
          const { nodes } = new Kernel(definition, columns, { asOf })
          const expected = replayed(definition, facts, asOf)
          columns.leads.forEach((lead, row) => {
            const whole = expected.get(lead)!
            const found = rowOf(results, columns, row)
            expect(found.personas, `seed ${seed}`).toEqual(
              whole.personas.filter((name) => nodes.includes(`personas.${name}`)),
            )
            expect(found.scores, `seed ${seed}, ${lead} at ${asOf}`).toEqual(
              Object.fromEntries(Object.entries(whole.scores).filter(([name]) => nodes.includes(`scores.${name}`))),
            )
            expect(found.levels, `seed ${seed}`).toEqual(
              Object.fromEntries(Object.entries(whole.levels).filter(([name]) => nodes.includes(`categories.${name}`))),
            )
            compared += nodes.length
          })
        }
      }
      expect(compared).toBeGreaterThan(CASES * 3)
    },
  )

  const score = (when: Condition): Score => ({ groups: { g: { criteria: [{ id: 'c', when, points: 1 }] } } })
  const done: Condition = { activity: 'done' }
  const high: Condition = { score: 's', at_least: 1 }
  test.each<readonly [name: string, more: Partial<Definition>, nodes: readonly string[]]>([
    ['whatever follows from the facts', { scores: { s: score(done) } }, ['scores.s']],
    ['activities of the account', { scores: { s: score({ account: done }) } }, []],
    [
      'what happens at the account',
      { scores: { s: { groups: { g: { criteria: [{ id: 'c', each: 'done', by: 'account', points: 1 }] } } } } },
      [],
    ],
    ['other leads', { scores: { s: score({ leads: { at_least: 1 }, when: done }) } }, []],
    ['the stage', { scores: { s: score({ stage: 'lead' }) } }, []],
    ['a bound score', { scores: { s: score({ stage: 'lead' }), t: score(high) } }, []],
    ['a bound part', { scores: { s: score({ any: [done, { not: { stage: 'lead' } }] }) } }, []],
    [
      'a bound persona among others',
      {
        personas: { a: { when: done }, b: { when: { stage: 'lead' } } },
        scores: { s: score({ persona: ['a', 'b'] }), t: score({ persona: 'a' }) },
      },
      ['personas.a', 'scores.t'],
    ],
    [
      'how long a level has lasted',
      {
        scores: { s: score(done), t: score({ category: 'c', is: 'x', for_at_least: '1d' }) },
        categories: { c: { levels: [{ x: { when: high } }, { y: {} }] } },
      },
      ['scores.s', 'categories.c'],
    ],
    ...(['for_at_least', 'stays_at_least'] as const).map(
      (key) =>
        [
          `a level with ${key}, and whatever reads it`,
          {
            scores: { s: score(done), t: score({ category: 'c', is: 'x' }) },
            categories: {
              c: { levels: [{ x: { when: high, [key]: '1d' } }, { y: {} }] },
              d: { levels: [{ x: { when: high } }, { y: {} }] },
              e: { matrix: { rows: 'd', columns: 'c' } },
              f: { matrix: { rows: 'd', columns: 'd' } },
            },
          },
          ['scores.s', 'categories.d', 'categories.f'],
        ] as const,
    ),
    [
      'a level that leads stay at',
      {
        scores: { s: score(done) },
        categories: { c: { levels: [{ x: { when: high, stays_while: done } }, { y: {} }] } },
      },
      ['scores.s'],
    ],
  ])('the kernel leaves alone what needs history or others: %s', (_, more, nodes) => {
    const definition: Definition = { winnow: 1, name: 'x', activities: { done: { from: 'e' } }, ...more }
    const kernel = new Kernel(definition, columnsFromFacts(definition, [], { asOf: 0 }), { asOf: 0 })
    expect(kernel.nodes.toSorted()).toEqual(nodes.toSorted())
  })
})
