import { afterAll, beforeAll, expect, test } from 'vitest'
import { resetLinkFor } from '../../src/access/reset-link.ts'
import { addTestPerson, openTestServer, ORIGIN, type TestPerson, type TestServer } from '../server.ts'

let server: TestServer
let admin: TestPerson
beforeAll(async () => {
  server = await openTestServer()
  admin = await addTestPerson(server, 'admin')
})
afterAll(() => server.close())

const base = 'https://winnow.example'

test('whoever has the machine lets an administrator in again', async () => {
  const { db } = server.database
  const { link } = await resetLinkFor(db, { email: ` ${admin.email.toUpperCase()} `, base, now: Date.now() })
  expect(link).toMatch(/^https:\/\/winnow\.example\/reset\?token=/)
  const token = new URL(link).searchParams.get('token')
  const reset = await server.app.inject({
    method: 'POST',
    url: '/api/password/reset',
    headers: { origin: ORIGIN },
    payload: { token, password: 'another password, long enough' },
  })
  expect(reset.statusCode).toBe(200)
  const { rows } = await server.database.pool.query("select action, address from audit where address = 'command line'")
  expect(rows).toEqual([{ action: 'password.link', address: 'command line' }])
})

test('nobody is let in whom there is not', async () => {
  const { db } = server.database
  await expect(resetLinkFor(db, { email: 'nobody@x.example', base, now: Date.now() })).rejects.toMatchObject({
    code: 'not_found',
  })
  await db.updateTable('person').set({ disabled_at: new Date().toISOString() }).where('id', '=', admin.id).execute()
  await expect(resetLinkFor(db, { email: admin.email, base, now: Date.now() })).rejects.toMatchObject({
    code: 'not_found',
  })
})
