/** One lead in the database: its row, its names, its merges, what it did, its ledger. */
import type { Instant } from '@winnow/engine'
import { sql, type SqlBool } from 'kysely'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import { accountName, LISTED, type ListedRow } from './lead-list.ts'

export interface LeadRow extends ListedRow {
  readonly circle_id: string
  readonly attribute_times: Readonly<Record<string, readonly [at: Instant, factId: string]>>
}

/**
 * The lead that an id leads to now.
 * @throws ServerError `not_found`
 */
export async function requireLead(db: Db, id: string): Promise<LeadRow> {
  const row = await db
    .selectFrom('lead')
    .select([...LISTED, accountName, 'circle_id', 'attribute_times'])
    .where('lead_id', '=', (eb) =>
      eb
        .selectFrom('lead as named')
        .select(sql<string>`coalesce(named.merged_into, named.lead_id)`.as('root'))
        .where('named.lead_id', '=', id),
    )
    .executeTakeFirst()
  if (row === undefined) throw new ServerError('not_found', `there is no lead ${id}`, { at: 'params.lead' })
  return row
}

/** Its own id and those of leads that are now part of it. */
export async function memberIds(db: Db, root: string): Promise<string[]> {
  const rows = await db.selectFrom('lead').select('lead_id').where('merged_into', '=', root).execute()
  return [root, ...rows.map(({ lead_id }) => lead_id)]
}

export const namesOf = (db: Db, members: readonly string[]) =>
  db
    .selectFrom('identity')
    .select(['kind', 'value', 'since'])
    .where('lead_id', 'in', [...members])
    .orderBy('since')
    .orderBy('kind')
    .orderBy('value')
    .execute()

export const mergesOf = (db: Db, members: readonly string[]) =>
  db
    .selectFrom('merge')
    .selectAll()
    .where((eb) => eb.or([eb('lead_id', 'in', [...members]), eb('into_lead_id', 'in', [...members])]))
    .orderBy('merge_id', 'desc')
    .limit(1000)
    .execute()

// --- What is known of it, in time ------------------------------------------------------------------------------------

/** The last of a page: by instant, then id, both falling. */
export type TimePlace = readonly [at: Instant, id: string]

export interface TimelineRow {
  readonly fact_id: string
  readonly at: Instant
  readonly received_at: Instant
  readonly kind: string
  readonly type: string | null
  readonly body: Readonly<Record<string, unknown>>
  readonly flags: string[] | null
}

export async function readTimeline(
  db: Db,
  members: readonly string[],
  page: { kinds: readonly string[]; type?: string | undefined; after?: TimePlace | undefined; limit: number },
): Promise<TimelineRow[]> {
  const { kinds, limit } = page
  const others = kinds.filter((kind) => kind !== 'activity')
  const rows = [
    ...(kinds.includes('activity') ? await activities(db, members, page) : []),
    ...(others.length > 0 && page.type === undefined ? await facts(db, members, others, page) : []),
  ]
  return rows.sort((a, b) => b.at - a.at || (a.fact_id < b.fact_id ? 1 : -1)).slice(0, limit)
}

/** The instant alone finds the place in the index and leaves out partitions; the pair is exact. */
const before = ([at, id]: TimePlace) =>
  sql<SqlBool>`at <= to_timestamp(${at / 1000}) and (at, fact_id) < (to_timestamp(${at / 1000}), ${id})`

function activities(
  db: Db,
  members: readonly string[],
  { type, after, limit }: { type?: string | undefined; after?: TimePlace | undefined; limit: number },
): Promise<TimelineRow[]> {
  let rows = db
    .selectFrom('activity')
    .select(['fact_id', 'at', 'received_at', sql<string>`'activity'`.as('kind'), 'type', 'properties as body', 'flags'])
    .where('lead_id', 'in', [...members])
    .orderBy('at', 'desc')
    .orderBy('fact_id', 'desc')
    .limit(limit)
  if (type !== undefined) rows = rows.where('type', '=', type)
  if (after !== undefined) rows = rows.where(before(after))
  return rows.execute()
}

function facts(
  db: Db,
  members: readonly string[],
  kinds: readonly string[],
  { after, limit }: { after?: TimePlace | undefined; limit: number },
): Promise<TimelineRow[]> {
  let rows = db
    .selectFrom('fact')
    .select(['fact_id', 'at', 'received_at', 'kind', sql<null>`null`.as('type'), 'body', 'flags'])
    .where('lead_id', 'in', [...members])
    .where('kind', 'in', [...kinds])
    .orderBy('at', 'desc')
    .orderBy('fact_id', 'desc')
    .limit(limit)
  if (after !== undefined) rows = rows.where(before(after))
  return rows.execute()
}

/** @throws ServerError `not_found` where no fact of the lead has this id */
export async function requireFact(db: Db, members: readonly string[], id: string): Promise<void> {
  const { rows } = await sql<{ found: boolean }>`select exists (
      select from fact where lead_id = any(${members}::uuid[]) and fact_id = ${id}
      union all select from activity where lead_id = any(${members}::uuid[]) and fact_id = ${id}) as found`.execute(db)
  if (!rows[0]!.found) throw new ServerError('not_found', 'this lead has no such fact', { at: '/about' })
}

// --- The ledger ------------------------------------------------------------------------------------------------------

export type LedgerPlace = readonly [at: Instant, place: number, id: number]

export function readLedger(
  db: Db,
  lead: string,
  { superseded, after, limit }: { superseded: boolean; after?: LedgerPlace | undefined; limit: number },
) {
  let rows = db
    .selectFrom('transition')
    .selectAll()
    .where('lead_id', '=', lead)
    .orderBy('at', 'desc')
    .orderBy('place', 'desc')
    .orderBy('transition_id', 'desc')
    .limit(limit)
  if (!superseded) rows = rows.where('superseded_at', 'is', null)
  if (after !== undefined)
    rows = rows.where(
      sql<SqlBool>`(at, place, transition_id) < (to_timestamp(${after[0] / 1000}), ${after[1]}::smallint, ${after[2]}::bigint)`,
    )
  return rows.execute()
}

/** What the ledger says of one instant, in order. */
export const readLedgerAt = (db: Db, lead: string, at: Instant) =>
  db
    .selectFrom('transition')
    .selectAll()
    .where('lead_id', '=', lead)
    .where(sql<SqlBool>`at = to_timestamp(${at / 1000})`)
    .where('superseded_at', 'is', null)
    .orderBy('place')
    .execute()
