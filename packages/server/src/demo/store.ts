/** Rows of the demo company: how far it is loaded, its definitions and costs, and what has to go when it is removed. */
import type { Demo } from '@winnow/demo'
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import { removeAccounts, removeLeads } from '../leads/removal.ts'
import { inTransaction } from '../live/transaction.ts'

type Querying = Pick<pg.ClientBase, 'query'>

export interface DemoRow {
  readonly state: 'waiting' | 'running' | 'loaded' | 'cancelled' | 'failed'
  readonly seed: string
  readonly leads: number
  readonly until: Instant
  readonly loaded_leads: number
  readonly loaded_facts: number
}

const COLUMNS = 'state, seed, leads, until, loaded_leads, loaded_facts'

export async function readDemo(pool: Querying): Promise<DemoRow | undefined> {
  return (await pool.query<DemoRow>(`select ${COLUMNS} from demo`)).rows[0]
}

export interface DemoChoice {
  readonly leads: number
  readonly seed: string
  readonly until: Instant
}

/**
 * Notes that a demo company is wanted. A company of the same seed and size that was cut short goes on, to the end that it had.
 * @throws ServerError `conflict` where there is anything that is not this demo's
 */
export async function requestDemo(pool: pg.Pool, { leads, seed, until }: DemoChoice, now: Instant): Promise<DemoRow> {
  return inTransaction(pool, async (client) => {
    await client.query('lock table demo in exclusive mode')
    const known = await readDemo(client)
    if (known === undefined) await refuseUnlessEmpty(client)
    else if (known.state === 'waiting' || known.state === 'running' || known.state === 'loaded')
      throw new ServerError('conflict', `the demo company is ${known.state} already`)
    else if (known.seed !== seed || known.leads !== leads)
      throw new ServerError('conflict', 'part of another demo company is here: remove it first')
    const { rows } = await client.query<DemoRow>(
      `insert into demo (state, seed, leads, until, created_at)
       values ('waiting', $1, $2, to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0))
       on conflict (place) do update set state = 'waiting', is_cancelled = false, ended_at = null, seen_at = null
       returning ${COLUMNS}`,
      [seed, leads, until, now],
    )
    return rows[0]!
  })
}

async function refuseUnlessEmpty(client: Querying): Promise<void> {
  const { rows } = await client.query<{ leads: boolean; versions: boolean }>(
    'select exists (select from lead) as leads, exists (select from definition_version) as versions',
  )
  if (rows[0]!.leads) throw new ServerError('conflict', 'there are leads already, which are not the demo’s')
  if (rows[0]!.versions) throw new ServerError('conflict', 'a definition has been published already')
}

/** Whoever loads it and has not been heard of for this long has died. */
const SILENT_MS = 30_000

export async function claimDemo(pool: Querying, now: Instant): Promise<DemoRow | undefined> {
  const { rows } = await pool.query<DemoRow>(
    `update demo set state = 'running', seen_at = to_timestamp($1 / 1000.0), loaded_leads = 0, loaded_facts = 0
     where state = 'waiting' or (state = 'running' and seen_at < to_timestamp($2 / 1000.0)) returning ${COLUMNS}`,
    [now, now - SILENT_MS],
  )
  return rows[0]
}

/** @returns whether somebody wants it to stop */
export async function reportDemo(
  pool: Querying,
  { leads, facts, now }: { leads: number; facts: number; now: Instant },
): Promise<boolean> {
  const { rows } = await pool.query<{ is_cancelled: boolean }>(
    `update demo set loaded_leads = $1, loaded_facts = $2, seen_at = to_timestamp($3 / 1000.0) returning is_cancelled`,
    [leads, facts, now],
  )
  return rows[0]?.is_cancelled ?? true
}

export async function endDemo(pool: Querying, state: DemoRow['state'], now: Instant): Promise<void> {
  await pool.query('update demo set state = $1, ended_at = to_timestamp($2 / 1000.0)', [state, now])
}

/** @throws ServerError `conflict` where none is being loaded */
export async function cancelDemo(pool: Querying): Promise<DemoRow> {
  const { rows } = await pool.query<DemoRow>(
    `update demo set is_cancelled = true, state = case state when 'waiting' then 'cancelled' else state end
     where state in ('waiting', 'running') returning ${COLUMNS}`,
  )
  if (rows[0] === undefined) throw new ServerError('conflict', 'no demo company is being loaded')
  return rows[0]
}

// --- Definitions and costs -------------------------------------------------------------------------------------------

/**
 * Both definitions with the instants at which they went live. None of them is live while the demo is loaded: what others bring
 * meanwhile is stored, and assessed afterwards.
 */
