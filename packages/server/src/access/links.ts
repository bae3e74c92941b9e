/** Links that work once: the one that makes the first administrator, invitations, and those for forgotten passwords. */
import type { Role } from '@winnow/contract'
import { formatInstant, type Instant } from '@winnow/engine'
import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import { LOCKS } from '../db/locks.ts'
import type { Tables } from '../db/tables.ts'
import { timestamp } from '../db/timestamp.ts'
import { ServerError } from '../errors.ts'
import { addPerson, replacePassword, requirePerson, type NewPerson } from './people.ts'
import { digestOf, randomText } from './tokens.ts'

const DAY_MS = 86_400_000
const TOKEN_CHARACTERS = 32

/** Held while the first administrator is made or a link for that is given out. */
const lockSetup = (tx: Transaction<Tables>) => sql`select pg_advisory_xact_lock(${LOCKS.setup})`.execute(tx)

async function isAnybodyThere(tx: Transaction<Tables>): Promise<boolean> {
  return (await tx.selectFrom('person').select('id').limit(1).execute()).length > 0
}

/**
 * A new link, good for a day, in place of the one before.
 * @returns its token; undefined where somebody exists already
 */
export function renewSetupLink(db: Db, now: Instant): Promise<string | undefined> {
  return db.transaction().execute(async (tx) => {
    await lockSetup(tx)
    await tx.deleteFrom('setup_link').execute()
    if (await isAnybodyThere(tx)) return undefined
    const token = randomText(TOKEN_CHARACTERS)
    const link = { token_hash: digestOf(token), expires_at: formatInstant(now + DAY_MS) }
    await tx.insertInto('setup_link').values(link).execute()
    return token
  })
}

/** @throws ServerError `link_invalid` */
export async function lookAtSetupLink(db: Db, token: string, now: Instant): Promise<void> {
  const found = await db
    .selectFrom('setup_link')
    .select('place')
    .where('token_hash', '=', digestOf(token))
    .where('expires_at', '>', timestamp(now))
    .execute()
  if (found.length === 0) throw invalid()
}

/**
 * @returns the person's id
 * @throws ServerError `link_invalid`
 */
export function useSetupLink(
  db: Db,
  { token, person, now }: { token: string; person: Omit<NewPerson, 'role'>; now: Instant },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await lockSetup(tx)
    const used = await tx
      .deleteFrom('setup_link')
      .where('token_hash', '=', digestOf(token))
      .where('expires_at', '>', timestamp(now))
      .returning('place')
      .execute()
    if (used.length === 0 || (await isAnybodyThere(tx))) throw invalid()
    return addPerson(tx, { ...person, role: 'admin' }, now)
  })
}

const invalid = () => new ServerError('link_invalid', 'this link does not work, or no longer')

export interface InvitationRow {
  readonly invitation_id: string
  readonly email: string
  readonly role: Role
  readonly invited_by: string | null
  readonly created_at: Instant
  readonly expires_at: Instant
}

const COLUMNS = ['invitation_id', 'email', 'role', 'invited_by', 'created_at', 'expires_at'] as const

export interface NewInvitation {
  readonly email: string
  readonly role: Role
  readonly days: number
  readonly invitedBy: string | null
}

