/** Accounts in the database. */
import type { FactValue, Instant } from '@winnow/engine'
import { sql, type SqlBool } from 'kysely'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'

export interface AccountRow {
  readonly account_id: string
  readonly name: string | null
  readonly attributes: Readonly<Record<string, FactValue>>
  readonly attribute_times: Readonly<Record<string, readonly [at: Instant, factId: string]>>
  readonly created_at: Instant
}

/** What was said of its name counts more than the id or domain that it was first known by. */
const NAME = sql<string | null>`coalesce(attributes ->> 'name', name)`.as('name')

const COLUMNS = ['account_id', NAME, 'attributes', 'attribute_times', 'created_at'] as const

/** The account that this one is now. @throws ServerError `not_found` */
export async function requireAccount(db: Db, id: string, at = 'params.account'): Promise<AccountRow> {
  const row = await db
    .selectFrom('account')
    .select(COLUMNS)
    .where('account_id', '=', (eb) =>
      eb
        .selectFrom('account as named')
        .select(sql<string>`coalesce(named.merged_into, named.account_id)`.as('root'))
        .where('named.account_id', '=', id),
    )
    .executeTakeFirst()
  if (row === undefined) throw new ServerError('not_found', `there is no account ${id}`, { at })
  return row
}

export async function accountIdOf(db: Db, { kind, value }: { kind: string; value: string }): Promise<string> {
  const { account_id } = await db
    .selectFrom('account_identity')
    .select('account_id')
    .where('kind', '=', kind)
    .where('value', '=', value)
    .executeTakeFirstOrThrow()
  return account_id
}

/** The account and all that are part of it. @param id  one that stands for itself */
export async function accountParts(db: Db, id: string): Promise<string[]> {
  const rows = await db.selectFrom('account').select('account_id').where('merged_into', '=', id).execute()
  return [id, ...rows.map(({ account_id }) => account_id).sort()]
}

export const accountNames = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('account_identity')
    .select(['kind', 'value'])
    .where('account_id', 'in', ids)
    .orderBy('kind')
    .orderBy('value')
    .execute()

export const stagesOf = (db: Db, id: string) =>
  db
    .selectFrom('lead')
    .select(['stage', sql<number>`count(*)`.as('count')])
    .where('account_id', '=', id)
    .where('merged_into', 'is', null)
    .groupBy('stage')
    .execute()

export type AccountPlace = readonly [createdAt: Instant, accountId: string]

/** Newest first. */
export function listAccounts(
  db: Db,
  { q, after, limit }: { q?: string | undefined; after?: AccountPlace | undefined; limit: number },
): Promise<AccountRow[]> {
  let rows = db
    .selectFrom('account')
    .select(COLUMNS)
    .where('merged_into', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('account_id', 'desc')
    .limit(limit)
  if (q !== undefined) {
    const beginning = `${q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    rows = rows.where(sql<SqlBool>`account_id in (
      select coalesce(merged_into, account_id) from account
      where lower(name) like ${beginning} or (attributes ? 'name' and lower(attributes ->> 'name') like ${beginning})
      union select coalesce(merged_into, account_id) from account_identity join account using (account_id)
      where lower(value) like ${beginning})`)
  }
  if (after !== undefined)
    rows = rows.where(sql<SqlBool>`(created_at, account_id) < (to_timestamp(${after[0] / 1000}), ${after[1]}::uuid)`)
  return rows.execute()
}

/** Newest first, those that were undone among them. */
export const accountMergesOf = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('account_merge as m')
    .innerJoin('account as part', 'part.account_id', 'm.account_id')
    .innerJoin('account as whole', 'whole.account_id', 'm.into_account_id')
    .select([
      'm.account_id',
      'm.into_account_id',
      'm.merged_at',
      'm.because',
      'm.merged_by',
      'm.undone_at',
      'm.undone_by',
    ])
    .select([
      sql<string | null>`coalesce(part.attributes ->> 'name', part.name)`.as('name'),
      sql<string | null>`coalesce(whole.attributes ->> 'name', whole.name)`.as('into_name'),
    ])
    .where((eb) => eb.or([eb('m.account_id', 'in', ids), eb('m.into_account_id', 'in', ids)]))
    .orderBy('m.merge_id', 'desc')
    .execute()
