/** Alignment sessions in the database. */
import { formatInstant, type Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Judgement, SessionResult, Team } from './agreement.ts'
import type { Outcome } from './candidates.ts'
import type { SaidThen } from './known-then.ts'

export interface Member {
  readonly id: string
  readonly name: string
  readonly team: Team
  readonly rated: number
}

export interface SessionRow {
  readonly session_id: string
  readonly title: string
  readonly version: number
  readonly category: string
  readonly levels: string[]
  readonly created_at: Instant
  readonly created_by: string
  readonly creator_name: string
  readonly revealed_at: Instant | null
  readonly revealed_by: string | null
  readonly result: SessionResult | null
  readonly leads: number
  readonly members: Member[]
}

const READ = sql`
  select s.*, (select count(*)::integer from alignment_lead where session_id = s.session_id) as leads,
    (select coalesce(json_agg(json_build_object('id', m.person_id, 'name', m.person_name, 'team', m.team, 'rated', (
        select count(*) from alignment_rating r where r.session_id = m.session_id and r.person_id = m.person_id
      )) order by m.team, m.person_name, m.person_id), '[]')
     from alignment_member m where m.session_id = s.session_id) as members
  from alignment_session s`

const LISTED_MAX = 200

export async function listSessions(db: Db): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`${READ} order by created_at desc, session_id limit ${LISTED_MAX}`.execute(db)
  return rows
}

/** @throws ServerError `not_found` */
export async function requireSession(db: Db, id: string): Promise<SessionRow> {
  const { rows } = await sql<SessionRow>`${READ} where session_id = ${id}`.execute(db)
  if (rows[0] === undefined)
    throw new ServerError('not_found', `there is no alignment session ${id}`, { at: 'params.session' })
  return rows[0]
}

export interface DrawnLead {
  readonly lead: string
  readonly asOf: Instant
  readonly isAsReceived: boolean
  readonly outcome: Outcome
  readonly level: string
  readonly said: SaidThen['said']
}

export interface NewSession {
  readonly id: string
  readonly title: string
  readonly seed: string
  readonly version: number
  readonly category: string
  readonly levels: readonly string[]
  readonly by: { readonly id: string; readonly name: string }
  readonly now: Instant
  readonly leads: readonly DrawnLead[]
  readonly members: readonly { readonly id: string; readonly name: string; readonly team: Team }[]
}

export const addSession = (db: Db, { id, leads, members, levels, by, now, ...rest }: NewSession): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await tx
      .insertInto('alignment_session')
      .values({
        session_id: id,
        ...rest,
        levels: [...levels],
        created_at: formatInstant(now),
        created_by: by.id,
        creator_name: by.name,
        revealed_by: null,
      })
      .execute()
    await tx
      .insertInto('alignment_lead')
      .values(
        leads.map(({ lead, asOf, isAsReceived, said, ...of }, index) => ({
          session_id: id,
          place: index + 1,
          lead_id: lead,
          as_of: formatInstant(asOf),
          is_as_received: isAsReceived,
          said: JSON.stringify(said),
          ...of,
        })),
      )
      .execute()
    await tx
      .insertInto('alignment_member')
      .values(
        members.map(({ id: person, name, team }) => ({ session_id: id, person_id: person, person_name: name, team })),
      )
      .execute()
    await tell(tx, id, { kind: 'invited', by, now })
  })

export interface LeadRow {
  readonly place: number
  readonly lead_id: string
  readonly as_of: Instant
  readonly is_as_received: boolean
  readonly outcome: Outcome
  readonly level: string
  readonly said: SaidThen['said']
  readonly name: string | null
}

/** With what each is called today. */
export async function listDrawn(db: Db, session: string, place?: number): Promise<LeadRow[]> {
  const { rows } = await sql<LeadRow>`
    select a.*, coalesce(root.name, root.email) as name
    from alignment_lead a join lead l using (lead_id)
    join lead root on root.lead_id = coalesce(l.merged_into, l.lead_id)
    where a.session_id = ${session} and (${place ?? null}::integer is null or a.place = ${place ?? null}::integer)
    order by a.place`.execute(db)
  return rows
}

/** @throws ServerError `not_found` */
export async function requireDrawn(db: Db, session: string, place: number): Promise<LeadRow> {
  const [row] = await listDrawn(db, session, place)
  if (row === undefined) throw new ServerError('not_found', `the session has no lead ${place}`, { at: 'params.place' })
  return row
}

export interface RatingRow {
  readonly place: number
  readonly person_id: string
  readonly person_name: string
  readonly team: Team
  readonly level: string
  readonly would_call: boolean
  readonly reason: string
  readonly comment_id: string | null
}

/** Of one person, or of everybody where none is given. */
export async function listRatings(db: Db, session: string, person: string | null): Promise<RatingRow[]> {
  const { rows } = await sql<RatingRow>`
    select r.*, m.person_name, m.team from alignment_rating r join alignment_member m using (session_id, person_id)
    where r.session_id = ${session} and (${person}::uuid is null or r.person_id = ${person}::uuid)
    order by r.place, m.team, m.person_name, r.person_id`.execute(db)
  return rows
}

