import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, HOUR, T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'
import { addTestSource, type TestSource } from '../server.ts'

let api: Caller
let source: TestSource
beforeAll(async () => {
  api = await Caller.open()
  source = await addTestSource(api.server)
  await addTestSource(api.server, 'Silent')
})
afterAll(() => api.close())

const send = (payload: object) => api.call('POST', '/v1/track', payload, { ...source.headers, cookie: '', origin: '' })
const health = async () => (await api.get('/api/sources/health')).items
const event = (messageId: string) => ({ messageId, type: 'track', event: 'demo', userId: '1' })

test('says when something came last, and how much', async () => {
  expect(await health()).toMatchObject([
    { name: 'Website', lastEventAt: null, lastHour: { stored: 0, repeated: 0, refused: 0 } },
    { name: 'Silent', lastEventAt: null },
  ])
  await send(event('1'))
  await send(event('1'))
  await send({ messageId: '2', userId: '1' })
  const counts = { stored: 1, repeated: 1, refused: 1 }
  expect((await health())[0]).toMatchObject({
    source: source.sourceId,
    lastEventAt: new Date(T0).toISOString(),
    lastHour: counts,
    lastDay: counts,
  })
})

test('what is older counts no longer, and the last is still known', async () => {
  api.now = T0 + 2 * HOUR
  expect((await health())[0]).toMatchObject({ lastHour: { stored: 0 }, lastDay: { stored: 1 } })
  api.now = T0 + 9 * DAY
  expect((await health())[0]).toMatchObject({ lastDay: { stored: 0 }, lastEventAt: new Date(T0).toISOString() })
  api.now = T0
})

test('what is being written is waited for', async () => {
  api.now = T0 + 30 * DAY
  await health() // what is old goes now, and not below
  api.now += 10_000
  const other = await api.server.database.pool.connect()
  await other.query('begin')
  await other.query('lock table capture_count in exclusive mode')
  await send(event('late'))
  const asked = health()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await other.query('commit')
  other.release()
  expect((await asked)[0]).toMatchObject({ lastHour: { stored: 1 } })
})
