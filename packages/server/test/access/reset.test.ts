import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  addTestPerson,
  browserHeaders,
  openTestServer,
  PASSWORD,
  signIn,
  signedInAs,
  type Headers,
  type TestPerson,
  type TestServer,
} from '../server.ts'

const NEXT = 'another long password'

let server: TestServer
let now: number
let admin: Headers
let person: TestPerson
beforeEach(async () => {
  now = Date.now()
  server = await openTestServer({ now: () => now })
  admin = await signedInAs(server, 'admin')
  person = await addTestPerson(server, 'sales')
})
afterEach(() => server.close())

const make = (id = person.id) =>
  server.app.inject({ method: 'POST', url: `/api/people/${id}/password-link`, headers: admin })
const link = async () => new URL((await make()).json<{ link: string }>().link).searchParams.get('token')!
const reset = (token: string) =>
  server.app.inject({ method: 'POST', url: '/api/password/reset', payload: { token, password: NEXT } })
const trySignIn = async (password: string) => {
  const payload = { email: person.email, password }
  return (await server.app.inject({ method: 'POST', url: '/api/session', payload })).statusCode
}

test('a link replaces the password, ends all sessions and signs in', async () => {
  const before = await signIn(server, person)
  const reply = await reset(await link())
  expect(reply.statusCode).toBe(200)
  expect(reply.json()).toMatchObject({ person: { id: person.id, role: 'sales' } })
  const who = async (headers: Headers) => (await server.app.inject({ url: '/api/session', headers })).statusCode
  expect(await who(before)).toBe(401)
  expect(await who(browserHeaders(reply.headers['set-cookie']))).toBe(200)
  expect([await trySignIn(PASSWORD), await trySignIn(NEXT)]).toEqual([401, 200])
})

test('it works once, also for two at the same moment', async () => {
  const token = await link()
  const replies = await Promise.all([reset(token), reset(token)])
  expect(replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b)).toEqual([200, 410])
  expect((await reset(token)).json()).toMatchObject({ error: { code: 'link_invalid' } })
})

test('it works for a day, and until the next one', async () => {
  const first = await link()
  const second = await link()
  expect((await reset(first)).statusCode).toBe(410)
  now += 86_400_000
  expect((await reset(second)).statusCode).toBe(410)
  expect(await trySignIn(PASSWORD)).toBe(200)
})

test('it lets nobody in who was disabled', async () => {
  const token = await link()
  const url = `/api/people/${person.id}`
  await server.app.inject({ method: 'PATCH', url, headers: admin, payload: { isDisabled: true } })
  expect((await reset(token)).statusCode).toBe(410)
})

test('it is shown once, kept as a digest, and written into the audit log without its token', async () => {
  const reply = await make()
  expect(reply.headers['cache-control']).toBe('no-store')
  const token = new URL(reply.json<{ link: string }>().link).searchParams.get('token')!
  const { rows } = await server.database.pool.query<{ text: string }>(
    "select password_link::text as text from password_link union all select audit::text from audit where action = 'password.link'",
  )
  expect(rows).toHaveLength(2)
  for (const { text } of rows) expect(text).not.toContain(token)
})

test('nobody is nobody', async () => {
  expect((await make(crypto.randomUUID())).statusCode).toBe(404)
})
