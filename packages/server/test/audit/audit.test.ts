import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { appendAudit } from '../../src/audit/audit.ts'
import { startProcess } from '../crash/start-process.ts'
import {
  addTestPerson,
  openTestServer,
  PASSWORD,
  signIn,
  withKey,
  type Headers,
  type TestPerson,
  type TestServer,
} from '../server.ts'

let server: TestServer
let admin: TestPerson
let headers: Headers
beforeEach(async () => {
  server = await openTestServer()
  admin = await addTestPerson(server, 'admin')
  headers = await signIn(server, admin)
})
afterEach(() => server.close())

interface Page {
  readonly items: { id: number; action: string; actor: object; targets: Record<string, unknown> }[]
  readonly next?: string
}
const list = (query: Record<string, string> = {}) => server.app.inject({ url: '/api/audit', query, headers })
const page = async (query: Record<string, string> = {}) => (await list(query)).json<Page>()
const call = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, as = headers) =>
  server.app.inject({ method, url, headers: as, ...(payload && { payload }), remoteAddress: '192.0.2.7' })

const fill = async (count: number, action = 'test.fill') => {
  for (let index = 0; index < count; index++)
    await appendAudit(server.database.db, {
      at: index,
      action,
      actor: undefined,
      params: {},
      details: { index },
      address: '::1',
    })
}

test('who changed what, and from where', async () => {
  const { id } = (await call('POST', '/api/sources', { name: 'Website' })).json<{ id: string }>()
  const key = await withKey(server, ['settings:write'])
  await call('PATCH', `/api/sources/${id}`, { isDisabled: true }, key)
  const { items } = await page()
  expect(items).toMatchObject([
    {
      action: 'source.change',
      actor: { kind: 'key', name: 'test' },
      targets: { source: id, isDisabled: 'true' },
      address: '192.0.2.7',
    },
    {
      action: 'source.add',
      actor: { kind: 'person', id: admin.id, name: 'The admin' },
      targets: { source: id },
      address: '192.0.2.7',
    },
    { action: 'session.start', actor: { kind: 'nobody', id: null, name: null }, targets: { person: admin.id } },
  ])
})

test('things are called what they are called now, and keep their id when they are gone', async () => {
  const { id } = (await call('POST', '/api/sources', { name: 'Website' })).json<{ id: string }>()
  await call('PATCH', `/api/sources/${id}`, { name: 'Shop <b>' })
  const draft = (await call('POST', '/api/definitions/drafts', { name: 'Gone', text: 'winnow: 1' })).json<{
    id: string
  }>()
  await call('DELETE', `/api/definitions/drafts/${draft.id}`)
  const { items } = await page()
  expect(items.slice(0, 4)).toMatchObject([
    { action: 'draft.delete', targets: { draft: draft.id }, names: {} },
    { action: 'draft.add', names: {} },
    { action: 'source.change', targets: { source: id }, names: { source: 'Shop <b>' } },
    { action: 'source.add', names: { source: 'Shop <b>' } },
  ])
})

test('what was refused has changed nothing and is not in it, but for attempts to sign in', async () => {
  await call('POST', '/api/sources', { name: '' })
  await call('POST', '/api/sources', { name: 'Website' }, { ...headers, origin: 'https://evil.example' })
  await call('DELETE', `/api/keys/${crypto.randomUUID()}`)
  await call('POST', '/api/session', { email: admin.email, password: 'not the password' }, {})
  await call('POST', '/api/session', { email: 'nobody@example.com', password: PASSWORD }, {})
  const { items } = await page()
  expect(items.map(({ action }) => action)).toEqual(['session.refuse', 'session.start'])
  expect(items[0]).toMatchObject({ targets: { person: admin.id } })
})

test('no password, no token and no address of anybody is in it', async () => {
  const invited = await call('POST', '/api/invitations', { email: 'grace@example.com', role: 'sales' })
  const token = new URL(invited.json<{ link: string }>().link).searchParams.get('token')!
  await call('POST', '/api/invitations/accept', { token, name: 'Grace', password: PASSWORD }, {})
  await call('POST', '/api/session', { email: 'grace@example.com', password: 'Passw0rd, the wrong one' }, {})
  const { body } = await list()
  for (const secret of [PASSWORD, token, 'Passw0rd', 'grace@example.com', headers['cookie']!])
    expect(body).not.toContain(secret)
  expect((await page()).items.map(({ action }) => action)).toEqual([
    'session.refuse',
    'person.join',
    'invitation.make',
    'session.start',
  ])
})

test('pages follow each other without gap or repeat, also while more is written', async () => {
  await fill(25)
  const seen: number[] = []
  let cursor: string | undefined
  for (let round = 0; round < 3; round++) {
    const { items, next } = await page({ limit: '10', action: 'test.fill', ...(cursor && { cursor }) })
    seen.push(...items.map(({ targets }) => targets['index'] as number))
    cursor = next
    await fill(1)
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 24 - index))
  expect(cursor).toBeUndefined()
})

test('filters by action and by actor', async () => {
  await fill(2)
  await call('POST', '/api/sources', { name: 'Website' })
  expect((await page({ action: 'test.fill' })).items).toHaveLength(2)
  expect((await page({ actor: admin.id })).items).toMatchObject([{ action: 'source.add' }])
})

