/**
 * What time alone changes: circles whose next change has come, and circles that another version assessed. Several servers share
 * the work; each takes what no other holds.
 */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { assessCircles, type CircleWork } from './assess-circles.ts'
import { readLeads, writeCircles, writeLeads, type CircleRow } from './circles.ts'
import type { Taking } from './take.ts'
import { inTransaction } from './transaction.ts'

const DUE = {
  name: 'due-circles',
  text: `select circle_id, version, state from circle where due_at <= to_timestamp($1 / 1000.0)
    order by due_at, circle_id limit $2 for update skip locked`,
}

const OUTDATED = {
  name: 'outdated-circles',
  text: `select circle_id, version, state from circle where version is distinct from $1
    order by circle_id limit $2 for update skip locked`,
}

/** Assesses up to `limit` circles that are due. @returns how many there were */
export const assessDue = (taking: Taking, limit: number): Promise<number> =>
  inTransaction(taking.pool, async (client) => {
    const now = taking.now()
    const { rows } = await client.query<CircleRow>({ ...DUE, values: [now, limit] })
    return assessRows(client, taking, rows, now)
  })

/** Assesses up to `limit` circles that the live version has not assessed. @returns how many there were */
export const assessOutdated = (taking: Taking, limit: number): Promise<number> =>
  inTransaction(taking.pool, async (client) => {
    const live = await taking.plans.live(client)
    if (live === undefined) return 0
    const { rows } = await client.query<CircleRow>({ ...OUTDATED, values: [live.version, limit] })
    return assessRows(client, taking, rows, taking.now())
  })

async function assessRows(
  client: pg.PoolClient,
  taking: Taking,
  rows: readonly CircleRow[],
  now: Instant,
): Promise<number> {
  if (rows.length === 0) return 0
  const live = await taking.plans.live(client)
  const leads = Map.groupBy(
    await readLeads(
      client,
      rows.map(({ circle_id }) => circle_id),
    ),
    ({ circle_id }) => circle_id,
  )
  const circles = rows.map((row): CircleWork => ({
    row,
    leads: leads.get(row.circle_id) ?? [],
    facts: [],
    isAnew: false,
    isNew: false,
  }))
  if (live === undefined) {
    const idle = rows.map(({ circle_id }) => ({ circleId: circle_id, version: null, state: null, dueAt: null }))
    await writeCircles(client, idle)
  } else {
    await writeLeads(client, new Map(), await assessCircles(client, live, { circles, now, log: taking.log }))
  }
  return rows.length
}
