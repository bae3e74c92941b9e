/** The queue in the database: who may be in it, and who has taken, put off or called whom. */
import type { CallOutcome } from '@winnow/contract'
import { formatInstant, type Instant } from '@winnow/engine'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'
import type { Standing } from './priority.ts'

// --- Candidates ------------------------------------------------------------------------------------------------------

export interface QueueFilter {
  readonly now: Instant
  readonly actor: string
  readonly claimed: 'all' | 'mine' | 'unclaimed'
  readonly snoozed: 'without' | 'only'
  /** Undefined: any. */
  readonly stages: readonly string[] | undefined
  readonly levels: readonly { readonly category: string; readonly anyOf: readonly string[] }[]
}

export interface Candidate extends Standing {
  readonly lead_id: string
}

export interface Candidates {
  readonly rows: readonly Candidate[]
  /** There may be more than these. */
  readonly isCut: boolean
}

const DAY = 86_400_000
/** Of each kind; whoever is behind so many of every kind is not next. */
const CANDIDATES_MAX = 500

/**
 * Leads that may be at the front: the nearest service levels on both sides of now, the largest values of each stage, what
 * changes within a day. Each is a stretch of an index.
 */
export async function readCandidates(db: Db, filter: QueueFilter): Promise<Candidates> {
  const { now, actor, claimed, snoozed, stages } = filter
  const fits = fitting(filter)
  const columns = sql`lead_id, levels, expected_value, sla_due_at, next_change_at`
  const limit = sql.lit(CANDIDATES_MAX)
  const parts: RawBuilder<Candidate>[] = []
  if (snoozed === 'only') {
    parts.push(sql`select ${columns} from lead join lead_snooze z using (lead_id)
      where z.until > ${timestamp(now)} and ${fits} limit ${limit}`)
  } else if (claimed === 'mine') {
    parts.push(sql`select ${columns} from lead join lead_claim c using (lead_id)
      where c.actor_id = ${actor} and c.until > ${timestamp(now)} and ${fits} limit ${limit}`)
  } else {
    parts.push(
      sql`select ${columns} from lead where sla_due_at >= ${timestamp(now)} and ${fits} order by sla_due_at limit ${limit}`,
      sql`select ${columns} from lead where sla_due_at < ${timestamp(now)} and ${fits}
        order by sla_due_at desc limit ${limit}`,
      sql`select x.* from unnest(${stages ?? []}::text[]) as s(stage), lateral (
          select ${columns} from lead where lead.stage = s.stage and ${fits}
          order by expected_value desc nulls last, lead_id limit ${limit}) x`,
      // The queue of what is due holds no circle twice, and no index of leads is written with every event for its sake.
      sql`select ${columns} from (select circle_id from circle where due_at >= ${timestamp(now)}
          and due_at < ${timestamp(now + DAY)} order by due_at limit ${limit}) soon
        join lead using (circle_id) where ${fits} limit ${limit}`,
    )
  }
  const found = await Promise.all(parts.map((part) => part.execute(db)))
  const rows = new Map(found.flatMap((each) => each.rows.map((row) => [row.lead_id, row])))
  return { rows: [...rows.values()], isCut: found.some((each) => each.rows.length >= CANDIDATES_MAX) }
}

function fitting({ now, claimed, snoozed, stages, levels }: QueueFilter): RawBuilder<SqlBool> {
  const parts = [sql<SqlBool>`merged_into is null and excluded_as is null and stage is not null`]
  if (stages !== undefined) parts.push(sql`stage = any(${stages}::text[])`)
  for (const { category, anyOf } of levels) parts.push(sql`levels ->> ${category} = any(${anyOf}::text[])`)
  if (snoozed === 'without')
    parts.push(
      sql`not exists (select from lead_snooze n where n.lead_id = lead.lead_id and n.until > ${timestamp(now)})`,
    )
  if (claimed === 'unclaimed')
    parts.push(
      sql`not exists (select from lead_claim n where n.lead_id = lead.lead_id and n.until > ${timestamp(now)})`,
    )
  return sql.join(parts, sql` and `)
}

