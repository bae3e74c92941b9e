/** What is kept out, how many names a source may use, and what whoever looks after it is told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SMALL } from '../live/world.ts'
import { addTestSource, openTestServer, signedInAs, withKey, type Headers, type TestServer } from '../server.ts'

let server: TestServer
let source: Headers
let sourceId: string
let key: Headers
let now = Date.parse('2026-03-02T09:00:00Z')

beforeAll(async () => {
  server = await openTestServer({ now: () => now })
  await server.database.pool.query(
    `insert into definition_version (version, text, name, published_at, status)
     values (1, $1, 'small', '2026-01-01T00:00:00Z', 'live')`,
    [SMALL],
  )
  const added = await addTestSource(server)
  ;({ headers: source, sourceId } = added)
  key = await withKey(server, ['settings:write'])
})
afterAll(() => server.close())

const post = (url: string, payload: object) => server.app.inject({ method: 'POST', url, payload, headers: source })
const put = (payload: object, headers = key) =>
  server.app.inject({ method: 'PUT', url: '/api/capture/settings', payload, headers })
const get = (url: string, headers = key) => server.app.inject({ url, headers })

const warnings = async () => (await get('/api/capture/warnings')).json<{ names: unknown[]; faults: object[] }>()

async function leadNamed(userId: string) {
  const { rows } = await server.database.pool.query<{ excluded_as: string | null; stage: string | null }>(
    `select excluded_as, stage from lead join identity using (lead_id) where kind = 'user' and value = $1`,
    [userId],
  )
  return rows[0]
}

describe('settings', () => {
  test('have defaults, are replaced as a whole, and are written down', async () => {
    const before = (await get('/api/capture/settings')).json()
    expect(before).toMatchObject({ bots: 'ignore', ignoredAddresses: [], excluded: { emails: [] } })
    expect((await put({ bots: 'keep' })).json()).toEqual({ ...before, bots: 'keep' })
    expect((await get('/api/capture/settings')).json()).toEqual({ ...before, bots: 'keep' })
    const { rows } = await server.database.pool.query("select 1 from audit where action = 'capture.settings.set'")
    expect(rows).toHaveLength(1)
  })

  test.each([
    ['no network', { ignoredAddresses: ['office'] }],
    ['an unknown key', { bot: 'keep' }],
    ['an unknown reason', { excluded: { emails: [{ match: 'a.example', as: 'friend' }] } }],
  ])('%s is refused', async (_name, settings) => {
    expect((await put(settings)).statusCode).toBe(422)
  })

  test('need the right', async () => {
    expect((await put({}, await signedInAs(server, 'sales'))).statusCode).toBe(403)
    expect((await get('/api/capture/warnings', await signedInAs(server, 'reader'))).statusCode).toBe(403)
  })

  test('another server hears of them within seconds', async () => {
    const other = await openTestServer({ now: () => now, database: server.database })
    const read = async () => (await other.app.inject({ url: '/api/capture/settings', headers: key })).json()
    expect(await read()).toMatchObject({ bots: 'keep' })
    await put({ bots: 'ignore' })
    now += 5_000
    expect(await read()).toMatchObject({ bots: 'ignore' })
    await other.close()
  })
})

test('a competitor is kept and not assessed', async () => {
  await put({ excluded: { emails: [{ match: 'rival.example', as: 'competitor' }] } })
  await post('/v1/identify', { userId: 'spy', traits: { email: 'spy@rival.example', job: 'boss' } })
  await post('/v1/track', { userId: 'spy', event: 'demo' })
  await post('/v1/track', { userId: 'buyer', event: 'demo' })
  expect(await leadNamed('spy')).toEqual({ excluded_as: 'competitor', stage: null })
  expect(await leadNamed('buyer')).toEqual({ excluded_as: null, stage: 'mql' })
})

test('whoever is let in by hand stays in, until they are excluded by hand', async () => {
  await put({ excluded: { emails: [{ match: 'rival.example', as: 'competitor' }] } })
  const says = () => post('/v1/identify', { userId: 'partner', traits: { email: 'partner@rival.example' } })
  const asks = () => post('/v1/track', { userId: 'partner', event: 'demo' })
  const sales = await signedInAs(server, 'sales')
  const { rows } = await says().then(() =>
    server.database.pool.query<{ lead_id: string }>("select lead_id from identity where value = 'partner'"),
  )
  const decide = (as: string | null) =>
    server.app.inject({
      method: 'PUT',
      url: `/api/leads/${rows[0]!.lead_id}/exclusion`,
      payload: { as },
      headers: sales,
    })
  expect(await leadNamed('partner')).toEqual({ excluded_as: 'competitor', stage: null })
  expect((await decide(null)).statusCode).toBe(200)
  await says()
  await asks()
  expect(await leadNamed('partner')).toEqual({ excluded_as: null, stage: 'mql' })
  await decide('test')
  await says()
  expect(await leadNamed('partner')).toEqual({ excluded_as: 'test', stage: null })
})

test('a message from the office is answered, not stored, and counted', async () => {
  await put({ ignoredAddresses: ['192.0.2.0/24'] })
  const reply = await post('/v1/track', { userId: 'colleague', event: 'demo', context: { ip: '192.0.2.7' } })
  expect(reply.json()).toMatchObject({ success: true, messages: [{ status: 'ignored', code: 'network_ignored' }] })
  expect(await leadNamed('colleague')).toBeUndefined()
  expect((await warnings()).faults).toContainEqual(
    expect.objectContaining({ source: sourceId, day: '2026-03-02', code: 'network_ignored', count: 1 }),
  )
})

test('faults are counted by source, day and code, with the latest as an example and no value in it', async () => {
  const secret = 'mara@secret.example'
  await post('/v1/batch', { batch: [{ type: 'track', userId: 'a' }, { type: 'track', userId: secret }, 7] })
  await post('/v1/identify', { userId: 'a', traits: { list: [{ secret }] } })
  const { faults } = await warnings()
  expect(faults).toContainEqual({
    source: sourceId,
    day: '2026-03-02',
    code: 'field_missing',
    count: 2,
    lastAt: new Date(now).toISOString(),
    at: '/batch/1/event',
    message: 'an event has a name',
    hint: expect.stringContaining('docs/tracking.md'),
  })
  expect(faults).toContainEqual(expect.objectContaining({ code: 'message_malformed', count: 1 }))
  expect(faults).toContainEqual(expect.objectContaining({ code: 'value_unsupported', at: '/traits/list' }))
  expect(JSON.stringify(faults)).not.toContain('secret.example')
})

describe('names', () => {
  test('a source that puts ids into the names of its events is stopped, and goes on with those it had', async () => {
    const { headers, sourceId } = await addTestSource(server, 'Chatty')
    const send = (events: readonly string[]) =>
      server.app.inject({
        method: 'POST',
        url: '/v1/batch',
        headers,
        payload: { batch: events.map((event) => ({ type: 'track', userId: 'chatty', event })) },
      })
    await put({ namesMax: { event: 10 } })
    const reply = await send(Array.from({ length: 1_000 }, (_, index) => `Viewed ${index}`))
    const { messages } = reply.json<{ messages: { index: number; code: string }[] }>()
    expect(messages.map(({ index }) => index)).toEqual(Array.from({ length: 990 }, (_, index) => index + 10))
    expect(new Set(messages.map(({ code }) => code))).toEqual(new Set(['names_exhausted']))
    expect((await send(['Viewed 3', 'page'])).json()).toMatchObject({ success: true, messages: [{ index: 1 }] })
    expect((await warnings()).names).toContainEqual({
      source: sourceId,
      kind: 'event',
      used: 10,
      max: 10,
      isNearlyFull: true,
    })
    // Another source has its own names, and more room lets this one go on.
    expect((await post('/v1/track', { userId: 'a', event: 'Fresh' })).json()).toEqual({ success: true })
    await put({ namesMax: { event: 20 } })
    expect((await send(['Fresh'])).json()).toEqual({ success: true })
  })

  test('properties and traits too', async () => {
    const { headers } = await addTestSource(server, 'Wide')
    await put({ namesMax: { property: 2, trait: 1 } })
    const send = (url: string, payload: object) =>
      server.app.inject({ method: 'POST', url, headers, payload: { userId: 'wide', ...payload } })
    expect((await send('/v1/track', { event: 'e', properties: { a: 1, b: 1 } })).statusCode).toBe(200)
    expect((await send('/v1/track', { event: 'e', properties: { c: 1 } })).statusCode).toBe(422)
    expect((await send('/v1/track', { event: 'e', properties: { b: 2 } })).statusCode).toBe(200)
    expect((await send('/v1/identify', { traits: { a: 1 } })).statusCode).toBe(200)
    expect((await send('/v1/identify', { traits: { b: 1 } })).statusCode).toBe(422)
  })

  test('many requests at once, on two servers, do not go beyond the limit', async () => {
    const { headers, sourceId } = await addTestSource(server, 'Racing')
    await put({ namesMax: { event: 5 } })
    const other = await openTestServer({ now: () => now, database: server.database })
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        [server, other][index % 2]!.app.inject({
          method: 'POST',
          url: '/v1/track',
          headers,
          payload: { userId: 'racer', event: `e${index}` },
        }),
      ),
    )
    expect(replies.filter(({ statusCode }) => statusCode === 200)).toHaveLength(5)
    expect(replies.filter(({ statusCode }) => statusCode === 422)).toHaveLength(55)
    const { rows } = await server.database.pool.query('select 1 from capture_name where source_id = $1', [sourceId])
    expect(rows).toHaveLength(5)
    await other.close()
  })
})
