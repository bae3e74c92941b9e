/**
 * Which leads share a circle. A definition that looks at accounts has to see all leads that were ever linked through accounts
 * together; any other sees each alone. Circles are joined before such a definition is live, and parted after another one is.
 */
import type pg from 'pg'
import { lockCircles, writeCircles, type CircleRow } from './circles.ts'
import { rootIn } from './roots.ts'
import { inTransaction } from './transaction.ts'
import { ServerError } from '../errors.ts'

type Querying = Pick<pg.ClientBase, 'query'>

const SETTING = 'account_circles'

/** Whether a link of a lead to an account joins their circles. */
export async function joinsAccounts(client: Querying): Promise<boolean> {
  const { rows } = await client.query({
    name: 'joins-accounts',
    text: 'select 1 from setting where name = $1',
    values: [SETTING],
  })
  return rows.length > 0
}

/** From now on links join nothing. Circles are parted as they are restated. */
export async function stopJoining(client: Querying): Promise<void> {
  await client.query('delete from setting where name = $1', [SETTING])
}

/** For each circle that ends: the one that it becomes part of (disjoint sets; the second of a pair goes on). */
export function joinsOf(pairs: readonly (readonly [string, string])[]): Map<string, string> {
  const into = new Map<string, string>()
  const rootOf = (id: string) => rootIn(into, id)
  for (const [from, to] of pairs) if (rootOf(from) !== rootOf(to)) into.set(rootOf(from), rootOf(to))
  return new Map([...into.keys()].map((id) => [id, rootOf(id)]))
}

/** Their locks are held. */
export async function joinCircles(client: Querying, joins: ReadonlyMap<string, string>): Promise<void> {
  if (joins.size === 0) return
  const values = [[...joins.keys()], [...joins.values()]]
  const from = 'from unnest($1::uuid[], $2::uuid[]) as x(old, new)'
  await client.query({
    name: 'join-lead-circles',
    text: `update lead set circle_id = x.new ${from} where circle_id = x.old`,
    values,
  })
  await client.query({
    name: 'join-account-circles',
    text: `update account set circle_id = x.new ${from} where circle_id = x.old`,
    values,
  })
  await client.query({
    name: 'end-circles',
    text: 'delete from circle where circle_id = any($1::uuid[])',
    values: [[...joins.keys()]],
  })
}

// --- Joining everybody -----------------------------------------------------------------------------------------------

const ACCOUNTS_AT_ONCE = 200

/**
 * Joins what belongs together, a few accounts at a time, while messages go on coming in: from the first moment on their links
 * join too. Begun again where it was cut short.
 * @throws ServerError `overloaded` where an old transaction does not end
 */
export async function joinAllAccounts(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ value: { isDone: boolean } }>('select value from setting where name = $1', [
    SETTING,
  ])
  if (rows[0]?.value.isDone) return
  await pool.query(
    'insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
    [SETTING, JSON.stringify({ isDone: false })],
  )
  await untilOthersEnd(pool)
  for (let after: string | undefined = '00000000-0000-0000-0000-000000000000'; after !== undefined;)
    after = await joinSome(pool, after)
  await pool.query('update setting set value = $2 where name = $1', [SETTING, JSON.stringify({ isDone: true })])
}

const WAIT_MS = 50
const WAITS_MAX = 600

/**
 * Transactions that began before this moment may not know what has been written: they have to end first.
 * @throws ServerError `overloaded` where one does not
 */
export async function untilOthersEnd(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('select pg_current_xact_id()::text as id')
  for (let wait = 0; wait < WAITS_MAX; wait++) {
    const { rows: now } = await pool.query<{ passed: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as passed',
      [rows[0]!.id],
    )
    if (now[0]!.passed) return
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
  throw new ServerError('overloaded', 'a transaction that began long ago has not ended', { retryAfterSeconds: 30 })
}

/** @returns the last account looked at; undefined where there are no more */
async function joinSome(pool: pg.Pool, after: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ account_id: string }>(
    'select account_id from account where account_id > $1 order by account_id limit $2',
    [after, ACCOUNTS_AT_ONCE],
  )
  const accounts = rows.map(({ account_id }) => account_id)
  if (accounts.length === 0) return undefined
  for (let attempt = 1; !(await joinThese(pool, accounts)); attempt++) {
    if (attempt === 20) throw new ServerError('overloaded', 'leads move faster than they can be joined')
  }
  return accounts.at(-1)
}

