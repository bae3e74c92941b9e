import { expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { parseDefinitionText } from '../../src/definition/text.ts'
import { whole } from './whole.ts'

vi.setConfig({ testTimeout: 60_000 })

const HEAD = 'winnow: 1\nname: x\n'
/** `line:column code` of every issue. */
const found = (text: string) =>
  parseDefinitionText(text).issues.map((issue) => `${issue.line}:${issue.column} ${issue.code}`)

export const textCases: readonly {
  readonly name: string
  readonly text: string
  readonly issues: readonly string[]
}[] = [
  { name: 'two equal keys', text: `${HEAD}name: y\n`, issues: ['3:1 duplicate_key'] },
  { name: 'two equal keys in JSON', text: '{"winnow": 1, "name": "x",\n "name": "y"}', issues: ['2:2 duplicate_key'] },
  { name: 'an anchor', text: `${HEAD}description: &a text\n`, issues: ['3:17 alias_refused'] },
  {
    name: 'an anchor and its alias',
    text: `${HEAD}personas: &a {}\nscores: *a\n`,
    issues: ['3:14 alias_refused', '4:9 alias_refused'],
  },
  { name: 'an alias of nothing', text: `${HEAD}scores: *a\n`, issues: ['3:9 alias_refused'] },
  { name: 'a merge key', text: `${HEAD}review:\n  <<: { every: 3 months }\n`, issues: ['4:3 alias_refused'] },
  { name: 'a tag', text: `${HEAD}description: !secret text\n`, issues: ['3:22 tag_refused'] },
  { name: 'a known tag', text: `${HEAD}description: !!str 5\n`, issues: ['3:20 tag_refused'] },
  { name: 'a tab', text: `${HEAD}review:\n\tevery: 3 months\n`, issues: ['4:1 yaml_syntax'] },
  { name: 'an open bracket', text: `${HEAD}review: { every: 3 months\n`, issues: ['4:1 yaml_syntax'] },
  { name: 'a directive', text: `%YAML 1.1\n---\n${HEAD}`, issues: ['1:1 yaml_syntax'] },
  { name: 'a map as a key', text: `${HEAD}? { a: 1 }\n: 2\n`, issues: ['3:3 yaml_syntax'] },
  { name: 'nothing as a key', text: `${HEAD}~: 2\n`, issues: ['3:1 yaml_syntax'] },
  { name: 'two documents', text: `${HEAD}---\n${HEAD}`, issues: ['3:1 several_documents'] },
  { name: 'nothing', text: '', issues: ['1:1 wrong_type'] },
  { name: 'a word', text: 'hello', issues: ['1:1 wrong_type'] },
  {
    name: 'an octal number',
    text: `${HEAD}value: { cost: 012 }`,
    issues: ['3:8 missing', '3:8 missing', '3:16 unsafe_number'],
  },
  { name: 'a hexadecimal number', text: 'winnow: 0x1\nname: x', issues: ['1:9 unsafe_number'] },
  { name: 'NUL', text: 'winnow: 1\nname: "a\\0"', issues: ['2:7 malformed_text'] },
  { name: 'half a pair', text: 'winnow: 1\nname: "\\ud800"', issues: ['2:7 malformed_text'] },
  { name: 'an unknown key', text: `${HEAD}atributes: {}\n`, issues: ['3:1 unknown_key'] },
  { name: 'a missing key of a list item', text: `${HEAD}stages:\n  - id: a\n  - label: b\n`, issues: ['5:5 missing'] },
  { name: 'a value in a list in flow', text: `${HEAD}stages: [{ id: a }, { id: A }]\n`, issues: ['3:27 malformed'] },
  { name: 'an empty value stands at its key', text: `${HEAD}review:\n  every:\n`, issues: ['4:3 wrong_type'] },
  {
    name: 'a name in a list of text over lines',
    text: `${HEAD}playbooks:\n  a:\n    title: t\n    steps: [s]\n    when:\n      any:\n        - activity: b\n        - persona:\n            - c\n`,
    issues: ['9:21 unknown_activity', '11:15 unknown_persona'],
  },
  {
    name: 'a name that is a key',
    text: `${HEAD}examples:\n  - name: e\n    as_of: 2026-01-01\n    facts: []\n    expect:\n      scores:\n        fit: 5\n`,
    issues: ['9:9 unknown_score'],
  },
  { name: 'Windows line ends', text: 'winnow: 1\r\nname: x\r\nreview: 5\r\n', issues: ['3:9 wrong_type'] },
  {
    name: 'issues of text and meaning together',
    text: `${HEAD}name: y\nreview: 5\n`,
    issues: ['3:1 duplicate_key', '4:9 wrong_type'],
  },
]

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
  expect(found(`${HEAD}# ${'😀'.repeat(262_139)}`)).toEqual([])
  expect(found(`${HEAD}# ${'😀'.repeat(262_140)}`)).toEqual(['1:1 text_too_large'])
})

const deep = (open: string, times: number, close = '') => open.repeat(times) + close.repeat(times)
test.each([
  ['brackets', deep('[', 100_000)],
  ['closed brackets', deep('[', 100, ']')],
  ['braces', deep('{a: ', 20_000)],
  ['list items', deep('- ', 20_000)],
  ['explicit keys', deep('? ', 20_000)],
  ['indentation', Array.from({ length: 200 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
])('deeply nested %s are refused', (_, text) => {
  expect(parseDefinitionText(text).issues.map((issue) => issue.code)).toEqual(['too_deep'])
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
  const text = HEAD + Array.from({ length: 30_000 }, (_, at) => `k${at}: 1`).join('\n')
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
