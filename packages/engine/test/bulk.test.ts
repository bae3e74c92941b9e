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
})
