/** Facts as they arrive at a circle: what comes in order is taken, what does not asks for the circle to be made anew. */
import { describe, expect, test } from 'vitest'
import { copyCircle } from '../../src/assess/circle.ts'
import {
  accountId,
  applyFact,
  assess,
  compileDefinition,
  cooling,
  explain,
  gaps,
  leadId,
  lookAhead,
  nextChange,
  openCircle,
  replay,
  whyNoEffect,
  type DecisionFact,
  type Definition,
  type Fact,
  type LeadId,
} from '../../src/index.ts'

const [a, b] = [leadId('a'), leadId('b')]
const acme = accountId('acme')

const definition: Definition = {
  winnow: 1,
  name: 'x',
  attributes: { signs: { type: 'boolean' }, size: { type: 'number', about: 'account' } },
  activities: { visited: { from: 'page' } },
  categories: {
    team: {
      levels: [{ all: { when: { leads: { at_least: 2 }, when: { attribute: 'signs', is: true } } } }, { few: {} }],
    },
    size: { levels: [{ big: { when: { attribute: 'size', at_least: 5 } } }, { small: {} }] },
    busy: { levels: [{ yes: { when: { account: { activity: 'visited', count: { at_least: 2 } } } } }, { no: {} }] },
  },
}
const plan = compileDefinition(definition)

const link = (id: string, at: number, lead: LeadId, account: typeof acme | null = acme): Fact => ({
  kind: 'link',
  id,
  at,
  lead,
  account,
})
const signs = (id: string, at: number, lead: LeadId, value = true): Fact => ({
  kind: 'attribute',
  id,
  at,
  lead,
  name: 'signs',
  value,
})
const visit = (id: string, at: number, lead: LeadId): Fact => ({
  kind: 'activity',
  id,
  at,
  lead,
  type: 'page',
  properties: {},
})
const accept = (id: string, at: number, lead: LeadId): Fact => ({ kind: 'decision', id, at, lead, decision: 'accept' })

describe('the total order', () => {
  test.each<{ name: string; before: readonly Fact[]; next: Fact; applied: boolean }>([
    { name: 'a first fact', before: [], next: visit('v', 5, a), applied: true },
    { name: 'a later one', before: [visit('v', 5, a)], next: visit('a', 6, a), applied: true },
    { name: 'an earlier one', before: [visit('v', 5, a)], next: visit('w', 4, a), applied: false },
    { name: 'at the same instant, a later id', before: [visit('v', 5, a)], next: visit('w', 5, a), applied: true },
    { name: 'at the same instant, an earlier id', before: [visit('v', 5, a)], next: visit('u', 5, a), applied: false },
    { name: 'the same one again', before: [visit('v', 5, a)], next: visit('v', 5, a), applied: false },
    { name: 'a later kind with an earlier id', before: [visit('v', 5, a)], next: accept('a', 5, a), applied: true },
    { name: 'an earlier kind with a later id', before: [visit('v', 5, a)], next: signs('z', 5, a), applied: false },
    { name: 'a link after an attribute', before: [signs('a', 5, a)], next: link('z', 5, a), applied: false },
    { name: 'a link of somebody new', before: [visit('v', 5, a)], next: link('l', 6, b), applied: true },
    { name: 'a link of somebody with a history', before: [visit('v', 5, a)], next: link('l', 6, a), applied: false },
    {
      name: 'a link to where one is',
      before: [link('k', 4, a), visit('v', 5, a)],
      next: link('l', 6, a),
      applied: true,
    },
    { name: 'a link to nobody, from nobody', before: [visit('v', 5, a)], next: link('l', 6, a, null), applied: true },
    {
      name: 'a link to nobody',
      before: [link('k', 4, a), visit('v', 5, a)],
      next: link('l', 6, a, null),
      applied: false,
    },
  ])('$name', ({ before, next, applied }) => {
    const circle = openCircle()
    for (const fact of before) expect(applyFact(plan, circle, fact)).toBe('applied')
    expect(applyFact(plan, circle, next)).toBe(applied ? 'applied' : 'rebuild')
    const log = openCircle({ withLog: true })
    for (const fact of before) applyFact(plan, log, fact)
    expect(applyFact(plan, log, next)).toBe(applied || (next.kind === 'link' && next.at > 5) ? 'applied' : 'rebuild')
  })
})

