/** Who would be elsewhere by the definition of a trial. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Move } from './trial.ts'

type Querying = Pick<pg.Pool, 'query'>

export async function addMoves(pool: Querying, job: string, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return
  await pool.query(
    `insert into trial_move (job_id, lead_id, what, from_value, to_value)
     select $1, lead_id, what, from_value, to_value
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as x(lead_id, what, from_value, to_value)
     on conflict do nothing`,
    [
      job,
      moves.map(({ lead }) => lead),
      moves.map(({ what }) => what),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
    ],
  )
}

export async function forgetMoves(pool: Querying, job: string): Promise<void> {
  await pool.query('delete from trial_move where job_id = $1', [job])
}

export interface MoveRow {
  readonly lead_id: string
  readonly what: string
  readonly from_value: string
  readonly to_value: string
  readonly name: string | null
  readonly email: string | null
  readonly account_name: string | null
  readonly expected_value: number | null
}

export type MovePlace = readonly [from: string, to: string, leadId: string]

export interface MoveFilter {
  readonly what: string
  readonly from: string | undefined
  readonly to: string | undefined
  readonly after: MovePlace | undefined
  readonly limit: number
}

export async function readMoves(pool: Querying, job: string, filter: MoveFilter): Promise<MoveRow[]> {
  const { what, from, to, after, limit } = filter
  const { rows } = await pool.query<MoveRow>(
    `select m.lead_id, m.what, m.from_value, m.to_value, l.name, l.email, l.expected_value,
       coalesce(a.attributes ->> 'name', a.name) as account_name
     from trial_move m join lead l using (lead_id) left join account a using (account_id)
     where m.job_id = $1 and m.what = $2 and ($3::text is null or m.from_value = $3) and ($4::text is null or m.to_value = $4)
       and ($5::text is null or (m.from_value, m.to_value, m.lead_id) > ($5, $6, $7::uuid))
     order by m.from_value, m.to_value, m.lead_id limit $8`,
    [job, what, from ?? null, to ?? null, ...(after ?? [null, null, null]), limit],
  )
  return rows
}

/** Trials that ended before, other than of what is proposed: whoever signs looks at who moves. */
export async function forgetTrials(pool: Querying, before: Instant): Promise<void> {
  await pool.query(
    `delete from job where kind = 'trial' and state in ('done', 'cancelled', 'failed') and ended_at < to_timestamp($1 / 1000.0)
       and job_id not in (select trial_id from proposal where trial_id is not null and state in ('proposed', 'scheduled'))`,
    [before],
  )
}
