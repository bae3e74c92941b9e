import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addTestSource,
  openTestServer,
  ORIGIN,
  PASSWORD,
  signedInAs,
  withKey,
  type Headers,
  type TestServer,
} from '../server.ts'

let server: TestServer
let cookie: string
let key: Headers
beforeAll(async () => {
  server = await openTestServer()
  ;({ cookie } = (await signedInAs(server, 'admin')) as { cookie: string })
  key = await withKey(server, ['settings:write'])
})
afterAll(() => server.close())

const add = (headers: Headers, { app } = server) =>
  app.inject({ method: 'POST', url: '/api/sources', headers, payload: { name: 'Website' } })

describe('a change that a cookie signs', () => {
  test.each<[string, Headers, number]>([
    ['from a page of ours', { origin: ORIGIN }, 201],
    ['from a page of ours, by an old browser’s word', { 'sec-fetch-site': 'same-origin' }, 201],
    ['from another site', { origin: 'https://evil.example' }, 403],
    ['from another port', { origin: 'http://localhost:8080' }, 403],
    ['from a neighbour of ours', { origin: 'http://sub.localhost' }, 403],
    ['from the same name by another protocol', { origin: 'https://localhost:80' }, 403],
    ['from a file or a sandbox', { origin: 'null' }, 403],
    ['from a neighbour, by another word', { 'sec-fetch-site': 'same-site' }, 403],
    ['from nowhere', {}, 403],
    [
      'from another site that claims to be ours',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      403,
    ],
  ])('%s', async (_name, headers, status) => {
    const reply = await add({ cookie, host: 'localhost:80', ...headers })
    expect(reply.statusCode).toBe(status)
    if (status === 403) expect(reply.json()).toMatchObject({ error: { code: 'origin_foreign' } })
  })

  test('is refused before anything is changed, whatever the media type', async () => {
    const before = await server.database.pool.query('select count(*) from source')
    const reply = await server.app.inject({
      method: 'POST',
      url: '/api/sources',
      headers: { cookie, origin: 'https://evil.example', 'content-type': 'text/plain' },
      payload: JSON.stringify({ name: 'Website' }),
    })
    expect(reply.statusCode).toBe(403)
    expect((await server.database.pool.query('select count(*) from source')).rows).toEqual(before.rows)
  })
})

test('reading needs no page', async () => {
  const reply = await server.app.inject({ url: '/api/sources', headers: { cookie } })
  expect(reply.statusCode).toBe(200)
})

test('a key needs no page: no browser sends one by itself', async () => {
  expect((await add(key)).statusCode).toBe(201)
  expect((await add({ ...key, origin: 'https://elsewhere.example' })).statusCode).toBe(201)
})

test('nobody is signed in from another’s page', async () => {
  const signIn = (origin: string) =>
    server.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { origin },
      payload: { email: 'ada@example.com', password: PASSWORD },
    })
  expect((await signIn('https://evil.example')).json()).toMatchObject({ error: { code: 'origin_foreign' } })
  expect((await signIn(ORIGIN)).json()).toMatchObject({ error: { code: 'sign_in_failed' } })
})

test('with a public address, that one counts and no other', async () => {
  const other = await openTestServer({
    settings: { WINNOW_URL: 'http://winnow.example.com/' },
    database: server.database,
  })
  expect((await add({ cookie, origin: 'http://winnow.example.com' }, other)).statusCode).toBe(201)
  expect((await add({ cookie, origin: ORIGIN, host: 'localhost:80' }, other)).statusCode).toBe(403)
  await other.close()
})

test('a write key signs nothing but events', async () => {
  const { headers } = await addTestSource(server)
  expect((await add(headers)).statusCode).toBe(401)
})
