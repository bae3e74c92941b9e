/** Circles and their leads as rows: locked, read, and written back whole. */
import type { FactValue, Instant } from '@winnow/engine'
import type pg from 'pg'
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
  const sorted = [...ids].sort()
  const lock = {
    name: 'lock-circles',
    text: `select circle_id, version, state from circle where circle_id = any($1::uuid[]) order by circle_id for update`,
    values: [sorted],
  }
  const { rows } = await client.query<CircleRow>(lock)
  const found = new Map(rows.map((row) => [row.circle_id, row]))
  const missing = sorted.filter((id) => !found.has(id))
  if (missing.length === 0) return found
  await client.query({
    name: 'make-circles',
    text: 'insert into circle (circle_id) select unnest($1::uuid[]) on conflict do nothing',
    values: [missing],
  })
  // Another transaction may have made one of them meanwhile, and written its state.
  const made = await client.query<CircleRow>({ ...lock, values: [missing] })
  for (const row of made.rows) found.set(row.circle_id, row)
  return found
}

const LEAD_COLUMNS = `lead_id, circle_id, account_id, attributes, attribute_times, created_at, last_activity_at, first_touch,
  excluded_as, assessed_at`

/** All leads that stand for themselves in these circles. */
export async function readLeads(client: Querying, circles: readonly string[]): Promise<LeadRow[]> {
  const { rows } = await client.query<LeadRow>({
    name: 'read-circle-leads',
    text: `select ${LEAD_COLUMNS} from lead where circle_id = any($1::uuid[]) and merged_into is null`,
    values: [circles],
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
const PROFILE = [
  'account_id',
  'circle_id',
  'email',
  'name',
  'attributes',
  'attribute_times',
  'first_touch',
  'created_at',
  'last_activity_at',
]

const TYPES: Readonly<Record<string, string>> = {
  version: 'integer',
  assessed_at: 'double precision',
  stage: 'text',
  stage_since: 'double precision',
  sla_due_at: 'double precision',
  levels: 'jsonb',
  scores: 'jsonb',
  expected_value: 'double precision',
  next_change_at: 'double precision',
  account_id: 'uuid',
  circle_id: 'uuid',
  email: 'text',
  name: 'text',
  attributes: 'jsonb',
  attribute_times: 'jsonb',
  first_touch: 'jsonb',
  created_at: 'double precision',
  last_activity_at: 'double precision',
}

const isInstant = (column: string) => /_at$|_since$/.test(column)

function updateOf(columns: readonly string[]): string {
  const set = columns.map(
    (column) => `${column} = ${isInstant(column) ? `to_timestamp(x.${column} / 1000.0)` : `x.${column}`}`,
  )
  const typed = columns.map((column) => `${column} ${TYPES[column]!}`)
  return `update lead set ${set.join(', ')}
    from json_to_recordset($1::json) as x(lead_id uuid, ${typed.join(', ')}) where lead.lead_id = x.lead_id`
}

const WRITE_ASSESSED = { name: 'write-assessed', text: updateOf(ASSESSED) }
const WRITE_PROFILES = { name: 'write-profiles', text: updateOf(PROFILE) }
const WRITE_WHOLE = { name: 'write-leads', text: updateOf([...PROFILE, ...ASSESSED]) }

/** What is shown of a lead besides its assessment. */
export type ProfileColumns = Omit<LeadRow, 'lead_id' | 'excluded_as' | 'assessed_at'> & {
  readonly email: string | null
  readonly name: string | null
}

/** Writes what is new of leads: what is shown of them, what their assessment says, or both at once. */
export async function writeLeads(
  client: Querying,
  profiles: ReadonlyMap<string, ProfileColumns>,
  assessed: ReadonlyMap<string, AssessedColumns>,
): Promise<void> {
  const whole: unknown[] = []
  const only = { profile: [] as unknown[], assessed: [] as unknown[] }
  for (const [lead_id, profile] of profiles) {
    const columns = assessed.get(lead_id)
    if (columns) whole.push({ lead_id, ...profile, ...columns })
    else only.profile.push({ lead_id, ...profile })
  }
  for (const [lead_id, columns] of assessed) if (!profiles.has(lead_id)) only.assessed.push({ lead_id, ...columns })
  for (const [statement, rows] of [
    [WRITE_WHOLE, whole],
    [WRITE_PROFILES, only.profile],
    [WRITE_ASSESSED, only.assessed],
  ] as const) {
    if (rows.length > 0) await client.query({ ...statement, values: [JSON.stringify(rows)] })
  }
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
    text: `update circle set version = x.version, state = x.state, due_at = to_timestamp(x.due_at / 1000.0)
      from unnest($1::uuid[], $2::integer[], $3::bytea[], $4::double precision[]) as x(circle_id, version, state, due_at)
      where circle.circle_id = x.circle_id`,
    values: [
      circles.map(({ circleId }) => circleId),
      circles.map(({ version }) => version),
      circles.map(({ state }) => state && Buffer.from(state.buffer, state.byteOffset, state.byteLength)),
      circles.map(({ dueAt }) => dueAt),
    ],
  })
}
