/** Who a message is about: names lead to leads, and names that turn out to be one person's make their leads one. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { texts, truths } from '../db/arrays.ts'
import type { AccountMembers } from './account-members.ts'
import type { AccountName, AccountsAreOne, Intake, LeadName } from './intake.ts'
import { rootIn } from './roots.ts'

type Querying = Pick<pg.ClientBase, 'query'>

/** The other transaction that gave the same name at the same moment has won: begin again. */
export class NameTaken extends Error {}

export interface Merge {
  readonly lead: string
  readonly into: string
  readonly because: string
  readonly by?: string
}

/** What a batch of messages says about who is who. */
export interface Resolved {
  /** The lead of each message, in their order: null for messages about accounts, undefined for an unknown id of ours. */
  readonly leads: readonly (string | null | undefined)[]
  /** By `nameKey`, the account that has the name. */
  readonly accounts: ReadonlyMap<string, string>
  /** Of those that are part of another account: the other. */
  readonly accountRoots: AccountMembers
  /** Accounts that had none of these names before: nobody else knows of them yet. */
  readonly accountsMade: ReadonlySet<string>
  readonly created: readonly string[]
  readonly merges: readonly Merge[]
  /** Where each lead that was there before belonged when it was looked up. */
  readonly circles: ReadonlyMap<string, string>
  /** New e-mail addresses of leads; of several the first in order, whatever order they came in. */
  readonly emails: ReadonlyMap<string, string>
}

interface IdentityRow {
  kind: LeadName['kind']
  value: string
  /** The lead that it is now, and its circle. */
  lead_id: string
  circle_id: string
  /** Names by which the lead is known for certain, read only where a shared browser could mislead. */
  certain: string[] | null
}

const STRENGTH = { lead: 0, user: 1, email: 2, anonymous: 3 } as const satisfies Record<LeadName['kind'], number>

export const nameKey = ({ kind, value }: { kind: string; value: string }) => `${kind}\n${value}`

const READ_NAMES = {
  name: 'read-names',
  text: `select x.kind, x.value, coalesce(r.lead_id, l.lead_id) as lead_id, coalesce(r.circle_id, l.circle_id) as circle_id,
      case when x.is_doubtful then
        (select array_agg(c.kind || e'\\n' || c.value) from lead cl join identity c on c.lead_id = cl.lead_id
         where c.kind <> 'anonymous'
           and (cl.lead_id = coalesce(r.lead_id, l.lead_id) or cl.merged_into = coalesce(r.lead_id, l.lead_id)))
      end as certain
    from unnest($1::text[], $2::text[], $3::boolean[]) as x(kind, value, is_doubtful)
    left join identity i on i.kind = x.kind and i.value = x.value
    join lead l on l.lead_id = case when x.kind = 'lead' then x.value::uuid else i.lead_id end
    left join lead r on r.lead_id = l.merged_into`,
}

/** What is known of the names in these messages. */
export async function readNames(client: Querying, messages: readonly Intake[]): Promise<readonly IdentityRow[]> {
  const wanted = new Map<string, LeadName & { isDoubtful: boolean }>()
  for (const { names } of messages) {
    const isDoubtful = names.length > 1 && names.some(({ kind }) => kind === 'anonymous')
    for (const name of names) {
      const key = nameKey(name)
      wanted.set(key, { ...name, isDoubtful: isDoubtful || (wanted.get(key)?.isDoubtful ?? false) })
    }
  }
  if (wanted.size === 0) return []
  const names = [...wanted.values()]
  const { rows } = await client.query<IdentityRow>({
    ...READ_NAMES,
    values: [
      texts(names.map(({ kind }) => kind)),
      texts(names.map(({ value }) => value)),
      truths(names.map(({ isDoubtful }) => isDoubtful)),
    ],
  })
  return rows
}

/**
 * Resolves the names of messages in their order, so that a later one profits from what an earlier one has said. Reads only;
 * `writeNames` and `writeMerge` make it true.
 * @param known  from `readNames`, of these messages and perhaps others
 * @param accountsAreOne  whose names are given too
 */
export async function resolveNames(
  client: Querying,
  messages: readonly Intake[],
  {
    known,
    newId,
    now,
    accountsAreOne,
  }: {
    known: readonly IdentityRow[]
    newId: () => string
    now: Instant
    accountsAreOne: readonly AccountsAreOne[]
  },
): Promise<Resolved & { readonly named: ReadonlyMap<string, LeadName & { readonly lead: string }> }> {
  const people = new People(newId)
  for (const row of known) people.know(row)
  const leads = messages.map((message) => people.leadOf(message))
  return {
    leads: leads.map((lead) => (lead ? people.rootOf(lead) : lead)),
    ...(await resolveAccounts(client, [...accountNamesOf(messages), ...accountsAreOne.flatMap(namesOf)], now)),
    created: people.created,
    merges: people.merges,
    circles: new Map(known.map(({ lead_id, circle_id }) => [lead_id, circle_id])),
    emails: emailsOf(people),
    named: people.given,
  }
}

