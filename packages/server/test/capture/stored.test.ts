/** What the whole server keeps of values that are hard to keep, and of messages that come in crowds. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SMALL } from '../live/world.ts'
import { addTestSource, openTestServer, type Headers, type TestServer } from '../server.ts'

let server: TestServer
let headers: Headers
beforeAll(async () => {
  server = await openTestServer()
  await server.database.pool.query(
    "insert into definition_version (version, text, name, published_at, status) values (1, $1, 'small', now(), 'live')",
    [SMALL],
  )
  ;({ headers } = await addTestSource(server))
})
afterAll(() => server.close())

const post = (url: string, payload: object) => server.app.inject({ method: 'POST', url, payload, headers })

async function stored(userId: string) {
  const { rows } = await server.database.pool.query<{ type: string; properties: Record<string, unknown> }>(
    `select type, properties from activity join identity using (lead_id) where kind = 'user' and value = $1`,
    [userId],
  )
  return rows
}

const VALUES: readonly unknown[] = [
  '12',
  '',
  0.1,
  5e-324,
  -1.5e-300,
  9_007_199_254_740_991,
  -9_007_199_254_740_991,
  `a${'\u0301'.repeat(5_000)}`,
  '👩‍👩‍👧 🎉',
  '\u202egpj.exe',
  ['José', 'José'],
  '\u0001\u007f\ufeff\ufffe',
  '"\\\n\t',
  null,
  true,
  { a: { b: [1, { c: [] }] }, '': {}, ' ': 0, 'a.b': 1, "'; drop table lead; --": 2 },
]

test('every value is stored and read as it was sent: properties, traits, ids, names', async () => {
  const batch = VALUES.map((value, index) => ({
    type: 'track',
    userId: 'values',
    event: `v${index}`,
    properties: { value },
  }))
  expect((await post('/v1/batch', { batch })).json()).toEqual({ success: true })
  const found = new Map((await stored('values')).map(({ type, properties }) => [type, properties['value']]))
  expect(VALUES.map((_, index) => found.get(`v${index}`))).toEqual(VALUES)

  const texts = VALUES.filter((value) => typeof value === 'string' && value !== '' && value.length < 200) as string[]
  const people = texts.map((text) => ({ type: 'identify', userId: text, traits: { said: text } }))
  expect((await post('/v1/batch', { batch: people })).json()).toEqual({ success: true })
  for (const text of texts) {
    const { rows } = await server.database.pool.query<{ attributes: unknown }>(
      `select attributes from lead join identity using (lead_id) where kind = 'user' and value = $1`,
      [text],
    )
    expect(rows).toEqual([{ attributes: { said: text } }])
  }
  const named = texts.map((event) => ({ type: 'track', userId: 'names', event }))
  const { messages = [] } = (await post('/v1/batch', { batch: named })).json<{ messages?: unknown[] }>()
  expect(messages).toEqual([])
  expect(new Set((await stored('names')).map(({ type }) => type))).toEqual(new Set(texts))
})

test('100 requests with one message store it once', async () => {
  const message = { userId: 'crowd', event: 'demo', messageId: 'one-and-only' }
  const replies = await Promise.all(Array.from({ length: 100 }, () => post('/v1/track', message)))
  expect(new Set(replies.map(({ body }) => body))).toEqual(new Set(['{"success":true}']))
  expect(await stored('crowd')).toHaveLength(1)
})

test('a large batch with the same messages twice and a bad one', async () => {
  const batch = Array.from({ length: 4_000 }, (_, index) => ({
    type: 'track',
    userId: index === 777 ? 'null' : `u${index % 1_000}`,
    event: 'e',
    messageId: `x${index % 2_000}`,
  }))
  const reply = await post('/v1/batch', { batch })
  expect(reply.json()).toEqual({
    success: true,
    messages: [expect.objectContaining({ index: 777, status: 'refused' })],
  })
  const { rows } = await server.database.pool.query("select count(*) as count from activity where type = 'e'")
  expect(rows).toEqual([{ count: 2_000 }]) // the bad one's id comes again with a good one
})
