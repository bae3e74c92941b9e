import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DECISIONS } from '@winnow/engine'
import { readFact } from '@winnow/io'

const page = readFileSync(new URL('../docs/facts.md', import.meta.url), 'utf8')
const lines = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].flatMap(([, text]) => text!.trim().split('\n'))

describe('the page on facts', () => {
  test.each(lines)('%s', (line) => {
    expect(readFact(JSON.parse(line))).toMatchObject({ ok: true })
  })

  test('shows every kind of fact', () => {
    const kinds = new Set(lines.map((line) => (JSON.parse(line) as { kind: string }).kind))
    expect([...kinds].sort()).toEqual(['account_attribute', 'activity', 'attribute', 'decision', 'link'])
  })

  test('names every decision', () => {
    expect(DECISIONS.filter((decision) => !page.includes(`\`${decision}\``))).toEqual([])
  })
})
