/** Sources of events in the database, and who a write key belongs to. */
import { formatInstant, type Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import { randomText } from './tokens.ts'

const HOUR_MS = 3_600_000
const FORM = /^[0-9A-Za-z_-]{8,100}$/

export interface SourceRow {
  readonly source_id: string
  readonly name: string
  readonly write_key: string
  readonly old_until: Instant | null
  readonly created_at: Instant
  readonly disabled_at: Instant | null
}

const COLUMNS = ['source_id', 'name', 'write_key', 'old_until', 'created_at', 'disabled_at'] as const
const newWriteKey = () => `src_${randomText(28)}`

export const listSources = (db: Db): Promise<SourceRow[]> =>
  db.selectFrom('source').select(COLUMNS).orderBy('created_at').orderBy('source_id').execute()

export const addSource = (db: Db, name: string, now: Instant): Promise<SourceRow> =>
  db
    .insertInto('source')
    .values({ name, write_key: newWriteKey(), old_write_key: null, created_at: formatInstant(now) })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()

/** @throws ServerError `not_found` */
export async function changeSource(
  db: Db,
  { sourceId, name, isDisabled, now }: { sourceId: string; name?: string; isDisabled?: boolean; now: Instant },
): Promise<SourceRow> {
  const changed = await db
    .updateTable('source')
    .set((set) => ({
      name: name ?? set.ref('name'),
      ...(isDisabled !== undefined && { disabled_at: isDisabled ? formatInstant(now) : null }),
    }))
    .where('source_id', '=', sourceId)
    .returning(COLUMNS)
    .executeTakeFirst()
  return required(changed)
}

/** @throws ServerError `not_found` */
export async function rotateSource(
  db: Db,
  { sourceId, graceHours, now }: { sourceId: string; graceHours: number; now: Instant },
): Promise<SourceRow> {
  const changed = await db
    .updateTable('source')
    .set((set) => ({
      write_key: newWriteKey(),
      old_write_key: graceHours > 0 ? set.ref('write_key') : null,
      old_until: graceHours > 0 ? formatInstant(now + graceHours * HOUR_MS) : null,
    }))
    .where('source_id', '=', sourceId)
    .returning(COLUMNS)
    .executeTakeFirst()
  return required(changed)
}

function required(row: SourceRow | undefined): SourceRow {
  if (row === undefined) throw new ServerError('not_found', 'there is no such source')
  return row
}

async function findSource(db: Db, writeKey: string, now: Instant): Promise<Actor | undefined> {
  const found = await db
    .selectFrom('source')
    .select(['source_id', 'name'])
    .where('disabled_at', 'is', null)
    .where((where) =>
      where.or([
        where('write_key', '=', writeKey),
        where.and([where('old_write_key', '=', writeKey), where('old_until', '>', timestamp(now))]),
      ]),
    )
    .executeTakeFirst()
  return found && { kind: 'source', id: found.source_id, name: found.name }
}

export interface SourceLookup {
  readonly find: (writeKey: string) => Promise<Actor | undefined>
  /** After a change of a source by this server. */
  readonly forget: () => void
}

/** As long as another server may go on believing what was so before. */
export const SOURCE_MEMORY_MS = 5000
/** Also of keys that do not exist: whoever sends those must not push the good ones out for long. */
const KEYS_MAX = 10_000

/** Remembers for some seconds, so that a stream of events does not ask the database for each. */
export function createSourceLookup(db: Db, now: () => Instant): SourceLookup {
  const known = new Map<string, { found: Promise<Actor | undefined>; until: Instant }>()
  return {
    find: async (writeKey) => {
      if (!FORM.test(writeKey)) return undefined
      const at = now()
      const remembered = known.get(writeKey)
      if (remembered !== undefined && at < remembered.until) return remembered.found
      const found = findSource(db, writeKey, at)
      known.delete(writeKey)
      known.set(writeKey, { found, until: at + SOURCE_MEMORY_MS })
      if (known.size > KEYS_MAX) known.delete(known.keys().next().value!)
      try {
        return await found
      } catch (error) {
        if (known.get(writeKey)?.found === found) known.delete(writeKey)
        throw error
      }
    },
    forget: () => known.clear(),
  }
}
