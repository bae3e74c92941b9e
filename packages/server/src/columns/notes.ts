/** Notes of what was removed from the log, for copies that have not followed yet. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Logger } from 'pino'
import { Loop } from '../live/loop.ts'
import { inTransaction } from '../live/transaction.ts'

/** Copies that servers keep follow within seconds; one that is further behind than this is made anew. */
export const NOTES_KEPT_MS = 86_400_000
const LOOK_MS = 3_600_000

interface Looked {
  readonly looked_at: Instant | null
  readonly looked_to: number | null
}

/**
 * Once a day, what was there a day ago goes. Until when notes reach back is written down: whoever has copied before knows of some
 * no longer.
 * @returns how many went
 */
export const thinNotes = (pool: pg.Pool, now: Instant): Promise<number> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<Looked>('select looked_at, looked_to from log_identity for update')
    const { looked_at, looked_to } = rows[0]!
    if (looked_at !== null && now - looked_at < NOTES_KEPT_MS) return 0
    const { rows: gone } = await client.query<{ count: number }>(
      `with gone as (delete from log_rewritten where transaction_id < $1 returning transaction_id),
         noted as (
           update log_identity
           set noted_from = greatest(noted_from, (select max(transaction_id) + 1 from gone)),
             looked_at = $2, looked_to = pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         )
       select count(*) as count from gone`,
      [looked_to ?? 0, formatInstant(now)],
    )
    return gone[0]!.count
  })

export const createNoteThinning = ({
  pool,
  now,
  log,
}: {
  readonly pool: pg.Pool
  readonly now: () => Instant
  readonly log: Logger
}): Loop =>
  new Loop(log, {
    name: 'notes of the log',
    run: async () => {
      await thinNotes(pool, now())
      return 0
    },
    restMs: LOOK_MS,
  })
