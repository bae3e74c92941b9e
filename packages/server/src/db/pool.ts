/** Connections, with instants as numbers and rows as plain objects. Threads have nothing else of the database, and begin sooner. */
import type { Writable } from 'node:stream'
import pg from 'pg'
import type { Instant } from '@winnow/engine'
import { ServerError } from '../errors.ts'

const { builtins } = pg.types

/** Text of `bigint` as a number: our counts stay far below 2^53. */
const readWhole = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is no safe whole number`)
  return value
}

/** `2026-11-22 00:52:01.391+00`; sessions are in UTC. */
const readTimestamp = (text: string): Instant => {
  if (text === 'infinity') return Infinity
  if (text === '-infinity') return -Infinity
  return Date.parse(`${text.replace(' ', 'T')}:00`)
}

const READERS: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: readWhole,
  [builtins.TIMESTAMPTZ]: readTimestamp,
  [builtins.NUMERIC]: Number,
}

const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : READERS[oid]
    return own ?? pg.types.getTypeParser(oid, format)
  },
}

export interface DatabaseOptions {
  readonly connectionsMax?: number
  /** Statements go out without waiting for the answers to those before; `COPY` cannot be used then. */
  readonly isPipelined?: boolean
  /**
   * Every statement finds by keys, of which it gets more or fewer: planned once a connection, and by indexes even while tables are
   * small. Else whatever is about one lead alone is planned anew each time, which takes as long as doing it.
   */
  readonly isKeyed?: boolean
}

const KEYED = ' -c plan_cache_mode=force_generic_plan -c enable_seqscan=off'

/**
 * What is sent before anything else has its turn goes out in one piece: a call of the system for each statement would take a
 * tenth of the time that an event takes. They run in this order, and none waits for the answer to another.
 */
function joinWrites(client: pg.ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  const write = stream.write.bind(stream) as (...piece: unknown[]) => boolean
  let isOpen = false
  stream.write = (...piece: unknown[]) => {
    if (!isOpen) {
      isOpen = true
      stream.cork()
      process.nextTick(() => {
        isOpen = false
        stream.uncork()
      })
    }
    return write(...piece)
  }
}

/**
 * @throws ServerError `database_unreachable`, `database_too_old`
 */
export async function openPool(
  url: string,
  { connectionsMax = 20, isPipelined = true, isKeyed = false }: DatabaseOptions = {},
): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    pipeline: isPipelined,
    types,
    application_name: 'winnow',
    // A session in another zone would write instants that `readTimestamp` does not expect. With less memory, what an index finds
    // among a million leads is remembered by page only, and every lead of those is looked at again.
    options: `-c timezone=UTC -c work_mem=16MB${isKeyed ? KEYED : ''}`,
  })
  // One that is lost while it is lent out fails its own query; without a listener it would end the process too.
  pool.on('connect', (client) => {
    client.on('error', () => {})
    if (isPipelined) joinWrites(client)
  })
  pool.on('error', () => {}) // an idle connection was lost; the next query opens another or fails by itself
  try {
    const { rows } = await pool.query<{ version: string }>("select current_setting('server_version_num') as version")
    const version = Number(rows[0]!.version)
    if (version < 150_000) throw new ServerError('database_too_old', `the database is version ${version / 10_000}`)
  } catch (error) {
    await pool.end()
    if (error instanceof ServerError) throw error
    throw new ServerError('database_unreachable', `cannot connect to the database: ${(error as Error).message}`)
  }
  return pool
}
