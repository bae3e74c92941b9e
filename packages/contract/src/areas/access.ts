/** Signing in, people and their sessions, invitations, API keys, sources. */
import { z } from 'zod'
import { instant, instantText, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { RIGHTS, ROLES, type Right } from '../rights.ts'

export const PASSWORD_CHARACTERS = { min: 10, max: 128 }

const role = z.enum(ROLES)
const right = z.enum(Object.keys(RIGHTS) as [Right, ...Right[]])
/** One line, without blanks at its ends: it is kept as it was sent, or refused. */
const displayName = z
  .string()
  .max(200)
  .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u)
const email = z
  .email()
  .max(254)
  .meta({ examples: ['ada@example.com'] })
/** Of a new password; an old one is checked against what is stored, and nothing else. */
const newPassword = z.string().min(PASSWORD_CHARACTERS.min).max(PASSWORD_CHARACTERS.max)
const givenPassword = z.string().min(1).max(PASSWORD_CHARACTERS.max)
const token = z.string().min(1).max(100)
const nothing = z.void()

const me = z.object({
  person: z.object({ id: uuid, name: z.string(), email: z.string(), role, rights: z.array(right) }),
  session: z.object({ id: uuid, expiresAt: instantText }),
})

const session = z.object({
  id: uuid,
  createdAt: instantText,
  expiresAt: instantText,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** The session that asks. */
  isThis: z.boolean(),
})

const person = z.object({
  id: uuid,
  name: z.string(),
  email: z.string(),
  role,
  isDisabled: z.boolean(),
  createdAt: instantText,
})

const invitation = z.object({
  id: uuid,
  email: z.string(),
  role,
  invitedBy: uuid.nullable(),
  createdAt: instantText,
  expiresAt: instantText,
})

const key = z.object({
  id: uuid,
  name: z.string(),
  prefix: z.string(),
  rights: z.array(right),
  madeBy: uuid.nullable(),
  createdAt: instantText,
  expiresAt: instantText.nullable(),
  lastUsedAt: instantText.nullable(),
})

const source = z.object({
  id: uuid,
  name: z.string(),
  writeKey: z.string(),
  createdAt: instantText,
  isDisabled: z.boolean(),
  /** Until when the write key before this one still works. */
  oldKeyUntil: instantText.nullable(),
})

const ADA = '0b7e1c1e-8f5c-4a35-9a37-0e5a5b1d3f10'
const THING = '5d0c8a3e-6a1b-4f0e-8a55-5b1f6f1f2c21'
const AT = '2026-03-01T10:00:00.000Z'

