/** Accounts that turn out to be one company: which of those that are said to be are made one, and what that changes. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { joinCircles, joinsAccounts, joinsOf } from './account-circles.ts'
import { lockCircles, writeCircles, type LeadRow } from './circles.ts'
import type { AccountsAreOne, Intake } from './intake.ts'
import { NameTaken, nameKey, type Resolved } from './names.ts'
import { mergedProfile, newProfile } from './profile.ts'
import { rootIn } from './roots.ts'

type Querying = Pick<pg.ClientBase, 'query'>

export interface AccountMerge {
  readonly account: string
  /** It was made for these messages: nothing has been said of it, and nobody belongs to it. */
  readonly isNew: boolean
  readonly into: string
  readonly because: string
  readonly by: string | null
}

// --- What is certain -------------------------------------------------------------------------------------------------

/**
 * Without those that nobody says and that are not certain: a group of which another domain is known may have said that of one of
 * its people, or wrongly the first time.
 */
export async function certainOnes(client: Querying, messages: readonly Intake[]): Promise<AccountsAreOne[]> {
  const said = messages.flatMap(({ accountsAreOne }) => (accountsAreOne === undefined ? [] : [accountsAreOne]))
  const followed = said.filter(({ by }) => by === undefined)
  if (followed.length === 0) return said
  const doubtful = await doubtfulAmong(client, followed)
  const domains = new Map<string, string>()
  return said.filter((each) => {
    if (each.by !== undefined) return true
    const group = nameKey(each.other)
    const domain = domains.get(group) ?? nameKey(each.account)
    domains.set(group, domain)
    return !doubtful.has(each) && domain === nameKey(each.account)
  })
}

async function doubtfulAmong(client: Querying, said: readonly AccountsAreOne[]): Promise<ReadonlySet<AccountsAreOne>> {
  const { rows } = await client.query<{ place: number }>({
    name: 'read-other-domains',
    text: `with known as (
        select x.place, x.domain, coalesce(a.merged_into, a.account_id) as root
        from unnest($1::text[], $2::text[], $3::text[]) with ordinality as x(kind, value, domain, place)
        join account_identity i on i.kind = x.kind and i.value = x.value
        join account a using (account_id)
      ), part as (
        select place, domain, root as account_id from known
        union all select place, domain, a.account_id from known join account a on a.merged_into = root
      )
      select distinct place::int from part join account_identity i using (account_id)
      where i.kind = 'domain' and i.value <> part.domain`,
    values: [
      said.map(({ other }) => other.kind),
      said.map(({ other }) => other.value),
      said.map(({ account }) => account.value),
    ],
  })
  return new Set(rows.map(({ place }) => said[place - 1]!))
}

/** What is not one yet and has to become so, in order. */
export async function mergesOf(
  client: Querying,
  said: readonly AccountsAreOne[],
  { accounts, accountRoots, accountsMade }: Pick<Resolved, 'accounts' | 'accountRoots' | 'accountsMade'>,
): Promise<AccountMerge[]> {
  const merges: AccountMerge[] = []
  const into = new Map<string, string>()
  const rootOf = (name: AccountsAreOne['account']) => {
    const id = accounts.get(nameKey(name))!
    return rootIn(into, accountRoots.get(id) ?? id)
  }
  for (const { account, other, because, by = null } of said) {
    const [goes, stays] = [rootOf(other), rootOf(account)]
    if (goes === stays || (by === null && (await wereParted(client, goes, stays)))) continue
    into.set(goes, stays)
    merges.push({ account: goes, into: stays, because, by, isNew: accountsMade.has(goes) })
  }
  return merges
}

/** Whether somebody has told apart what the two are now. */
async function wereParted(client: Querying, one: string, other: string): Promise<boolean> {
  const { rows } = await client.query<{ parted: boolean }>({
    name: 'were-parted',
    text: `select exists (
        select from account_merge m join account a using (account_id) join account b on b.account_id = m.into_account_id
        where m.undone_at is not null
          and (a.account_id in ($1, $2) or a.merged_into in ($1, $2))
          and (b.account_id in ($1, $2) or b.merged_into in ($1, $2))
          and coalesce(a.merged_into, a.account_id) <> coalesce(b.merged_into, b.account_id)) as parted`,
    values: [one, other],
  })
  return rows[0]!.parted
}

// --- What becomes of it ----------------------------------------------------------------------------------------------

/**
 * Makes accounts one. Nobody else takes anything in meanwhile, where not all that become part of others are new.
 * @returns leads that were ever linked to them, as they are now: each is to be looked at again, whose circle says so
 */
