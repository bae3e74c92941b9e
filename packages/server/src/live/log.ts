/** The log of facts: append-only, read by person. A fact keeps the lead that it was captured for; merges are applied when reading. */
import { accountId, leadId, type Fact, type Instant, type LeadId } from '@winnow/engine'
import type pg from 'pg'

type Querying = Pick<pg.ClientBase, 'query'>

/** A fact with what the engine does not look at. */
export interface LoggedFact {
  readonly fact: Fact
  readonly flags?: readonly string[] | undefined
}

/** Flag of a link that nobody has said; see `withoutOverruled`. */
export const INFERRED = 'inferred'

// --- Writing ---------------------------------------------------------------------------------------------------------

const INSERT_ACTIVITIES = `
  insert into activity (lead_id, at, fact_id, received_at, type, properties, flags)
  select lead_id, to_timestamp(at / 1000.0), fact_id, to_timestamp(received_at / 1000.0), type, properties, flags
  from json_to_recordset($1::json) as x(lead_id uuid, at double precision, fact_id text, received_at double precision,
    type text, properties jsonb, flags text[])`

const INSERT_FACTS = `
  insert into fact (lead_id, account_id, at, fact_id, received_at, kind, body, flags)
  select lead_id, account_id, to_timestamp(at / 1000.0), fact_id, to_timestamp(received_at / 1000.0), kind, body, flags
  from json_to_recordset($1::json) as x(lead_id uuid, account_id uuid, at double precision, fact_id text,
    received_at double precision, kind text, body jsonb, flags text[])`

/** Appends facts; the caller has made sure that none is there yet, and that `Partitions` has room for them. */
export async function appendFacts(client: Querying, facts: readonly LoggedFact[], receivedAt: Instant): Promise<void> {
  const activities: unknown[] = []
  const others: unknown[] = []
  for (const { fact, flags } of facts) {
    const { id, at, kind } = fact
    const common = { at, fact_id: id, received_at: fact.receivedAt ?? receivedAt, flags }
    if (kind === 'activity') {
      activities.push({ ...common, lead_id: fact.lead, type: fact.type, properties: fact.properties })
    } else if (kind === 'account_attribute') {
      others.push({ ...common, account_id: fact.account, kind, body: { name: fact.name, value: fact.value } })
    } else {
      others.push({ ...common, lead_id: fact.lead, kind, body: bodyOf(fact) })
    }
  }
  const insert = (name: string, text: string, rows: readonly unknown[]) =>
    rows.length > 0 ? client.query({ name, text, values: [JSON.stringify(rows)] }) : undefined
  await Promise.all([
    insert('insert-activities', INSERT_ACTIVITIES, activities),
    insert('insert-facts', INSERT_FACTS, others),
  ])
}

function bodyOf(fact: Exclude<Fact, { kind: 'activity' | 'account_attribute' }>): Record<string, unknown> {
  switch (fact.kind) {
    case 'link':
      return { account: fact.account }
    case 'attribute':
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

/** How rows of the log are come by. */
export interface LogReader {
  readonly activities: (leads: readonly string[]) => Promise<readonly ActivityRow[]>
  readonly facts: (leads: readonly string[]) => Promise<readonly FactRow[]>
  readonly factsOfAccounts: (accounts: readonly string[]) => Promise<readonly FactRow[]>
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
} as const

const readerOf = (client: Querying): LogReader => ({
  activities: async (leads) => (await client.query<ActivityRow>({ ...READS.activities, values: [leads] })).rows,
  facts: async (leads) => (await client.query<FactRow>({ ...READS.facts, values: [leads] })).rows,
  factsOfAccounts: async (accounts) =>
    (await client.query<FactRow>({ ...READS.factsOfAccounts, values: [accounts] })).rows,
})

/**
 * Facts of leads, by lead, each as a fact of the lead that its own turned out to be; facts of accounts are in the log of every
 * lead that was ever linked to them.
 * @param rootOf  for each lead whose facts to read: the lead that it is now
 * @param knownAt  what was received later is left out, as if it had never come
 */
export const readLog = (
  client: Querying,
  rootOf: ReadonlyMap<string, string>,
  knownAt: Instant = Infinity,
): Promise<Map<string, Fact[]>> => readLogWith(readerOf(client), rootOf, knownAt)

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
  if (linked.size > 0) {
    for (const row of (await reader.factsOfAccounts([...linked.keys()])).filter(isKnown)) {
      for (const root of linked.get(row.account_id!)!) logs.get(root)!.push(factOf(row, leadId(root)))
    }
  }
  if (inferred.size > 0) for (const [root, log] of logs) logs.set(root, withoutOverruled(log, inferred))
  return logs
}

/** Once somebody has said to which account a lead belongs, its e-mail address says so no longer: whichever came first. */
function withoutOverruled(log: Fact[], inferred: ReadonlySet<string>): Fact[] {
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
  readonly from: string
  readonly to: string
}

export function quarterOf(at: Instant): Quarter {
  const date = new Date(at)
  const year = date.getUTCFullYear()
  if (year < FIRST_YEAR) return { name: 'activity_before', from: 'minvalue', to: `'${FIRST_YEAR}-01-01+00'` }
  const quarter = Math.floor(date.getUTCMonth() / 3)
  const next = quarter === 3 ? { year: year + 1, month: 1 } : { year, month: quarter * 3 + 4 }
  const first = (y: number, month: number) => `'${y}-${String(month).padStart(2, '0')}-01+00'`
  return {
    name: `activity_${year}_q${quarter + 1}`,
    from: first(year, quarter * 3 + 1),
    to: first(next.year, next.month),
  }
}

/** Makes the partitions that facts need, before the transaction that writes them: making one takes a lock of its own. */
export class Partitions {
  private readonly known = new Set<string>()

  async prepare(pool: pg.Pool, instants: Iterable<Instant>): Promise<void> {
    for (const at of instants) {
      const quarter = quarterOf(at)
      if (this.known.has(quarter.name)) continue
      await make(pool, quarter)
      this.known.add(quarter.name)
    }
  }
}

async function make(pool: pg.Pool, { name, from, to }: Quarter): Promise<void> {
  const { rows } = await pool.query<{ found: string | null }>('select to_regclass($1) as found', [name])
  if (rows[0]!.found !== null) return
  try {
    await pool.query(`create table ${name} partition of activity for values from (${from}) to (${to})`)
  } catch (error) {
    if ((error as { code?: string }).code !== '42P07') throw error // another server was quicker
  }
}
