/** Settings from the environment, all of them here; `docs/server.md` has the same table. */
import { join } from 'node:path'
import { ServerError } from './errors.ts'

export interface Config {
  readonly host: string
  readonly port: number
  /** Where the embedded database and its log lie. */
  readonly folder: string
  /** Absent: the embedded database. */
  readonly databaseUrl: string | undefined
  readonly publicUrl: string | undefined
  readonly trustProxy: boolean
  readonly logLevel: string
}

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
    name: 'WINNOW_URL',
    means: 'How browsers reach Winnow: links in invitations, cookies',
    default: 'http://host:port',
  },
  { name: 'WINNOW_TRUST_PROXY', means: '`true` where a proxy sets X-Forwarded-For', default: 'false' },
  { name: 'WINNOW_LOG', means: 'Least level to log: debug, info, warn, error', default: 'info' },
]

type Environment = Readonly<Record<string, string | undefined>>

/** @throws ServerError `setting_invalid` */
export function readConfig(environment: Environment, folder: string): Config {
  const text = (name: string) => environment[name]?.trim() || undefined
  const logLevel = text('WINNOW_LOG') ?? 'info'
  if (!['debug', 'info', 'warn', 'error', 'silent'].includes(logLevel)) throw invalid('WINNOW_LOG', logLevel)
  const trust = text('WINNOW_TRUST_PROXY') ?? 'false'
  if (trust !== 'true' && trust !== 'false') throw invalid('WINNOW_TRUST_PROXY', trust)
  return {
    host: text('WINNOW_HOST') ?? '127.0.0.1',
    port: readPort(text('WINNOW_PORT') ?? text('PORT') ?? '4000'),
    folder: text('WINNOW_DATA') ?? join(folder, 'data'),
    databaseUrl: readUrl('DATABASE_URL', text('DATABASE_URL'), ['postgres:', 'postgresql:']),
    publicUrl: readUrl('WINNOW_URL', text('WINNOW_URL'), ['http:', 'https:']),
    trustProxy: trust === 'true',
    logLevel,
  }
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
