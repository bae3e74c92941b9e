import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { told, toldCases } from './messages.ts'

const messages = JSON.parse(readFileSync(new URL('expected/messages.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>

// When these fail and the new words are meant, run `node scripts/write-expected.ts` and read the difference.
test.each(toldCases)('$name', (each) => {
  expect(told(each)).toEqual(messages[each.name])
})

test('nothing is written down that no case tells', () => {
  expect(Object.keys(messages).sort()).toEqual([...new Set(toldCases.map(({ name }) => name))].sort())
})
