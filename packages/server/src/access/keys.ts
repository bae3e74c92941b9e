/** API keys in the database: found by their prefix, known by their digest. */
import type { Right } from '@winnow/contract'
import { formatInstant, type Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import { digestOf, isSameDigest, randomText } from './tokens.ts'

const PREFIX_CHARACTERS = 8
const SECRET_CHARACTERS = 40
const FORM = /^(wk_[0-9a-z]{8})_[0-9a-z]{40}$/
const USE_MS = 60_000

export interface KeyRow {
  readonly key_id: string
  readonly name: string
  readonly prefix: string
  readonly rights: readonly Right[]
  readonly made_by: string | null
  readonly created_at: Instant
  readonly expires_at: Instant | null
  readonly last_used_at: Instant | null
}

const COLUMNS = ['key_id', 'name', 'prefix', 'rights', 'made_by', 'created_at', 'expires_at', 'last_used_at'] as const

export interface NewKey {
  readonly name: string
  readonly rights: readonly Right[]
  readonly expiresAt: Instant | undefined
  readonly madeBy: string
}

/** @returns with the key itself, which is nowhere else */
export async function addKey(
  db: Db,
  { name, rights, expiresAt, madeBy }: NewKey,
  now: Instant,
): Promise<KeyRow & { key: string }> {
  const prefix = `wk_${randomText(PREFIX_CHARACTERS)}`
  const key = `${prefix}_${randomText(SECRET_CHARACTERS)}`
  const added = await db
    .insertInto('api_key')
    .values({
      name,
      prefix,
      hash: digestOf(key),
      rights: [...new Set(rights)],
      made_by: madeBy,
      created_at: formatInstant(now),
      expires_at: expiresAt === undefined ? null : formatInstant(expiresAt),
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
  return { ...added, key }
}

export const listKeys = (db: Db): Promise<KeyRow[]> =>
  db
    .selectFrom('api_key')
    .select(COLUMNS)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('key_id')
    .execute()

/** @throws ServerError `not_found` */
export async function revokeKey(db: Db, keyId: string, now: Instant): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('api_key')
    .set({ revoked_at: formatInstant(now) })
    .where('key_id', '=', keyId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new ServerError('not_found', 'there is no such key')
}

/** Asks the database each time: a key that was revoked is revoked for every server at once. */
export async function findKey(db: Db, given: string, now: Instant): Promise<Actor | undefined> {
  const [, prefix] = FORM.exec(given) ?? []
  if (prefix === undefined) return undefined
  const found = await db
    .selectFrom('api_key')
    .select(['key_id', 'name', 'hash', 'rights', 'expires_at', 'last_used_at'])
    .where('prefix', '=', prefix)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (found === undefined || !isSameDigest(found.hash, digestOf(given))) return undefined
  if (found.expires_at !== null && found.expires_at <= now) return undefined
  if (found.last_used_at === null || now - found.last_used_at >= USE_MS) await noteUse(db, found.key_id, now)
  return { kind: 'key', id: found.key_id, name: found.name, rights: new Set(found.rights) }
}

/** At most once a minute, also when requests come at the same moment or other servers see them. */
async function noteUse(db: Db, keyId: string, now: Instant): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at: formatInstant(now) })
    .where('key_id', '=', keyId)
    .where((where) =>
      where.or([where('last_used_at', 'is', null), where('last_used_at', '<=', timestamp(now - USE_MS))]),
    )
    .execute()
}
