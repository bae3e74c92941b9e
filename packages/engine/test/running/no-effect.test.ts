import { describe, expect, test } from 'vitest'
import {
  compareFacts,
  compileDefinition,
  leadId,
  parseDefinition,
  replay,
  shutStages,
  whyNoEffect,
  type DecisionFact,
  type Definition,
  type Fact,
} from '../../src/index.ts'
import { caseOf } from '../generators/cases.ts'
import { casesOf } from '../generators/share.ts'

const DAY = 86_400_000
const lead = leadId('a')

const definition = define({
  winnow: 1,
  name: 'Needs',
  attributes: {
    budget: { type: 'number', answers: 'budget' },
    signs: { type: 'boolean', answers: 'authority' },
    deal_size: { type: 'number' },
  },
  activities: { visit: { from: 'page' } },
  stages: [
    { id: 'lead' },
    { id: 'mql', enter: { activity: 'visit' } },
    {
      id: 'sql',
      label: 'SQL',
      by: 'qualify',
      needs: {
        all: [
          { answers: ['budget', 'authority'], at_least: 1 },
          { attribute: 'deal_size', at_least: 5 },
        ],
      },
    },
    { id: 'customer', by: 'win' },
    { id: 'later', by: ['recycle'], cool_down: '2d' },
    { id: 'out', by: ['disqualify'] },
  ],
})

function define(document: unknown): Definition {
  const parsed = parseDefinition(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.definition
}

const visit: Fact = { kind: 'activity', id: 'v', at: 0, lead, type: 'page', properties: {} }
const decide = (decision: DecisionFact['decision'], at: number, rest: Partial<DecisionFact> = {}): DecisionFact => ({
  kind: 'decision',
  id: `${at} ${decision}`,
  at,
  lead,
  decision,
  ...rest,
})

function why(before: readonly Fact[], decision: DecisionFact) {
  const plan = compileDefinition(definition)
  return whyNoEffect(plan, replay(plan, before, { until: decision.at }).circle, decision)
}

describe('why a decision has no effect', () => {
  test('names what the stage needs and nobody knew', () => {
    expect(why([visit], decide('qualify', 5))).toEqual({
      because: expect.stringMatching(
        /^the stage SQL needs: at least 1 of budget and authority is known, and deal size/,
      ),
      phrase: { key: 'stage_needs', args: { stage: 'SQL', clause: expect.objectContaining({ key: 'and_clause' }) } },
      missing: ['budget', 'authority', 'deal size'],
    })
    const small: Fact = { kind: 'attribute', id: 'd', at: 1, lead, name: 'deal_size', value: 2 }
    expect(why([visit, small], decide('qualify', 5))?.missing).toEqual(['budget', 'authority'])
  })

  test.each([
    { name: 'no such stage', before: [visit], decision: decide('accept', 5), because: 'no stage is by this decision' },
    {
      name: 'further along',
      before: [visit, decide('win', 1)],
      decision: decide('win', 5),
      because: /^the lead is in the stage customer/,
    },
    {
      name: 'won for good',
      before: [visit, decide('win', 1)],
      decision: decide('lose', 5),
      because: /does not lead out of/,
    },
    {
      name: 'out',
      before: [visit, decide('disqualify', 1)],
      decision: decide('qualify', 5),
      because: /does not lead out of/,
    },
    { name: 'back again', before: [visit, decide('recycle', 1)], decision: decide('recycle', 5), because: /already$/ },
    {
      name: 'an override of nothing',
      before: [visit],
      decision: decide('override', 5, { override: { stage: 'sal' } }),
      because: 'there is no stage `sal`',
    },
    {
      name: 'an override of no category',
      before: [visit],
      decision: decide('override', 5, { override: { category: 'heat', level: 'hot' } }),
      because: 'there is no category `heat`',
    },
  ])('$name', ({ before, decision, because }) => {
    const found = why(before, decision)
    if (typeof because === 'string') expect(found?.because).toBe(because)
    else expect(found?.because).toMatch(because)
    expect(found?.missing).toEqual([])
  })

  test('is silent exactly where the lead moves, in random histories', () => {
    const counts = { moved: 0, stayed: 0 }
    for (let seed = 310_000; seed < 310_000 + casesOf(200); seed++) {
      const { definition, facts } = caseOf(seed)
      const plan = compileDefinition(definition)
      const unique = [...new Map(facts.toReversed().map((fact) => [fact.id, fact])).values()].sort(compareFacts)
      for (const [index, fact] of unique.entries()) {
        if (fact.kind !== 'decision' || fact.decision === 'override') continue
        const moves = (count: number) =>
          replay(plan, unique.slice(0, count), { until: fact.at }).transitions.filter(
            (each) => each.kind === 'stage' && each.lead === fact.lead,
          ).length
        const isFirst = !unique
          .slice(0, index)
          .some((each) => each.kind !== 'account_attribute' && each.lead === fact.lead)
        if (isFirst) continue // entering the first stage is a move too
        const { circle } = replay(plan, unique.slice(0, index), { until: fact.at })
        const found = whyNoEffect(plan, circle, fact)
        expect([seed, fact.id, found === undefined]).toEqual([seed, fact.id, moves(index + 1) > moves(index)])
        counts[found === undefined ? 'moved' : 'stayed']++
      }
    }
    expect(Math.min(counts.moved, counts.stayed)).toBeGreaterThanOrEqual(casesOf(200) / 10)
  })
})

test('stages are shut while a lead cools down', () => {
  const plan = compileDefinition(definition)
  const facts = [visit, decide('recycle', DAY)]
  const at = (asOf: number) => shutStages(plan, replay(plan, facts, { until: asOf }).circle, lead, asOf)
  expect(at(DAY - 1)).toEqual([])
  expect(at(DAY)).toEqual([{ stage: 'mql', until: 3 * DAY }])
  expect(at(3 * DAY - 1)).toEqual([{ stage: 'mql', until: 3 * DAY }])
  expect(at(3 * DAY)).toEqual([])
})
