/** What happens on the way to a first result: files in the wrong place, names that are slightly wrong. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { definitionFile, FACTS, factsFile, folder, winnow, write } from './running.ts'

const AS_OF = ['--as-of', '2026-03-05']

describe('a file where a definition is expected is told in one line', () => {
  test.each([
    { name: 'a fact log', file: factsFile, says: 'is a log of facts' },
    {
      name: 'a JSON array of facts',
      file: write('new/array.json', `[\n${FACTS.trim().replaceAll('\n', ',')}]`),
      says: 'is a log of facts',
    },
    { name: 'a list of leads', file: write('new/leads.csv', 'id,job\n1,boss\n'), says: 'is a table' },
    {
      name: 'a mapping',
      file: write('new/mapping.yaml', '# ours\nwinnow_mapping: 1\nfiles: []\n'),
      says: 'is a mapping',
    },
    { name: 'a packed file', file: write('new/facts.gz', gzipSync(FACTS)), says: 'is no text' },
    { name: 'an empty file', file: write('new/empty.yaml', ''), says: 'examples/starter.yaml' },
    {
      name: 'comments only',
      file: write('new/comments.yaml', '# to do\n\n---\n  # soon\n'),
      says: 'examples/starter.yaml',
    },
  ])('$name', async ({ file, says }) => {
    for (const args of [
      ['check', file],
      ['score', file, factsFile, ...AS_OF],
    ]) {
      const { code, stdout, stderr } = await winnow(args)
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toContain(says)
      expect(stderr.trim().split('\n')).toHaveLength(2)
    }
  })

  test('a definition in one line of JSON is one, whatever its examples speak of', async () => {
    const text = JSON.stringify({
      winnow: 1,
      name: 'J',
      activities: { visit: { from: 'page' } },
      stages: [{ id: 'lead' }],
      examples: [
        { name: 'x', as_of: '2026-03-01', facts: [{ lead: 'b', activity: 'page' }], expect: { stage: 'lead' } },
      ],
    })
    expect((await winnow(['check', write('new/one-line.json', text)])).code).toBe(0)
  })
})

test('a definition where facts are expected is told in one line', async () => {
  for (const file of [definitionFile, write('new/definition.json', '{ "winnow": 1, "name": "J" }')]) {
    const { code, stderr } = await winnow(['score', definitionFile, file, ...AS_OF])
    expect(code).toBe(3)
    expect(stderr).toContain('input_is_definition')
    expect(stderr.trim().split('\n')).toHaveLength(3)
  }
})

test('a fact log may be one JSON array', async () => {
  const array = write(
    'new/facts.json',
    JSON.stringify(
      FACTS.trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      null,
      2,
    ),
  )
  const [lines, items] = await Promise.all(
    [factsFile, array].map((file) => winnow(['score', definitionFile, file, ...AS_OF, '--json'])),
  )
  expect(items!.code).toBe(0)
  expect(items!.stdout).toBe(lines!.stdout)
})

describe('import tells what the definition does not understand', () => {
  const base = (id: number, rest: Record<string, unknown>) =>
    `${JSON.stringify({ id: String(id), at: '2026-03-01T10:00:00Z', lead: 'a', ...rest })}\n`
  const attribute = (id: number, name: string, value: unknown) => base(id, { kind: 'attribute', name, value })
  const decide = (id: number, rest: Record<string, unknown>) => base(id, { kind: 'decision', ...rest })
  const definition = write(
    'new/reasons.yaml',
    readFileSync(definitionFile, 'utf8').replace(
      'by: [recycle, reject] }',
      'by: [recycle, reject], reasons: [Not now] }',
    ),
  )
  const log = write(
    'new/slips.jsonl',
    [
      attribute(1, 'roel', 'boss'),
      attribute(2, 'roel', 'user'),
      attribute(3, 'role', 'Boss'),
      attribute(4, 'role', 'boss'),
      attribute(5, 'role', null),
      attribute(6, 'size', 5),
      `${JSON.stringify({ id: '7', at: '2026-03-01', kind: 'account_attribute', account: 'x', name: 'size', value: '12' })}\n`,
      decide(8, { decision: 'override', override: { category: 'temprature', level: 'hot' } }),
      decide(9, { decision: 'override', override: { category: 'temperature', level: 'warm' } }),
      decide(10, { decision: 'override', override: { stage: 'mqll' } }),
      decide(11, { decision: 'override', override: { stage: 'mql' } }),
      decide(12, { decision: 'recycle', reason: 'not now' }),
      decide(13, { decision: 'recycle', reason: 'Not now' }),
      decide(14, { decision: 'accept' }),
    ].join(''),
  )

  test('as data', async () => {
    const out = join(folder, 'new/understood.jsonl')
    const { code, json } = await winnow(['import', log, '-d', definition, '--out', out, '--json'])
    expect(code).toBe(0)
    expect((json() as { notUnderstood: unknown }).notUnderstood).toEqual([
      { what: 'attribute', name: 'roel', value: null, facts: 2, suggestion: 'role' },
      { what: 'value', name: 'role', value: 'Boss', facts: 1, suggestion: 'boss' },
      { what: 'about', name: 'size', value: null, facts: 1, suggestion: 'account_attribute' },
      { what: 'value', name: 'size', value: '12', facts: 1, suggestion: '12' },
      { what: 'category', name: 'temprature', value: null, facts: 1, suggestion: 'temperature' },
      { what: 'level', name: 'temperature', value: 'warm', facts: 1, suggestion: null },
      { what: 'stage', name: 'override', value: 'mqll', facts: 1, suggestion: 'mql' },
      { what: 'reason', name: 'recycle', value: 'not now', facts: 1, suggestion: 'Not now' },
      { what: 'decision', name: 'accept', value: null, facts: 1, suggestion: null },
    ])
    expect(readFileSync(out, 'utf8').trim().split('\n')).toHaveLength(14)
  })

  test('in words', async () => {
    const { stderr } = await winnow(['import', log, '-d', definition])
    expect(stderr).toContain('• the attribute `roel` is not in the definition (2 facts): did you mean `role`?')
    expect(stderr).toContain(
      '• the value `Boss` of `role` fits neither its type nor its list (1 fact): did you mean `boss`?',
    )
    expect(stderr).toContain('• the reason “not now” to recycle is not listed (1 fact): did you mean `Not now`?')
  })

  test('silence where all is understood', async () => {
    expect((await winnow(['import', factsFile, '-d', definitionFile])).stderr).toMatch(/^\S+: 9 rows → 9 facts\n$/)
  })
})
