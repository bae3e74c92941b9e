/** What leads and accounts are like, counted in the database. */
import type { FactValue, Instant } from '@winnow/engine'
import { sql, type RawBuilder } from 'kysely'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'

export interface AttributeCounts {
  readonly name: string
  readonly known: number
  readonly distinct: number
  readonly types: Readonly<Record<string, number>>
  readonly values: readonly { readonly value: FactValue; readonly count: number }[]
  readonly quantiles: readonly number[] | null
}

export interface EventCounts {
  readonly type: string
  readonly count: number
  readonly leads: number
  readonly lastAt: Instant
}

const VALUES_MAX = 20
const VALUE_LENGTH_MAX = 200
const NAMES_MAX = 1000

/** @param ids  which of them to look at; undefined for all */
export const countLeadAttributes = (db: Db, ids: readonly string[] | undefined): Promise<AttributeCounts[]> =>
  countAttributes(
    db,
    ids === undefined
      ? sql`select attributes from lead where merged_into is null and excluded_as is null`
      : sql`select attributes from lead where lead_id = any(${ids}::uuid[])`,
  )

export const countAccountAttributes = (db: Db, percent: number): Promise<AttributeCounts[]> =>
  countAttributes(
    db,
    percent >= 100
      ? sql`select attributes from account where merged_into is null`
      : sql`select attributes from account tablesample system (${percent}) repeatable (1) where merged_into is null`,
  )

/** Of lists each value counts by itself; long texts are no frequent values. */
async function countAttributes(db: Db, holders: RawBuilder<unknown>): Promise<AttributeCounts[]> {
  const { rows } = await sql<AttributeCounts>`
    with holder as (${holders}),
    each as materialized (select e.key, e.value, jsonb_typeof(e.value) as type from holder, jsonb_each(attributes) as e),
    typed as (select key, type, count(*) as count from each group by key, type),
    summed as (
      select key, sum(count) as known, jsonb_object_agg(
        case type when 'string' then 'text' when 'array' then 'list' else type end, count) as types
      from typed group by key order by sum(count) desc, key limit ${sql.lit(NAMES_MAX)}
    ),
    single as (
      select key, value from each where type <> 'array'
      union all select key, item from each, jsonb_array_elements(case when type = 'array' then value end) as item
    ),
    valued as (select key, value, count(*) as count from single group by key, value),
    ranked as (
      select *, row_number() over (partition by key order by count desc, value) as rank,
        count(*) over (partition by key) as "distinct" from valued
    ),
    frequent as (
      select key, max("distinct") as "distinct",
        jsonb_agg(jsonb_build_object('value', value, 'count', count) order by rank) filter (
          where rank <= ${sql.lit(VALUES_MAX)} and length(value::text) <= ${sql.lit(VALUE_LENGTH_MAX)}) as values
      from ranked group by key
    ),
    spread as (
      select key, percentile_disc(array[${sql.raw(FRACTIONS)}]::float8[]) within group (
        order by (value #>> '{}')::float8) as quantiles
      from each where type = 'number' group by key
    )
    select key as name, known, coalesce("distinct", 0) as "distinct", types, coalesce(values, '[]') as values, quantiles
    from summed left join frequent using (key) left join spread using (key)
    order by known desc, key`.execute(db)
  return rows
}

const FRACTIONS = Array.from({ length: 21 }, (_, index) => index / 20).join(',')

/** Events from an instant on. @param ids  whose; undefined for everybody's */
export async function countEvents(db: Db, ids: readonly string[] | undefined, from: Instant): Promise<EventCounts[]> {
  const whose =
    ids === undefined ? sql`true` : sql`(lead_id = any(${ids}::uuid[]) or merged_into = any(${ids}::uuid[]))`
  const { rows } = await sql<EventCounts>`
    with person as (select lead_id, coalesce(merged_into, lead_id) as root from lead where ${whose})
    select type, count(*) as count, count(distinct root) as leads, max(at) as "lastAt"
    from person join activity using (lead_id) where at > ${timestamp(from)}
    group by type order by count(*) desc, type limit ${sql.lit(NAMES_MAX)}`.execute(db)
  return rows
}

export async function countAccounts(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('account')
    .select(sql<number>`count(*)`.as('count'))
    .where('merged_into', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}
