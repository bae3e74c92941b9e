/** Rows of imports. */
import type { Instant } from '@winnow/engine'
import type { InputRefusal } from '@winnow/io'
import type pg from 'pg'
import { ServerError } from '../errors.ts'

type Querying = Pick<pg.Pool, 'query'>

export interface Counts {
  rows: number
  facts: number
  duplicates: number
  refusedRows: number
  incompleteRows: number
  stored: number
  repeated: number
  conflicting: number
  keptOut: number
}

export const NO_COUNTS: Counts = {
  rows: 0,
  facts: 0,
  duplicates: 0,
  refusedRows: 0,
  incompleteRows: 0,
  stored: 0,
  repeated: 0,
  conflicting: 0,
  keptOut: 0,
}

/** How a file is to be read. */
export interface ReadingOptions {
  readonly mapping?: string | undefined
  readonly delimiter?: string | undefined
  readonly encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | undefined
  readonly at?: Instant | undefined
  readonly badValues?: 'refuse_row' | 'leave_out' | undefined
}

export interface JobRow {
  readonly import_id: string
  readonly name: string
  readonly state: 'uploaded' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly is_trial: boolean
  readonly reading: ReadingOptions
  readonly bytes: number
  readonly bytes_read: number
  readonly counts: Partial<Counts>
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null
  readonly created_at: Instant
  readonly started_at: Instant | null
  readonly ended_at: Instant | null
  readonly created_by: string
}

const COLUMNS = `import_id, name, state, is_trial, reading, bytes, bytes_read, counts, error, created_at, started_at, ended_at,
  created_by`

export async function insertJob(
  pool: Querying,
  job: { readonly id: string; readonly name: string; readonly by: string; readonly now: Instant },
): Promise<void> {
  await pool.query(
    `insert into import_job (import_id, name, state, bytes, created_at, created_by)
     values ($1, $2, 'uploaded', 0, to_timestamp($3 / 1000.0), $4)`,
    [job.id, job.name, job.now, job.by],
  )
}

export async function insertChunk(pool: Querying, id: string, number: number, bytes: Buffer): Promise<void> {
  await pool.query('insert into import_chunk (import_id, number, bytes) values ($1, $2, $3)', [id, number, bytes])
}

/** Says how large the file is, now that it is whole. */
export async function endUpload(pool: Querying, id: string, bytes: number): Promise<JobRow> {
  const { rows } = await pool.query<JobRow>(
    `update import_job set bytes = $2 where import_id = $1 returning ${COLUMNS}`,
    [id, bytes],
  )
  return rows[0]!
}

export async function* readChunks(pool: Querying, id: string): AsyncGenerator<Buffer> {
  for (let number = 0; ; number++) {
    const { rows } = await pool.query<{ bytes: Buffer }>(
      'select bytes from import_chunk where import_id = $1 and number = $2',
      [id, number],
    )
    if (rows.length === 0) return
    yield rows[0]!.bytes
  }
}

/** @throws ServerError `not_found` */
export async function requireJob(pool: Querying, id: string): Promise<JobRow> {
  const { rows } = await pool.query<JobRow>(`select ${COLUMNS} from import_job where import_id = $1`, [id])
  if (rows[0] === undefined) throw new ServerError('not_found', `there is no import ${id}`)
  return rows[0]
}

export async function listJobs(
  pool: Querying,
  { limit, after }: { limit: number; after: { at: Instant; id: string } | undefined },
): Promise<JobRow[]> {
  const { rows } = await pool.query<JobRow>(
    `select ${COLUMNS} from import_job
     where $2::double precision is null or (created_at, import_id) < (to_timestamp($2::double precision / 1000.0), $3::uuid)
     order by created_at desc, import_id desc limit $1`,
    [limit, after?.at ?? null, after?.id ?? null],
  )
  return rows
}

/** @throws ServerError `not_found`, `conflict` while it is waiting or running */
export async function startJob(
  pool: Querying,
  id: string,
  { reading, isTrial }: { reading: ReadingOptions; isTrial: boolean },
): Promise<JobRow> {
  const { rows } = await pool.query<JobRow>(
    `with gone as (delete from import_refusal where import_id = $1)
     update import_job set state = 'waiting', reading = $2, is_trial = $3, bytes_read = 0, counts = '{}', error = null,
       started_at = null, ended_at = null, seen_at = null, is_cancelled = false
     where import_id = $1 and state not in ('waiting', 'running')
       and exists (select from import_chunk c where c.import_id = import_job.import_id) returning ${COLUMNS}`,
    [id, JSON.stringify(reading), isTrial],
  )
  if (rows[0] !== undefined) return rows[0]
  const { state } = await requireJob(pool, id)
  if (state !== 'waiting' && state !== 'running')
    throw new ServerError(
      'conflict',
      'the file is no longer here, for somebody in it was erased: upload it without them',
    )
  throw new ServerError('conflict', `the import is ${state} already`)
}

