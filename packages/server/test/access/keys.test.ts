import { RIGHTS, RIGHTS_OF_PEOPLE, type Right } from '@winnow/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addTestPerson, openTestServer, signIn, signedInAs, type Headers, type TestServer } from '../server.ts'

let server: TestServer
let now: number
let admin: Headers
beforeEach(async () => {
  now = Date.now()
  server = await openTestServer({ now: () => now })
  admin = await signedInAs(server, 'admin')
})
afterEach(() => server.close())

interface Made {
  readonly id: string
  readonly key: string
  readonly prefix: string
}
const make = (given: object = {}, headers = admin) =>
  server.app.inject({
    method: 'POST',
    url: '/api/keys',
    headers,
    payload: { name: 'Nightly', rights: ['settings:write', 'audit:read'], ...given },
  })
const made = async (given: object = {}) => (await make(given)).json<Made>()
const list = async () => (await server.app.inject({ url: '/api/keys', headers: admin })).json<{ items: object[] }>()
const use = async (key: string, url = '/api/sources') =>
  (await server.app.inject({ url, headers: { authorization: `Bearer ${key}` } })).statusCode
const lastUsed = async () => (await list()).items.map((item) => (item as { lastUsedAt: string | null }).lastUsedAt)

test('a key opens what its rights open', async () => {
  const { key } = await made()
  expect(key).toMatch(/^wk_[0-9a-z]{8}_[0-9a-z]{40}$/)
  expect(await use(key)).toBe(200)
  expect(await use(key, '/api/audit')).toBe(200)
  expect(await use(key, '/api/people')).toBe(403)
})

test('a key is shown once, and kept as a digest', async () => {
  const reply = await make()
  const { key, prefix } = reply.json<Made>()
  expect(reply.headers['cache-control']).toBe('no-store')
  expect(key.startsWith(`${prefix}_`)).toBe(true)
  const secret = key.slice(prefix.length + 1)
  const listed = await server.app.inject({ url: '/api/keys', headers: admin })
  expect(listed.json().items).toMatchObject([{ prefix, name: 'Nightly', rights: ['settings:write', 'audit:read'] }])
  expect(listed.body).not.toContain(secret)
  const { rows } = await server.database.pool.query<{ text: string }>(
    'select api_key::text as text from api_key union all select audit::text from audit',
  )
  expect(rows).toHaveLength(3) // the key, its making, the signing in
  for (const { text } of rows) expect(text).not.toContain(secret)
})

test('a revoked key is refused from the very next request on', async () => {
  const { key, id } = await made()
  const revoke = () => server.app.inject({ method: 'DELETE', url: `/api/keys/${id}`, headers: admin })
  expect(await use(key)).toBe(200)
  expect((await revoke()).statusCode).toBe(204)
  expect(await use(key)).toBe(401)
  expect((await list()).items).toEqual([])
  expect((await revoke()).statusCode).toBe(404)
})

test('a key runs out at its instant', async () => {
  const { key } = await made({ expiresAt: new Date(now + 60_000).toISOString() })
  now += 59_999
  expect(await use(key)).toBe(200)
  now += 1
  expect(await use(key)).toBe(401)
  expect((await make({ expiresAt: new Date(now).toISOString() })).json()).toMatchObject({
    error: { at: '/expiresAt' },
  })
})

test('when it was last used is known to the minute, and written no more often', async () => {
  const { key } = await made()
  expect(await lastUsed()).toEqual([null])
  const first = now
  await Promise.all([use(key), use(key), use(key)])
  expect(await lastUsed()).toEqual([new Date(first).toISOString()])
  now += 59_999
  await use(key)
  expect(await lastUsed()).toEqual([new Date(first).toISOString()])
  now += 1
  await use(key)
  expect(await lastUsed()).toEqual([new Date(now).toISOString()])
})

test.each(RIGHTS_OF_PEOPLE)('a key cannot have the right %s', async (right) => {
  const reply = await make({ rights: ['leads:read', right] })
  expect(reply.statusCode).toBe(422)
  expect(reply.json()).toMatchObject({ error: { at: '/rights/1' } })
})

test('it can have every other right', async () => {
  const rights = (Object.keys(RIGHTS) as Right[]).filter((right) => !RIGHTS_OF_PEOPLE.includes(right))
  expect((await make({ rights })).statusCode).toBe(201)
})

test.each(['', 'wk_', 'Bearer', `wk_00000000_${'0'.repeat(40)}`, `wk_${'\u00e9'.repeat(8)}_x`, 'x'.repeat(5000)])(
  'what is no key is refused: %j',
  async (key) => {
    expect(await use(key)).toBe(401)
  },
)

test('a key with another end is another key', async () => {
  const { key } = await made()
  const end = key.endsWith('a') ? 'b' : 'a'
  expect(await use(`${key.slice(0, -1)}${end}`)).toBe(401)
})

test('a key counts before a cookie, so that no page can lend its rights', async () => {
  const reply = await server.app.inject({
    url: '/api/people',
    headers: { ...admin, authorization: 'Bearer wk_nothing' },
  })
  expect(reply.statusCode).toBe(401)
})

test('a key goes on when its maker has gone', async () => {
  const maker = await addTestPerson(server, 'admin')
  const { key } = (await make({}, await signIn(server, maker))).json<Made>()
  await server.app.inject({
    method: 'PATCH',
    url: `/api/people/${maker.id}`,
    headers: admin,
    payload: { isDisabled: true },
  })
  expect(await use(key)).toBe(200)
})
