/** Numbers, money and times in the reader's language and time zone. */
import { useTranslation } from 'react-i18next'

export interface Formats {
  readonly number: (value: number, decimals?: number) => string
  /** Points always with their sign. */
  readonly points: (value: number) => string
  /** @param share  from 0 to 1 */
  readonly percent: (share: number, decimals?: number) => string
  readonly money: (amount: number, currency?: string) => string
  readonly date: (at: string | number) => string
  readonly dateTime: (at: string | number) => string
  readonly time: (at: string | number) => string
  /** Of an instant in UTC. */
  readonly weekday: (at: string | number) => string
  /** `in 2 days`, `3 hours ago` */
  readonly relative: (at: string | number, now: number) => string
  /** `2 d 4 h`, of the two largest units that are not zero */
  readonly duration: (ms: number) => string
  /** The same; what is shorter than a minute in seconds. */
  readonly elapsed: (ms: number) => string
  readonly list: (items: readonly string[]) => string
  /** `a, b or c` */
  readonly anyOf: (items: readonly string[]) => string
  /** A day as it is written in ISO, wherever the reader is; with a time of day it is an instant. */
  readonly day: (text: string) => string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const
const MINUS = '−'
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/

export function createFormats(language: string, timeZone?: string): Formats {
  const zone = timeZone === undefined ? {} : { timeZone }
  const dates = once(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...zone }))
  const dateTimes = once(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', ...zone }))
  const times = once(() => new Intl.DateTimeFormat(language, { timeStyle: 'short', ...zone }))
  const weekdays = once(() => new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }))
  const relatives = once(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }))
  const lists = once(() => new Intl.ListFormat(language))
  const either = once(() => new Intl.ListFormat(language, { type: 'disjunction' }))
  const days = once(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }))
  const numbers = numbersIn(language)
  const number = (value: number, decimals = 1) =>
    numbers({ maximumFractionDigits: decimals }).format(value).replace('-', MINUS)
  const toDate = (at: string | number) => new Date(at)
  const inUnit = (value: number, unit: string) => numbers({ style: 'unit', unit, unitDisplay: 'narrow' }).format(value)
  const duration = (ms: number) =>
    durationParts(Math.abs(ms))
      .map(([value, unit]) => inUnit(value, unit))
      .join(' ')
  return {
    number,
    points: (value) => `${value > 0 ? '+' : ''}${number(value)}`,
    percent: (share, decimals = 0) => numbers({ style: 'percent', maximumFractionDigits: decimals }).format(share),
    money: (amount, currency) =>
      currency === undefined
        ? number(amount, 0)
        : numbers({ style: 'currency', currency, maximumFractionDigits: 0 }).format(amount),
    date: (at) => dates().format(toDate(at)),
    dateTime: (at) => dateTimes().format(toDate(at)),
    time: (at) => times().format(toDate(at)),
    weekday: (at) => weekdays().format(toDate(at)),
    relative(at, now) {
      const ms = toDate(at).getTime() - now
      const [unit, size] = UNITS.find(([, size]) => Math.abs(ms) >= size) ?? ['minute', MINUTE]
      return relatives().format(Math.trunc(ms / size), unit)
    },
    duration,
    elapsed: (ms) => (ms < MINUTE ? inUnit(Math.ceil(ms / 1000), 'second') : duration(ms)),
    list: (items) => lists().format(items),
    anyOf: (items) => either().format(items),
    day: (text) => (ISO_DAY.test(text) ? days : dateTimes)().format(toDate(text)),
  }
}

/** Made when it is first asked for: the first screen needs only some. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}

/** To make a formatter takes a hundred times as long as to use it, and a screen writes hundreds of numbers. */
function numbersIn(language: string): (options: Intl.NumberFormatOptions) => Intl.NumberFormat {
  const made = new Map<string, Intl.NumberFormat>()
  return (options) => {
    const key = JSON.stringify(options)
    const known = made.get(key) ?? new Intl.NumberFormat(language, options)
    made.set(key, known)
    return known
  }
}

function durationParts(ms: number): [value: number, unit: string][] {
  const days = Math.floor(ms / DAY)
  const hours = Math.floor((ms % DAY) / HOUR)
  const minutes = Math.floor((ms % HOUR) / MINUTE)
  if (days >= 10) return [[days, 'day']]
  if (days > 0)
    return hours === 0
      ? [[days, 'day']]
      : [
          [days, 'day'],
          [hours, 'hour'],
        ]
  if (hours > 0)
    return minutes === 0
      ? [[hours, 'hour']]
      : [
          [hours, 'hour'],
          [minutes, 'minute'],
        ]
  return [[minutes, 'minute']]
}

/** The reader's own kind of the app's language; browsers give tags, too, that `Intl` does not take (`en-US@posix`). */
export const formatLanguage = (language: string, wanted: readonly string[]): string =>
  wanted.find((each) => each.startsWith(language) && isTag(each)) ?? language

function isTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

const kept = new Map<string, Formats>()

/** The same for every component: a list of leads has hundreds that write numbers. */
function formatsIn(language: string): Formats {
  const known = kept.get(language) ?? createFormats(language)
  kept.set(language, known)
  return known
}

export function useFormats(): Formats {
  const { i18n } = useTranslation()
  // The reader's region (`en-GB`) decides how dates look where it is of the chosen language.
  return formatsIn(formatLanguage(i18n.language, navigator.languages))
}
