/** Taking leads and accounts out of the database: every table that has rows about a lead, in one list. */
import type pg from 'pg'

type Querying = Pick<pg.ClientBase, 'query'>

/** Tables and their columns that name a lead, rows that others refer to last. A test holds them against the schema. */
export const OF_LEADS: readonly (readonly [table: string, column: string])[] = [
  ['activity', 'lead_id'],
  ['alignment_lead', 'lead_id'],
  ['bulk_change', 'lead_id'],
  ['call', 'lead_id'],
  ['consent', 'lead_id'],
  ['consent_word', 'lead_id'],
  ['fact', 'lead_id'],
  ['identity', 'lead_id'],
  ['import_lead', 'lead_id'],
  ['lead_claim', 'lead_id'],
  ['lead_snooze', 'lead_id'],
  ['merge', 'lead_id'],
  ['merge', 'into_lead_id'],
  ['note', 'lead_id'],
  ['outbox', 'lead_id'],
  ['touch', 'lead_id'],
  ['transition', 'lead_id'],
  ['trial_move', 'lead_id'],
  ['lead_standing', 'lead_id'],
  ['lead', 'merged_into'],
  ['lead', 'lead_id'],
]

/**
 * Deletes leads and everything about them, but neither their circles nor their accounts.
 * @param gone  a temporary table with their `lead_id`, those that were merged into them among them
 * @returns how many rows went
 */
export async function removeLeads(client: Querying, gone: string): Promise<number> {
  let count = 0
  for (const [table, column] of OF_LEADS) {
    const { rowCount } = await client.query(`delete from ${table} where ${column} in (select lead_id from ${gone})`)
    count += rowCount ?? 0
  }
  // How many there were is a figure of the review and stays; who they were goes.
  await client.query(
    `update review_leads set leads = array(
       select lead from unnest(leads) with ordinality as x (lead, place)
       where lead not in (select lead_id from ${gone}) order by place)
     where leads && array(select lead_id from ${gone})`,
  )
  return count
}

/** Deletes accounts to which nobody belongs, all that are one at a time, with what is known of them. */
export async function removeAccounts(client: Querying, accounts: readonly string[]): Promise<void> {
  await client.query(
    'delete from account_merge where account_id = any($1::uuid[]) or into_account_id = any($1::uuid[])',
    [accounts],
  )
  for (const table of ['fact', 'account_identity', 'account'])
    await client.query(`delete from ${table} where account_id = any($1::uuid[])`, [accounts])
}
