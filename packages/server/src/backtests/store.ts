/** Backtests in the database: each is a job with what was asked, what came of it, and the traces that it was counted from. */
import { formatInstant, type BacktestResult, type Estimate, type GateLine, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import { insertJob, type JobRow } from '../jobs/store.ts'

type Querying = Pick<pg.Pool, 'query'>

/** What was asked, apart from the definitions. */
export interface BacktestRequest {
  readonly from: Instant
  readonly to: Instant
  readonly horizonDays: number
  readonly known: 'received' | 'happened'
  readonly segment: { readonly id: string | null; readonly name: string | null; readonly query: string } | null
  readonly source: string | null
  readonly handover: string | null
  readonly splitBy: readonly string[]
  readonly seed: number
  readonly holidays: readonly string[]
  readonly workdays: readonly number[]
  /** Absent in backtests of before. */
  readonly reps?: Readonly<Record<string, number>> | null
}

export interface BacktestVersion {
  readonly name: string
  /** `version:3`, `draft:<id>` or `text` */
  readonly reference: string
  readonly revision: number | null
  readonly hash: string
}

export interface Headline {
  readonly handedOver: number
  readonly precision: Estimate
  readonly recall: Estimate
}

export type Purpose = 'question' | 'gate'

export interface BacktestListed extends JobRow<null, null> {
  readonly name: string
  readonly purpose: Purpose
  readonly draft_id: string | null
  readonly request: BacktestRequest
  readonly versions: readonly BacktestVersion[]
  readonly watermark: Instant
  readonly rerun_of: string | null
  readonly headline: readonly Headline[] | null
}

export interface BacktestRow extends BacktestListed {
  readonly texts: readonly string[]
  readonly outcome: BacktestResult | null
}

const JOB = `j.job_id, j.kind, j.state, j.input, j.done, j.total, j.result, j.error, j.created_by, j.actor_id, j.created_at,
  j.started_at, j.ended_at`
const LISTED = `${JOB}, b.name, b.purpose, b.draft_id, b.request, b.versions, b.watermark, b.rerun_of, b.headline`
const ALL = `${LISTED}, b.texts, b.result as outcome`

export interface NewBacktest {
  readonly id: string
  readonly name: string
  readonly purpose: Purpose
  readonly draftId: string | null
  readonly request: BacktestRequest
  readonly versions: readonly BacktestVersion[]
  readonly texts: readonly string[]
  readonly watermark: Instant
  readonly rerunOf: string | null
  readonly by: { readonly id: string | null; readonly name: string }
  readonly now: Instant
}

export async function addBacktest(db: Db, made: NewBacktest): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await insertJob(tx, { id: made.id, kind: 'backtest', input: null, by: made.by, now: made.now })
    await tx
      .insertInto('backtest')
      .values({
        job_id: made.id,
        name: made.name,
        purpose: made.purpose,
        draft_id: made.draftId,
        request: JSON.stringify(made.request),
        versions: JSON.stringify(made.versions),
        texts: [...made.texts],
        watermark: formatInstant(made.watermark),
        rerun_of: made.rerunOf,
      })
      .execute()
  })
}

/** @throws ServerError `not_found` */
export async function requireBacktest(pool: Querying, id: string): Promise<BacktestRow> {
  const { rows } = await pool.query<BacktestRow>(
    `select ${ALL} from backtest b join job j using (job_id) where b.job_id = $1`,
    [id],
  )
  if (rows[0] === undefined) throw new ServerError('not_found', `there is no backtest ${id}`, { at: 'params.backtest' })
  return rows[0]
}

export type BacktestPlace = readonly [createdAt: Instant, id: string]

/** Newest first. */
export async function listBacktests(
  pool: Querying,
  { purpose, after, limit }: { purpose: Purpose; after: BacktestPlace | undefined; limit: number },
): Promise<BacktestListed[]> {
  const { rows } = await pool.query<BacktestListed>(
    `select ${LISTED} from backtest b join job j using (job_id)
     where b.purpose = $1 and ($2::double precision is null or (j.created_at, j.job_id) < (to_timestamp($2 / 1000.0), $3::uuid))
     order by j.created_at desc, j.job_id desc limit $4`,
    [purpose, after?.[0] ?? null, after?.[1] ?? null, limit],
  )
  return rows
}

/** The latest gate of a draft that has not been stopped. */
export async function findGate(pool: Querying, draft: string): Promise<BacktestRow | undefined> {
  const { rows } = await pool.query<BacktestRow>(
    `select ${ALL} from backtest b join job j using (job_id)
     where b.draft_id = $1 and b.purpose = 'gate' and j.state <> 'cancelled'
     order by j.created_at desc, j.job_id desc limit 1`,
    [draft],
  )
  return rows[0]
}

/** What the latest gate about a text says, unless it is older. */
export async function findGateOf(
  pool: Querying,
  hash: string,
  since: Instant,
): Promise<readonly GateLine[] | undefined> {
  const { rows } = await pool.query<{ lines: readonly GateLine[] }>(
    `select b.result #> '{versions,0,gate}' as lines from backtest b join job j using (job_id)
     where b.purpose = 'gate' and j.state = 'done' and b.versions -> 0 ->> 'hash' = $1
       and b.watermark >= to_timestamp($2 / 1000.0)
     order by b.watermark desc limit 1`,
    [hash, since],
  )
  return rows[0]?.lines
}

export async function deleteBacktest(pool: Querying, id: string): Promise<void> {
  await pool.query(`delete from job where kind = 'backtest' and job_id = $1`, [id])
}

// --- What came of it -------------------------------------------------------------------------------------------------

/** A server that died over it may have left a part. */
export async function forgetTraces(pool: Querying, id: string): Promise<void> {
  await pool.query('delete from backtest_trace where job_id = $1', [id])
}

export async function addTraces(pool: Querying, id: string, place: number, bytes: Uint8Array): Promise<void> {
  await pool.query('insert into backtest_trace (job_id, place, bytes) values ($1, $2, $3)', [
    id,
    place,
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ])
}

/** In the order in which they were added. */
export async function readTraces(pool: Querying, id: string): Promise<Buffer[]> {
  const { rows } = await pool.query<{ bytes: Buffer }>(
    'select bytes from backtest_trace where job_id = $1 order by place',
    [id],
  )
  return rows.map(({ bytes }) => bytes)
}

export async function saveResult(
  pool: Querying,
  id: string,
  { result, headline }: { result: BacktestResult; headline: readonly Headline[] },
): Promise<void> {
  await pool.query('update backtest set result = $2, headline = $3 where job_id = $1', [
    id,
    JSON.stringify(result),
    JSON.stringify(headline),
  ])
}

// --- Who is behind a figure ------------------------------------------------------------------------------------------

export interface PersonRow {
  /** As the backtest knew it; it may be part of another by now. */
  readonly asked: string
  readonly lead_id: string
  readonly name: string | null
  readonly email: string | null
  readonly account_id: string | null
  readonly account_name: string | null
}

/** Whoever has been erased is not among them. */
export async function readPeople(pool: Querying, leads: readonly string[]): Promise<Map<string, PersonRow>> {
  if (leads.length === 0) return new Map()
  const { rows } = await pool.query<PersonRow>(
    `select old.lead_id as asked, l.lead_id, l.name, l.email, l.account_id, coalesce(a.attributes ->> 'name', a.name) as account_name
     from lead old join lead l on l.lead_id = coalesce(old.merged_into, old.lead_id) left join account a on a.account_id = l.account_id
     where old.lead_id = any($1::uuid[])`,
    [leads],
  )
  return new Map(rows.map((row) => [row.asked, row]))
}
