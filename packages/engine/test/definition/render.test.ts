import { describe, expect, test } from 'vitest'
import type { Definition } from '../../src/definition/language.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { renderHtml, renderMarkdown } from '../../src/definition/render.ts'
import { whole, wholeWith } from './whole.ts'

/** Texts that somebody could take for more than text, and how Markdown must write them. */
const TRAPS: readonly (readonly [text: string, markdown: string])[] = [
  ['</td></table>', '&#60;/td&#62;&#60;/table&#62;'],
  ['<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
  [`<img src=x onerror="alert('2')">`, `&#60;img src\\=x onerror\\="alert('2')"&#62;`],
  ['{{ 7 * 7 }}', '&#123;&#123; 7 \\* 7 &#125;&#125;'],
  ['{% raw %}', '&#123;% raw %&#125;'],
  ['${1}', '\\$&#123;1&#125;'],
  ['[a](javascript:b)', '\\[a\\](javascript\\:b)'],
  ['**c** _d_ `e`', '\\*\\*c\\*\\* \\_d\\_ \\`e\\`'],
  ['| f & g', '\\| f &#38; g'],
  ['~~h~~', '\\~\\~h\\~\\~'],
  ['<!-- i -->', '&#60;\\!-- i --&#62;'],
  ['# j', '\\# j'],
  ['https://k.l www.m.n o@p.q', 'https\\://k.l www\\.m.n o\\@p.q'],
  ['\\ ]]>', '\\\\ \\]\\]&#62;'],
]
const HOSTILE = TRAPS.map(([text]) => text).join(' ')
const ESCAPED = TRAPS.map(([, markdown]) => markdown).join(' ')

/** What readers write: everything that is prose, a label or a free value. */
const PROSE: ReadonlySet<string> = new Set([
  'name',
  'label',
  'description',
  'title',
  'question',
  'unit',
  'reason',
  'from',
])

function withProse(value: unknown, put: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => withProse(each, put))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      PROSE.has(key) && typeof each === 'string' ? put(each) : withProse(each, put),
    ]),
  )
}
const replaced = (put: (text: string) => string): Definition => {
  const document = withProse(whole(), put) as Definition & { description: string; stages: { reasons?: string[] }[] }
  document.stages[5].reasons = [put('not now')]
  return document
}
/** Units are short, so the text is cut to what every field may hold. */
const hostile = replaced((text) => `${HOSTILE.slice(0, 5)}${text.length}`)
const long = {
  ...whole(),
  name: 'x',
  description: `${HOSTILE}\n\n${HOSTILE}\n- no list\n1. no list`,
  playbooks: {
    a: { when: { stage: 'mql' }, title: HOSTILE.slice(0, 200), steps: [HOSTILE, `- ${HOSTILE}`, '1. one'] },
  },
} as Definition

const tagsOf = (html: string) => html.match(/<[^>]*>/g)

describe('HTML', () => {
  test('the texts of a definition never become markup', () => {
    expect(parseDefinition(long)).toMatchObject({ ok: true })
    const plain = {
      ...long,
      description: 'x\n\nx',
      playbooks: { a: { ...long.playbooks!['a'], title: 'x', steps: ['x', 'x', 'x'] } },
    }
    expect(tagsOf(renderHtml(long))).toEqual(tagsOf(renderHtml(plain)))
    expect(tagsOf(renderHtml(hostile))).toEqual(tagsOf(renderHtml(replaced(() => 'x'))))
  })

  test('braces and quotes are written as entities', () => {
    const body = renderHtml(long).split('</style>')[1]
    expect(body).not.toMatch(/[{}`']/)
    expect(body).toContain('&#123;&#123; 7 * 7 &#125;&#125;')
  })

  test('it is one page that loads nothing and runs nothing', () => {
    const html = renderHtml(whole())
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(/)
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(html).toContain('prefers-color-scheme: dark')
    expect(html).toContain('@media print')
  })

  test('every link of the contents leads somewhere', () => {
    const html = renderHtml(whole())
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1])
    expect(targets).toHaveLength(12)
    for (const target of targets) expect(html).toContain(`<h2 id="${target}">`)
  })

  test('tags are closed in order', () => {
    const open: string[] = []
    for (const tag of tagsOf(renderHtml(whole()))!) {
      const name = /^<\/?([a-z0-9]+)/.exec(tag)?.[1]
      if (name === undefined || name === 'meta') continue
      if (tag.startsWith('</')) expect(open.pop()).toBe(name)
      else open.push(name)
    }
    expect(open).toEqual([])
  })
})

describe('Markdown', () => {
  const lines = renderMarkdown(long).split('\n')

  test('the texts of a definition never become markup', () => {
    expect(lines).toContain(ESCAPED)
    expect(lines).toContain(`${ESCAPED} - no list 1. no list`)
    expect(lines).toContain(`2. \\- ${ESCAPED}`)
    expect(lines).toContain('3. 1\\. one')
  })

  test('rows have as many cells as their head', () => {
    const tables = renderMarkdown(whole())
      .trimEnd()
      .split('\n\n')
      .filter((block) => block.startsWith('|'))
    expect(tables.length).toBeGreaterThan(15)
    for (const table of tables) {
      const widths = table.split('\n').map((row) => row.replaceAll('\\|', '').split('|').length)
      expect(new Set(widths).size).toBe(1)
    }
  })
})

describe('what a reader finds', () => {
  const text = renderMarkdown(whole())
  test.each([
    '# Tools for workshops',
    '## Who we sell to',
    'Decides and pays.',
    '| Company size | employees: below 20 people | 0 |  |',
    'At most 60 points in all, at least −20 points in all and multiplied by 1.5.',
    '| Pricing | each “pricing viewed” | 10 | counts at most 3 times in any 7 days; within the last 30 days |',
    '| High | Fit is at least 70 |  |',
    '| Quality \\\\ origin | referral | marketing |',
    '- The way of a lead: lead → MQL → SAL → SQL → Customer.',
    '| SAL | sales | when somebody decides: accept |  | within 4 hours |',
    '- Reasons for nurture: not now or no budget.',
    '### Call within four hours',
    '1. Look at what they read.',
    '| temperature: hot | 30 % | 20 % and 40 % | 120 leads |',
    '- Sales: 120 leads a week into MQL.',
    '| budget | What is set aside? | budget |',
    '- 60 days before: Job level is manager, interests is saws and employees is 60.',
    '- 1 hour before: override of temperature to warm until 2026-06-01.',
    'Marketing and sales look at this agreement again every 3 months.',
    '| employees | number, in people, of the account |  |',
  ])('%s', (line) => {
    expect(text.split('\n')).toContain(line)
  })

  test('a definition with nothing but a name is a document too', () => {
    const empty = renderMarkdown({ winnow: 1, name: 'Empty' })
    expect(empty.match(/^#+ .*$/gm)).toEqual(['# Empty', '## Glossary'])
    expect(renderHtml({ winnow: 1, name: 'Empty' })).toContain('<h1 id="part-0">Empty</h1>')
  })
})

test('the worth that an example expects', () => {
  const parsed = parseDefinition(wholeWith('examples.0.expect.value', 960))
  if (!parsed.ok) throw new Error('the definition has errors')
  expect(renderMarkdown(parsed.definition)).toContain('persona Buyer and worth 960 EUR.')
})
