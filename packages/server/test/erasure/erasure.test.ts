/** Whoever is erased is nowhere any more, in no table and in no file, and others are as if they had never been there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KeptOut } from '../../src/erasure/kept-out.ts'
import { OF_LEADS } from '../../src/leads/removal.ts'
import { Caller } from '../leads/calling.ts'
import { SMALL } from '../live/world.ts'
import { addTestSource, type Headers } from '../server.ts'

/** Colleagues count for each other. */
const TOGETHER = SMALL.replace(
  '      intent:\n        criteria:\n',
  `      team: { criteria: [ { id: team, when: { leads: { at_least: 2 }, when: { activity: demo_requested } }, points: 20 } ] }
      intent:
        criteria:
`,
)

let api: Caller
let source: Headers
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(TOGETHER)
  source = (await addTestSource(api.server)).headers
})
afterAll(() => api.close())

const MARK = 'canarymark'
/** @param who  a word that is found again wherever something of them is kept */
const track = async (type: string, payload: object): Promise<{ messages?: { status: string; code?: string }[] }> =>
  (await api.server.app.inject({ method: 'POST', url: `/v1/${type}`, headers: source, payload })).json()

const idOf = async (userId: string) => {
  const { rows } = await api.server.database.pool.query<{ lead_id: string }>(
    "select coalesce(merged_into, lead_id) as lead_id from lead join identity using (lead_id) where kind = 'user' and value = $1",
    [userId],
  )
  return rows[0]!.lead_id
}

/** Every row of every table as text, with what lies in it as bytes. @returns those in which the mark is */
async function found(mark: string): Promise<string[]> {
  const { pool } = api.server.database
  const { rows: tables } = await pool.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  )
  const hits: string[] = []
  const hex = Buffer.from(mark).toString('hex')
  for (const { name } of tables) {
    const { rows } = await pool.query<{ text: string }>(
      `select t::text as text from "${name}" t where position($1 in lower(t::text)) > 0 or position($2 in t::text) > 0`,
      [mark, hex],
    )
    hits.push(...rows.map(({ text }) => `${name}: ${text.slice(0, 300)}`))
  }
  return hits
}

async function importFile(content: string): Promise<string> {
  const reply = await api.server.app.inject({
    method: 'POST',
    url: '/api/imports?name=fair.csv',
    headers: { ...api.headers, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(content),
  })
  const { id } = reply.json<{ id: string }>()
  await api.post(`/api/imports/${id}/run`, { at: '2026-03-01T00:00:00Z' })
  while (['waiting', 'running'].includes((await api.get(`/api/imports/${id}`)).state)) await sleep(20)
  expect(await api.get(`/api/imports/${id}`)).toMatchObject({ state: 'done' })
  return id
}

/** Lets somebody leave traces wherever people do. */
async function live(n: number): Promise<string> {
  const who = `${MARK}${n}x`
  const email = `${who}@${n % 2 === 0 ? `${MARK}.example` : 'colleagues.example'}`
  const context = { page: { url: `https://shop.example/?q=${who}`, referrer: `https://x.example/${who}` } }
  await track('page', { anonymousId: `${who}-browser`, context, properties: { path: `/pricing/${who}` } })
  await track('identify', { anonymousId: `${who}-browser`, userId: who, traits: { email, name: who, plz: who } })
  await track('track', { userId: who, event: 'demo', properties: { text: who }, messageId: `m-${n}` })
  await track('track', { userId: who, event: 'demo', properties: { text: `${who} again` }, messageId: `m-${n}` })
  const lead = await idOf(who)
  await api.post(`/api/leads/${lead}/notes`, { text: `Call ${who}` })
  await api.post(`/api/leads/${lead}/calls`, { outcome: 'reached', note: `${who} was nice` })
  await api.post(`/api/leads/${lead}/consent`, { purpose: 'email', state: 'given', evidence: `Letter of ${who}` })
  await api.post(`/api/leads/${lead}/claim`, {})
  await api.post(`/api/leads/${lead}/decisions`, { decision: 'win', amount: 10 })
  const { id: other } = await add(`other-${email}`, { nickname: who })
  await api.post(`/api/leads/${lead}/merge`, { other, because: who })
  await api.post('/api/leads/bulk', { leads: [lead], action: { kind: 'exclude', as: 'test' } })
  return lead
}

const adding = (email: string, attributes: object = {}) =>
  api.call('POST', '/api/leads', { names: [{ kind: 'email', value: email }], attributes })
const add = async (email: string, attributes: object) => (await adding(email, attributes)).body

const erase = (lead: string, keepsOut: boolean) => api.post(`/api/leads/${lead}/erasure`, { keepsOut })

test('twenty people are erased, and nothing of them is found anywhere', { timeout: 90_000 }, async () => {
  const people = Array.from({ length: 20 }, (_, n) => n)
  const leads: string[] = []
  for (const n of people) leads.push(await live(n))
  const row = (n: number) => `${MARK}${n}x@colleagues.example;${MARK}${n}x;boss;12\n`
  const file = await importFile(`Email;Name;Job;Budget\n${row(1)}${row(3)}${MARK}5x@colleagues.example;x;king;12\n`)
  expect((await found(MARK)).length).toBeGreaterThan(20 * 8)
  for (const [n, lead] of leads.entries()) {
    const erased = await erase(lead, true)
    expect(erased.removed).toBeGreaterThan(8)
    expect(erased.keptOut).toBeGreaterThanOrEqual(3)
    if (n % 5 === 0) expect(await found(`${MARK}${n}x`)).toEqual([])
  }
  expect(await found(MARK)).toEqual([])
  // The file is gone, and says so.
  const again = await api.call('POST', `/api/imports/${file}/run`, { at: '2026-03-01T00:00:00Z' })
  expect(again).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining('erased') } } })
  expect((await api.get('/api/erasures?limit=2')).items).toMatchObject([{ by: 'The admin' }, { by: 'The admin' }])
  expect((await api.call('POST', `/api/leads/${leads[0]}/erasure`, { keepsOut: true })).status).toBe(404)

  // Whatever they do from now on leaves no trace either, whichever way it comes.
  const reply = await track('track', { userId: `${MARK}2x`, event: 'demo', messageId: 'm-2' })
  expect(reply.messages).toMatchObject([{ status: 'ignored', code: 'person_erased' }])
  await track('page', { anonymousId: `${MARK}2x-browser`, properties: { path: `/${MARK}` } })
  await track('track', { userId: `${MARK}4x`, event: 'other', properties: { text: MARK }, messageId: 'm-4' })
  const made = await adding(`${MARK}3x@colleagues.example`)
  expect(made).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
  const rerun = await importFile(`Email;Name\n${MARK}1x@colleagues.example;Somebody\nnew@colleagues.example;New\n`)
  expect(await api.get(`/api/imports/${rerun}`)).toMatchObject({ counts: { stored: 1, keptOut: 1 } })
  await api.call('DELETE', `/api/imports/${rerun}`)
  expect(await found(MARK)).toEqual([])

  // Until somebody lets them in.
  const name = { kind: 'email', value: `${MARK.toUpperCase()}3x@colleagues.example` }
  expect(await api.post('/api/erasures/let-in', name)).toEqual({ wasKeptOut: true })
  expect(await api.post('/api/erasures/let-in', name)).toEqual({ wasKeptOut: false })
  expect((await adding(`${MARK}3x@colleagues.example`)).status).toBeLessThan(300)
})

