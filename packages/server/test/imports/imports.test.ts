import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SMALL } from '../live/world.ts'
import { addTestPerson, openTestServer, signIn, type Headers, type TestServer } from '../server.ts'

let server: TestServer
let headers: Headers
beforeEach(async () => {
  server = await openTestServer()
  headers = await signIn(server, await addTestPerson(server, 'marketing'))
  await server.database.pool.query(
    "insert into definition_version (version, text, name, published_at, status) values (1, $1, 'small', now(), 'live')",
    [SMALL],
  )
})
afterEach(() => server.close())

interface Job {
  readonly id: string
  readonly state: string
  readonly counts: Record<string, number>
  readonly error: { code: string } | null
  readonly bytes: number
  readonly bytesRead: number
}

const upload = async (content: string | Buffer, name = 'leads.csv') =>
  server.app.inject({
    method: 'POST',
    url: `/api/imports?name=${encodeURIComponent(name)}`,
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(content),
  })
const post = (url: string, payload: object = {}) => server.app.inject({ method: 'POST', url, headers, payload })
const get = (url: string) => server.app.inject({ url, headers })

async function settled(id: string): Promise<Job> {
  for (;;) {
    const reply = await get(`/api/imports/${id}`)
    expect(reply.statusCode).toBe(200)
    const job = reply.json<Job>()
    if (!['waiting', 'running'].includes(job.state)) return job
    await sleep(20)
  }
}

async function run(content: string | Buffer, options: object = {}, name?: string): Promise<Job> {
  const { id } = (await upload(content, name)).json<Job>()
  const reply = await post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z', ...options })
  expect(reply.statusCode).toBe(202)
  return settled(id)
}

const leads = async () =>
  (await server.database.pool.query('select email, name, attributes, stage, scores from lead order by email')).rows

const LEADS = 'Email;Name;Job;Budget\nmara@brightmill.example;Mara;boss;12000\njo@x.example;"Jo ""the"" Kid";clerk;\n'

test('a list of leads is uploaded, looked at, tried, taken in, and taken in again to no effect', async () => {
  const { id } = (await upload(LEADS)).json<Job>()
  const preview = (await post(`/api/imports/${id}/preview`, { at: '2026-03-01T00:00:00Z' })).json()
  expect(preview).toMatchObject({
    kind: 'leads',
    delimiter: ';',
    columns: [
      { name: 'Email', looksLike: 'email' },
      { name: 'Name', looksLike: 'text' },
      { name: 'Job', suggests: 'job', samples: ['boss', 'clerk'] },
      { name: 'Budget', looksLike: 'number', suggests: 'budget' },
    ],
    problem: null,
  })
  expect(preview.suggestedMapping).toContain('job: Job')
  await post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z', isTrial: true })
  expect(await settled(id)).toMatchObject({ state: 'done', counts: { rows: 2, refusedRows: 0, stored: 0 } })
  expect(await leads()).toEqual([])
  await post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z' })
  expect(await settled(id)).toMatchObject({ state: 'done', counts: { rows: 2, stored: 2, repeated: 0 } })
  const stored = await leads()
  expect(stored).toHaveLength(2)
  await post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z' })
  expect(await settled(id)).toMatchObject({ counts: { stored: 0, repeated: 2 } })
  expect(await leads()).toEqual(stored)
  expect(stored.find(({ attributes }) => attributes.job === 'boss')).toMatchObject({
    scores: { fit: 50 },
    stage: 'lead',
  })
})

test('an import leads to the leads that its file had, also when it is run again', async () => {
  await run('email,job\nold@x.example,boss\n')
  const { id } = await run(LEADS)
  const listed = async () =>
    (await get(`/api/leads?import=${id}`))
      .json<{ items: { attributes: { job: string } }[] }>()
      .items.map(({ attributes }) => attributes.job)
  const both = ['boss', 'clerk']
  expect((await listed()).toSorted()).toEqual(both)
  await post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z', isTrial: true })
  await settled(id)
  expect((await listed()).toSorted()).toEqual(both)
  await post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z' })
  expect(await settled(id)).toMatchObject({ counts: { repeated: 2 } })
  expect((await listed()).toSorted()).toEqual(both)
  expect((await get(`/api/leads/counts?import=${id}`)).json()).toMatchObject({ total: 2, stages: { lead: 2 } })
})

test('the mapping that the preview suggests can be run as it is', async () => {
  const { id } = (await upload(LEADS)).json<Job>()
  const { suggestedMapping } = (await post(`/api/imports/${id}/preview`, { at: '2026-03-01T00:00:00Z' })).json()
  await post(`/api/imports/${id}/run`, { mapping: suggestedMapping, at: '2026-03-01T00:00:00Z' })
  expect(await settled(id)).toMatchObject({ state: 'done', counts: { stored: 2 } })
})

test('rows that are refused come back as a file with line and reason', async () => {
  const job = await run('email,job,budget\na@x.example,boss,5\nb@x.example,boss\nc@x.example,boss,=1+1\n')
  expect(job).toMatchObject({ state: 'done', counts: { rows: 3, refusedRows: 2, stored: 1 } })
  const rejects = await get(`/api/imports/${job.id}/rejects`)
  expect(rejects.headers['content-type']).toMatch(/^text\/csv/)
  expect(rejects.headers['content-disposition']).toContain('leads.csv.rejects.csv')
  const lines = rejects.body.trim().split('\r\n')
  expect(lines[1]).toMatch(/^3,row_ragged,/)
  expect(lines[2]).toMatch(/^4,value_malformed,budget,/)
})

