import { WinnowError } from './errors.ts'

/** Milliseconds since the epoch, UTC; a whole number. */
export type Instant = number

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
/** A day is 86,400 s everywhere in Winnow, whatever clocks do. */
export const DAY_MS = 24 * HOUR_MS
export const WEEK_MS = 7 * DAY_MS

/** The epoch was a Thursday; weeks begin on Monday 00:00 UTC. */
const FIRST_MONDAY: Instant = 4 * DAY_MS

/** The number of the week in which an instant lies; −1 is that of the epoch. */
export const weekOf = (at: Instant): number => Math.floor((at - FIRST_MONDAY) / WEEK_MS)
export const weekBegin = (week: number): Instant => week * WEEK_MS + FIRST_MONDAY

const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: WEEK_MS } as const

/** A duration as written in a definition: a whole number and s, m, h, d or w. */
export const DURATION = /^(\d{1,9})(s|m|h|d|w)$/
/** A hundred years: nothing in lead qualification is longer, and sums of instants stay exact. */
export const DURATION_MAX_MS = 36_525 * DAY_MS

/**
 * Milliseconds of `14d`, `4h`, …
 * @throws WinnowError `duration_malformed`
 */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text)
  if (!match) throw new WinnowError('duration_malformed', `\`${text}\` is not a duration`)
  const ms = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
  if (ms > DURATION_MAX_MS) throw new WinnowError('duration_malformed', `\`${text}\` is longer than a hundred years`)
  return ms
}

/** The shortest exact way to write a duration for people: `90 s`, `4 h`, `2 d 4 h`. Two units at most, rounded down. */
export function formatDuration(ms: number): string {
  const units = [
    ['d', DAY_MS],
    ['h', HOUR_MS],
    ['min', MINUTE_MS],
    ['s', SECOND_MS],
  ] as const
  const first = units.findIndex(([, size]) => ms >= size)
  if (first < 0) return `${Math.max(0, Math.round(ms))} ms`
  const [unit, size] = units[first]
  const whole = Math.floor(ms / size)
  const next = units[first + 1]
  const rest = next ? Math.floor((ms - whole * size) / next[1]) : 0
  return next && rest > 0 ? `${whole} ${unit} ${rest} ${next[0]}` : `${whole} ${unit}`
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Days from 1970-01-01 to a date of the Gregorian calendar, or undefined where there is no such day (30 February). */
export function daysFromDate(date: { year: number; month: number; day: number }): number | undefined {
  const { year, month, day } = date
  const length = month === 2 && isLeap(year) ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  if (length === undefined || day < 1 || day > length) return undefined
  const before = year - 1
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  const days = before * 365 + leapDays + DAYS_BEFORE[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1
  return days - 719_162 // days from 0001-01-01 to 1970-01-01
}

/**
 * The instant of an ISO 8601 date (midnight UTC) or date-time, or undefined.
 * Never guesses: a day that does not exist is undefined, and so is a time without an offset unless `offsetMinutes` says which.
 */
export function readInstant(text: string, offsetMinutes?: number): Instant | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const days = daysFromDate({ year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) })
  if (days === undefined) return undefined
  if (match[4] === undefined) return days * DAY_MS
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const zone = match[8] === undefined ? offsetMinutes : zoneMinutes(match[8])
  if (zone === undefined) return undefined
  const ms = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000 + 1e-6)
  return days * DAY_MS + (hour * 60 + minute - zone) * MINUTE_MS + second * SECOND_MS + ms
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2))
  if (hours > 18 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/**
 * Like `readInstant`, for text that must be right.
 * @throws WinnowError `instant_malformed`
 */
export function parseInstant(text: string): Instant {
  const instant = readInstant(text)
  if (instant === undefined) throw new WinnowError('instant_malformed', `\`${text}\` is not an instant`)
  return instant
}

const pad = (value: number, width: number) => String(value).padStart(width, '0')

/** ISO 8601 in UTC with milliseconds, for years 0001 to 9999. */
export function formatInstant(instant: Instant): string {
  const days = Math.floor(instant / DAY_MS)
  const { year, month, day } = dateFromDays(days)
  const ms = instant - days * DAY_MS
  const clock = [Math.floor(ms / HOUR_MS), Math.floor(ms / MINUTE_MS) % 60, Math.floor(ms / SECOND_MS) % 60]
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock.map((part) => pad(part, 2)).join(':')}.${pad(ms % 1000, 3)}Z`
}

/** Civil date of a day number; the inverse of `daysFromDate`. */
export function dateFromDays(days: number): { year: number; month: number; day: number } {
  // Years counted from 1 March 0000, so that the leap day ends a year.
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}