function emailsOf(people: People): Map<string, string> {
  const emails = new Map<string, string>()
  for (const { kind, value, lead } of people.given.values()) {
    if (kind !== 'email') continue
    const root = people.rootOf(lead)
    const known = emails.get(root)
    if (known === undefined || value < known) emails.set(root, value)
  }
  return emails
}

/** The e-mail address that shows a lead of which nobody has said one: of those that are its names the first in order. */
export async function firstEmails(client: Querying, leads: readonly string[]): Promise<Map<string, string>> {
  if (leads.length === 0) return new Map()
  const { rows } = await client.query<{ root: string; email: string }>({
    name: 'read-first-emails',
    text: `select coalesce(l.merged_into, l.lead_id) as root, min(i.value collate "C") as email
      from lead l join identity i using (lead_id)
      where i.kind = 'email' and (l.lead_id = any($1::uuid[]) or l.merged_into = any($1::uuid[])) group by 1`,
    values: [leads],
  })
  return new Map(rows.map(({ root, email }) => [root, email]))
}

/** Names and leads while a batch is being read. */
class People {
  readonly created: string[] = []
  readonly merges: Merge[] = []
  readonly given = new Map<string, LeadName & { readonly lead: string }>()
  private readonly leads = new Map<string, string>()
  private readonly certain = new Map<string, Set<string>>()
  private readonly into = new Map<string, string>()
  private readonly newId: () => string

  constructor(newId: () => string) {
    this.newId = newId
  }

  know({ kind, value, lead_id, certain }: IdentityRow): void {
    this.leads.set(nameKey({ kind, value }), lead_id)
    for (const key of certain ?? []) this.certainOf(lead_id).add(key)
  }

  /** null for a message without names, undefined where an id of ours does not exist. */
  leadOf({ names, isCertain = false, merging }: Intake): string | null | undefined {
    if (names.length === 0) return null
    const ordered = [...names].sort((a, b) => STRENGTH[a.kind] - STRENGTH[b.kind])
    if (ordered.some((name) => name.kind === 'lead' && !this.leads.has(nameKey(name)))) return undefined
    const said = new Set(ordered.filter(({ kind }) => kind !== 'anonymous').map(nameKey))
    let lead: string | undefined
    for (const name of ordered) {
      const other = this.find(name)
      if (other === undefined || other === lead) continue
      // Somebody else's browser does not make two people one.
      const known = lead === undefined ? said : this.certainOf(lead).union(said)
      if (name.kind === 'anonymous' && !isCertain && areTwoPeople(known, this.certainOf(other))) continue
      if (lead === undefined) lead = other
      else this.merge({ lead: other, into: lead, ...(merging ?? { because: `the same ${name.kind}` }) })
    }
    lead ??= this.create()
    for (const name of ordered) this.give(name, lead)
    return lead
  }

  private find(name: LeadName): string | undefined {
    const lead = this.leads.get(nameKey(name))
    return lead === undefined ? undefined : this.rootOf(lead)
  }

  rootOf(lead: string): string {
    return rootIn(this.into, lead)
  }

  private certainOf(lead: string): Set<string> {
    const known = this.certain.get(lead) ?? new Set()
    this.certain.set(lead, known)
    return known
  }

  private merge(merge: Merge): void {
    const { lead, into } = merge
    this.into.set(lead, into)
    this.merges.push(merge)
    for (const key of this.certainOf(lead)) this.certainOf(into).add(key)
  }

  private create(): string {
    const lead = this.newId()
    this.created.push(lead)
    return lead
  }

  private give(name: LeadName, lead: string): void {
    const key = nameKey(name)
    if (name.kind !== 'anonymous') this.certainOf(lead).add(key)
    if (name.kind === 'lead' || this.leads.has(key)) return
    this.leads.set(key, lead)
    this.given.set(key, { ...name, lead })
  }
}

/** Whether both are known by names of one kind, and share none of that kind. */
function areTwoPeople(ones: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return (['user', 'email'] as const).some((kind) => {
    const of = (names: ReadonlySet<string>) => new Set([...names].filter((key) => key.startsWith(`${kind}\n`)))
    const [one, other] = [of(ones), of(others)]
    return one.size > 0 && other.size > 0 && one.isDisjointFrom(other)
  })
}

/** Writes new leads and names. @throws NameTaken */
export async function writeNames(
  client: Querying,
  { created, named }: Pick<Awaited<ReturnType<typeof resolveNames>>, 'created' | 'named'>,
  now: Instant,
): Promise<void> {
  await Promise.all([createLeads(client, created, now), giveNames(client, named, now)])
}

async function createLeads(client: Querying, ids: readonly string[], now: Instant): Promise<void> {
  if (ids.length === 0) return
  await client.query({
    name: 'create-leads',
    text: `insert into lead (lead_id, circle_id, created_at)
      select id, id, to_timestamp($2 / 1000.0) from unnest($1::uuid[]) as id`,
    values: [ids, now],
  })
}

