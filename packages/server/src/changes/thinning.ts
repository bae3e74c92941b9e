/** Lines of the outbox that everybody has had time to read. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Logger } from 'pino'
import { Loop } from '../live/loop.ts'

const DAY_MS = 86_400_000
/** Whoever follows changes and has been away for longer begins anew. */
export const OUTBOX_KEPT_MS = 30 * DAY_MS
const AT_ONCE = 5_000
const LOOK_MS = 3_600_000

// From the beginning, in the order in which lines are read: what is old lies there, and nothing else is looked at.
const FORGET = `
  with oldest as materialized (
    select transaction_id, outbox_id, created_at from outbox order by transaction_id, outbox_id limit $2
  )
  delete from outbox using oldest
  where (outbox.transaction_id, outbox.outbox_id) = (oldest.transaction_id, oldest.outbox_id)
    and oldest.created_at < to_timestamp($1 / 1000.0)`

/** @returns how many there were, at most so many at once */
export async function thinOutbox(pool: Pick<pg.Pool, 'query'>, now: Instant, limit = AT_ONCE): Promise<number> {
  const { rowCount } = await pool.query({ name: 'thin-outbox', text: FORGET, values: [now - OUTBOX_KEPT_MS, limit] })
  return rowCount ?? 0
}

export const createThinning = ({ pool, now, log }: { pool: pg.Pool; now: () => Instant; log: Logger }): Loop =>
  new Loop(log, { name: 'outbox', run: () => thinOutbox(pool, now()), restMs: LOOK_MS })
