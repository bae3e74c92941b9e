/** A real lead as an example: judged as the lead is, and without who it is. */
import { describe, expect, test } from 'vitest'
import {
  accountId,
  DECISIONS,
  leadId,
  parseInstant,
  pinLead,
  testDefinition,
  type Fact,
  type Pinned,
} from '../src/index.ts'
import { parseDefinition } from '../src/definition/parse.ts'
import { assess } from '../src/assess/assess.ts'
import { compileDefinition } from '../src/plan/compile.ts'
import { replay } from '../src/replay/replay.ts'
import { caseOf } from './generators/cases.ts'
import { casesOf } from './generators/share.ts'

/** Instants and durations. */
const WHEN = /^(?:\d{1,9}[smhd]|-?\d{4,}-\d\d-\d\d(?:T[\d:.]+Z)?)$/

/** Every text in a value; keys are names that the definition or the language gives. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}

describe('random leads under random definitions', () => {
  const seeds = Array.from({ length: casesOf(300) }, (_, seed) => seed)
  const pinned = seeds.flatMap((seed) => {
    const { definition, facts, looks } = caseOf(seed)
    const plan = compileDefinition(definition)
    return looks.slice(0, 2).map(({ lead, at }) => {
      const told = pinLead(plan, facts, { lead, at, name: 'Pinned' })
      return { seed, definition, plan, facts, lead, at, told }
    })
  })
  const done = pinned.flatMap(({ told, ...rest }) => (told.ok ? [{ ...rest, told }] : []))

  test('nearly all can be told; the others are those who left their company', () => {
    const possible = pinned.filter(({ told }) => told.ok || told.why !== 'nothing_known')
    expect(possible.length).toBeGreaterThan(casesOf(250))
    expect(done.length / possible.length).toBeGreaterThan(0.97)
  })

  test('an example has the levels, stage and personas of the lead, and its scores to half a point', () => {
    for (const { seed, definition, plan, facts, lead, at, told } of done) {
      const parsed = parseDefinition({ ...definition, examples: [told.example] })
      if (!parsed.ok) throw new Error(`${seed}: ${JSON.stringify(parsed.issues)}`)
      expect(parsed.issues.filter(({ code }) => code.startsWith('example_') && code !== 'example_event')).toEqual([])
      const [result] = testDefinition(parsed.definition)
      expect({ seed, ok: result.ok, problems: result.problems }).toEqual({ seed, ok: true, problems: [] })
      const real = assess(plan, replay(plan, facts, { until: at }).circle, lead, at)
      expect({ seed, ...told.assessment }).toEqual({ seed, ...real })
      expect({ seed, levels: result.assessment.levels, stage: result.assessment.stage.id }).toEqual({
        seed,
        levels: real.levels,
        stage: real.stage.id,
      })
      expect([...result.assessment.personas].sort()).toEqual([...real.personas].sort())
      for (const [score, points] of Object.entries(real.scores))
        expect(Math.abs(result.assessment.scores[score] - points)).toBeLessThanOrEqual(0.5)
    }
  })

  test('no text of the facts is in it that the definition does not say itself', () => {
    let kept = 0
    for (const { seed, definition, facts, told } of done) {
      const real = new Set(textsIn(facts))
      const said = `${JSON.stringify(definition)} ${DECISIONS.join(' ')}`.normalize('NFC').toLowerCase()
      const texts = textsIn(told.example.facts).filter((text) => real.has(text) && !WHEN.test(text))
      expect({ seed, strange: texts.filter((text) => !said.includes(text.normalize('NFC').toLowerCase())) }).toEqual({
        seed,
        strange: [],
      })
      kept += texts.length
    }
    expect(kept).toBeGreaterThan(casesOf(150)) // it has something to look at
  })
})

// --- One lead, by hand -----------------------------------------------------------------------------------------------

const AT = parseInstant('2026-03-17T10:23:45.678Z')
const mara = leadId('3f2b0c1e-mara')
const acme = accountId('acme-industries')
const DAY = 86_400_000

const definition = parse({
  winnow: 1,
  name: 'Sample',
  attributes: {
    email: { type: 'text' },
    title: { type: 'text' },
    phone: { type: 'text' },
    size: { type: 'number', about: 'account' },
    role: { type: 'choice', of: ['decides', 'uses'] },
    notes: { type: 'text' },
    contract_ends: { type: 'date' },
  },
  activities: {
    pricing: { from: 'page', where: { path: { starts_with: '/pricing' } } },
    asked: { from: 'form', where: { form: 'contact' } },
    unused: { from: 'mail' },
  },
  scores: {
    fit: {
      groups: {
        all: {
          criteria: [
            { id: 'size', table: 'size', bins: [{ below: 10, points: 5 }, { points: 20 }] },
            { id: 'role', when: { attribute: 'role', is: 'decides' }, points: 20 },
            { id: 'head', when: { attribute: 'title', contains: ['head', 'chief'] }, points: 10 },
            { id: 'reachable', when: { attribute: 'phone', known: true }, points: 5 },
            { id: 'free_mail', when: { attribute: 'email', ends_with: '@mailbox.example' }, points: -5 },
            { id: 'renews', when: { attribute: 'contract_ends', due_within: '90d' }, points: 10 },
          ],
        },
      },
    },
    interest: {
      decay: { half_life: '14d' },
      groups: {
        all: {
          criteria: [
            { id: 'pricing', each: 'pricing', points: 10 },
            { id: 'asked', each: 'asked', points: 30 },
          ],
        },
      },
    },
  },
  categories: {
    quality: { levels: [{ high: { when: { score: 'fit', at_least: 40 } } }, { low: {} }] },
    temperature: { levels: [{ hot: { when: { score: 'interest', at_least: 30 } } }, { cold: {} }] },
  },
  stages: [
    { id: 'lead' },
    { id: 'mql', enter: { category: 'temperature', is: 'hot' } },
    { id: 'recycled', by: 'recycle', reasons: ['Not now'] },
  ],
})

function parse(value: unknown) {
  const parsed = parseDefinition(value)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.definition
}

const ago = (days: number) => AT - days * DAY - 4_000
const attribute = (name: string, value: string | number, days = 20): Fact => ({
  kind: 'attribute',
  id: `crm-${name}-${days}`,
  at: ago(days),
  lead: mara,
  name,
  value,
})
const activity = (type: string, properties: Record<string, unknown>, days: number): Fact => ({
  kind: 'activity',
  id: `web-${type}-${days}`,
  at: ago(days),
  lead: mara,
  type,
  properties,
})

const FACTS: readonly Fact[] = [
  { kind: 'account_attribute', id: 'reg-1', at: ago(400), account: acme, name: 'size', value: 240 },
  { kind: 'link', id: 'crm-link', at: ago(20), lead: mara, account: acme },
  attribute('email', 'mara.lindqvist@acme-industries.example'),
  attribute('title', 'Head of Purchasing Mara L.'),
  attribute('phone', '+46 70 123 45 67'),
  attribute('role', 'decides'),
  attribute('notes', 'Met her at the fair in Gothenburg'),
  attribute('first_name', 'Mara'),
  attribute('contract_ends', '2026-05-04'),
  activity('page', { path: '/pricing?mail=mara.lindqvist', referrer: 'https://acme-industries.example/u/mara' }, 6),
  activity('page', { path: '/blog/mara-says' }, 5),
  activity('mail', { subject: 'Dear Mara' }, 4),
  activity('form', { form: 'contact', message: 'Please call Mara Lindqvist' }, 2),
  {
    kind: 'decision',
    id: 'd-1',
    at: ago(1),
    lead: mara,
    decision: 'recycle',
    by: 'rita.solberg',
    reason: 'Mara is away',
  },
]

const pin = (facts: readonly Fact[], at = AT): Pinned =>
  pinLead(compileDefinition(definition), facts, { lead: mara, at, name: 'A head who asks' })

describe('one lead', () => {
  test('is told by what decides about it', () => {
    const pinned = pin(FACTS)
    if (!pinned.ok) throw new Error(pinned.why)
    expect(pinned.example).toEqual({
      name: 'A head who asks',
      as_of: '2026-03-01T00:00Z',
      facts: [
        { account: 'company 1', ago: '20d' },
        {
          attributes: {
            size: 240,
            email: 'text 1',
            title: 'head',
            phone: 'text 1',
            role: 'decides',
            contract_ends: '2026-04-18',
          },
          ago: '20d',
        },
        { activity: 'page', properties: { path: '/pricing' }, ago: '6d' },
        { activity: 'page', properties: { path: 'text 1' }, ago: '5d' },
        { activity: 'form', properties: { form: 'contact' }, ago: '2d' },
        { decision: 'recycle', ago: '1d' },
      ],
      expect: { levels: { quality: 'high', temperature: 'hot' }, stage: 'recycled' },
    })
    expect(pinned.replaced).toEqual(['email', 'path', 'phone', 'title'])
    expect(JSON.stringify(pinned.example)).not.toMatch(/mara|lindqvist|acme|rita|gothenburg|\+46/i)
  })

  test('is told as it was, where it is asked for as it was', () => {
    const pinned = pin(FACTS, ago(3))
    expect(pinned.ok && pinned.example.expect).toEqual({
      levels: { quality: 'high', temperature: 'cold' },
      stage: 'lead',
    })
  })

  test('is there from the first that was heard of it, although that decides nothing', () => {
    const pinned = pin([activity('mail', {}, 30), activity('page', { path: '/pricing' }, 3)])
    expect(pinned.ok && pinned.example.facts).toEqual([
      { forget: ['email'], ago: '30d' },
      { activity: 'page', properties: { path: '/pricing' }, ago: '3d' },
    ])
  })

  test('of whom nothing is known is no example', () => {
    expect(pin([])).toEqual({ ok: false, why: 'nothing_known' })
    expect(pin(FACTS, ago(500))).toEqual({ ok: false, why: 'nothing_known' })
  })

  test('of whom there is more than anybody would read is no example', () => {
    const visits = Array.from({ length: 400 }, (_, day) =>
      activity('page', { path: `/pricing`, n: day }, day / 2 + 0.1),
    )
    expect(pin(visits.map((fact, n) => ({ ...fact, id: `v${n}` })))).toMatchObject({ ok: true })
    const different = visits.map((fact, n) => ({ ...fact, id: `v${n}`, at: AT - (n + 1) * 36 * 3_600_000 }))
    expect(pin(different)).toEqual({ ok: false, why: 'too_much' })
  })
})
