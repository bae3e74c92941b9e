import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RIGHTS, RIGHTS_OF, RIGHTS_OF_PEOPLE, ROLES, type Right } from '@winnow/contract'
import { readConfig, SETTINGS } from '../src/config.ts'

const text = await readFile(join(import.meta.dirname, '../../../docs/server.md'), 'utf8')

test('docs/server.md has the table of settings', () => {
  const rows = SETTINGS.map(({ name, means, default: usual }) => `| \`${name}\` | ${means} | ${usual} |`)
  const documented = text.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))
  expect(documented).toEqual(rows)
})

test('docs/server.md has the table of rights', () => {
  const rows = Object.entries(RIGHTS).map(([name, means]) => {
    const right = name as Right
    const roles = ROLES.map((role) => (RIGHTS_OF[role].includes(right) ? 'yes' : ''))
    return `| \`${right}\`: ${means} | ${roles.join(' | ')} | ${RIGHTS_OF_PEOPLE.includes(right) ? '' : 'may'} |`
  })
  expect(text.split('\n').filter((line) => /^\| `[a-z]+:[a-z]+`/.test(line))).toEqual(rows)
})

describe('proxies', () => {
  test.each<[string, boolean | string]>([
    ['true', true],
    ['false', false],
    ['loopback', 'loopback'],
    ['10.0.0.0/8, ::1', '10.0.0.0/8, ::1'],
  ])('%s is understood', (given, meant) => {
    expect(readConfig({ WINNOW_TRUST_PROXY: given }, '/nowhere').trustProxy).toBe(meant)
  })

  test.each(['yes', '1', '10.0.0.0/33', '10.0.0.0/8/8', 'example.com', 'loopback/8', ','])('%s is refused', (given) => {
    expect(() => readConfig({ WINNOW_TRUST_PROXY: given }, '/nowhere')).toThrow(
      expect.objectContaining({ at: 'WINNOW_TRUST_PROXY' }),
    )
  })
})

describe('rates', () => {
  test('are so many in a period', () => {
    const { rates } = readConfig({ WINNOW_RATE_WRITE: '30/min', WINNOW_RATE_ACCOUNT: '1/h' }, '/nowhere')
    expect(rates.write).toEqual({ tokens: 30, periodMs: 60_000 })
    expect(rates.account).toEqual({ tokens: 1, periodMs: 3_600_000 })
    expect(rates.read).toEqual({ tokens: 200, periodMs: 1000 })
  })

  test.each(['0/s', '5', '5/d', '-1/s', '1.5/s', 'many', '1e3/s', '5/s/s'])('%s is refused', (given) => {
    expect(() => readConfig({ WINNOW_RATE_READ: given }, '/nowhere')).toThrow(
      expect.objectContaining({ code: 'setting_invalid', at: 'WINNOW_RATE_READ' }),
    )
  })
})

test('a short secret is refused, and not repeated', () => {
  expect(() => readConfig({ WINNOW_SECRET: 'hunter2' }, '/nowhere')).toThrow(/shorter than 32/)
  expect(() => readConfig({ WINNOW_SECRET: 'hunter2' }, '/nowhere')).not.toThrow(/hunter2/)
})
