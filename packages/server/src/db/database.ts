/** The database: one pool of connections for everything, and what builds statements. */
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import { openPool, type DatabaseOptions } from './pool.ts'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>

export interface Database {
  /** For everything but the hot path. */
  readonly db: Db
  /** For the hot path: named statements, planned once a connection. */
  readonly pool: pg.Pool
  readonly close: () => Promise<void>
}

/**
 * @throws ServerError `database_unreachable`, `database_too_old`
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const pool = await openPool(url, options)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    close: async () => {
      await db.destroy() // knows of the pool only where it has been asked something
      if (!pool.ending) await pool.end()
    },
  }
}

/** For statements that are written out, inside a transaction of Kysely's. */
export const queryingIn = (db: Db): Pick<pg.Pool, 'query'> =>
  ({
    query: async (text: string, values: unknown[] = []) => {
      const { rows, numAffectedRows } = await db.executeQuery(CompiledQuery.raw(text, values))
      return { rows, rowCount: numAffectedRows === undefined ? rows.length : Number(numAffectedRows) }
    },
  }) as unknown as Pick<pg.Pool, 'query'>
