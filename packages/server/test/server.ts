/** The whole server on a database of its own, without a socket, and people, keys and sources to call it with. */
import type { Right, Role } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { addKey } from '../src/access/keys.ts'
import { addPerson } from '../src/access/people.ts'
import { hashPassword } from '../src/access/passwords.ts'
import { addSource } from '../src/access/sources.ts'
import { readConfig } from '../src/config.ts'
import { assemble } from '../src/server.ts'
import type { TestDatabase } from './database.ts'

export interface TestServer {
  readonly app: FastifyInstance
  readonly database: TestDatabase
  readonly close: () => Promise<void>
}

export type Headers = Readonly<Record<string, string>>

export interface TestServerOptions {
  /** Settings by their names. */
  readonly settings?: Readonly<Record<string, string>>
  readonly now?: () => Instant
  /** To put a second server onto one database. */
  readonly database?: TestDatabase
  /** A built web app; none where not given. */
  readonly webFolder?: string
}

/** Where `app.inject` says that it calls. */
export const ORIGIN = 'http://localhost:80'
export const PASSWORD = 'correct horse battery'

export async function openTestServer({
  settings = {},
  now,
  database,
  webFolder = '/nowhere',
}: TestServerOptions = {}): Promise<TestServer> {
  // Read only where it is needed: long runs bring a database of their own and have no test runner.
  const own = database ?? (await (await import('./database.ts')).createTestDatabase())
  const { app, serve, drain } = await assemble(own, {
    config: readConfig({ WINNOW_COLUMNS: 'none', ...settings }, '/nowhere'),
    log: pino({ level: 'error' }),
    checksReplies: true,
    webFolder,
    ...(now && { now }),
  })
  await serve()
  return {
    app,
    database: own,
    close: async () => {
      await drain()
      await app.close()
      if (database === undefined) await own.drop()
    },
  }
}

/** Signing in is not what most tests are about. */
const QUICK = { N: 1024, r: 8, p: 1 }
let digest: Promise<string> | undefined
let people = 0

export interface TestPerson {
  readonly id: string
  readonly email: string
}

/** Somebody with `PASSWORD`. */
export async function addTestPerson({ database }: Pick<TestServer, 'database'>, role: Role): Promise<TestPerson> {
  const password = await (digest ??= hashPassword(PASSWORD, QUICK))
  const email = `${role}.${(people += 1)}@example.com`
  const person = { name: `The ${role}`, email, role, password }
  const id = await database.db.transaction().execute((tx) => addPerson(tx, person, Date.now()))
  return { id, email }
}

/** Headers of a browser in which this person has signed in. */
export async function signIn({ app }: TestServer, { email }: { email: string }): Promise<Headers> {
  const reply = await app.inject({ method: 'POST', url: '/api/session', payload: { email, password: PASSWORD } })
  if (reply.statusCode !== 200) throw new Error(`signing in answered ${reply.body}`)
  return browserHeaders(reply.headers['set-cookie'])
}

/** What a browser sends after it was given these cookies. */
export function browserHeaders(setCookie: string | string[] | undefined): Headers {
  const cookies = [setCookie ?? []].flat().map((cookie) => cookie.split(';')[0])
  return { cookie: cookies.join('; '), origin: ORIGIN }
}

/** Headers of a browser in which somebody new with this role has signed in. */
export async function signedInAs(server: TestServer, role: Role): Promise<Headers> {
  return signIn(server, await addTestPerson(server, role))
}

/** Headers with an API key that has these rights. */
export async function withKey({ database }: TestServer, rights: readonly Right[]): Promise<Headers> {
  const maker = await database.db.selectFrom('person').select('id').limit(1).executeTakeFirst()
  const madeBy = maker?.id ?? (await addTestPerson({ database }, 'admin')).id
  const { key } = await addKey(database.db, { name: 'test', rights, expiresAt: undefined, madeBy }, Date.now())
  return { authorization: `Bearer ${key}` }
}

export interface TestSource {
  readonly sourceId: string
  readonly writeKey: string
  /** Basic authentication with the write key. */
  readonly headers: Headers
}

export async function addTestSource({ database }: Pick<TestServer, 'database'>, name = 'Website'): Promise<TestSource> {
  const { source_id: sourceId, write_key: writeKey } = await addSource(database.db, name, Date.now())
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  return { sourceId, writeKey, headers: { authorization } }
}
