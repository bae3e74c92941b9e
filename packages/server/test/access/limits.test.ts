import { afterEach, describe, expect, test } from 'vitest'
import { callerAt, createLimits, type Limits } from '../../src/access/limits.ts'
import { readConfig } from '../../src/config.ts'
import { addTestPerson, openTestServer, PASSWORD, signedInAs, withKey, type TestServer } from '../server.ts'

describe('a bucket', () => {
  const { rates } = readConfig({ WINNOW_RATE_READ: '2/min' }, '/nowhere')
  let now = 0
  const limits = (callersMax?: number) => createLimits(rates, () => now, callersMax)
  const empty = (take: Limits['take']) => [take('read', 'a'), take('read', 'a')]

  test('holds so many, and is filled again in the course of the period', () => {
    const { take } = limits()
    expect([take('read', 'a'), take('read', 'a')]).toEqual([undefined, undefined])
    expect(take('read', 'a')).toBe(30)
    now += 29_999
    expect(take('read', 'a')).toBeCloseTo(0.001)
    now += 1
    expect(take('read', 'a')).toBeUndefined()
    expect(take('read', 'a')).toBe(30)
    now += 3_600_000
    expect([take('read', 'a'), take('read', 'a')]).toEqual([undefined, undefined])
    expect(take('read', 'a')).toBe(30)
  })

  test('belongs to one caller and one kind of request', () => {
    const { take } = limits()
    empty(take)
    expect(take('read', 'a')).toBeDefined()
    expect(take('read', 'b')).toBeUndefined()
    expect(take('write', 'a')).toBeUndefined()
  })

  test('is not filled by a clock that goes back', () => {
    const { take } = limits()
    empty(take)
    now -= 86_400_000
    expect(take('read', 'a')).toBe(30)
  })

  test('gets back what did not count, and no more than it holds', () => {
    const { take, giveBack } = limits()
    giveBack('read', 'a')
    giveBack('read', 'a')
    expect([take('read', 'a'), take('read', 'a')]).toEqual([undefined, undefined])
    giveBack('read', 'a')
    expect(take('read', 'a')).toBeUndefined()
    expect(take('read', 'a')).toBeDefined()
  })

  test('is forgotten where there are too many callers, the quietest first', () => {
    const { take } = limits(2)
    for (const caller of ['a', 'a', 'b', 'b', 'a']) take('read', caller)
    take('read', 'c')
    expect(take('read', 'a')).toBeDefined()
    expect(take('read', 'b')).toBeUndefined()
  })
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the caller at %s is %s', (address, caller) => {
  expect(callerAt(address)).toBe(caller)
})

describe('on the server', () => {
  let server: TestServer
  afterEach(() => server.close())

  const trySignIn = (email: string, password: string, remoteAddress = '192.0.2.1') =>
    server.app.inject({ method: 'POST', url: '/api/session', payload: { email, password }, remoteAddress })

  test('attempts to sign in are limited by address', async () => {
    server = await openTestServer({ settings: { WINNOW_RATE_SIGN_IN: '2/min' } })
    const statuses = []
    for (const index of [1, 2, 3]) statuses.push((await trySignIn(`${index}@example.com`, 'wrong')).statusCode)
    expect(statuses).toEqual([401, 401, 429])
    const reply = await trySignIn('4@example.com', 'wrong')
    expect(reply.json()).toMatchObject({ error: { code: 'rate_limited' } })
    expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(30)
    expect((await trySignIn('5@example.com', 'wrong', '192.0.2.2')).statusCode).toBe(401)
  })

  test('guessing one person’s password is slowed, from however many addresses', async () => {
    server = await openTestServer({ settings: { WINNOW_RATE_ACCOUNT: '2/h' } })
    const { email } = await addTestPerson(server, 'sales')
    const other = await addTestPerson(server, 'sales')
    const statuses = []
    for (const index of [1, 2, 3]) statuses.push((await trySignIn(email, 'wrong', `192.0.2.${index}`)).statusCode)
    expect(statuses).toEqual([401, 401, 429])
    const right = await trySignIn(email.toUpperCase(), PASSWORD, '192.0.2.9')
    expect(right.statusCode).toBe(429)
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(1700)
    expect((await trySignIn(other.email, PASSWORD)).statusCode).toBe(200)
  })

  test('signing in rightly, however often, is no guessing', async () => {
    server = await openTestServer({ settings: { WINNOW_RATE_ACCOUNT: '2/h' } })
    const { email } = await addTestPerson(server, 'sales')
    for (let attempt = 0; attempt < 4; attempt++) expect((await trySignIn(email, PASSWORD)).statusCode).toBe(200)
  })

  describe('behind a proxy', () => {
    const attempt = async (forwarded: string | undefined, remoteAddress: string) =>
      (
        await server.app.inject({
          method: 'POST',
          url: '/api/session',
          payload: { email: 'ada@example.com', password: 'wrong' },
          headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
          remoteAddress,
        })
      ).statusCode
    const open = async (trust: string) => {
      server = await openTestServer({ settings: { WINNOW_RATE_SIGN_IN: '1/h', WINNOW_TRUST_PROXY: trust } })
    }

    test.each(['true', 'loopback', '127.0.0.0/8'])('%s: the address is the one that the proxy saw', async (trust) => {
      await open(trust)
      expect(await attempt('192.0.2.1', '127.0.0.1')).toBe(401)
      expect(await attempt('192.0.2.2', '127.0.0.1')).toBe(401)
      expect(await attempt('192.0.2.1', '127.0.0.1')).toBe(429)
      expect(await attempt('198.51.100.9, 192.0.2.1', '127.0.0.1')).toBe(429) // the first was made up
    })

    test.each(['false', '10.0.0.0/8'])('%s: nobody else is believed', async (trust) => {
      await open(trust)
      expect(await attempt('192.0.2.1', '127.0.0.1')).toBe(401)
      expect(await attempt('192.0.2.2', '127.0.0.1')).toBe(429)
    })
  })

  test('each caller has its share of its own', async () => {
    let now = Date.now()
    server = await openTestServer({ settings: { WINNOW_RATE_READ: '2/s' }, now: () => now })
    const person = await signedInAs(server, 'admin')
    const key = await withKey(server, ['settings:write'])
    const get = async (headers: Readonly<Record<string, string>>) =>
      (await server.app.inject({ url: '/api/sources', headers })).statusCode
    expect([await get(person), await get(person), await get(person)]).toEqual([200, 200, 429])
    expect(await get(key)).toBe(200)
    now += 500
    expect([await get(person), await get(person)]).toEqual([200, 429])
  })
})
