/** The outbox as a stream: lines in an order in which none can appear before one that was read already. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'

export interface Line {
  readonly place: Place
  readonly topic: string
  /** Null of what is about no lead. */
  readonly lead: string | null
  readonly at: Instant
  readonly recordedAt: Instant
  readonly body: Readonly<Record<string, unknown>>
}

/** By the transaction that wrote the line, then by line. */
export interface Place {
  readonly transaction: bigint
  readonly line: bigint
}

export const BEGINNING: Place = { transaction: 0n, line: 0n }

export const isAfter = (one: Place, other: Place): boolean =>
  one.transaction > other.transaction || (one.transaction === other.transaction && one.line > other.line)

export const formatPlace = ({ transaction, line }: Place): string => `${transaction}.${line}`

const U64_MAX = 2n ** 64n - 1n
const I64_MAX = 2n ** 63n - 1n

/** @returns undefined where it is no place */
export function parsePlace(text: string): Place | undefined {
  const match = /^(\d{1,20})\.(\d{1,19})$/.exec(text)
  if (!match) return undefined
  const place = { transaction: BigInt(match[1]!), line: BigInt(match[2]!) }
  return place.transaction <= U64_MAX && place.line <= I64_MAX ? place : undefined
}

interface Row {
  readonly transaction_id: string
  readonly outbox_id: number
  readonly topic: string
  readonly lead_id: string | null
  readonly at: Instant
  readonly created_at: Instant
  readonly payload: Readonly<Record<string, unknown>>
}

// Transactions that are still running may have begun before ones that have ended: nothing of those that began after the oldest
// of them is told yet.
const READ = `select transaction_id::text, outbox_id, topic, lead_id, at, created_at, payload from outbox
  where (transaction_id, outbox_id) > ($1::xid8, $2::bigint) and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    and ($3::uuid is null or lead_id = $3::uuid)
  order by transaction_id, outbox_id limit $4`

export async function readOutbox(
  pool: pg.Pool,
  { after, lead, limit }: { after: Place; lead?: string | undefined; limit: number },
): Promise<Line[]> {
  const { rows } = await pool.query<Row>({
    name: 'read-outbox',
    text: READ,
    values: [after.transaction.toString(), after.line.toString(), lead ?? null, limit],
  })
  return rows.map((row) => ({
    place: { transaction: BigInt(row.transaction_id), line: BigInt(row.outbox_id) },
    topic: row.topic,
    lead: row.lead_id,
    at: row.at,
    recordedAt: row.created_at,
    body: row.payload,
  }))
}

/** Behind everything that can be told now: what comes later comes after it. */
export async function endOfOutbox(pool: pg.Pool): Promise<Place> {
  const { rows } = await pool.query<{ id: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as id')
  return { transaction: BigInt(rows[0]!.id) - 1n, line: I64_MAX }
}

/** In the transaction of what it tells of, which is about no lead. */
export async function tellChange(
  client: Pick<pg.ClientBase, 'query'>,
  { topic, at, body }: Pick<Line, 'topic' | 'at' | 'body'>,
): Promise<void> {
  await client.query(
    `insert into outbox (lead_id, at, topic, payload, created_at) values (null, $1::timestamptz, $2, $3, $1::timestamptz)`,
    [formatInstant(at), topic, JSON.stringify(body)],
  )
}
