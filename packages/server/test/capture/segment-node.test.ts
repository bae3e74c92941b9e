/** The real client of servers, as it is, against the whole server: what it sends is a scored lead in the database. */
import type { AddressInfo } from 'node:net'
import { Analytics, type HTTPClient } from '@segment/analytics-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SMALL } from '../live/world.ts'
import { addTestSource, openTestServer, type TestServer, type TestSource } from '../server.ts'

let server: TestServer
let source: TestSource
let host: string

beforeAll(async () => {
  server = await openTestServer()
  await server.database.pool.query(
    "insert into definition_version (version, text, name, published_at, status) values (1, $1, 'small', now(), 'live')",
    [SMALL],
  )
  source = await addTestSource(server)
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  host = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

function client(more: { writeKey?: string; httpClient?: HTTPClient; maxRetries?: number } = {}) {
  const errors: unknown[] = []
  const analytics = new Analytics({ host, path: '/v1/batch', writeKey: source.writeKey, flushInterval: 50, ...more })
  analytics.on('error', (error) => errors.push(error))
  return { analytics, errors }
}

interface LeadRow {
  lead_id: string
  email: string | null
  name: string | null
  stage: string | null
  levels: Record<string, string>
  scores: Record<string, number>
  attributes: Record<string, unknown>
  first_touch: Record<string, unknown> | null
  account: string | null
}

async function leadOf(kind: string, value: string): Promise<LeadRow> {
  const { rows } = await server.database.pool.query<LeadRow>(
    `select l.*, a.name as account from identity i
       join lead named on named.lead_id = i.lead_id
       join lead l on l.lead_id = coalesce(named.merged_into, named.lead_id)
       left join account a on a.account_id = l.account_id
     where i.kind = $1 and i.value = $2`,
    [kind, value],
  )
  return rows[0]!
}

async function activitiesOf(leadId: string): Promise<{ type: string; properties: unknown }[]> {
  const { rows } = await server.database.pool.query<{ type: string; properties: unknown }>(
    `select type, properties from activity join lead using (lead_id)
     where lead_id = $1 or merged_into = $1 order by type, at`,
    [leadId],
  )
  return rows
}

test('a visitor becomes a lead with a name, a company, activities, a score, a level and a stage', async () => {
  const { analytics, errors } = client()
  const context = {
    campaign: { source: 'news', medium: 'mail', name: 'spring' },
    page: { url: 'https://site.example/pricing', path: '/pricing', referrer: 'https://search.example/' },
  }
  analytics.page({ anonymousId: 'browser-1', name: 'Pricing', properties: { path: '/pricing' }, context })
  analytics.identify({
    userId: '4711',
    anonymousId: 'browser-1',
    traits: { email: 'Mara@Brightmill.example', firstName: 'Mara', lastName: 'Ek', job: 'boss', budget: 12_000 },
  })
  analytics.track({ userId: '4711', event: 'demo', properties: { seats: 40 } })
  await analytics.closeAndFlush()

  expect(errors).toEqual([])
  const lead = await leadOf('user', '4711')
  expect(lead).toMatchObject({
    name: 'Mara Ek',
    account: 'brightmill.example',
    attributes: { email: 'Mara@Brightmill.example', job: 'boss', budget: 12_000 },
    first_touch: { source: 'news', medium: 'mail', campaign: 'spring', referrer: 'https://search.example/' },
    levels: { temperature: 'hot' },
    stage: 'mql',
  })
  expect(lead.scores['fit']).toBe(50)
  expect(lead.scores['engagement']).toBeGreaterThan(69.9) // 70 points, fading since some milliseconds
  expect((await leadOf('email', 'mara@brightmill.example')).lead_id).toBe(lead.lead_id)
  expect((await leadOf('anonymous', 'browser-1')).lead_id).toBe(lead.lead_id)
  expect(await activitiesOf(lead.lead_id)).toMatchObject([
    { type: 'demo', properties: { seats: 40 } },
    { type: 'page', properties: { name: 'Pricing', path: '/pricing' } },
  ])
})

test('group links the account, alias makes two leads one, screen is an activity', async () => {
  const { analytics, errors } = client()
  analytics.track({ anonymousId: 'phone', event: 'demo' })
  analytics.screen({ userId: 'lin', name: 'Reports' })
  analytics.group({ userId: 'lin', groupId: 'g-1', traits: { name: 'Lin & Co', employees: 12 } })
  await analytics.flush()
  analytics.alias({ userId: 'lin', previousId: 'phone' })
  await analytics.closeAndFlush()
  expect(errors).toEqual([])
  const lead = await leadOf('user', 'lin')
  expect((await leadOf('anonymous', 'phone')).lead_id).toBe(lead.lead_id)
  expect((await activitiesOf(lead.lead_id)).map(({ type }) => type)).toEqual(['demo', 'screen'])
  const { rows } = await server.database.pool.query<{ attributes: unknown }>(
    "select attributes from account join account_identity using (account_id) where kind = 'group' and value = 'g-1'",
  )
  expect(rows[0]!.attributes).toMatchObject({ employees: 12 })
})

test('what is delivered again counts once', async () => {
  const { analytics } = client()
  const again = { userId: 'twice', event: 'demo', messageId: 'same-message' }
  analytics.track(again)
  await analytics.flush()
  for (let attempt = 0; attempt < 5; attempt++) analytics.track(again)
  await analytics.closeAndFlush()
  const { lead_id } = await leadOf('user', 'twice')
  expect(await activitiesOf(lead_id)).toHaveLength(1)
})

/** Lets a number of requests through to somewhere else before the server gets any. */
function failingFirst(times: number, reply: () => Response): { httpClient: HTTPClient; attempts: () => number } {
  let attempts = 0
  return {
    attempts: () => attempts,
    httpClient: {
      makeRequest: ({ url, headers, body }) => {
        attempts += 1
        return attempts <= times ? Promise.resolve(reply()) : fetch(url, { method: 'POST', headers, body })
      },
    },
  }
}

test('a poison message costs neither the others nor an endless retry', async () => {
  const { httpClient, attempts } = failingFirst(0, () => new Response())
  const { analytics, errors } = client({ httpClient })
  analytics.track({ userId: 'mixed', event: 'demo' })
  analytics.track({ userId: 'undefined', event: 'demo' })
  analytics.track({ userId: 'mixed', event: 'other', properties: { broken: '\ud800' } })
  analytics.track({ userId: 'mixed', event: 'last' })
  await analytics.closeAndFlush()
  expect(attempts()).toBe(1)
  expect(errors).toEqual([])
  const { lead_id } = await leadOf('user', 'mixed')
  expect((await activitiesOf(lead_id)).map(({ type }) => type)).toEqual(['demo', 'last'])
})

test('a batch that is refused as a whole is not sent again, and the program hears of it', async () => {
  const { httpClient, attempts } = failingFirst(0, () => new Response())
  const { analytics, errors } = client({ httpClient })
  analytics.track({ userId: 'null', event: 'demo' })
  await analytics.closeAndFlush()
  expect(attempts()).toBe(1)
  expect(errors).toHaveLength(1)
})

test('a wrong write key is told, once', async () => {
  const { httpClient, attempts } = failingFirst(0, () => new Response())
  const { analytics, errors } = client({ httpClient, writeKey: 'src_nobodyhasthiskey' })
  analytics.track({ userId: 'nobody', event: 'demo' })
  await analytics.closeAndFlush()
  expect(attempts()).toBe(1)
  expect(errors).toHaveLength(1)
})

test.each([
  ['overloaded', () => new Response('{}', { status: 503, headers: { 'retry-after': '1' } })],
  ['limited', () => new Response('{}', { status: 429, headers: { 'retry-after': '1' } })],
])('when the server is %s, the client comes again and nothing is lost', async (userId, reply) => {
  const { httpClient, attempts } = failingFirst(1, reply)
  const { analytics, errors } = client({ httpClient })
  analytics.track({ userId, event: 'demo' })
  await analytics.closeAndFlush()
  expect(attempts()).toBe(2)
  expect(errors).toEqual([])
  expect(await activitiesOf((await leadOf('user', userId)).lead_id)).toHaveLength(1)
})
