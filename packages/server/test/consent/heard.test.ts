/** What tracking calls say that people allow, through the real client of servers. */
import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SMALL } from '../live/world.ts'
import { addTestSource, openTestServer, signedInAs, type Headers, type TestServer, type TestSource } from '../server.ts'

let server: TestServer
let website: TestSource
let app: TestSource
let headers: Headers
let host: string

beforeAll(async () => {
  server = await openTestServer({ settings: { WINNOW_RATE_WRITE: '100000/s', WINNOW_RATE_READ: '100000/s' } })
  headers = await signedInAs(server, 'admin')
  await server.database.pool.query(
    "insert into definition_version (version, text, name, published_at, status) values (1, $1, 'small', now(), 'live')",
    [SMALL],
  )
  ;[website, app] = [await addTestSource(server, 'Website'), await addTestSource(server, 'App')]
  host = await server.app.listen({ port: 0, host: '127.0.0.1' })
  await call('PUT', '/api/capture/settings', { consentPurposes: { Profiling: 'scoring' } })
})
afterAll(() => server.close())

async function call(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const reply = await server.app.inject({ method, url, headers, ...(payload && { payload }) })
  if (reply.statusCode >= 300) throw new Error(`${method} ${url} answered ${reply.body}`)
  return reply.json()
}

type Preferences = Readonly<Record<string, unknown>>

/** One call of the client; `minutesAgo` is when it happened. */
async function track(source: TestSource, userId: string, preferences?: Preferences, minutesAgo = 0): Promise<void> {
  const errors: unknown[] = []
  const analytics = new Analytics({ host, path: '/v1/batch', writeKey: source.writeKey, flushInterval: 10 })
  analytics.on('error', (error) => errors.push(error))
  analytics.track({
    userId,
    event: 'demo',
    timestamp: new Date(Date.now() - minutesAgo * 60_000),
    ...(preferences && { context: { consent: { categoryPreferences: preferences } } }),
  })
  await analytics.closeAndFlush()
  expect(errors).toEqual([])
}

async function idOf(userId: string): Promise<string> {
  const { rows } = await server.database.pool.query<{ id: string }>(
    `select coalesce(l.merged_into, l.lead_id) as id from identity i join lead l using (lead_id)
     where i.kind = 'user' and i.value = $1`,
    [userId],
  )
  return rows[0]!.id
}
const lead = async (userId: string) => call('GET', `/api/leads/${await idOf(userId)}`)
const consentOf = async (userId: string) => call('GET', `/api/leads/${await idOf(userId)}/consent`)
const nowOf = async (userId: string): Promise<string[]> =>
  (await consentOf(userId)).now.map(({ purpose, state, by }: never) =>
    [purpose, state, (by as { name: string }).name].join(' '),
  )
const say = async (userId: string, purpose: string, state: string) =>
  call('POST', `/api/leads/${await idOf(userId)}/consent`, { purpose, state, evidence: 'a letter' })

test('preferences are lines of the ledger as said by the source, and only a change is another', async () => {
  const preferences = { Advertising: true, DataSharing: false }
  for (const minutesAgo of [30, 20, 10]) await track(website, 'ledger', preferences, minutesAgo)
  const { now, ledger } = await consentOf('ledger')
  expect(ledger).toHaveLength(2)
  expect(now).toMatchObject([
    {
      purpose: 'advertising',
      state: 'given',
      evidence: 'context.consent.categoryPreferences: {"Advertising":true}',
      by: { id: website.sourceId, name: 'Website' },
    },
    { purpose: 'data_sharing', state: 'objected', by: { id: website.sourceId } },
  ])
  const saidMinutesAgo = (Date.now() - Date.parse(now[0].at as string)) / 60_000
  expect(Math.round(saidMinutesAgo)).toBe(30)
  await track(website, 'ledger', { Advertising: false, DataSharing: false })
  expect(await nowOf('ledger')).toEqual(['advertising objected Website', 'data_sharing objected Website'])
  expect((await consentOf('ledger')).ledger).toHaveLength(3)
})

test('an objection stops assessing with the call that says it, and the source can take it back', async () => {
  await track(website, 'profiled', { Profiling: true }, 3)
  expect(await lead('profiled')).toMatchObject({ excludedAs: null, assessment: { stage: { id: 'mql' } } })
  await track(website, 'profiled', { Profiling: false }, 2)
  expect(await lead('profiled')).toMatchObject({ excludedAs: 'objected', assessment: null })
  await track(website, 'profiled', undefined, 1.5) // a call that says nothing of it changes nothing
  expect(await lead('profiled')).toMatchObject({ excludedAs: 'objected', assessment: null })
  await track(website, 'profiled', { Profiling: true }, 1)
  const again = await lead('profiled')
  expect(again).toMatchObject({ excludedAs: null, assessment: { stage: { id: 'mql' } } })
  expect(again.assessment.scores.engagement).toBeGreaterThan(99) // one alone is 70: nothing that was done meanwhile is lost
})

