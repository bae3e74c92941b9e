/** Lists of leads: filters, sorting, pages. Every way to sort has an index that ends in the id, so that a page begins where the last one ended. */
import type { LeadSort } from '@winnow/contract'
import { sql, type ExpressionBuilder, type ExpressionWrapper, type RawBuilder, type SqlBool } from 'kysely'
import type { Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import type { FirstTouch, Tables } from '../db/tables.ts'
import type { FactValue } from '@winnow/engine'

export interface LeadFilter {
  readonly stages?: readonly string[]
  readonly levels?: readonly LevelFilter[]
  readonly attributes?: readonly AttributeFilter[]
  readonly activities?: readonly ActivityFilter[]
  readonly account?: string
  readonly source?: string
  readonly import?: string
  readonly search?: Search
  readonly createdFrom?: Instant
  readonly createdTo?: Instant
  readonly excluded: 'without' | 'only' | 'with'
}

export interface LevelFilter {
  readonly category: string
  readonly anyOf: readonly string[]
}

/** How often a lead did something. */
export interface ActivityFilter {
  readonly type: string
  /** 0: never. */
  readonly atLeast: number
  /** Undefined: ever. */
  readonly since: Instant | undefined
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

/** What is searched for: all of it has to be there. */
export interface Search {
  /** For the index: words, or beginnings of words. */
  readonly query: string
  /** Parts of e-mail addresses. */
  readonly addresses: readonly string[]
}

const BETWEEN_WORDS = /[@.\-_+/:'&,()<>"\\!|*]+/
const WORDS_MAX = 10

/** @returns undefined where there is nothing in it to search for */
export function searchOf(text: string): Search | undefined {
  const tokens = text.toLowerCase().trim().split(/\s+/)
  const words = tokens.flatMap(indexedWords).slice(0, WORDS_MAX)
  if (words.length === 0) return undefined
  return { query: words.join(' & '), addresses: tokens.filter(isAddress) }
}

/**
 * Beginnings of words; of an address the words before its last one, whole: what many addresses end in the index would be long in
 * going through, and the address itself is compared anyway.
 */
function indexedWords(token: string): string[] {
  const words = token.split(BETWEEN_WORDS).filter((word) => word !== '')
  const whole = isAddress(token) ? words.slice(0, -1) : []
  return whole.length > 0 ? whole.map((word) => `'${word}'`) : words.map((word) => `'${word}':*`)
}

const isAddress = (token: string) => token.includes('@')

/** How a lead's stage, an attribute or its source is compared. */
interface Tests {
  readonly stage: (stage: string) => RawBuilder<SqlBool>
  readonly attributes: (part: Part) => RawBuilder<SqlBool>
  readonly source: (source: string) => RawBuilder<SqlBool>
  /** Finds leads with these levels, which are compared all the same. */
  readonly standing: RawBuilder<SqlBool> | undefined
}
type Part = Readonly<Record<string, unknown>>

const contains = (whole: RawBuilder<unknown>, part: Part) => sql<SqlBool>`${whole} @> ${JSON.stringify(part)}::jsonb`

/** By the columns: for leads that are looked at anyway. */
const BY_COLUMNS: Tests = {
  stage: (stage) => sql`stage = ${stage}`,
  attributes: (part) => contains(sql`attributes`, part),
  source: (source) => sql`first_touch ->> 'source' = ${source}`,
  standing: undefined,
}

/** By indexes that know all of it: what fits several tests is found without looking at those that fit one. */
const FACETS = sql`array['stage:' || stage, 'source:' || (first_touch ->> 'source')]`
const hasFacet = (facet: string) => sql<SqlBool>`${FACETS} @> array[${facet}]::text[]`
const BY_FACETS: Tests = {
  ...BY_COLUMNS,
  stage: (stage) => hasFacet(`stage:${stage}`),
  source: (source) => hasFacet(`source:${source}`),
}

/** So that all that fits is found at once. */
export function findingTests({ stages, levels = [], attributes = [], source }: LeadFilter): Tests {
  if (levels.length === 0) return BY_FACETS
  const tests = levels.map(levelTest)
  if (stages)
    tests.push(anyOf(stages.map((stage) => sql`array['stage:' || stage] @> array[${`stage:${stage}`}]::text[]`)))
  const standing = sql<SqlBool>`lead_id in (select lead_id from lead_standing where ${sql.join(tests, sql` and `)})`
  // With nothing else to go by, the planner must not go by the stage alone.
  const hasMore = source !== undefined || attributes.some(({ operator }) => operator === 'is')
  return { ...(hasMore ? BY_FACETS : BY_COLUMNS), standing }
}

const anyOf = (tests: readonly RawBuilder<SqlBool>[]) => sql<SqlBool>`(${sql.join(tests, sql` or `)})`

/** Of `lead` or of `lead_standing`. */
const levelTest = ({ category, anyOf: levels }: LevelFilter) =>
  anyOf(levels.map((level) => contains(sql`levels`, { [category]: level })))

export function conditionOf(eb: Builder, filter: LeadFilter, tests: Tests = BY_COLUMNS): Condition {
  const { stages, levels = [], attributes = [], source } = filter
  return eb.and([
    ...commonConditions(eb, filter),
    ...(stages ? [eb.or(stages.map(tests.stage))] : []),
    ...levels.map((level) => eb.and([levelTest(level)])),
    ...(tests.standing ? [eb.and([tests.standing])] : []),
    ...attributes.map((attribute) => eb.or(attributeTests(attribute, tests))),
    ...(source === undefined ? [] : [eb.and([tests.source(source)])]),
  ])
}

function commonConditions(eb: Builder, filter: LeadFilter): Condition[] {
  const conditions: Condition[] = [eb('merged_into', 'is', null)]
  const add = (condition: RawBuilder<SqlBool>) => conditions.push(eb.and([condition]))
  if (filter.excluded === 'without') conditions.push(eb('excluded_as', 'is', null))
  if (filter.excluded === 'only') conditions.push(eb('excluded_as', 'is not', null))
  if (filter.account !== undefined)
    add(sql<SqlBool>`account_id = (
      select coalesce(named.merged_into, named.account_id) from account as named where named.account_id = ${filter.account})`)
  if (filter.import !== undefined)
    add(sql<SqlBool>`lead_id in (
      select coalesce(named.merged_into, named.lead_id) from import_lead join lead as named using (lead_id)
      where import_id = ${filter.import})`)
  for (const activity of filter.activities ?? []) add(activityTest(activity))
  if (filter.search) {
    add(sql<SqlBool>`${WORDS} @@ ${filter.search.query}::tsquery`)
    for (const address of filter.search.addresses) add(sql<SqlBool>`email like ${`%${literally(address)}%`}`)
  }
  createdTests(filter).forEach(add)
  return conditions
}

function createdTests({ createdFrom, createdTo }: LeadFilter): RawBuilder<SqlBool>[] {
  return [
    ...(createdFrom === undefined ? [] : [sql<SqlBool>`created_at >= to_timestamp(${createdFrom / 1000})`]),
    ...(createdTo === undefined ? [] : [sql<SqlBool>`created_at < to_timestamp(${createdTo / 1000})`]),
  ]
}

/** Also what was done by whom the lead turned out to be. */
function activityTest({ type, atLeast, since }: ActivityFilter): RawBuilder<SqlBool> {
  const when = since === undefined ? sql`true` : sql`did.at > to_timestamp(${since / 1000})`
  const times = Math.max(1, atLeast)
  const done = sql<SqlBool>`(select count(*) from (
      select from activity did where did.lead_id = lead.lead_id and did.type = ${type} and ${when}
      union all select from lead part join activity did on did.lead_id = part.lead_id
        where part.merged_into = lead.lead_id and did.type = ${type} and ${when}
      limit ${sql.lit(times)}) as times) >= ${sql.lit(times)}`
  return atLeast === 0 ? sql`not (${done})` : done
}

/** As a part of a pattern of `like`. */
const literally = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`)

/** One of them has to hold. */
function attributeTests({ name, operator, value }: AttributeFilter, tests: Tests): RawBuilder<SqlBool>[] {
  switch (operator) {
    case 'is':
      return valuesWritten(value).map((each) => tests.attributes({ [name]: each }))
    case 'contains':
      return [
        sql`jsonb_typeof(attributes -> ${name}) = 'string'
          and attributes ->> ${name} ilike ${`%${literally(value)}%`}`,
      ]
    case 'at_least':
    case 'at_most': {
      // A path compares only what can be compared: a text that stands where a number should is no error and no hit.
      const bound = isNumber(value) ? String(Number(value)) : JSON.stringify(value)
      const path = `$.${JSON.stringify(name)} ? (@ ${operator === 'at_least' ? '>=' : '<='} ${bound})`
      return [sql`attributes @? ${path}::jsonpath`]
    }
    case 'known':
      return [value === 'false' ? sql`not (attributes ? ${name})` : sql`attributes ? ${name}`]
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

export interface Page {
  readonly sorting: Sorting
  /** Where the page before ended. */
  readonly after?: Place | undefined
  readonly limit: number
}

export interface Bounds {
  /** So many leads are found and then sorted; where more fit, an index that is sorted already comes upon them soon. */
  readonly foundMax: number
  /** So many leads are looked at in the order asked for, in the hope that enough of them fit. */
  readonly lookedAtMax: number
}
const BOUNDS: Bounds = { foundMax: 5_000, lookedAtMax: 10_000 }

/**
 * The planner expects what fits to be spread evenly and independently: a walk along a sorted index that is to end after fifty
 * hits goes through a million leads where there are none. So either way is tried only so far as it may last.
 */
export async function listLeads(
  db: Db,
  filter: LeadFilter,
  page: Page,
  { foundMax, lookedAtMax }: Bounds = BOUNDS,
): Promise<ListedRow[]> {
  if (!isAny(filter)) return walk(db, filter, page)
  const lookedAt = await lookedAtFirst(db, filter, { foundMax, lookedAtMax })
  if (lookedAt > 0) {
    const seen = await walk(db, filter, page, lookedAt)
    if (seen.length === page.limit) return seen
  }
  return (await find(db, filter, page, foundMax)) ?? walk(db, filter, page)
}

const isAny = ({ excluded, ...tests }: LeadFilter) => excluded === 'only' || Object.keys(tests).length > 0

/** How many leads to look at in order before an index is asked what fits: none where it finds little enough to be sorted. */
async function lookedAtFirst(db: Db, filter: LeadFilter, { foundMax, lookedAtMax }: Bounds): Promise<number> {
  if (filter.account !== undefined || filter.import !== undefined || filter.excluded === 'only') return 0
  // How many words begin like this the planner cannot know: common ones are come upon soon, rare ones found at once.
  if (filter.search !== undefined) return Math.ceil(lookedAtMax / 4)
  const { stages, levels, source, attributes = [] } = filter
  const isIndexed = [stages, levels, source].some((test) => test !== undefined)
  if (!isIndexed && !attributes.some(({ operator }) => operator === 'is')) return lookedAtMax
  return (await estimateLeads(db, filter)) <= foundMax ? 0 : lookedAtMax
}

const base = (db: Db, filter: LeadFilter) =>
  db
    .selectFrom('lead')
    .select([...LISTED, accountName])
    .where((eb) => conditionOf(eb, filter))

const orderOf = ({ by, order = NATURAL[by] }: Sorting) => ({ column: COLUMN[by], order })

/** Leads that fit in the order of their ids: nothing that happens meanwhile moves one of them. */
export function listById(
  db: Db,
  filter: LeadFilter,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<ListedRow[]> {
  const rows = base(db, filter).orderBy('lead_id').limit(limit)
  return (after === undefined ? rows : rows.where('lead_id', '>', after)).execute()
}

/** Everything that fits, sorted. @returns undefined where it is too much */
async function find(
  db: Db,
  filter: LeadFilter,
  { sorting, after, limit }: Page,
  foundMax: number,
): Promise<ListedRow[] | undefined> {
  const { column, order } = orderOf(sorting)
  const direction = sql.raw(order)
  const isBehind = after === undefined ? sql<SqlBool>`true` : behind(sql.ref('value'), order, after, column)
  const rows = await db
    .with(
      (with_) => with_('found').materialized(),
      (with_) =>
        with_
          .selectFrom('lead')
          .select(['lead_id', sql`${sql.ref(column)}`.as('value')])
          .where((eb) => conditionOf(eb, filter, findingTests(filter)))
          .limit(foundMax + 1),
    )
    .with('page', (with_) =>
      with_
        .selectFrom('found')
        .select(['lead_id', 'value'])
        .where(after?.[0] === null ? isBehind : sql<SqlBool>`(value is null or ${isBehind})`)
        .orderBy(sql`value is null, value ${direction}, lead_id ${direction}`)
        .limit(limit),
    )
    .selectFrom(sql<{ count: number }>`(select count(*) as count from found)`.as('all_found'))
    .leftJoin('page', (join) => join.onTrue())
    .leftJoin('lead', 'lead.lead_id', 'page.lead_id')
    .select(['all_found.count', ...LISTED.map((name) => `lead.${name}` as const), accountName])
    .orderBy(sql`page.value is null, page.value ${direction}, page.lead_id ${direction}`)
    .execute()
  if (rows[0]!.count > foundMax) return undefined
  return rows.flatMap(({ count: _, ...row }) => (row.lead_id === null ? [] : [row as ListedRow]))
}

/** Of leads in the order asked for those that fit, the ones without a value at the end. @param lookMax  how many to look at */
async function walk(db: Db, filter: LeadFilter, page: Page, lookMax?: number): Promise<ListedRow[]> {
  const { sorting, after, limit } = page
  const rows = after === undefined || after[0] !== null ? await valued(db, filter, page, lookMax) : []
  if (rows.length === limit || sorting.by === 'createdAt') return rows
  // Behind those that were looked at there may be more with a value: those without one come after all of them.
  if (lookMax !== undefined && (after === undefined || after[0] !== null)) return rows
  const rest = { sorting, limit: limit - rows.length, after: after?.[0] === null ? after : undefined }
  return [...rows, ...(await valueless(db, filter, rest, lookMax))]
}

async function valued(db: Db, filter: LeadFilter, page: Page, lookMax: number | undefined): Promise<ListedRow[]> {
  const { column, order } = orderOf(page.sorting)
  if (column === 'next_change_at' && order === 'asc') {
    const soonest = await soonestFirst(db, filter, page, lookMax ?? 40 * page.limit)
    if (soonest.length === page.limit || lookMax !== undefined) return soonest
  }
  const { after } = page
  const isBehind = after === undefined ? sql<SqlBool>`true` : behind(sql.ref(column), order, after, column)
  // Those who came at another time are not among those that are looked at.
  const bounds = column === 'created_at' ? createdTests(filter) : []
  return lookingAt(db, filter, page, {
    where: sql.join([sql`${sql.ref(column)} is not null`, isBehind, ...bounds], sql` and `),
    orderBy: sql`${sql.ref(column)} ${sql.raw(order)}, lead_id ${sql.raw(order)}`,
    lookMax,
  })
}

function valueless(db: Db, filter: LeadFilter, page: Page, lookMax: number | undefined): Promise<ListedRow[]> {
  const { column, order } = orderOf(page.sorting)
  const isBehind = page.after === undefined ? sql<SqlBool>`true` : behindId(order, page.after[1])
  return lookingAt(db, filter, page, {
    where: sql<SqlBool>`${sql.ref(column)} is null and ${isBehind}`,
    orderBy: sql`lead_id ${sql.raw(order)}`,
    lookMax,
  })
}

function lookingAt(
  db: Db,
  filter: LeadFilter,
  { limit }: Page,
  {
    where,
    orderBy,
    lookMax,
  }: { where: RawBuilder<SqlBool>; orderBy: RawBuilder<unknown>; lookMax: number | undefined },
): Promise<ListedRow[]> {
  if (lookMax === undefined) return base(db, filter).where(where).orderBy(orderBy).limit(limit).execute()
  const looked = db
    .selectFrom('lead')
    .selectAll()
    .where('merged_into', 'is', null)
    .where(where)
    .orderBy(orderBy)
    .limit(lookMax)
    .as('lead')
  return db
    .selectFrom(looked)
    .select([...LISTED, accountName])
    .where((eb) => conditionOf(eb as unknown as Builder, filter))
    .orderBy(orderBy)
    .limit(limit)
    .execute()
}

/**
 * Most events put the next change off, so that no index of leads could hold it without being written each time; the queue of
 * what is due is such an index already. A circle is due when the first of its leads is; of the last instant that was looked at there may be
 * more, so that its leads are left out. So many leads are looked at as it takes.
 */
async function soonestFirst(db: Db, filter: LeadFilter, page: Page, lookMax: number): Promise<ListedRow[]> {
  const last = page.after?.[0] ?? -Infinity
  // Where circles have several leads, later ones of a circle that was looked at before may come now.
  const from = last > -Infinity && !(await haveCirclesColleagues(db)) ? last : undefined
  for (let count = 4 * page.limit; ; count *= 4) {
    const soonest = await soonestAmong(db, filter, page, { from, count: Math.min(count, lookMax) })
    if (soonest.length === page.limit || count >= lookMax) return soonest
  }
}

function soonestAmong(
  db: Db,
  filter: LeadFilter,
  { after, limit }: Page,
  { from, count }: { from: Instant | undefined; count: number },
): Promise<ListedRow[]> {
  const isBehind = after === undefined ? sql<SqlBool>`true` : behind(sql.ref('next_change_at'), 'asc', after, '')
  return db
    .with(
      (with_) => with_('due').materialized(),
      (with_) => {
        const due = with_.selectFrom('circle').select(['circle_id', 'due_at']).orderBy('due_at').limit(count)
        return from === undefined
          ? due.where('due_at', 'is not', null)
          : due.where(sql<SqlBool>`due_at >= to_timestamp(${from / 1000})`)
      },
    )
    .selectFrom('due')
    .innerJoin('lead', 'lead.circle_id', 'due.circle_id')
    .select([...LISTED.map((name) => `lead.${name}` as const), accountName])
    .where((eb) => conditionOf(eb as unknown as Builder, filter))
    .where(isBehind)
    .where(
      sql<SqlBool>`next_change_at < (select case when count(*) < ${count} then 'infinity' else max(due_at) end from due)`,
    )
    .orderBy('next_change_at')
    .orderBy('lead_id')
    .limit(limit)
    .execute()
}

const haveCirclesColleagues = async (db: Db) =>
  (await db.selectFrom('setting').select('name').where('name', '=', 'account_circles').executeTakeFirst()) !== undefined

/** Behind the last lead of the page before; those without a value are behind all others. */
function behind(value: RawBuilder<unknown>, order: 'asc' | 'desc', [last, id]: Place, column: string) {
  if (last === null) return sql<SqlBool>`${value} is null and ${behindId(order, id)}`
  const bound = column === 'expected_value' ? sql`${last}::double precision` : sql`to_timestamp(${last / 1000})`
  return sql<SqlBool>`(${value}, lead_id) ${sql.raw(order === 'asc' ? '>' : '<')} (${bound}, ${id}::uuid)`
}

const behindId = (order: 'asc' | 'desc', id: string) =>
  sql<SqlBool>`lead_id ${sql.raw(order === 'asc' ? '>' : '<')} ${id}::uuid`

/** How many leads fit, as the planner thinks: counting a million takes longer than anybody wants to wait. */
export async function estimateLeads(db: Db, filter: LeadFilter): Promise<number> {
  const query = db
    .selectFrom('lead')
    .select('lead_id')
    .where((eb) => conditionOf(eb, filter))
  const [plan] = await query.explain<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>('json')
  return plan!['QUERY PLAN'][0].Plan['Plan Rows']
}
