/** Drafts and versions in the database. */
import type { Side } from '@winnow/contract'
import { formatInstant, type Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'

// --- Versions --------------------------------------------------------------------------------------------------------

export const LISTED = [
  'version',
  'name',
  'status',
  'published_at',
  'published_by',
  'note',
  'rolls_back_to',
  'signed_as',
  'gate_reason',
  'renews',
] as const

export interface VersionRow {
  readonly version: number
  readonly name: string
  readonly status: string
  readonly published_at: Instant
  readonly published_by: string | null
  readonly note: string | null
  readonly rolls_back_to: number | null
  readonly signed_as: 'both' | 'alone' | 'first' | null
  readonly gate_reason: string | null
  /** The first version of this text: it was published anew because activities were forgotten. */
  readonly renews: number | null
}

/** What became of a version, and who had agreed to it. */
export interface VersionStory {
  readonly version: number
  readonly live_until: Instant | null
  readonly proposal_id: string | null
  readonly signatures: readonly {
    readonly side: Side
    readonly name: string
    readonly at: string
    readonly isAlone: boolean
  }[]
}

export async function readStories(db: Db, versions: readonly number[]): Promise<Map<number, VersionStory>> {
  const { rows } = await sql<VersionStory>`
    select v.version, p.proposal_id,
      (select min(n.published_at) from definition_version n where n.version > v.version) as live_until,
      coalesce((select json_agg(json_build_object('side', s.side, 'name', s.person_name, 'at', s.at, 'isAlone', s.is_alone)
          order by s.side) from signature s
        where s.proposal_id = p.proposal_id and s.taken_back_at is null), '[]') as signatures
    from definition_version v left join proposal p on p.version = coalesce(v.renews, v.version)
    where v.version = any(${versions}::integer[])`.execute(db)
  return new Map(rows.map((row) => [row.version, row]))
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
  /** What has been proposed of it and is neither live nor withdrawn. */
  readonly proposal: {
    readonly id: string
    readonly state: 'proposed' | 'scheduled'
    readonly signatures: number
  } | null
}

const PROPOSAL = sql<DraftRow['proposal']>`(
  select json_build_object('id', p.proposal_id, 'state', p.state, 'signatures',
    (select count(*) from signature s where s.proposal_id = p.proposal_id and s.taken_back_at is null))
  from proposal p where p.draft_id = draft.draft_id and p.state in ('proposed', 'scheduled'))`.as('proposal')

export const listDrafts = (db: Db): Promise<Omit<DraftRow, 'text'>[]> =>
  db
    .selectFrom('draft')
    .select([...DRAFT, PROPOSAL])
    .orderBy('updated_at', 'desc')
    .orderBy('draft_id')
    .limit(500)
    .execute()

/** @throws ServerError `not_found` */
export async function requireDraft(db: Db, draftId: string): Promise<DraftRow> {
  const row = await db
    .selectFrom('draft')
    .select([...DRAFT, 'text', PROPOSAL])
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
  client: Pick<pg.Pool, 'query'>,
  draftId: string,
  { revision, name, text, by, now }: DraftSaved & { revision: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update draft set name = $3, text = $4, revision = revision + 1, updated_at = to_timestamp($5 / 1000.0), updated_by = $6
     where draft_id = $1 and revision = $2`,
    [draftId, revision, name, text, now, by],
  )
  return rowCount === 1
}

/** With what was said of it, unless it was proposed: that is part of its history. */
export async function deleteDraft(client: Pick<pg.Pool, 'query'>, draftId: string): Promise<void> {
  await client.query(
    'delete from comment where draft_id = $1 and not exists (select from proposal p where p.draft_id = comment.draft_id)',
    [draftId],
  )
  await client.query('delete from draft where draft_id = $1', [draftId])
}
