/** Everything that is known and said of leads, without what differs between two servers that know the same: ids made by chance. */
import { explain, leadId, readCircle } from '@winnow/engine'
import type { Database } from '../../src/db/database.ts'
import { Plans } from '../../src/live/plans.ts'

export interface LeadState {
  readonly email: string
  readonly lead: unknown
  readonly names: unknown
  readonly account: unknown
  readonly activities: unknown
  readonly facts: unknown
  readonly ledger: unknown
  readonly explanation: unknown
}

const LEADS = `select l.* from lead l where l.merged_into is null order by l.email`

/** Names of an account, and of those that it turned out to be, in place of its id. */
const ACCOUNT_NAMES = `(select jsonb_agg(i.kind || ' ' || i.value order by i.kind, i.value)
  from account named join account part on coalesce(part.merged_into, part.account_id) = coalesce(named.merged_into, named.account_id)
  join account_identity i on i.account_id = part.account_id where named.account_id = `

/** Of the lead, which comes first, and of those that it turned out to be; a ledger is that of the lead alone. */
const QUERIES = {
  names: `select kind, value from identity where lead_id = any($1) order by kind, value`,
  account: `select ${ACCOUNT_NAMES} a.account_id) as names, a.attributes, a.attribute_times from account a
    join lead l on l.account_id = a.account_id where l.lead_id = any($1) and l.merged_into is null`,
  activities: `select at, fact_id, type, properties, flags from activity where lead_id = any($1) order by at, fact_id`,
  facts: `select at, fact_id, kind, body - 'account' as body, flags, ${ACCOUNT_NAMES} (body ->> 'account')::uuid) as account
    from fact where lead_id = any($1) order by at, fact_id`,
  ledger: `select at, version, kind, name, from_value, to_value, cause from transition
    where lead_id = ($1::uuid[])[1] and superseded_at is null order by at, kind, name, from_value, to_value`,
}

/** Of leads whose e-mail address begins so, in the order of their addresses; the beginning is cut off everywhere. */
export async function statesOf({ pool }: Database, prefix: string): Promise<LeadState[]> {
  const live = (await new Plans().live(pool))!
  const { rows } = await pool.query<Record<string, unknown> & { lead_id: string; email: string | null }>(LEADS)
  const states: LeadState[] = []
  for (const row of rows.filter(({ email }) => email?.startsWith(prefix))) {
    const { lead_id, circle_id, account_id: _account, ...lead } = row
    const others = await pool.query<{ lead_id: string }>('select lead_id from lead where merged_into = $1', [lead_id])
    const members = [lead_id, ...others.rows.map((other) => other.lead_id)]
    const parts: Record<string, unknown> = {}
    for (const [name, text] of Object.entries(QUERIES)) parts[name] = (await pool.query(text, [members])).rows
    const circle = await pool.query<{ state: Buffer; due_at: unknown }>(
      'select state, due_at from circle where circle_id = $1',
      [circle_id],
    )
    const { state, due_at } = circle.rows[0]!
    const asOf = lead['assessed_at'] as number
    const explanation =
      lead['excluded_as'] === null && explain(live.plan, readCircle(live.plan, state), leadId(lead_id), asOf)
    const text = JSON.stringify({ email: row.email, lead, due_at, ...parts, explanation })
    const nameless = members.reduce((all, id) => all.replaceAll(id, '(lead)'), text)
    states.push(JSON.parse(nameless.replaceAll(prefix, '')) as LeadState)
  }
  return states
}

/** Makes every assessment one of the same instant, so that scores can be compared. */
export async function markAllDue({ pool }: Database, at: number): Promise<void> {
  await pool.query('update circle set due_at = to_timestamp($1 / 1000.0)', [at])
}
