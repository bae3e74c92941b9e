/** The decision ledger: what the engine says happened is compared with what is written, and only differences are written. */
import type { Instant, Transition } from '@winnow/engine'
import type pg from 'pg'
import { instants, texts, uuids, wholes } from '../db/arrays.ts'
import type { Standing } from './assess-circle.ts'

type Querying = Pick<pg.ClientBase, 'query'>

interface LedgerRow {
  transition_id: number
  lead_id: string
  at: Instant
  place: number
  version: number
  kind: string
  name: string
  from_value: string | null
  to_value: string
  cause: string
}

/** What the engine says of some leads, from an instant on. */
export interface Account {
  readonly leads: readonly string[]
  readonly from: Instant
  readonly transitions: readonly Transition[]
}

/** A transition with its place among those of its lead and instant. */
export type Placed = Transition & { readonly place: number }

export interface Reconciled {
  /** Not yet in the ledger. */
  readonly added: readonly Placed[]
  /** In the ledger, at another place among those of its instant. */
  readonly moved: readonly { readonly id: number; readonly place: number }[]
  /** In the ledger, and never was so. */
  readonly withdrawn: readonly number[]
}

export const NOTHING_NEW: Reconciled = { added: [], moved: [], withdrawn: [] }

/** Lead by lead: the planner takes the lines of a new version to be few, and would look for them through the whole ledger. */
const READ = {
  name: 'read-ledger',
  text: `select t.* from unnest($1::uuid[], $2::timestamptz[]) as x(lead_id, since)
    cross join lateral (
      select transition_id, lead_id, at, place, version, kind, name, from_value, to_value, cause from transition
      where lead_id = x.lead_id and at >= x.since and superseded_at is null and (version = $3 or at > to_timestamp($4 / 1000.0))
      offset 0
    ) as t`,
}

/**
 * Compares with the ledger of the version and of what older versions wrote after it was published.
 * @param publishedAt  −∞ for the first version
 */
export async function reconcile(
  client: Querying,
  accounts: readonly Account[],
  { version, publishedAt }: { version: number; publishedAt: Instant },
): Promise<Reconciled> {
  const leads = accounts.flatMap((account) => account.leads)
  const since = accounts.flatMap((account) => account.leads.map(() => account.from))
  const { rows } = await client.query<LedgerRow>({
    ...READ,
    values: [uuids(leads), instants(since), version, Math.max(publishedAt, -1e14)],
  })
  // A category may go up, down and up again within an instant: the first is the first, the second the second.
  const written = Map.groupBy(
    rows.sort((a, b) => a.place - b.place),
    keyOf,
  )
  const added: Placed[] = []
  const moved: { id: number; place: number }[] = []
  for (const transition of accounts.flatMap(({ transitions }) => placed(transitions))) {
    const row = written.get(keyOfTransition(transition, version))?.shift()
    if (row === undefined) added.push(transition)
    else if (row.place !== transition.place) moved.push({ id: row.transition_id, place: transition.place })
  }
  return { added, moved, withdrawn: [...written.values()].flat().map(({ transition_id }) => transition_id) }
}

/** @param transitions  whole instants, in their order */
export function placed(transitions: readonly Transition[]): Placed[] {
  const counts = new Map<string, number>()
  return transitions.map((transition) => {
    const instant = `${transition.lead}|${transition.at}`
    const place = counts.get(instant) ?? 0
    counts.set(instant, place + 1)
    return { ...transition, place }
  })
}

const keyOf = ({ lead_id, at, version, kind, name, from_value, to_value, cause }: LedgerRow) =>
  `${lead_id}|${at}|${version}|${kind}|${name}|${from_value ?? ''}|${to_value}|${cause}`
const keyOfTransition = ({ lead, at, kind, name, from, to, cause }: Transition, version: number) =>
  `${lead}|${at}|${version}|${kind}|${name}|${from ?? ''}|${to}|${cause}`

const WRITE = {
  name: 'write-ledger',
  text: `with line as (
      select * from unnest($4::uuid[], $5::timestamptz[], $6::integer[], $7::text[], $8::text[], $9::text[], $10::text[],
        $11::text[]) as x(lead, at, place, kind, name, "from", "to", cause)
    ), added as (
      insert into transition (lead_id, at, place, version, kind, name, from_value, to_value, cause, recorded_at)
      select lead, at, place, $1, kind, name, "from", "to", cause, to_timestamp($2 / 1000.0)
      from line
      returning *
    ), withdrawn as (
      update transition set superseded_at = to_timestamp($2 / 1000.0) where transition_id = any($3::bigint[]) returning *
    )
    insert into outbox (lead_id, at, topic, payload, created_at)
    select lead_id, at, topic, jsonb_build_object('kind', kind, 'name', name, 'from', from_value, 'to', to_value,
      'cause', cause, 'version', version, 'transition', transition_id), to_timestamp($2 / 1000.0)
    from (select 'transition' as topic, * from added union all select 'withdrawn', * from withdrawn) as change
    order by at, place, transition_id`,
}

const lineColumns = (lines: readonly Placed[]): Buffer[] => [
  uuids(lines.map(({ lead }) => lead)),
  instants(lines.map(({ at }) => at)),
  wholes(lines.map(({ place }) => place)),
  texts(lines.map(({ kind }) => kind)),
  texts(lines.map(({ name }) => name)),
  texts(lines.map(({ from }) => from)),
  texts(lines.map(({ to }) => to)),
  texts(lines.map(({ cause }) => cause)),
]

const MOVE = {
  name: 'move-in-ledger',
  text: `update transition set place = x.place from json_to_recordset($1::json) as x(id bigint, place smallint)
    where transition_id = x.id`,
}

/** Writes differences, and one line for each into the outbox. Its statements are on their way when it returns. */
export async function writeLedger(
  client: Querying,
  { added, moved, withdrawn }: Reconciled,
  { version, now }: { version: number; now: Instant },
): Promise<void> {
  const isChanged = added.length > 0 || withdrawn.length > 0
  await Promise.all([
    moved.length > 0 && client.query({ ...MOVE, values: [JSON.stringify(moved)] }),
    isChanged && client.query({ ...WRITE, values: [version, now, withdrawn, ...lineColumns(added)] }),
  ])
}

const STANDINGS = {
  name: 'read-standings',
  text: `select distinct on (lead_id, kind, name) lead_id, kind, name, from_value, to_value, at
    from transition
    where lead_id = any($1::uuid[]) and version < $2 and at <= to_timestamp($3 / 1000.0) and superseded_at is null
      and kind <> 'sla'
    order by lead_id, kind, name, at desc, version desc, place desc`,
}

/** Where leads stood when the version was published; leads that no older version has judged are left out. */
export async function standingsBefore(
  client: Querying,
  leads: readonly string[],
  { version, publishedAt }: { version: number; publishedAt: Instant },
): Promise<Map<string, Standing>> {
  const standings = new Map<string, Standing>()
  if (publishedAt === -Infinity) return standings
  const { rows } = await client.query<Pick<LedgerRow, 'lead_id' | 'kind' | 'name' | 'from_value' | 'to_value' | 'at'>>({
    ...STANDINGS,
    values: [leads, version, publishedAt],
  })
  for (const { lead_id, kind, name, from_value: from, to_value, at } of rows) {
    const known = standings.get(lead_id) ?? { levels: {} }
    standings.set(
      lead_id,
      kind === 'stage'
        ? { ...known, stage: { id: to_value, since: at, from } }
        : { ...known, levels: { ...known.levels, [name]: to_value } },
    )
  }
  return standings
}
