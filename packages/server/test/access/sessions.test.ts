import { ROLES } from '@winnow/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addTestPerson,
  browserHeaders,
  openTestServer,
  PASSWORD,
  signIn,
  signedInAs,
  withKey,
  type Headers,
  type TestServer,
} from '../server.ts'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer({ settings: { WINNOW_RATE_SIGN_IN: '1000/s', WINNOW_RATE_WRITE: '1000/s' } })
})
afterAll(() => server.close())

const who = (headers: Headers, { app } = server) => app.inject({ url: '/api/session', headers })
const status = async (headers: Headers) => (await who(headers)).statusCode
const sessionOf = async (headers: Headers) => (await who(headers)).json<{ session: { id: string } }>().session.id
const end = async (headers: Headers, session: string) =>
  (await server.app.inject({ method: 'DELETE', url: `/api/sessions/${session}`, headers })).statusCode

const trySignIn = (given: object, { app } = server, headers: Headers = {}) =>
  app.inject({ method: 'POST', url: '/api/session', payload: given, headers })

test('signing in gives a cookie that says who it is', async () => {
  const person = await addTestPerson(server, 'marketing')
  const reply = await who(await signIn(server, person))
  expect(reply.statusCode).toBe(200)
  expect(reply.json()).toMatchObject({ person: { ...person, role: 'marketing' } })
})

test('capitals in an address make no other person', async () => {
  const { email } = await addTestPerson(server, 'sales')
  expect((await trySignIn({ email: email.toUpperCase(), password: PASSWORD })).statusCode).toBe(200)
})

test('a wrong password, an unknown address and a disabled person get the same answer', async () => {
  const known = await addTestPerson(server, 'sales')
  const disabled = await addTestPerson(server, 'sales')
  await server.database.pool.query('update person set disabled_at = now() where id = $1', [disabled.id])
  const replies = [
    await trySignIn({ email: known.email, password: 'not the password' }),
    await trySignIn({ email: 'nobody@example.com', password: PASSWORD }),
    await trySignIn({ email: disabled.email, password: PASSWORD }),
  ]
  for (const reply of replies) {
    expect(reply.statusCode).toBe(401)
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(reply.json().error).toMatchObject({
      code: 'sign_in_failed',
      message: 'e-mail address and password do not fit',
    })
  }
})

describe('the cookie', () => {
  const cookieOf = async (publicUrl?: string, remember?: boolean) => {
    const settings = publicUrl === undefined ? {} : { WINNOW_URL: publicUrl }
    const other = await openTestServer({ settings, database: server.database })
    const { email } = await addTestPerson(server, 'reader')
    const reply = await trySignIn({ email, password: PASSWORD, ...(remember !== undefined && { remember }) }, other)
    await other.close()
    return [reply.headers['set-cookie'] ?? []].flat().find((cookie) => cookie.includes('session_token='))!
  }

  test('is for the server alone, not for scripts and not for forms of other sites', async () => {
    const cookie = await cookieOf()
    expect(cookie).toMatch(/^winnow\.session_token=/)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Lax/i)
    expect(cookie).toMatch(/; Path=\//)
    expect(cookie).not.toMatch(/Secure/)
  })

  test('goes over TLS only, where browsers come by TLS', async () => {
    const cookie = await cookieOf('https://winnow.example.com')
    expect(cookie).toMatch(/^__Secure-winnow\.session_token=/)
    expect(cookie).toMatch(/; Secure/)
    expect(cookie).toMatch(/; HttpOnly/)
  })

  test('goes with the browser where it shall not be remembered', async () => {
    expect(await cookieOf()).toMatch(/Max-Age=\d+/)
    expect(await cookieOf(undefined, false)).not.toMatch(/Max-Age|Expires/)
  })

  test('is worth nothing when a letter is changed', async () => {
    const headers = await signedInAs(server, 'reader')
    const [name, value] = headers['cookie']!.split('=') as [string, string]
    const changed = `${name}=${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`
    expect(await status({ ...headers, cookie: changed })).toBe(401)
  })
})

describe('a session that was ended is ended for the very next request, on every server', () => {
  let person: { id: string; email: string }
  let admin: Headers
  beforeAll(async () => {
    person = await addTestPerson(server, 'analyst')
    admin = await signedInAs(server, 'admin')
  })

  const check = async (ending: (headers: Headers) => Promise<unknown>) => {
    const other = await openTestServer({ database: server.database })
    const headers = await signIn(server, person)
    expect((await who(headers, other)).statusCode).toBe(200)
    await ending(headers)
    expect((await who(headers)).statusCode).toBe(401)
    expect((await who(headers, other)).statusCode).toBe(401)
    await other.close()
  }

  test('by signing out', () =>
    check((headers) => server.app.inject({ method: 'DELETE', url: '/api/session', headers })))

  test('by ending it from another one', () =>
    check(async (headers) => end(await signIn(server, person), await sessionOf(headers))))

  test('by an administrator', () => check(async (headers) => end(admin, await sessionOf(headers))))

  test('with all others of the person', () =>
    check(() => server.app.inject({ method: 'DELETE', url: `/api/people/${person.id}/sessions`, headers: admin })))

  test('by disabling the person', async () => {
    const change = (isDisabled: boolean) =>
      server.app.inject({
        method: 'PATCH',
        url: `/api/people/${person.id}`,
        headers: admin,
        payload: { isDisabled },
      })
    await check(() => change(true))
    expect((await trySignIn({ email: person.email, password: PASSWORD })).statusCode).toBe(401)
    await change(false)
    expect((await trySignIn({ email: person.email, password: PASSWORD })).statusCode).toBe(200)
  })

  test('by running out', () =>
    check(() =>
      server.database.pool.query("update session set expires_at = now() - interval '1 second' where person_id = $1", [
        person.id,
      ]),
    ))
})

