/** Rows of jobs. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'

type Querying = Pick<pg.Pool, 'query'>

export type JobKind = 'trial' | 'bulk' | 'backtest' | 'review'

export interface JobRow<Input = unknown, Result = unknown> {
  readonly job_id: string
  readonly kind: JobKind
  readonly state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
  readonly input: Input
  readonly done: number
  readonly total: number | null
  readonly result: Result | null
  readonly error: JobError | null
  readonly created_by: string
  readonly actor_id: string | null
  readonly created_at: Instant
  readonly started_at: Instant | null
  readonly ended_at: Instant | null
}

export interface JobError {
  readonly code: string
  readonly message: string
  readonly hint: string
}

const COLUMNS = `job_id, kind, state, input, done, total, result, error, created_by, actor_id, created_at, started_at, ended_at`
const AT = (place: string) => `to_timestamp(${place} / 1000.0)`

export interface NewJob {
  readonly id: string
  readonly kind: JobKind
  readonly input: unknown
  readonly by: { readonly id: string | null; readonly name: string }
  readonly now: Instant
}

export async function insertJob(db: Db, { id, kind, input, by, now }: NewJob): Promise<JobRow> {
  const row = {
    job_id: id,
    kind,
    state: 'waiting',
    input: JSON.stringify(input),
    created_by: by.name,
    actor_id: by.id,
    created_at: formatInstant(now),
  } as const
  const added = await db.insertInto('job').values(row).returningAll().executeTakeFirstOrThrow()
  return added as JobRow
}

/** @throws ServerError `not_found` */
export async function requireJob<Input, Result>(
  pool: Querying,
  kind: JobKind,
  id: string,
): Promise<JobRow<Input, Result>> {
  const { rows } = await pool.query<JobRow<Input, Result>>(
    `select ${COLUMNS} from job where job_id = $1 and kind = $2`,
    [id, kind],
  )
  if (rows[0] === undefined) throw new ServerError('not_found', `there is no such ${kind}: ${id}`, { at: 'params' })
  return rows[0]
}

/** Whoever runs one and has not been heard of for this long has died. */
const SILENT_MS = 30_000

export async function claimJob(pool: Querying, kind: JobKind, now: Instant): Promise<JobRow | undefined> {
  const { rows } = await pool.query<JobRow>(
    `update job set state = 'running', started_at = ${AT('$2')}, seen_at = ${AT('$2')}, done = 0
     where job_id = (
       select job_id from job
       where kind = $1 and (state = 'waiting' or state = 'running' and seen_at < ${AT('$3')})
       order by created_at, job_id limit 1 for update skip locked)
     returning ${COLUMNS}`,
    [kind, now, now - SILENT_MS],
  )
  return rows[0]
}

/** @returns whether somebody wants it to stop */
export async function reportJob(
  pool: Querying,
  id: string,
  { done, total, now }: { done: number; total: number | null; now: Instant },
): Promise<boolean> {
  const { rows } = await pool.query<{ is_cancelled: boolean }>(
    `update job set done = $2, total = $3, seen_at = ${AT('$4')} where job_id = $1 returning is_cancelled`,
    [id, done, total, now],
  )
  return rows[0]?.is_cancelled ?? true
}

export interface JobEnd {
  readonly state: 'waiting' | 'done' | 'cancelled' | 'failed'
  readonly result?: unknown
  readonly error?: JobError
}

export async function endJob(
  pool: Querying,
  id: string,
  { state, result, error }: JobEnd,
  now: Instant,
): Promise<void> {
  await pool.query(
    `update job set state = $2, result = $3, error = $4,
       ended_at = case when $2 = 'waiting' then null else ${AT('$5')} end, done = case when $2 = 'done' then coalesce(total, done) else done end
     where job_id = $1`,
    [id, state, json(result), json(error), now],
  )
}

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

/** One that waits is cancelled at once; one that runs stops at its next step. One that has ended stays as it is. */
export async function cancelJob(pool: Querying, kind: JobKind, id: string, now: Instant): Promise<void> {
  await pool.query(
    `update job set is_cancelled = true, state = case when state = 'waiting' then 'cancelled' else state end,
       ended_at = case when state = 'waiting' then ${AT('$3')} else ended_at end
     where job_id = $1 and kind = $2 and state in ('waiting', 'running')`,
    [id, kind, now],
  )
}
