import { describe, expect, test } from 'vitest'
import {
  applyFact,
  assess,
  compareFacts,
  compileDefinition,
  copyCircle,
  explain,
  gaps,
  cooling,
  leadId,
  parseDefinition,
  replay,
  type Fact,
} from '../../src/index.ts'
import { caseOf } from '../generators/cases.ts'
import { casesOf } from '../generators/share.ts'

const seeds = Array.from({ length: casesOf(300) }, (_, seed) => 200_000 + seed)
const inMicro = (points: number) => Math.round(points * 1_000_000)

describe('an explanation', () => {
  test('adds up to every score exactly, line by line', () => {
    let lines = 0
    for (const seed of seeds) {
      const { definition, facts, leads, until } = caseOf(seed)
      const plan = compileDefinition(definition)
      const { circle } = replay(plan, facts, { until })
      for (const lead of leads) {
        const { assessment, contributions } = explain(plan, circle, lead, until)
        for (const [name, score] of Object.entries(assessment.scores)) {
          const own = contributions.filter((line) => line.score === name)
          lines += own.length
          expect([seed, own.reduce((sum, line) => sum + inMicro(line.points), 0)]).toEqual([seed, inMicro(score)])
        }
        expect(assessment).toEqual(assess(plan, circle, lead, until))
        expect(contributions.every((line) => line.because.length > 0)).toBe(true)
      }
    }
    expect(lines).toBeGreaterThan(seeds.length)
  })

  test('names the facts behind a line, and without them the line is gone', () => {
    let checked = 0
    for (const seed of seeds) {
      const { definition, facts, leads, until } = caseOf(seed)
      const plan = compileDefinition(definition)
      const unique = [...new Map(facts.toReversed().map((fact) => [fact.id, fact])).values()]
      const { circle } = replay(plan, unique, { until, withEvidence: true })
      for (const line of explain(plan, circle, leads[0], until).contributions) {
        if (line.evidence.length === 0 || line.outcome === 'not_matched') continue
        const ids = new Set(unique.map((fact) => fact.id))
        expect(line.evidence.every((id) => ids.has(id))).toBe(true)
        const criterion = Object.values(definition.scores![line.score].groups)
          .flatMap((group) => group.criteria)
          .find((each) => each.id === line.criterion)!
        if (!('each' in criterion) || criterion.by === 'account' || criterion.floor !== undefined) continue
        const without = unique.filter((fact) => !line.evidence.includes(fact.id))
        const again = explain(plan, replay(plan, without, { until }).circle, leads[0], until).contributions
        const rest = again.find((each) => each.criterion === line.criterion)!
        // A frequency limit lets others in where the named ones are gone.
        if (criterion.count === undefined) expect([seed, rest.points]).toEqual([seed, 0])
        checked += 1
      }
    }
    expect(checked).toBeGreaterThan(seeds.length / 10)
  })
})

describe('the evidence of a line', () => {
  const DAY = 86_400_000
  const lead = leadId('ann')
  const order = (id: string, at: number, amount: number | string): Fact => ({
    kind: 'activity',
    id,
    at,
    lead,
    type: 'order',
    properties: { amount },
  })
  const facts: readonly Fact[] = [
    { kind: 'attribute', id: 'x1', at: 3 * DAY, lead, name: 'x', value: 1 },
    order('o1', 10 * DAY, 5),
    { kind: 'attribute', id: 'x2', at: 20 * DAY, lead, name: 'x', value: 5 },
    order('o2', 21 * DAY, 'many'),
    order('o3', 25 * DAY, 10),
    order('o4', 25 * DAY + 3_600_000, 20),
    order('o5', 29 * DAY, 30),
  ]

  test.each<readonly [name: string, criterion: object, evidence: readonly string[]]>([
    ['whatever happened', { when: { activity: 'ordered' } }, ['o1', 'o2', 'o3', 'o4', 'o5']],
    ['what lies in a window', { when: { activity: 'ordered', within: '9d' } }, ['o3', 'o4', 'o5']],
    [
      'a count in a window',
      { when: { activity: 'ordered', count: { at_least: 2 }, within: '10d' } },
      ['o2', 'o3', 'o4', 'o5'],
    ],
    [
      'a sum in a window, with what is no number',
      { when: { activity: 'ordered', sum: { of: 'amount', at_least: 1 }, within: '10d' } },
      ['o2', 'o3', 'o4', 'o5'],
    ],
    [
      'days in a window, with two on one',
      { when: { activity: 'ordered', distinct_days: { at_least: 2 }, within: '6d' } },
      ['o3', 'o4', 'o5'],
    ],
    ['what does not hold', { when: { activity: 'ordered', count: { at_least: 9 } } }, []],
    ['what never happened', { when: { activity: 'left', never: true } }, []],
    ['what is known', { when: { attribute: 'x', at_least: 2 } }, ['x2']],
    ['what a table reads', { table: 'x', bins: [{ points: 1 }] }, ['x2']],
    [
      'all parts of a condition',
      {
        when: {
          all: [
            { attribute: 'x', known: true },
            { activity: 'ordered', within: '2d' },
          ],
        },
      },
      ['x2', 'o5'],
    ],
    ['each in a window', { each: 'ordered', within: '6d' }, ['o3', 'o4', 'o5']],
    ['each that is counted', { each: 'ordered', count: { at_most: 1, within: '1d' } }, ['o1', 'o2', 'o3', 'o5']],
    ['each that has not expired', { each: 'ordered', decay: { expires: '2d' } }, ['o5']],
    ['each of another kind', { each: 'left' }, []],
  ])('%s', (_, criterion, evidence) => {
    const points = 'table' in criterion ? {} : { points: 1 }
    const parsed = parseDefinition({
      winnow: 1,
      name: 'x',
      attributes: { x: { type: 'number' } },
      activities: { ordered: { from: 'order' }, left: { from: 'leave' } },
      scores: { s: { groups: { g: { criteria: [{ id: 'c', ...criterion, ...points }] } } } },
    })
    if (!parsed.ok) throw new Error('the definition has errors')
    const plan = compileDefinition(parsed.definition)
    const evidenceOf = (withEvidence: boolean) => {
      const { circle } = replay(plan, facts, { until: 30 * DAY, withEvidence })
      return explain(plan, circle, lead, 30 * DAY).contributions.map((line) => line.evidence)
    }
    expect(evidenceOf(true)).toEqual([evidence])
    expect(evidenceOf(false)).toEqual([[]])
  })
})

