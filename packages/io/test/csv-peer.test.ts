import fc from 'fast-check'
import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { csvLine, escapeFormula, unescapeFormula } from '../src/index.ts'
import { chunked, readAll } from './reading.ts'

const cell = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'é', '😀', ',', ';', '\t', '"', '\n', '\r', ' ', "'", '=', '-', '0', '\\'),
    maxLength: 8,
  }),
  fc.constantFrom('', '=1+1', '+cmd', '\t=1', "'=x", ' @y', '00123', '1E5'),
)

/** Tables of which no row is blank: a blank row is skipped, and that is meant. */
const tables = fc
  .integer({ min: 2, max: 5 })
  .chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 12 }),
  )
  .filter((rows) => rows.every((cells) => cells.some((each) => each !== '')))

const HEADER = ['h1', 'h2', 'h3', 'h4', 'h5']

test('what is written is read back, cut anywhere, with any delimiter', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.integer({ min: 1, max: 40 }),
      async (rows, delimiter, size) => {
        const header = HEADER.slice(0, rows[0]!.length)
        const text = [header, ...rows].map((cells) => csvLine(cells, delimiter)).join('')
        const read = await readAll(chunked(Buffer.from(text), size))
        expect(read.refusals).toEqual([])
        expect(read.rows.map((cells) => cells.map(unescapeFormula))).toEqual(rows)
      },
    ),
    { numRuns: 1500 },
  )
})

test('well-formed files are read as papaparse reads them', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\r\n', '\n'),
      async (rows, delimiter, newline) => {
        const header = HEADER.slice(0, rows[0]!.length)
        const text = Papa.unparse([header, ...rows], { delimiter, newline })
        const peer = Papa.parse<string[]>(text, { delimiter, newline })
        const read = await readAll(text, { delimiter })
        expect(read.refusals).toEqual([])
        expect(read.rows).toEqual(peer.data.slice(1))
      },
    ),
    { numRuns: 1500 },
  )
})

test.each([
  { name: 'HYPERLINK', text: '=HYPERLINK("http://example.com","x")' },
  { name: 'plus', text: '+cmd|calc' },
  { name: 'minus', text: '-2+3' },
  { name: 'at', text: '@SUM(A1)' },
  { name: 'tab', text: '\t=1' },
  { name: 'leading blanks', text: '   =1' },
  { name: 'leading line end', text: '\r\nabc' },
  { name: 'full-width sign', text: '＝1' },
  { name: 'an apostrophe that was there before', text: "'=1" },
])('a spreadsheet gets $name as text, and reading gives it back', ({ text }) => {
  expect(escapeFormula(text)).toBe(`'${text}`)
  expect(unescapeFormula(escapeFormula(text))).toBe(text)
})

test.each(['plain', "O'Hara", "'tis", '', '12', 'a=b', 'x@example.com'])('%o is left alone both ways', (text) => {
  expect(escapeFormula(text)).toBe(text)
  expect(unescapeFormula(text)).toBe(text)
})

test('escaping can be undone for any text, and escaped text is never a formula', () => {
  fc.assert(
    fc.property(cell, (text) => {
      expect(unescapeFormula(escapeFormula(text))).toBe(text)
      expect(escapeFormula(text)).not.toMatch(/^\s*[=+\-@]/)
    }),
    { numRuns: 3000 },
  )
})

test('numbers and true/false are written bare', () => {
  expect(csvLine(['-1', -1, true, null, undefined, 'a,b'])).toBe('\'-1,-1,true,,,"a,b"\r\n')
})
