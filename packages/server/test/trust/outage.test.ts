/** Connections that do not do what they should, and a database that goes away under load and comes back. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { withDatabase } from '../cluster.ts'
import { addTestSource, openTestServer, type TestServer, type TestSource } from '../server.ts'
import { inject } from 'vitest'

let server: TestServer
let source: TestSource
let port: number
beforeEach(async () => {
  server = await openTestServer({ settings: { WINNOW_RATE_CAPTURE: '1000000/s' } })
  source = await addTestSource(server)
  port = Number(new URL(await server.app.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterEach(() => server.close())

/** Sends these bytes and says what comes back until the server hangs up. */
async function answerTo(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (piece) => (said += piece.toString()))
  socket.on('error', () => {})
  socket.write(Buffer.from(text, 'latin1'))
  await Promise.race([once(socket, 'close'), sleep(2_000).then(() => socket.destroy())])
  return said
}

const post = (headers: string, body = '') =>
  `POST /v1/track HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${source.headers['authorization']}\r\n${headers}\r\n\r\n${body}`

describe('what is no request as it should be', () => {
  test.each([
    [
      'a length and chunks',
      () => post('content-length: 5\r\ntransfer-encoding: chunked', '0\r\n\r\n'),
      'request_malformed',
    ],
    ['two lengths', () => post('content-length: 5\r\ncontent-length: 6', '{"a":1}'), 'request_malformed'],
    ['a length that is none', () => post('content-length: x', '{}'), 'request_malformed'],
    ['chunks that are none', () => post('transfer-encoding: chunked', 'zz\r\n{}\r\n'), ''],
    ['no HTTP', () => 'hello\r\n\r\n', 'request_malformed'],
    ['headers without end', () => post(`x: ${'x'.repeat(70_000)}`), 'headers_too_large'],
    ['a control character in a header', () => post('x: a\u0001b'), 'request_malformed'],
  ])('%s', async (_name, text, code) => {
    const said = await answerTo(text())
    if (said !== '') expect(said).toMatch(/^HTTP\/1\.1 4\d\d /)
    if (code !== '') expect(JSON.parse(said.slice(said.indexOf('\r\n\r\n')))).toMatchObject({ error: { code } })
    expect((await server.app.inject('/readyz')).statusCode).toBe(200)
  })

  test('a body that ends before its length stores nothing, and others are served meanwhile', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(post('content-length: 200\r\ncontent-type: application/json', '{"userId":"a","event":"x"}'))
    expect((await server.app.inject('/readyz')).statusCode).toBe(200)
    socket.destroy()
    await sleep(50)
    const { rows } = await server.database.pool.query('select count(*) as count from message')
    expect(rows).toEqual([{ count: 0 }])
  })
})

test('hundreds of connections that begin and say no more keep nobody waiting', async () => {
  const silent = Array.from({ length: 300 }, (_, index) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    // Some stop in the head, some in the body, some send nothing at all.
    socket.write([post('content-length: 500', '{'), 'POST /v1/track HTTP/1.1\r\nhost: x', ''][index % 3]!)
    return socket
  })
  await Promise.all(silent.map(async (socket) => socket.connecting && once(socket, 'connect')))
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      fetch(`http://127.0.0.1:${port}/v1/track`, {
        method: 'POST',
        headers: source.headers,
        body: JSON.stringify({ userId: `p${index}`, event: 'demo' }),
      }),
    ),
  )
  expect(replies.map(({ status }) => status)).toEqual(Array<number>(20).fill(200))
  for (const socket of silent) socket.destroy()
  const { rows } = await server.database.pool.query('select count(*) as count from message')
  expect(rows).toEqual([{ count: 20 }])
})

const isStored = async (messageId: string) => {
  const { rowCount } = await server.database.pool.query(
    "select from message where split_part(message_id, ':', 2) = $1",
    [messageId],
  )
  return rowCount === 1
}
const trackOne = (messageId: string) =>
  server.app.inject({
    method: 'POST',
    url: '/v1/track',
    headers: source.headers,
    payload: { messageId, userId: 'ada', event: 'demo' },
  })

