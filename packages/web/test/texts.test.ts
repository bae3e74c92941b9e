/** Every language has every text, and each says the same of the same things. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../src/text')
type Texts = Readonly<Record<string, unknown>>

const screens = readdirSync(join(FOLDER, 'en'))
const languages = readdirSync(FOLDER).filter((language) => language !== 'en')

/** `queue.reject.title` → text; plural forms under their common name, for languages have them differently. */
function flatten(texts: Texts, prefix = ''): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key.replace(/_(?:zero|one|two|few|many|other)$/, ''), value] as [string, string]]
      : flatten(value as Texts, `${prefix}${key}.`),
  )
}

const read = (language: string, screen: string) =>
  flatten(JSON.parse(readFileSync(join(FOLDER, language, screen), 'utf8')) as Texts)
const keys = (texts: readonly (readonly [string, string])[]) => [...new Set(texts.map(([key]) => key))].sort()
const placeholders = (text: string) =>
  (text.match(/\{\{-?\s*\w+/g) ?? []).map((each) => each.replaceAll(/[{\s-]/g, '')).sort()

const pairs = languages.flatMap((language) => screens.map((screen) => [language, screen] as const))

test.for(pairs)('%s has all of %s', ([language, screen]) => {
  expect(keys(read(language, screen))).toEqual(keys(read('en', screen)))
})

test.for(pairs)('%s fills the same gaps in %s', ([language, screen]) => {
  const english = Map.groupBy(read('en', screen), ([key]) => key)
  const strangers = read(language, screen).filter(([key, text]) => {
    const allowed = new Set(english.get(key)?.flatMap(([, each]) => placeholders(each)))
    return placeholders(text).some((name) => !allowed.has(name))
  })
  expect(strangers).toEqual([])
})

test('no text is empty', () => {
  const texts = ['en', ...languages].flatMap((language) => screens.flatMap((screen) => read(language, screen)))
  expect(texts.filter(([, text]) => text.trim() === '')).toEqual([])
})
