/** A log before it is replayed: each fact once and in order, and parted into what has to be looked at together. */
import { describe, expect, test } from 'vitest'
import {
  accountId,
  circlesOf,
  compileDefinition,
  explain,
  leadId,
  replay,
  type Definition,
  type Fact,
} from '../../src/index.ts'
import { inOrder } from '../../src/replay/in-order.ts'

const visit = (id: string, at: number, lead = 'a'): Fact => ({
  kind: 'activity',
  id,
  at,
  lead: leadId(lead),
  type: 'page',
  properties: {},
})
const link = (id: string, at: number, lead: string, account: string | null): Fact => ({
  kind: 'link',
  id,
  at,
  lead: leadId(lead),
  account: account === null ? null : accountId(account),
})
const size = (id: string, at: number, account: string): Fact => ({
  kind: 'account_attribute',
  id,
  at,
  account: accountId(account),
  name: 'size',
  value: at,
})
const idsOf = (facts: readonly Fact[]) => facts.map(({ id }) => id).join(' ')

describe('a log in order', () => {
  test.each<readonly [string, readonly Fact[], string]>([
    ['nothing', [], ''],
    ['in order', [visit('a', 1), visit('b', 1), visit('c', 2)], 'a b c'],
    ['out of order', [visit('c', 2), visit('b', 1), visit('a', 1)], 'a b c'],
    ['the last one alone', [visit('a', 1), visit('c', 3), visit('b', 2)], 'a b c'],
    ['kinds before ids', [visit('a', 1), link('b', 1, 'a', 'x')], 'b a'],
    ['up to the instant that is asked for', [visit('a', 5), visit('b', 6)], 'a'],
  ])('%s', (_, facts, ids) => {
    expect(idsOf(inOrder(facts, 5))).toBe(ids)
    expect(idsOf(inOrder(new Set(facts), 5))).toBe(ids)
  })

  test.each([1, 2, 3, 1_023, 1_024, 1_025, 5_000])('of %d facts told twice, the first are kept', (count) => {
    const first = Array.from({ length: count }, (_, at) => visit(`fact ${at}`, at))
    const again = first.map((fact) => ({ ...fact, at: fact.at + 0.5 }))
    for (const half of [first.slice(0, Math.ceil(count / 2)), first]) {
      const kept = inOrder([...half, ...again.slice(0, half.length)], Infinity)
      expect(kept.length).toBe(half.length)
      for (const [index, fact] of kept.entries()) if (fact !== half[index]) expect(fact).toEqual(half[index])
    }
  })

  test('a log says nothing about the next', () => {
    for (let log = 0; log < 50; log++) {
      const facts = Array.from({ length: 40 }, (_, at) => visit(`${at % 30}`, at))
      expect(inOrder(facts, Infinity).map(({ at }) => at)).toEqual(facts.slice(0, 30).map(({ at }) => at))
    }
  })

  test('ids that fall on one place are told apart', () => {
    // More ids than a small table has places near each other, and such as differ in one letter only.
    const ids = Array.from({ length: 1_000 }, (_, at) => String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26)))
    expect(
      inOrder(
        [...ids, ...ids].map((id, at) => visit(id, at)),
        Infinity,
      ).length,
    ).toBe(new Set(ids).size)
  })
})

describe('circles', () => {
  const definition: Definition = {
    winnow: 1,
    name: 'x',
    attributes: { size: { type: 'number', about: 'account' } },
    activities: { visited: { from: 'page' } },
  }
  const alone = compileDefinition(definition)
  const together = compileDefinition({
    ...definition,
    personas: { team: { when: { account: { activity: 'visited' } } } },
  })
  const told = (plan: typeof alone, facts: readonly Fact[]) =>
    circlesOf(plan, facts).map(({ leads, facts }) => `${leads.join('+')}: ${idsOf(facts)}`)

  const log = [
    visit('1', 1, 'b'),
    link('2', 2, 'a', 'x'),
    link('3', 3, 'b', 'x'),
    visit('4', 4, 'c'),
    link('5', 5, 'c', null),
    size('6', 6, 'x'),
    size('7', 7, 'y'),
    link('8', 8, 'd', 'y'),
    link('9', 9, 'a', 'y'),
    visit('10', 10, 'a'),
    size('11', 11, 'z'),
  ]

  test('are single leads where nobody looks at colleagues', () => {
    expect(told(alone, log)).toEqual(['b: 1 3 6', 'a: 2 6 7 9 10', 'c: 4 5', 'd: 7 8'])
  })

  test('are all leads ever linked where somebody does, each fact in them once', () => {
    expect(told(together, log)).toEqual(['b+a+d: 1 2 3 6 7 8 9 10', 'c: 4 5'])
  })

  test('join however late the link comes', () => {
    const chain = ['a', 'b', 'c', 'd'].flatMap((lead, at) => [
      link(`${at}x`, at, lead, `x${at}`),
      visit(`${at}v`, at, lead),
    ])
    expect(circlesOf(together, chain).map(({ leads }) => leads.length)).toEqual([1, 1, 1, 1])
    const joined = [...chain, link('z1', 9, 'a', 'x1'), link('z2', 9, 'c', 'x3'), link('z3', 9, 'd', 'x0')]
    expect(circlesOf(together, joined).map(({ leads }) => leads.toSorted().join(''))).toEqual(['abcd'])
  })

  test('no fact is evidence unless that is asked for', () => {
    const evidenceOf = (withEvidence?: boolean) => {
      const plan = compileDefinition({
        ...definition,
        scores: { s: { groups: { g: { criteria: [{ id: 'v', each: 'visited', points: 1 }] } } } },
      })
      const { circle } = replay(plan, [visit('v', 1)], {
        until: 5,
        ...(withEvidence === undefined ? {} : { withEvidence }),
      })
      return explain(plan, circle, leadId('a'), 5).contributions[0].evidence
    }
    expect([evidenceOf(), evidenceOf(false), evidenceOf(true)]).toEqual([[], [], ['v']])
  })
})
