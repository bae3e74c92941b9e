/** Saved segments in the database. */
import { formatInstant, type Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'

export interface SegmentRow {
  readonly segment_id: string
  readonly name: string
  readonly query: string
  readonly columns: string[] | null
  readonly is_shared: boolean
  readonly owner_id: string
  readonly owner_name: string
  readonly created_at: Instant
  readonly updated_at: Instant
}

const SEGMENTS_MAX = 1000

export const listSegments = (db: Db, actorId: string): Promise<SegmentRow[]> =>
  db
    .selectFrom('segment')
    .selectAll()
    .where((eb) => eb.or([eb('is_shared', '=', true), eb('owner_id', '=', actorId)]))
    .orderBy('name')
    .orderBy('segment_id')
    .limit(SEGMENTS_MAX)
    .execute()

export interface SegmentSaid {
  readonly name: string
  readonly query: string
  readonly columns: readonly string[] | null
  readonly isShared: boolean
}

export const addSegment = (
  db: Db,
  { name, query, columns, isShared }: SegmentSaid,
  { id, by, now }: { id: string; by: Actor; now: Instant },
): Promise<SegmentRow> =>
  db
    .insertInto('segment')
    .values({
      segment_id: id,
      name,
      query,
      columns: columns && [...columns],
      is_shared: isShared,
      owner_id: by.id,
      owner_name: by.name,
      created_at: formatInstant(now),
      updated_at: formatInstant(now),
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/**
 * One that this actor sees.
 * @throws ServerError `not_found`, also of what others keep to themselves
 */
export async function requireSegment(db: Db, id: string, actor: Actor | undefined): Promise<SegmentRow> {
  const row = await db.selectFrom('segment').selectAll().where('segment_id', '=', id).executeTakeFirst()
  if (row === undefined || (row.owner_id !== actor?.id && !row.is_shared))
    throw new ServerError('not_found', `there is no segment ${id}`, { at: 'params.segment' })
  return row
}

/**
 * One that this actor may change: their own, for administrators also what others share.
 * @throws ServerError `not_found`, also of what others keep to themselves; `forbidden`
 */
export async function requireOwnSegment(db: Db, id: string, actor: Actor): Promise<SegmentRow> {
  const row = await requireSegment(db, id, actor)
  const isMine = row.owner_id === actor.id
  const isAdministrator = actor.kind === 'person' && actor.role === 'admin'
  if (!isMine && !isAdministrator) throw new ServerError('forbidden', `this segment is ${row.owner_name}’s`)
  return row
}

export const changeSegment = (
  db: Db,
  id: string,
  { name, query, columns, isShared }: SegmentSaid,
  now: Instant,
): Promise<SegmentRow> =>
  db
    .updateTable('segment')
    .set({ name, query, columns: columns && [...columns], is_shared: isShared, updated_at: formatInstant(now) })
    .where('segment_id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

export async function deleteSegment(db: Db, id: string): Promise<void> {
  await db.deleteFrom('segment').where('segment_id', '=', id).execute()
}