export async function writeVersions(pool: pg.Pool, { versions }: Demo): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ count: number }>('select count(*) as count from definition_version')
    if (rows[0]!.count > versions.length) throw new ServerError('conflict', 'a definition was published meanwhile')
    await client.query("update definition_version set status = 'retired'")
    for (const { number, text, publishedAt, publishedBy, rationale } of versions) {
      await client.query(
        `insert into definition_version (version, text, name, published_at, published_by, note, status)
         values ($1, $2, $3, to_timestamp($4 / 1000.0), $5, $6, 'retired') on conflict (version) do nothing`,
        [number, text, `Tidewater Rota ${number} (synthetic)`, publishedAt, publishedBy, rationale.join(' ')],
      )
    }
    // Links join the circles of an account from the first one on: the second definition looks at accounts.
    await client.query(`insert into setting (name, value) values ('account_circles', '{"isDone": true}')
      on conflict (name) do update set value = excluded.value`)
  })
}

export async function goLive(pool: Querying, version: number): Promise<void> {
  await pool.query(
    `update definition_version set status = 'live'
     where version = $1 and not exists (select from definition_version where status = 'live')`,
    [version],
  )
}

export async function writeCosts(pool: Querying, { costs }: Demo): Promise<void> {
  const rows = costs.map(({ month, source, campaign, cost }) => ({ month: `${month}-01`, source, campaign, cost }))
  await pool.query(
    `insert into campaign_cost (month, source, campaign, cost, currency, is_synthetic)
     select month, source, campaign, cost, 'EUR', true
     from json_to_recordset($1::json) as x(month date, source text, campaign text, cost numeric)
     on conflict (month, source, campaign) do nothing`,
    [JSON.stringify(rows)],
  )
}

/** Whether any circle waits for the live version. */
export async function isAnyOutdated(pool: Querying): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (select from circle where version is distinct from
       (select version from definition_version where status = 'live')) as found`,
  )
  return rows[0]!.found
}

// --- Removing --------------------------------------------------------------------------------------------------------

/** What the demo's messages are called. */
export const MESSAGE_PREFIX = 'demo:'
/** What its facts are called. */
const FACT_PREFIX = 'demo-'

/**
 * Removes everything of the demo and nothing else. Whoever brings messages waits meanwhile.
 * @throws ServerError `conflict` while it is being loaded
 */
export async function removeDemo(pool: pg.Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('lock table demo in exclusive mode')
    const known = await readDemo(client)
    if (known === undefined) return
    if (known.state === 'waiting' || known.state === 'running')
      throw new ServerError('conflict', 'the demo company is being loaded: cancel that first')
    await client.query('lock table circle, lead, account in exclusive mode')
    await client.query(
      `create temp table gone on commit drop as select lead_id, circle_id from lead
       where attributes ->> 'data_origin' = 'synthetic' or merged_into in
         (select lead_id from lead where attributes ->> 'data_origin' = 'synthetic')`,
    )
    await client.query(
      `create temp table gone_account on commit drop as select a.account_id, a.circle_id from account a
       join account now on now.account_id = coalesce(a.merged_into, a.account_id)
       where now.attributes ->> 'name' like '% (synthetic)'
         and not exists (select from lead l where l.account_id = now.account_id and l.lead_id not in (select lead_id from gone))
         and (not exists (select from account part where part.merged_into = now.account_id)
           or not exists (
             select from fact f join account part using (account_id)
             where now.account_id in (part.account_id, part.merged_into) and not starts_with(f.fact_id, '${FACT_PREFIX}')))`,
    )
    await removeLeads(client, 'gone')
    const { rows } = await client.query<{ account_id: string }>('select account_id from gone_account')
    await removeAccounts(
      client,
      rows.map(({ account_id }) => account_id),
    )
    await client.query(
      `delete from circle where circle_id in (select circle_id from gone union all select circle_id from gone_account)
         and not exists (select from lead where lead.circle_id = circle.circle_id)
         and not exists (select from account where account.circle_id = circle.circle_id)`,
    )
    await client.query('delete from message where starts_with(message_id, $1)', [MESSAGE_PREFIX])
    await client.query('delete from campaign_cost where is_synthetic')
    await removeVersions(client)
    await client.query('delete from demo')
  })
}

/** Leads that stay have been judged by these versions: then they stay too. */
async function removeVersions(client: Querying): Promise<void> {
  const { rows } = await client.query<{ isUsed: boolean }>(
    `select exists (select from lead) or exists (select from definition_version where name not like '% (synthetic)') as "isUsed"`,
  )
  if (rows[0]!.isUsed) return
  await client.query("set local winnow.removes_demo = 'yes'") // nobody else deletes what was signed
  await client.query('delete from notice')
  await client.query('delete from signature')
  await client.query('delete from proposal')
  await client.query('delete from definition_version')
  await client.query("delete from setting where name = 'account_circles'")
}
