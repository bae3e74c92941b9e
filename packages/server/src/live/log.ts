/**
 * The log of facts: append-only, read by person. A fact keeps the lead that it was captured for, and the account that it was said of;
 * merges are applied when reading.
 */
import { accountId, formatInstant, leadId, type Fact, type Instant, type LeadId } from '@winnow/engine'
import type pg from 'pg'
import { instants, jsons, texts, uuids } from '../db/arrays.ts'
import { readAccountMembers, type AccountMembers } from './account-members.ts'

type Querying = Pick<pg.ClientBase, 'query'>

/** A fact with what the engine does not look at. */
export interface LoggedFact {
  readonly fact: Fact
  readonly flags?: readonly string[] | undefined
}

/** Flag of a link that nobody has said; see `withoutOverruled`. */
export const INFERRED = 'inferred'

// --- Writing ---------------------------------------------------------------------------------------------------------

/** Flags, which few have, as the text of an array: there are no arrays of arrays of different lengths. */
const INSERT_ACTIVITIES = {
  name: 'insert-activities',
  text: `insert into activity (lead_id, at, fact_id, received_at, type, properties, flags)
    select lead_id, at, fact_id, received_at, type, properties, flags::text[]
    from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::timestamptz[], $5::text[], $6::jsonb[], $7::text[])
      as x(lead_id, at, fact_id, received_at, type, properties, flags)`,
}

const INSERT_FACTS = {
  name: 'insert-facts',
  text: `insert into fact (lead_id, account_id, at, fact_id, received_at, kind, body, flags)
    select lead_id, account_id, at, fact_id, received_at, kind, body, flags::text[]
    from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::timestamptz[], $6::text[], $7::jsonb[], $8::text[])
      as x(lead_id, account_id, at, fact_id, received_at, kind, body, flags)`,
}

/** Appends facts; the caller has made sure that none is there yet, and that `Partitions` has room for them. */
export async function appendFacts(client: Querying, facts: readonly LoggedFact[], receivedAt: Instant): Promise<void> {
  const activities: Logged<ActivityFact>[] = []
  const others: Logged<OtherFact>[] = []
  for (const { fact, flags } of facts) {
    if (fact.kind === 'activity') activities.push({ fact, flags })
    else others.push({ fact, flags })
  }
  await Promise.all([
    activities.length > 0 && client.query({ ...INSERT_ACTIVITIES, values: activityColumns(activities, receivedAt) }),
    others.length > 0 && client.query({ ...INSERT_FACTS, values: factColumns(others, receivedAt) }),
  ])
}

type ActivityFact = Extract<Fact, { kind: 'activity' }>
type OtherFact = Exclude<Fact, ActivityFact>

interface Logged<Kind> {
  readonly fact: Kind
  readonly flags: readonly string[] | undefined
}

const activityColumns = (activities: readonly Logged<ActivityFact>[], receivedAt: Instant): Buffer[] => [
  uuids(activities.map(({ fact }) => fact.lead)),
  instants(activities.map(({ fact }) => fact.at)),
  texts(activities.map(({ fact }) => fact.id)),
  instants(activities.map(({ fact }) => fact.receivedAt ?? receivedAt)),
  texts(activities.map(({ fact }) => fact.type)),
  jsons(activities.map(({ fact }) => JSON.stringify(fact.properties))),
  texts(activities.map(flagsText)),
]

const factColumns = (facts: readonly Logged<OtherFact>[], receivedAt: Instant): Buffer[] => [
  uuids(facts.map(({ fact }) => (fact.kind === 'account_attribute' ? null : fact.lead))),
  uuids(facts.map(({ fact }) => (fact.kind === 'account_attribute' ? fact.account : null))),
  instants(facts.map(({ fact }) => fact.at)),
  texts(facts.map(({ fact }) => fact.id)),
  instants(facts.map(({ fact }) => fact.receivedAt ?? receivedAt)),
  texts(facts.map(({ fact }) => fact.kind)),
  jsons(facts.map(({ fact }) => JSON.stringify(bodyOf(fact)))),
  texts(facts.map(flagsText)),
]