/** What a lead is after each fact, looked at in between; all of it as a replay has it. */
function lived(facts: readonly Fact[], lead: LeadId) {
  const circle = openCircle({ withLog: true })
  return facts.map((fact, index) => {
    expect(applyFact(plan, circle, fact)).toBe('applied')
    const { levels } = assess(plan, circle, lead, fact.at + 1)
    nextChange(plan, circle, lead, fact.at + 1)
    const replayed = replay(plan, facts.slice(0, index + 1), { until: fact.at + 1 }).circle
    expect(assess(plan, replayed, lead, fact.at + 1).levels).toEqual(levels)
    return Object.values(levels).join(' ')
  })
}

test('what colleagues learn, join and leave is seen by all who look at them', () => {
  const size = (id: string, at: number, value: number): Fact => ({
    kind: 'account_attribute',
    id,
    at,
    account: acme,
    name: 'size',
    value,
  })
  const facts = [
    link('1', 10, a),
    signs('2', 20, a),
    link('3', 30, b),
    signs('4', 40, b),
    signs('5', 50, b, false),
    signs('6', 60, b),
    size('7', 70, 5),
    size('8', 80, 4),
    visit('9', 90, b),
    visit('91', 91, a),
    link('92', 92, b, null),
    link('93', 93, b),
    link('94', 94, a, null),
  ]
  expect(lived(facts, a)).toEqual([
    'few small no',
    'few small no',
    'few small no',
    'all small no',
    'few small no',
    'all small no',
    'all big no',
    'all small no',
    'all small no',
    'all small yes',
    'few small no',
    'all small yes',
    'few small no',
  ])
  expect(lived(facts, b).at(-1)).toBe('few small no')
})

test('what lies before a fact is not asked of the circle that has it', () => {
  const circle = openCircle()
  applyFact(plan, circle, visit('v', 5, a))
  const past = expect.objectContaining({
    code: 'instant_past',
    message: 'the circle has facts up to 5, after 4',
  }) as Error
  for (const ask of [assess, explain, gaps, cooling, nextChange]) expect(() => ask(plan, circle, a, 4)).toThrow(past)
  expect(() => lookAhead(plan, circle, 4)).toThrow(past)
  expect(assess(plan, circle, a, 5)).toMatchObject({ lead: a, asOf: 5 })
})

test('a copy has everything that the circle had, evidence too, and neither reaches the other', () => {
  const dated = compileDefinition({
    ...definition,
    scores: {
      s: {
        groups: {
          g: {
            criteria: [
              { id: 'visits', each: 'visited', points: 1 },
              { id: 'new', when: { attribute: 'signs', changed_within: '1d' }, points: 1 },
            ],
          },
        },
      },
    },
  })
  const circle = openCircle({ withEvidence: true, withLog: true })
  const facts = [link('1', 1, a), signs('2', 2, a), visit('3', 3, a), visit('4', 4, a)]
  for (const fact of facts) applyFact(dated, circle, fact)
  const before = explain(dated, circle, a, 10)
  expect(before.contributions.map(({ points, evidence }) => [points, evidence])).toEqual([
    [2, ['3', '4']],
    [1, ['2']],
  ])
  const copy = copyCircle(dated, circle)
  expect(explain(dated, copy, a, 10)).toEqual(before)
  applyFact(dated, copy, signs('5', 11, a, false))
  applyFact(dated, copy, visit('6', 12, a))
  expect(explain(dated, copy, a, 20).contributions.map(({ points, evidence }) => [points, evidence])).toEqual([
    [3, ['3', '4', '6']],
    [1, ['5']],
  ])
  expect(explain(dated, circle, a, 10)).toEqual(before)
  applyFact(dated, circle, visit('7', 13, a))
  expect(explain(dated, copy, a, 20).contributions[0].points).toBe(3)
})

