/** One history, many ways to live it: all of them end in the same assessments and the same ledger. */
import { describe, expect, test } from 'vitest'
import {
  accountId,
  applyFact,
  assess,
  circlesOf,
  compareFacts,
  compileDefinition,
  leadId,
  lookAhead,
  nextChange,
  nextChanges,
  openCircle,
  readCircle,
  replay,
  writeCircle,
  type Circle,
  type Definition,
  type Fact,
  type LeadId,
  type Plan,
  type Transition,
} from '../../src/index.ts'
import { caseOf, type Case } from '../generators/cases.ts'
import { seeded } from '../generators/draw.ts'
import { casesOf } from '../generators/share.ts'

const CASES = casesOf(400)
const seeds = Array.from({ length: CASES }, (_, seed) => 100_000 + seed)

interface Lived {
  readonly known: Case
  readonly plan: Plan
  /** Each fact once, in time order. */
  readonly facts: readonly Fact[]
  readonly transitions: readonly Transition[]
  readonly circle: Circle
}

const lived = (seed: number): Lived => {
  const known = caseOf(seed)
  const plan = compileDefinition(known.definition)
  const facts = [...new Map(known.facts.toReversed().map((fact) => [fact.id, fact])).values()]
    .filter((fact) => fact.at <= known.until)
    .sort(compareFacts)
  return { known, plan, facts, ...replay(plan, known.facts, { until: known.until }) }
}

const summary = (plan: Plan, circle: Circle, { leads, until }: Case) =>
  leads.map((lead) => [assess(plan, circle, lead, until), nextChange(plan, circle, lead, until)])

