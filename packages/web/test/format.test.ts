import { expect, test } from 'vitest'
import { createFormats, formatLanguage } from '../src/app/format.ts'

test.each([
  ['en', ['de-DE', 'en-GB', 'en-US'], 'en-GB'],
  ['en', ['en-US@posix', 'en-IE'], 'en-IE'],
  ['en', ['en-US@posix'], 'en'],
  ['de', ['en-GB'], 'de'],
  ['de', [], 'de'],
])('an app in %s for a reader of %j counts as in %s', (language, wanted, right) => {
  const found = formatLanguage(language, wanted)
  expect(found).toBe(right)
  expect(createFormats(found).number(-1)).toBe('−1')
})