/** @returns false where somebody else was in the way */
async function joinThese(pool: pg.Pool, accounts: readonly string[]): Promise<boolean> {
  try {
    return await inTransaction(pool, async (client) => {
      const pairs = await pairsOf(client, accounts)
      const joins = joinsOf(pairs)
      if (joins.size === 0) return true
      const rows = await lockCircles(client, [...new Set([...joins.keys(), ...joins.values()])])
      const again = await pairsOf(client, accounts)
      if (JSON.stringify(again) !== JSON.stringify(pairs)) return false
      const due = await dueOf(client, joins)
      await joinCircles(client, joins)
      await writeCircles(
        client,
        [...due].map(([circleId, dueAt]) => ({
          circleId,
          version: versionOf(rows, joins, circleId),
          state: null,
          dueAt,
        })),
      )
      return true
    })
  } catch (error) {
    if ((error as { code?: string }).code !== '40P01') throw error
    return false
  }
}

/** Circles of leads with those of the accounts that they ever belonged to, both as they are now. */
async function pairsOf(client: Querying, accounts: readonly string[]): Promise<[string, string][]> {
  const { rows } = await client.query<{ lead: string; account: string }>(
    `select distinct r.circle_id as lead, now.circle_id as account
     from account a
     join account now on now.account_id = coalesce(a.merged_into, a.account_id)
     join fact f on f.kind = 'link' and f.body ->> 'account' = a.account_id::text
     join lead l on l.lead_id = f.lead_id
     join lead r on r.lead_id = coalesce(l.merged_into, l.lead_id)
     where a.account_id = any($1::uuid[]) order by 1, 2`,
    [accounts],
  )
  return rows.map(({ lead, account }) => [lead, account])
}

async function dueOf(client: Querying, joins: ReadonlyMap<string, string>): Promise<Map<string, number | null>> {
  const { rows } = await client.query<{ circle_id: string; due_at: number | null }>(
    'select circle_id, due_at from circle where circle_id = any($1::uuid[])',
    [[...new Set([...joins.keys(), ...joins.values()])]],
  )
  const due = new Map<string, number | null>()
  for (const { circle_id, due_at } of rows) {
    const into = joins.get(circle_id) ?? circle_id
    const known = due.get(into) ?? null
    due.set(into, known === null || (due_at !== null && due_at < known) ? due_at : known)
  }
  return due
}

/** The oldest of its parts; that of an account alone says nothing. */
function versionOf(
  rows: ReadonlyMap<string, CircleRow>,
  joins: ReadonlyMap<string, string>,
  circle: string,
): number | null {
  const parts = [circle, ...[...joins].flatMap(([from, into]) => (into === circle ? [from] : []))]
  const versions = parts.flatMap((id) => rows.get(id)?.version ?? [])
  return versions.length === 0 ? null : Math.min(...versions)
}

// --- Parting ---------------------------------------------------------------------------------------------------------

/**
 * Gives every lead of these circles one of its own, called like the lead. Their locks are held, and so are those of the new ones.
 * @returns the circles that there are now, by id; new ones have no state
 */
export async function partCircles(
  client: Querying,
  circles: readonly string[],
  leads: readonly string[],
): Promise<Map<string, CircleRow>> {
  await client.query('update lead set circle_id = coalesce(merged_into, lead_id) where circle_id = any($1::uuid[])', [
    circles,
  ])
  await client.query('update account set circle_id = account_id where circle_id = any($1::uuid[])', [circles])
  const ending = circles.filter((circle) => !leads.includes(circle))
  await client.query('delete from circle where circle_id = any($1::uuid[])', [ending])
  const parted = await lockCircles(client, leads)
  return new Map([...parted].map(([id, row]) => [id, { ...row, state: null }]))
}
