/** Settings from the environment, all of them here; `docs/server.md` has the same table. */
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { RateClass } from '@winnow/contract'
import { ServerError } from './errors.ts'

export interface Config {
  readonly host: string
  readonly port: number
  /** Where the embedded database and its log lie. */
  readonly folder: string
  /** Absent: the embedded database. */
  readonly databaseUrl: string | undefined
  /** Where backtests keep a copy of the log; absent: nowhere. */
  readonly columns: string | undefined
  readonly publicUrl: string | undefined
  readonly trustProxy: TrustProxy
  readonly logLevel: string
  /** Absent: one that is made and kept in the database. */
  readonly secret: string | undefined
  readonly rates: Rates
}

/** Whose word about a caller's address counts: nobody's, that of whoever connects, or that of these addresses. */
export type TrustProxy = false | true | string

/** So many at once, and as many again in the course of the period. */
export interface Rate {
  readonly tokens: number
  readonly periodMs: number
}

/** For one caller each; `account` is for attempts to sign in as one person, from wherever. */
export type Rates = Readonly<Record<RateClass | 'account', Rate>>

export interface Setting {
  readonly name: string
  readonly means: string
  readonly default: string
}

export const SETTINGS: readonly Setting[] = [
  { name: 'WINNOW_HOST', means: 'Address to listen on; 0.0.0.0 for all', default: '127.0.0.1' },
  { name: 'WINNOW_PORT', means: 'Port to listen on', default: '4000' },
  { name: 'WINNOW_DATA', means: 'Folder of the embedded database', default: './data' },
  { name: 'DATABASE_URL', means: 'PostgreSQL 15 or later instead of the embedded one', default: 'none: embedded' },
  {
    name: 'WINNOW_COLUMNS',
    means: 'Folder for a copy of the log, from which backtests read, as private as the database; or `none`',
    default: 'beside the embedded database; none with DATABASE_URL',
  },
  {
    name: 'WINNOW_URL',
    means: 'How browsers reach Winnow: links in invitations, cookies',
    default: 'http://host:port',
  },
  {
    name: 'WINNOW_TRUST_PROXY',
    means:
      'Addresses of proxies that set X-Forwarded-For, such as `loopback, 10.0.0.0/8`; `true` where only one reaches Winnow',
    default: 'false',
  },
  { name: 'WINNOW_LOG', means: 'Least level to log: debug, info, warn, error', default: 'info' },
  {
    name: 'WINNOW_SECRET',
    means: 'What cookies and cursors are signed with, 32 characters or more; the same for all servers of a database',
    default: 'made once, kept in the database',
  },
  { name: 'WINNOW_RATE_READ', means: 'Requests that read, per caller', default: '200/s' },
  { name: 'WINNOW_RATE_WRITE', means: 'Requests that change something, per caller', default: '50/s' },
  { name: 'WINNOW_RATE_CAPTURE', means: 'Requests with events, per source', default: '20000/s' },
  { name: 'WINNOW_RATE_SIGN_IN', means: 'Attempts to sign in, join or set up, per address', default: '30/min' },
  { name: 'WINNOW_RATE_ACCOUNT', means: 'Failed attempts to sign in as one person', default: '20/h' },
]

type Environment = Readonly<Record<string, string | undefined>>

/** @throws ServerError `setting_invalid` */
export function readConfig(environment: Environment, folder: string): Config {
  const text = (name: string) => environment[name]?.trim() || undefined
  const logLevel = text('WINNOW_LOG') ?? 'info'
  if (!['debug', 'info', 'warn', 'error', 'silent'].includes(logLevel)) throw invalid('WINNOW_LOG', logLevel)
  const data = text('WINNOW_DATA') ?? join(folder, 'data')
  const databaseUrl = readUrl('DATABASE_URL', text('DATABASE_URL'), ['postgres:', 'postgresql:'])
  return {
    host: text('WINNOW_HOST') ?? '127.0.0.1',
    port: readPort(text('WINNOW_PORT') ?? text('PORT') ?? '4000'),
    folder: data,
    databaseUrl,
    columns: columnsFolder(text('WINNOW_COLUMNS') ?? (databaseUrl === undefined ? join(data, 'columns') : 'none')),
    publicUrl: readUrl('WINNOW_URL', text('WINNOW_URL'), ['http:', 'https:']),
    trustProxy: readTrustProxy(text('WINNOW_TRUST_PROXY') ?? 'false'),
    logLevel,
    secret: readSecret(text('WINNOW_SECRET')),
    rates: {
      read: readRate('WINNOW_RATE_READ', text),
      write: readRate('WINNOW_RATE_WRITE', text),
      capture: readRate('WINNOW_RATE_CAPTURE', text),
      sign_in: readRate('WINNOW_RATE_SIGN_IN', text),
      account: readRate('WINNOW_RATE_ACCOUNT', text),
    },
  }
}

const columnsFolder = (said: string) => (said === 'none' ? undefined : said)

const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal']

function readTrustProxy(text: string): TrustProxy {
  if (text === 'true' || text === 'false') return text === 'true'
  for (const proxy of text.split(',')) {
    const [address = '', bits, more] = proxy.trim().split('/')
    const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128))
    const isKnown = bits === undefined && PROXY_NAMES.includes(address)
    if (!isKnown && !(isIP(address) !== 0 && isRange && more === undefined)) throw invalid('WINNOW_TRUST_PROXY', text)
  }
  return text
}

function readSecret(secret: string | undefined): string | undefined {
  if (secret === undefined || secret.length >= 32) return secret
  throw new ServerError('setting_invalid', 'WINNOW_SECRET is shorter than 32 characters', { at: 'WINNOW_SECRET' })
}

const PERIOD_MS = { s: 1000, min: 60_000, h: 3_600_000 } as const

/** `200/s`, `30/min`, `20/h`. */
function readRate(name: string, text: (name: string) => string | undefined): Rate {
  const given = text(name) ?? SETTINGS.find((setting) => setting.name === name)!.default
  const [, tokens, unit] = /^([1-9]\d{0,8})\/(s|min|h)$/.exec(given) ?? []
  if (tokens === undefined) throw invalid(name, given)
  return { tokens: Number(tokens), periodMs: PERIOD_MS[unit as keyof typeof PERIOD_MS] }
}

function readPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw invalid('WINNOW_PORT', text)
  return port
}

function readUrl(name: string, text: string | undefined, protocols: readonly string[]): string | undefined {
  if (text === undefined) return undefined
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) throw invalid(name, 'what it is set to')
  return text
}

const invalid = (name: string, value: string) =>
  new ServerError('setting_invalid', `${name} cannot be \`${value}\``, { at: name })