test('signing out takes the cookie back', async () => {
  const headers = await signedInAs(server, 'reader')
  const reply = await server.app.inject({ method: 'DELETE', url: '/api/session', headers })
  expect(reply.statusCode).toBe(204)
  expect([reply.headers['set-cookie']].flat().join()).toMatch(/winnow\.session_token=;.*Max-Age=0/i)
})

describe.each(ROLES)('as %s', (role) => {
  test('one’s own session can be ended, another’s only by whoever looks after people', async () => {
    const own = await addTestPerson(server, role)
    const asking = await signIn(server, own)
    const mine = await signIn(server, own)
    const others = await signedInAs(server, 'reader')
    const mayEndOthers = role === 'admin'
    expect(await end(asking, await sessionOf(mine))).toBe(204)
    expect(await status(mine)).toBe(401)
    expect(await end(asking, await sessionOf(others))).toBe(mayEndOthers ? 204 : 404)
    expect(await status(others)).toBe(mayEndOthers ? 401 : 200)
    expect(await status(asking)).toBe(200)
  })
})

test('the list holds one’s own sessions, tells which one asks, and no token', async () => {
  const person = await addTestPerson(server, 'reader')
  const first = await signIn(server, person)
  await trySignIn({ email: person.email, password: PASSWORD }, server, { 'user-agent': 'A browser' })
  const reply = await server.app.inject({ url: '/api/sessions', headers: first })
  const { items } = reply.json<{ items: { isThis: boolean; userAgent: string; address: string }[] }>()
  expect(items).toHaveLength(2)
  expect(items.filter(({ isThis }) => isThis)).toHaveLength(1)
  expect(items.find(({ isThis }) => !isThis)).toMatchObject({ userAgent: 'A browser', address: '127.0.0.1' })
  const tokens = await server.database.pool.query<{ token: string }>('select token from session')
  for (const { token } of tokens.rows) expect(reply.body).not.toContain(token)
})

test('another’s sessions are listed for whoever looks after people', async () => {
  const person = await addTestPerson(server, 'reader')
  await signIn(server, person)
  const admin = await signedInAs(server, 'admin')
  const list = (id: string, headers: Headers) => server.app.inject({ url: `/api/people/${id}/sessions`, headers })
  expect((await list(person.id, admin)).json().items).toMatchObject([{ isThis: false }])
  expect((await list(crypto.randomUUID(), admin)).statusCode).toBe(404)
})

describe('changing the password', () => {
  const NEXT = 'another long password'
  const change = (headers: Headers, current: string, next = NEXT) =>
    server.app.inject({ method: 'PUT', url: '/api/password', headers, payload: { current, next } })

  test('ends all other sessions and keeps this browser signed in', async () => {
    const person = await addTestPerson(server, 'sales')
    const here = await signIn(server, person)
    const elsewhere = await signIn(server, person)
    const reply = await change(here, PASSWORD)
    expect(reply.statusCode).toBe(204)
    expect(await status(elsewhere)).toBe(401)
    expect(await status(here)).toBe(401) // the old cookie
    expect(await status(browserHeaders(reply.headers['set-cookie']))).toBe(200)
    expect((await trySignIn({ email: person.email, password: PASSWORD })).statusCode).toBe(401)
    expect((await trySignIn({ email: person.email, password: NEXT })).statusCode).toBe(200)
  })

  test('needs the current one', async () => {
    const headers = await signedInAs(server, 'sales')
    expect((await change(headers, 'not the password')).json().error).toMatchObject({ code: 'sign_in_failed' })
    expect(await status(headers)).toBe(200)
  })

  test('refuses a short one', async () => {
    const headers = await signedInAs(server, 'sales')
    expect((await change(headers, PASSWORD, 'short')).json().error).toMatchObject({ at: '/next' })
  })
})

describe('a session of 14 days', () => {
  const inDays = async (id: string, days: number) =>
    server.database.pool.query("update session set expires_at = now() + $2 * interval '1 day' where person_id = $1", [
      id,
      days,
    ])
  const daysLeft = async (id: string) => {
    const { rows } = await server.database.pool.query<{ days: number }>(
      'select extract(epoch from expires_at - now()) / 86400 as days from session where person_id = $1',
      [id],
    )
    return rows.map(({ days }) => Math.round(days))
  }

  test('is lengthened once a day, when the browser asks who is signed in', async () => {
    const person = await addTestPerson(server, 'admin')
    const headers = await signIn(server, person)
    expect(await daysLeft(person.id)).toEqual([14])
    await inDays(person.id, 13.1)
    expect((await who(headers)).headers['set-cookie']).toBeUndefined()
    expect(await daysLeft(person.id)).toEqual([13])
    await inDays(person.id, 9)
    await server.app.inject({ url: '/api/people', headers })
    expect(await daysLeft(person.id)).toEqual([9])
    const reply = await who(headers)
    expect(await daysLeft(person.id)).toEqual([14])
    expect(await status(browserHeaders(reply.headers['set-cookie']))).toBe(200)
  })

  test('is removed after its end, when the person signs in again', async () => {
    const person = await addTestPerson(server, 'reader')
    await signIn(server, person)
    await inDays(person.id, -1)
    await signIn(server, person)
    expect(await daysLeft(person.id)).toEqual([14])
  })
})

test('a key has no session', async () => {
  expect((await who(await withKey(server, ['leads:read']))).statusCode).toBe(403)
})
