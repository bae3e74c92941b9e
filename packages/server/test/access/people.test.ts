import type { Role } from '@winnow/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addTestPerson, openTestServer, signIn, type Headers, type TestPerson, type TestServer } from '../server.ts'

let server: TestServer
let admin: TestPerson
let headers: Headers
beforeEach(async () => {
  server = await openTestServer()
  admin = await addTestPerson(server, 'admin')
  headers = await signIn(server, admin)
})
afterEach(() => server.close())

const change = (id: string, payload: { role?: Role; isDisabled?: boolean; name?: string }, as = headers) =>
  server.app.inject({ method: 'PATCH', url: `/api/people/${id}`, headers: as, payload })

async function administrators(): Promise<number> {
  const { rows } = await server.database.pool.query("select 1 from person where role = 'admin' and disabled_at is null")
  return rows.length
}

test('people are listed, without their passwords', async () => {
  const reply = await server.app.inject({ url: '/api/people', headers })
  expect(reply.json()).toEqual({
    items: [
      {
        ...admin,
        name: 'The admin',
        role: 'admin',
        isDisabled: false,
        createdAt: expect.any(String),
      },
    ],
  })
})

test('a role takes effect with the next request', async () => {
  const person = await addTestPerson(server, 'reader')
  const theirs = await signIn(server, person)
  const list = async () => (await server.app.inject({ url: '/api/sources', headers: theirs })).statusCode
  expect(await list()).toBe(403)
  expect((await change(person.id, { role: 'marketing' })).json()).toMatchObject({ role: 'marketing' })
  expect(await list()).toBe(200)
  await change(person.id, { role: 'sales' })
  expect(await list()).toBe(403)
})

test.each([
  { name: 'demoted', payload: { role: 'reader' } },
  { name: 'disabled', payload: { isDisabled: true } },
] as const)('the last administrator cannot be $name', async ({ payload }) => {
  const disabled = await addTestPerson(server, 'admin')
  await change(disabled.id, { isDisabled: true })
  const reply = await change(admin.id, payload)
  expect(reply.statusCode).toBe(409)
  expect(reply.json()).toMatchObject({ error: { code: 'last_administrator' } })
  expect(await administrators()).toBe(1)
})

test('of two administrators who demote each other at once, one stays', async () => {
  const other = await addTestPerson(server, 'admin')
  const theirs = await signIn(server, other)
  for (let round = 0; round < 5; round++) {
    const replies = await Promise.all([
      change(other.id, { role: 'reader' }),
      change(admin.id, { role: 'reader' }, theirs),
    ])
    expect(await administrators()).toBe(1)
    expect(replies.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
    await server.database.pool.query("update person set role = 'admin'")
  }
})

test('a name can be changed, also the last administrator’s', async () => {
  expect((await change(admin.id, { name: 'Ada' })).json()).toMatchObject({ name: 'Ada', role: 'admin' })
})

test('nobody is nobody', async () => {
  expect((await change(crypto.randomUUID(), { name: 'Ada' })).statusCode).toBe(404)
})
