import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bulkRunner } from '../../src/bulk/run.ts'
import { addLeadsNamed } from '../../src/bulk/store.ts'
import { runNextJob } from '../../src/jobs/run.ts'
import { insertJob, requireJob } from '../../src/jobs/store.ts'
import { SMALL, T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'
import { withKey } from '../server.ts'

let api: Caller
let ids: string[]
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
})
afterAll(() => api.close())

const LEADS = 70
let round = 0
beforeEach(async () => {
  round += 1
  ids = []
  for (let index = 0; index < LEADS; index++) {
    const { id } = await api.post('/api/leads', {
      attributes: { email: `p${index}@round${round}.example`, round, ...(index % 2 && { owner: 'Zoe' }) },
    })
    ids.push(id)
    if (index % 10 === 0) await api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'demo' }] })
  }
}, 60_000)

const query = () => `attribute=round:is:${round}`
const owners = async (name: string) => (await api.get(`/api/leads/counts?${query()}&attribute=owner:is:${name}`)).total

async function ended(started: { id: string }) {
  const url = `/api/leads/bulk/${started.id}`
  await expect.poll(async () => (await api.get(url)).state, { timeout: 20_000 }).not.toMatch(/waiting|running/)
  return api.get(url)
}
const run = async (body: object) => ended(await api.post('/api/leads/bulk', body))
const undo = async ({ id }: { id: string }) => ended(await api.post(`/api/leads/bulk/${id}/undo`, {}))

test('an attribute of many, and back', async () => {
  const action = { kind: 'attribute', name: 'owner', value: 'Mara' }
  await api.patch(`/api/leads/${ids[0]}`, { attributes: { owner: 'Mara' } })
  const done = await run({ query: query(), action })
  expect(done).toMatchObject({ state: 'done', total: LEADS, done: LEADS, changed: LEADS - 1, unchanged: 1, refused: 0 })
  expect(done).toMatchObject({ action, isUndoable: true, undoes: null })
  expect(await owners('Mara')).toBe(LEADS)

  api.now = T0 + 1000
  await api.patch(`/api/leads/${ids[1]}`, { attributes: { owner: 'Bea' } })
  api.now = T0
  const undone = await undo(done)
  expect(undone).toMatchObject({ undoes: done.id, changed: LEADS - 2, refused: 1, isUndoable: false })
  expect(await owners('Mara')).toBe(1)
  expect(await owners('Bea')).toBe(1)
  expect(await owners('Zoe')).toBe(LEADS / 2 - 1)
  const { items } = await api.get(`/api/leads/bulk/${undone.id}/leads?state=refused`)
  expect(items).toMatchObject([{ lead: { id: ids[1] }, why: 'somebody has said otherwise since' }])
  expect((await api.get(`/api/leads/bulk/${done.id}`)).isUndoable).toBe(false)
  expect((await api.call('POST', `/api/leads/bulk/${done.id}/undo`)).status).toBe(409)
})

test('exclusions, and back, with their assessments', async () => {
  const before = await api.get(`/api/leads/counts?${query()}`)
  const done = await run({ leads: ids.slice(0, 20), action: { kind: 'exclude', as: 'competitor' } })
  expect(done).toMatchObject({ changed: 20, refused: 0 })
  expect((await api.get(`/api/leads/counts?${query()}`)).total).toBe(LEADS - 20)
  const excluded = await api.get(`/api/leads/${ids[0]}`)
  expect(excluded).toMatchObject({ excludedAs: 'competitor', stage: null, assessment: null })
  const ledger = await api.get(`/api/leads/${ids[0]}/ledger`)
  await undo(done)
  expect(await api.get(`/api/leads/counts?${query()}`)).toEqual(before)
  expect(await api.get(`/api/leads/${ids[0]}/ledger`)).toEqual(ledger)
  expect((await api.get(`/api/leads/${ids[0]}`)).stage).toBe('mql')
})

test('one lead', async () => {
  const url = `/api/leads/${ids[0]}/exclusion`
  expect((await api.call('PUT', url, { as: 'test' })).body).toEqual({ lead: ids[0], excludedAs: 'test' })
  expect((await api.get(`/api/leads/${ids[0]}`)).excludedAs).toBe('test')
  await api.call('PUT', url, { as: null })
  expect(await api.get(`/api/leads/${ids[0]}`)).toMatchObject({ excludedAs: null, stage: 'mql' })
})

