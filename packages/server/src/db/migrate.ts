/** Forward-only migrations: numbered files of SQL, each applied once, in order, in a transaction of its own. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import { LOCKS } from './locks.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'migrations')

export interface Migration {
  readonly name: string
  readonly text: string
}

export function migrations(): Migration[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }))
}

/**
 * Brings the schema up to date.
 * @returns names of the migrations applied now
 * @throws ServerError `schema_newer` where the database knows migrations that this program does not
 */
export async function migrate(pool: pg.Pool, list: readonly Migration[] = migrations()): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCKS.migration])
    await client.query(`create table if not exists migration (
      name text primary key, digest text not null, applied_at timestamptz not null default now())`)
    const applied = await client.query<{ name: string; digest: string }>('select name, digest from migration')
    const known = new Map(list.map((migration) => [migration.name, digestOf(migration)]))
    for (const { name, digest } of applied.rows) {
      if (!known.has(name)) throw new ServerError('schema_newer', `the database has migration ${name}`)
      if (known.get(name) !== digest) throw new ServerError('schema_newer', `migration ${name} was another one`)
    }
    const done = new Set(applied.rows.map(({ name }) => name))
    const open = list.filter(({ name }) => !done.has(name))
    for (const migration of open) await apply(client, migration)
    return open.map(({ name }) => name)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCKS.migration]).catch(() => {})
    client.release()
  }
}

const digestOf = ({ text }: Migration) => createHash('sha256').update(text).digest('hex')

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.text)
    await client.query('insert into migration (name, digest) values ($1, $2)', [migration.name, digestOf(migration)])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
