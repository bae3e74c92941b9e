import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SMALL } from '../live/world.ts'
import { addTestSource, openTestServer, signedInAs, type Headers, type TestServer } from '../server.ts'

let server: TestServer
let admin: Headers
const NOW = Date.parse('2026-03-10T09:00:00Z')
const now = () => NOW
const AT = '2026-03-09T09:00:00Z'

beforeEach(async () => {
  server = await openWith(SMALL)
  admin = await signedInAs(server, 'admin')
})
afterEach(() => server.close())

async function openWith(definition: string): Promise<TestServer> {
  const opened = await openTestServer({ now })
  await opened.database.pool.query(
    "insert into definition_version (version, text, name, published_at, status) values (1, $1, 'small', now(), 'live')",
    [definition],
  )
  return opened
}

const COLLEAGUES = SMALL.replace(
  'when: { attribute: job, is: boss }',
  'when: { account: { attribute: size, is: large } }',
).replace('  budget:', '  size: { type: choice, of: [large, small], about: account }\n  budget:')

async function send(messages: readonly object[]): Promise<void> {
  const { headers } = await addTestSource(server)
  const batch = messages.map((message) => ({ timestamp: AT, ...message }))
  const reply = await server.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: { batch } })
  expect(reply.statusCode).toBe(200)
}

const track = (userId: string, event: string, id: string) => ({ type: 'track', userId, event, messageId: id })
const identify = (userId: string, traits: object, id: string) => ({ type: 'identify', userId, traits, messageId: id })
const download = async (from: TestServer, url: string, headers: Headers) => {
  const reply = await from.app.inject({ method: 'GET', url, headers })
  return { status: reply.statusCode, type: reply.headers['content-type'], text: reply.body }
}

test('leads as a table: columns as chosen, filtered by stage, and nothing that a spreadsheet would run', async () => {
  await send([
    identify('u1', { email: 'ada@x.example', name: '=cmd()|"a",b', job: 'boss' }, '1'),
    track('u1', 'demo', '2'),
    identify('u2', { email: 'bo@x.example', name: 'Bo' }, '3'),
  ])
  const all = await download(
    server,
    '/api/exports/leads.csv?columns=email,name,stage,level:temperature,score:fit,attribute:job',
    admin,
  )
  expect(all).toMatchObject({ status: 200, type: 'text/csv; charset=utf-8' })
  const [header, ...rows] = all.text.trimEnd().split('\r\n')
  expect(header).toBe('email,name,stage,level:temperature,score:fit,attribute:job')
  expect(rows.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    `ada@x.example,"'=cmd()|""a"",b",mql,hot,50,boss`,
    'bo@x.example,Bo,lead,cold,0,',
  ])
  const some = await download(server, '/api/exports/leads.csv?stage=mql,sal', admin)
  expect(some.text.split('\r\n')[0]).toMatch(
    /^id,email,name,account,stage,.*level:temperature,score:fit,score:engagement$/,
  )
  expect(some.text.trimEnd().split('\r\n')).toHaveLength(2)
})

test('a list of leads as a file: the same filters, the same order, the same people', async () => {
  await send([
    identify('u1', { email: 'ada@x.example', name: 'Ada', job: 'boss' }, '1'),
    track('u1', 'demo', '2'),
    identify('u2', { email: 'bo@x.example', name: 'Bo', job: 'boss' }, '3'),
    identify('u3', { email: 'cy@x.example', name: 'Cy' }, '4'),
  ])
  for (const asked of [
    'attribute=job:is:boss&sort=createdAt&order=asc',
    'attribute=job:known:false&sort=expectedValue',
    'level=temperature:hot&sort=stageSince',
    'q=bo&sort=createdAt',
    'stage=nowhere&sort=createdAt',
  ]) {
    const list = await server.app.inject({ method: 'GET', url: `/api/leads?${asked}`, headers: admin })
    const file = await download(server, `/api/exports/leads.csv?columns=id&excluded=without&${asked}`, admin)
    expect(file.text.trimEnd().split('\r\n').slice(1)).toEqual(
      list.json<{ items: { id: string }[] }>().items.map(({ id }) => id),
    )
  }
})

