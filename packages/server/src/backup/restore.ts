/** Restoring: a backup into a database that holds nothing yet, brought up to this program's schema. */
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { migrate, migrations } from '../db/migrate.ts'
import { ServerError } from '../errors.ts'
import { makePartition, quarterOf } from '../live/log.ts'
import type { Header, TableHeader } from './backup.ts'
import { columnsOf, quoted, tablesInOrder } from './tables.ts'

export interface Restored {
  readonly madeAt: string
  readonly rows: Readonly<Record<string, number>>
}

/**
 * @throws ServerError `database_not_empty`, `backup_damaged`, `schema_newer`; then the database is as empty as before
 */
export async function restoreBackup(pool: pg.Pool, packed: Readable): Promise<Restored> {
  await refuseUnlessEmpty(pool)
  const lines = new Lines(packed)
  const header = readHeader(await lines.next())
  const known = migrations()
  const unknown = header.migrations.filter((name) => !known.some((migration) => migration.name === name))
  if (unknown.length > 0) throw new ServerError('schema_newer', `the backup has migration ${unknown[0]}`)
  // Rows go into the schema that they are of; newer migrations then change them as they would have changed the original.
  await migrate(
    pool,
    known.filter(({ name }) => header.migrations.includes(name)),
  )
  try {
    for (const at of header.quarters) await makePartition(pool, quarterOf(at))
    const rows = await fill(pool, lines)
    await migrate(pool)
    await endSessions(pool)
    return { madeAt: header.madeAt, rows }
  } catch (error) {
    await pool.query('drop schema public cascade; create schema public')
    if (error instanceof ServerError) throw error
    throw new ServerError('backup_damaged', `the backup cannot be restored: ${(error as Error).message}`)
  }
}

/** Whoever has the backup, or had a session when it was made, is not signed in by it; nor do old links open anything. */
async function endSessions(pool: pg.Pool): Promise<void> {
  await pool.query('delete from session')
  await pool.query('delete from setup_link')
  await pool.query('delete from password_link')
  await pool.query('update invitation set revoked_at = now() where used_at is null and revoked_at is null')
}

async function refuseUnlessEmpty(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*) as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p')`,
  )
  if (rows[0]!.count > 0) throw new ServerError('database_not_empty', 'the database has tables already')
}

function readHeader(line: string | undefined): Header {
  try {
    const header = JSON.parse(line ?? '') as Header
    if (header.winnowBackup === 1 && Array.isArray(header.migrations)) return header
  } catch {
    // said below
  }
  throw new ServerError('backup_damaged', 'the file is no backup of Winnow')
}

/** One transaction: all or nothing. */
async function fill(pool: pg.Pool, lines: Lines): Promise<Record<string, number>> {
  const client = await pool.connect()
  const counts: Record<string, number> = {}
  let isBroken = true
  try {
    await client.query('begin')
    const expected = new Set(await tablesInOrder(client))
    for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
      const { table, columns } = JSON.parse(line) as TableHeader
      if (!expected.delete(table)) throw new ServerError('backup_damaged', `the backup has a table \`${table}\``)
      const known = new Set(await columnsOf(client, table))
      if (!columns.every((column) => known.has(column))) {
        throw new ServerError('backup_damaged', `the backup has other columns of \`${table}\``)
      }
      await client.query(`delete from ${quoted(table)}`) // a key that a migration made: the one of the backup counts
      counts[table] = await copyIn(client, lines, { table, columns })
      await goOnCounting(client, table)
    }
    // Numbers of another cluster's transactions mean nothing here, and could lie in this one's future.
    await client.query("update outbox set transaction_id = '1'")
    if (expected.size > 0) throw new ServerError('backup_damaged', `the backup ends before \`${[...expected][0]}\``)
    await client.query('commit')
    isBroken = false
    return counts
  } finally {
    client.release(isBroken)
  }
}

async function copyIn(client: pg.PoolClient, lines: Lines, { table, columns }: TableHeader): Promise<number> {
  const sink = client.query(copyFrom(`copy ${quoted(table)} (${columns.map(quoted).join(', ')}) from stdin`))
  let count = 0
  let piece: string[] = []
  let size = 0
  const flush = async () => {
    if (!sink.write(piece.join(''))) await new Promise((resolve) => sink.once('drain', resolve))
    piece = []
    size = 0
  }
  const failed = new Promise<never>((_, reject) => sink.once('error', reject))
  failed.catch(() => {})
  for (;;) {
    const line = await lines.next()
    if (line === undefined) throw new ServerError('backup_damaged', `the backup ends in \`${table}\``)
    if (line === '\\.') break
    piece.push(line, '\n')
    size += line.length
    count += 1
    if (size > 65_536) await Promise.race([flush(), failed])
  }
  if (size > 0) await Promise.race([flush(), failed])
  sink.end()
  await finished(sink)
  return count
}

/** Numbers that the database gives go on after those restored. */
async function goOnCounting(client: pg.PoolClient, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = to_regclass($1) and attidentity <> ''`,
    [quoted(table)],
  )
  for (const { name } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quoted(name)}), 0) + 1, false) from ${quoted(table)}`,
      [quoted(table), name],
    )
  }
}

/** Lines of a packed text, unpacked piece by piece. */
class Lines {
  private readonly pieces: AsyncIterator<string>
  private rest = ''
  private at = 0

  constructor(packed: Readable) {
    const unzip = createGunzip()
    packed.on('error', (error) => unzip.destroy(error))
    this.pieces = packed.pipe(unzip).setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>
  }

  /** undefined at the end. @throws ServerError `backup_damaged` */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.rest.indexOf('\n', this.at)
      if (end >= 0) {
        const line = this.rest.slice(this.at, end)
        this.at = end + 1
        return line
      }
      const piece = await this.piece()
      if (piece === undefined) {
        if (this.at < this.rest.length) throw new ServerError('backup_damaged', 'the backup is cut short')
        return undefined
      }
      this.rest = this.rest.slice(this.at) + piece
      this.at = 0
    }
  }

  private async piece(): Promise<string | undefined> {
    try {
      const { value, done } = await this.pieces.next()
      return done ? undefined : value
    } catch (error) {
      throw new ServerError('backup_damaged', `the backup is cut short or damaged: ${(error as Error).message}`)
    }
  }
}
