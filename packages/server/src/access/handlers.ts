import { orNull, RIGHTS_OF, RIGHTS_OF_PEOPLE, toInstantText, type access, type Right } from '@winnow/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import type { Auth, SignedIn } from './auth.ts'
import { addKey, listKeys, revokeKey, type KeyRow } from './keys.ts'
import type { Limits } from './limits.ts'
import {
  acceptInvitation,
  addInvitation,
  listInvitations,
  lookAtInvitation,
  lookAtPasswordLink,
  lookAtSetupLink,
  renewPasswordLink,
  revokeInvitation,
  usePasswordLink,
  useSetupLink,
  type InvitationRow,
} from './links.ts'
import { hashPassword } from './passwords.ts'
import {
  changePerson,
  endSession,
  endSessionsOf,
  forgetOldSessions,
  listPeople,
  listSessions,
  personIdOf,
  requirePerson,
  type PersonRow,
  type SessionRow,
} from './people.ts'
import { addSource, changeSource, listSources, rotateSource, type SourceLookup, type SourceRow } from './sources.ts'

export interface AccessParts {
  readonly db: Db
  readonly auth: Auth
  readonly limits: Limits
  readonly sources: SourceLookup
  readonly publicUrl: string | undefined
}

export function accessHandlers({ db, auth, limits, sources, publicUrl }: AccessParts): HandlersOf<typeof access> {
  /** Whoever guesses one person's password from many addresses is slowed as well; what was right does not count. */
  const asAccount = async <T>(email: string, attempt: () => Promise<T | undefined>): Promise<T | undefined> => {
    const account = email.toLowerCase()
    const wait = limits.take('account', account)
    if (wait !== undefined)
      throw new ServerError('rate_limited', 'too many attempts to sign in as this person', { retryAfterSeconds: wait })
    const result = await attempt()
    if (result !== undefined) limits.giveBack('account', account)
    return result
  }
  const signInAsNew = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { email, password }: { email: string; password: string },
  ) => {
    const signedIn = await auth.signIn(request, reply, { email, password, remember: true })
    if (signedIn === undefined) throw new Error('somebody new could not sign in')
    return toMe(signedIn)
  }
  /** For whoever asks to hand over, under the address by which they reach Winnow themselves. */
  const linkOf = (path: string, request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store')
    return new URL(path, publicUrl ?? `${request.protocol}://${request.host}`).href
  }
  return {
    setUp: async ({ body: { token, name, email, password }, request, reply, now, note }) => {
      await lookAtSetupLink(db, token, now) // a digest costs time, and is not for whoever has no link
      const person = { name, email, password: await hashPassword(password) }
      note({ person: await useSetupLink(db, { token, person, now }) })
      return signInAsNew(request, reply, { email, password })
    },

    signIn: async ({ body, request, reply, now, note }) => {
      const signedIn = await asAccount(body.email, () => auth.signIn(request, reply, body))
      if (signedIn !== undefined) {
        note({ person: signedIn.id, session: signedIn.sessionId })
        await forgetOldSessions(db, signedIn.id, now)
        return toMe(signedIn)
      }
      const person = await personIdOf(db, body.email)
      if (person !== undefined) {
        const refusal = { at: now, action: 'session.refuse', actor: undefined, params: undefined, address: request.ip }
        await appendAudit(db, { ...refusal, details: { person } })
      }
      throw new ServerError('sign_in_failed', 'e-mail address and password do not fit')
    },
    getSession: async ({ request, reply }) => toMe(required(await auth.refresh(request, reply))),
    signOut: async ({ request, reply, note }) => {
      const { sessionId, id } = required(await auth.whoIs(request))
      await endSession(db, { sessionId, personId: id })
      note({ session: sessionId })
      await auth.clearCookie(request, reply)
    },
    listSessions: async ({ actor, request, now }) => {
      const { sessionId } = required(await auth.whoIs(request))
      const sessions = await listSessions(db, actor!.id, now)
      return { items: sessions.map((session) => toSession(session, sessionId)) }
    },
    endSession: async ({ params: { session }, actor, note }) => {
      const mayEndAny = rightsOf(actor).has('people:write')
      const person = await endSession(db, { sessionId: session, personId: mayEndAny ? undefined : actor!.id })
      if (person === undefined) throw new ServerError('not_found', 'there is no such session')
      note({ person })
    },
    changePassword: async ({ body, request, reply, note }) => {
      const { email, id } = required(await auth.whoIs(request))
      const changed = await asAccount(email, async () =>
        (await auth.changePassword(request, reply, body)) ? true : undefined,
      )
      if (!changed) throw new ServerError('sign_in_failed', 'this is not the current password', { at: '/current' })
      note({ person: id })
    },
    resetPassword: async ({ body: { token, password }, request, reply, now, note }) => {
      await lookAtPasswordLink(db, token, now) // as above
      const digest = await hashPassword(password)
      const { personId, email } = await usePasswordLink(db, { token, password: digest, now })
      note({ person: personId })
      return signInAsNew(request, reply, { email, password })
    },

    listPeople: async () => ({ items: (await listPeople(db)).map(toPerson) }),
    changePerson: async ({ params, body: { name, role, isDisabled }, now, note }) => {
      const change = {
        ...(name !== undefined && { name }),
        ...(role !== undefined && { role }),
        ...(isDisabled !== undefined && { isDisabled }),
      }
      note({ ...(role && { role }), ...(isDisabled !== undefined && { isDisabled: String(isDisabled) }) })
      return toPerson(await changePerson(db, { personId: params.person, ...change, now }))
    },
    listSessionsOfPerson: async ({ params, request, now }) => {
      await requirePerson(db, params.person)
      const asking = request.headers.authorization === undefined ? await auth.whoIs(request) : undefined
      const sessions = await listSessions(db, params.person, now)
      return { items: sessions.map((session) => toSession(session, asking?.sessionId)) }
    },
    endSessionsOfPerson: ({ params }) => endSessionsOf(db, params.person),
    makePasswordLink: async ({ params, now, request, reply }) => {
      const { token, expiresAt } = await renewPasswordLink(db, params.person, now)
      return { link: linkOf(`/reset?token=${token}`, request, reply), expiresAt: toInstantText(expiresAt) }
    },

    listInvitations: async ({ now }) => ({ items: (await listInvitations(db, now)).map(toInvitation) }),
    invite: async ({ body, actor, now, request, reply, note }) => {
      const { token, ...invitation } = await addInvitation(db, { ...body, invitedBy: actor!.id }, now)
      note({ invitation: invitation.invitation_id, role: invitation.role })
      return { ...toInvitation(invitation), link: linkOf(`/join?token=${token}`, request, reply) }
    },
    revokeInvitation: ({ params, now }) => revokeInvitation(db, params.invitation, now),
    lookAtInvitation: async ({ body, now }) => {
      const { email, role, expires_at } = await lookAtInvitation(db, body.token, now)
      return { email, role, expiresAt: toInstantText(expires_at) }
    },
    acceptInvitation: async ({ body: { token, name, password }, request, reply, now, note }) => {
      await lookAtInvitation(db, token, now) // as above
      const digest = await hashPassword(password)
      const { personId, email } = await acceptInvitation(db, { token, name, password: digest, now })
      note({ person: personId })
      return signInAsNew(request, reply, { email, password })
    },

    listKeys: async () => ({ items: (await listKeys(db)).map(toKey) }),
    makeKey: async ({ body: { name, rights, expiresAt }, actor, now, reply, note }) => {
      requireGivable(rights, actor)
      if (expiresAt !== undefined && expiresAt <= now)
        throw new ServerError('request_invalid', 'the key would have expired already', { at: '/expiresAt' })
      const { key, ...row } = await addKey(db, { name, rights, expiresAt, madeBy: actor!.id }, now)
      note({ key: row.key_id, rights: row.rights.join(' ') })
      reply.header('cache-control', 'no-store')
      return { ...toKey(row), key }
    },
    revokeKey: ({ params, now }) => revokeKey(db, params.key, now),

    listSources: async () => ({ items: (await listSources(db)).map(toSource) }),
    addSource: async ({ body, now, note }) => {
      const added = await addSource(db, body.name, now)
      note({ source: added.source_id })
      sources.forget()
      return toSource(added)
    },
    changeSource: async ({ params, body: { name, isDisabled }, now, note }) => {
      const change = { ...(name !== undefined && { name }), ...(isDisabled !== undefined && { isDisabled }) }
      const changed = await changeSource(db, { sourceId: params.source, ...change, now })
      sources.forget()
      if (isDisabled !== undefined) note({ isDisabled: String(isDisabled) })
      return toSource(changed)
    },
    rotateSource: async ({ params, body: { graceHours }, now, note }) => {
      const changed = await rotateSource(db, { sourceId: params.source, graceHours, now })
      sources.forget()
      note({ graceHours })
      return toSource(changed)
    },
  }
}

