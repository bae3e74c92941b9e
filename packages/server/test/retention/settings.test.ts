/** Retention as an administrator meets it: asked, agreed to, done, and said wherever somebody asks for the past. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeMode } from '../../src/proposals/mode.ts'
import { forgetDue } from '../../src/retention/forget.ts'
import { Caller } from '../leads/calling.ts'
import { DAY, SMALL } from '../live/world.ts'
import { addTestSource, signedInAs, type Headers } from '../server.ts'

const NOW = Date.parse('2026-03-02T09:00:00Z')
const OLD = Date.parse('2024-05-10T09:00:00Z')
const HORIZON = '2025-01-01T00:00:00.000Z'
const NEVER_FADING = SMALL.replaceAll(', decay: { half_life: 7d }', '')

let api: Caller
let source: Headers
beforeEach(async () => {
  api = await Caller.open()
  source = (await addTestSource(api.server)).headers
  api.now = OLD - DAY
  await api.publish(NEVER_FADING)
})
afterEach(() => api.close())

const track = async (payload: object, type = 'track') =>
  api.server.app.inject({ method: 'POST', url: `/v1/${type}`, headers: source, payload })
const iso = (at: number) => new Date(at).toISOString()

/** Ann asked for a demo long ago. @returns her id */
async function oldLead(): Promise<string> {
  api.now = OLD
  expect((await track({ userId: 'ann', event: 'demo', messageId: 'old' })).statusCode).toBe(200)
  api.now = NOW
  await api.settle()
  return (await api.get('/api/leads')).items[0].id
}

async function forgets(): Promise<void> {
  await expect
    .poll(async () => {
      await forgetDue({ taking: api.taking, changed: () => {} })
      return (await api.get('/api/retention')).forgottenBefore
    })
    .toBe(HORIZON)
  await api.settle()
}

test('what would be forgotten is shown first, and has to be agreed to', async () => {
  await oldLead()
  expect(await api.get('/api/retention')).toEqual({ months: null, forgottenBefore: null, forgettings: [] })
  const would = { before: HORIZON, activities: 1, leads: 1 }
  expect(await api.get('/api/retention/preview?months=12')).toEqual(would)
  expect(await api.call('PUT', '/api/retention', { months: 12 })).toMatchObject({
    status: 409,
    body: { error: { code: 'conflict', at: '/before', details: would } },
  })
  expect((await api.call('PUT', '/api/retention', { months: 12, before: '2024-10-01T00:00:00Z' })).status).toBe(409)
  // Where nothing would go, nobody need agree.
  expect((await api.call('PUT', '/api/retention', { months: 36 })).body).toMatchObject({ months: 36 })
  expect((await api.call('PUT', '/api/retention', { months: 12, before: HORIZON })).body).toMatchObject({ months: 12 })
  await forgets()
  expect(await api.get('/api/retention')).toEqual({
    months: 12,
    forgottenBefore: HORIZON,
    forgettings: [{ ...would, at: iso(NOW), version: 2 }],
  })
  expect(await api.get('/api/retention/preview?months=3')).toMatchObject({
    before: '2025-10-01T00:00:00.000Z',
    activities: 0,
  })
  const { items } = await api.get('/api/audit')
  expect(items.filter(({ action }: { action: string }) => /retention|forget/.test(action))).toMatchObject([
    {
      action: 'activities.forget',
      actor: { kind: 'nobody' },
      targets: { before: '2025-01-01', activities: 1, leads: 1, version: 2 },
    },
    { action: 'retention.set', targets: { months: 12 } },
    { action: 'retention.set', targets: { months: 36 } },
  ])
  for (const role of ['marketing', 'sales', 'analyst'] as const) {
    const headers = await signedInAs(api.server, role)
    expect((await api.call('PUT', '/api/retention', { months: null }, headers)).status).toBe(403)
  }
})

