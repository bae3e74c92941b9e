/** Circles and their leads as rows: locked, read, and written back whole. */
import type { FactValue, Instant } from '@winnow/engine'
import type pg from 'pg'
import { binaries, instants, jsons, numbers, texts, uuids, wholes } from '../db/arrays.ts'
import type { FirstTouch } from '../db/tables.ts'

type Querying = Pick<pg.ClientBase, 'query'>

export interface CircleRow {
  readonly circle_id: string
  readonly version: number | null
  readonly state: Buffer | null
}

type Times = Record<string, readonly [at: Instant, factId: string]>

/** A lead as it is shown; `attribute_times` decides which of two values is the later. */
export interface LeadRow {
  readonly lead_id: string
  readonly circle_id: string
  readonly account_id: string | null
  readonly email: string | null
  readonly attributes: Record<string, FactValue>
  readonly attribute_times: Times
  readonly created_at: Instant
  readonly last_activity_at: Instant | null
  readonly first_touch: FirstTouch | null
  readonly excluded_as: string | null
  readonly assessed_at: Instant | null
}

/**
 * Locks circles, making those that do not exist yet. Every transaction that changes an assessment holds its circle's lock
 * from reading its state to the commit; locks are taken in one order.
 */
export async function lockCircles(client: Querying, ids: readonly string[]): Promise<Map<string, CircleRow>> {
  const found = await lockExisting(client, ids)
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length === 0) return found
  await makeCircles(client, missing)
  // Another transaction may have made one of them meanwhile, and written its state.
  for (const [id, row] of await lockExisting(client, missing)) found.set(id, row)
  return found
}

/** Like `lockCircles`, without those that do not exist yet. */
export async function lockExisting(client: Querying, ids: readonly string[]): Promise<Map<string, CircleRow>> {
  const { rows } = await client.query<CircleRow>({
    name: 'lock-circles',
    text: `select circle_id, version, state from circle where circle_id = any($1::uuid[]) order by circle_id for update`,
    values: [uuids(ids)],
  })
  return new Map(rows.map((row) => [row.circle_id, row]))
}

/** Those that exist already stay as they are. */
export async function makeCircles(client: Querying, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await client.query({
    name: 'make-circles',
    text: 'insert into circle (circle_id) select unnest($1::uuid[]) on conflict do nothing',
    values: [uuids([...ids].sort())],
  })
}

/**
 * All leads that stand for themselves in these circles.
 * @param known  leads whose attributes are needed: those of others, large and seldom changed, are left empty
 */
export async function readLeads(
  client: Querying,
  circles: readonly string[],
  known: readonly string[] = [],
): Promise<LeadRow[]> {
  const { rows } = await client.query<LeadRow>({
    name: 'read-circle-leads',
    text: `select lead_id, circle_id, account_id, email, created_at, last_activity_at, first_touch, excluded_as,
        assessed_at, case when lead_id = any($2::uuid[]) then attributes else '{}' end as attributes,
        case when lead_id = any($2::uuid[]) then attribute_times else '{}' end as attribute_times
      from lead where circle_id = any($1::uuid[]) and merged_into is null`,
    values: [uuids(circles), uuids(known)],
  })
  return rows
}

/** For each lead as it was captured: the one that it is now. */
export async function readMembers(client: Querying, roots: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ lead_id: string; root: string }>({
    name: 'read-members',
    text: `select lead_id, lead_id as root from unnest($1::uuid[]) as lead_id
      union all select lead_id, merged_into from lead where merged_into = any($1::uuid[])`,
    values: [roots],
  })
  return new Map(rows.map(({ lead_id, root }) => [lead_id, root]))
}

/** What the latest assessment says of a lead; all null for one that is not assessed. */
export interface AssessedColumns {
  readonly version: number | null
  readonly assessed_at: Instant | null
  readonly stage: string | null
  readonly stage_since: Instant | null
  readonly sla_due_at: Instant | null
  readonly levels: Readonly<Record<string, string>> | null
  readonly scores: Readonly<Record<string, number>> | null
  readonly expected_value: number | null
  readonly next_change_at: Instant | null
}

export const NOT_ASSESSED: AssessedColumns = {
  version: null,
  assessed_at: null,
  stage: null,
  stage_since: null,
  sla_due_at: null,
  levels: null,
  scores: null,
  expected_value: null,
  next_change_at: null,
}

const ASSESSED = [
  'version',
  'assessed_at',
  'stage',
  'stage_since',
  'sla_due_at',
  'levels',
  'scores',
  'expected_value',
  'next_change_at',
]
const SEEN = ['first_touch', 'created_at', 'last_activity_at']
const PROFILE = ['account_id', 'circle_id', 'email', 'name', 'attributes', 'attribute_times', ...SEEN]

