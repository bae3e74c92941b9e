/** Facts as they arrive at a circle: what comes in order is taken, what does not asks for the circle to be made anew. */
import { describe, expect, test } from 'vitest'
import {
  accountId,
  applyFact,
  assess,
  compileDefinition,
  leadId,
  nextChange,
  openCircle,
  replay,
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
