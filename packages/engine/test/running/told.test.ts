import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { told, toldLeads } from './told.ts'

const expected = JSON.parse(readFileSync(new URL('expected/told.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, unknown>
>

// When these fail and what is told now is meant, run `node scripts/write-expected.ts` and read the difference.
test.each(toldLeads)('$name', (each) => {
  expect(JSON.parse(JSON.stringify(told(each)))).toEqual(expected[each.name])
})
