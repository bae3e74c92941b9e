import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { addTestSource, openTestServer, signedInAs, withKey, type Headers, type TestServer } from '../server.ts'

vi.setConfig({ testTimeout: 120_000 })

let server: TestServer
let admin: Headers
beforeEach(async () => {
  server = await openTestServer()
  admin = await signedInAs(server, 'admin')
})
afterEach(() => server.close())

const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) => {
  const reply = await server.app.inject({ method, url, headers: admin, ...(payload && { payload }) })
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
}
const until = (states: readonly string[]) =>
  vi.waitFor(
    async () => {
      const { body } = await call('GET', '/api/demo')
      expect(states).toContain(body.state)
      return body
    },
    { timeout: 90_000, interval: 200 },
  )
const query = async (text: string) => (await server.database.pool.query(text)).rows
const isDemo = async () => (await call('GET', '/readyz')).body.demo

test('an empty server is filled, judged by each version in its time, says so, and is emptied again', async () => {
  expect(await isDemo()).toBe(false)
  expect((await call('POST', '/api/demo', { leads: 80 })).status).toBe(202)
  const end = await until(['loaded', 'failed', 'cancelled'])
  expect(end).toMatchObject({ state: 'loaded', leads: 80, loadedLeads: 80 })
  expect(await isDemo()).toBe(true)
  expect(await query('select count(*) as count from lead where email is null or name is null')).toEqual([{ count: 0 }])

  const versions = await query('select version, status, published_at as at from definition_version order by version')
  expect(versions.map(({ version, status }) => [version, status])).toEqual([
    [1, 'retired'],
    [2, 'live'],
  ])
  const [facts] = await query('select (select count(*) from activity) + (select count(*) from fact) as count')
  const [carried] = await query(
    "select count(*) as count from fact where fact_id like 'carry/%' or fact_id like 'demo:%'",
  )
  expect(facts!['count'] - carried!['count']).toBe(end.loadedFacts)
  expect(await query('select count(*) as count from lead where version is distinct from 2')).toEqual([{ count: 0 }])
  const publishedAt = versions[1]!['at']
  const lines = await query('select lead_id, at, version from transition where superseded_at is null')
  const early = lines.filter(({ version }) => version === 1)
  expect(early.length).toBeGreaterThan(20)
  expect(early.every(({ at }) => at <= publishedAt)).toBe(true)
  const judgedBefore = new Set(early.map(({ lead_id }) => lead_id))
  const late = lines.filter(({ version, lead_id }) => version === 2 && judgedBefore.has(lead_id))
  expect(late.length).toBeGreaterThan(20)
  expect(late.every(({ at }) => at >= publishedAt)).toBe(true)
  expect(await query('select count(*) as count from transition where superseded_at is not null')).toEqual([
    { count: 0 },
  ])
  const [known] = await query("select max(received_at) as at from fact where fact_id not like 'carry/%'")
  expect(known!['at']).toBeLessThanOrEqual(Date.parse(end.until)) // as the story has it, and not when it was loaded
  const [costs] = await query('select count(*) as count, sum(cost) as sum from campaign_cost where is_synthetic')
  expect(costs!['count']).toBeGreaterThan(50)

  expect((await call('POST', '/api/demo', {})).status).toBe(409)
  // People have tried everything out in it.
  const [one, two] = (await call('GET', '/api/leads?limit=2')).body.items as { id: string }[]
  await call('POST', `/api/leads/${one!.id}/notes`, { text: 'Looks real' })
  await call('POST', `/api/leads/${one!.id}/claim`, {})
  expect((await call('POST', `/api/leads/${one!.id}/calls`, { outcome: 'reached' })).status).toBe(201)
  await call('POST', `/api/leads/${one!.id}/consent`, { purpose: 'email', state: 'given', evidence: 'asked' })
  await call('POST', `/api/leads/${one!.id}/merge`, { other: two!.id })
  await call('POST', '/api/leads/bulk', { leads: [one!.id], action: { kind: 'exclude', as: 'test' } })

  expect((await call('DELETE', '/api/demo')).status).toBe(204)
  expect(await isDemo()).toBe(false)
  for (const table of ['lead', 'account', 'circle', 'activity', 'fact', 'transition', 'outbox', 'touch'])
    expect([table, ...(await query(`select count(*) as count from ${table}`))]).toEqual([table, { count: 0 }])
  expect(await query("select message_id from message where message_id like 'demo:%'")).toEqual([])
  for (const table of ['identity', 'account_identity', 'campaign_cost', 'definition_version'])
    expect([table, ...(await query(`select count(*) as count from ${table}`))]).toEqual([table, { count: 0 }])
})

