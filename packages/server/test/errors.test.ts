/** What the documents say of the server's errors holds. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SERVER_HINTS } from '../src/errors.ts'
import { STATUS_OF } from '../src/http/statuses.ts'

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
const sections = page.split('\n## ').filter((section) => section.startsWith('Errors of the server'))

describe('docs/errors.md', () => {
  test('explains every code of the server once, and no other', () => {
    const listed = sections.flatMap((section) => [...section.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code))
    expect(new Set(listed)).toEqual(new Set(Object.keys(SERVER_HINTS)))
    expect(listed).toHaveLength(Object.keys(SERVER_HINTS).length)
  })

  test('says the status of every code that a request may get', () => {
    const listed = [...page.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \|/gm)]
    expect(listed.map(([, code, status]) => [code, Number(status)])).toEqual(
      listed.map(([, code]) => [code, STATUS_OF[code as keyof typeof STATUS_OF]]),
    )
    expect(listed.length).toBeGreaterThan(15)
  })
})

test('every error says what to do', () => {
  for (const hint of Object.values(SERVER_HINTS)) expect(hint).toMatch(/^.{10,}\.$/s)
})