test('the log of facts comes to the same assessments in an empty server', async () => {
  await server.close()
  server = await openWith(COLLEAGUES)
  admin = await signedInAs(server, 'admin')
  await send([
    { type: 'track', anonymousId: 'browser', event: 'demo', messageId: '1' },
    { ...identify('u1', { email: 'ada@brightmill.example' }, '2'), anonymousId: 'browser' },
    { type: 'group', userId: 'u1', groupId: 'g1', traits: { size: 'large' }, messageId: '3' },
    { ...track('u2', 'demo', '4'), timestamp: '2026-02-20T10:00:00Z' },
    identify('u2', { email: 'bo@brightmill.example', budget: 12_000 }, '5'),
    track('u3', 'demo', '6'),
    identify('u3', { email: 'cy@elsewhere.example', topics: ['a', 'b'], note: '“Zoë”\n🎉' }, '7'),
  ])
  const { text } = await download(server, '/api/exports/facts.jsonl', admin)
  expect(text.trimEnd().split('\n').length).toBeGreaterThan(12)
  const other = await openWith(COLLEAGUES)
  try {
    const headers = await signedInAs(other, 'admin')
    const post = (url: string, payload: string | object, more: Headers = {}) =>
      other.app.inject({ method: 'POST', url, headers: { ...headers, ...more }, payload })
    const uploaded = await post('/api/imports?name=facts.jsonl', text, { 'content-type': 'application/octet-stream' })
    const { id } = uploaded.json<{ id: string }>()
    await post(`/api/imports/${id}/run`, {})
    await vi.waitFor(
      async () => {
        const job = await other.app.inject({ method: 'GET', url: `/api/imports/${id}`, headers })
        expect(job.json()).toMatchObject({ state: 'done', counts: { refusedRows: 0, conflicting: 0 } })
      },
      { timeout: 20_000, interval: 100 },
    )
    expect(await assessments(other)).toEqual(await assessments(server))
  } finally {
    await other.close()
  }
})

const assessments = async ({ database }: TestServer) => {
  const { rows } = await database.pool.query(
    `select l.email, l.stage, l.stage_since, l.levels, l.scores, l.next_change_at, l.expected_value,
       (select json_agg(json_build_array(t.at, t.name, t.from_value, t.to_value) order by t.at, t.name, t.to_value)
        from transition t where t.lead_id = l.lead_id and t.superseded_at is null) as ledger
     from lead l where merged_into is null order by email`,
  )
  expect(rows.length).toBe(3)
  return rows
}

test('one lead’s facts alone, and none of a lead that does not exist', async () => {
  await send([track('u1', 'demo', '1'), track('u2', 'demo', '2')])
  const { rows } = await server.database.pool.query<{ lead_id: string }>('select lead_id from lead limit 1')
  const lead = rows[0]!.lead_id
  const { text } = await download(server, `/api/exports/facts.jsonl?lead=${lead}`, admin)
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { lead: string }).lead),
  ).toEqual([lead])
  expect((await download(server, `/api/exports/facts.jsonl?lead=${crypto.randomUUID()}`, admin)).status).toBe(404)
  expect((await download(server, '/api/exports/leads.csv?columns=password', admin)).status).toBe(422)
})

async function addMany(count: number): Promise<void> {
  await server.database.pool.query(
    `insert into lead (lead_id, circle_id, created_at, attributes, attribute_times)
     select id, id, now(), jsonb_build_object('note', repeat('long ', 400)), '{}'
     from (select gen_random_uuid() as id from generate_series(1, $1)) as x`,
    [count],
  )
}

/** Pages asked of the database so far. */
function countPages(): () => number {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  const isPage = (statement: unknown) =>
    typeof statement === 'string' && /from "lead" .*order by "lead_id" limit/s.test(statement)
  return () => query.mock.calls.filter(([statement]) => isPage(statement)).length
}

async function open(path: string): Promise<IncomingMessage> {
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.app.server.address() as AddressInfo
  const request = get({ port, path, headers: admin })
  return ((await once(request, 'response')) as [IncomingMessage])[0]
}

test('a slow reader is waited for, gets everything in the end, and the download is in the audit log from its beginning', async () => {
  await addMany(20_000)
  const pages = countPages()
  const response = await open('/api/exports/leads.csv?columns=id,attribute:note')
  response.pause()
  await sleep(1500)
  const early = pages()
  await sleep(1000)
  expect(pages()).toBe(early)
  expect(early).toBeGreaterThan(0)
  expect(early).toBeLessThan(20)
  const { rows } = await server.database.pool.query("select action from audit where action = 'export.leads'")
  expect(rows).toHaveLength(1)
  let lines = 0
  for await (const piece of response) for (const byte of piece as Buffer) if (byte === 10) lines += 1
  expect(lines).toBe(20_001)
  expect(pages()).toBeGreaterThan(early)
})

test('nobody goes on reading for someone who has left', async () => {
  await addMany(20_000)
  const pages = countPages()
  const response = await open('/api/exports/leads.csv?columns=id,attribute:note')
  response.destroy()
  await sleep(500)
  const then = pages()
  await sleep(500)
  expect(pages()).toBe(then)
  expect(then).toBeLessThan(20)
})
