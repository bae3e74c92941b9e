/** People and their sessions in the database. */
import type { Role } from '@winnow/contract'
import { formatInstant, type Instant } from '@winnow/engine'
import type { Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { timestamp } from '../db/timestamp.ts'
import { ServerError } from '../errors.ts'

export interface PersonRow {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly created_at: Instant
  readonly disabled_at: Instant | null
}

const COLUMNS = ['id', 'name', 'email', 'role', 'created_at', 'disabled_at'] as const

export interface NewPerson {
  readonly name: string
  readonly email: string
  readonly role: Role
  /** A digest, as `hashPassword` makes it. */
  readonly password: string
}

/**
 * @returns the person's id
 * @throws ServerError `conflict` where somebody has this address already
 */
export async function addPerson(tx: Transaction<Tables>, person: NewPerson, now: Instant): Promise<string> {
  const at = formatInstant(now)
  const { name, role, password } = person
  const added = await tx
    .insertInto('person')
    .values({ name, email: person.email.toLowerCase(), role, created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (added === undefined) throw new ServerError('conflict', 'somebody has this e-mail address already')
  const { id } = added
  await tx
    .insertInto('credential')
    .values({ person_id: id, provider_id: 'credential', account_id: id, password, created_at: at, updated_at: at })
    .execute()
  return id
}

export const listPeople = (db: Db): Promise<PersonRow[]> =>
  db.selectFrom('person').select(COLUMNS).orderBy('name').orderBy('id').execute()

export async function personIdOf(db: Db, email: string): Promise<string | undefined> {
  const found = await db.selectFrom('person').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst()
  return found?.id
}

/**
 * Also ends all sessions of the person.
 * @returns their address; undefined where the person is disabled
 */
export async function replacePassword(
  tx: Transaction<Tables>,
  { personId, password, now }: { personId: string; password: string; now: Instant },
): Promise<string | undefined> {
  const person = await tx
    .selectFrom('person')
    .select('email')
    .where('id', '=', personId)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (person === undefined) return undefined
  await tx
    .updateTable('credential')
    .set({ password, updated_at: formatInstant(now) })
    .where('person_id', '=', personId)
    .where('provider_id', '=', 'credential')
    .execute()
  await tx.deleteFrom('session').where('person_id', '=', personId).execute()
  return person.email
}

/** Held while a change could take the last administrator away: two of them cannot demote each other at the same moment. */
const lockAdministrators = (tx: Transaction<Tables>) =>
  tx
    .selectFrom('person')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()

/**
 * @throws ServerError `not_found`, `last_administrator`
 */
export function changePerson(
  db: Db,
  { personId, now, ...change }: { personId: string; name?: string; role?: Role; isDisabled?: boolean; now: Instant },
): Promise<PersonRow> {
  return db.transaction().execute(async (tx) => {
    const administrators = await lockAdministrators(tx)
    const { name, role, isDisabled } = change
    const staysAdministrator = (role ?? 'admin') === 'admin' && isDisabled !== true
    if (!staysAdministrator && administrators.length === 1 && administrators[0]!.id === personId)
      throw new ServerError('last_administrator', 'this is the last administrator')
    const at = formatInstant(now)
    const changed = await tx
      .updateTable('person')
      .set({
        updated_at: at,
        ...(name !== undefined && { name }),
        ...(role !== undefined && { role }),
        ...(isDisabled !== undefined && { disabled_at: isDisabled ? at : null }),
      })
      .where('id', '=', personId)
      .returning(COLUMNS)
      .executeTakeFirst()
    if (changed === undefined) throw new ServerError('not_found', 'there is no such person')
    // Also when somebody is let in again: what was signed in before stays out.
    if (isDisabled !== undefined) await tx.deleteFrom('session').where('person_id', '=', personId).execute()
    return changed
  })
}

export interface SessionRow {
  readonly id: string
  readonly created_at: Instant
  readonly expires_at: Instant
  readonly address: string | null
  readonly user_agent: string | null
}

/** Those that have not run out, newest first. */
export const listSessions = (db: Db, personId: string, now: Instant): Promise<SessionRow[]> =>
  db
    .selectFrom('session')
    .select(['id', 'created_at', 'expires_at', 'address', 'user_agent'])
    .where('person_id', '=', personId)
    .where('expires_at', '>', timestamp(now))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()

/**
 * @param personId  whose session it must be; undefined for anybody's
 * @returns whose it was; undefined where there is none
 */
export async function endSession(
  db: Db,
  { sessionId, personId }: { sessionId: string; personId: string | undefined },
): Promise<string | undefined> {
  let ending = db.deleteFrom('session').where('id', '=', sessionId).returning('person_id')
  if (personId !== undefined) ending = ending.where('person_id', '=', personId)
  return (await ending.executeTakeFirst())?.person_id
}

/** Those that have run out, and were never used again: nobody else would remove them. */
export async function forgetOldSessions(db: Db, personId: string, now: Instant): Promise<void> {
  await db.deleteFrom('session').where('person_id', '=', personId).where('expires_at', '<=', timestamp(now)).execute()
}

/** @throws ServerError `not_found` */
export async function endSessionsOf(db: Db, personId: string): Promise<void> {
  await requirePerson(db, personId)
  await db.deleteFrom('session').where('person_id', '=', personId).execute()
}

/** @throws ServerError `not_found` */
export async function requirePerson(db: Db, personId: string): Promise<void> {
  const found = await db.selectFrom('person').select('id').where('id', '=', personId).executeTakeFirst()
  if (found === undefined) throw new ServerError('not_found', 'there is no such person')
}
