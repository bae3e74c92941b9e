/** A link with which somebody sets a new password, for whoever has the machine: an administrator who forgot theirs. */
import type { Instant } from '@winnow/engine'
import { appendAudit } from '../audit/audit.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { withDatabase } from '../db/with-database.ts'
import { ServerError } from '../errors.ts'
import { renewPasswordLink } from './links.ts'

export interface ResetLink {
  readonly link: string
  readonly expiresAt: Instant
}

/** @throws ServerError `not_found` where nobody who may sign in has this address */
export const makeResetLink = (config: Config, email: string, now: Instant = Date.now()): Promise<ResetLink> =>
  withDatabase(config, ({ db }) => resetLinkFor(db, { email, base: baseOf(config), now }))

const baseOf = ({ publicUrl, host, port }: Config) =>
  publicUrl ?? `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`

export async function resetLinkFor(
  db: Db,
  { email, base, now }: { email: string; base: string; now: Instant },
): Promise<ResetLink> {
  const person = await db
    .selectFrom('person')
    .select('id')
    .where('email', '=', email.trim().toLowerCase())
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (person === undefined) throw new ServerError('not_found', `nobody signs in as ${email}`)
  return db.transaction().execute(async (tx) => {
    const { token, expiresAt } = await renewPasswordLink(tx, person.id, now)
    await appendAudit(tx, {
      at: now,
      action: 'password.link',
      actor: undefined,
      params: { person: person.id },
      details: {},
      address: 'command line',
    })
    return { link: new URL(`/reset?token=${token}`, base).href, expiresAt }
  })
}
