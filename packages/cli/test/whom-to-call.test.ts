/** In which order leads are shown, and what is no longer shown of those that are won or out. */
import { describe, expect, test } from 'vitest'
import { winnow, write } from './running.ts'

const definition = write(
  'calling/definition.yaml',
  `winnow: 1
name: Whom to call
attributes:
  role: { type: choice, of: [boss, user], question: What do you do? }
  budget: { type: number }
activities:
  visit: { from: page }
scores:
  fit: { groups: { all: { criteria: [{ id: role, table: role, values: { boss: 60, user: 20 } }] } } }
  interest: { decay: { half_life: 7d }, groups: { all: { criteria: [{ id: visits, each: visit, points: 40 }] } } }
categories:
  temperature: { levels: [{ hot: { when: { score: interest, at_least: 30 } } }, { cold: {} }] }
stages:
  - { id: lead }
  - { id: mql, enter: { category: temperature, is: hot }, sla: 1d }
  - { id: working, by: accept }
  - { id: customer, by: win }
  - { id: later, by: recycle, cool_down: 2d }
value:
  currency: EUR
  win: { category: temperature, levels: { hot: { probability: 0.5 }, cold: { probability: 0.1 } } }
  amount: { attribute: budget, otherwise: 1000 }
playbooks:
  call: { when: { category: temperature, is: hot }, title: Call today, steps: [Call.] }
`,
)

const log = (lead: string, facts: readonly Record<string, unknown>[]) =>
  facts.map((fact, at) => ({
    id: `${lead}${at}`,
    at: `2026-03-01T1${at}:00:00Z`,
    lead,
    ...fact,
  }))
const visit = { kind: 'activity', type: 'page' }
const decide = (decision: string) => ({ kind: 'decision', decision })
const budget = (value: number) => ({ kind: 'attribute', name: 'budget', value })

const facts = write(
  'calling/facts.jsonl',
  [
    ...log('fresh', [visit]),
    ...log('rich-fresh', [budget(5000), visit]),
    ...log('rich-working', [budget(90_000), visit, decide('accept')]),
    ...log('working', [visit, decide('accept')]),
    ...log('rich-new', [budget(70_000)]),
    ...log('won', [budget(500_000), visit, decide('win')]),
    ...log('out', [budget(500_000), visit, decide('disqualify')]),
    ...log('recycled', [budget(500_000), visit, decide('recycle')]),
  ]
    .map((fact) => `${JSON.stringify(fact)}\n`)
    .join(''),
)
const AS_OF = ['--as-of', '2026-03-02']

interface Scored {
  readonly leads: readonly { readonly lead: string; readonly value: unknown; readonly next: unknown }[]
}

test('clocks first, then worth, then the furthest along; what rests or is over comes last', async () => {
  const { json } = await winnow(['score', definition, facts, ...AS_OF, '--json'])
  expect((json() as Scored).leads.map(({ lead }) => lead)).toEqual([
    'rich-fresh',
    'fresh',
    'rich-working',
    'rich-new',
    'working',
    'recycled',
    'won',
    'out',
  ])
})

describe('a lead that is won or out', () => {
  test('has neither worth nor anything next in a list', async () => {
    const { json } = await winnow(['score', definition, facts, ...AS_OF, '--json'])
    const shown = new Map((json() as Scored).leads.map((each) => [each.lead, each]))
    for (const lead of ['won', 'out']) expect(shown.get(lead)).toMatchObject({ value: null, next: null })
    expect(shown.get('recycled')).toMatchObject({ value: { expected: 250_000 }, next: { at: expect.any(String) } })
    const table = await winnow(['score', definition, facts, ...AS_OF])
    expect(table.stdout.match(/250,000 EUR/g)).toHaveLength(1)
    const csv = await winnow(['score', definition, facts, ...AS_OF, '--format', 'csv'])
    expect(csv.stdout).toMatch(/^won,,customer,[^,]*,,hot,0,[\d.]+,,,"[^"]*",,\r?$/m)
  })

  test.each(['won', 'out'])('is explained without what there is to do: %s', async (lead) => {
    const { json } = await winnow(['explain', definition, facts, ...AS_OF, '--lead', lead, '--json'])
    expect(json()).toMatchObject({ value: null, next: null, gaps: [], questions: [], playbooks: [], cooling: null })
    const { stdout } = await winnow(['explain', definition, facts, ...AS_OF, '--lead', lead])
    expect(stdout).not.toMatch(/worth|What changes next|What is missing|What to ask|What to do/)
    expect(stdout).toContain('How it came to this')
  })

  test('is explained as open where it was open', async () => {
    const before = ['--as-of', '2026-03-01T11:30:00Z', '--lead', 'out']
    const { stdout } = await winnow(['explain', definition, facts, ...before])
    expect(stdout).toMatch(/worth +250,000 EUR/)
    expect(stdout).toContain('Call today')
  })
})

test('a replay counts stages that no document lists, and nobody there is open', async () => {
  const { json, stdout } = await winnow(['replay', definition, facts, '--until', '2026-03-03', '--json'])
  const { weeks } = json() as { weeks: { flows: Record<string, Record<string, unknown>> }[] }
  expect(weeks[0]!.flows['stage']).toMatchObject({
    disqualified: { entered: 1, size: 1, open: { entered: 0, size: 0 } },
    customer: { entered: 1, size: 1, open: { entered: 0, size: 0 } },
    mql: { entered: 7, open: { entered: 7 } },
  })
  expect(stdout).not.toContain('"lost": {')
})
