import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Reader, Writer } from '../../src/assess/bytes.ts'
import { assess, compileDefinition, nextChange, openCircle, readCircle, writeCircle } from '../../src/index.ts'
import { inHex, names, stored } from './stored.ts'

const expected = JSON.parse(readFileSync(new URL('expected/stored.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string>
>

describe('a stored circle', () => {
  // When these fail, stored states are read no longer: that is a change users notice.
  test.each(names)('is written as before: %s', (name) => {
    const { plan, circle } = stored(name)
    expect(inHex(writeCircle(plan, circle))).toBe(expected[name])
  })

  test.each(names)('is read as it was: %s', (name) => {
    const { plan, circle } = stored(name)
    const read = readCircle(plan, writeCircle(plan, circle))
    for (const lead of circle.leads.keys()) {
      const asOf = circle.clock + 1_000
      expect(assess(plan, read, lead, asOf)).toEqual(assess(plan, circle, lead, asOf))
      expect(nextChange(plan, read, lead, asOf)).toEqual(nextChange(plan, circle, lead, asOf))
    }
    expect(inHex(writeCircle(plan, read))).toBe(inHex(writeCircle(plan, circle)))
  })

  test('of another definition is refused', () => {
    const other = compileDefinition({ winnow: 1, name: 'x' })
    for (const { plan, circle } of names.map(stored))
      expect(() => readCircle(other, writeCircle(plan, circle))).toThrow('the stored state cannot be read')
  })

  test('that is cut off or goes on is refused', () => {
    const { plan, circle } = stored('the example')
    const bytes = writeCircle(plan, circle)
    for (let length = 0; length < bytes.length; length++)
      expect(() => readCircle(plan, bytes.slice(0, length))).toThrow('the stored state cannot be read')
    expect(() => readCircle(plan, Uint8Array.of(...bytes, 0))).toThrow('the stored state cannot be read')
  })

  test('nothing has happened in a new one', () => {
    expect(openCircle()).toMatchObject({ clock: -Infinity, pending: [], log: undefined, withEvidence: false })
    expect(openCircle().progress).toEqual({ at: -Infinity, isSettled: true })
    expect(openCircle({ withLog: true, withEvidence: true })).toMatchObject({ log: [], withEvidence: true })
  })
})

describe('bytes', () => {
  const CLOCK = 1_700_000_000_000
  const written = (write: (writer: Writer) => void) => {
    const writer = new Writer(CLOCK)
    write(writer)
    return writer.done()
  }
  const reading = (bytes: Uint8Array) => Object.assign(new Reader(bytes), { clock: CLOCK })

  test.each([
    [-Infinity, '00'],
    [Infinity, '01'],
    [-1, '08'],
    [0, '09'],
    [200, 'd1'],
    [201, '02c901'],
    [127 * 128, '02807f'],
    [CLOCK, '0300'],
    [CLOCK - 5, '0305'],
    [CLOCK + 5, '0405'],
    [CLOCK + 128, '048001'],
    [-2, '05c000000000000000'],
    [-0, '058000000000000000'],
    [0.5, '053fe0000000000000'],
    [2 ** 53, '054340000000000000'],
    [2 ** 53 - 1, '02ffffffffffffff0f'],
  ])('%d is %s', (value, hex) => {
    const bytes = written((writer) => writer.number(value))
    expect(inHex(bytes)).toBe(hex)
    const reader = reading(bytes)
    expect(Object.is(reader.number(), value)).toBe(true)
    expect(reader.isDone).toBe(true)
  })

  test('texts come back exactly', () => {
    for (const text of ['', 'a', 'ä😀\uD800', 'x'.repeat(1_000)])
      expect(reading(written((writer) => writer.text(text))).text()).toBe(text)
  })

  test('instants are distances from one another', () => {
    const values = [CLOCK - 1_000, CLOCK - 1_000, CLOCK - 3]
    const bytes = written((writer) => writer.instants(values))
    expect(inHex(bytes)).toBe('0303e50700')
    expect(reading(bytes).instants()).toEqual(values)
  })

  test('room grows as it is needed', () => {
    const bytes = written((writer) => {
      for (let value = 0; value < 3_000; value++) writer.float(value)
      for (let value = 0; value < 3_000; value++) writer.byte(value % 256)
    })
    const reader = reading(bytes)
    for (let value = 0; value < 3_000; value++) expect(reader.float()).toBe(value)
    for (let value = 0; value < 3_000; value++) expect(reader.byte()).toBe(value % 256)
    expect(reader.isDone).toBe(true)
  })

  test.each([
    ['a tag that means nothing', [6], (reader: Reader) => reader.number()],
    ['a number that does not end', [255], (reader: Reader) => reader.whole()],
    ['a number beyond all', Array.from({ length: 12 }, () => 255), (reader: Reader) => reader.whole()],
    ['half a fraction', [1, 2, 3], (reader: Reader) => reader.float()],
    ['more than there is', [5, 1], (reader: Reader) => reader.count()],
    ['nothing', [], (reader: Reader) => reader.byte()],
  ] as const)('%s cannot be read', (_, bytes, read) => {
    expect(() => read(reading(Uint8Array.from(bytes)))).toThrow('the stored state cannot be read')
  })

  test('as many as there is left can be counted', () => {
    expect(reading(Uint8Array.of(2, 9, 9)).count()).toBe(2)
  })
})