describe('why a decision has no effect', () => {
  const lifecycle: Definition = {
    ...definition,
    stages: [
      { id: 'lead' },
      { id: 'mql', enter: { activity: 'visited' } },
      {
        id: 'sql',
        by: 'qualify',
        needs: {
          all: [
            { attribute: 'signs', is: true },
            { leads: { at_least: 1 }, when: { attribute: 'signs', known: true } },
          ],
        },
      },
      { id: 'customer', by: 'win' },
      { id: 'back', by: ['reject', 'recycle'] },
      { id: 'out', by: 'disqualify' },
    ],
  }
  const staged = compileDefinition(lifecycle)
  const decide = (decision: DecisionFact['decision'], at: number, rest: Partial<DecisionFact> = {}): DecisionFact => ({
    kind: 'decision',
    id: `${at}`,
    at,
    lead: a,
    decision,
    ...rest,
  })
  const seen = visit('v', 1, a)
  test.each<readonly [string, readonly Fact[], DecisionFact, unknown]>([
    ['nothing forced', [], decide('override', 5), 'it does not say what it forces'],
    [
      'no such level',
      [],
      decide('override', 5, { override: { category: 'team', level: 'x' } }),
      'team has no level `x`',
    ],
    ['a level there is', [], decide('override', 5, { override: { category: 'team', level: 'all' } }), undefined],
    ['a stage there is', [], decide('override', 5, { override: { stage: 'out' } }), undefined],
    ['rejected', [seen], decide('reject', 5), undefined],
    ['rejected where nothing is to take back', [], decide('reject', 5), 'the lead is in the stage lead already'],
    ['rejected twice', [seen, decide('reject', 2)], decide('reject', 5), 'the lead is in the stage back already'],
    [
      'recycled after a rejection',
      [seen, decide('reject', 2)],
      decide('recycle', 5),
      'the lead is in the stage back already',
    ],
    ['lost, with no stage for it', [seen], decide('lose', 5), undefined],
    [
      'out twice',
      [seen, decide('disqualify', 2)],
      decide('disqualify', 5),
      'the lead is in the stage out, which it does not lead out of',
    ],
    [
      'lost while out',
      [seen, decide('disqualify', 2)],
      decide('lose', 5),
      'the lead is in the stage out, which it does not lead out of',
    ],
    [
      'rejected while out',
      [seen, decide('disqualify', 2)],
      decide('reject', 5),
      'the lead is in the stage out, which it does not lead out of',
    ],
    ['recycled while out', [seen, decide('disqualify', 2)], decide('recycle', 5), undefined],
    ['won while out', [seen, decide('disqualify', 2)], decide('win', 5), undefined],
    [
      'disqualified as a customer',
      [seen, decide('win', 2)],
      decide('disqualify', 5),
      'the lead is in the stage customer, which it does not lead out of',
    ],
    ['accepted where nobody accepts', [seen], decide('accept', 5), 'no stage is by this decision'],
  ])('%s', (_, before, decision, because) => {
    const { circle } = replay(staged, before, { until: 5 })
    expect(whyNoEffect(staged, circle, decision)?.because).toBe(because)
  })

  test('names what nobody knows of the lead, not of its colleagues', () => {
    const { circle } = replay(staged, [seen], { until: 5 })
    const found = whyNoEffect(staged, circle, decide('qualify', 5))
    expect(found?.because).toMatch(/^the stage sql needs: signs is /)
    expect(found?.missing).toEqual(['signs'])
  })
})

