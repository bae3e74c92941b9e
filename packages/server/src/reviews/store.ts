/** Reviews in the database. What is signed is never written again: every change asks for one that is not. */
import { formatInstant, type Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { Promised } from './figures.ts'
import type { Figures } from './prepare.ts'

export type Team = 'marketing' | 'sales'

export interface ReviewRow {
  readonly review_id: string
  readonly version: number
  readonly period_from: Instant
  readonly period_to: Instant
  readonly created_at: Instant
  readonly creator_name: string
  readonly job_id: string | null
  readonly figures: Figures | null
  readonly attendance: { name: string; team: Team | null }[]
  readonly next_at: Instant | null
  readonly signed_at: Instant | null
  readonly decisions: number
}

const READ = sql`select r.*, (select count(*)::integer from review_decision d where d.review_id = r.review_id) as decisions
  from review r`
const LISTED_MAX = 200

export async function listReviews(db: Db): Promise<ReviewRow[]> {
  const { rows } = await sql<ReviewRow>`
    ${READ} order by period_to desc, created_at desc, review_id limit ${LISTED_MAX}`.execute(db)
  return rows
}

/** @throws ServerError `not_found` */
export async function requireReview(db: Db, id: string): Promise<ReviewRow> {
  const { rows } = await sql<ReviewRow>`${READ} where review_id = ${id}`.execute(db)
  if (rows[0] === undefined) throw new ServerError('not_found', `there is no review ${id}`, { at: 'params.review' })
  return rows[0]
}

/** @param but  not this one */
export async function lastSigned(db: Db, but?: string): Promise<ReviewRow | undefined> {
  const { rows } = await sql<ReviewRow>`
    ${READ} where signed_at is not null and review_id is distinct from ${but ?? null}::uuid
    order by period_to desc, signed_at desc limit 1`.execute(db)
  return rows[0]
}

export async function openReview(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('review')
    .select('review_id')
    .where('signed_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.review_id
}

export interface NewReview {
  readonly id: string
  readonly version: number
  readonly from: Instant
  readonly to: Instant
  readonly by: Actor
  readonly now: Instant
}

export async function addReview(db: Db, { id, version, from, to, by, now }: NewReview): Promise<void> {
  await db
    .insertInto('review')
    .values({
      review_id: id,
      version,
      period_from: formatInstant(from),
      period_to: formatInstant(to),
      created_at: formatInstant(now),
      created_by: by.id,
      creator_name: by.name,
    })
    .execute()
}

export interface Changes {
  readonly attendance?: readonly { readonly name: string; readonly team: Team | null }[] | undefined
  readonly nextAt?: Instant | null | undefined
  readonly job?: string
  readonly to?: Instant
  readonly version?: number
}

/** @throws ServerError `conflict` where it is signed */
export async function changeReview(
  db: Db,
  id: string,
  { attendance, nextAt, job, to, version }: Changes,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('review')
    .set({
      review_id: id, // something is set in any case
      ...(attendance !== undefined && { attendance: JSON.stringify(attendance) }),
      ...(nextAt !== undefined && { next_at: nextAt === null ? null : formatInstant(nextAt) }),
      ...(job !== undefined && { job_id: job }),
      ...(to !== undefined && { period_to: formatInstant(to) }),
      ...(version !== undefined && { version }),
    })
    .where('review_id', '=', id)
    .where('signed_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw signed()
}

const signed = () => new ServerError('conflict', 'the review is signed; nothing of it changes any more')

/** Runs `write` while the review cannot be signed. @throws ServerError `conflict` where it is */
const whileOpen = <T>(db: Db, id: string, write: (tx: Db) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      select 1 from review where review_id = ${id} and signed_at is null for update`.execute(tx)
    if (rows.length === 0) throw signed()
    return write(tx)
  })

export const deleteReview = (db: Db, id: string): Promise<unknown> =>
  whileOpen(db, id, (tx) => tx.deleteFrom('review').where('review_id', '=', id).execute())

// --- Figures ---------------------------------------------------------------------------------------------------------

export const saveFigures = (
  db: Db,
  id: string,
  figures: Figures,
  behind: ReadonlyMap<string, { readonly total: number; readonly leads: readonly string[] }>,
): Promise<void> =>
  whileOpen(db, id, async (tx) => {
    await tx.deleteFrom('review_leads').where('review_id', '=', id).execute()
    for (const [figure, { total, leads }] of behind)
      await tx
        .insertInto('review_leads')
        .values({ review_id: id, figure, total, leads: [...leads] })
        .execute()
    await tx
      .updateTable('review')
      .set({ figures: JSON.stringify(figures) })
      .where('review_id', '=', id)
      .execute()
  })

export interface LeadBehind {
  readonly lead_id: string
  readonly name: string | null
  readonly email: string | null
  readonly account_name: string | null
  readonly stage: string | null
  readonly levels: Record<string, string> | null
}

const SHOWN_MAX = 1_000

/** @throws ServerError `not_found` */
export async function listLeadsBehind(
  db: Db,
  id: string,
  figure: string,
): Promise<{ readonly total: number; readonly leads: readonly LeadBehind[] }> {
  const kept = await db
    .selectFrom('review_leads')
    .select('total')
    .where('review_id', '=', id)
    .where('figure', '=', figure)
    .executeTakeFirst()
  if (kept === undefined)
    throw new ServerError('not_found', `the review has no figure ${figure}`, { at: 'query.figure' })
  const { rows } = await sql<LeadBehind>`
    select root.lead_id, root.name, root.email, a.name as account_name, root.stage, root.levels
    from review_leads k, unnest(k.leads) with ordinality as x (lead_id, place)
    join lead l on l.lead_id = x.lead_id
    join lead root on root.lead_id = coalesce(l.merged_into, l.lead_id)
    left join account a on a.account_id = root.account_id
    where k.review_id = ${id} and k.figure = ${figure}
    order by x.place limit ${SHOWN_MAX}`.execute(db)
  return { total: kept.total, leads: rows }
}

// --- What was said and decided ---------------------------------------------------------------------------------------

export interface NoteRow {
  readonly note_id: string
  readonly text: string
  readonly at: Instant
  readonly actor_id: string
  readonly actor_name: string
}

export const listNotes = (db: Db, id: string): Promise<NoteRow[]> =>
  db.selectFrom('review_note').selectAll().where('review_id', '=', id).orderBy('at').orderBy('note_id').execute()

interface Said {
  readonly review: string
  readonly id: string
  readonly text: string
  readonly by: Actor
  readonly now: Instant
}

export const addNote = (db: Db, { review, id, text, by, now }: Said): Promise<unknown> =>
  whileOpen(db, review, (tx) =>
    tx
      .insertInto('review_note')
      .values({ note_id: id, review_id: review, text, at: formatInstant(now), actor_id: by.id, actor_name: by.name })
      .execute(),
  )

/** @throws ServerError `not_found` where it is not this person's */
export const deleteNote = (db: Db, review: string, { id, by }: { id: string; by: Actor }): Promise<void> =>
  whileOpen(db, review, async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('review_note')
      .where('note_id', '=', id)
      .where('review_id', '=', review)
      .where('actor_id', '=', by.id)
      .executeTakeFirst()
    if (numDeletedRows === 0n)
      throw new ServerError('not_found', 'you have written no such note', { at: 'params.note' })
  })

export interface DecisionRow {
  readonly decision_id: string
  readonly text: string
  readonly owner: string | null
  readonly promise: Promised | null
  readonly draft_id: string | null
  readonly at: Instant
  readonly actor_name: string
}

export async function listDecisions(db: Db, id: string): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`
    select * from review_decision where review_id = ${id} order by at, decision_id`.execute(db)
  return rows
}

export const addDecision = (
  db: Db,
  { review, id, text, by, now, owner, promise }: Said & Pick<DecisionRow, 'owner' | 'promise'>,
): Promise<unknown> =>
  whileOpen(db, review, (tx) =>
    tx
      .insertInto('review_decision')
      .values({
        decision_id: id,
        review_id: review,
        text,
        owner,
        promise: promise === null ? null : JSON.stringify(promise),
        at: formatInstant(now),
        actor_name: by.name,
        draft_id: null,
      })
      .execute(),
  )

export const deleteDecision = (db: Db, review: string, id: string): Promise<void> =>
  whileOpen(db, review, async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('review_decision')
      .where('decision_id', '=', id)
      .where('review_id', '=', review)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw noDecision()
  })

const noDecision = () => new ServerError('not_found', 'there is no such decision', { at: 'params.decision' })

/** @throws ServerError `not_found` */
export async function requireDecision(db: Db, review: string, id: string): Promise<DecisionRow> {
  const found = (await listDecisions(db, review)).find(({ decision_id }) => decision_id === id)
  if (found === undefined) throw noDecision()
  return found
}

/** Which draft came of it: also after signing, as work begins then. */
export async function setDraft(db: Db, id: string, draft: string): Promise<void> {
  await db.updateTable('review_decision').set({ draft_id: draft }).where('decision_id', '=', id).execute()
}

// --- Signing ---------------------------------------------------------------------------------------------------------

export interface SignatureRow {
  readonly team: Team
  readonly person_id: string
  readonly person_name: string
  readonly at: Instant
}

export const listSignatures = (db: Db, id: string): Promise<SignatureRow[]> =>
  db.selectFrom('review_signature').selectAll().where('review_id', '=', id).orderBy('at').orderBy('team').execute()

/** Whoever signs second closes it. @throws ServerError `conflict` */
export const sign = (
  db: Db,
  review: string,
  { team, by, now, mayBoth }: { team: Team; by: Actor; now: Instant; mayBoth: boolean },
): Promise<void> =>
  whileOpen(db, review, async (tx) => {
    const there = await listSignatures(tx, review)
    if (there.some((each) => each.team === team)) throw new ServerError('conflict', `${team} has signed already`)
    if (there.some(({ person_id }) => person_id === by.id) && !mayBoth)
      throw new ServerError('conflict', 'you have signed for the other team; somebody else signs for this one')
    const at = formatInstant(now)
    await tx
      .insertInto('review_signature')
      .values({ review_id: review, team, person_id: by.id, person_name: by.name, at })
      .execute()
    if (there.length === 1)
      await tx.updateTable('review').set({ signed_at: at }).where('review_id', '=', review).execute()
  })
