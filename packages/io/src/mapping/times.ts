/** Dates and times as files write them → instants. Nothing is guessed: a format is ISO 8601 or it is named. */
import { formatInstant, readInstant, type Instant } from '@winnow/engine'
import { CellFault } from './fault.ts'

/** A local date and time without a zone. */
interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly ms: number
  readonly hasTime: boolean
}

export interface TimeFormat {
  /** Instant of a cell. A date alone is its midnight in the zone (UTC where none is named). */
  readonly instant: (cell: string) => Instant | CellFault
  /** ISO 8601 text of a cell: a date stays a date. */
  readonly iso: (cell: string) => string | CellFault
}

const DAY_MS = 86_400_000

/**
 * @param formats  one or several; a cell that two of them read as different times is ambiguous
 * @returns what is wrong with a format or the zone, as text, or the format
 */
export function compileTimeFormat(
  formats: string | readonly string[] | undefined,
  zone: string | undefined,
): TimeFormat | string {
  const toInstant = zone === undefined ? undefined : compileZone(zone)
  if (typeof toInstant === 'string') return toInstant
  const read = anyReader(formats === undefined || typeof formats === 'string' ? [formats ?? 'iso'] : formats)
  if (typeof read === 'string') return read
  const zoned = (local: LocalTime): Instant | CellFault => {
    const utc = utcOf(local)
    if (toInstant) return toInstant(utc)
    return local.hasTime ? new CellFault('zone_missing', 'the time names no zone') : utc
  }
  return {
    instant(cell) {
      const found = read(cell)
      return typeof found === 'number' || found instanceof CellFault ? found : zoned(found)
    },
    iso(cell) {
      const found = read(cell)
      if (found instanceof CellFault) return found
      if (typeof found !== 'number' && !found.hasTime) return formatInstant(utcOf(found)).slice(0, 10)
      const instant = typeof found === 'number' ? found : zoned(found)
      return instant instanceof CellFault ? instant : formatInstant(instant)
    },
  }
}

type LocalReader = (cell: string) => LocalTime | Instant | CellFault

/** Reads a cell in whichever format fits it. */
function anyReader(formats: readonly string[]): LocalReader | string {
  const readers: LocalReader[] = []
  for (const format of formats) {
    const reader = localReader(format)
    if (typeof reader === 'string') return reader
    readers.push(reader)
  }
  if (readers.length === 1) return readers[0]!
  return (cell) => {
    const results = readers.map((read) => read(cell))
    const read = results.filter((result): result is LocalTime | Instant => !(result instanceof CellFault))
    if (read.length > 0) return read.every((each) => isSameTime(each, read[0]!)) ? read[0]! : ambiguous(cell)
    const faults = results as CellFault[]
    const telling = faults.find(({ code }) => code !== 'value_malformed')
    return telling ?? new CellFault('value_malformed', `\`${shown(cell)}\` is not written as ${formats.join(' or ')}`)
  }
}

const isSameTime = (a: LocalTime | Instant, b: LocalTime | Instant): boolean => JSON.stringify(a) === JSON.stringify(b)

function localReader(format: string): LocalReader | string {
  switch (format) {
    case 'iso':
      return (cell) => (hasOffset(cell) ? readExactly(cell) : readIso(cell))
    case 'excel':
      return readExcel
    case 'unix':
      return (cell) => readEpoch(cell, 1000)
    case 'unix_ms':
      return (cell) => readEpoch(cell, 1)
    default:
      return compilePattern(format)
  }
}

// --- ISO 8601 --------------------------------------------------------------------------------------------------------

