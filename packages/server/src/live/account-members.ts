/** Which accounts are one: facts keep the account that they were said of, and whoever reads them asks here which one that is now. */
import type pg from 'pg'

type Querying = Pick<pg.ClientBase, 'query'>

/** For each account that is one of those asked for, or part of the same one: the account that it is now. */
export type AccountMembers = ReadonlyMap<string, string>

export async function readAccountMembers(client: Querying, accounts: readonly string[]): Promise<AccountMembers> {
  if (accounts.length === 0) return new Map()
  const { rows } = await client.query<{ account_id: string; root: string }>({
    name: 'read-account-members',
    text: `with root as (
        select distinct coalesce(merged_into, account_id) as root from account where account_id = any($1::uuid[])
      )
      select root as account_id, root from root
      union all select account_id, root from root join account on merged_into = root`,
    values: [accounts],
  })
  return new Map(rows.map(({ account_id, root }) => [account_id, root]))
}

/** Of all accounts that are part of another: the other. */
export async function readMergedAccounts(client: Querying): Promise<AccountMembers> {
  const { rows } = await client.query<{ account_id: string; merged_into: string }>(
    'select account_id, merged_into from account where merged_into is not null',
  )
  return new Map(rows.map(({ account_id, merged_into }) => [account_id, merged_into]))
}
