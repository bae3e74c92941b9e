/** Each fact by itself: well-formed, in time, in order, and the same in every run. */
import { describe, expect, test } from 'vitest'
import {
  compareFacts,
  lintDefinition,
  parseDefinitionText,
  parseInstant,
  replay,
  testDefinition,
  type Fact,
} from '@winnow/engine'
import { parseStrictJson, readFact, writeFact } from '@winnow/io'
import { generateDemo, PERSONAS, propensityAt, truthOf } from '../src/index.ts'
import { companyName } from '../src/names.ts'
import { byAccount, companyOf, planOf, UNTIL } from './company.ts'

const one = companyOf('1', 1500)
const facts: readonly Fact[] = one.leads.flatMap(({ lead }) => lead.facts)

describe('facts of the demo company', () => {
  test('pass the door as they are written', () => {
    for (const fact of facts) {
      const json = parseStrictJson(writeFact(fact))
      expect(json.ok && readFact(json.value)).toEqual({ ok: true, fact })
    }
  })

  test('have ids of their own, and each lead its own address', () => {
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
    expect(new Set(one.leads.map(({ lead }) => lead.id)).size).toBe(one.leads.length)
  })

  test('lie between start and end, and were learned of by then', () => {
    const { start, until } = one.demo.world
    expect(facts.filter(({ at }) => at < start || at > until)).toEqual([])
    const late = facts.filter(({ receivedAt }) => receivedAt !== undefined)
    expect(late.length).toBeGreaterThan(0)
    expect(late.filter(({ at, receivedAt }) => receivedAt! <= at || receivedAt! > until)).toEqual([])
  })

  test('stand in the order of the engine, lead by lead', () => {
    for (const { lead } of one.leads) expect(lead.facts).toEqual([...lead.facts].sort(compareFacts))
  })

  test('say everywhere that they are made up', () => {
    for (const { lead } of one.leads) {
      expect(lead.id).toMatch(/\.example$/)
      const origin = lead.facts.find((fact) => fact.kind === 'attribute' && fact.name === 'data_origin')
      expect(origin).toMatchObject({ value: 'synthetic' })
    }
    for (const fact of facts) {
      if (fact.kind === 'account_attribute' && fact.name === 'name') expect(fact.value).toMatch(/ \(synthetic\)$/)
      if (fact.kind === 'link') expect(fact.account).toMatch(/\.example$/)
    }
  })

  test('say nothing of the truth', () => {
    const written = facts.map(writeFact).join('\n')
    for (const word of ['propensity', 'luck', 'persona', 'logOdds']) expect(written).not.toContain(word)
    expect(JSON.stringify(one.leads[0]!.lead)).not.toContain('propensity')
  })

  test('are noisy: odd values, names that no definition knows, programs', () => {
    const { definition } = planOf(one, 1)
    const names = new Set(Object.keys(definition.attributes!))
    const known = facts.filter((fact) => fact.kind === 'attribute' || fact.kind === 'account_attribute')
    expect(known.some(({ name }) => name !== 'name' && !names.has(name))).toBe(true)
    expect(known.some(({ name, value }) => name === 'employees' && typeof value === 'string')).toBe(true)
    expect(known.some(({ name, value }) => name === 'role' && !/^[a-z]+$/.test(String(value)))).toBe(true)
    expect(facts.some((fact) => fact.kind === 'activity' && fact.properties['robot'] === true)).toBe(true)
  })

  test('give reasons that the definition lists', () => {
    const { stages = [] } = planOf(one, 1).definition
    for (const fact of facts) {
      if (fact.kind !== 'decision' || fact.reason === undefined) continue
      const stage = stages.find(({ by = [] }) => ([by].flat() as string[]).includes(fact.decision))
      if (stage?.reasons) expect(stage.reasons).toContain(fact.reason)
    }
  })
})

describe('the same and not the same', () => {
  const written = (seed: string, leads = 150, until = UNTIL) =>
    [...generateDemo({ seed, leads, until }).leads].flatMap((lead) => lead.facts.map(writeFact)).join('\n')

  test('one seed gives one company, also when it is asked twice', () => {
    expect(written('1')).toBe(written('1'))
    const { leads } = generateDemo({ seed: '1', leads: 150, until: UNTIL })
    expect([...leads]).toEqual([...leads])
  })

  test('costs too', () => {
    const [first, again] = [1, 2].map(() => generateDemo({ seed: '1', leads: 150, until: UNTIL }).costs)
    expect(first).toEqual(again)
  })

  test('another seed gives another company', () => expect(written('2')).not.toBe(written('1')))

  test('a company of one, and one that ends in the middle of a day', () => {
    expect(written('1', 1)).not.toBe('')
    const until = parseInstant('2026-05-13T14:15:16.789Z')
    const { leads } = generateDemo({ seed: '1', leads: 400, until })
    expect([...leads].flatMap((lead) => lead.facts).every(({ at }) => at <= until)).toBe(true)
  })

  test.each([
    { name: 'no lead', leads: 0, until: UNTIL },
    { name: 'half a lead', leads: 0.5, until: UNTIL },
    { name: 'no end', leads: 1, until: NaN },
    { name: 'an end before all time', leads: 1, until: parseInstant('0900-01-01') },
  ])('$name makes no company', ({ leads, until }) => {
    expect(() => generateDemo({ seed: '1', leads, until })).toThrow(RangeError)
  })

  test('names last for a large company', () => {
    const names = Array.from({ length: 40_000 }, (_, index) => companyName(index, 'care'))
    expect(new Set(names.map(({ domain }) => domain)).size).toBe(names.length)
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length)
  })
})

