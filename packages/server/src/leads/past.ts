/**
 * What was known of a lead, and who it was, at any instant: facts are never rewritten, and merges keep their dates, so that
 * everything that was ever said of a lead can be said again.
 */
import type { Fact, Instant, Plan } from '@winnow/engine'
import type pg from 'pg'
import { readAccountMembers, type AccountMembers } from '../live/account-members.ts'
import { readLog } from '../live/log.ts'
import { rootIn } from '../live/roots.ts'

type Querying = Pick<pg.ClientBase, 'query'>

/** What is evaluated together, and everything that is known about it. */
export interface KnownCircle {
  /** The lead that the one asked for was then. */
  readonly lead: string
  readonly facts: readonly Fact[]
}

/**
 * @param plan  says whether colleagues count
 * @param version  number of the plan's version: decisions that later versions added to keep stages are not of its history
 * @param knownAt  facts and merges that were received later do not count; ∞ for everything
 * @param mergedAt  where merges count as of another instant
 */
export async function readKnown(
  client: Querying,
  leadId: string,
  { plan, version, knownAt, mergedAt = knownAt }: { plan: Plan; version: number; knownAt: Instant; mergedAt?: Instant },
): Promise<KnownCircle> {
  const merges = await readMerges(client, LEAD_MERGES, [leadId], mergedAt)
  const lead = rootIn(merges, leadId)
  const roots = new Set([lead])
  let rootOf = membersOf(merges, roots)
  const accountsOf = (accounts: readonly string[]) => readAccountsKnown(client, accounts, mergedAt)
  let logs = await readLog(client, rootOf, knownAt, accountsOf)
  for (let added = plan.looksAtAccount; added;) {
    const accounts = await accountsOf(accountsIn(logs))
    const colleagues = await leadsEverLinked(client, [...accounts.keys()], knownAt)
    const known = roots.size
    for (const [part, into] of await readMerges(client, LEAD_MERGES, colleagues, mergedAt)) merges.set(part, into)
    for (const colleague of colleagues) roots.add(rootIn(merges, colleague))
    added = roots.size > known
    if (added) {
      rootOf = membersOf(merges, roots)
      logs = await readLog(client, rootOf, knownAt, accountsOf)
    }
  }
  const facts = new Map<string, Fact>()
  for (const fact of [...logs.values()].flat()) {
    if (!isCarriedLater(fact, version)) facts.set(fact.id, fact)
  }
  return { lead, facts: [...facts.values()] }
}

/** `carry/3/…` was added when version 3 was published. */
const isCarriedLater = ({ id }: Fact, version: number): boolean =>
  id.startsWith('carry/') && Number(id.split('/')[1]) > version

/** @param table  and its columns that say who became part of whom */
const mergesIn = (name: string, [table, part, into]: readonly [table: string, part: string, into: string]) => ({
  name,
  text: `with recursive reached as (
      select unnest($1::uuid[]) as id
      union select case when m.${part} = r.id then m.${into} else m.${part} end
      from reached r join ${table} m on m.${part} = r.id or m.${into} = r.id
    )
    select distinct m.${part} as part, m.${into} as "into" from reached r join ${table} m on m.${part} = r.id
    where $2 = 'Infinity'::double precision and m.undone_at is null
      or $2 < 'Infinity'::double precision and m.merged_at <= to_timestamp($2 / 1000.0)
        and (m.undone_at is null or m.undone_at > to_timestamp($2 / 1000.0))`,
})
const LEAD_MERGES = mergesIn('read-merges-known', ['merge', 'lead_id', 'into_lead_id'])
const ACCOUNT_MERGES = mergesIn('read-account-merges-known', ['account_merge', 'account_id', 'into_account_id'])

/** Merges that counted at `knownAt`, of everybody who is now or was ever merged with one of these: who became part of whom. */
async function readMerges(
  client: Querying,
  query: typeof LEAD_MERGES,
  ids: readonly string[],
  knownAt: Instant,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await client.query<{ part: string; into: string }>({ ...query, values: [ids, knownAt] })
  return new Map(rows.map(({ part, into }) => [part, into]))
}

/** Like `readAccountMembers`, as of an instant. */
async function readAccountsKnown(
  client: Querying,
  accounts: readonly string[],
  knownAt: Instant,
): Promise<AccountMembers> {
  if (knownAt === Infinity) return readAccountMembers(client, accounts)
  const merges = await readMerges(client, ACCOUNT_MERGES, accounts, knownAt)
  return membersOf(merges, new Set(accounts.map((account) => rootIn(merges, account))))
}

/** Everybody who is one of `roots`, by whom they are. */
function membersOf(merges: ReadonlyMap<string, string>, roots: ReadonlySet<string>): Map<string, string> {
  const members = new Map([...roots].map((root) => [root, root]))
  for (const part of merges.keys()) {
    const root = rootIn(merges, part)
    if (roots.has(root)) members.set(part, root)
  }
  return members
}

function accountsIn(logs: ReadonlyMap<string, readonly Fact[]>): string[] {
  const accounts = new Set<string>()
  for (const fact of [...logs.values()].flat()) {
    if (fact.kind === 'link' && fact.account !== null) accounts.add(fact.account)
  }
  return [...accounts]
}

async function leadsEverLinked(client: Querying, accounts: readonly string[], knownAt: Instant): Promise<string[]> {
  if (accounts.length === 0) return []
  const { rows } = await client.query<{ lead_id: string }>({
    name: 'read-leads-ever-linked',
    text: `select distinct f.lead_id from fact f join lead l using (lead_id)
      where f.kind = 'link' and f.body ->> 'account' = any($1::text[]) and l.excluded_as is null
        and ($2 = 'Infinity'::double precision or f.received_at <= to_timestamp(least($2, 1e15) / 1000.0))`,
    values: [accounts, knownAt],
  })
  return rows.map(({ lead_id }) => lead_id)
}
