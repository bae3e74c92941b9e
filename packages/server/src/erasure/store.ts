/** That people were erased: when, and by whom. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Erased } from './erase.ts'

type Querying = Pick<pg.ClientBase, 'query'>
type Row = Erased & { readonly by: string }

export async function insertErasure(client: Querying, { id, at, by, removed }: Omit<Row, 'keptOut'>): Promise<void> {
  await client.query('insert into erasure (erasure_id, at, actor_name, removed) values ($1, $2, $3, $4)', [
    id,
    formatInstant(at),
    by,
    removed,
  ])
}

/** The latest first. @param after  the last one seen */
export async function listErasures(
  client: Querying,
  { limit, after }: { limit: number; after: { readonly at: Instant; readonly id: string } | undefined },
): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `select erasure_id as id, at, actor_name as by, removed,
       (select count(*)::integer from kept_out k where k.erasure_id = e.erasure_id) as "keptOut"
     from erasure e
     where $2::timestamptz is null or (at, erasure_id) < ($2::timestamptz, $3::uuid)
     order by at desc, erasure_id desc limit $1`,
    [limit, after === undefined ? null : formatInstant(after.at), after?.id ?? null],
  )
  return rows
}
