/** Whether the definition that is live is to be looked at again. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import type { Plans } from '../live/plans.ts'
import { dueOf, type Due } from './period.ts'
import { readPublications } from './read.ts'
import { lastSigned } from './store.ts'

export async function reviewDue(
  { db, pool, plans }: { readonly db: Db; readonly pool: pg.Pool; readonly plans: Plans },
  now: Instant,
): Promise<Due> {
  const known = await plans.live(pool)
  const last = await lastSigned(db)
  return dueOf({
    every: known?.plan.definition.review?.every,
    last: last && { to: last.period_to, nextAt: last.next_at },
    firstPublishedAt: (await readPublications(pool))[0]?.at,
    now,
  })
}