test('a row that contradicts an earlier import is counted, and what was there first stays', async () => {
  await run('email,job\na@x.example,boss\n')
  expect(await run('email,job\na@x.example,clerk\n')).toMatchObject({ counts: { conflicting: 1, stored: 0 } })
  expect(await leads()).toMatchObject([{ attributes: { job: 'boss' } }])
})

test('a fact log, packed, with ids of its own', async () => {
  const facts = [
    { id: 'f1', kind: 'activity', lead: 'ada', at: '2026-03-01T10:00:00Z', type: 'demo', properties: {} },
    { id: 'f2', kind: 'attribute', lead: 'ada', at: '2026-03-01T10:00:00Z', name: 'job', value: 'boss' },
    { id: 'f3', kind: 'link', lead: 'ada', at: '2026-03-01T10:00:00Z', account: 'brightmill.example' },
  ]
  const job = await run(gzipSync(facts.map((fact) => JSON.stringify(fact)).join('\n')), {}, 'facts.jsonl.gz')
  expect(job).toMatchObject({ state: 'done', counts: { facts: 3, stored: 3 } })
  const { rows } = await server.database.pool.query(
    `select i.kind, i.value, a.value as account from identity i join lead l using (lead_id)
     join account_identity a using (account_id)`,
  )
  expect(rows).toEqual([{ kind: 'user', value: 'ada', account: 'brightmill.example' }])
})

describe('what cannot be read', () => {
  test.each([['an empty file', '', 400, 'body_malformed']])(
    '%s is refused at once',
    async (_name, content, status, code) => {
      const reply = await upload(content)
      expect(reply.statusCode).toBe(status)
      expect(reply.json()).toMatchObject({ error: { code } })
    },
  )

  test.each([
    ['a spreadsheet', Buffer.from('504b0304140006000800000000000000', 'hex'), 'input_binary'],
    ['no id', 'colour,job\nred,boss\n', 'lead_id_missing'],
    ['501 columns', `${Array.from({ length: 501 }, (_, at) => `c${at}`).join(',')}\n`, 'columns_too_many'],
  ])('%s fails with its reason', async (_name, content, code) => {
    expect(await run(content)).toMatchObject({ state: 'failed', error: { code } })
  })

  test('a mapping with errors is refused before anything runs', async () => {
    const { id } = (await upload(LEADS)).json<Job>()
    const reply = await post(`/api/imports/${id}/run`, {
      mapping: '{ winnow_mapping: 1, files: [{ leads: { id: Email, colour: red } }] }',
    })
    expect(reply.statusCode).toBe(422)
    expect(reply.json()).toMatchObject({ error: { at: '/mapping', details: [{ code: 'unknown_key' }] } })
  })
})

test('an import is cancelled, keeps what it has stored, and goes on when run again', async () => {
  const many = `email,job\n${Array.from({ length: 20_000 }, (_, at) => `p${at}@x${at}.example,boss`).join('\n')}\n`
  const { id } = (await upload(many)).json<Job>()
  await post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z' })
  for (let running = ''; running !== 'running'; await sleep(5))
    running = (await get(`/api/imports/${id}`)).json<Job>().state
  expect((await post(`/api/imports/${id}/run`)).statusCode).toBe(409)
  await sleep(300)
  await post(`/api/imports/${id}/cancel`)
  const cancelled = await settled(id)
  expect(cancelled.state).toBe('cancelled')
  expect(await leads()).toHaveLength(cancelled.counts['stored']!)
  expect(cancelled.counts['stored']).toBeLessThan(20_000)
}, 120_000)

test('what a server was running when it died is begun again by another', async () => {
  const { id } = (await upload(LEADS)).json<Job>()
  await server.database.pool.query(
    `update import_job set state = 'running', seen_at = now() - interval '1 minute', reading = '{"at": 1772323200000}'
     where import_id = $1`,
    [id],
  )
  expect(await settled(id)).toMatchObject({ state: 'done', counts: { stored: 2 } })
})

test('forgetting an import leaves what it has stored', async () => {
  const { id } = await run(LEADS)
  expect((await server.app.inject({ method: 'DELETE', url: `/api/imports/${id}`, headers })).statusCode).toBe(204)
  expect((await get(`/api/imports/${id}`)).statusCode).toBe(404)
  expect(await leads()).toHaveLength(2)
})

test('the list goes from page to page', async () => {
  for (let count = 0; count < 3; count++) await upload(LEADS, `${count}.csv`)
  const first = (await get('/api/imports?limit=2')).json()
  const second = (await get(`/api/imports?limit=2&cursor=${encodeURIComponent(first.next)}`)).json()
  expect([...first.items, ...second.items].map(({ name }: { name: string }) => name)).toEqual([
    '2.csv',
    '1.csv',
    '0.csv',
  ])
  expect(second.next).toBeUndefined()
})
