/** Erasing a person: everything that was kept of them goes, in one transaction, and colleagues are assessed without them. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import { removeAccounts, removeLeads } from '../leads/removal.ts'
import { assessAnew } from '../live/assess-anew.ts'
import { lockExisting, readLeads, writeCircles, type CircleRow } from '../live/circles.ts'
import type { LeadName } from '../live/intake.ts'
import { ALONE, LEADS_AT_ONCE_MAX, type Taking } from '../live/take.ts'
import { inTransaction } from '../live/transaction.ts'
import { insertErasure } from './store.ts'

export interface Erasing {
  readonly lead: string
  /** Whatever comes in by one of their names from now on is not taken. */
  readonly keepsOut: boolean
  readonly by: string
}

export interface Erased {
  readonly id: string
  readonly at: Instant
  /** Rows that went. */
  readonly removed: number
  /** Names that are kept out from now on. */
  readonly keptOut: number
}

/**
 * Alone: what is on its way of this person must not come to a lead that is half gone.
 * @throws ServerError `not_found`
 */
export function eraseLead(taking: Taking, erasing: Erasing): Promise<Erased> {
  return inTransaction(taking.pool, (client) => eraseNow(client, taking, erasing), ALONE)
}

async function eraseNow(client: pg.PoolClient, taking: Taking, { lead, keepsOut, by }: Erasing): Promise<Erased> {
  const id = taking.newId()
  const at = taking.now()
  const { circle, account } = await gather(client, lead)
  const locked = await lockExisting(client, [circle])
  const names = keepsOut ? await readAllNames(client) : []
  await removeConflicts(client)
  await removeFiles(client)
  const removed = await removeLeads(client, 'gone')
  const left = account === null ? [] : await removeUnknownAccount(client, account)
  await client.query(EMPTY, [[circle, ...left]])
  await insertErasure(client, { id, at, by, removed })
  const keptOut = await taking.keptOut.add(client, names, id)
  // Whoever follows changes forgets them too.
  await client.query(
    `insert into outbox (lead_id, at, topic, payload, created_at)
     select lead_id, $1::timestamptz, 'erased', '{}', $1::timestamptz from gone`,
    [formatInstant(at)],
  )
  const row = locked.get(circle)
  if (row !== undefined) await assessOthers(client, taking, row, at)
  return { id, at, removed, keptOut }
}

/** Puts the lead and whoever is part of it into the table `gone`. */
async function gather(client: pg.PoolClient, lead: string): Promise<{ circle: string; account: string | null }> {
  await client.query('create temp table gone (lead_id uuid primary key) on commit drop')
  await client.query(
    `insert into gone select m.lead_id from lead n join lead m on coalesce(n.merged_into, n.lead_id) in (m.lead_id, m.merged_into)
     where n.lead_id = $1`,
    [lead],
  )
  const { rows } = await client.query<{ circle: string; account: string | null }>(
    `select circle_id as circle, account_id as account from lead join gone using (lead_id) where merged_into is null`,
  )
  if (rows[0] === undefined) throw new ServerError('not_found', `there is no lead ${lead}`, { at: 'params.lead' })
  return rows[0]
}

async function readAllNames(client: pg.PoolClient): Promise<LeadName[]> {
  const { rows } = await client.query<LeadName>('select kind, value from identity join gone using (lead_id)')
  return rows
}

/** Messages that contradicted what was stored of them lie beside the log, by their ids; those of facts begin with them. */
async function removeConflicts(client: pg.PoolClient): Promise<void> {
  await client.query(
    `with own as (
       select fact_id from fact join gone using (lead_id)
       union all select fact_id from activity join gone using (lead_id))
     delete from message_conflict where message_id in (
       select regexp_replace(fact_id, '[./][0-9]+$', '') from own
       union all select 'import:' || fact_id from own
       union all select 'import:' || split_part(fact_id, '.', 1) from own)`,
  )
}

/** Files that they came in with hold what they said, and so may rows of them that were refused. */
async function removeFiles(client: pg.PoolClient): Promise<void> {
  await client.query(
    `delete from import_chunk where import_id in
       (select import_id from import_lead join gone using (lead_id) join import_job j using (import_id)
        where j.state not in ('waiting', 'running'))`,
  )
  await client.query(
    `delete from import_refusal r using identity i join gone using (lead_id)
     where i.kind in ('email', 'user') and length(i.value) > 3 and position(lower(i.value) in lower(r.row_text)) > 0`,
  )
}

/** An account of which nothing is known but the domain of their address says who they are; so do those that are part of it. */
async function removeUnknownAccount(client: pg.PoolClient, account: string): Promise<string[]> {
  const { rows } = await client.query<{ account_id: string; circle_id: string }>(
    `with part as (select account_id, circle_id from account where $1 in (account_id, merged_into))
     select account_id, circle_id from part
     where not exists (select from lead join part using (account_id))
       and not exists (select from fact join part using (account_id))`,
    [account],
  )
  await removeAccounts(
    client,
    rows.map(({ account_id }) => account_id),
  )
  return rows.map(({ circle_id }) => circle_id)
}

const EMPTY = `delete from circle c where circle_id = any($1::uuid[])
  and not exists (select from lead where circle_id = c.circle_id)
  and not exists (select from account where circle_id = c.circle_id)`

/** Those who were looked at together with them are assessed without them: at once, or soon where they are many. */
async function assessOthers(client: pg.PoolClient, taking: Taking, row: CircleRow, now: Instant): Promise<void> {
  const leads = await readLeads(client, [row.circle_id])
  const live = await taking.plans.live(client)
  if (leads.length === 0 || live === undefined) return
  if (leads.length > LEADS_AT_ONCE_MAX)
    return writeCircles(client, [{ circleId: row.circle_id, version: row.version, state: null, dueAt: now }])
  await assessAnew(client, live, { rows: [row], leads, now, log: taking.log })
}
