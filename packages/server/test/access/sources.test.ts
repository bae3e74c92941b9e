import { endpoints } from '@winnow/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createAuth } from '../../src/access/auth.ts'
import { createGate } from '../../src/access/gate.ts'
import { createLimits } from '../../src/access/limits.ts'
import { createSourceLookup, SOURCE_MEMORY_MS, type SourceLookup } from '../../src/access/sources.ts'
import { readConfig } from '../../src/config.ts'
import { createApp } from '../../src/http/app.ts'
import { addTestSource, openTestServer, signedInAs, type Headers, type TestServer } from '../server.ts'

let server: TestServer
let now: number
let headers: Headers
beforeEach(async () => {
  now = Date.now()
  server = await openTestServer({ now: () => now })
  headers = await signedInAs(server, 'marketing')
})
afterEach(() => server.close())

interface Source {
  readonly id: string
  readonly writeKey: string
  readonly oldKeyUntil: string | null
}
const send = async (method: 'POST' | 'PATCH', url: string, payload: object) =>
  (await server.app.inject({ method, url, headers, payload })).json<Source>()
const add = () => send('POST', '/api/sources', { name: 'Website' })

describe('sources', () => {
  test('are added, listed, renamed and disabled', async () => {
    const { id, writeKey } = await add()
    expect(writeKey).toMatch(/^src_[0-9a-z]{28}$/)
    await send('PATCH', `/api/sources/${id}`, { name: 'Blog' })
    await send('PATCH', `/api/sources/${id}`, { isDisabled: true })
    const { items } = (await server.app.inject({ url: '/api/sources', headers })).json<{ items: object[] }>()
    expect(items).toMatchObject([{ id, name: 'Blog', writeKey, isDisabled: true, oldKeyUntil: null }])
  })

  test('nothing is nothing', async () => {
    const missing = `/api/sources/${crypto.randomUUID()}`
    expect(await send('PATCH', missing, { name: 'Blog' })).toMatchObject({ error: { code: 'not_found' } })
    expect(await send('POST', `${missing}/rotate`, {})).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('a write key', () => {
  const lookup = (): SourceLookup => createSourceLookup(server.database.db, () => now)

  test('tells the source', async () => {
    const { sourceId, writeKey } = await addTestSource(server, 'Shop')
    expect(await lookup().find(writeKey)).toEqual({ kind: 'source', id: sourceId, name: 'Shop' })
    expect(await lookup().find(`${writeKey}x`)).toBeUndefined()
    expect(await lookup().find("'; drop table source")).toBeUndefined()
  })

  test('of a disabled source stops within five seconds on every server', async () => {
    const { id, writeKey } = await add()
    const elsewhere = lookup()
    expect(await elsewhere.find(writeKey)).toBeDefined()
    await send('PATCH', `/api/sources/${id}`, { isDisabled: true })
    now += SOURCE_MEMORY_MS
    expect(SOURCE_MEMORY_MS).toBeLessThanOrEqual(5000)
    expect(await elsewhere.find(writeKey)).toBeUndefined()
  })

  test('that is new works within five seconds on every server, also where it was asked for before', async () => {
    const elsewhere = lookup()
    expect(await elsewhere.find('src_0000000000000000000000000000')).toBeUndefined()
    await server.database.pool.query(
      "insert into source (name, write_key, created_at) values ('x', 'src_0000000000000000000000000000', now())",
    )
    now += SOURCE_MEMORY_MS
    expect(await elsewhere.find('src_0000000000000000000000000000')).toBeDefined()
  })

  test('is asked of the database once for many requests', async () => {
    const { writeKey } = await addTestSource(server)
    const { find } = lookup()
    await find(writeKey)
    await server.database.pool.query('delete from source')
    expect(await find(writeKey)).toBeDefined()
  })

  test('that is replaced goes on as long as was said', async () => {
    const first = await add()
    const rotate = (graceHours: number) => send('POST', `/api/sources/${first.id}/rotate`, { graceHours })
    const second = await rotate(2)
    expect(second.writeKey).not.toBe(first.writeKey)
    expect(Date.parse(second.oldKeyUntil!)).toBe(now + 7_200_000)
    for (const { writeKey } of [first, second]) expect(await lookup().find(writeKey)).toMatchObject({ id: first.id })
    now += 7_200_000
    expect(await lookup().find(first.writeKey)).toBeUndefined()
    const third = await rotate(0)
    expect(await lookup().find(second.writeKey)).toBeUndefined()
    expect(await lookup().find(third.writeKey)).toMatchObject({ id: first.id })
  })
})

test('the key is the user’s name of Basic authentication, or in the body; this server forgets at once', async () => {
  const { db } = server.database
  const log = pino({ level: 'silent' })
  const sources = createSourceLookup(db, () => now)
  const { push } = endpoints({
    push: {
      method: 'POST',
      path: '/push',
      summary: 'Take an event',
      access: 'source',
      rate: 'capture',
      body: z.looseObject({}),
      reply: z.string(),
    },
  })
  const app = await createApp({
    routes: [{ name: 'push', endpoint: push, handler: ({ actor, reply }) => reply.send(actor.name) }],
    gate: createGate({
      db,
      auth: createAuth({ db, secret: 'x'.repeat(40), publicUrl: undefined, log }),
      limits: createLimits(readConfig({}, '/nowhere').rates, () => now),
      sources,
      publicUrl: undefined,
      isServing: () => true,
      now: () => now,
    }),
    now: () => now,
    log,
  })
  const source = await addTestSource(server, 'Shop')
  const call = (given: { headers?: Headers; body?: object }) =>
    app.inject({ method: 'POST', url: '/push', headers: { ...given.headers }, payload: { ...given.body } })
  expect((await call({ headers: source.headers })).body).toBe('Shop')
  expect((await call({ body: { writeKey: source.writeKey } })).body).toBe('Shop')
  expect((await call({ headers: { ...source.headers, origin: 'https://shop.example' } })).body).toBe('Shop')
  for (const body of [{}, { writeKey: 5 }, { writeKey: null }, { writeKey: `${source.writeKey}\0` }])
    expect((await call({ body })).statusCode).toBeGreaterThanOrEqual(400)
  for (const authorization of ['Basic', 'Basic !', 'Basic AAAA', `Bearer ${source.writeKey}`])
    expect((await call({ headers: { authorization } })).statusCode).toBe(401)
  await server.database.pool.query('update source set disabled_at = now()')
  sources.forget()
  expect((await call({ headers: source.headers })).statusCode).toBe(401)
  await app.close()
})