describe('decisions', () => {
  test('are refused where they have no effect, and put back by an override', async () => {
    await api.post(`/api/leads/${ids[0]}/decisions`, { decision: 'accept' })
    const done = await run({ query: query(), action: { kind: 'decide', decision: 'accept' } })
    expect(done).toMatchObject({ changed: LEADS - 1, refused: 1 })
    expect((await api.get(`/api/leads/counts?${query()}`)).stages).toEqual({ sal: LEADS })
    api.now = T0 + 1000
    await api.post(`/api/leads/${ids[1]}/decisions`, { decision: 'win' })
    const undone = await undo(done)
    expect(undone).toMatchObject({ changed: LEADS - 2, refused: 1 })
    expect((await api.get(`/api/leads/counts?${query()}`)).stages).toEqual({
      lead: LEADS - LEADS / 10 - 1,
      mql: LEADS / 10 - 1,
      sal: 1,
      customer: 1,
    })
    api.now = T0
  })

  test('need a reason where one is wanted, and the right', async () => {
    const action = { kind: 'decide', decision: 'reject' }
    expect((await api.call('POST', '/api/leads/bulk', { leads: ids, action })).status).toBe(422)
    const key = await withKey(api.server, ['leads:read', 'leads:write'])
    const allowed = { leads: [ids[0]], action: { ...action, reason: 'Too small' } }
    expect((await api.call('POST', '/api/leads/bulk', allowed, { ...key, cookie: '' })).status).toBe(403)
  })
})

test('a server that dies over it leaves it to another, and nothing is done twice', async () => {
  const { pool } = api.server.database
  const { taking } = api
  const parts = {
    db: api.server.database.db,
    pool,
    taking,
    intake: { take: () => Promise.reject(new Error('killed')) },
  }
  const { db } = api.server.database
  const dying = crypto.randomUUID()
  const input = { action: { kind: 'attribute', name: 'owner', value: 'Ann' }, undoes: null }
  await db.transaction().execute(async (tx) => {
    await insertJob(tx, { id: dying, kind: 'bulk', input, by: { id: null, name: 'Ann' }, now: T0 })
    await addLeadsNamed(tx, dying, ids.slice(0, 3))
    // Somebody else's run, so that the server's own loop leaves it.
    const seen_at = new Date(T0).toISOString()
    await tx.updateTable('job').set({ state: 'running', seen_at }).where('job_id', '=', dying).execute()
  })
  const runner = bulkRunner(parts)
  const controller = new AbortController()
  const job = await requireJob(pool, 'bulk', dying)
  await expect(runner({ job, signal: controller.signal, report: async () => false })).rejects.toThrow('killed')
  api.now = T0 + 60_000
  expect((await ended({ id: dying })).changed).toBe(3)
  expect((await undo({ id: dying })).changed).toBe(3)
  expect(await owners('Ann')).toBe(0)
  api.now = T0
  expect(
    await runNextJob(
      {
        pool,
        now: () => api.now,
        log: taking.log,
        runners: { bulk: runner, trial: runner, backtest: runner, review: runner },
      },
      'bulk',
      controller.signal,
    ),
  ).toBe(false)
})

test('what a server that died has noted says how leads were', async () => {
  const { pool, db } = api.server.database
  const id = crypto.randomUUID()
  const input = { action: { kind: 'exclude', as: 'competitor' }, undoes: null }
  await db.transaction().execute(async (tx) => {
    await insertJob(tx, { id, kind: 'bulk', input, by: { id: null, name: 'Ann' }, now: T0 })
    await addLeadsNamed(tx, id, ids.slice(0, 2))
    const seen_at = new Date(T0).toISOString()
    await tx.updateTable('job').set({ state: 'running', seen_at }).where('job_id', '=', id).execute()
  })
  // It excluded both and died before it could say so.
  await pool.query(`update bulk_change set before = '{"excludedAs": null}' where job_id = $1`, [id])
  for (const lead of ids.slice(0, 2)) await api.call('PUT', `/api/leads/${lead}/exclusion`, { as: 'competitor' })
  api.now = T0 + 60_000
  expect(await ended({ id })).toMatchObject({ changed: 2, unchanged: 0 })
  await undo({ id })
  expect((await api.get(`/api/leads/${ids[0]}`)).excludedAs).toBeNull()
  api.now = T0
})

test('what there is nobody for is refused', async () => {
  const action = { kind: 'include' }
  expect((await api.call('POST', '/api/leads/bulk', { query: 'stage=nowhere', action })).status).toBe(422)
  expect((await api.call('POST', '/api/leads/bulk', { leads: [crypto.randomUUID()], action })).status).toBe(422)
  expect((await api.call('POST', '/api/leads/bulk', { query: 'sort=DROP', action })).status).toBe(422)
  const { rows } = await api.server.database.pool.query(`select from job where state in ('waiting', 'running')`)
  expect(rows).toEqual([])
})
