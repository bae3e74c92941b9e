/** Drafts and versions in the database. */
import { formatInstant, type Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'

// --- Versions --------------------------------------------------------------------------------------------------------

const LISTED = ['version', 'name', 'status', 'published_at', 'published_by', 'note', 'rolls_back_to'] as const

export interface VersionRow {
  readonly version: number
  readonly name: string
  readonly status: string
  readonly published_at: Instant
  readonly published_by: string | null
  readonly note: string | null
  readonly rolls_back_to: number | null
}

const VERSIONS_MAX = 200

/** Newest first. */
export function listVersions(db: Db, before: number | undefined): Promise<VersionRow[]> {
  let rows = db.selectFrom('definition_version').select(LISTED).orderBy('version', 'desc').limit(VERSIONS_MAX)
  if (before !== undefined) rows = rows.where('version', '<', before)
  return rows.execute()
}

/** @throws ServerError `not_found` */
export async function requireVersion(db: Db, version: number): Promise<VersionRow & { readonly text: string }> {
  const row = await db
    .selectFrom('definition_version')
    .select([...LISTED, 'text'])
    .where('version', '=', version)
    .executeTakeFirst()
  if (row === undefined) throw new ServerError('not_found', `there is no version ${version}`, { at: 'params.version' })
  return row
}

export const findLive = (db: Db) =>
  db
    .selectFrom('definition_version')
    .select([...LISTED, 'text'])
    .where('status', '=', 'live')
    .executeTakeFirst()

/** How many circles the live version has assessed, of all. */
export async function countRestated(db: Db, version: number | null): Promise<{ total: number; done: number }> {
  return db
    .selectFrom('circle')
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn
        .countAll<number>()
        .filterWhere('version', '=', version ?? -1)
        .as('done'),
    ])
    .executeTakeFirstOrThrow()
}

// --- Drafts ----------------------------------------------------------------------------------------------------------

const DRAFT = ['draft_id', 'name', 'revision', 'based_on', 'created_at', 'updated_at', 'updated_by'] as const

export interface DraftRow {
  readonly draft_id: string
  readonly name: string
  readonly revision: number
  readonly based_on: number | null
  readonly created_at: Instant
  readonly updated_at: Instant
  readonly updated_by: string | null
  readonly text: string
}

export const listDrafts = (db: Db): Promise<Omit<DraftRow, 'text'>[]> =>
  db.selectFrom('draft').select(DRAFT).orderBy('updated_at', 'desc').orderBy('draft_id').limit(500).execute()

/** @throws ServerError `not_found` */
export async function requireDraft(db: Db, draftId: string): Promise<DraftRow> {
  const row = await db
    .selectFrom('draft')
    .select([...DRAFT, 'text'])
    .where('draft_id', '=', draftId)
    .executeTakeFirst()
  if (row === undefined) throw new ServerError('not_found', `there is no draft ${draftId}`, { at: 'params.draft' })
  return row
}

export interface DraftSaved {
  readonly name: string
  readonly text: string
  readonly by: string | null
  readonly now: Instant
}

export async function addDraft(
  db: Db,
  { draftId, basedOn, name, text, by, now }: DraftSaved & { draftId: string; basedOn: number | null },
): Promise<void> {
  const at = formatInstant(now)
  await db
    .insertInto('draft')
    .values({
      draft_id: draftId,
      name,
      text,
      revision: 1,
      based_on: basedOn,
      created_at: at,
      updated_at: at,
      updated_by: by,
    })
    .execute()
}

/** @returns false where the draft is at another revision by now, or gone */
export async function saveDraft(
  db: Db,
  draftId: string,
  { revision, name, text, by, now }: DraftSaved & { revision: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('draft')
    .set({ name, text, revision: sql`revision + 1`, updated_at: formatInstant(now), updated_by: by })
    .where('draft_id', '=', draftId)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function deleteDraft(db: Db, draftId: string): Promise<void> {
  await db.deleteFrom('draft').where('draft_id', '=', draftId).execute()
}
