import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pages } from './pages.ts'

// When these fail and the new words are meant, run `node scripts/write-expected.ts` and read the difference.
test.each(pages)('$file', ({ file, render }) => {
  expect(render()).toBe(readFileSync(new URL(`expected/${file}`, import.meta.url), 'utf8'))
})
