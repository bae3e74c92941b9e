import { afterAll, beforeAll, expect, test } from 'vitest'
import { Caller } from '../leads/calling.ts'
import { DAY, SMALL } from '../live/world.ts'

let api: Caller
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
})
afterAll(() => api.close())

const heardOf = async (email: string) => {
  const { id } = await api.post('/api/leads', {
    attributes: { email, job: 'boss', first_name: 'Mara', title: 'Boss of Mara' },
  })
  const did = (activity: object) => api.post(`/api/leads/${id}/activities`, { activities: [activity] })
  await did({ type: 'page', properties: { path: '/pricing?for=mara', title: 'Hello Mara' } })
  api.now += 3 * DAY
  await did({ type: 'demo', properties: { budget: 9 } })
  return id as string
}
const withExample = (example: unknown, text = SMALL) => `${text}\nexamples: ${JSON.stringify([example])}\n`

test('a lead becomes an example that holds, and holds nothing of who it is', async () => {
  const lead = await heardOf('mara@brightmill.example')
  api.now += 2 * DAY
  const real = await api.get(`/api/leads/${lead}/explanation`)
  const { example, replaced } = await api.get(`/api/leads/${lead}/example?name=Asks+early`)
  expect(example).toMatchObject({
    name: 'Asks early',
    facts: [
      { attributes: { job: 'boss' }, ago: '5d' },
      { activity: 'page', properties: { path: '/pricing' }, ago: '5d' },
      { activity: 'demo', ago: '2d' },
    ],
    expect: { levels: real.assessment.levels, stage: real.assessment.stage.id },
  })
  expect(replaced).toEqual(['path'])
  expect(JSON.stringify(example)).not.toMatch(/mara|brightmill/i)
  const checked = await api.post('/api/definitions/check', { text: withExample(example) })
  expect(checked.examples).toEqual([{ name: 'Asks early', ok: true, mismatches: [], problems: [] }])
})

test('a draft that judges it otherwise is neither proposed nor published, and the refusal says what came out', async () => {
  const lead = await heardOf('nils@brightmill.example')
  const { example } = await api.get(`/api/leads/${lead}/example`)
  expect(example.expect).toMatchObject({ levels: { temperature: 'hot' }, stage: 'mql' })
  const text = withExample({ ...example, name: 'Should be cold', expect: { levels: { temperature: 'cold' } } })
  const { id } = await api.post('/api/definitions/drafts', { name: 'draft', text })
  const refused = {
    status: 422,
    body: {
      error: {
        code: 'examples_failed',
        message: expect.stringContaining('“Should be cold”'),
        details: [
          {
            name: 'Should be cold',
            mismatches: [{ what: 'levels.temperature', expected: 'cold', actual: 'hot' }],
            problems: [],
          },
        ],
      },
    },
  }
  const proposing = { revision: 1, rationale: 'x' }
  expect(await api.call('POST', `/api/definitions/drafts/${id}/propose`, proposing)).toMatchObject(refused)
  const publishing = { revision: 1, replaces: 1, note: 'x' }
  expect(await api.call('POST', `/api/definitions/drafts/${id}/publish`, publishing)).toMatchObject(refused)
})

test('it is told by the definition that is named, and as it was at an instant', async () => {
  const lead = await heardOf('olga@brightmill.example')
  const before = new Date(api.now - DAY).toISOString()
  const then = await api.get(`/api/leads/${lead}/example?at=${before}`)
  expect(then.example.expect).toEqual({ levels: { temperature: 'cold' }, stage: 'lead' })
  expect(then.example.facts).toHaveLength(2)
  const silent = SMALL.replace('where: { path: { starts_with: /pricing } }', 'label: Pricing')
  const draft = await api.post('/api/definitions/drafts', { name: 'draft', text: silent })
  const other = await api.get(`/api/leads/${lead}/example?definition=draft:${draft.id}`)
  expect(other.example.facts[1]).toEqual({ activity: 'page', ago: '3d' })
})

test('before anything was heard of it a lead is no example', async () => {
  const lead = await heardOf('pia@brightmill.example')
  const long = new Date(api.now - 100 * DAY).toISOString()
  expect(await api.call('GET', `/api/leads/${lead}/example?at=${long}`)).toMatchObject({
    status: 422,
    body: { error: { code: 'example_impossible' } },
  })
})