/** Fails with the seed and the case, so that it can be pinned. */
function forEverySeed(check: (seed: number) => void): void {
  for (const seed of seeds) {
    try {
      check(seed)
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
}

describe('a history', () => {
  test('lived fact by fact, looked at in between, is the history replayed', () => {
    forEverySeed((seed) => {
      const { known, plan, facts, transitions, circle } = lived(seed)
      const draw = seeded(seed)
      const running = openCircle({ withLog: true })
      const certain: Transition[] = []
      for (const fact of facts) {
        expect(applyFact(plan, running, fact, certain)).toBe('applied')
        if (draw.chance(0.4))
          assess(plan, running, draw.pick(known.leads), fact.at + draw.pick([0, 1, 3_600_000, 86_400_000]))
        if (draw.chance(0.4)) nextChange(plan, running, draw.pick(known.leads), fact.at)
      }
      if (running.clock > -Infinity) certain.push(...lookAhead(plan, running, known.until))
      expect(certain).toEqual(transitions)
      expect(summary(plan, running, known)).toEqual(summary(plan, circle, known))
    })
  })

  test('arriving in any order, rebuilt when a fact is late, is the history in order', () => {
    let rebuilt = 0
    forEverySeed((seed) => {
      const { known, plan, facts, circle } = lived(seed)
      const log: Fact[] = []
      let running = openCircle({ withLog: true })
      for (const fact of seeded(seed).shuffle(facts)) {
        log.push(fact)
        if (applyFact(plan, running, fact) === 'applied') continue
        rebuilt += 1
        running = replay(plan, log, { until: running.clock }).circle
      }
      expect(summary(plan, running, known)).toEqual(summary(plan, circle, known))
    })
    expect(rebuilt).toBeGreaterThan(CASES)
  })

  test('stored and read back between facts is never interrupted', () => {
    let stored = 0
    forEverySeed((seed) => {
      const { known, plan, facts, transitions } = lived(seed)
      if (plan.looksAtAccount && facts.some((fact) => fact.kind === 'link')) return // needs its log
      const draw = seeded(seed)
      let running = openCircle()
      const certain: Transition[] = []
      for (const fact of facts) {
        expect(applyFact(plan, running, fact, certain)).toBe('applied')
        if (draw.chance(0.3)) assess(plan, running, draw.pick(known.leads), fact.at + draw.pick([0, 1, 86_400_000]))
        if (draw.chance(0.5)) {
          const bytes = writeCircle(plan, running)
          running = readCircle(plan, bytes)
          expect(writeCircle(plan, running)).toEqual(bytes)
          stored += 1
        }
      }
      if (running.clock > -Infinity) certain.push(...lookAhead(plan, running, known.until))
      expect(certain).toEqual(transitions)
    })
    expect(stored).toBeGreaterThan(CASES)
  })

  test('parted into circles is the history whole', () => {
    let parted = 0
    forEverySeed((seed) => {
      const { known, plan, facts, transitions } = lived(seed)
      const circles = circlesOf(plan, facts)
      if (circles.length > 1) parted += 1
      const own = circles.flatMap(({ facts: part, leads }) =>
        replay(plan, part, { until: known.until }).transitions.filter(({ lead }) => leads.includes(lead)),
      )
      const key = (each: Transition) => JSON.stringify(each)
      expect(own.map(key).toSorted()).toEqual(transitions.map(key).toSorted())
    })
    expect(parted).toBeGreaterThan(CASES / 10)
  })

  test('changes at its transitions and at no other time', () => {
    let looked = 0
    forEverySeed((seed) => {
      const { known, plan, facts, transitions } = lived(seed)
      for (const { at: asOf } of known.looks.filter((look) => look.at <= known.until)) {
        const { circle } = replay(plan, facts, { until: asOf })
        for (const lead of circle.leads.keys()) {
          const { levels, stage } = assess(plan, circle, lead, asOf)
          const past = transitions.filter((each) => each.lead === lead && each.at <= asOf)
          const latest = (kind: string, name: string) =>
            past.findLast((each) => each.kind === kind && each.name === name)?.to
          for (const [name, level] of Object.entries(levels))
            expect([name, level]).toEqual([name, latest('category', name)])
          expect(stage.id).toBe(latest('stage', 'stage'))
          looked += 1
        }
      }
    })
    expect(looked).toBeGreaterThan(CASES)
  })

  test('changes next when it said it would', () => {
    let said = 0
    forEverySeed((seed) => {
      const { known, plan, facts } = lived(seed)
      const half = facts.slice(0, Math.ceil(facts.length / 2))
      const at = half.at(-1)?.at
      if (at === undefined) return
      const { circle } = replay(plan, half, { until: at })
      for (const lead of circle.leads.keys()) {
        const next = nextChange(plan, circle, lead, at)
        const until = Math.min(next?.at ?? known.until, known.until)
        const after = replay(plan, half, { until }).transitions.filter((each) => each.lead === lead && each.at > at)
        if (next === undefined || next.at > known.until) expect(after).toEqual([])
        else {
          expect(after).toEqual(next.transitions)
          said += 1
        }
      }
    })
    expect(said).toBeGreaterThanOrEqual(CASES / 20)
  })
})

test('the next changes of a circle, found together, are those of each lead', () => {
  forEverySeed((seed) => {
    const { plan, circle, known } = lived(seed)
    const together = nextChanges(plan, circle, known.until)
    for (const { id } of circle.everyone) {
      const alone = nextChange(plan, circle, id, known.until)
      const found = together.get(id)
      if (found === undefined) expect(alone).toBeUndefined()
      else if (found.transitions.length === 0) expect(alone?.at ?? Infinity).toBeGreaterThanOrEqual(found.at)
      else expect(found).toMatchObject({ at: alone?.at, transitions: alone?.transitions })
    }
  })
})

describe('a search for the next change that meets nothing for long', () => {
  const HOUR = 3_600_000
  const VISITS = 1_500
  const definition: Definition = {
    winnow: 1,
    name: 'Spending',
    activities: { ordered: { from: 'order' } },
    categories: {
      // The average comes and goes with every order that leaves the window, and nobody cares while there is one.
      money: {
        levels: [
          {
            some: {
              when: {
                any: [
                  { activity: 'ordered', average: { of: 'amount', at_least: 10 }, within: '1d' },
                  { activity: 'ordered', within: '1d' },
                ],
              },
            },
          },
          { none: {} },
        ],
      },
      team: { levels: [{ all: { when: { account: { attribute: 'known', is: true } } } }, { few: {} }] },
    },
    attributes: { known: { type: 'boolean', about: 'account' } },
  }
  const plan = compileDefinition(definition)
  const [ann, bob] = [leadId('ann'), leadId('bob')]
  const orders = Array.from({ length: VISITS }, (_, index): Fact => ({
    kind: 'activity',
    id: `o${String(index).padStart(5, '0')}`,
    at: HOUR + index,
    lead: ann,
    type: 'order',
    properties: { amount: 10 + (VISITS - index - 0.5) * (index % 2 === 0 ? 1 : -1) },
  }))
  const link = (lead: LeadId): Fact => ({ kind: 'link', id: `link ${lead}`, at: 0, lead, account: accountId('acme') })
  const asOf = HOUR + VISITS
  const END = HOUR + VISITS - 1 + 24 * HOUR

  test('is given up, says until when nothing happens, and goes on from there', () => {
    const { circle } = replay(plan, orders, { until: asOf })
    const first = nextChange(plan, circle, ann, asOf)!
    expect(first.transitions).toEqual([])
    expect(first.idle).toBe(1_000)
    expect(first.at).toBeGreaterThan(asOf)
    expect(first.at).toBeLessThan(END)
    expect(nextChanges(plan, circle, asOf)).toEqual(new Map([[ann, first]]))
    const { circle: later } = replay(plan, orders, { until: first.at })
    const second = nextChange(plan, later, ann, first.at)!
    expect(second).toMatchObject({ at: END, transitions: [{ lead: ann, name: 'money', from: 'some', to: 'none' }] })
    expect(nextChanges(plan, later, first.at)).toEqual(new Map([[ann, second]]))
    const { circle: last } = replay(plan, orders, { until: END })
    expect([nextChange(plan, last, ann, END), nextChanges(plan, last, END)]).toEqual([undefined, new Map()])
  })

  test('is given up sooner for several leads at once', () => {
    const visit: Fact = { ...orders.at(-1)!, id: 'p', lead: bob } as Fact
    const { circle } = replay(plan, [link(ann), link(bob), ...orders, visit], { until: asOf })
    const found = nextChanges(plan, circle, asOf)
    expect([...found.keys()].toSorted()).toEqual([ann, bob])
    for (const next of found.values()) {
      expect(next).toMatchObject({ transitions: [], idle: 200 })
      expect(next.at).toBeGreaterThan(asOf)
      expect(next.at).toBeLessThan(END)
    }
    const { circle: later } = replay(plan, [link(ann), link(bob), ...orders, visit], { until: END - 5 })
    const changes = nextChanges(plan, later, END - 5)
    for (const lead of [ann, bob])
      expect(changes.get(lead)).toMatchObject({ at: END, transitions: [{ lead, name: 'money', to: 'none' }] })
  })
})