const ISO_LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?$/
const OFFSET = /[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/

const hasOffset = (cell: string) => OFFSET.test(cell)

function readExactly(cell: string): Instant | CellFault {
  const instant = readInstant(cell)
  if (instant !== undefined) return instant
  return /^\d{4}-\d{2}-\d{2}[T ]/.test(cell) ? impossible(cell) : malformed(cell)
}

function readIso(cell: string): LocalTime | CellFault {
  const match = ISO_LOCAL.exec(cell)
  if (!match) return /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/.test(cell) ? ambiguous(cell) : malformed(cell)
  const part = (at: number) => Number(match[at] ?? 0)
  return checkLocal(cell, {
    year: part(1),
    month: part(2),
    day: part(3),
    hour: part(4),
    minute: part(5),
    second: part(6),
    ms: Math.floor(Number(`0.${match[7] ?? 0}`) * 1000 + 1e-6),
    hasTime: match[4] !== undefined,
  })
}

const malformed = (cell: string) => new CellFault('value_malformed', `\`${shown(cell)}\` is not a date or time`)
const ambiguous = (cell: string) =>
  new CellFault('value_ambiguous', `\`${shown(cell)}\` can be read as more than one date`)
const impossible = (cell: string) =>
  new CellFault('date_impossible', `\`${shown(cell)}\`: there is no such day or time`)
const shown = (cell: string) => (cell.length > 60 ? `${cell.slice(0, 60)}…` : cell)

function checkLocal(cell: string, local: LocalTime): LocalTime | CellFault {
  const { year, month, day, hour, minute, second } = local
  const utc = utcOf(local)
  const date = new Date(utc)
  const isReal =
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  return isReal ? local : impossible(cell)
}

function utcOf({ year, month, day, hour, minute, second, ms }: LocalTime): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day) // Date.UTC would take year 26 for 1926
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + ms
}

// --- Numbers that are times ------------------------------------------------------------------------------------------

/** Days of the 1900 calendar of spreadsheets. Before March 1900 it counts a day that never was, so it is refused. */
function readExcel(cell: string): LocalTime | CellFault {
  const serial = /^\d{1,7}(?:\.\d+)?$/.test(cell) ? Number(cell) : Number.NaN
  if (Number.isNaN(serial))
    return new CellFault('value_malformed', `\`${shown(cell)}\` is not a serial number of a spreadsheet`)
  if (serial < 61 || serial >= 2_958_466) return impossible(cell)
  const utc = Math.round((serial - 25_569) * DAY_MS)
  const date = new Date(utc)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    ms: date.getUTCMilliseconds(),
    hasTime: !Number.isInteger(serial),
  }
}

const YEAR_10000_MS = 253_402_300_800_000

function readEpoch(cell: string, unitMs: number): Instant | CellFault {
  if (!/^-?\d{1,15}(?:\.\d{1,9})?$/.test(cell))
    return new CellFault('value_malformed', `\`${shown(cell)}\` is not a Unix time`)
  const instant = Math.floor(Number(cell) * unitMs + 1e-6)
  return Math.abs(instant) < YEAR_10000_MS ? instant : impossible(cell)
}

// --- Patterns --------------------------------------------------------------------------------------------------------

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const TOKEN = /YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A/g
const TOKEN_PATTERNS: Readonly<Record<string, string>> = {
  YYYY: String.raw`(?<year>\d{4})`,
  YY: String.raw`(?<shortYear>\d{2})`,
  MMMM: '(?<monthName>[A-Za-z]{3,9})',
  MMM: '(?<monthName>[A-Za-z]{3})',
  MM: String.raw`(?<month>\d{2})`,
  M: String.raw`(?<month>\d{1,2})`,
  DD: String.raw`(?<day>\d{2})`,
  D: String.raw`(?<day>\d{1,2})`,
  HH: String.raw`(?<hour>\d{2})`,
  H: String.raw`(?<hour>\d{1,2})`,
  hh: String.raw`(?<hour12>\d{2})`,
  h: String.raw`(?<hour12>\d{1,2})`,
  mm: String.raw`(?<minute>\d{2})`,
  ss: String.raw`(?<second>\d{2})`,
  SSS: String.raw`(?<ms>\d{3})`,
  A: '(?<half>[AaPp][Mm])',
}

