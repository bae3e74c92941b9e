import { afterEach, beforeEach, expect, test } from 'vitest'
import { addTestPerson, openTestServer, PASSWORD, signIn, type Headers, type TestServer } from '../server.ts'

let server: TestServer
let now: number
let admin: Headers
beforeEach(async () => {
  now = Date.now()
  server = await openTestServer({ now: () => now })
  admin = await signIn(server, await addTestPerson(server, 'admin'))
})
afterEach(() => server.close())

async function invite(email = 'grace@example.com', role = 'sales') {
  const payload = { email, role }
  const reply = await server.app.inject({ method: 'POST', url: '/api/invitations', headers: admin, payload })
  const { link, id } = reply.json<{ link: string; id: string }>()
  return { reply, id, link, token: new URL(link).searchParams.get('token')! }
}
const accept = (token: string) =>
  server.app.inject({
    method: 'POST',
    url: '/api/invitations/accept',
    payload: { token, name: 'Grace', password: PASSWORD },
  })
const look = (token: string) => server.app.inject({ method: 'POST', url: '/api/invitations/look', payload: { token } })
const list = async () => (await server.app.inject({ url: '/api/invitations', headers: admin })).json().items

test('an invited person joins with the address and role of the invitation', async () => {
  const { token, link } = await invite('Grace@Example.com')
  expect(link).toMatch(/^http:\/\/localhost\/join\?token=/)
  expect((await look(token)).json()).toMatchObject({ email: 'grace@example.com', role: 'sales' })
  expect(await list()).toHaveLength(1)
  const reply = await accept(token)
  expect(reply.statusCode).toBe(201)
  expect(reply.json()).toMatchObject({ person: { name: 'Grace', email: 'grace@example.com', role: 'sales' } })
  expect(reply.headers['set-cookie']).toBeDefined()
  expect(await list()).toEqual([])
})

test('an invitation works once, also for two at the same moment', async () => {
  const { token } = await invite()
  const replies = await Promise.all([accept(token), accept(token), accept(token)])
  expect(replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b)).toEqual([201, 410, 410])
  expect((await accept(token)).json()).toMatchObject({ error: { code: 'link_invalid' } })
  expect((await look(token)).statusCode).toBe(410)
})

test('an invitation runs out', async () => {
  const { token } = await invite()
  now += 7 * 86_400_000
  expect((await look(token)).statusCode).toBe(410)
  expect((await accept(token)).statusCode).toBe(410)
  expect(await list()).toEqual([])
})

test('an invitation can be taken back', async () => {
  const { token, id } = await invite()
  const revoke = () => server.app.inject({ method: 'DELETE', url: `/api/invitations/${id}`, headers: admin })
  expect((await revoke()).statusCode).toBe(204)
  expect((await accept(token)).statusCode).toBe(410)
  expect((await revoke()).statusCode).toBe(404)
})

test('of two invitations of one address, the second to be accepted makes nobody', async () => {
  const [one, other] = [await invite(), await invite()]
  expect((await accept(one.token)).statusCode).toBe(201)
  expect((await accept(other.token)).json()).toMatchObject({ error: { code: 'conflict' } })
})

test('who is there already cannot be invited', async () => {
  const { email } = await addTestPerson(server, 'reader')
  const reply = await server.app.inject({
    method: 'POST',
    url: '/api/invitations',
    headers: admin,
    payload: { email, role: 'admin' },
  })
  expect(reply.json()).toMatchObject({ error: { code: 'conflict', at: '/email' } })
})

test('a link is shown once, and kept as a digest', async () => {
  const { token, reply } = await invite()
  expect(reply.headers['cache-control']).toBe('no-store')
  expect(JSON.stringify(await list())).not.toContain(token)
  const { rows } = await server.database.pool.query<{ text: string }>('select invitation::text as text from invitation')
  expect(rows[0]!.text).not.toContain(token)
})

test('links begin with the public address', async () => {
  const other = await openTestServer({
    settings: { WINNOW_URL: 'https://winnow.example.com' },
    database: server.database,
  })
  const { email } = await addTestPerson(server, 'admin')
  const signedIn = await other.app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { email, password: PASSWORD },
  })
  const cookie = [signedIn.headers['set-cookie']]
    .flat()
    .map((each) => each!.split(';')[0])
    .join('; ')
  const reply = await other.app.inject({
    method: 'POST',
    url: '/api/invitations',
    headers: { cookie, origin: 'https://winnow.example.com' },
    payload: { email: 'grace@example.com', role: 'sales' },
  })
  expect(reply.json().link).toMatch(/^https:\/\/winnow\.example\.com\/join\?token=/)
  await other.close()
})
