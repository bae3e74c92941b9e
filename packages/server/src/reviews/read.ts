/** What a review is reckoned from: rows of the ledger, decisions, calls, profiles. Merged leads count as who they are now. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Breach, Called, Decided, Handover, Stay, Valued } from './figures.ts'

type Querying = Pick<pg.ClientBase, 'query'>

export interface Window {
  /** Where the period before begins. */
  readonly previousFrom: Instant
  readonly from: Instant
  readonly to: Instant
}

const AT = (place: string) => `to_timestamp(${place} / 1000.0)`
/** Leads that stand for themselves and count. */
const COUNTS = 'l.merged_into is null and l.excluded_as is null'

/** The first of each lead in the period, and in the one before. */
export async function readHandovers(
  client: Querying,
  stage: string,
  { previousFrom, from, to }: Window,
): Promise<Handover[]> {
  const { rows } = await client.query<Handover>(
    `select distinct on (t.lead_id, t.at >= ${AT('$3')}) t.lead_id as lead, t.at, t.version
     from transition t join lead l using (lead_id)
     where t.kind = 'stage' and t.to_value = $1 and t.superseded_at is null and ${COUNTS}
       and t.at >= ${AT('$2')} and t.at < ${AT('$4')}
     order by t.lead_id, t.at >= ${AT('$3')}, t.at, t.version, t.place`,
    [stage, previousFrom, from, to],
  )
  return rows
}

const ROOT = 'coalesce(l.merged_into, l.lead_id)'

export async function readDecisions(client: Querying, { previousFrom, to }: Window): Promise<Decided[]> {
  const { rows } = await client.query<Decided>(
    `select ${ROOT} as lead, f.at, f.body ->> 'decision' as decision, f.body ->> 'reason' as reason
     from fact f join lead l on l.lead_id = f.lead_id
     where f.kind = 'decision' and f.at >= ${AT('$1')} and f.at < ${AT('$2')} and f.body ->> 'decision' <> 'override'`,
    [previousFrom, to],
  )
  return rows
}

/** Raw types of activities that are calls by somebody of ours. */
const CALLS = ['sales_call', 'call']

export async function readCalls(client: Querying, { previousFrom, to }: Window): Promise<Called[]> {
  const { rows } = await client.query<Called>(
    `select ${ROOT} as lead, c.at from call c join lead l on l.lead_id = c.lead_id
     where c.at >= ${AT('$1')} and c.at < ${AT('$2')}
     union all
     select ${ROOT}, a.at from activity a join lead l on l.lead_id = a.lead_id
     where a.type = any($3) and a.at >= ${AT('$1')} and a.at < ${AT('$2')}`,
    [previousFrom, to, CALLS],
  )
  return rows
}

/** Stays that began in the period, as they were at its end. */
export async function readStays(client: Querying, { from, to }: Window): Promise<Stay[]> {
  const { rows } = await client.query<Stay>(
    `select lead, stage, at, left_at as "leftAt" from (
       select t.lead_id as lead, t.to_value as stage, t.at,
         lead(t.at) over (partition by t.lead_id order by t.at, t.version, t.place) as left_at
       from transition t join lead l using (lead_id)
       where t.kind = 'stage' and t.superseded_at is null and ${COUNTS} and t.at < ${AT('$2')}
     ) stays where at >= ${AT('$1')} and left_at is distinct from at`,
    [from, to],
  )
  return rows
}

export async function readBreaches(client: Querying, { from, to }: Window): Promise<Breach[]> {
  const { rows } = await client.query<Breach>(
    `select t.lead_id as lead, t.name as stage from transition t join lead l using (lead_id)
     where t.kind = 'sla' and t.superseded_at is null and ${COUNTS} and t.at >= ${AT('$1')} and t.at < ${AT('$2')}`,
    [from, to],
  )
  return rows
}

/** So many leads stand for all where there are more: by chance, and the same ones each time. */
const PROFILES_MAX = 20_000

export interface Profile extends Omit<Valued, 'value'> {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly account: Readonly<Record<string, unknown>> | null
}

/** Leads that were first heard of in either period, as they are known now. */
export async function readProfiles(client: Querying, { previousFrom, from, to }: Window): Promise<Profile[]> {
  const { rows } = await client.query<Profile>(
    `select l.lead_id as lead, l.created_at >= ${AT('$2')} as "isNow", l.attributes, a.attributes as account
     from lead l left join account a using (account_id)
     where ${COUNTS} and l.created_at >= ${AT('$1')} and l.created_at < ${AT('$3')}
     order by md5(l.lead_id::text) limit ${PROFILES_MAX}`,
    [previousFrom, from, to],
  )
  return rows
}

export interface Counted {
  readonly name: string
  readonly value: string
  readonly before: number
  readonly now: number
  readonly leads: string[] | null
}

const LEADS_MAX = 2_000

/** How often what was done. */
export async function readActivities(client: Querying, { previousFrom, from, to }: Window): Promise<Counted[]> {
  const { rows } = await client.query<Counted>(
    `select '' as name, a.type as value,
       count(*) filter (where a.at < ${AT('$2')})::integer as before, count(*) filter (where a.at >= ${AT('$2')})::integer as now,
       (array_agg(distinct a.lead_id) filter (where a.at >= ${AT('$2')}))[1:${LEADS_MAX}] as leads
     from activity a join lead l using (lead_id)
     where l.excluded_as is null and a.at >= ${AT('$1')} and a.at < ${AT('$3')}
     group by a.type order by count(*) desc, a.type limit 15`,
    [previousFrom, from, to],
  )
  return rows
}

/** How many leads had which level at the end of the period, and at its beginning. */
export async function readLevels(client: Querying, { from, to }: Window): Promise<Counted[]> {
  const at = (place: string) => `(select distinct on (t.lead_id, t.name) t.lead_id, t.name, t.to_value
    from transition t join lead l using (lead_id)
    where t.kind = 'category' and t.superseded_at is null and ${COUNTS} and t.at < ${AT(place)}
    order by t.lead_id, t.name, t.at desc, t.version desc, t.place desc)`
  const { rows } = await client.query<Counted>(
    `select name, value, sum(before)::integer as before, sum(now)::integer as now,
       (array_agg(lead_id) filter (where now = 1))[1:${LEADS_MAX}] as leads
     from (
       select lead_id, name, to_value as value, 1 as before, 0 as now from ${at('$1')} b
       union all
       select lead_id, name, to_value, 0, 1 from ${at('$2')} n
     ) sides group by name, value order by name, value`,
    [from, to],
  )
  return rows
}

export interface Publication {
  readonly version: number
  readonly at: Instant
}

/** Of rules: the same ones over fewer activities are no other version. */
export async function readPublications(client: Querying): Promise<Publication[]> {
  const { rows } = await client.query<Publication>(
    'select version, published_at as at from definition_version where renews is null order by version',
  )
  return rows
}
