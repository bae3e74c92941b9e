/** How long activities are kept, what has been forgotten, and what would be. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'

type Querying = Pick<pg.ClientBase, 'query'>

const SETTING = 'retention'

/** @returns null where activities are kept for ever */
export async function readMonths(client: Querying): Promise<number | null> {
  const { rows } = await client.query<{ months: number | null }>(
    `select (value ->> 'months')::integer as months from setting where name = $1`,
    [SETTING],
  )
  return rows[0]?.months ?? null
}

export async function writeMonths(client: Querying, months: number | null): Promise<void> {
  await client.query(
    'insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
    [SETTING, JSON.stringify({ months })],
  )
}

export interface Counted {
  /** Activities of all leads, and how many leads there are of them now. */
  readonly activities: number
  readonly leads: number
}

export async function countBefore(client: Querying, before: Instant): Promise<Counted> {
  const { rows } = await client.query<Counted>(
    `select count(*) as activities, count(distinct coalesce(l.merged_into, l.lead_id)) as leads
     from activity a join lead l using (lead_id) where a.at < $1::timestamptz`,
    [formatInstant(before)],
  )
  return rows[0]!
}

export interface Forgetting extends Counted {
  readonly before: Instant
  readonly at: Instant
  readonly version: number | null
}

export async function insertForgetting(
  client: Querying,
  { before, at, activities, leads, version }: Forgetting,
): Promise<void> {
  await client.query('insert into forgetting (before, at, activities, leads, version) values ($1, $2, $3, $4, $5)', [
    formatInstant(before),
    formatInstant(at),
    activities,
    leads,
    version,
  ])
}

/** The latest first. */
export async function listForgettings(client: Querying): Promise<Forgetting[]> {
  const { rows } = await client.query<Forgetting>(
    'select before, at, activities, leads, version from forgetting order by before desc limit 100',
  )
  return rows
}
