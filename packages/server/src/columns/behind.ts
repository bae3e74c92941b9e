/** How far the copy of the log is behind it. */
import type pg from 'pg'

type Querying = Pick<pg.ClientBase, 'query'>

const FROM = /^\d+/

/** Rows of transactions that a snapshot does not hold; its values are the first two of the statement. */
export const SINCE =
  'transaction_id >= $1::bigint and not pg_visible_in_snapshot(transaction_id::text::xid8, $2::pg_snapshot)'
export const since = (snapshot: string) => [FROM.exec(snapshot)![0], snapshot]

/** @param snapshot  undefined: of all @returns how many activities the log got; no more than `limit` are counted */
export async function countAdded(client: Querying, snapshot: string | undefined, limit: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*) as count from (select from activity where ${snapshot === undefined ? 'true' : SINCE} limit ${limit}) as added`,
    snapshot === undefined ? [] : since(snapshot),
  )
  return rows[0]!.count
}

export async function isAnyRewritten(client: Querying, snapshot: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select exists (select from log_rewritten where ${SINCE}) as found`,
    since(snapshot),
  )
  return rows[0]!.found
}

/** It holds what is gone from the log: activities were forgotten, everything was removed, or the database is another. */
export async function isOfOtherLog(client: Querying, log: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    'select not exists (select from log_identity where starts_with($1, identity::text)) as found',
    [log],
  )
  return rows[0]!.found
}