test('whoever objects with their first call is never assessed', async () => {
  await track(website, 'newcomer', { Profiling: false })
  expect(await lead('newcomer')).toMatchObject({ excludedAs: 'objected', assessment: null })
  const { rows } = await server.database.pool.query('select from transition where lead_id = $1', [
    await idOf('newcomer'),
  ])
  expect(rows).toEqual([])
})

test('what a person wrote down, or another source said, is not lifted by a source', async () => {
  await track(website, 'letter', {}, 9)
  await say('letter', 'scoring', 'objected')
  await track(website, 'letter', { Profiling: true })
  expect(await lead('letter')).toMatchObject({ excludedAs: 'objected' })
  expect((await nowOf('letter'))[0]).toMatch(/^scoring objected The admin$/)
  await say('letter', 'scoring', 'given')
  expect(await lead('letter')).toMatchObject({ excludedAs: null })

  await track(app, 'two', { Profiling: false }, 5)
  await track(website, 'two', { Profiling: true }, 4)
  expect(await lead('two')).toMatchObject({ excludedAs: 'objected' })
  await track(app, 'two', { Profiling: true }, 3)
  expect(await lead('two')).toMatchObject({ excludedAs: null })
})

test.each([
  [
    [3, true],
    [2, false],
    [1, true],
  ],
  [
    [2, false],
    [1, true],
    [3, true],
  ],
  [
    [1, true],
    [2, false],
    [3, true],
  ],
] as const)('the latest word counts, in whatever order they come: %j %j %j', async (...said) => {
  const userId = `order ${JSON.stringify(said)}`
  for (const [minutesAgo, isGiven] of said) await track(website, userId, { Profiling: isGiven }, minutesAgo)
  expect(await lead(userId)).toMatchObject({ excludedAs: null })
  const opposite = `opposite ${JSON.stringify(said)}`
  for (const [minutesAgo, isGiven] of said) await track(website, opposite, { Profiling: !isGiven }, minutesAgo)
  expect(await lead(opposite)).toMatchObject({ excludedAs: 'objected' })
})

test('a late yes does not undo the no that came after it, also of two leads that became one', async () => {
  await track(website, 'late', { Profiling: false }, 8)
  await track(website, 'late', { Profiling: false }, 2)
  await track(website, 'late', { Profiling: true }, 5)
  expect(await lead('late')).toMatchObject({ excludedAs: 'objected' })
  await track(website, 'early', {}, 9)
  await call('POST', `/api/leads/${await idOf('early')}/merge`, { other: await idOf('late') })
  await track(website, 'early', { Profiling: true }, 4)
  expect(await lead('early')).toMatchObject({ excludedAs: 'objected' })
  await track(website, 'early', { Profiling: true }, 1)
  expect(await lead('early')).toMatchObject({ excludedAs: null })
})

test('of two categories about one purpose the no counts', async () => {
  await track(website, 'twice', { scoring: false, Profiling: true })
  expect(await lead('twice')).toMatchObject({ excludedAs: 'objected' })
})

test('a category that is neither yes nor no is told, and the rest is kept', async () => {
  const reply = await server.app.inject({
    method: 'POST',
    url: '/v1/track',
    headers: website.headers,
    payload: {
      userId: 'odd',
      event: 'demo',
      context: { consent: { categoryPreferences: { Email: 'yes', 広告: true, Phone: true } } },
    },
  })
  const at = '/context/consent/categoryPreferences'
  expect(reply.json()).toMatchObject({
    success: true,
    messages: [
      { status: 'stored', fields: [{ at: `${at}/Email`, code: 'consent_unsupported' }, { at: `${at}/広告` }] },
    ],
  })
  expect(await nowOf('odd')).toEqual(['phone given Website'])
})

test('what is erased is erased here too', async () => {
  await track(website, 'gone', { Profiling: false, Email: true })
  const id = await idOf('gone')
  await call('POST', `/api/leads/${id}/erasure`, { keepsOut: true })
  const { rows } = await server.database.pool.query('select from consent_word where lead_id = $1', [id])
  expect(rows).toEqual([])
})
