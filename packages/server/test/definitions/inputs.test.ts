import { assess, compileDefinition, parseDefinitionText, replay, type Fact, type LeadId } from '@winnow/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readInputs } from '../../src/definitions/inputs.ts'
import { DAY, HOUR, T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'

const DEFINITION = `
winnow: 1
name: with colleagues
attributes:
  job: { type: choice, of: [boss, clerk], label: Job }
  budget: { type: number }
  industry: { type: choice, about: account, of: [care, retail] }
  hobby: { type: text }
activities:
  demo_requested: { from: demo, where: { form: big } }
  trial_started: { from: trial }
scores:
  interest:
    groups:
      all:
        criteria:
          - { id: boss, when: { attribute: job, is: boss }, points: 20 }
          - { id: industry, table: industry, values: { care: 10 } }
          - { id: demo, each: demo_requested, points: 30, decay: { half_life: 7d } }
          - { id: others, when: { leads: { at_least: 2 }, when: { activity: demo_requested } }, points: 15 }
categories:
  warmth:
    levels:
      - warm: { when: { score: interest, at_least: 40 } }
      - cold: {}
`

let api: Caller
const LEADS = 12
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(DEFINITION)
  for (let index = 0; index < LEADS; index++) {
    const { id } = await api.post('/api/leads', {
      at: new Date(T0 - 20 * DAY).toISOString(),
      account: { kind: 'group', value: `company ${index % 3}` },
      attributes: {
        name: `Person ${index}`,
        email: `person${index}@secret.example`,
        job: index % 4 === 0 ? 'boss' : 'clerk',
        budget: index * 10,
        tags: index % 2 === 0 ? ['fair', 'new'] : ['new'],
      },
    })
    const at = new Date(T0 - (index + 1) * HOUR).toISOString()
    const properties = { form: index % 2 === 0 ? 'big' : 'small', email: `person${index}@secret.example` }
    await api.post(`/api/leads/${id}/activities`, {
      activities: [
        { type: 'demo', at, properties },
        { type: 'page', at: new Date(T0 - 60 * DAY).toISOString() },
      ],
    })
  }
  await api.post('/api/accounts', { name: { kind: 'group', value: 'company 1' }, attributes: { industry: 'care' } })
})
afterAll(() => api.close())

test('what there is, how often, and what the live version does with it', async () => {
  const inputs = await api.get('/api/definitions/inputs')
  expect(inputs).toMatchObject({ version: 1, leads: LEADS, accounts: 3, isEstimate: false })
  const attribute = (name: string) => inputs.attributes.find((each: { name: string }) => each.name === name)
  expect(attribute('job')).toEqual({
    name: 'job',
    about: 'lead',
    known: LEADS,
    distinct: 2,
    types: { text: LEADS },
    values: [
      { value: 'clerk', count: 9 },
      { value: 'boss', count: 3 },
    ],
    quantiles: null,
    defined: { type: 'choice', label: 'Job', uses: ['scores.interest.groups.all.criteria[0].when'] },
  })
  expect(attribute('tags')).toMatchObject({
    types: { list: LEADS },
    values: [
      { value: 'new', count: LEADS },
      { value: 'fair', count: 6 },
    ],
    defined: null,
  })
  const { quantiles } = attribute('budget')
  expect([quantiles[0], quantiles[10], quantiles[20]]).toEqual([0, 50, 110])
  expect(attribute('budget').defined.uses).toEqual([])
  expect(attribute('industry')).toMatchObject({ about: 'account', known: 1 })
  expect(attribute('hobby')).toMatchObject({ known: 0, values: [] })

  expect(inputs.activities).toEqual([
    {
      type: 'demo',
      count: LEADS,
      leads: LEADS,
      lastAt: new Date(T0 - HOUR).toISOString(),
      defined: [
        {
          name: 'demo_requested',
          label: null,
          hasTests: true,
          uses: ['scores.interest.groups.all.criteria[2]', 'scores.interest.groups.all.criteria[3].when.when'],
        },
      ],
    },
    expect.objectContaining({ type: 'trial', count: 0, lastAt: null }),
  ])
})

test('of many leads some are looked at, and the rest is reckoned from them', async () => {
  const inputs = await readInputs(api.server.database.db, undefined, T0, 4)
  expect(inputs.isEstimate).toBe(true)
  expect(inputs.attributes.find(({ name }) => name === 'job')!.known).toBe(LEADS)
  expect(inputs.activities.find(({ type }) => type === 'demo')!.leads).toBe(LEADS)
})

test('facts of a sample come to what the server says of the same leads, and do not tell who they are', async () => {
  const sample = await api.get('/api/definitions/sample?size=2000')
  expect(sample).toMatchObject({ version: 1, total: LEADS, isCut: false, asOf: new Date(T0).toISOString() })
  expect(sample.leads).toHaveLength(LEADS)
  expect(JSON.stringify(sample)).not.toMatch(/secret|Person/)
  expect(await warmth(sample)).toEqual({ ...(await api.get('/api/leads/counts')).levels.warmth })
})

test('colleagues of a smaller one come along', async () => {
  const sample = await api.get('/api/definitions/sample?size=3&seed=x')
  expect(sample.leads).toHaveLength(3)
  const people = new Set(sample.facts.flatMap(({ lead }: { lead?: string }) => (lead === undefined ? [] : [lead])))
  expect(people.size).toBeGreaterThan(3)
  expect(await api.get('/api/definitions/sample?size=3&seed=x')).toEqual(sample)
})

async function warmth({ leads, facts }: { leads: LeadId[]; facts: Fact[] }): Promise<Record<string, number>> {
  const parsed = parseDefinitionText(DEFINITION)
  if (!parsed.ok) throw new Error('the definition has errors')
  const plan = compileDefinition(parsed.definition)
  const { circle } = replay(plan, facts, { until: T0 })
  const counts: Record<string, number> = {}
  for (const lead of leads) {
    const level = assess(plan, circle, lead, T0).levels['warmth']!
    counts[level] = (counts[level] ?? 0) + 1
  }
  return counts
}
