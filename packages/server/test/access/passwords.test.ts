import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../../src/access/passwords.ts'

const QUICK = { N: 16, r: 8, p: 1 }

test('a digest knows its password and no other, and is another one each time', async () => {
  const [one, other] = await Promise.all([hashPassword('the password'), hashPassword('the password')])
  expect(one).toMatch(/^scrypt:32768:8:3:/)
  expect(one).not.toBe(other)
  expect(one).not.toContain('password')
  for (const hash of [one, other]) {
    expect(await verifyPassword({ hash, password: 'the password' })).toBe(true)
    expect(await verifyPassword({ hash, password: 'the Password' })).toBe(false)
  }
})

test('letters count as what they look like, however they were typed', async () => {
  const hash = await hashPassword('Zoe\u0308 war hier', QUICK)
  expect(await verifyPassword({ hash, password: 'Zo\u00eb war hier' })).toBe(true)
})

test('a flood of attempts is refused rather than kept waiting, and passes', async () => {
  const hash = await hashPassword('the password', QUICK)
  const attempt = () => verifyPassword({ hash, password: 'the password' })
  const results = await Promise.allSettled(Array.from({ length: 150 }, attempt))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused).toHaveLength(48) // two at work, a hundred waiting
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'overloaded', retryAfterSeconds: 5 })
  expect(await attempt()).toBe(true)
})