// --- A page of it ----------------------------------------------------------------------------------------------------

export interface QueuedRow {
  readonly lead_id: string
  readonly circle_id: string
  readonly name: string | null
  readonly email: string | null
  readonly account_id: string | null
  readonly account_name: string | null
  readonly stage: string
  readonly stage_since: Instant | null
  readonly levels: Readonly<Record<string, string>>
  readonly scores: Readonly<Record<string, number>> | null
  readonly expected_value: number | null
  readonly sla_due_at: Instant | null
  readonly last_activity_at: Instant | null
  readonly claim: ClaimRow | null
  readonly snoozed_until: Instant | null
  readonly last_call_at: Instant | null
  readonly last_call_outcome: CallOutcome | null
}

export interface ClaimRow {
  readonly actor_id: string
  readonly actor_name: string
  readonly since: Instant
  readonly until: Instant
}

interface FlatRow extends Omit<QueuedRow, 'claim'> {
  readonly claim_actor_id: string | null
  readonly claim_actor_name: string
  readonly claim_since: Instant
  readonly claim_until: Instant
}

export async function readQueued(db: Db, leads: readonly string[], now: Instant): Promise<Map<string, QueuedRow>> {
  const { rows } = await sql<FlatRow>`
    select l.lead_id, l.circle_id, l.name, l.email, l.account_id, coalesce(a.attributes ->> 'name', a.name) as account_name,
      l.stage, l.stage_since, l.levels, l.scores, l.expected_value, l.sla_due_at, l.last_activity_at,
      c.actor_id as claim_actor_id, c.actor_name as claim_actor_name, c.since as claim_since, c.until as claim_until,
      z.until as snoozed_until, k.at as last_call_at, k.outcome as last_call_outcome
    from lead l
    left join account a on a.account_id = l.account_id
    left join lead_claim c on c.lead_id = l.lead_id and c.until > ${timestamp(now)}
    left join lead_snooze z on z.lead_id = l.lead_id and z.until > ${timestamp(now)}
    left join lateral (select at, outcome from call where lead_id = l.lead_id order by at desc limit 1) k on true
    where l.lead_id = any(${leads}::uuid[])`.execute(db)
  return new Map(
    rows.map(({ claim_actor_id, claim_actor_name, claim_since, claim_until, ...row }) => [
      row.lead_id,
      {
        ...row,
        claim:
          claim_actor_id === null
            ? null
            : { actor_id: claim_actor_id, actor_name: claim_actor_name, since: claim_since, until: claim_until },
      },
    ]),
  )
}

// --- Taking, putting off, calling ------------------------------------------------------------------------------------

interface Actor {
  readonly id: string
  readonly name: string
}

/** A line for whoever follows changes; in the transaction of what it tells of. */
async function tell(db: Db, lead: string, topic: 'claim' | 'snooze' | 'call', payload: object, now: Instant) {
  await db
    .insertInto('outbox')
    .values({
      lead_id: lead,
      at: formatInstant(now),
      topic,
      payload: JSON.stringify(payload),
      created_at: formatInstant(now),
    })
    .execute()
}

export const findClaim = (db: Db, lead: string, now: Instant): Promise<ClaimRow | undefined> =>
  db
    .selectFrom('lead_claim')
    .select(['actor_id', 'actor_name', 'since', 'until'])
    .where('lead_id', '=', lead)
    .where('until', '>', timestamp(now))
    .executeTakeFirst()

/** @returns undefined where somebody else has it */
export const claimLead = (
  db: Db,
  lead: string,
  { actor, now, until }: { actor: Actor; now: Instant; until: Instant },
): Promise<ClaimRow | undefined> =>
  db.transaction().execute(async (tx) => {
    const { rows } = await sql<ClaimRow>`
      insert into lead_claim (lead_id, actor_id, actor_name, since, until)
      values (${lead}, ${actor.id}, ${actor.name}, ${timestamp(now)}, ${timestamp(until)})
      on conflict (lead_id) do update set actor_id = excluded.actor_id, actor_name = excluded.actor_name,
        until = excluded.until,
        since = case when lead_claim.until > excluded.since then lead_claim.since else excluded.since end
      where lead_claim.until <= excluded.since or lead_claim.actor_id = excluded.actor_id
      returning actor_id, actor_name, since, until`.execute(tx)
    const row = rows[0]
    if (row !== undefined) {
      const by = { id: row.actor_id, name: row.actor_name }
      await tell(tx, lead, 'claim', { by, since: formatInstant(row.since), until: formatInstant(row.until) }, now)
    }
    return row
  })

