import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { parseDefinitionText, readText } from '../../src/definition/text.ts'
import { casesOf } from '../generators/share.ts'
import { HEAD, textCases } from './text-cases.ts'
import { whole } from './whole.ts'

/** `line:column code` of every issue. */
const found = (text: string) =>
  parseDefinitionText(text).issues.map((issue) => `${issue.line}:${issue.column} ${issue.code}`)

test.each(textCases)('$name', ({ text, issues }) => {
  expect(found(text)).toEqual(issues)
})

test.each([
  ['YAML in blocks', stringify(whole(), { aliasDuplicateObjects: false })],
  ['JSON', JSON.stringify(whole())],
  ['JSON with tabs', JSON.stringify(whole(), null, '\t')],
  ['JSON over lines', JSON.stringify(whole(), null, 2)],
  ['a byte order mark', `\uFEFF${JSON.stringify(whole())}`],
  ['Windows line ends', stringify(whole(), { aliasDuplicateObjects: false }).replaceAll('\n', '\r\n')],
])('%s is read as it is written', (_, text) => {
  const parsed = parseDefinitionText(text)
  expect(parsed.ok ? parsed.definition : parsed.issues).toEqual(whole())
})

test('keys that look like numbers and words are words', () => {
  const parsed = parseDefinitionText(
    `${HEAD}attributes:\n  stars: { type: choice, of: ["1", "true"] }\nscores:\n  fit:\n    groups:\n      all:\n        criteria:\n          - id: a\n            table: stars\n            values: { 1: 5, true: 6 }\n`,
  )
  expect(parsed.issues).toEqual([])
})

test('words that older YAML took for truth are words', () => {
  expect(parseDefinitionText('winnow: 1\nname: yes\n')).toMatchObject({ ok: true, definition: { name: 'yes' } })
})

test('a mebibyte is read, a byte more is not', () => {
  const text = (bytes: number) => `${HEAD}# ${'x'.repeat(bytes - HEAD.length - 2)}`
  expect(found(text(1_048_576))).toEqual([])
  expect(found(text(1_048_577))).toEqual(['1:1 text_too_large'])
  expect(found(`${HEAD}# ${'é'.repeat(600_000)}`)).toEqual(['1:1 text_too_large'])
  expect(found(`${HEAD}# ${'世'.repeat(349_518)}`)).toEqual([])
  expect(found(`${HEAD}# ${'世'.repeat(349_519)}`)).toEqual(['1:1 text_too_large'])
  expect(found(`${HEAD}# ${'😀'.repeat(262_139)}`)).toEqual([])
  expect(found(`${HEAD}# ${'😀'.repeat(262_140)}`)).toEqual(['1:1 text_too_large'])
})

const deep = (open: string, times: number, close = '') => open.repeat(times) + close.repeat(times)
test.each([
  ['brackets', deep('[', 100_000)],
  ['closed brackets', deep('[', 100, ']')],
  ['braces', deep('{a: ', 20_000)],
  ['list items', deep('- ', 20_000)],
  ['brackets behind quotes', deep('["]",', 20_000)],
  ['explicit keys', deep('? ', 20_000)],
  ['indentation', Array.from({ length: 200 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
])('deeply nested %s are refused', (_, text) => {
  expect(parseDefinitionText(text).issues.map((issue) => issue.code)).toEqual(['too_deep'])
})

test('other small files are refused for the same reasons, at their beginning', () => {
  for (const [text, code] of [
    [deep('[', 100_000), 'too_deep'],
    [`a: ${'x'.repeat(1_048_576)}`, 'text_too_large'],
  ] as const) {
    const { value, issues, source } = readText(text)
    expect(value).toBeUndefined()
    expect(issues).toMatchObject([{ code, line: 1, column: 1 }])
    expect(source.locate(['a'])).toEqual({ line: 1, column: 1 })
  }
  expect(readText('a: [1, x]')).toMatchObject({ value: { a: [1, 'x'] }, issues: [] })
})

test('a bomb of aliases is not unfolded', () => {
  const bomb = [
    'a: &a [x, x]',
    ...Array.from(
      { length: 40 },
      (_, at) => `b${at}: &b${at} [*${at === 0 ? 'a' : `b${at - 1}`}, *${at === 0 ? 'a' : `b${at - 1}`}]`,
    ),
  ]
  const parsed = parseDefinitionText(bomb.join('\n'))
  expect(new Set(parsed.issues.map((issue) => issue.code))).toEqual(new Set(['alias_refused']))
})

test('very many keys are compared in linear time', () => {
  const text = HEAD + Array.from({ length: casesOf(30_000) }, (_, at) => `k${at}: 1`).join('\n')
  expect(parseDefinitionText(text).issues).toHaveLength(1_001)
})

test('places can be asked for any part, and are near for parts that are not there', () => {
  const { source } = parseDefinitionText(`${HEAD}stages:\n  - id: a\n    label: A\n`)
  expect(source?.locate(['stages', 0, 'label'])).toEqual({ line: 5, column: 12 })
  expect(source?.locate(['stages', 0, 'label'], 'key')).toEqual({ line: 5, column: 5 })
  expect(source?.locate(['stages', 0, 'owner', 'x'])).toEqual({ line: 4, column: 5 })
  expect(source?.locate(['stages', 7])).toEqual({ line: 4, column: 3 })
  expect(source?.locate([])).toEqual({ line: 1, column: 1 })
})
