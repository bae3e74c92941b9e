/**
 * A backup: everything of one instant as a stream of text, packed. First a line of JSON that says what it is; then for each
 * table a line of JSON and its rows as PostgreSQL's COPY writes them, ended by `\.`.
 */
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { columnsOf, quoted, tablesInOrder } from './tables.ts'
import { READING_ALL } from '../live/transaction.ts'

export interface Header {
  readonly winnowBackup: 1
  readonly madeAt: string
  /** The schema that the rows are of. */
  readonly migrations: readonly string[]
  /** An instant in each quarter that has activities. */
  readonly quarters: readonly number[]
}

export interface TableHeader {
  readonly table: string
  readonly columns: readonly string[]
}

export interface BackupProgress {
  readonly table: string
  readonly bytes: number
}

const END = '\\.\n'

/**
 * Writes a backup of one instant while everybody goes on working.
 * @returns bytes before packing
 */
export async function writeBackup(
  pool: pg.Pool,
  out: Writable,
  { now, progress }: { now: number; progress?: (at: BackupProgress) => void },
): Promise<number> {
  const client = await pool.connect()
  let isBroken = true // a COPY cut short leaves the connection in the middle of it
  try {
    await client.query(READING_ALL)
    let bytes = 0
    async function* text(): AsyncGenerator<string | Buffer> {
      yield `${JSON.stringify(await headerOf(client, now))}\n`
      for (const table of await tablesInOrder(client)) {
        const columns = await columnsOf(client, table)
        yield `${JSON.stringify({ table, columns } satisfies TableHeader)}\n`
        for await (const piece of rowsOf(client, table, columns)) {
          bytes += piece.length
          progress?.({ table, bytes })
          yield piece
        }
        yield END
      }
    }
    await pipeline(text, createGzip({ level: 4 }), out)
    await client.query('commit')
    isBroken = false
    return bytes
  } finally {
    client.release(isBroken)
  }
}

async function headerOf(client: pg.PoolClient, now: number): Promise<Header> {
  const migrations = await client.query<{ name: string }>('select name from migration order by name')
  const quarters = await client.query<{ at: number }>(
    `select min(at) as at from activity group by date_trunc('quarter', at at time zone 'UTC')`,
  )
  return {
    winnowBackup: 1,
    madeAt: new Date(now).toISOString(),
    migrations: migrations.rows.map(({ name }) => name),
    quarters: quarters.rows.map(({ at }) => at),
  }
}

/** A partitioned table is read through a query: COPY of it alone would find it empty. */
function rowsOf(client: pg.PoolClient, table: string, columns: readonly string[]): Readable {
  return client.query(copyTo(`copy (select ${columns.map(quoted).join(', ')} from ${quoted(table)}) to stdout`))
}