export const access = endpoints({
  // first run
  setUp: {
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first administrator',
    description: 'With the token of the link that Winnow prints while nobody exists yet. Signs in.',
    access: 'public',
    rate: 'sign_in',
    audit: 'person.set_up',
    body: z.strictObject({ token, name: displayName, email, password: newPassword }),
    reply: me,
    status: 201,
    example: { body: { token: '3m9…', name: 'Ada', email: 'ada@example.com', password: 'a long one, please' } },
  },

  // one's own
  signIn: {
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in',
    description:
      'Sets a cookie. Where `remember` is false, it goes when the browser closes and the session ends after a day.',
    access: 'public',
    rate: 'sign_in',
    audit: 'session.start',
    body: z.strictObject({ email, password: givenPassword, remember: z.boolean().default(true) }),
    reply: me,
    example: { body: { email: 'ada@example.com', password: 'a long one, please' } },
  },
  getSession: {
    method: 'GET',
    path: '/api/session',
    summary: 'Say who is signed in',
    description: 'Also lengthens the session, once a day.',
    access: 'signed_in',
    rate: 'read',
    reply: me,
  },
  signOut: {
    method: 'DELETE',
    path: '/api/session',
    summary: 'Sign out',
    access: 'signed_in',
    rate: 'write',
    audit: 'session.end',
    reply: nothing,
    status: 204,
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    summary: 'List my sessions',
    access: 'signed_in',
    rate: 'read',
    reply: z.object({ items: z.array(session) }),
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/:session',
    summary: 'End one session, at once',
    description: 'One’s own; with the right `people:write` anybody’s.',
    access: 'signed_in',
    rate: 'write',
    audit: 'session.end',
    params: z.object({ session: uuid }),
    reply: nothing,
    status: 204,
    example: { params: { session: THING } },
  },
  changePassword: {
    method: 'PUT',
    path: '/api/password',
    summary: 'Change my password',
    description: 'Ends all my other sessions; this one gets a new cookie.',
    access: 'signed_in',
    rate: 'sign_in',
    audit: 'password.change',
    body: z.strictObject({ current: givenPassword, next: newPassword }),
    reply: nothing,
    status: 204,
    example: { body: { current: 'a long one, please', next: 'another long one' } },
  },

  resetPassword: {
    method: 'POST',
    path: '/api/password/reset',
    summary: 'Replace a forgotten password',
    description: 'With the token of a link from an administrator. Ends all sessions of the person, and signs in.',
    access: 'public',
    rate: 'sign_in',
    audit: 'password.reset',
    body: z.strictObject({ token, password: newPassword }),
    reply: me,
    example: { body: { token: '3m9…', password: 'another long one' } },
  },

  // people
  listPeople: {
    method: 'GET',
    path: '/api/people',
    summary: 'List people',
    access: 'people:write',
    rate: 'read',
    reply: z.object({ items: z.array(person) }),
    example: {
      reply: {
        items: [{ id: ADA, name: 'Ada', email: 'ada@example.com', role: 'admin', isDisabled: false, createdAt: AT }],
      },
    },
  },
  changePerson: {
    method: 'PATCH',
    path: '/api/people/:person',
    summary: 'Change a person’s name or role, or disable them',
    description:
      'Takes effect with their next request; disabling also ends their sessions. The last administrator stays one.',
    access: 'people:write',
    rate: 'write',
    audit: 'person.change',
    params: z.object({ person: uuid }),
    body: z.strictObject({
      name: displayName.optional(),
      role: role.optional(),
      isDisabled: z.boolean().optional(),
    }),
    reply: person,
    example: { params: { person: ADA }, body: { role: 'analyst' } },
  },
  listSessionsOfPerson: {
    method: 'GET',
    path: '/api/people/:person/sessions',
    summary: 'List a person’s sessions',
    access: 'people:write',
    rate: 'read',
    params: z.object({ person: uuid }),
    reply: z.object({ items: z.array(session) }),
    example: { params: { person: ADA } },
  },
  endSessionsOfPerson: {
    method: 'DELETE',
    path: '/api/people/:person/sessions',
    summary: 'End all sessions of a person, at once',
    access: 'people:write',
    rate: 'write',
    audit: 'session.end_all',
    params: z.object({ person: uuid }),
    reply: nothing,
    status: 204,
    example: { params: { person: ADA } },
  },
  makePasswordLink: {
    method: 'POST',
    path: '/api/people/:person/password-link',
    summary: 'Make a link with which a person replaces a forgotten password',
    description: 'The reply holds the link, this once; it works once, for a day, and until the next one is made.',
    access: 'people:write',
    rate: 'write',
    audit: 'password.link',
    params: z.object({ person: uuid }),
    reply: z.object({ link: z.string(), expiresAt: instantText }),
    status: 201,
    example: { params: { person: ADA } },
  },

  // invitations
  listInvitations: {
    method: 'GET',
    path: '/api/invitations',
    summary: 'List invitations that can still be accepted',
    access: 'people:write',
    rate: 'read',
    reply: z.object({ items: z.array(invitation) }),
  },
  invite: {
    method: 'POST',
    path: '/api/invitations',
    summary: 'Invite somebody',
    description: 'The reply holds the link, this once; hand it over yourself.',
    access: 'people:write',
    rate: 'write',
    audit: 'invitation.make',
    body: z.strictObject({ email, role, days: z.number().int().min(1).max(30).default(7) }),
    reply: invitation.extend({ link: z.string() }),
    status: 201,
    example: { body: { email: 'grace@example.com', role: 'sales' } },
  },
  revokeInvitation: {
    method: 'DELETE',
    path: '/api/invitations/:invitation',
    summary: 'Take an invitation back',
    access: 'people:write',
    rate: 'write',
    audit: 'invitation.revoke',
    params: z.object({ invitation: uuid }),
    reply: nothing,
    status: 204,
    example: { params: { invitation: THING } },
  },
  lookAtInvitation: {
    method: 'POST',
    path: '/api/invitations/look',
    summary: 'Say what an invitation is for',
    access: 'public',
    rate: 'sign_in',
    body: z.strictObject({ token }),
    reply: z.object({ email: z.string(), role, expiresAt: instantText }),
    example: { body: { token: '3m9…' } },
  },
  acceptInvitation: {
    method: 'POST',
    path: '/api/invitations/accept',
    summary: 'Accept an invitation',
    description: 'Makes the person, with the invitation’s e-mail address and role, and signs in.',
    access: 'public',
    rate: 'sign_in',
    audit: 'person.join',
    body: z.strictObject({ token, name: displayName, password: newPassword }),
    reply: me,
    status: 201,
    example: { body: { token: '3m9…', name: 'Grace', password: 'a long one, please' } },
  },

  // API keys
  listKeys: {
    method: 'GET',
    path: '/api/keys',
    summary: 'List API keys that have not been revoked',
    access: 'keys:write',
    rate: 'read',
    reply: z.object({ items: z.array(key) }),
  },
  makeKey: {
    method: 'POST',
    path: '/api/keys',
    summary: 'Make an API key',
    description:
      'The reply holds the key, this once. It has the rights given, at most those of its maker, and none that are for people only. It goes on when its maker leaves: it is the company’s.',
    access: 'keys:write',
    rate: 'write',
    audit: 'key.make',
    body: z.strictObject({ name: displayName, rights: z.array(right).min(1).max(50), expiresAt: instant.optional() }),
    reply: key.extend({ key: z.string() }),
    status: 201,
    example: { body: { name: 'Nightly export', rights: ['leads:read', 'exports:read'] } },
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/keys/:key',
    summary: 'Revoke an API key, at once',
    access: 'keys:write',
    rate: 'write',
    audit: 'key.revoke',
    params: z.object({ key: uuid }),
    reply: nothing,
    status: 204,
    example: { params: { key: THING } },
  },

  // sources
  listSources: {
    method: 'GET',
    path: '/api/sources',
    summary: 'List sources, with their write keys',
    access: 'settings:write',
    rate: 'read',
    reply: z.object({ items: z.array(source) }),
  },
  addSource: {
    method: 'POST',
    path: '/api/sources',
    summary: 'Add a source',
    access: 'settings:write',
    rate: 'write',
    audit: 'source.add',
    body: z.strictObject({ name: displayName }),
    reply: source,
    status: 201,
    example: { body: { name: 'Website' } },
  },
  changeSource: {
    method: 'PATCH',
    path: '/api/sources/:source',
    summary: 'Rename, disable or enable a source',
    description: 'Every server knows within five seconds.',
    access: 'settings:write',
    rate: 'write',
    audit: 'source.change',
    params: z.object({ source: uuid }),
    body: z.strictObject({ name: displayName.optional(), isDisabled: z.boolean().optional() }),
    reply: source,
    example: { params: { source: THING }, body: { isDisabled: true } },
  },
  rotateSource: {
    method: 'POST',
    path: '/api/sources/:source/rotate',
    summary: 'Give a source a new write key',
    description: 'The one before goes on for `graceHours`, so that pages and apps can be changed meanwhile.',
    access: 'settings:write',
    rate: 'write',
    audit: 'source.rotate',
    params: z.object({ source: uuid }),
    body: z.strictObject({ graceHours: z.number().int().min(0).max(720).default(0) }),
    reply: source,
    example: { params: { source: THING }, body: { graceHours: 24 } },
  },
})
