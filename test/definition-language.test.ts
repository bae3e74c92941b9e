import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  definitionJsonSchema,
  lintDefinition,
  parseDefinition,
  parseDefinitionText,
  readText,
  testDefinition,
  type Definition,
  type Issue,
} from '@winnow/engine'

/** A fenced block: its language and the words after it, and its text. */
interface Block {
  readonly kind: string
  readonly code?: string
  readonly text: string
  readonly line: number
}

const page = readFileSync(new URL('../docs/definition-language.md', import.meta.url), 'utf8')

const blocks: readonly Block[] = [...page.matchAll(/^```yaml *(\w*) *(\w*)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', code = '', text = ''], at, all) => {
    const line = page.slice(0, page.indexOf(all[at]![0])).split('\n').length
    return { kind: kind === '' ? 'whole' : kind, text, line, ...(code === '' ? {} : { code }) }
  },
)
const ofKind = (kind: string) => blocks.filter((block) => block.kind === kind)

type Document = Record<string, unknown>

/** The definition whose names the fragments use. */
const names = readText(ofKind('whole')[0]!.text).value as Document

const WRAPPED: Readonly<Record<string, (fragment: unknown) => Document>> = {
  condition: (when) => ({ personas: { the_example: { when } } }),
  criterion: (criteria) => ({ scores: { the_example: { range: [-100, 100], groups: { all: { criteria } } } } }),
  section: (section) => section as Document,
  wrong: (section) => section as Document,
}

/** The names' definition with the fragment in it: maps are joined by their keys, lists replaced. */
function withFragment({ kind, text }: Block): Document {
  const document: Document = { ...names }
  for (const [key, value] of Object.entries(WRAPPED[kind]!(readText(text).value))) {
    document[key] = Array.isArray(value) ? value : { ...(document[key] as Document), ...(value as Document) }
  }
  return document
}

const errorsOf = (issues: readonly Issue[]) => issues.map(({ code, message }) => `${code}: ${message}`)

function definitionOf(document: unknown): Definition {
  const parsed = parseDefinition(document)
  if (!parsed.ok) throw new Error(errorsOf(parsed.issues).join('\n'))
  return parsed.definition
}

describe('every example on the page', () => {
  test('is of a kind that is checked', () => {
    const known = ['whole', 'step', ...Object.keys(WRAPPED)]
    expect(blocks.filter(({ kind }) => !known.includes(kind))).toEqual([])
    expect(blocks.length).toBeGreaterThan(30)
  })

  test.each(ofKind('whole'))('line $line: a whole definition', ({ text }) => {
    const parsed = parseDefinitionText(text)
    expect(errorsOf(parsed.issues)).toEqual([])
  })

  test.each(blocks.filter(({ kind }) => ['condition', 'criterion', 'section'].includes(kind)))(
    'line $line: a $kind',
    (block) => {
      const parsed = parseDefinition(withFragment(block))
      expect(errorsOf(parsed.issues)).toEqual([])
    },
  )

  test.each(ofKind('wrong'))('line $line is wrong in the way it says: $code', (block) => {
    const parsed = parseDefinition(withFragment(block))
    expect(parsed.ok).toBe(false)
    expect(parsed.issues.map(({ code }) => code)).toContain(block.code)
  })

  test('the tests in the section on examples come out as it says', () => {
    const block = ofKind('section').find(({ text }) => text.startsWith('examples:'))!
    const results = testDefinition(definitionOf(withFragment(block)))
    expect(results.map(({ name, mismatches, problems }) => ({ name, mismatches, problems }))).toEqual(
      results.map(({ name }) => ({ name, mismatches: [], problems: [] })),
    )
  })
})

describe('the first definition, put together from its steps', () => {
  const text = ofKind('step')
    .map((block) => block.text)
    .join('\n')
  const parsed = parseDefinitionText(text)

  test('parses, and the linter has only what it leaves out on purpose', () => {
    expect(parsed.issues).toEqual([])
    if (parsed.ok) expect(lintDefinition(parsed.definition).map(({ code }) => code)).toEqual(['missing_review'])
  })

  test('passes its own examples', () => {
    expect(parsed.ok && testDefinition(parsed.definition).map(({ ok }) => ok)).toEqual([true, true])
  })
})

describe('the page is complete', () => {
  const inCode = [...page.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code).join('\n')
  const isShown = (word: string) => new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`).test(inCode)

  test('every key of the language stands on it', () => {
    expect(keysOf(definitionJsonSchema()).filter((key) => !isShown(key))).toEqual([])
  })

  test('so does every word that may stand for a value', () => {
    expect(wordsOf(definitionJsonSchema()).filter((word) => !isShown(word))).toEqual([])
  })

  test('its links lead to headings that are there', () => {
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^a-z0-9 _-]/g, '')
        .replaceAll(' ', '-'),
    )
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target!)
    expect(links.filter((target) => !headings.includes(target))).toEqual([])
  })
})

/** Keys of maps in the schema, wherever they stand. */
function keysOf(schema: unknown): string[] {
  return collect(schema, (node) => (isMap(node['properties']) ? Object.keys(node['properties']) : []))
}

function wordsOf(schema: unknown): string[] {
  return collect(schema, (node) => {
    const words: unknown = node['enum']
    return Array.isArray(words) ? words.filter((word) => typeof word === 'string') : []
  })
}

function collect(node: unknown, read: (node: Document) => readonly string[]): string[] {
  if (Array.isArray(node)) return node.flatMap((each) => collect(each, read))
  if (!isMap(node)) return []
  // The map under `properties` is no schema itself: its keys may be called like a schema's own.
  const parts = Object.entries(node).flatMap(([key, each]) =>
    key === 'properties' && isMap(each) ? Object.values(each) : [each],
  )
  return [...new Set([...read(node), ...parts.flatMap((each) => collect(each, read))])]
}

const isMap = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