describe('a database that takes nothing', () => {
  test.each([
    [
      'a full disk',
      `create function full_disk() returns trigger language plpgsql as $$
         begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
       create trigger full_disk before insert on activity for each row execute function full_disk()`,
      'drop trigger full_disk on activity',
    ],
    [
      'a disk that can only be read',
      `do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`,
      `set default_transaction_read_only = off;
       do $$ begin execute format('alter database %I reset default_transaction_read_only', current_database()); end $$`,
    ],
  ])('%s: it is said, nothing is acknowledged, and it goes on by itself', async (_name, begin, end) => {
    const administrator = await openDatabase(server.database.url, { connectionsMax: 1, isPipelined: false })
    const anew = () =>
      administrator.pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
    expect((await trackOne('before')).statusCode).toBe(200)
    await administrator.pool.query(begin)
    await anew() // sessions that begin from now on are so
    for (const id of ['meanwhile', 'meanwhile, again']) {
      const reply = await trackOne(id)
      expect(reply.json()).toMatchObject({ error: { code: 'database_unreachable' } })
      expect(reply).toMatchObject({ statusCode: 503, headers: { 'retry-after': expect.any(String) } })
    }
    await administrator.pool.query(end)
    await anew()
    await expect.poll(async () => (await trackOne('meanwhile')).statusCode, { timeout: 10_000 }).toBe(200)
    expect(await Promise.all(['before', 'meanwhile', 'meanwhile, again'].map(isStored))).toEqual([true, true, false])
    await administrator.close()
  })
})

test('more than can be taken is refused with a time to come back, and what is taken is whole', async () => {
  const MESSAGES = 2_000
  const batch = (index: number) => ({
    batch: Array.from({ length: MESSAGES }, (_, place) => ({
      type: 'track',
      messageId: `b${index}-${place}`,
      userId: `p${place}`,
      event: 'demo',
    })),
  })
  const send = async (index: number) => {
    const reply = await server.app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers: source.headers,
      payload: batch(index),
    })
    return { index, status: reply.statusCode, retryAfter: reply.headers['retry-after'] }
  }
  const replies = await Promise.all(Array.from({ length: 24 }, (_, index) => send(index)))
  const refused = replies.filter(({ status }) => status !== 200)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.filter(({ status, retryAfter }) => status !== 503 || !(Number(retryAfter) > 0))).toEqual([])
  const count = async () =>
    (await server.database.pool.query<{ count: number }>('select count(*) as count from message')).rows[0]!.count
  expect(await count()).toBe((replies.length - refused.length) * MESSAGES)
  for (const { index } of refused) expect((await send(index)).status).toBe(200)
  expect(await count()).toBe(replies.length * MESSAGES)
}, 120_000)

test('the same form fifty times in a second counts once', async () => {
  const payload = {
    messageId: 'form-1',
    userId: 'ada',
    event: 'Form Submitted',
    properties: { email: 'ada@x.example' },
  }
  const replies = await Promise.all(
    Array.from({ length: 50 }, () =>
      server.app.inject({ method: 'POST', url: '/v1/track', headers: source.headers, payload }),
    ),
  )
  expect(new Set(replies.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
  const { rows } = await server.database.pool.query(
    'select (select count(*) from activity) as activities, (select count(*) from lead) as leads',
  )
  expect(rows).toEqual([{ activities: 1, leads: 1 }])
})

test('connections that are lost under load cost a 503 at most, and nothing that was acknowledged', async () => {
  const name = new URL(server.database.url).pathname.slice(1)
  const administrator = await openDatabase(withDatabase(inject('clusterUrl'), 'postgres'), { connectionsMax: 1 })
  const acknowledged: string[] = []
  const others: { status: number; retryAfter: unknown; body: string }[] = []
  const ending = new AbortController()
  let count = 0
  const sender = async () => {
    while (!ending.signal.aborted) {
      const messageId = `m${count++}`
      const payload = { messageId, userId: `p${count % 20}`, event: 'demo' }
      const reply = await server.app.inject({ method: 'POST', url: '/v1/track', headers: source.headers, payload })
      if (reply.statusCode === 200) acknowledged.push(messageId)
      else others.push({ status: reply.statusCode, retryAfter: reply.headers['retry-after'], body: reply.body })
    }
  }
  const senders = Array.from({ length: 8 }, sender)
  for (let round = 0; round < 8; round++) {
    await sleep(120)
    await administrator.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  }
  ending.abort()
  await Promise.all(senders)
  await administrator.close()
  expect(others.filter(({ status, retryAfter }) => status !== 503 || retryAfter === undefined)).toEqual([])
  const reply = await server.app.inject('/readyz')
  expect(reply.statusCode).toBe(200)
  const { rows } = await server.database.pool.query<{ id: string }>(
    "select split_part(message_id, ':', 2) as id from message",
  )
  const stored = new Set(rows.map(({ id }) => id))
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(0)
}, 60_000)