test('the past says what it lacks, and the ledger stands', async () => {
  const ann = await oldLead()
  const then = await api.get(`/api/leads/${ann}/explanation?at=${iso(OLD + DAY)}`)
  expect(then).toMatchObject({ forgotten: null, assessment: { scores: { engagement: 60 } } })
  await api.post(`/api/leads/${ann}/decisions`, { decision: 'accept' })
  const candidates = async () => (await api.get('/api/alignment/candidates?category=temperature')).total
  expect(await candidates()).toBe(1)
  const asked = { versions: ['version:1'], from: iso(OLD - 30 * DAY), to: iso(NOW) }
  const backtest = async () => {
    const { id } = await api.post('/api/backtests', asked)
    while (['waiting', 'running'].includes((await api.get(`/api/backtests/${id}`)).state)) await sleep(50)
    return api.get(`/api/backtests/${id}`)
  }
  const before = await backtest()
  expect(before).toMatchObject({ state: 'done', forgotten: null })
  const ledger = (await api.get(`/api/leads/${ann}/ledger`)).items
  await api.call('PUT', '/api/retention', { months: 12, before: HORIZON })
  api.now = NOW + DAY
  await forgets()

  const forgotten = { before: HORIZON, at: iso(NOW + DAY) }
  expect(await api.get(`/api/leads/${ann}/explanation?at=${iso(OLD + DAY)}`)).toMatchObject({
    forgotten,
    version: 1,
    assessment: { scores: { engagement: 0 } },
  })
  expect(await api.get(`/api/leads/${ann}/explanation`)).toMatchObject({ forgotten: null, version: 2 })
  expect(await api.get(`/api/leads/${ann}/history`)).toMatchObject({ forgotten })
  expect(await api.get(`/api/leads/${ann}`)).toMatchObject({ assessment: { stage: { id: 'sal' } } })
  expect((await api.get(`/api/leads/${ann}/ledger`)).items.slice(-ledger.length)).toEqual(ledger)
  expect(await candidates()).toBe(0) // nobody can be shown what she had done by then
  // What was reckoned before is as it was; what is reckoned now says what it lacks.
  expect(await api.get(`/api/backtests/${before.id}`)).toEqual(before)
  expect(await backtest()).toMatchObject({ state: 'done', forgotten })
  const { id: review } = await api.post('/api/reviews', {})
  while ((await api.get(`/api/reviews/${review}`)).figures === null) await sleep(50)
  expect(await api.get(`/api/reviews/${review}`)).toMatchObject({ forgotten })
  // Somebody of whom all is here lacks nothing.
  await track({ userId: 'ben', event: 'demo' })
  const ben = (await api.get('/api/leads')).items.find(({ id }: { id: string }) => id !== ann).id
  expect(await api.get(`/api/leads/${ben}/explanation?at=${iso(NOW)}`)).toMatchObject({ forgotten: null })
})