/** @returns false where this actor does not have it */
export const releaseLead = (db: Db, lead: string, { actor, now }: { actor: Actor; now: Instant }): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('lead_claim')
      .where('lead_id', '=', lead)
      .where('actor_id', '=', actor.id)
      .where('until', '>', timestamp(now))
      .executeTakeFirst()
    if (numDeletedRows > 0n) await tell(tx, lead, 'claim', { by: null }, now)
    return numDeletedRows > 0n
  })

interface Snooze {
  readonly actor: Actor
  readonly now: Instant
  readonly until: Instant
}

export const snoozeLead = (db: Db, lead: string, snooze: Snooze): Promise<void> =>
  db.transaction().execute((tx) => snoozeIn(tx, lead, snooze))

async function snoozeIn(tx: Db, lead: string, { actor, now, until }: Snooze): Promise<void> {
  const row = { until: formatInstant(until), actor_id: actor.id, actor_name: actor.name }
  await tx
    .insertInto('lead_snooze')
    .values({ lead_id: lead, ...row })
    .onConflict((conflict) => conflict.column('lead_id').doUpdateSet(row))
    .execute()
  await tell(tx, lead, 'snooze', { until: formatInstant(until), by: actor }, now)
}

export const unsnoozeLead = (db: Db, lead: string, { actor, now }: { actor: Actor; now: Instant }): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('lead_snooze').where('lead_id', '=', lead).executeTakeFirst()
    if (numDeletedRows > 0n) await tell(tx, lead, 'snooze', { until: null, by: actor }, now)
  })

export interface CallRow {
  readonly call_id: string
  readonly lead_id: string
  readonly at: Instant
  readonly outcome: CallOutcome
  readonly note: string | null
  readonly callback_at: Instant | null
  readonly actor_name: string
}

/** A call with a known id is there already: what it says then is what counts. */
export const addCall = (db: Db, { actor, now, callbackAt, ...call }: CallAdded): Promise<CallRow> =>
  db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('call')
      .values({
        call_id: call.callId,
        lead_id: call.lead,
        at: formatInstant(now),
        outcome: call.outcome,
        note: call.note ?? null,
        callback_at: callbackAt === undefined ? null : formatInstant(callbackAt),
        actor_id: actor.id,
        actor_name: actor.name,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    if (added === undefined)
      return tx.selectFrom('call').selectAll().where('call_id', '=', call.callId).executeTakeFirstOrThrow()
    await tell(tx, call.lead, 'call', { outcome: call.outcome, by: actor }, now)
    if (callbackAt !== undefined) await snoozeIn(tx, call.lead, { actor, now, until: callbackAt })
    return added
  })

export interface CallAdded {
  readonly callId: string
  readonly lead: string
  readonly outcome: CallOutcome
  readonly note: string | undefined
  readonly callbackAt: Instant | undefined
  readonly actor: Actor
  readonly now: Instant
}

export type CallPlace = readonly [at: Instant, callId: string]

/** Newest first. */
export function listCalls(
  db: Db,
  members: readonly string[],
  { after, limit }: { after: CallPlace | undefined; limit: number },
): Promise<CallRow[]> {
  let rows = db
    .selectFrom('call')
    .selectAll()
    .where('lead_id', 'in', [...members])
    .orderBy('at', 'desc')
    .orderBy('call_id', 'desc')
    .limit(limit)
  if (after !== undefined) rows = rows.where(sql<SqlBool>`(at, call_id) < (${timestamp(after[0])}, ${after[1]})`)
  return rows.execute()
}
