import { describe, expect, test } from 'vitest'
import {
  dateFromDays,
  daysFromDate,
  formatDuration,
  formatInstant,
  parseDuration,
  parseInstant,
  readInstant,
} from '../src/time.ts'

const DAY = 86_400_000

test.each([
  ['0s', 0],
  ['90s', 90_000],
  ['1m', 60_000],
  ['4h', 14_400_000],
  ['14d', 14 * DAY],
  ['2w', 14 * DAY],
  ['999999999s', 999_999_999_000],
  ['36525d', 36_525 * DAY],
])('%s is %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  ['', '`` is not a duration'],
  ['4', '`4` is not a duration'],
  ['4 h', '`4 h` is not a duration'],
  ['-4h', '`-4h` is not a duration'],
  ['1.5d', '`1.5d` is not a duration'],
  ['4months', '`4months` is not a duration'],
  ['1000000000s', '`1000000000s` is not a duration'],
  ['36526d', '`36526d` is longer than a hundred years'],
])('%s is no duration', (text, message) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'duration_malformed', message }) as Error)
})

test.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [0.4, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [90_000, '1 min 30 s'],
  [3_599_999, '59 min 59 s'],
  [3_600_000, '1 h'],
  [3_659_999, '1 h'],
  [3_660_000, '1 h 1 min'],
  [DAY - 1, '23 h 59 min'],
  [DAY, '1 d'],
  [DAY + 3_599_999, '1 d'],
  [2 * DAY + 4 * 3_600_000 + 1, '2 d 4 h'],
  [400 * DAY, '400 d'],
])('%d ms are told as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

describe('the calendar', () => {
  test('is that of everybody else, day by day', () => {
    // Every day of 1999 to 2001 and of 1899 to 1901, and then some of every year there is.
    const days = [
      ...Array.from({ length: 1_100 }, (_, at) => Date.UTC(1999, 0, 1) / DAY + at),
      ...Array.from({ length: 1_100 }, (_, at) => Date.UTC(1899, 0, 1) / DAY + at),
      ...Array.from({ length: 9_998 }, (_, at) => new Date(0).setUTCFullYear(at + 1, 1, 28) / DAY).flatMap((day) => [
        day,
        day + 1,
        day + 2,
        day + 306,
        day + 307,
      ]),
    ]
    for (const each of days) {
      const date = new Date(each * DAY)
      const parts = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
      if (daysFromDate(parts) !== each) expect([parts, daysFromDate(parts)]).toEqual([parts, each])
      const found = dateFromDays(each)
      if (found.year !== parts.year || found.month !== parts.month || found.day !== parts.day)
        expect([each, found]).toEqual([each, parts])
    }
  })

  test.each([
    [2026, 2, 29],
    [1900, 2, 29],
    [2024, 2, 30],
    [2026, 4, 31],
    [2026, 1, 0],
    [2026, 1, 32],
    [2026, 0, 1],
    [2026, 13, 1],
  ])('%d-%d-%d is no day', (year, month, day) => {
    expect(daysFromDate({ year, month, day })).toBeUndefined()
  })
})

describe('instants', () => {
  const at = Date.UTC(2026, 2, 1)
  test.each([
    ['2026-03-01', at],
    ['2026-03-01T00:00Z', at],
    ['2026-03-01 00:00Z', at],
    ['2026-03-01T23:59:59.999Z', at + DAY - 1],
    ['2026-03-01T10:20:30Z', at + 37_230_000],
    ['2026-03-01T10:20:30.5Z', at + 37_230_500],
    ['2026-03-01T10:20:30.123456789Z', at + 37_230_123],
    ['2026-03-01T10:20:30.000999999Z', at + 37_230_000],
    ['2026-03-01T02:00+02:00', at],
    ['2026-03-01T02:30+0230', at],
    ['2026-02-28T18:30-05:30', at],
    ['2026-03-01T18:00+18:00', at],
    ['2026-03-01T00:00+18:59', at - (18 * 60 + 59) * 60_000],
    ['1969-12-31T23:59:59.999Z', -1],
  ])('%s', (text, instant) => {
    expect(readInstant(text)).toBe(instant)
    expect(parseInstant(text)).toBe(instant)
  })

  test.each([
    'today',
    '',
    '2026-3-1',
    '2026-02-30',
    '2026-03-01T10:20',
    '2026-03-01T24:00Z',
    '2026-03-01T10:60Z',
    '2026-03-01T10:20:60Z',
    '2026-03-01T10:20+19:00',
    '2026-03-01T10:20+10:60',
    '2026-03-01T10Z',
    'x2026-03-01',
    '2026-03-01x',
  ])('%s is none', (text) => {
    expect(readInstant(text)).toBeUndefined()
    const message = `\`${text}\` is not an instant`
    expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: 'instant_malformed', message }) as Error)
  })

  test('a time without an offset is read with the one that is given, and with no other', () => {
    expect(readInstant('2026-03-01T10:20', 60)).toBe(at + (9 * 60 + 20) * 60_000)
    expect(readInstant('2026-03-01T10:20Z', 60)).toBe(at + (10 * 60 + 20) * 60_000)
    expect(readInstant('2026-03-01', 60)).toBe(at)
  })

  test('are written as everybody else writes them', () => {
    for (const instant of [0, -1, at + 37_230_123, at + DAY - 1, 253_402_300_799_999])
      expect(formatInstant(instant)).toBe(new Date(instant).toISOString())
    expect(formatInstant(new Date(0).setUTCFullYear(1, 0, 1))).toBe('0001-01-01T00:00:00.000Z')
  })
})