test('events are told apart however many kinds of them there are', () => {
  const parsed: Definition = {
    winnow: 1,
    name: 'Pages',
    activities: { viewed: { from: 'page' } },
    scores: {
      s: {
        range: [0, 1_000_000],
        groups: {
          g: {
            criteria: [
              { id: 'a', each: 'viewed', where: { path: { starts_with: '/a' } }, points: 1 },
              { id: 'long', each: 'viewed', where: { path: { ends_with: 'z' }, 'seen.by': 'me' }, points: 1_000 },
            ],
          },
        },
      },
    },
  }
  const pages = compileDefinition(parsed)
  const circle = openCircle()
  const TIMES = 21_000
  for (let index = 0; index < TIMES; index++) {
    const long = index % 700 === 0
    const properties = {
      path: long
        ? `/b${'x'.repeat(300)}${index % 1_400 === 0 ? 'z' : 'y'}`
        : `/${index % 3 === 0 ? 'a' : 'b'}${index % 15_000}`,
      seen: index % 100 === 0 ? { by: 'me' } : index % 2 === 0 ? ['me'] : null,
    }
    applyFact(pages, circle, { ...visit(`v${String(index).padStart(6, '0')}`, index, a), properties } as Fact)
  }
  const indexes = Array.from({ length: TIMES }, (_, index) => index)
  const [short, ended] = [
    indexes.filter((index) => index % 700 !== 0 && index % 3 === 0),
    indexes.filter((index) => index % 1_400 === 0),
  ]
  expect(assess(pages, circle, a, TIMES).scores['s']).toBe(short.length + 1_000 * ended.length)
})

test('each of very many categories is settled when what it looks at moves', () => {
  const COUNT = 40
  const places = Array.from({ length: COUNT }, (_, place) => place)
  const levels = (when: object) => ({ levels: [{ yes: { when } }, { no: {} }] })
  const many = {
    winnow: 1,
    name: 'Many',
    attributes: Object.fromEntries(places.map((place) => [`x${place}`, { type: 'boolean' }])),
    categories: Object.fromEntries([
      ...places.map((place) => [`c${place}`, levels({ attribute: `x${place}`, is: true })]),
      ...places.map((place) => [`d${place}`, levels({ category: `c${COUNT - 1 - place}`, is: 'yes' })]),
    ]),
  } as Definition
  const planOfMany = compileDefinition(many)
  const circle = openCircle()
  const known = new Set<number>()
  for (const [index, place] of places
    .toSorted((one, other) => ((one * 17) % COUNT) - ((other * 17) % COUNT))
    .entries()) {
    applyFact(planOfMany, circle, { ...signs(`x${place}`, index, a), name: `x${place}` } as Fact)
    known.add(place)
    const { levels: found } = assess(planOfMany, circle, a, index)
    const yes = (has: boolean) => (has ? 'yes' : 'no')
    expect(found).toEqual(
      Object.fromEntries([
        ...places.map((each) => [`c${each}`, yes(known.has(each))]),
        ...places.map((each) => [`d${each}`, yes(known.has(COUNT - 1 - each))]),
      ]),
    )
  }
})

test('what a colleague does is a fact for whoever looks at the account, and time is nobody’s', () => {
  const c = leadId('c')
  const facts = [link('l1', 1, a), link('l2', 1, b), link('l3', 1, c), visit('v1', 5, a), visit('v2', 6, b)]
  const { transitions } = replay(plan, facts, { until: 10 })
  const busy = transitions.filter(({ name, to }) => name === 'busy' && to === 'yes')
  expect(busy.map(({ lead, at, cause }) => [lead, at, cause])).toEqual([a, b, c].map((lead) => [lead, 6, 'facts']))
  const cooling: Definition = {
    ...definition,
    categories: {
      busy: { levels: [{ yes: { when: { account: { activity: 'visited', within: '1h' } } } }, { no: {} }] },
    },
  }
  const ends = replay(compileDefinition(cooling), facts, { until: 4_000_000 }).transitions
  const cold = ends.filter(({ name, to, at }) => name === 'busy' && to === 'no' && at > 1)
  expect(cold.map(({ lead, at, cause }) => [lead, at, cause])).toEqual(
    [a, b, c].map((lead) => [lead, 6 + 3_600_000, 'time']),
  )
})
