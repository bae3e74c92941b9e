/** Accounts in the database. */
import type { FactValue, Instant } from '@winnow/engine'
import { sql, type SqlBool } from 'kysely'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'

export interface AccountRow {
  readonly account_id: string
  readonly name: string | null
  readonly attributes: Readonly<Record<string, FactValue>>
  readonly created_at: Instant
}

/** What was said of its name counts more than the id or domain that it was first known by. */
const NAME = sql<string | null>`coalesce(attributes ->> 'name', name)`.as('name')

/** @throws ServerError `not_found` */
export async function requireAccount(db: Db, id: string, at = 'params.account'): Promise<AccountRow> {
  const row = await db
    .selectFrom('account')
    .select(['account_id', NAME, 'attributes', 'created_at'])
    .where('account_id', '=', id)
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

export const accountNames = (db: Db, id: string) =>
  db
    .selectFrom('account_identity')
    .select(['kind', 'value'])
    .where('account_id', '=', id)
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
    .select(['account_id', NAME, 'attributes', 'created_at'])
    .orderBy('created_at', 'desc')
    .orderBy('account_id', 'desc')
    .limit(limit)
  if (q !== undefined) {
    const beginning = `${q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    rows = rows.where(sql<SqlBool>`account_id in (
      select account_id from account where lower(name) like ${beginning} or (attributes ? 'name' and lower(attributes ->> 'name') like ${beginning})
      union select account_id from account_identity where lower(value) like ${beginning})`)
  }
  if (after !== undefined)
    rows = rows.where(sql<SqlBool>`(created_at, account_id) < (to_timestamp(${after[0] / 1000}), ${after[1]}::uuid)`)
  return rows.execute()
}
