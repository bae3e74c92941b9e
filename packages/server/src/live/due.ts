/**
 * What time alone changes: circles whose next change has come, and circles that another version assessed. Several servers share
 * the work; each takes what no other holds.
 */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { joinsAccounts, partCircles } from './account-circles.ts'
import { assessCircles, type CircleWork } from './assess-circles.ts'
import { readLeads, writeCircles, writeLeads, type CircleRow, type LeadRow } from './circles.ts'
import type { Taking } from './take.ts'
import { inTransaction, JUDGING, type Last } from './transaction.ts'

const DUE = {
  name: 'due-circles',
  text: `select circle_id, version, state from circle where due_at <= to_timestamp($1 / 1000.0)
    order by due_at, circle_id limit $2 for update skip locked`,
}

const IS_ANY_OUTDATED = {
  name: 'is-any-circle-outdated',
  text: `select exists (select from circle where version < $1) or exists (select from circle where version is null) as found`,
}
/** In the order of ids, so that what was done is not looked through again with each batch. */
const OUTDATED = {
  name: 'outdated-circles',
  text: `select circle_id, version, state from circle where circle_id > $3 and (version < $1 or version is null)
    order by circle_id limit $2 for update skip locked`,
}
const BEGIN = '00000000-0000-0000-0000-000000000000'

/** Assesses up to `limit` circles that are due. @returns how many there were */
export const assessDue = (taking: Taking, limit: number): Promise<number> =>
  inTransaction(
    taking.pool,
    async (client, last) => {
      const now = taking.now()
      const { rows } = await client.query<CircleRow>({ ...DUE, values: [now, limit] })
      return assessRows(client, taking, rows, { now, partsMax: 0, last })
    },
    JUDGING,
  )

/**
 * Brings circles to the live version. Its place is kept in memory only: whoever begins anew finds what is outdated, and so does
 * the next round what others held or could not do.
 */
export class Restating {
  private readonly taking: Taking
  private after = BEGIN
  private version: number | undefined

  constructor(taking: Taking) {
    this.taking = taking
  }

  /** Assesses up to `limit` circles that the live version has not assessed. @returns how many; none at the end of a round */
  some(limit: number): Promise<number> {
    const { taking } = this
    return inTransaction(
      taking.pool,
      async (client, last) => {
        const live = await taking.plans.live(client)
        if (live === undefined) return 0
        if (live.version !== this.version) this.after = BEGIN
        this.version = live.version
        const rows = await outdated(client, { version: live.version, limit, after: this.after })
        this.after = rows.at(-1)?.circle_id ?? BEGIN
        const isParting = rows.length > 0 && !(await joinsAccounts(client))
        return assessRows(client, taking, rows, { now: taking.now(), partsMax: isParting ? limit : 0, last })
      },
      JUDGING,
    )
  }
}

async function outdated(
  client: pg.PoolClient,
  { version, limit, after }: { version: number; limit: number; after: string },
): Promise<CircleRow[]> {
  if (after === BEGIN) {
    const { rows } = await client.query<{ found: boolean }>({ ...IS_ANY_OUTDATED, values: [version] })
    if (!rows[0]!.found) return []
  }
  return (await client.query<CircleRow>({ ...OUTDATED, values: [version, limit, after] })).rows
}

async function assessRows(
  client: pg.PoolClient,
  taking: Taking,
  rows: readonly CircleRow[],
  { now, partsMax, last }: { now: Instant; partsMax: number; last: Last },
): Promise<number> {
  if (rows.length === 0) return 0
  const live = await taking.plans.live(client)
  const all = await readLeads(
    client,
    rows.map(({ circle_id }) => circle_id),
  )
  const leads = Map.groupBy(all, ({ circle_id }) => circle_id)
  let circles = rows.map((row) => workOf(row, leads.get(row.circle_id) ?? []))
  if (partsMax > 0) circles = await parted(client, circles, partsMax)
  if (live === undefined) {
    const idle = rows.map(({ circle_id }) => ({ circleId: circle_id, version: null, state: null, dueAt: null }))
    last(writeCircles(client, idle))
  } else {
    const { columns, sent, written } = await assessCircles(client, live, { circles, now, log: taking.log })
    last(written)
    last(writeLeads(client, { profiles: new Map(), seen: new Map(), assessed: columns }))
    await sent
  }
  return rows.length
}

const workOf = (row: CircleRow, leads: readonly LeadRow[]): CircleWork => ({
  row,
  leads,
  facts: [],
  isAnew: false,
  isNew: false,
})

/** Circles of several leads that need not be looked at together any more become one for each; the rest has its turn later. */
async function parted(client: pg.PoolClient, circles: readonly CircleWork[], partsMax: number): Promise<CircleWork[]> {
  const joined = circles.filter(({ leads }) => leads.length > 1)
  if (joined.length === 0) return [...circles]
  const leads = new Map(joined.flatMap((each) => each.leads).map((lead) => [lead.lead_id, lead as LeadRow]))
  const rows = await partCircles(
    client,
    joined.map(({ row }) => row.circle_id),
    [...leads.keys()],
  )
  const parts = [...rows.values()].map((row) => workOf(row, [leads.get(row.circle_id)!]))
  return [...circles.filter(({ leads }) => leads.length <= 1), ...parts.slice(0, partsMax)]
}
