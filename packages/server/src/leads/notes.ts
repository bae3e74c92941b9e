/** Notes about leads in the database. */
import { formatInstant, type Instant } from '@winnow/engine'
import { sql, type SqlBool } from 'kysely'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'

export interface NoteRow {
  readonly note_id: string
  readonly lead_id: string
  readonly fact_id: string | null
  readonly text: string
  readonly at: Instant
  readonly actor_id: string
  readonly actor_name: string
}

export interface NoteAdded {
  readonly id: string
  readonly lead: string
  readonly about: string | null
  readonly text: string
  readonly by: Actor
  readonly now: Instant
}

export const addNote = (db: Db, { id, lead, about, text, by, now }: NoteAdded): Promise<NoteRow> =>
  db
    .insertInto('note')
    .values({
      note_id: id,
      lead_id: lead,
      fact_id: about,
      text,
      at: formatInstant(now),
      actor_id: by.id,
      actor_name: by.name,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

export type NotePlace = readonly [at: Instant, noteId: string]

/** Newest first. */
export function listNotes(
  db: Db,
  members: readonly string[],
  { after, limit }: { after: NotePlace | undefined; limit: number },
): Promise<NoteRow[]> {
  let rows = db
    .selectFrom('note')
    .selectAll()
    .where('lead_id', 'in', [...members])
    .orderBy('at', 'desc')
    .orderBy('note_id', 'desc')
    .limit(limit)
  if (after !== undefined) rows = rows.where(sql<SqlBool>`(at, note_id) < (${timestamp(after[0])}, ${after[1]}::uuid)`)
  return rows.execute()
}

/** @throws ServerError `not_found`, `forbidden` for what somebody else wrote */
export async function deleteNote(
  db: Db,
  members: readonly string[],
  { id, by }: { id: string; by: Actor },
): Promise<void> {
  const note = await db
    .selectFrom('note')
    .select('actor_id')
    .where('note_id', '=', id)
    .where('lead_id', 'in', [...members])
    .executeTakeFirst()
  if (note === undefined) throw new ServerError('not_found', `there is no note ${id}`, { at: 'params.note' })
  if (note.actor_id !== by.id) throw new ServerError('forbidden', 'somebody else has written this')
  await db.deleteFrom('note').where('note_id', '=', id).execute()
}

export async function countActivityTypes(db: Db, members: readonly string[]) {
  return db
    .selectFrom('activity')
    .select(['type', sql<number>`count(*)`.as('count'), sql<Instant>`max(at)`.as('last_at')])
    .where('lead_id', 'in', [...members])
    .groupBy('type')
    .orderBy('type')
    .limit(1000)
    .execute()
}
