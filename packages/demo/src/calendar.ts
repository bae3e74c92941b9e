/** Days, weeks, seasons and office hours of the demo company. Its people live at UTC+1 the whole year. */
import { formatInstant, parseInstant, type Instant } from '@winnow/engine'
import type { Chance } from './random.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
const ZONE_MS = HOUR_MS

export const midnightOf = (at: Instant): Instant => Math.floor(at / DAY_MS) * DAY_MS

/** 0 is Monday; 1970-01-01 was a Thursday. */
export const weekdayOf = (at: Instant): number => (Math.floor(at / DAY_MS) + 3) % 7

/** `2026-07` */
export const monthOf = (at: Instant): string => formatInstant(at).slice(0, 7)
export const startOfMonth = (at: Instant): Instant => parseInstant(`${monthOf(at)}-01`)
export const startOfNextMonth = (at: Instant): Instant => startOfMonth(startOfMonth(at) + 31 * DAY_MS)

/** Monday to Sunday: what a day brings beside the average one. */
const WEEK = [1.2, 1.3, 1.25, 1.15, 0.9, 0.3, 0.35] as const
/** January to December. */
const YEAR = [1.05, 1.1, 1.15, 1, 0.95, 1, 0.75, 0.65, 1.2, 1.2, 1.1, 0.7] as const
const HOLIDAY = 0.2
const GROWTH_PER_YEAR = 1.2

const FIXED_HOLIDAYS: ReadonlySet<string> = new Set([
  '01-01',
  '05-01',
  '10-03',
  '12-24',
  '12-25',
  '12-26',
  '12-27',
  '12-28',
  '12-29',
  '12-30',
  '12-31',
])
/** Good Friday, Easter Monday, Ascension Day, Whit Monday: days from Easter Sunday. */
const EASTER_HOLIDAYS: readonly number[] = [-2, 1, 39, 50]

export interface Day {
  /** Beside the average day: week, year, holidays and growth. */
  readonly busy: number
  readonly isWorkday: boolean
  readonly month: number
}

/** The days of a stretch of time, looked up by instant. */
export class Calendar {
  readonly start: Instant
  readonly days: readonly Day[]

  /** From the midnight before `start`; four months beyond `until`, for those who make plans. */
  constructor({ start, until }: { start: Instant; until: Instant }) {
    this.start = midnightOf(start)
    const count = Math.ceil((until - this.start) / DAY_MS) + 120
    this.days = Array.from({ length: count }, (_, index) => dayAt(this.start + index * DAY_MS, index))
  }

  dayOf(at: Instant): Day {
    const index = Math.floor((at - this.start) / DAY_MS)
    return this.days[Math.min(Math.max(index, 0), this.days.length - 1)]!
  }

  /** Midnight of the day of `at`, or of the first working day after it. */
  private nextWorkday(at: Instant): Instant {
    let midnight = midnightOf(at)
    while (!this.dayOf(midnight).isWorkday && midnight < at + 30 * DAY_MS) midnight += DAY_MS
    return midnight
  }

  /** `at`, or if the office is closed then, some time in the first hours of the next day on which it is open. */
  officeTime(at: Instant, chance: Chance): Instant {
    const hour = ((at + ZONE_MS) % DAY_MS) / HOUR_MS
    if (hour >= 8 && hour < 18 && this.dayOf(at).isWorkday) return at
    const midnight = this.nextWorkday(hour < 8 ? at : at + DAY_MS)
    return Math.floor(midnight + 8 * HOUR_MS - ZONE_MS + chance.exponential(1.2 * HOUR_MS))
  }

  /** Some time of the day of `at` at which people of a kind sit before a screen. */
  readingTime(at: Instant, { isAtWork, chance }: { isAtWork: boolean; chance: Chance }): Instant {
    // Two of three who meant to look on a free day look on the next working day.
    const isMoved = isAtWork && !this.dayOf(at).isWorkday && chance.is(0.66)
    const midnight = isMoved ? this.nextWorkday(at) : midnightOf(at)
    const hour = isAtWork ? 12.5 + 2.6 * chance.normal() : 19 + 3 * chance.normal()
    return Math.floor(midnight + Math.min(Math.max(hour, 0.1), 23.5) * HOUR_MS)
  }
}

function dayAt(midnight: Instant, index: number): Day {
  const date = formatInstant(midnight)
  const weekday = weekdayOf(midnight)
  const month = Number(date.slice(5, 7)) - 1
  const isHoliday = FIXED_HOLIDAYS.has(date.slice(5, 10)) || EASTER_HOLIDAYS.includes(daysFromEaster(midnight, date))
  const growth = GROWTH_PER_YEAR ** (index / 365)
  return {
    busy: WEEK[weekday]! * YEAR[month]! * (isHoliday ? HOLIDAY : 1) * growth,
    isWorkday: weekday < 5 && !isHoliday,
    month,
  }
}

const daysFromEaster = (midnight: Instant, date: string): number =>
  Math.round((midnight - easterOf(Number(date.slice(0, 4)))) / DAY_MS)

/** Easter Sunday of the Gregorian calendar: the Sunday after the first full moon of spring. */
function easterOf(year: number): Instant {
  const century = Math.floor(year / 100)
  const moon = (15 + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * (year % 19)) % 30
  const full = moon - (moon === 29 || (moon === 28 && year % 19 > 10) ? 1 : 0)
  const fullMoon = parseInstant(`${year}-03-21`) + full * DAY_MS
  return fullMoon + (7 - ((weekdayOf(fullMoon) + 1) % 7)) * DAY_MS
}

/** `2026-07-01` */
export const dateText = (at: Instant): string => formatInstant(at).slice(0, 10)
