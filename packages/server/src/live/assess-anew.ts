/** Circles whose leads have changed, assessed from the log. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Logger } from 'pino'
import { assessCircles, type CircleWork } from './assess-circles.ts'
import { writeLeads, type CircleRow, type LeadRow } from './circles.ts'
import type { LivePlan } from './plans.ts'

/** @param leads  of these circles, all that stand for themselves */
export async function assessAnew(
  client: pg.PoolClient,
  live: LivePlan,
  { rows, leads, now, log }: { rows: readonly CircleRow[]; leads: readonly LeadRow[]; now: Instant; log: Logger },
): Promise<void> {
  const byCircle = Map.groupBy(leads, ({ circle_id }) => circle_id)
  const circles = rows.map((row): CircleWork => ({
    row,
    leads: byCircle.get(row.circle_id) ?? [],
    facts: [],
    isAnew: true,
    isNew: false,
  }))
  const { columns, written } = await assessCircles(client, live, { circles, now, log })
  await Promise.all([written, writeLeads(client, { profiles: new Map(), seen: new Map(), assessed: columns })])
}