/** One that runs notices within a second; one that waits ends at once. */
export async function cancelJob(pool: Querying, id: string, now: Instant): Promise<JobRow> {
  await pool.query(
    `update import_job set is_cancelled = true, state = case state when 'waiting' then 'cancelled' else state end,
       ended_at = case state when 'waiting' then to_timestamp($2 / 1000.0) else ended_at end
     where import_id = $1 and state in ('waiting', 'running')`,
    [id, now],
  )
  return requireJob(pool, id)
}

export async function deleteJob(pool: Querying, id: string): Promise<void> {
  const { rowCount } = await pool.query(
    `delete from import_job where import_id = $1 and state not in ('waiting', 'running')`,
    [id],
  )
  if (rowCount === 1) return
  const { state } = await requireJob(pool, id)
  throw new ServerError('conflict', `the import is ${state}: cancel it first`)
}

/** A server that has not been heard of for this long has died. */
const SILENT_MS = 30_000

/** Takes the next import that waits, or that a server which died was running: taking in again stores nothing twice. */
export async function claimJob(pool: Querying, now: Instant): Promise<JobRow | undefined> {
  const { rows } = await pool.query<JobRow>(
    `update import_job set state = 'running', seen_at = to_timestamp($1 / 1000.0), started_at = to_timestamp($1 / 1000.0)
     where import_id = (
       select import_id from import_job
       where state = 'waiting' or (state = 'running' and seen_at < to_timestamp($2 / 1000.0))
       order by created_at limit 1 for update skip locked)
     returning ${COLUMNS}`,
    [now, now - SILENT_MS],
  )
  const job = rows[0]
  if (job !== undefined) await pool.query('delete from import_refusal where import_id = $1', [job.import_id])
  if (job?.is_trial === false) await pool.query('delete from import_lead where import_id = $1', [job.import_id])
  return job
}

/** @returns whether somebody wants it to stop */
export async function reportProgress(
  pool: Querying,
  id: string,
  at: { readonly counts: Counts; readonly bytesRead: number; readonly now: Instant },
): Promise<boolean> {
  const { rows } = await pool.query<{ is_cancelled: boolean }>(
    `update import_job set counts = $2, bytes_read = $3, seen_at = to_timestamp($4 / 1000.0) where import_id = $1
     returning is_cancelled`,
    [id, JSON.stringify(at.counts), at.bytesRead, at.now],
  )
  return rows[0]?.is_cancelled ?? true
}

export async function endJob(
  pool: Querying,
  id: string,
  end: { readonly state: JobRow['state']; readonly error?: JobRow['error']; readonly now: Instant },
): Promise<void> {
  await pool.query(
    `update import_job set state = $2, error = $3,
       ended_at = case when $2 = 'waiting' then null else to_timestamp($4 / 1000.0) end where import_id = $1`,
    [id, end.state, end.error ? JSON.stringify(end.error) : null, end.now],
  )
}

/** Notes which leads a file had. */
export async function insertLeads(pool: Querying, id: string, leads: readonly string[]): Promise<void> {
  if (leads.length === 0) return
  await pool.query(
    `insert into import_lead (import_id, lead_id) select $1, lead_id from unnest($2::uuid[]) as lead_id
     on conflict do nothing`,
    [id, leads],
  )
}

export async function insertRefusals(
  pool: Querying,
  id: string,
  { first, refusals }: { first: number; refusals: readonly InputRefusal[] },
): Promise<void> {
  if (refusals.length === 0) return
  const rows = refusals.map(({ line, code, place, reason, row }, index) => ({
    number: first + index,
    line,
    code,
    place,
    reason,
    row_text: row,
  }))
  await pool.query(
    `insert into import_refusal (import_id, number, line, code, place, reason, row_text)
     select $1, number, line, code, place, reason, row_text from json_to_recordset($2::json)
       as x(number bigint, line bigint, code text, place text, reason text, row_text text)`,
    [id, JSON.stringify(rows).replaceAll(String.raw`\u0000`, '\uFFFD')], // PostgreSQL's text knows no NUL
  )
}

export interface RefusalRow {
  readonly number: number
  readonly line: number
  readonly code: string
  readonly place: string | null
  readonly reason: string
  readonly row_text: string
}

/** What was refused, from one on, in the order of the file. */
export async function refusalPage(
  pool: Querying,
  id: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<RefusalRow[]> {
  const { rows } = await pool.query<RefusalRow>(
    `select number, line, code, place, reason, row_text from import_refusal where import_id = $1 and number > $2
     order by number limit $3`,
    [id, after, limit],
  )
  return rows
}

export async function* readRefusals(pool: Querying, id: string): AsyncGenerator<RefusalRow[]> {
  for (let after = -1; ;) {
    const rows = await refusalPage(pool, id, { after, limit: 1000 })
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.number
  }
}