/** Flags are words of ours. */
const flagsText = ({ flags }: Logged<unknown>) => (flags === undefined ? null : `{${flags.join(',')}}`)

function bodyOf(fact: OtherFact): Record<string, unknown> {
  switch (fact.kind) {
    case 'link':
      return { account: fact.account }
    case 'attribute':
    case 'account_attribute':
      return { name: fact.name, value: fact.value }
    case 'decision':
      return {
        decision: fact.decision,
        by: fact.by,
        reason: fact.reason,
        amount: fact.amount,
        override: fact.override,
      }
  }
}

// --- Reading ---------------------------------------------------------------------------------------------------------

export interface ActivityRow {
  readonly lead_id: string
  readonly at: Instant
  readonly fact_id: string
  readonly received_at: Instant
  readonly type: string
  readonly properties: Record<string, unknown>
}

export interface FactRow {
  readonly lead_id: string | null
  readonly account_id: string | null
  readonly at: Instant
  readonly fact_id: string
  readonly received_at: Instant
  readonly kind: Exclude<Fact['kind'], 'activity'>
  readonly body: Record<string, never>
  readonly flags: readonly string[] | null
}

/** Facts by the lead that they are of. */
export interface Logs {
  readonly get: (lead: string) => readonly Fact[] | undefined
}

/** How rows of the log are come by. */
export interface LogReader {
  readonly activities: (leads: readonly string[]) => Promise<readonly ActivityRow[]>
  readonly facts: (leads: readonly string[]) => Promise<readonly FactRow[]>
  readonly factsOfAccounts: (accounts: readonly string[]) => Promise<readonly FactRow[]>
  readonly accounts: (accounts: readonly string[]) => Promise<AccountMembers>
}

const FACT_COLUMNS = 'lead_id, account_id, at, fact_id, received_at, kind, body, flags'
const READS = {
  activities: {
    name: 'read-activities',
    text: 'select lead_id, at, fact_id, received_at, type, properties from activity where lead_id = any($1::uuid[])',
  },
  facts: {
    name: 'read-facts',
    text: `select ${FACT_COLUMNS} from fact where lead_id = any($1::uuid[])`,
  },
  factsOfAccounts: {
    name: 'read-account-facts',
    text: `select ${FACT_COLUMNS} from fact where account_id = any($1::uuid[])`,
  },
  carried: {
    name: 'read-carried-facts',
    text: `select ${FACT_COLUMNS} from fact where lead_id = any($1::uuid[]) and fact_id like 'carry/%'`,
  },
} as const

const readerOf = (client: Querying): LogReader => ({
  activities: async (leads) => (await client.query<ActivityRow>({ ...READS.activities, values: [leads] })).rows,
  facts: async (leads) => (await client.query<FactRow>({ ...READS.facts, values: [leads] })).rows,
  factsOfAccounts: async (accounts) =>
    (await client.query<FactRow>({ ...READS.factsOfAccounts, values: [accounts] })).rows,
  accounts: (accounts) => readAccountMembers(client, accounts),
})

/**
 * Facts of leads, by lead, each as a fact of the lead that its own turned out to be; facts of accounts are in the log of every
 * lead that was ever linked to them. Accounts that turned out to be one are one.
 * @param rootOf  for each lead whose facts to read: the lead that it is now
 * @param knownAt  what was received later is left out, as if it had never come
 * @param accounts  which accounts are one, where it is not as of now
 */
export const readLog = (
  client: Querying,
  rootOf: ReadonlyMap<string, string>,
  knownAt: Instant = Infinity,
  accounts?: LogReader['accounts'],
): Promise<Map<string, Fact[]>> => readLogWith({ ...readerOf(client), ...(accounts && { accounts }) }, rootOf, knownAt)