export interface RatingSaid extends Judgement {
  readonly session: string
  readonly place: number
  readonly person: string
  readonly reason: string
  readonly now: Instant
}

/** @returns false where all has been revealed */
export const saveRating = (db: Db, { session, place, person, level, wouldCall, reason, now }: RatingSaid) =>
  db.transaction().execute(async (tx) => {
    // Whoever reveals waits for this, or is waited for: no judgement comes in after somebody has seen the others.
    const { rows } = await sql`
      select 1 from alignment_session where session_id = ${session} and revealed_at is null for share`.execute(tx)
    if (rows.length === 0) return false
    const said = { level, would_call: wouldCall, reason, at: formatInstant(now) }
    await tx
      .insertInto('alignment_rating')
      .values({ session_id: session, place, person_id: person, comment_id: null, ...said })
      .onConflict((conflict) => conflict.columns(['session_id', 'place', 'person_id']).doUpdateSet(said))
      .execute()
    return true
  })

/** @param resultOf  reads what was said, when nobody can say more */
export const reveal = (
  db: Db,
  session: string,
  { by, now, resultOf }: { by: Somebody; now: Instant; resultOf: (tx: Db) => Promise<SessionResult> },
): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await sql`select 1 from alignment_session where session_id = ${session} for update`.execute(tx)
    const { numUpdatedRows } = await tx
      .updateTable('alignment_session')
      .set({ revealed_at: formatInstant(now), revealed_by: by.name, result: JSON.stringify(await resultOf(tx)) })
      .where('session_id', '=', session)
      .where('revealed_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await tell(tx, session, { kind: 'revealed', by, now })
  })

// --- Telling people --------------------------------------------------------------------------------------------------

interface Somebody {
  readonly id: string
  readonly name: string
}

/** A note for each who was invited, and for whoever did, other than whoever tells; and a line for those who follow changes. */
async function tell(
  tx: Db,
  session: string,
  { kind, by, now }: { kind: 'invited' | 'revealed'; by: Somebody; now: Instant },
): Promise<void> {
  const at = formatInstant(now)
  await sql`
    insert into notice (person_id, session_id, kind, at, by_name)
    select person.id, ${session}::uuid, ${kind}, ${at}::timestamptz, ${by.name} from person
    where disabled_at is null and id <> ${by.id}::uuid and id in (
      select person_id from alignment_member where session_id = ${session}::uuid
      union all select created_by from alignment_session where session_id = ${session}::uuid)`.execute(tx)
  await sql`
    insert into outbox (lead_id, at, topic, payload, created_at)
    values (null, ${at}::timestamptz, 'session', ${JSON.stringify({ session, kind })}, ${at}::timestamptz)`.execute(tx)
}

export interface WaitingSession {
  readonly session: string
  readonly title: string
  readonly invitedBy: string
  readonly at: Instant
  readonly left: number
}

/** Sessions in which a person has not judged every lead yet, the latest first. */
export async function waitingSessions(db: Db, person: string): Promise<WaitingSession[]> {
  const { rows } = await sql<WaitingSession>`
    select session, title, "invitedBy", at, "left" from (
      select s.session_id as session, s.title, s.creator_name as "invitedBy", s.created_at as at,
        (select count(*)::integer from alignment_lead l where l.session_id = s.session_id)
          - (select count(*)::integer from alignment_rating r where r.session_id = s.session_id and r.person_id = m.person_id)
          as "left"
      from alignment_member m join alignment_session s using (session_id)
      where m.person_id = ${person}::uuid and s.revealed_at is null) as open
    where "left" > 0 order by at desc limit ${LISTED_MAX}`.execute(db)
  return rows
}

export async function setComment(
  db: Db,
  { session, place, person, comment }: { session: string; place: number; person: string; comment: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('alignment_rating')
    .set({ comment_id: comment })
    .where('session_id', '=', session)
    .where('place', '=', place)
    .where('person_id', '=', person)
    .where('comment_id', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function savePractice(
  db: Db,
  { session, place, person, level, wouldCall, now }: Omit<RatingSaid, 'reason'>,
) {
  const said = { level, would_call: wouldCall, at: formatInstant(now) }
  await db
    .insertInto('alignment_practice')
    .values({ session_id: session, place, person_id: person, ...said })
    .onConflict((conflict) => conflict.columns(['session_id', 'place', 'person_id']).doUpdateSet(said))
    .execute()
}

export async function listPractised(db: Db, session: string, person: string): Promise<number[]> {
  const rows = await db
    .selectFrom('alignment_practice')
    .select('place')
    .where('session_id', '=', session)
    .where('person_id', '=', person)
    .orderBy('place')
    .execute()
  return rows.map(({ place }) => place)
}
