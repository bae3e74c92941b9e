import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPath } from '../../src/definition/issue.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { DECISIONS } from '../../src/facts.ts'
import { referenceReplay } from '../reference/reference.ts'
import { cases, definitions, histories } from './arbitraries.ts'
import { caseOf, type Case } from './cases.ts'
import { Tally } from './tally.ts'

/** What is wrong with a definition, in the words of the parser. */
const errorsIn = ({ definition }: Pick<Case, 'definition'>): readonly string[] =>
  parseDefinition(definition)
    .issues.filter((issue) => issue.severity === 'error')
    .map((issue) => `${formatPath(issue.path)}: ${issue.message}`)

test('every drawn definition is valid', () => {
  const wrong = Array.from({ length: 1000 }, (_, seed) => errorsIn(caseOf(seed))).flat()
  expect(wrong).toEqual([])
})

test('the same seed draws the same case, in fast-check too', () => {
  expect(caseOf(7)).toEqual(caseOf(7))
  expect(caseOf(7)).not.toEqual(caseOf(8))
  const drawn = () => fc.sample(cases, { seed: 3, numRuns: 5 })
  expect(drawn()).toEqual(drawn())
  const [definition] = fc.sample(definitions, { seed: 3, numRuns: 1 })
  const history = () => fc.sample(histories(definition), { seed: 3, numRuns: 2 })
  expect(history()).toEqual(history())
})

test('a failing case shrinks to what it is about, and stays valid', () => {
  const hasTrend = ({ definition }: Case) => JSON.stringify(definition).includes('"trend"')
  const hasDecision = ({ facts }: Case) => facts.some((fact) => fact.kind === 'decision')
  const outcome = fc.check(
    fc.property(cases, (one) => !(hasTrend(one) && hasDecision(one))),
    { seed: 1, numRuns: 500 },
  )
  const [smallest] = outcome.counterexample!
  expect(errorsIn(smallest)).toEqual([])
  expect(smallest.facts).toHaveLength(1)
  expect(JSON.stringify(smallest.definition).length).toBeLessThan(400)
})

describe('what the cases exercise', () => {
  const tally = new Tally()
  for (let seed = 0; seed < 600; seed++) {
    const one = caseOf(seed)
    tally.add(one, referenceReplay(one.definition, one.facts, one.until))
  }

  const CONSTRUCTS = [
    'all any not of attribute activity score category persona stage answers account leads',
    'is is_not in not_in contains starts_with ends_with matches known changed_within',
    'at_least at_most above below between older_than newer_than due_within',
    'within ever never count sum average distinct_days last longer_ago_than trend against',
    'when each table bins values otherwise unknown where by cap floor weight range',
    'decay half_life linear after steps expires',
    'for_at_least stays_while stays_at_least matrix cells enter needs sla cool_down reached',
    'of:text of:number of:boolean of:choice of:choices of:date',
  ]
  test.each(CONSTRUCTS.flatMap((line) => line.split(' ')))(
    '%s stands in more than one definition in a hundred',
    (construct) => {
      expect(tally.share(construct)).toBeGreaterThan(0.01)
    },
  )

  test.each([
    { feature: 'transition', least: 0.9 },
    { feature: 'category change', least: 0.3 },
    { feature: 'stage change', least: 0.5 },
    { feature: 'category by time', least: 0.2 },
    { feature: 'stage by time', least: 0.1 },
    { feature: 'sla by time', least: 0.3 },
    { feature: 'several leads', least: 0.3 },
    { feature: 'facts at one instant', least: 0.3 },
    { feature: 'no facts', least: 0.003 },
    { feature: 'an id used again', least: 0.03 },
    { feature: 'fact link', least: 0.3 },
    { feature: 'fact attribute', least: 0.3 },
    { feature: 'fact account_attribute', least: 0.3 },
    { feature: 'fact activity', least: 0.8 },
  ])('$feature: in at least $least of the cases', ({ feature, least }) => {
    expect(tally.share(feature)).toBeGreaterThan(least)
  })

  test.each(DECISIONS)('%s is decided in more than one case in ten', (decision) => {
    expect(tally.share(`decision ${decision}`)).toBeGreaterThan(0.1)
  })
})