/** How a column is sent. */
interface Sending {
  readonly type: string
  readonly array: (values: readonly never[]) => Buffer
}
const UUID: Sending = { type: 'uuid', array: uuids }
const TEXT: Sending = { type: 'text', array: texts }
const INSTANT: Sending = { type: 'timestamptz', array: instants }
const NUMBER: Sending = { type: 'double precision', array: numbers }
const JSONB: Sending = { type: 'jsonb', array: (values) => jsons(values.map(jsonOf)) }
const jsonOf = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))

const SENDING: Readonly<Record<string, Sending>> = {
  lead_id: UUID,
  version: { type: 'integer', array: wholes },
  assessed_at: INSTANT,
  stage: TEXT,
  stage_since: INSTANT,
  sla_due_at: INSTANT,
  levels: JSONB,
  scores: JSONB,
  expected_value: NUMBER,
  next_change_at: INSTANT,
  account_id: UUID,
  circle_id: UUID,
  email: TEXT,
  name: TEXT,
  attributes: JSONB,
  attribute_times: JSONB,
  first_touch: JSONB,
  created_at: INSTANT,
  last_activity_at: INSTANT,
}

interface Write {
  readonly name: string
  readonly text: string
  readonly columns: readonly string[]
}

function updateOf(name: string, changed: readonly string[]): Write {
  const columns = ['lead_id', ...changed]
  const set = changed.map((column) => `${column} = x.${column}`)
  const sent = columns.map((column, index) => `$${index + 1}::${SENDING[column]!.type}[]`)
  const text = `update lead set ${set.join(', ')} from unnest(${sent.join(', ')}) as x(${columns.join(', ')})
    where lead.lead_id = x.lead_id`
  return { name, text, columns }
}

const WRITES = {
  assessed: updateOf('write-assessed', ASSESSED),
  profile: updateOf('write-profiles', PROFILE),
  profileAssessed: updateOf('write-leads', [...PROFILE, ...ASSESSED]),
  seen: updateOf('write-seen', SEEN),
  seenAssessed: updateOf('write-seen-assessed', [...SEEN, ...ASSESSED]),
} as const

/** What only having done something changes. */
export type SeenColumns = Pick<LeadRow, 'first_touch' | 'created_at' | 'last_activity_at'>

/** What is shown of a lead besides its assessment. */
export type ProfileColumns = Omit<LeadRow, 'lead_id' | 'excluded_as' | 'assessed_at'> & {
  readonly email: string | null
  readonly name: string | null
}

/** What is new of leads: each in one of the first two, or in none. */
export interface LeadNews {
  readonly profiles: ReadonlyMap<string, ProfileColumns>
  readonly seen: ReadonlyMap<string, SeenColumns>
  readonly assessed: ReadonlyMap<string, AssessedColumns>
}

/** Writes what is shown of leads, what their assessment says, or both at once. */
export async function writeLeads(client: Querying, { profiles, seen, assessed }: LeadNews): Promise<void> {
  const rows = new Map<keyof typeof WRITES, Record<string, unknown>[]>()
  const add = (write: keyof typeof WRITES, row: Record<string, unknown>) => {
    const open = rows.get(write)
    if (open) open.push(row)
    else rows.set(write, [row])
  }
  for (const lead_id of new Set([...profiles.keys(), ...seen.keys(), ...assessed.keys()])) {
    const [profile, activity, columns] = [profiles.get(lead_id), seen.get(lead_id), assessed.get(lead_id)]
    const row = { lead_id, ...profile, ...activity, ...columns }
    if (profile) add(columns ? 'profileAssessed' : 'profile', row)
    else if (activity) add(columns ? 'seenAssessed' : 'seen', row)
    else add('assessed', row)
  }
  await Promise.all(
    [...rows].map(([write, each]) => {
      const { name, text, columns } = WRITES[write]
      const values = columns.map((column) => SENDING[column]!.array(each.map((row) => row[column]) as never[]))
      return client.query({ name, text, values })
    }),
  )
}

export interface CircleWrite {
  readonly circleId: string
  readonly version: number | null
  /** null: to be made anew from the log when next looked at. */
  readonly state: Uint8Array | null
  readonly dueAt: Instant | null
}

export async function writeCircles(client: Querying, circles: readonly CircleWrite[]): Promise<void> {
  if (circles.length === 0) return
  await client.query({
    name: 'write-circles',
    text: `update circle set version = x.version, state = x.state, due_at = x.due_at
      from unnest($1::uuid[], $2::integer[], $3::bytea[], $4::timestamptz[]) as x(circle_id, version, state, due_at)
      where circle.circle_id = x.circle_id`,
    values: [
      uuids(circles.map(({ circleId }) => circleId)),
      wholes(circles.map(({ version }) => version)),
      binaries(circles.map(({ state }) => state)),
      instants(circles.map(({ dueAt }) => dueAt)),
    ],
  })
}