export async function mergeAccounts(
  client: pg.PoolClient,
  merges: readonly AccountMerge[],
  now: Instant,
): Promise<string[]> {
  for (const merge of merges) await writeAccountMerge(client, merge, now)
  const known = merges.filter(({ isNew }) => !isNew)
  if (known.length === 0) return []
  const leads = await lookAgainAtLeads(
    client,
    known.map(({ into }) => into),
    now,
  )
  for (const { account, into } of known)
    await client.query('update lead set account_id = $2 where account_id = $1', [account, into])
  return leads
}

async function writeAccountMerge(client: Querying, merge: AccountMerge, now: Instant): Promise<void> {
  const { account, into, because, by, isNew } = merge
  await client.query('update account set merged_into = $2 where account_id = $1 or merged_into = $1', [account, into])
  await client.query(
    `insert into account_merge (account_id, into_account_id, merged_at, because, merged_by)
     values ($1, $2, to_timestamp($3 / 1000.0), $4, $5)`,
    [account, into, now, because, by],
  )
  if (isNew) return
  const { rows } = await client.query<Pick<LeadRow, 'attributes' | 'attribute_times'>>(
    `select attributes, attribute_times from account where account_id in ($1, $2) order by account_id = $1`,
    [account, into],
  )
  const { attributes, attribute_times } = rows
    .map((row) => ({ ...newProfile(0), ...row }))
    .reduce((one, other) => mergedProfile(one, other))
  await client.query('update account set attributes = $2, attribute_times = $3 where account_id = $1', [
    into,
    JSON.stringify(attributes),
    JSON.stringify(attribute_times),
  ])
}

/**
 * Everybody who was ever linked to these accounts is judged anew when next looked at, which is now: their circles are joined where the
 * definition looks at accounts, and say so. It is for the caller to look at once where they are few.
 * @param accounts  as they are now
 * @returns the leads, as they are now
 * @throws NameTaken where a lead has moved meanwhile
 */
export async function lookAgainAtLeads(
  client: pg.PoolClient,
  accounts: readonly string[],
  now: Instant,
): Promise<string[]> {
  const before = await readLinked(client, accounts)
  const circlesOfLeads = before.flatMap(({ lead_id, circle_id }) => (lead_id === null ? [] : [circle_id]))
  const isJoining = await joinsAccounts(client)
  const ids = new Set(isJoining ? before.map(({ circle_id }) => circle_id) : circlesOfLeads)
  const locked = await lockCircles(client, [...ids])
  const after = await readLinked(client, accounts)
  if (JSON.stringify(before) !== JSON.stringify(after)) throw new NameTaken('a lead has moved meanwhile')
  const joins = isJoining ? joinsOf(pairsOf(before)) : new Map<string, string>()
  await joinCircles(client, joins)
  const parts = Map.groupBy(ids, (id) => joins.get(id) ?? id)
  await writeCircles(
    client,
    [...parts].map(([circleId, all]) => {
      const versions = all.flatMap((id) => locked.get(id)!.version ?? [])
      return { circleId, version: versions.length === 0 ? null : Math.min(...versions), state: null, dueAt: now }
    }),
  )
  return before.flatMap(({ lead_id }) => lead_id ?? [])
}

interface Linked {
  /** The account that it is now. */
  readonly root: string
  /** null: the row is about an account itself. */
  readonly lead_id: string | null
  readonly circle_id: string
}

/** Accounts with all that they are, and leads that were ever linked to them. */
async function readLinked(client: Querying, accounts: readonly string[]): Promise<Linked[]> {
  const { rows } = await client.query<Linked>(
    `with part as (
       select account_id, coalesce(merged_into, account_id) as root, circle_id from account
       where account_id = any($1::uuid[]) or merged_into = any($1::uuid[])
     ), linked as (
       select distinct part.root, coalesce(l.merged_into, l.lead_id) as lead_id
       from part join fact f on f.kind = 'link' and f.body ->> 'account' = part.account_id::text
       join lead l on l.lead_id = f.lead_id
     )
     select root, null::uuid as lead_id, circle_id from part
     union all select root, lead_id, circle_id from linked join lead using (lead_id)
     order by 1, 2, 3`,
    [accounts],
  )
  return rows
}

/** Everything of one account belongs together. */
const pairsOf = (linked: readonly Linked[]): [string, string][] =>
  [...Map.groupBy(linked, ({ root }) => root).values()].flatMap((all) =>
    all.map(({ circle_id }): [string, string] => [circle_id, all[0]!.circle_id]),
  )
