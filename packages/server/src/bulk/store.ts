/** Which leads a bulk action is about, and what became of each. */
import { expressionBuilder, sql } from 'kysely'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { conditionOf, findingTests, type LeadFilter } from '../leads/lead-list.ts'

type Querying = Pick<pg.Pool, 'query'>

export type ChangeState = 'waiting' | 'changed' | 'unchanged' | 'refused'

const eb = expressionBuilder<Tables, 'lead'>()

/** @returns how many there are; at most `max` + 1 are taken */
export async function addLeadsFound(db: Db, job: string, filter: LeadFilter, max: number): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into bulk_change (job_id, lead_id)
    select ${job}::uuid, lead_id from lead where ${conditionOf(eb, filter, findingTests(filter))} limit ${sql.lit(max + 1)}`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Whoever is part of another by now is that other one. @returns how many there are */
export async function addLeadsNamed(db: Db, job: string, leads: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into bulk_change (job_id, lead_id)
    select distinct ${job}::uuid, coalesce(merged_into, lead_id) from lead where lead_id = any(${leads}::uuid[])`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Those that another action has changed, with how they were before it. */
export async function addLeadsChanged(db: Db, job: string, undoes: string): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into bulk_change (job_id, lead_id, before)
    select ${job}::uuid, lead_id, before from bulk_change where job_id = ${undoes} and state = 'changed'`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

export async function isUndone(db: Db, job: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (
    select from job where kind = 'bulk' and input ->> 'undoes' = ${job}) as found`.execute(db)
  return rows[0]!.found
}

export interface ChangeRow<Before = unknown> {
  readonly lead_id: string
  readonly before: Before | null
}

export async function nextWaiting(pool: Querying, job: string, limit: number): Promise<ChangeRow[]> {
  const { rows } = await pool.query<ChangeRow>(
    `select lead_id, before from bulk_change where job_id = $1 and state = 'waiting' order by lead_id limit $2`,
    [job, limit],
  )
  return rows
}

/**
 * How they are before anything is done: what a server that died has noted stays.
 * @returns what is noted of each
 */
export async function noteBefore<Before>(
  pool: Querying,
  job: string,
  before: ReadonlyMap<string, Before>,
): Promise<Map<string, Before>> {
  const { rows } = await pool.query<{ lead_id: string; before: Before }>(
    `update bulk_change set before = coalesce(before, x.value)
     from unnest($2::uuid[], $3::jsonb[]) as x(lead_id, value)
     where job_id = $1 and bulk_change.lead_id = x.lead_id
     returning bulk_change.lead_id, bulk_change.before`,
    [job, [...before.keys()], [...before.values()].map((value) => JSON.stringify(value))],
  )
  return new Map(rows.map((row) => [row.lead_id, row.before]))
}

export interface Outcome {
  readonly lead: string
  readonly state: Exclude<ChangeState, 'waiting'>
  readonly why?: string
  /** More about how it was, for putting it back. */
  readonly before?: unknown
}

export async function noteOutcomes(pool: Querying, job: string, outcomes: readonly Outcome[]): Promise<void> {
  await pool.query(
    `update bulk_change set state = x.state, why = x.why, before = coalesce(x.before, bulk_change.before)
     from unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[]) as x(lead_id, state, why, before)
     where job_id = $1 and bulk_change.lead_id = x.lead_id`,
    [
      job,
      outcomes.map(({ lead }) => lead),
      outcomes.map(({ state }) => state),
      outcomes.map(({ why }) => why ?? null),
      outcomes.map(({ before }) => (before === undefined ? null : JSON.stringify(before))),
    ],
  )
}

export async function countChanges(pool: Querying, job: string): Promise<Record<ChangeState, number>> {
  const { rows } = await pool.query<{ state: ChangeState; count: number }>(
    'select state, count(*) as count from bulk_change where job_id = $1 group by state',
    [job],
  )
  return {
    waiting: 0,
    changed: 0,
    unchanged: 0,
    refused: 0,
    ...Object.fromEntries(rows.map((row) => [row.state, row.count])),
  }
}

export interface ListedChange {
  readonly lead_id: string
  readonly name: string | null
  readonly email: string | null
  readonly state: ChangeState
  readonly why: string | null
}

export async function listChanges(
  pool: Querying,
  job: string,
  { state, after, limit }: { state: ChangeState | undefined; after: string | undefined; limit: number },
): Promise<ListedChange[]> {
  const { rows } = await pool.query<ListedChange>(
    `select c.lead_id, l.name, l.email, c.state, c.why from bulk_change c join lead l using (lead_id)
     where c.job_id = $1 and ($2::text is null or c.state = $2) and ($3::uuid is null or c.lead_id > $3)
     order by c.lead_id limit $4`,
    [job, state ?? null, after ?? null, limit],
  )
  return rows
}