export async function readLogWith(
  reader: LogReader,
  rootOf: ReadonlyMap<string, string>,
  knownAt: Instant = Infinity,
): Promise<Map<string, Fact[]>> {
  const leads = [...rootOf.keys()]
  const logs = new Map<string, Fact[]>([...new Set(rootOf.values())].map((root) => [root, []]))
  const isKnown = ({ received_at }: { received_at: Instant }) => received_at <= knownAt
  for (const row of (await reader.activities(leads)).filter(isKnown)) {
    const root = rootOf.get(row.lead_id)!
    logs.get(root)!.push(activityOf(row, leadId(root)))
  }
  const linked = new Map<string, Set<string>>()
  const inferred = new Set<string>()
  for (const row of (await reader.facts(leads)).filter(isKnown)) {
    const root = rootOf.get(row.lead_id!)!
    const fact = factOf(row, leadId(root))
    if (row.flags?.includes(INFERRED)) inferred.add(fact.id)
    logs.get(root)!.push(fact)
    if (fact.kind !== 'link' || fact.account === null) continue
    const roots = linked.get(fact.account) ?? new Set()
    linked.set(fact.account, roots.add(root))
  }
  if (linked.size > 0) await addFactsOfAccounts(reader, { logs, linked, isKnown })
  if (inferred.size > 0) for (const [root, log] of logs) logs.set(root, withoutOverruled(log, inferred))
  return logs
}

/**
 * Decisions that publications have added to the log, by lead; most leads have none.
 * @param rootOf  see `readLog`
 */
export async function readCarried(client: Querying, rootOf: ReadonlyMap<string, string>): Promise<Map<string, Fact[]>> {
  const { rows } = await client.query<FactRow>({ ...READS.carried, values: [[...rootOf.keys()]] })
  const carried = new Map<string, Fact[]>()
  for (const row of rows) {
    const root = rootOf.get(row.lead_id!)!
    carried.set(root, [...(carried.get(root) ?? []), factOf(row, leadId(root))])
  }
  return carried
}

/** @param linked  the leads that were ever linked to an account, as the links say */
async function addFactsOfAccounts(
  reader: LogReader,
  {
    logs,
    linked,
    isKnown,
  }: {
    logs: Map<string, Fact[]>
    linked: ReadonlyMap<string, ReadonlySet<string>>
    isKnown: (row: FactRow) => boolean
  },
): Promise<void> {
  const members = await reader.accounts([...linked.keys()])
  const now = (account: string) => members.get(account) ?? account
  for (const [root, log] of logs) {
    logs.set(
      root,
      log.map((fact) => linkedAsNow(fact, members)),
    )
  }
  const roots = new Map<string, Set<string>>()
  for (const [account, leads] of linked) roots.set(now(account), (roots.get(now(account)) ?? new Set()).union(leads))
  for (const row of (await reader.factsOfAccounts([...members.keys()])).filter(isKnown)) {
    const account_id = now(row.account_id!)
    for (const root of roots.get(account_id)!) logs.get(root)!.push(factOf({ ...row, account_id }, leadId(root)))
  }
}

/** A link to an account that is part of another leads to the other. */
export function linkedAsNow(fact: Fact, members: AccountMembers): Fact {
  if (fact.kind !== 'link' || fact.account === null) return fact
  const account = members.get(fact.account) ?? fact.account
  return account === fact.account ? fact : { ...fact, account: accountId(account) }
}

/** Once somebody has said to which account a lead belongs, its e-mail address says so no longer: whichever came first. */
export function withoutOverruled(log: Fact[], inferred: ReadonlySet<string>): Fact[] {
  const said = log.filter(({ kind, id }) => kind === 'link' && !inferred.has(id))
  const from = Math.min(...said.map(({ at }) => at))
  return log.filter(({ at, id }) => at < from || !inferred.has(id))
}

const activityOf = ({ at, fact_id, received_at, type, properties }: ActivityRow, lead: LeadId): Fact => ({
  kind: 'activity',
  id: fact_id,
  at,
  receivedAt: received_at,
  lead,
  type,
  properties,
})