async function giveNames(
  client: Querying,
  named: ReadonlyMap<string, LeadName & { readonly lead: string }>,
  now: Instant,
): Promise<void> {
  if (named.size === 0) return
  // In one order everywhere, so that two transactions that give the same names wait and do not block each other.
  const sorted = [...named.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name)
  const { rowCount } = await client.query({
    name: 'give-names',
    text: `insert into identity (kind, value, lead_id, since)
      select kind, value, lead_id, to_timestamp($4 / 1000.0)
      from unnest($1::text[], $2::text[], $3::uuid[]) as x(kind, value, lead_id)
      on conflict do nothing`,
    values: [sorted.map(({ kind }) => kind), sorted.map(({ value }) => value), sorted.map(({ lead }) => lead), now],
  })
  if (rowCount !== sorted.length) throw new NameTaken('a name was given elsewhere meanwhile')
}

/**
 * Makes one lead of two; whoever was merged into the first is now in the second. The caller holds the circles of both: two merges
 * at once would leave a lead that is part of one which is part of another.
 */
export async function writeMerge(client: Querying, merge: Merge, now: Instant): Promise<void> {
  const { lead, into, because, by = null } = merge
  await client.query('update lead set merged_into = $2 where lead_id = $1 or merged_into = $1', [lead, into])
  await client.query(
    `insert into merge (lead_id, into_lead_id, merged_at, because, merged_by)
     values ($1, $2, to_timestamp($3 / 1000.0), $4, $5)`,
    [lead, into, now, because, by],
  )
  // Whoever is no lead stays none under another name; taken apart again, the other is a lead as before.
  await client.query(
    `with given as (
       update lead set excluded_as = part.excluded_as from lead part
       where lead.lead_id = $2 and part.lead_id = $1 and lead.excluded_as is null and part.excluded_as is not null
         and (not lead.is_kept or part.excluded_as = 'objected')
       returning lead.lead_id)
     update merge set gave_exclusion = true where lead_id = $1 and undone_at is null and exists (select from given)`,
    [lead, into],
  )
}

// --- Accounts --------------------------------------------------------------------------------------------------------

const accountNamesOf = (messages: readonly Intake[]): AccountName[] =>
  messages
    .flatMap(({ says }) => says)
    .flatMap((saying) =>
      saying.kind === 'account_attribute' || (saying.kind === 'link' && saying.account !== null)
        ? [saying.account!]
        : [],
    )

const namesOf = ({ account, other }: AccountsAreOne): AccountName[] => [account, other]

type AccountsNamed = Pick<Resolved, 'accounts' | 'accountRoots' | 'accountsMade'>

/** Accounts by name, made where there are none yet; they are few, and a name that somebody else gave meanwhile is theirs. */
async function resolveAccounts(client: Querying, all: readonly AccountName[], now: Instant): Promise<AccountsNamed> {
  const wanted = new Map(all.map((name) => [nameKey(name), name]))
  if (wanted.size === 0) return { accounts: new Map(), accountRoots: new Map(), accountsMade: new Set() }
  const names = [...wanted.values()].sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1))
  const known = await readAccounts(client, names)
  const missing = names.filter((name) => !known.accounts.has(nameKey(name)))
  if (missing.length === 0) return known
  const given = await client.query<{ kind: string; value: string; account_id: string }>({
    name: 'create-accounts',
    text: `with wanted as (
        select kind, value, gen_random_uuid() as account_id from unnest($1::text[], $2::text[]) as x(kind, value)
      ), made as (
        insert into account (account_id, circle_id, created_at, name)
        select account_id, account_id, to_timestamp($3 / 1000.0), value from wanted returning account_id
      )
      insert into account_identity (kind, value, account_id)
      select kind, value, account_id from wanted join made using (account_id)
      on conflict do nothing returning kind, value, account_id`,
    values: [missing.map(({ kind }) => kind), missing.map(({ value }) => value), now],
  })
  if (given.rows.length < missing.length) throw new NameTaken('an account was made elsewhere meanwhile')
  const made = given.rows.map((row): [string, string] => [nameKey(row), row.account_id])
  return {
    ...known,
    accounts: new Map([...known.accounts, ...made]),
    accountsMade: new Set(made.map(([, account]) => account)),
  }
}

const READ_ACCOUNTS = {
  name: 'read-accounts',
  text: `select x.kind, x.value, coalesce(a.account_id::text, x.value) as account_id, a.merged_into
    from unnest($1::text[], $2::text[]) as x(kind, value)
    left join account_identity i on i.kind = x.kind and i.value = x.value
    left join account a on a.account_id = case when x.kind = 'account' then x.value::uuid else i.account_id end
    where x.kind = 'account' or i.account_id is not null`,
}

async function readAccounts(client: Querying, names: readonly AccountName[]): Promise<AccountsNamed> {
  const { rows } = await client.query<{ kind: string; value: string; account_id: string; merged_into: string | null }>({
    ...READ_ACCOUNTS,
    values: [names.map(({ kind }) => kind), names.map(({ value }) => value)],
  })
  return {
    accounts: new Map(rows.map((row) => [nameKey(row), row.account_id])),
    accountRoots: new Map(
      rows.flatMap(({ account_id, merged_into }) => (merged_into === null ? [] : [[account_id, merged_into]])),
    ),
    accountsMade: new Set(),
  }
}
