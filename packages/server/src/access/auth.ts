/** better-auth, on our own pool and tables: passwords, sessions and their cookies. Nothing else of the server knows of it. */
import { betterAuth } from 'better-auth'
import type { Role } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KyselyPlugin, UnknownRow } from 'kysely'
import type { Logger } from 'pino'
import type { Db } from '../db/database.ts'
import { hashPassword, verifyPassword } from './passwords.ts'

export interface SignedIn {
  readonly sessionId: string
  readonly expiresAt: Instant
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

export interface Auth {
  /** @returns undefined where nobody is signed in, the session has ended or the person is disabled */
  readonly whoIs: (request: FastifyRequest) => Promise<SignedIn | undefined>
  /** The same, and lengthens the session where a day has passed. */
  readonly refresh: (request: FastifyRequest, reply: FastifyReply) => Promise<SignedIn | undefined>
  /** Sets the cookie. @returns undefined where address and password do not fit, or the person is disabled */
  readonly signIn: (
    request: FastifyRequest,
    reply: FastifyReply,
    given: { readonly email: string; readonly password: string; readonly remember: boolean },
  ) => Promise<SignedIn | undefined>
  /** Takes the cookie back; the session itself is ended by `people.endSession`. */
  readonly clearCookie: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Ends all other sessions and sets a new cookie. @returns false where the current password is another one */
  readonly changePassword: (
    request: FastifyRequest,
    reply: FastifyReply,
    given: { readonly current: string; readonly next: string },
  ) => Promise<boolean>
  /** True where the request has a cookie of ours, whatever it is worth. */
  readonly hasCookie: (request: FastifyRequest) => boolean
}

const COOKIE_PREFIX = 'winnow'
/** Where better-auth looks for an address: a header that only we write, into headers that only it reads. */
const ADDRESS_HEADER = 'x-winnow-address'
const SESSION_SECONDS = 14 * 86_400
const USER_AGENT_MAX = 300

export interface AuthOptions {
  readonly db: Db
  readonly secret: string
  readonly publicUrl: string | undefined
  readonly log: Logger
}

export function createAuth({ db, secret, publicUrl, log }: AuthOptions): Auth {
  const auth = betterAuth({
    appName: 'Winnow',
    baseURL: publicUrl ?? 'http://localhost', // its own routes are not served; cookies are told below
    secrets: [{ version: 1, value: secret }],
    database: { db: db.withPlugin(datesForInstants), type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    experimental: { instrumentation: { enabled: false } },
    rateLimit: { enabled: false }, // ours cover every route
    logger: { level: 'error', log: (_level, message) => log.error({ from: 'better-auth' }, message) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // people come by invitation
      minPasswordLength: 1, // the schema of each endpoint says more
      maxPasswordLength: 128,
      password: { hash: (password) => hashPassword(password), verify: verifyPassword },
    },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        role: { type: 'string', required: true, input: false },
        disabledAt: { type: 'date', required: false, input: false, fieldName: 'disabled_at' },
      },
    },
    session: {
      expiresIn: SESSION_SECONDS,
      updateAge: 86_400,
      cookieCache: { enabled: false }, // a session that was ended must not live on in a cookie
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'credential',
      fields: {
        userId: 'person_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      database: { generateId: 'uuid', validateSchema: false },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: 128 },
    },
  })

  const read = async (headers: Headers, mayRefresh: boolean) => {
    const { headers: answer, response } = await auth.api.getSession({
      headers,
      query: { disableRefresh: !mayRefresh },
      returnHeaders: true,
    })
    return { answer, signedIn: response ? toSignedIn(response) : undefined }
  }

  return {
    whoIs: async (request) => (await read(headersOf(request), false)).signedIn,
    refresh: async (request, reply) => {
      const { answer, signedIn } = await read(headersOf(request), true)
      passCookies(answer, reply)
      return signedIn
    },
    signIn: async (request, reply, { email, password, remember }) => {
      const answer = await orRefused(() =>
        auth.api.signInEmail({
          headers: headersOf(request),
          body: { email, password, rememberMe: remember },
          returnHeaders: true,
        }),
      )
      if (answer === undefined) return undefined
      const { signedIn } = await read(withCookies(headersOf(request), answer.headers), false)
      if (signedIn !== undefined) passCookies(answer.headers, reply)
      return signedIn
    },
    clearCookie: async (request, reply) => {
      const { headers } = await auth.api.signOut({ headers: headersOf(request), returnHeaders: true })
      passCookies(headers, reply)
    },
    changePassword: async (request, reply, { current, next }) => {
      const answer = await orRefused(() =>
        auth.api.changePassword({
          headers: headersOf(request),
          body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
          returnHeaders: true,
        }),
      )
      if (answer === undefined) return false
      passCookies(answer.headers, reply)
      return true
    },
    hasCookie: ({ headers: { cookie } }) => cookie?.includes(`${COOKIE_PREFIX}.session_token=`) ?? false,
  }
}

interface Found {
  readonly session: { readonly id: string; readonly expiresAt: Date }
  readonly user: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly role: string
    readonly disabledAt?: Date | null | undefined
  }
}

function toSignedIn({ session, user }: Found): SignedIn | undefined {
  if (user.disabledAt) return undefined
  const { id, name, email, role } = user
  return { sessionId: session.id, expiresAt: session.expiresAt.getTime(), id, name, email, role: role as Role }
}

/** What better-auth has to know of a request, and nothing that a client could make up. */
function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers()
  const { cookie, 'user-agent': userAgent } = request.headers
  if (cookie !== undefined) headers.set('cookie', cookie)
  if (userAgent !== undefined) headers.set('user-agent', userAgent.slice(0, USER_AGENT_MAX))
  headers.set(ADDRESS_HEADER, request.ip)
  return headers
}

/** As the browser would send them back. */
function withCookies(headers: Headers, answer: Headers): Headers {
  headers.set(
    'cookie',
    answer
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  )
  return headers
}

function passCookies(answer: Headers, reply: FastifyReply): void {
  const cookies = answer.getSetCookie()
  if (cookies.length > 0) reply.header('set-cookie', cookies)
  reply.header('cache-control', 'no-store')
}

/** @returns undefined where better-auth says that what was given is wrong */
async function orRefused<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    const { statusCode } = error as { statusCode?: number }
    if (statusCode === 400 || statusCode === 401) return undefined
    throw error
  }
}

/** better-auth computes with dates; our connections read instants as milliseconds. */
const datesForInstants: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(withDates) }),
}

const withDates = (row: UnknownRow): UnknownRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      name.endsWith('_at') && typeof value === 'number' ? new Date(value) : value,
    ]),
  )