/** @throws ServerError `conflict` where somebody has this address already */
export async function addInvitation(
  db: Db,
  { email, role, days, invitedBy }: NewInvitation,
  now: Instant,
): Promise<InvitationRow & { token: string }> {
  const address = email.toLowerCase()
  const taken = await db.selectFrom('person').select('id').where('email', '=', address).execute()
  if (taken.length > 0) throw new ServerError('conflict', 'somebody has this e-mail address already', { at: '/email' })
  const token = randomText(TOKEN_CHARACTERS)
  const added = await db
    .insertInto('invitation')
    .values({
      token_hash: digestOf(token),
      email: address,
      role,
      invited_by: invitedBy,
      created_at: formatInstant(now),
      expires_at: formatInstant(now + days * DAY_MS),
      used_by: null,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
  return { ...added, token }
}

const openInvitations = (db: Db | Transaction<Tables>, now: Instant) =>
  db
    .selectFrom('invitation')
    .select(COLUMNS)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', timestamp(now))

export const listInvitations = (db: Db, now: Instant): Promise<InvitationRow[]> =>
  openInvitations(db, now).orderBy('created_at', 'desc').orderBy('invitation_id').execute()

/** @throws ServerError `link_invalid` */
export async function lookAtInvitation(db: Db, token: string, now: Instant): Promise<InvitationRow> {
  const found = await openInvitations(db, now).where('token_hash', '=', digestOf(token)).executeTakeFirst()
  if (found === undefined) throw invalid()
  return found
}

/** @throws ServerError `not_found` where there is none that could still be accepted */
export async function revokeInvitation(db: Db, invitationId: string, now: Instant): Promise<void> {
  const at = formatInstant(now)
  const { numUpdatedRows } = await db
    .updateTable('invitation')
    .set({ revoked_at: at })
    .where('invitation_id', '=', invitationId)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new ServerError('not_found', 'there is no such invitation')
}

/**
 * @returns id and address of the person made
 * @throws ServerError `link_invalid`, `conflict`
 */
export function acceptInvitation(
  db: Db,
  { token, name, password, now }: { token: string; name: string; password: string; now: Instant },
): Promise<{ personId: string; email: string }> {
  return db.transaction().execute(async (tx) => {
    // Locked: a second use waits, and then finds it used.
    const found = await openInvitations(tx, now)
      .where('token_hash', '=', digestOf(token))
      .forUpdate()
      .executeTakeFirst()
    if (found === undefined) throw invalid()
    const { invitation_id, email, role } = found
    const personId = await addPerson(tx, { name, email, role, password }, now)
    await tx
      .updateTable('invitation')
      .set({ used_at: formatInstant(now), used_by: personId })
      .where('invitation_id', '=', invitation_id)
      .execute()
    return { personId, email }
  })
}

/**
 * @returns a token that works once, for a day; the one before stops
 * @throws ServerError `not_found`
 */
export async function renewPasswordLink(
  db: Db,
  personId: string,
  now: Instant,
): Promise<{ token: string; expiresAt: Instant }> {
  await requirePerson(db, personId)
  const token = randomText(TOKEN_CHARACTERS)
  const expiresAt = now + DAY_MS
  const link = { token_hash: digestOf(token), expires_at: formatInstant(expiresAt) }
  await db
    .insertInto('password_link')
    .values({ person_id: personId, ...link })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(link))
    .execute()
  return { token, expiresAt }
}

/** @throws ServerError `link_invalid` */
export async function lookAtPasswordLink(db: Db, token: string, now: Instant): Promise<void> {
  const found = await db
    .selectFrom('password_link')
    .select('person_id')
    .where('token_hash', '=', digestOf(token))
    .where('expires_at', '>', timestamp(now))
    .execute()
  if (found.length === 0) throw invalid()
}

/**
 * Sets the password and ends all sessions.
 * @param password  a digest, as `hashPassword` makes it
 * @returns whose it is
 * @throws ServerError `link_invalid`
 */
export function usePasswordLink(
  db: Db,
  { token, password, now }: { token: string; password: string; now: Instant },
): Promise<{ personId: string; email: string }> {
  return db.transaction().execute(async (tx) => {
    // A second use waits for the first, and then finds nothing.
    const used = await tx
      .deleteFrom('password_link')
      .where('token_hash', '=', digestOf(token))
      .where('expires_at', '>', timestamp(now))
      .returning('person_id')
      .executeTakeFirst()
    if (used === undefined) throw invalid()
    const email = await replacePassword(tx, { personId: used.person_id, password, now })
    if (email === undefined) throw invalid()
    return { personId: used.person_id, email }
  })
}