function required(signedIn: SignedIn | undefined): SignedIn {
  if (signedIn === undefined) throw new ServerError('unauthenticated', 'the session has just ended')
  return signedIn
}

const NONE: ReadonlySet<Right> = new Set()
const rightsOf = (actor: Actor | undefined) => (actor === undefined || actor.kind === 'source' ? NONE : actor.rights)

function requireGivable(rights: readonly Right[], maker: Actor | undefined): void {
  const own = rightsOf(maker)
  const index = rights.findIndex((right) => RIGHTS_OF_PEOPLE.includes(right) || !own.has(right))
  if (index === -1) return
  const right = rights[index]!
  const why = RIGHTS_OF_PEOPLE.includes(right) ? 'is for people only' : 'is not yours to give'
  throw new ServerError('request_invalid', `the right \`${right}\` ${why}`, { at: `/rights/${index}` })
}

const toMe = ({ id, name, email, role, sessionId, expiresAt }: SignedIn) => ({
  person: { id, name, email, role, rights: [...RIGHTS_OF[role]] },
  session: { id: sessionId, expiresAt: toInstantText(expiresAt) },
})

const toSession = (row: SessionRow, thisId: string | undefined) => ({
  id: row.id,
  createdAt: toInstantText(row.created_at),
  expiresAt: toInstantText(row.expires_at),
  address: row.address,
  userAgent: row.user_agent,
  isThis: row.id === thisId,
})

const toPerson = ({ id, name, email, role, created_at, disabled_at }: PersonRow) => ({
  id,
  name,
  email,
  role,
  isDisabled: disabled_at !== null,
  createdAt: toInstantText(created_at),
})

const toInvitation = (row: InvitationRow) => ({
  id: row.invitation_id,
  email: row.email,
  role: row.role,
  invitedBy: row.invited_by,
  createdAt: toInstantText(row.created_at),
  expiresAt: toInstantText(row.expires_at),
})

const toKey = (row: KeyRow) => ({
  id: row.key_id,
  name: row.name,
  prefix: row.prefix,
  rights: [...row.rights],
  madeBy: row.made_by,
  createdAt: toInstantText(row.created_at),
  expiresAt: orNull(row.expires_at),
  lastUsedAt: orNull(row.last_used_at),
})

const toSource = (row: SourceRow) => ({
  id: row.source_id,
  name: row.name,
  writeKey: row.write_key,
  createdAt: toInstantText(row.created_at),
  isDisabled: row.disabled_at !== null,
  oldKeyUntil: orNull(row.old_until),
})