test('colleagues are what they would be if the other had never been there', async () => {
  const join = async (userId: string, visit = 1) => {
    await track('group', { userId, groupId: 'acme', traits: { name: 'Acme', visit } })
    await track('track', { userId, event: 'demo', properties: { visit } })
  }
  await join('stays')
  const engagement = async () => (await api.get(`/api/leads/${await idOf('stays')}`)).assessment.scores.engagement
  const alone = await engagement()
  await join('goes')
  expect(await engagement()).toBe(alone + 20)
  await erase(await idOf('goes'), false)
  expect(await engagement()).toBe(alone)
  // What is sent once more, as clients do, brings nothing back; nobody is kept out who comes back themselves.
  await join('goes')
  expect(await engagement()).toBe(alone)
  await join('goes', 2)
  expect(await engagement()).toBe(alone + 20)
})

test('every column that names a lead is in the list of what goes', async () => {
  const { rows } = await api.server.database.pool.query<{ name: string }>(
    `select c.table_name || '.' || c.column_name as name from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and (c.column_name ~ 'lead' or (c.table_name, c.column_name) = ('lead', 'merged_into'))
       and c.data_type in ('uuid', 'ARRAY') and not exists (
         select from pg_inherits i where i.inhrelid = format('%I', c.table_name)::regclass)`,
  )
  const known = OF_LEADS.map(([table, column]) => `${table}.${column}`)
  expect(rows.map(({ name }) => name).toSorted()).toEqual([...known, 'review_leads.leads'].toSorted())
})

test('a database that was away for a moment is asked again', async () => {
  const keptOut = new KeptOut()
  const name = { kind: 'email', value: 'somebody@colleagues.example' } as const
  const { pool } = api.server.database
  const client = await pool.connect()
  await client.query('begin')
  await client.query('select 1/0').catch(() => {}) // whatever is asked in this transaction fails from now on
  await expect(keptOut.among(client, [name])).rejects.toThrow('aborted')
  await client.query('rollback')
  client.release()
  expect(await keptOut.among(pool, [name])).toEqual(new Set())
})

test('who may not erase is refused', async () => {
  const reply = await api.server.app.inject({
    method: 'POST',
    url: `/api/leads/${await idOf('stays')}/erasure`,
    headers: source,
    payload: { keepsOut: true },
  })
  expect(reply.statusCode).toBe(401)
})
