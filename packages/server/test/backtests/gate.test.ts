import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, SMALL, T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'

let api: Caller

const WITH_CAPACITY = `${SMALL}
capacity:
  marketing: { mql_per_week: 2 }
`

/** Seven leads a week become MQL. */
beforeAll(async () => {
  api = await Caller.open()
  api.now = T0 - 70 * DAY
  await api.publish(SMALL)
  for (let day = 70; day > 0; day--) {
    api.now = T0 - day * DAY
    const { id } = await api.post('/api/leads', { attributes: { email: `p${day}@firm${day}.example` } })
    await api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'demo' }] })
  }
  api.now = T0
}, 120_000)
afterAll(() => api.close())

async function draftOf(text: string): Promise<string> {
  return (await api.post('/api/definitions/drafts', { name: 'Within capacity', text })).id
}

async function gateOf(draft: string) {
  const url = `/api/definitions/drafts/${draft}/gate`
  const started = await api.call('POST', url, { weeks: 8 })
  expect(started.status).toBe(202)
  expect(started.body).toMatchObject({ draft, revision: 1, isCurrent: true, weeks: 8, lines: null })
  for (;;) {
    const gate = await api.get(url)
    if (!/waiting|running/.test(gate.backtest.state)) return gate
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const publish = (draft: string, more: object = {}) =>
  api.call('POST', `/api/definitions/drafts/${draft}/publish`, { revision: 1, replaces: 1, note: 'test', ...more })

test('a draft that would flood a team is published only with a reason, which stays in the history', async () => {
  const draft = await draftOf(WITH_CAPACITY)
  expect(await api.get(`/api/definitions/drafts/${draft}/gate`)).toMatchObject({ backtest: null, needsReason: false })
  const gate = await gateOf(draft)
  expect(gate).toMatchObject({ needsReason: true, isCurrent: true, backtest: { state: 'done' } })
  expect(gate.lines).toMatchObject([
    { team: 'marketing', stage: 'mql', capacity: 2, expected: { value: 7 }, verdict: 'flooded' },
  ])
  const refused = await publish(draft)
  expect(refused.status).toBe(409)
  expect(refused.body.error).toMatchObject({
    code: 'gate_shut',
    message: 'marketing would be flooded with mql',
    at: '/gateReason',
    details: { lines: gate.lines },
  })
  expect((await api.get(`/api/backtests?purpose=gate`)).items).toHaveLength(1)
  expect((await api.get(`/api/backtests`)).items).toHaveLength(0)

  const enough = await draftOf(WITH_CAPACITY.replace('week: 2', 'week: 7'))
  expect(await gateOf(enough)).toMatchObject({ needsReason: false, lines: [{ verdict: 'balanced' }] })

  const saved = await api.call('PUT', `/api/definitions/drafts/${enough}`, {
    revision: 1,
    name: 'Other',
    text: WITH_CAPACITY,
  })
  expect(saved.status).toBe(200)
  const changed = await api.get(`/api/definitions/drafts/${enough}/gate`)
  expect(changed).toMatchObject({ isCurrent: false, needsReason: true, revision: 1 }) // the text is the one looked at before

  const published = await publish(draft, { gateReason: 'Two more people start on Monday.' })
  expect(published.status).toBe(201)
  expect(await api.get('/api/definitions/versions/2')).toMatchObject({ gateReason: 'Two more people start on Monday.' })
}, 60_000)