describe('a gap', () => {
  test('reaches its target when its facts come true', () => {
    let told = 0
    for (const seed of seeds) {
      const { definition, facts, leads, until } = caseOf(seed)
      const plan = compileDefinition(definition)
      const { circle } = replay(plan, facts, { until })
      for (const gap of gaps(plan, circle, leads[0], until)) {
        const asked = [...facts, ...gap.facts]
        const { at } = gap
        const { levels, stage } = assess(plan, replay(plan, asked, { until: at }).circle, leads[0], at)
        if ('stage' in gap.target) expect([seed, stage.id]).toEqual([seed, gap.target.stage])
        else {
          const category = definition.categories![gap.target.category]
          const names = 'levels' in category ? category.levels.map((each) => Object.keys(each)[0]) : []
          expect(names.indexOf(levels[gap.target.category])).toBeLessThanOrEqual(names.indexOf(gap.target.level))
        }
        expect(gap.sentence).toMatch(/^\S.* would bring .*\.$/)
        told += 1
      }
    }
    expect(told).toBeGreaterThan(seeds.length / 3)
  })

  test('that would keep a cooling lead keeps it past the drop', () => {
    let kept = 0
    for (const seed of seeds) {
      const { definition, facts, leads, until } = caseOf(seed)
      const plan = compileDefinition(definition)
      const early: Fact[] = facts.toSorted(compareFacts).slice(0, Math.ceil(facts.length / 2))
      const at = early.at(-1)?.at
      if (at === undefined || at > until) continue
      const { circle } = replay(plan, early, { until: at })
      const drop = cooling(plan, circle, leads[0], at)
      if (drop === undefined) continue
      const untouched = copyCircle(plan, circle)
      expect(assess(plan, untouched, leads[0], drop.at - 1).levels[drop.category]).toBe(drop.from)
      expect(assess(plan, untouched, leads[0], drop.at).levels[drop.category]).toBe(drop.to)
      kept += drop.keptBy.length
      for (const { until: keptUntil } of drop.keptBy) expect(keptUntil ?? Infinity).toBeGreaterThan(drop.at)
    }
    expect(kept).toBeGreaterThanOrEqual(Math.floor(seeds.length / 100))
  })
})

test('a copy of a circle lives its own life', () => {
  for (const seed of seeds.slice(0, 100)) {
    const { definition, facts, leads, until } = caseOf(seed)
    const plan = compileDefinition(definition)
    const { circle } = replay(plan, facts, { until })
    const before = JSON.stringify(leads.map((lead) => assess(plan, circle, lead, until)))
    const copy = copyCircle(plan, circle)
    expect(JSON.stringify(leads.map((lead) => assess(plan, copy, lead, until)))).toBe(before)
    applyFact(plan, copy, { kind: 'activity', id: 'new', at: until + 1, lead: leads[0], type: 'call', properties: {} })
    applyFact(plan, copy, { kind: 'decision', id: 'end', at: until + 2, lead: leads[0], decision: 'win' })
    assess(plan, copy, leads[0], until + 3)
    expect(JSON.stringify(leads.map((lead) => assess(plan, circle, lead, until)))).toBe(before)
  }
})

test('only what a score is behind is climbed', () => {
  const parsed = parseDefinition({
    winnow: 1,
    name: 'Origins',
    attributes: { source: { type: 'choice', of: ['web', 'friend'] } },
    activities: { visit: { from: 'page' } },
    personas: { keen: { when: { score: 'interest', at_least: 10 } } },
    scores: { interest: { groups: { all: { criteria: [{ id: 'visits', each: 'visit', points: 10 }] } } } },
    categories: {
      origin: { levels: [{ referral: { when: { attribute: 'source', is: 'friend' } } }, { web: {} }] },
      temperature: { levels: [{ hot: { when: { score: 'interest', at_least: 20 } } }, { cold: {} }] },
      mood: { levels: [{ good: { when: { persona: 'keen' } } }, { poor: {} }] },
    },
  })
  if (!parsed.ok) throw new Error('the definition has errors')
  const plan = compileDefinition(parsed.definition)
  const lead = leadId('a')
  const facts: Fact[] = [{ kind: 'activity', id: '1', at: 0, lead, type: 'other', properties: {} }]
  const found = gaps(plan, replay(plan, facts, { until: 1 }).circle, lead, 1)
  expect(new Set(found.map(({ target }) => 'category' in target && target.category))).toEqual(
    new Set(['temperature', 'mood']),
  )
  const asked = gaps(plan, replay(plan, facts, { until: 1 }).circle, lead, 1, [
    { category: 'origin', level: 'referral' },
  ])
  expect(asked.map(({ steps }) => steps)).toEqual([[{ kind: 'attribute', attribute: 'source', value: 'friend' }]])
})