function factOf({ at, fact_id, received_at, kind, body, account_id }: FactRow, lead: LeadId): Fact {
  const base = { id: fact_id, at, receivedAt: received_at }
  if (kind === 'account_attribute') {
    const { name, value } = body as { name: never; value: never }
    return { ...base, kind, account: accountId(account_id!), name, value }
  }
  return { ...base, ...body, kind, lead } as Fact
}

// --- Partitions ------------------------------------------------------------------------------------------------------

/** Everything before lies in one partition. */
const FIRST_YEAR = 2010

interface Quarter {
  readonly name: string
  /** −∞ for what lies before the first. */
  readonly from: Instant
  readonly to: Instant
}

export function quarterOf(at: Instant): Quarter {
  const date = new Date(at)
  const year = date.getUTCFullYear()
  if (year < FIRST_YEAR) return BEFORE_ALL
  return quarter(year, Math.floor(date.getUTCMonth() / 3))
}

const BEFORE_ALL: Quarter = { name: 'activity_before', from: -Infinity, to: Date.UTC(FIRST_YEAR, 0, 1) }

/** @param place  0 to 3 */
const quarter = (year: number, place: number): Quarter => ({
  name: `activity_${year}_q${place + 1}`,
  from: Date.UTC(year, place * 3, 1),
  to: Date.UTC(year, place * 3 + 3, 1),
})

/** The quarter that a partition is called after. */
function quarterCalled(name: string): Quarter | undefined {
  if (name === BEFORE_ALL.name) return BEFORE_ALL
  const [, year, number] = /^activity_(\d{4})_q([1-4])$/.exec(name) ?? []
  return year === undefined ? undefined : quarter(Number(year), Number(number) - 1)
}

/** Makes the partitions that facts need, before the transaction that writes them: making one takes a lock of its own. */
export class Partitions {
  private readonly known = new Set<string>()
  /** Of before nothing is taken in; what another server has forgotten meanwhile shows in the transaction, see `live/take.ts`. */
  horizon: Instant = -Infinity

  async prepare(pool: pg.Pool, instants: Iterable<Instant>): Promise<void> {
    for (const at of instants) {
      const wanted = quarterOf(at)
      if (this.known.has(wanted.name)) continue
      this.horizon = await readHorizon(pool)
      if (at >= this.horizon) await makePartition(pool, wanted)
      this.known.add(wanted.name)
    }
  }
}

/** @returns −∞ where nothing has been forgotten */
export async function readHorizon(client: Querying): Promise<Instant> {
  const { rows } = await client.query<{ horizon: Instant | null }>({
    name: 'read-horizon',
    text: 'select max(before) as horizon from forgetting',
  })
  return rows[0]!.horizon ?? -Infinity
}

/** Names of partitions in which everything is of before an instant. */
export async function partitionsBefore(client: Querying, before: Instant): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'activity'::regclass order by c.relname`,
  )
  return rows.map(({ name }) => name).filter((name) => (quarterCalled(name)?.to ?? Infinity) <= before)
}

export async function makePartition(pool: pg.Pool, wanted: Quarter): Promise<void> {
  const { name } = wanted
  const from = Number.isFinite(wanted.from) ? `'${formatInstant(wanted.from)}'` : 'minvalue'
  const to = `'${formatInstant(wanted.to)}'`
  const { rows } = await pool.query<{ found: string | null }>('select to_regclass($1) as found', [name])
  if (rows[0]!.found !== null) return
  try {
    // In two steps, as one: a partition that is attached waits for nobody who reads activities, and keeps nobody waiting.
    await pool.query(
      `create table ${name} (like activity including defaults);
       alter table activity attach partition ${name} for values from (${from}) to (${to})`,
    )
  } catch (error) {
    if (!['42P07', '42710', '23505'].includes((error as { code?: string }).code ?? '')) throw error // another server was quicker
  }
}
