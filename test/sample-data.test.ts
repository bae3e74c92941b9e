import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sampleFiles, STORIES } from '../scripts/sample-data/files.ts'

const names = Object.keys(STORIES) as (keyof typeof STORIES)[]

describe.each(names)('the sample company of %s', (name) => {
  const read = (file: string) => readFileSync(new URL(`../examples/${name}/${file}`, import.meta.url), 'utf8')
  const written = sampleFiles(name, read('definition.yaml'))

  // When one of these fails, run `node scripts/write-sample-data.ts` and look at what has changed.
  test.each(Object.keys(written))('%s is what the story and the definition give', (file) => {
    expect(read(file)).toBe(written[file])
  })

  test('every address is one that nobody can have', () => {
    const addresses =
      Object.values(written)
        .join('\n')
        .match(/[\w.-]+@[\w.-]+/g) ?? []
    expect(addresses.length).toBeGreaterThan(0)
    expect(addresses.filter((address) => !address.endsWith('.example'))).toEqual([])
  })
})
