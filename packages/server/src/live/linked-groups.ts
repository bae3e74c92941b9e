/** Leads that were ever at one account have to be looked at together, and so on from account to account. */
import type pg from 'pg'
import { readMergedAccounts } from './account-members.ts'

/** @param leads  those that stand for themselves; others are in no group */
export async function linkedGroups(client: Pick<pg.Pool, 'query'>, leads: readonly string[]): Promise<string[][]> {
  const { rows } = await client.query<{ root: string; account: string }>(
    `select distinct coalesce(l.merged_into, l.lead_id) as root, f.body ->> 'account' as account
     from fact f join lead l using (lead_id) where f.kind = 'link' and f.body ->> 'account' is not null`,
  )
  const merged = await readMergedAccounts(client)
  const known = new Set(leads)
  const parent = new Map<string, string>()
  const find = (id: string): string => {
    let root = id
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root)) root = next
    parent.set(id, root)
    return root
  }
  for (const { root, account } of rows)
    if (known.has(root)) parent.set(find(root), find(`account ${merged.get(account) ?? account}`))
  return [...Map.groupBy(leads, find).values()]
}
