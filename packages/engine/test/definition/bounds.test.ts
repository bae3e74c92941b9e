import { describe, expect, test, vi } from 'vitest'
import { formatPath } from '../../src/definition/issue.ts'
import { lintDefinition } from '../../src/definition/lint.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { criterionRange } from '../../src/definition/ranges.ts'
import { possibilitiesOf } from '../../src/definition/truth.ts'
import { criteriaOf } from '../../src/definition/walk.ts'
import { caseOf } from '../generators/cases.ts'
import { casesOf } from '../generators/share.ts'
import { referenceAssess, referenceReplay } from '../reference/reference.ts'

vi.setConfig({ testTimeout: 120_000 })

const SEEDS = Array.from({ length: casesOf(150) }, (_, seed) => seed)
const EDGE = 1e-5 // a sum of many rounded contributions may lie a few millionths beside its bound

describe('random definitions', () => {
  test('are parsed as they are', () => {
    for (const seed of SEEDS) {
      const { definition } = caseOf(seed)
      const parsed = parseDefinition(definition)
      expect({
        seed,
        issues: parsed.issues.map((issue) => `${issue.code} at ${formatPath(issue.path)}: ${issue.message}`),
      }).toEqual({ seed, issues: [] })
    }
  })

  test('are linted without a throw, and often have something to say', () => {
    expect(SEEDS.filter((seed) => lintDefinition(caseOf(seed).definition).length > 0).length).toBeGreaterThan(
      SEEDS.length / 3,
    )
  })
})

/** What the linter calls impossible must not happen in any history. */
test('no lead leaves the bounds that the linter reckons with', () => {
  let unreachable = 0
  for (const seed of SEEDS) {
    const { definition, facts } = caseOf(seed)
    const bounds = possibilitiesOf(definition)
    const ends = facts.map((fact) => fact.at)
    const until = Math.max(0, ...ends)
    const leads = new Set(facts.flatMap((fact) => ('lead' in fact ? [fact.lead] : [])))
    for (const lead of leads) {
      const { scores, contributions } = referenceAssess(definition, facts, lead, until)
      for (const [name, points] of Object.entries(scores))
        expectWithin(points, bounds.scores.get(name)!, `${seed} ${name}`)
      for (const { criterion, score, group } of criteriaOf(definition)) {
        const outer = definition.scores![score].groups[group].decay ?? definition.scores![score].decay
        const range = criterionRange(definition, criterion, outer, bounds.ofCriterion(criterion))
        expectWithin(contributions[criterion.id], range, `${seed} ${criterion.id}`)
      }
    }
    if (facts.some((fact) => fact.kind === 'decision' && fact.decision === 'override')) continue // it forces any level
    unreachable += [...bounds.unreachable.values()].reduce((sum, levels) => sum + levels.size, 0)
    for (const { kind, name, to } of referenceReplay(definition, facts, until)) {
      if (kind === 'category') expect([seed, name, bounds.unreachable.get(name)!.has(to)]).toEqual([seed, name, false])
    }
  }
  expect(unreachable).toBeGreaterThanOrEqual(Math.floor(SEEDS.length / 8))
})

function expectWithin(
  points: number,
  { low, high }: { readonly low: number; readonly high: number },
  place: string,
): void {
  expect(
    points >= low - EDGE && points <= high + EDGE ? 'within' : `${place}: ${points} is not from ${low} to ${high}`,
  ).toBe('within')
}
