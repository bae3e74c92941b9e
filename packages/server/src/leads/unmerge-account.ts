/** Telling two accounts apart again that were taken for one: each has what was said of it, and its leads, as if it had always been so. */
import type { Fact } from '@winnow/engine'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import { joinsAccounts } from '../live/account-circles.ts'
import { lookAgainAtLeads } from '../live/account-merges.ts'
import { assessAnew } from '../live/assess-anew.ts'
import { lockExisting, readLeads } from '../live/circles.ts'
import { NameTaken } from '../live/names.ts'
import { newProfile, withFacts } from '../live/profile.ts'
import { ALONE, LEADS_AT_ONCE_MAX, type Taking } from '../live/take.ts'
import { inTransaction } from '../live/transaction.ts'

/**
 * Alone, so that nobody reads accounts as one while they become two.
 * @param account  one that was merged into another; whoever had been merged into it before comes with it
 * @throws ServerError `conflict` where it stands for itself
 */
export async function unmergeAccount(taking: Taking, account: string, by: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(taking.pool, (client) => unmergeOnce(client, taking, account, by), ALONE)
    } catch (error) {
      if (!(error instanceof NameTaken || (error as { code?: string }).code === '40P01') || attempt === 8) throw error
    }
  }
}

async function unmergeOnce(client: pg.PoolClient, taking: Taking, account: string, by: string): Promise<void> {
  const now = taking.now()
  const root = await rootOf(client, account)
  await client.query(
    `update account_merge set undone_at = to_timestamp($2 / 1000.0), undone_by = $3
     where account_id = $1 and undone_at is null`,
    [account, now, by],
  )
  await split(client, account, root)
  for (const each of [account, root]) await writeKnown(client, each)
  const leads = await lookAgainAtLeads(client, [account, root], now)
  await client.query(BELONGING, [root])
  if (leads.length <= LEADS_AT_ONCE_MAX) await assess(client, taking, leads)
}

async function rootOf(client: pg.PoolClient, account: string): Promise<string> {
  const { rows } = await client.query<{ merged_into: string | null }>(
    'select merged_into from account where account_id = $1',
    [account],
  )
  if (rows[0] === undefined)
    throw new ServerError('not_found', `there is no account ${account}`, { at: 'params.account' })
  if (rows[0].merged_into === null)
    throw new ServerError('conflict', 'this account is not part of another', { at: 'params.account' })
  return rows[0].merged_into
}

/** Whoever was merged into the account goes with it. Leads that are looked at together stay so: a circle may be larger than it need be. */
async function split(client: pg.PoolClient, account: string, root: string): Promise<void> {
  await client.query(
    `with recursive leaving as (
       select $1::uuid as account_id
       union select m.account_id from leaving join account_merge m on m.into_account_id = leaving.account_id
       where m.undone_at is null
     )
     update account set merged_into = nullif($1::uuid, account_id),
       circle_id = case when $3 then (select circle_id from account where account_id = $2) else account_id end
     where account_id in (select account_id from leaving) and (account_id = $1 or merged_into = $2)`,
    [account, root, await joinsAccounts(client)],
  )
}

/** What is known of an account, made anew from all that was said of it and of those that are part of it. */
async function writeKnown(client: pg.PoolClient, account: string): Promise<void> {
  const { rows } = await client.query<{ fact_id: string; at: number; body: Pick<Attribute, 'name' | 'value'> }>(
    `select f.fact_id, f.at, f.body from fact f join account a using (account_id)
     where a.account_id = $1 or a.merged_into = $1`,
    [account],
  )
  const facts = rows.map(({ fact_id, at, body }) => ({
    fact: { kind: 'attribute', id: fact_id, at, lead: account, ...body } as Fact,
  }))
  const { attributes, attribute_times } = withFacts(newProfile(0), facts, undefined)
  await client.query('update account set attributes = $2, attribute_times = $3 where account_id = $1', [
    account,
    JSON.stringify(attributes),
    JSON.stringify(attribute_times),
  ])
}

type Attribute = Extract<Fact, { kind: 'attribute' }>

/** Leads belong to the account that their latest link names: what somebody said counts more than an address. */
const BELONGING = `
  update lead set account_id = now.account_id from (
    select l.lead_id, coalesce(a.merged_into, a.account_id) as account_id
    from lead l
    cross join lateral (select l.lead_id as part union all select lead_id from lead where merged_into = l.lead_id) as x
    join fact f on f.lead_id = x.part and f.kind = 'link'
      and f.fact_id = coalesce(l.attribute_times -> '@account', l.attribute_times -> '@account_inferred') ->> 1
    join account a on a.account_id = (f.body ->> 'account')::uuid
    where l.account_id = $1
  ) as now where lead.lead_id = now.lead_id`

async function assess(client: pg.PoolClient, taking: Taking, leads: readonly string[]): Promise<void> {
  const live = await taking.plans.live(client)
  if (live === undefined || leads.length === 0) return
  const { rows } = await client.query<{ circle_id: string }>(
    'select distinct circle_id from lead where lead_id = any($1::uuid[])',
    [leads],
  )
  const circles = rows.map(({ circle_id }) => circle_id)
  const locked = await lockExisting(client, circles)
  await assessAnew(client, live, {
    rows: [...locked.values()],
    leads: await readLeads(client, circles),
    now: taking.now(),
    log: taking.log,
  })
}