test('whichever way it comes, what is too old is refused with the reason', async () => {
  const ann = await oldLead()
  await api.call('PUT', '/api/retention', { months: 12, before: HORIZON })
  await forgets()
  const old = { userId: 'ann', event: 'demo', timestamp: iso(OLD) }
  const one = await track(old)
  expect(one.statusCode).toBe(422)
  expect(one.json()).toMatchObject({
    error: { details: { code: 'activity_forgotten', hint: expect.stringContaining('later') } },
  })
  const batch = [
    { ...old, type: 'track' },
    { type: 'track', userId: 'ann', event: 'new' },
  ]
  const many = await track({ batch }, 'batch')
  expect(many.statusCode).toBe(200)
  expect(many.json().messages).toMatchObject([{ index: 0, status: 'refused', code: 'activity_forgotten' }])
  // A client that had not heard the answer two years ago is told that it has been heard.
  expect((await track({ userId: 'ann', event: 'demo', messageId: 'old' })).json()).toMatchObject({ success: true })

  const activities = [
    { type: 'call', at: iso(OLD) },
    { type: 'call', at: iso(NOW) },
  ]
  expect((await api.post(`/api/leads/${ann}/activities`, { activities })).activities).toMatchObject([
    { status: 'too_old' },
    { status: 'stored' },
  ])
  const mapping = 'winnow_mapping: 1\nfiles:\n  - events: { lead: who, type: what, at: when }\n'
  const reply = await api.server.app.inject({
    method: 'POST',
    url: '/api/imports?name=events.csv',
    headers: { ...api.headers, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(`who,what,when\nann,demo,${iso(OLD)}\nann,demo,${iso(NOW - DAY)}\n`),
  })
  const { id } = reply.json<{ id: string }>()
  await api.post(`/api/imports/${id}/run`, { mapping })
  while (['waiting', 'running'].includes((await api.get(`/api/imports/${id}`)).state)) await sleep(20)
  expect(await api.get(`/api/imports/${id}`)).toMatchObject({ state: 'done', counts: { stored: 1, refusedRows: 1 } })
  const rejects = await api.server.app.inject({ url: `/api/imports/${id}/rejects`, headers: api.headers })
  expect(rejects.body).toContain('activity_forgotten')
  expect(rejects.body).toContain(iso(OLD))
})

test('what is proposed stays proposed, goes live, and says whose text was renewed', async () => {
  await oldLead()
  await writeMode(api.server.database.pool, 'team')
  const [marketing, sales] = [await signedInAs(api.server, 'marketing'), await signedInAs(api.server, 'sales')]
  const draft = await api.post('/api/definitions/drafts', {
    name: 'stricter',
    text: NEVER_FADING.replace('40 }', '90 }'),
  })
  const body = { revision: 1, rationale: 'Fewer.' }
  const { id } = (await api.call('POST', `/api/definitions/drafts/${draft.id}/propose`, body, marketing)).body
  const url = `/api/definitions/proposals/${id}`
  await expect.poll(async () => (await api.get(url)).trial.state, { timeout: 20_000 }).toBe('done')
  const sign = async (as: string, who: Headers) =>
    api.call('POST', `${url}/sign`, { as, digest: (await api.get(url)).digest }, who)
  expect((await sign('marketing', marketing)).status).toBe(200)
  await api.call('PUT', '/api/retention', { months: 12, before: HORIZON })
  await forgets()
  expect(await api.get(url)).toMatchObject({ step: 'proposed', base: 1, signatures: [{ side: 'marketing' }] })
  // Tried again against the renewed version: the same rules.
  const { pool } = api.server.database
  const [trial, other] = [crypto.randomUUID(), crypto.randomUUID()]
  await pool.query(
    `insert into job select r.* from job j, jsonb_populate_record(j, jsonb_build_object(
       'job_id', $1::text, 'input', j.input || '{"version": 2}')) r where j.kind = 'trial'`,
    [trial],
  )
  await pool.query(
    `insert into proposal select r.* from proposal p, jsonb_populate_record(p, jsonb_build_object(
       'proposal_id', $1::text, 'draft_id', $1::text, 'trial_id', $2::text, 'moves', null)) r`,
    [other, trial],
  )
  await expect
    .poll(async () => (await pool.query('select moves from proposal where proposal_id = $1', [other])).rows[0]?.moves)
    .toMatchObject({ result: { leads: 1 } })
  expect((await sign('sales', sales)).status).toBe(200)
  expect(await api.call('POST', `${url}/go-live`, { gateReason: 'so' }, sales)).toMatchObject({ body: { version: 3 } })
  const versions = (await api.get('/api/definitions/versions')).items
  expect(versions).toMatchObject([
    { version: 3, status: 'live', renews: null, signedAs: 'both' },
    { version: 2, status: 'retired', renews: 1, signedAs: 'first', publishedBy: null },
    { version: 1, status: 'retired', renews: null, signedAs: 'first' },
  ])
  // Whoever had looked at the first version sees that another text is live now.
  const last = await api.post('/api/definitions/drafts', { name: 'other', text: NEVER_FADING })
  await writeMode(api.server.database.pool, 'one_person')
  const publish = { revision: 1, replaces: 1, note: 'x', gateReason: 'so' }
  expect((await api.call('POST', `/api/definitions/drafts/${last.id}/publish`, publish)).status).toBe(409)
})