test('a cursor that we did not give out is refused', async () => {
  await fill(3)
  const { next } = await page({ limit: '1', action: 'test.fill' })
  const [place, signature] = next!.split('.') as [string, string]
  const changed = Buffer.from(JSON.stringify([1])).toString('base64url')
  const forged = [
    'x',
    '',
    place,
    `.${signature}`,
    `${changed}.${signature}`,
    `${place}.${signature.slice(0, -2)}`,
    Buffer.from('[1]').toString('base64'),
    '%00',
  ]
  for (const cursor of forged) {
    const reply = await list({ cursor, action: 'test.fill' })
    expect({ cursor, answer: reply.json() }).toMatchObject({ cursor, answer: { error: { code: 'cursor_invalid' } } })
    expect(reply.statusCode).toBe(400)
  }
  expect((await list({ cursor: next! })).statusCode).toBe(400) // of another list
  expect((await list({ cursor: next!, action: 'test.fill' })).statusCode).toBe(200)
})

test.each([
  { limit: '0' },
  { limit: '1000000000' },
  { limit: 'x' },
  { sort: 'at;drop' },
  { action: 'a\0' },
  { action: "x' or 1=1" },
  { actor: 'me' },
])('refuses the query %j', async (query) => {
  expect((await list(query as Record<string, string>)).statusCode).toBe(422)
})

test('of a stretch of time', async () => {
  await fill(5)
  const at = (ms: number) => new Date(ms).toISOString()
  const indexes = async (query: Record<string, string>) =>
    (await page({ action: 'test.fill', ...query })).items.map(({ targets }) => targets['index'])
  expect(await indexes({ from: at(1), to: at(4) })).toEqual([3, 2, 1])
  expect(await indexes({ from: at(3) })).toEqual([4, 3])
  const first = await page({ action: 'test.fill', from: at(1), limit: '2' })
  const second = await page({ action: 'test.fill', from: at(1), limit: '2', cursor: first.next! })
  expect(second.items.map(({ targets }) => targets['index'])).toEqual([2, 1])
  expect((await list({ action: 'test.fill', limit: '2', cursor: first.next! })).statusCode).toBe(400)
})

/** Until it is released, nobody can complete an entry, as if a server were being killed just there. */
async function holdCompletions(): Promise<() => Promise<void>> {
  const { pool } = server.database
  await pool.query(`create function hold() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(49); return new; end $$`)
  await pool.query('create trigger hold before update on audit for each row execute function hold()')
  const holder = await pool.connect()
  await holder.query('select pg_advisory_lock(49)')
  return async () => {
    await holder.query('select pg_advisory_unlock(49)')
    holder.release()
  }
}

test('a server that is killed between a change and its entry leaves an entry whose outcome is unknown', async () => {
  const key = await withKey(server, ['settings:write'])
  const { child, url } = await startProcess({ DATABASE_URL: server.database.url, WINNOW_COLUMNS: 'none' })
  const gone = once(child, 'exit')
  const release = await holdCompletions()
  try {
    const change = fetch(`${url}/api/sources`, {
      method: 'POST',
      headers: { ...key, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Half done' }),
    }).catch(() => undefined)
    const { pool } = server.database
    const isMade = async () => (await pool.query(`select 1 from source where name = 'Half done'`)).rowCount === 1
    await vi.waitFor(async () => expect(await isMade()).toBe(true), { timeout: 20_000 })
    child.kill('SIGKILL')
    await Promise.all([gone, change])
    await pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 49 and not granted`,
    )
    expect((await page()).items[0]).toMatchObject({
      action: 'source.add',
      actor: { kind: 'key', name: 'test' },
      outcome: 'unknown',
      targets: {},
    })
  } finally {
    child.kill('SIGKILL')
    await release()
  }
})

test('what is done is answered as done, also where its entry cannot be completed', async () => {
  const { pool } = server.database
  await pool.query(`create function fail() returns trigger language plpgsql as $$
    begin raise exception 'no room' using errcode = '53100'; end $$`)
  await pool.query('create trigger fail before update on audit for each row execute function fail()')
  const { id } = (await call('POST', '/api/sources', { name: 'Website' })).json<{ id: string }>()
  expect((await page()).items[0]).toMatchObject({ action: 'source.add', outcome: 'unknown' })
  await pool.query('drop trigger fail on audit')
  await call('PATCH', `/api/sources/${id}`, { isDisabled: true })
  expect((await page()).items[0]).toMatchObject({ action: 'source.change', outcome: 'done', targets: { source: id } })
})

test('nothing is changed while no entry can be written', async () => {
  const { pool } = server.database
  await pool.query(`create function fail() returns trigger language plpgsql as $$
    begin raise exception 'no room' using errcode = '53100'; end $$`)
  await pool.query('create trigger fail before insert on audit for each row execute function fail()')
  const reply = await call('POST', '/api/sources', { name: 'Website' })
  expect(reply).toMatchObject({ statusCode: 503 })
  expect(reply.headers['retry-after']).toBeDefined()
  expect((await pool.query('select 1 from source')).rowCount).toBe(0)
})

test('what fails on our side is left as begun, for nobody knows what it changed', async () => {
  const { pool } = server.database
  await pool.query('alter table source rename to source_gone')
  expect((await call('POST', '/api/sources', { name: 'Website' })).statusCode).toBe(500)
  await pool.query('alter table source_gone rename to source')
  expect((await page()).items[0]).toMatchObject({ action: 'source.add', outcome: 'unknown' })
})
