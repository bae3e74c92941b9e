import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renewSetupLink } from '../../src/access/links.ts'
import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/server.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { browserHeaders, openTestServer, PASSWORD, type TestServer } from '../server.ts'

let server: TestServer
let now: number
beforeEach(async () => {
  now = Date.now()
  server = await openTestServer({ now: () => now })
})
afterEach(() => server.close())

const link = async () => (await renewSetupLink(server.database.db, now))!
const setUp = (token: string, email = 'ada@example.com') =>
  server.app.inject({
    method: 'POST',
    url: '/api/setup',
    payload: { token, name: 'Ada', email, password: PASSWORD },
  })
const people = async () =>
  (await server.database.pool.query<{ email: string; role: string }>('select email, role from person')).rows

test('the link makes the administrator, who is signed in', async () => {
  const reply = await setUp(await link(), 'Ada@Example.com')
  expect(reply.statusCode).toBe(201)
  expect(await people()).toEqual([{ email: 'ada@example.com', role: 'admin' }])
  const headers = browserHeaders(reply.headers['set-cookie'])
  expect((await server.app.inject({ url: '/api/session', headers })).json()).toMatchObject({
    person: { name: 'Ada', role: 'admin' },
  })
})

test('of many uses at the same moment, one counts', async () => {
  const token = await link()
  const replies = await Promise.all(Array.from({ length: 4 }, (_, index) => setUp(token, `ada.${index}@example.com`)))
  expect(replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b)).toEqual([
    201,
    ...Array<number>(3).fill(410),
  ])
  expect(await people()).toHaveLength(1)
})

test('it works once, for a day, and until the next one', async () => {
  const first = await link()
  const second = await link()
  expect((await setUp(first)).json()).toMatchObject({ error: { code: 'link_invalid' } })
  now += 86_400_000
  expect((await setUp(second)).statusCode).toBe(410)
  const third = await link()
  now += 86_399_999
  expect((await setUp(third)).statusCode).toBe(201)
  expect((await setUp(third)).statusCode).toBe(410)
})

test('there is none once somebody exists', async () => {
  await setUp(await link())
  expect(await renewSetupLink(server.database.db, now)).toBeUndefined()
})

test('the database does not know the token', async () => {
  const token = await link()
  const { rows } = await server.database.pool.query<{ text: string }>('select setup_link::text as text from setup_link')
  expect(rows).toHaveLength(1)
  expect(rows[0]!.text).not.toContain(token)
})

test('a server that starts where nobody exists prints the link, and only then', async () => {
  const database: TestDatabase = await createTestDatabase()
  const lines: string[] = []
  const written: string[] = []
  const start = () =>
    startServer({
      config: readConfig({ DATABASE_URL: database.url, WINNOW_PORT: '0' }, '/nowhere'),
      log: pino({ level: 'debug' }, { write: (line: string) => written.push(line) }),
      print: (line) => lines.push(line),
    })
  const first = await start()
  const address = /http:\S+/.exec(lines.join(''))![0]
  expect((await fetch(address, { headers: { accept: 'text/html' } })).status).toBe(200)
  const token = new URL(address).searchParams.get('token')!
  const reply = await fetch(new URL('/api/setup', first.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: first.url },
    body: JSON.stringify({ token, name: 'Ada', email: 'ada@example.com', password: PASSWORD }),
  })
  expect(reply.status).toBe(201)
  await first.stop()
  const second = await start()
  await second.stop()
  expect(lines).toHaveLength(1)
  expect(written.join('')).not.toContain(token)
  await database.drop()
})