test('what others bring meanwhile stays when the demo goes', async () => {
  await call('POST', '/api/demo', { leads: 40 })
  await until(['running', 'loaded'])
  const { headers } = await addTestSource(server)
  const payload = {
    type: 'track',
    event: 'demo',
    userId: 'u1',
    messageId: 'm1',
    context: { traits: { email: 'a@b.example' } },
  }
  expect((await server.app.inject({ method: 'POST', url: '/v1/track', headers, payload })).statusCode).toBe(200)
  await until(['loaded'])
  const [part, whole, other] = (await call('GET', '/api/accounts?limit=3')).body.items as { id: string }[]
  const own = { name: { kind: 'domain', value: 'own.example' }, attributes: { name: 'Ours' } }
  const { id } = (await call('POST', '/api/accounts', own)).body
  expect((await call('POST', `/api/accounts/${whole!.id}/merge`, { other: part!.id })).status).toBe(200)
  expect((await call('POST', `/api/accounts/${id}/merge`, { other: other!.id })).status).toBe(200)
  expect((await call('DELETE', '/api/demo')).status).toBe(204)
  expect(await query('select account_id from account where merged_into is null')).toEqual([{ account_id: id }])
  expect(await query('select account_id from account where merged_into is not null')).toEqual([
    { account_id: other!.id },
  ])
  expect(await query('select count(*) as count from lead')).toEqual([{ count: 1 }])
  expect(await query('select count(*) as count from activity')).toEqual([{ count: 1 }])
  expect(await query('select count(*) as count from definition_version')).toEqual([{ count: 2 }])
})

test('loading is stopped, goes on where it was, and nothing is stored twice', async () => {
  await call('POST', '/api/demo', { leads: 1500 })
  await vi.waitFor(async () => expect((await query('select 1 from lead limit 1')).length).toBe(1), { timeout: 30_000 })
  expect((await call('POST', '/api/demo/cancel')).status).toBe(200)
  const { loadedLeads } = await until(['cancelled'])
  expect(loadedLeads).toBeLessThan(1500)
  expect((await call('POST', '/api/demo', { leads: 30, seed: '2' })).status).toBe(409)
  expect((await call('DELETE', '/api/demo')).status).toBe(204)
  await call('POST', '/api/demo', { leads: 30, seed: '2' })
  await until(['loaded'])
  await server.database.pool.query("update demo set state = 'waiting'")
  const { loadedFacts } = await until(['loaded'])
  const [facts] = await query('select (select count(*) from activity) + (select count(*) from fact) as count')
  const [carried] = await query(
    "select count(*) as count from fact where fact_id like 'carry/%' or fact_id like 'demo:%'",
  )
  expect(facts!['count'] - carried!['count']).toBe(loadedFacts)
})

test('it is refused where there are leads or definitions already', async () => {
  const key = await withKey(server, ['leads:read'])
  expect((await server.app.inject({ method: 'GET', url: '/api/demo', headers: key })).json()).toMatchObject({
    state: 'none',
  })
  const { headers } = await addTestSource(server)
  await server.app.inject({
    method: 'POST',
    url: '/v1/track',
    headers,
    payload: { event: 'x', userId: 'u', messageId: 'm' },
  })
  expect(await call('POST', '/api/demo', {})).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
})