describe.each(one.demo.versions)('version $number of its definition', ({ number, text, rationale, publishedAt }) => {
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) throw new Error('the definition has errors')

  test('is without errors and warnings', () => {
    expect(parsed.issues).toEqual([])
    expect(lintDefinition(parsed.definition)).toEqual([])
  })

  test('passes its examples', () => {
    const results = testDefinition(parsed.definition)
    expect(results.length).toBeGreaterThan(1)
    expect(results.filter(({ ok }) => !ok)).toEqual([])
  })

  test('says why it is as it is, and was published in time', () => {
    expect(rationale.length).toBeGreaterThan(1)
    expect(publishedAt).toBe(number === 1 ? one.demo.world.start : one.demo.world.secondVersionAt)
    expect(parsed.definition.name).toContain('synthetic')
  })
})

describe('decisions make sense under the version that was live', () => {
  const { secondVersionAt } = one.demo.world
  const [first, second] = ([0, 1] as const).map((version) => planOf(one, version))
  const histories = byAccount(one.leads).map((group) => {
    const log = group.flatMap(({ lead }) => lead.facts)
    const early = log.filter(({ at }) => at < secondVersionAt)
    const before = replay(first!, early, { until: secondVersionAt }).transitions
    const after = replay(second!, log, { until: UNTIL }).transitions
    return { group, before, after }
  })

  test('sales takes up nobody who was not an MQL, or has asked to order', () => {
    let looks = 0
    for (const { group, before, after } of histories) {
      for (const { lead, decisions } of group) {
        const entered = [...before, ...after].filter(({ to, lead: id }) => to === 'mql' && id === lead.id)
        for (const { decision, at } of decisions) {
          if (decision !== 'accept' && decision !== 'reject') continue
          looks++
          expect(entered.some((each) => each.at < at)).toBe(true)
        }
      }
    }
    expect(looks).toBeGreaterThan(300)
  })

  test('almost every decision since the second version has its effect in a replay', () => {
    const cases: boolean[] = []
    for (const { group, after } of histories) {
      for (const { lead, decisions } of group) {
        const orders = decisions.filter(({ decision }) => decision === 'win')
        for (const decision of decisions) {
          if (decision.at < secondVersionAt || decision.decision === 'override' || orders.indexOf(decision) > 0)
            continue
          cases.push(after.some(({ kind, at, lead: id }) => kind === 'stage' && at === decision.at && id === lead.id))
        }
      }
    }
    // The rest was on somebody's desk under the first version, and is nothing under the second.
    expect(cases.filter((hasEffect) => hasEffect).length / cases.length).toBeGreaterThan(0.95)
  })
})

describe('truth', () => {
  test('adds up', () => {
    for (const { truth } of one.leads) {
      const sum = truth.drivers.reduce<number>(
        (total, { logOdds }) => total + logOdds,
        one.demo.world.coefficients.intercept,
      )
      expect(truth.logOdds).toBeCloseTo(sum, 9)
      expect(propensityAt(one.demo.world, truth, one.demo.world.start)).toBeCloseTo(1 / (1 + Math.exp(-sum)), 12)
    }
  })

  test('drifts for one industry only', () => {
    const { world } = one.demo
    for (const { truth } of one.leads) {
      const [before, after] = [world.drift.at - 1, world.drift.at].map((at) => propensityAt(world, truth, at))
      if (truth.segment === world.drift.industry) expect(after).toBeLessThan(before!)
      else expect(after).toBe(before)
    }
  })

  test('is known for every lead of the generator and for no other', () => {
    expect(new Set(one.leads.map(({ truth }) => truth.persona))).toEqual(new Set(PERSONAS))
    expect(() => truthOf({ ...one.leads[0]!.lead })).toThrow('not a lead of the demo company')
  })

  test('holds against what happened: nobody is won against it', () => {
    for (const { truth, decisions } of one.leads) {
      for (const { decision, at } of decisions) {
        if (decision === 'lose') expect(truth.luck).toBeGreaterThanOrEqual(propensityAt(one.demo.world, truth, at))
      }
      const won = decisions.find(({ decision }) => decision === 'win')
      // An order is confirmed an hour or so after it was decided on.
      if (won) expect(truth.luck).toBeLessThan(propensityAt(one.demo.world, truth, won.at - 2 * 24 * 3600 * 1000))
    }
  })
})
