/** Lists of leads: filters, sorting, pages. Every way to sort has an index that ends in the id, so that a page begins where the last one ended. */
import type { LeadSort } from '@winnow/contract'
import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely'
import type { Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import type { FirstTouch, Tables } from '../db/tables.ts'
import type { FactValue } from '@winnow/engine'

export interface LeadFilter {
  readonly stages?: readonly string[]
  readonly levels?: readonly { readonly category: string; readonly anyOf: readonly string[] }[]
  readonly attributes?: readonly AttributeFilter[]
  readonly account?: string
  readonly source?: string
  readonly words?: readonly string[]
  readonly createdFrom?: Instant
  readonly createdTo?: Instant
  readonly excluded: 'without' | 'only' | 'with'
}

export interface AttributeFilter {
  readonly name: string
  readonly operator: 'is' | 'contains' | 'at_least' | 'at_most' | 'known'
  readonly value: string
}

export interface ListedRow {
  readonly lead_id: string
  readonly account_id: string | null
  readonly account_name: string | null
  readonly email: string | null
  readonly name: string | null
  readonly attributes: Readonly<Record<string, FactValue>>
  readonly first_touch: FirstTouch | null
  readonly created_at: Instant
  readonly last_activity_at: Instant | null
  readonly excluded_as: string | null
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

export const LISTED = [
  'lead_id',
  'account_id',
  'email',
  'name',
  'attributes',
  'first_touch',
  'created_at',
  'last_activity_at',
  'excluded_as',
  'version',
  'assessed_at',
  'stage',
  'stage_since',
  'sla_due_at',
  'levels',
  'scores',
  'expected_value',
  'next_change_at',
] as const

export const accountName = sql<
  string | null
>`(select coalesce(attributes ->> 'name', name) from account where account.account_id = lead.account_id)`.as(
  'account_name',
)

// --- Filters ---------------------------------------------------------------------------------------------------------

type Builder = ExpressionBuilder<Tables, 'lead'>
type Condition = ExpressionWrapper<Tables, 'lead', SqlBool>

/** What a search looks at: the expression of the index, word for word. */
const WORDS = sql`to_tsvector('simple', translate(coalesce(name, '') || ' ' || coalesce(email, ''), '@.-_+/:''&,()<>"', '                '))`

/** Beginnings of words that all have to be there. */
export const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/[@.\-_+/:'&,()<>"\\!|*]+/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)

function conditionOf(eb: Builder, filter: LeadFilter): Condition {
  const conditions: Condition[] = [eb('merged_into', 'is', null)]
  const add = (condition: ReturnType<typeof sql<SqlBool>>) => conditions.push(eb.and([condition]))
  if (filter.excluded === 'without') conditions.push(eb('excluded_as', 'is', null))
  if (filter.excluded === 'only') conditions.push(eb('excluded_as', 'is not', null))
  if (filter.stages) conditions.push(eb('stage', 'in', [...filter.stages]))
  for (const { category, anyOf } of filter.levels ?? []) {
    conditions.push(eb.or(anyOf.map((level) => holds('levels', { [category]: level }))))
  }
  for (const attribute of filter.attributes ?? []) conditions.push(eb.and([attributeCondition(eb, attribute)]))
  if (filter.account !== undefined) conditions.push(eb('account_id', '=', filter.account))
  if (filter.source !== undefined) add(sql<SqlBool>`first_touch @> ${JSON.stringify({ source: filter.source })}::jsonb`)
  if (filter.words) add(sql<SqlBool>`${WORDS} @@ ${wordQuery(filter.words)}::tsquery`)
  if (filter.createdFrom !== undefined) add(sql<SqlBool>`created_at >= to_timestamp(${filter.createdFrom / 1000})`)
  if (filter.createdTo !== undefined) add(sql<SqlBool>`created_at < to_timestamp(${filter.createdTo / 1000})`)
  return eb.and(conditions)
}

const holds = (column: 'levels' | 'attributes', part: Readonly<Record<string, unknown>>) =>
  sql<SqlBool>`${sql.ref(column)} @> ${JSON.stringify(part)}::jsonb`

const wordQuery = (words: readonly string[]) => words.map((word) => `'${word}':*`).join(' & ')

function attributeCondition(eb: Builder, { name, operator, value }: AttributeFilter) {
  switch (operator) {
    case 'is':
      return eb.or(valuesWritten(value).map((each) => holds('attributes', { [name]: each })))
    case 'contains':
      return sql<SqlBool>`jsonb_typeof(attributes -> ${name}) = 'string'
        and attributes ->> ${name} ilike ${`%${value.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}`
    case 'at_least':
    case 'at_most': {
      // A path compares only what can be compared: a text that stands where a number should is no error and no hit.
      const bound = isNumber(value) ? String(Number(value)) : JSON.stringify(value)
      const path = `$.${JSON.stringify(name)} ? (@ ${operator === 'at_least' ? '>=' : '<='} ${bound})`
      return sql<SqlBool>`attributes @? ${path}::jsonpath`
    }
    case 'known':
      return value === 'false' ? sql<SqlBool>`not (attributes ? ${name})` : sql<SqlBool>`attributes ? ${name}`
  }
}

const isNumber = (text: string) => /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)

/** An address has no types: `240` may be a number or a text, `true` a boolean or a text; a list holds texts. */
function valuesWritten(text: string): unknown[] {
  const values: unknown[] = [text, [text]]
  if (isNumber(text)) values.push(Number(text))
  if (text === 'true' || text === 'false') values.push(text === 'true')
  return values
}

// --- Pages -----------------------------------------------------------------------------------------------------------

const COLUMN = {
  createdAt: 'created_at',
  stageSince: 'stage_since',
  slaDueAt: 'sla_due_at',
  nextChangeAt: 'next_change_at',
  expectedValue: 'expected_value',
} as const satisfies Record<LeadSort, keyof ListedRow>

/** What one wants to see first. */
const NATURAL = {
  createdAt: 'desc',
  stageSince: 'desc',
  slaDueAt: 'asc',
  nextChangeAt: 'asc',
  expectedValue: 'desc',
} as const satisfies Record<LeadSort, 'asc' | 'desc'>

export interface Sorting {
  readonly by: LeadSort
  readonly order?: 'asc' | 'desc' | undefined
}

/** The last lead of a page: what it was sorted by, null among those at the end that lack it. */
export type Place = readonly [value: number | null, leadId: string]

export const placeOf = (row: ListedRow, { by }: Sorting): Place => [row[COLUMN[by]], row.lead_id]

/** @param after  where the page before ended */
export async function listLeads(
  db: Db,
  filter: LeadFilter,
  { sorting, after, limit }: { sorting: Sorting; after?: Place | undefined; limit: number },
): Promise<ListedRow[]> {
  const rows = after === undefined || after[0] !== null ? await valued(db, filter, { sorting, after, limit }) : []
  if (rows.length === limit || sorting.by === 'createdAt') return rows
  const rest = after !== undefined && after[0] === null ? after[1] : undefined
  return [...rows, ...(await valueless(db, filter, { sorting, after: rest, limit: limit - rows.length }))]
}

const base = (db: Db, filter: LeadFilter) =>
  db
    .selectFrom('lead')
    .select([...LISTED, accountName])
    .where((eb) => conditionOf(eb, filter))

function valued(
  db: Db,
  filter: LeadFilter,
  { sorting, after, limit }: { sorting: Sorting; after: Place | undefined; limit: number },
): Promise<ListedRow[]> {
  const column = COLUMN[sorting.by]
  const order = sorting.order ?? NATURAL[sorting.by]
  let rows = base(db, filter)
    .where(column, 'is not', null)
    .orderBy(column, order)
    .orderBy('lead_id', order)
    .limit(limit)
  if (after !== undefined) {
    const value =
      column === 'expected_value' ? sql`${after[0]}::double precision` : sql`to_timestamp(${after[0]! / 1000})`
    const further = sql.raw(order === 'asc' ? '>' : '<')
    rows = rows.where(sql<SqlBool>`(${sql.ref(column)}, lead_id) ${further} (${value}, ${after[1]}::uuid)`)
  }
  return rows.execute()
}

function valueless(
  db: Db,
  filter: LeadFilter,
  { sorting, after, limit }: { sorting: Sorting; after: string | undefined; limit: number },
): Promise<ListedRow[]> {
  let rows = base(db, filter).where(COLUMN[sorting.by], 'is', null).orderBy('lead_id').limit(limit)
  if (after !== undefined) rows = rows.where('lead_id', '>', after)
  return rows.execute()
}

/** How many leads fit, as the planner thinks: counting a million takes longer than anybody wants to wait. */
export async function estimateLeads(db: Db, filter: LeadFilter): Promise<number> {
  const query = db
    .selectFrom('lead')
    .select('lead_id')
    .where((eb) => conditionOf(eb, filter))
  const [plan] = await query.explain<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>('json')
  return plan!['QUERY PLAN'][0].Plan['Plan Rows']
}