function compilePattern(format: string): LocalReader | string {
  const source = format
    .replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
    .replaceAll(TOKEN, (token) => TOKEN_PATTERNS[token]!)
  const has = (group: string) => source.includes(`(?<${group}>`)
  const isWhole = (has('year') || has('shortYear')) && (has('month') || has('monthName')) && has('day')
  if (!isWhole) return `\`${format}\` lacks a year, a month or a day: write YYYY, MM and DD (or M, D, MMM)`
  if (has('hour12') !== has('half')) return `\`${format}\`: hh and A go together; a clock of 24 hours is HH`
  let pattern: RegExp
  try {
    pattern = new RegExp(`^${source}$`, 'u')
  } catch {
    return `\`${format}\` uses a part twice`
  }
  return (cell) => {
    const parts = pattern.exec(cell)?.groups
    if (!parts) return new CellFault('value_malformed', `\`${shown(cell)}\` is not written as ${format}`)
    return checkLocal(cell, localOf(parts))
  }
}

function localOf(parts: Readonly<Record<string, string | undefined>>): LocalTime {
  const part = (key: string) => Number(parts[key] ?? 0)
  return {
    year: parts['year'] === undefined ? 2000 + part('shortYear') : part('year'),
    month:
      parts['monthName'] === undefined
        ? part('month')
        : MONTHS.indexOf(parts['monthName'].slice(0, 3).toLowerCase()) + 1,
    day: part('day'),
    hour: parts['hour12'] === undefined ? part('hour') : hourOf(part('hour12'), parts['half']!),
    minute: part('minute'),
    second: part('second'),
    ms: part('ms'),
    hasTime: parts['hour'] !== undefined || parts['hour12'] !== undefined,
  }
}

/** 12 am is midnight, 12 pm is noon; anything beyond 12 is no hour of this clock. */
function hourOf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return 24
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
}

// --- Zones -----------------------------------------------------------------------------------------------------------

type ToInstant = (localUtc: number) => Instant | CellFault

const HOUR_MS = 3_600_000

function compileZone(zone: string): ToInstant | string {
  const fixed = /^([+-])(\d{2}):(\d{2})$/.exec(zone)
  if (fixed) {
    const minutes = (Number(fixed[2]) * 60 + Number(fixed[3])) * (fixed[1] === '-' ? -1 : 1)
    return (local) => local - minutes * 60_000
  }
  if (zone === 'Z' || zone === 'UTC') return (local) => local
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
  } catch {
    return `\`${zone}\` is not a time zone; write one such as \`Europe/Amsterdam\`, \`+01:00\` or \`UTC\``
  }
  return namedZone(zone)
}

/** Asking for the offset is slow, and within nearly every hour it is one and the same. */
function namedZone(zone: string): ToInstant {
  const offsets = new Map<number, number | undefined>()
  return (local) => {
    const hour = Math.floor(local / HOUR_MS)
    if (!offsets.has(hour)) offsets.set(hour, steadyOffset(hour * HOUR_MS, zone))
    const offset = offsets.get(hour)
    return offset === undefined ? askZone(local, zone) : local - offset
  }
}

function steadyOffset(hourStart: number, zone: string): number | undefined {
  const first = askZone(hourStart, zone)
  const last = askZone(hourStart + HOUR_MS - 1, zone)
  const isSteady = typeof first === 'number' && typeof last === 'number' && last - first === HOUR_MS - 1
  return isSteady && !isTwice(hourStart, zone) && !isTwice(hourStart + HOUR_MS - 1, zone)
    ? hourStart - first
    : undefined
}

const plain = (local: number) =>
  Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime()

const isTwice = (local: number, zone: string) =>
  plain(local).toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds !==
  plain(local).toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds

/** Of an hour that clocks show twice the first is meant; one that they skip does not exist. */
function askZone(local: number, zone: string): Instant | CellFault {
  const zoned = plain(local).toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (zoned.toPlainDateTime().equals(plain(local))) return zoned.epochMilliseconds
  return new CellFault('date_impossible', `clocks in ${zone} skip this time`)
}
