/** Whatever is done to a file, reading it ends: with facts, refusals or an `InputError`, and every row is accounted for. */
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { gzipSync } from 'node:zlib'
import { InputError, Inputs, REFUSAL_HINTS, writeFact } from '../src/index.ts'
import { definition, fileOf } from './importing.ts'

vi.setConfig({ testTimeout: 120_000 }) // the machine may be busy

const CSV = Buffer.from(
  'id,created_at,company,job_level,budget,signs,due,town\n' +
    Array.from(
      { length: 12 },
      (_, at) =>
        `${at},2026-03-0${(at % 9) + 1},acme ${at % 3},manager,${at}.5,TRUE,2026-05-01,"Köln ""${at}"", near\nthe river"\n`,
    ).join(''),
)
const LOG = Buffer.from(
  [
    {
      kind: 'activity',
      id: 'a',
      at: '2026-03-01T10:00:00Z',
      lead: 'ada',
      type: 'page',
      properties: { path: '/é', n: 1.5, deep: [[{}]] },
    },
    { kind: 'attribute', id: 'b', at: '2026-03-01', lead: 'ada', name: 'town', value: 'Köln' },
    { kind: 'link', id: 'c', at: '2026-03-01', lead: 'ada', account: null },
    { kind: 'decision', id: 'd', at: '2026-03-01', lead: 'ada', decision: 'win', amount: 5 },
  ]
    .map((fact) => `${JSON.stringify(fact)}\n`)
    .join(''),
)

const NASTY = [
  '"',
  '\n',
  '\r',
  ',',
  ';',
  '\t',
  '\0',
  "'",
  '=',
  '{',
  '}',
  '[',
  '\\',
  '\\u0000',
  '\\ud800',
  '__proto__',
  '1e400',
  '9007199254740993',
  '2026-02-30',
  '-0',
  '\u202E',
  '😀',
  '\ufeff',
]
const bytes = fc.oneof(
  fc.constantFrom(...NASTY.map((text) => Buffer.from(text))),
  fc.uint8Array({ maxLength: 4 }).map((array) => Buffer.from(array)),
  fc.nat({ max: 70_000 }).map((length) => Buffer.alloc(length, 'x')),
)

/** Replaces a piece of the file by something else. */
const edits = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat({ max: 40 }), put: bytes }),
  { minLength: 1, maxLength: 4 },
)
type Edit = { at: number; drop: number; put: Buffer }

const edited = (file: Buffer, changes: readonly Edit[]): Buffer =>
  changes.reduce((now, { at, drop, put }) => {
    const from = Math.floor(at * now.length)
    return Buffer.concat([now.subarray(0, from), put, now.subarray(from + drop)])
  }, file)

async function survive(content: Buffer): Promise<void> {
  const inputs = new Inputs({ definition, at: 0 })
  const refusedLines = new Set<string>()
  let facts = 0
  try {
    for await (const batch of inputs.read([fileOf(content, 'hostile')])) {
      facts += batch.facts.length
      for (const fact of batch.facts) expect(writeFact(fact)).not.toContain('\\u0000')
      for (const { line, code, row } of batch.refusals) {
        expect(Object.keys(REFUSAL_HINTS)).toContain(code)
        expect(line).toBeGreaterThan(0)
        expect(row.length).toBeLessThanOrEqual(70_000)
        refusedLines.add(`${line}`)
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return
  }
  const [report] = inputs.reports
  if (report === undefined) throw new Error('nothing was reported')
  expect(report.facts).toBe(facts)
  expect(report.refusedRows + report.duplicates).toBeLessThanOrEqual(report.rows)
  if (report.refusedRows > 0) expect(refusedLines.size).toBeGreaterThan(0)
}

test.each([
  { name: 'a list of leads', file: CSV },
  { name: 'a fact log', file: LOG },
  { name: 'a packed list', file: gzipSync(CSV) },
])('$name, damaged anyhow', async ({ file }) => {
  await fc.assert(
    fc.asyncProperty(edits, (changes) => survive(edited(file, changes))),
    { numRuns: 700 },
  )
})

test('any bytes at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (array) => survive(Buffer.from(array))),
    { numRuns: 700 },
  )
})
