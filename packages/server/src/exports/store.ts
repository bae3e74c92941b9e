/** Rows for exports, a page at a time: nothing is held open while a slow reader takes its time. */
import { accountId, type Fact, type FactValue, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { listById, listLeads, placeOf, type LeadFilter, type ListedRow, type Sorting } from '../leads/lead-list.ts'
import { readMembers } from '../live/circles.ts'
import { readLog } from '../live/log.ts'

type Querying = Pick<pg.Pool, 'query'>

const BEGIN = '00000000-0000-0000-0000-000000000000'
const LEADS_A_PAGE = 500
/** Leads whose logs are read together. */
const LOGS_A_PAGE = 25
const FACTS_A_PAGE = 1000

/** Leads that fit, as their list sorts them, or in the order of their ids. */
export async function* leadPages(
  db: Db,
  filter: LeadFilter,
  sorting: Sorting | undefined,
): AsyncGenerator<readonly ListedRow[]> {
  const page = (last: ListedRow | undefined): Promise<ListedRow[]> =>
    sorting === undefined
      ? listById(db, filter, { after: last?.lead_id, limit: LEADS_A_PAGE })
      : listLeads(db, filter, { sorting, after: last && placeOf(last, sorting), limit: LEADS_A_PAGE })
  for (let last: ListedRow | undefined; ;) {
    const rows = await page(last)
    if (rows.length > 0) yield rows
    if (rows.length < LEADS_A_PAGE) return
    last = rows.at(-1)
  }
}

/** Everything that is known of one lead, also through its accounts; undefined where there is no such lead. */
export async function readFactsOfLead(pool: pg.Pool, lead: string): Promise<Fact[] | undefined> {
  const { rows } = await pool.query<{ root: string }>(
    'select coalesce(merged_into, lead_id) as root from lead where lead_id = $1',
    [lead],
  )
  const root = rows[0]?.root
  if (root === undefined) return undefined
  return (await readLog(pool, await readMembers(pool, [root]))).get(root)
}

const LEAD_IDS = {
  name: 'export-lead-ids',
  text: 'select lead_id from lead where merged_into is null and lead_id > $1 order by lead_id limit $2',
}

/** The facts of all leads, then those of accounts, each once. */
export async function* readFactPages(pool: pg.Pool): AsyncGenerator<readonly Fact[]> {
  for (let after = BEGIN; ;) {
    const { rows } = await pool.query<{ lead_id: string }>({ ...LEAD_IDS, values: [after, LOGS_A_PAGE] })
    const ids = rows.map(({ lead_id }) => lead_id)
    const logs = await readLog(pool, await readMembers(pool, ids))
    yield [...logs.values()].flat().filter(({ kind }) => kind !== 'account_attribute')
    if (ids.length < LOGS_A_PAGE) break
    after = ids.at(-1)!
  }
  yield* readAccountFactPages(pool)
}

interface AccountFactRow {
  readonly account_id: string
  /** The account that it is now. */
  readonly root: string
  readonly at: Instant
  readonly fact_id: string
  readonly received_at: Instant
  readonly body: { readonly name: string; readonly value: FactValue }
}

const ACCOUNT_FACTS = {
  name: 'export-account-facts',
  text: `select account_id, coalesce(merged_into, account_id) as root, at, fact_id, received_at, body
    from fact join account using (account_id) where (account_id, fact_id) > ($1::uuid, $2) order by account_id, fact_id limit $3`,
}

async function* readAccountFactPages(pool: Querying): AsyncGenerator<readonly Fact[]> {
  for (let after = [BEGIN, '']; ;) {
    const { rows } = await pool.query<AccountFactRow>({ ...ACCOUNT_FACTS, values: [...after, FACTS_A_PAGE] })
    yield rows.map(({ root, at, fact_id, received_at, body: { name, value } }): Fact => ({
      kind: 'account_attribute',
      id: fact_id,
      at,
      receivedAt: received_at,
      account: accountId(root),
      name,
      value,
    }))
    const last = rows.at(-1)
    if (last === undefined || rows.length < FACTS_A_PAGE) return
    after = [last.account_id, last.fact_id]
  }
}
