/** Every route × everybody who could call it, from the table of endpoints: a new route is in here by itself. */
import {
  areas,
  RIGHTS,
  RIGHTS_OF,
  RIGHTS_OF_PEOPLE,
  ROLES,
  type Access,
  type Endpoint,
  type Right,
} from '@winnow/contract'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuth } from '../../src/access/auth.ts'
import { createGate } from '../../src/access/gate.ts'
import { createLimits } from '../../src/access/limits.ts'
import { createSourceLookup } from '../../src/access/sources.ts'
import { readConfig } from '../../src/config.ts'
import { createApp } from '../../src/http/app.ts'
import { addTestSource, openTestServer, ORIGIN, signedInAs, withKey, type Headers, type TestServer } from '../server.ts'

const SETTINGS = {
  WINNOW_SECRET: 'a secret of the tests, long enough to be one',
  WINNOW_RATE_READ: '100000/s',
  WINNOW_RATE_WRITE: '100000/s',
  WINNOW_RATE_SIGN_IN: '100000/s',
}
const KEY_RIGHTS = (Object.keys(RIGHTS) as Right[]).filter((right) => !RIGHTS_OF_PEOPLE.includes(right))

const CALLERS = ['nobody', ...ROLES, 'key with all rights', 'key with one right', 'source', 'forged key'] as const
type Caller = (typeof CALLERS)[number]
type Answer = 'allowed' | 'unauthenticated' | 'forbidden'

const ONE_RIGHT = 'metrics:read'
const rightsOf = (caller: Caller): readonly Right[] | undefined => {
  if (caller === 'key with all rights') return KEY_RIGHTS
  if (caller === 'key with one right') return [ONE_RIGHT]
  return (ROLES as readonly string[]).includes(caller) ? RIGHTS_OF[caller as keyof typeof RIGHTS_OF] : undefined
}

/** What the table means, said once more and plainly. */
function expected(access: Access, caller: Caller): Answer {
  if (access === 'public') return 'allowed'
  if (access === 'source') return caller === 'source' ? 'allowed' : 'unauthenticated'
  const rights = rightsOf(caller)
  if (rights === undefined) return 'unauthenticated'
  if (access === 'signed_in') return caller.startsWith('key') ? 'forbidden' : 'allowed'
  return rights.includes(access) ? 'allowed' : 'forbidden'
}

let server: TestServer
/** The same gate before handlers that do nothing. */
let hollow: FastifyInstance
const headers = new Map<Caller, Headers>()

const endpoints: [string, Endpoint][] = Object.entries(areas).flatMap(([area, table]) =>
  Object.entries(table as Record<string, Endpoint>).map(([name, endpoint]): [string, Endpoint] => [
    `${area}.${name}`,
    endpoint,
  ]),
)

beforeAll(async () => {
  server = await openTestServer({ settings: SETTINGS })
  const { db } = server.database
  const now = Date.now
  const log = pino({ level: 'silent' })
  const publicUrl = undefined
  hollow = await createApp({
    routes: endpoints.map(([name, endpoint]) => ({
      name,
      endpoint: { ...endpoint, params: undefined, query: undefined, body: undefined } as unknown as Endpoint,
      handler: ({ reply }) => reply.status(200).send('reached'),
    })),
    gate: createGate({
      db,
      auth: createAuth({ db, secret: SETTINGS.WINNOW_SECRET, publicUrl, log }),
      limits: createLimits(readConfig(SETTINGS, '/nowhere').rates, now),
      sources: createSourceLookup(db, now),
      publicUrl,
      isServing: () => true,
      now,
    }),
    now,
    log,
  })
  headers.set('nobody', {})
  for (const role of ROLES) headers.set(role, await signedInAs(server, role))
  headers.set('key with all rights', await withKey(server, KEY_RIGHTS))
  headers.set('key with one right', await withKey(server, [ONE_RIGHT]))
  headers.set('source', (await addTestSource(server)).headers)
  headers.set('forged key', { authorization: `Bearer wk_00000000_${'0'.repeat(40)}` })
})
afterAll(async () => {
  await hollow.close()
  await server.close()
})

async function ask(app: FastifyInstance, endpoint: Endpoint, caller: Caller): Promise<Answer> {
  const url = endpoint.path.replaceAll(/:\w+/g, '5d0c8a3e-6a1b-4f0e-8a55-5b1f6f1f2c21')
  const reply = await app.inject({ method: endpoint.method, url, headers: headers.get(caller)! })
  if (reply.statusCode === 200 && reply.body === 'reached') return 'allowed'
  const { code } = reply.json<{ error: { code: string } }>().error
  expect({ code, status: reply.statusCode }).toEqual({ code, status: code === 'forbidden' ? 403 : 401 })
  return code as Answer
}

describe.each(endpoints)('%s', (_name, endpoint) => {
  test('lets in those whom the table lets in, and refuses everybody else', async () => {
    const answers: Partial<Record<Caller, Answer>> = {}
    for (const caller of CALLERS) answers[caller] = await ask(hollow, endpoint, caller)
    expect(answers).toEqual(Object.fromEntries(CALLERS.map((each) => [each, expected(endpoint.access, each)])))
  })

  test('refuses the same on the whole server', async () => {
    for (const caller of CALLERS) {
      const answer = expected(endpoint.access, caller)
      if (answer !== 'allowed') expect(await ask(server.app, endpoint, caller)).toBe(answer)
    }
  })
})

test('every change but those by sources and of oneself is in the audit log', () => {
  const silent = endpoints.filter(
    ([, { method, audit, access }]) => method !== 'GET' && access !== 'source' && audit === undefined,
  )
  // What only looks, though a body has to say at what; and what one has read oneself.
  expect(new Set(silent.map(([name]) => name))).toEqual(
    new Set([
      'access.lookAtInvitation',
      'definitions.checkDefinition',
      'imports.previewImport',
      'proposals.readNotices',
    ]),
  )
})

test('addresses are called by one name each', () => {
  const addresses = endpoints.map(([, { method, path }]) => `${method} ${path}`)
  expect(new Set(addresses).size).toBe(addresses.length)
})

test('a route that nobody declared does not exist', async () => {
  const listed = server.app.printRoutes({ commonPrefix: false, includeHooks: false })
  const reply = await server.app.inject({ url: '/api/auth/get-session', headers: { origin: ORIGIN } })
  expect(reply.statusCode).toBe(404)
  expect(listed).not.toContain('auth/')
})
