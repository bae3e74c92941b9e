import type { BacktestResult } from '@winnow/engine'
import { sql } from 'kysely'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, SMALL, T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'

let api: Caller
/** Where the copy of the log lies. */
let folder: string
const LEADS = 60
const BEGIN = T0 - 200 * DAY
const DEFINITION = `${SMALL}
  - { id: lost, by: [lose, disqualify] }
capacity:
  sales: { sal_per_week: 5, mql_per_week: 1 }
`
const ids: string[] = []

const iso = (at: number) => new Date(at).toISOString()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-backtests-'))
  api = await Caller.open({ WINNOW_COLUMNS: join(folder, 'columns') })
  api.now = BEGIN
  await api.publish(DEFINITION)
  for (let index = 0; index < LEADS; index++) {
    api.now = BEGIN + index * DAY
    const { id } = await api.post('/api/leads', {
      attributes: {
        name: `Person ${index}`,
        email: `p${index}@firm${index % 7}.example`,
        job: index % 2 ? 'boss' : 'clerk',
      },
      touch: { source: index % 3 === 0 ? 'news' : 'search' },
    })
    ids.push(id)
    if (index % 2 === 0) {
      api.now += HOUR
      await api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'demo' }] })
      api.now += DAY
      await api.post(`/api/leads/${id}/decisions`, { decision: 'accept', force: true })
    }
    if (index % 4 === 0) {
      api.now += 5 * DAY
      await api.post(`/api/leads/${id}/decisions`, { decision: 'win', amount: 1000, force: true })
    }
    // Nobody had seen these coming.
    if (index % 10 === 1) {
      api.now += DAY
      await api.post(`/api/leads/${id}/decisions`, { decision: 'win', amount: 500, force: true })
    }
  }
  api.now = T0
}, 120_000)
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

const HARDER = DEFINITION.replace('engagement, at_least: 40', 'engagement, at_least: 75')
const PERIOD = { from: iso(BEGIN), to: iso(T0), horizonDays: 60 }

async function ended(url: string) {
  for (;;) {
    const seen = await api.get(url)
    if (!/waiting|running/.test(seen.state)) return seen
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function run(body: object) {
  const started = await api.call('POST', '/api/backtests', body)
  expect(started.body).toMatchObject({ state: 'waiting', result: null })
  expect(started.status).toBe(202)
  const url = `/api/backtests/${started.body.id}`
  return { url, ...(await ended(url)) }
}

describe('a backtest', () => {
  let done: Awaited<ReturnType<typeof run>>
  let result: BacktestResult
  beforeAll(async () => {
    done = await run({ versions: ['live', { name: 'Harder', text: HARDER }], ...PERIOD, reps: { sales: 3 } })
    result = done.result
  }, 60_000)

  test('says what became of the leads, by each version', () => {
    expect(done).toMatchObject({ state: 'done', done: LEADS, total: LEADS, error: null, name: 'Version 1, Harder' })
    expect(done.versions).toMatchObject([
      { name: 'Version 1', reference: 'version:1', revision: null },
      { name: 'Harder', reference: 'text' },
    ])
    expect(result).toMatchObject({ leads: LEADS, wins: 21, revenue: 15 * 1000 + 6 * 500 })
    const [first, harder] = result.versions
    expect(first).toMatchObject({ name: 'Version 1', handedOver: 30, handover: 'mql' })
    expect(first!.precision).toMatchObject({ value: 0.5, count: 30 })
    expect(first!.recall).toMatchObject({ value: 15 / 21, count: 21 })
    expect(harder).toMatchObject({ name: 'Harder', handedOver: 0 })
    expect(done.headline[0]).toEqual({ handedOver: 30, precision: first!.precision, recall: first!.recall })
  })
  const behind = async (figure: object, more = '') =>
    api.get(`${done.url}/leads?figure=${encodeURIComponent(JSON.stringify(figure))}${more}`)

  test('names the leads behind each figure, with what became of them', async () => {
    const handedOver = await behind({ kind: 'handover', version: 0 }, '&limit=200')
    expect(handedOver.total).toBe(30)
    expect(idsOf(handedOver)).toEqual(ids.filter((_, index) => index % 2 === 0).toSorted())
    const won = await behind({ kind: 'handover', version: 0, outcome: 'won' }, '&limit=2')
    expect(won.total).toBe(15)
    const next = await behind({ kind: 'handover', version: 0, outcome: 'won' }, `&limit=200&cursor=${won.next}`)
    const all = [...won.items, ...next.items]
    expect(all).toHaveLength(15)
    const first = all.find(({ lead }) => lead.id === ids[0])
    expect(first).toEqual({
      lead: { id: ids[0], name: 'Person 0', email: 'p0@firm0.example' },
      account: expect.objectContaining({ name: 'firm0.example' }),
      at: iso(BEGIN + HOUR),
      levels: { temperature: 'hot', stage: 'mql' },
      points: { fit: 0, engagement: 60 },
      outcome: 'won',
      amount: 1000,
    })
    const missed = await behind({ kind: 'missed', version: 0 })
    expect(idsOf(missed)).toEqual(ids.filter((_, index) => index % 10 === 1).toSorted())
    expect(missed.items[0]).toMatchObject({ outcome: 'won', amount: 500, levels: { stage: 'customer' } })
    const hot = await behind({ kind: 'level', version: 0, category: 'temperature', level: 'hot' }, '&limit=200')
    expect(hot).toMatchObject({ total: 30, items: expect.arrayContaining([expect.objectContaining({ at: first.at })]) })
    expect((await behind({ kind: 'stage', version: 0, stage: 'mql', week: '2000-01-03T00:00:00Z' })).total).toBe(0)
    for (const figure of ['{"kind":"handover"}', 'nonsense', '{"kind":"handover","version":3}'])
      expect((await api.call('GET', `${done.url}/leads?figure=${encodeURIComponent(figure)}`)).status).toBeGreaterThan(
        400,
      )
  })

  test('explains a lead at its entry, by a text that nobody has published too', async () => {
    const of = (version: number) =>
      api.get(`${done.url}/leads/${ids[0]}/explanation?version=${version}&at=${iso(BEGIN + HOUR)}`)
    const live = await of(0)
    expect(live).toMatchObject({ version: 1, lead: ids[0], at: iso(BEGIN + HOUR) })
    expect(live.assessment).toMatchObject({ levels: { temperature: 'hot' }, stage: { id: 'mql' } })
    const harder = await of(1)
    expect(harder).toMatchObject({ version: 0 })
    expect(harder.assessment).toMatchObject({ levels: { temperature: 'warm' }, stage: { id: 'lead' } })
    const before = await api.call('GET', `${done.url}/leads/${ids[0]}/explanation?at=${iso(BEGIN - DAY)}`)
    expect(before.status).toBe(404)
  })

  test('tells what a week is for each of those who were counted', async () => {
    expect(done.request).toMatchObject({ reps: { sales: 3 }, workdays: [1, 2, 3, 4, 5] })
    const [load] = result.versions[0]!.load!
    expect(load).toMatchObject({ team: 'sales', reps: 3 })
    const all = load!.weeks.reduce((sum, { perRep }) => sum + perRep, 0)
    expect(all * 3).toBeCloseTo(load!.perRep.count)
    const refused = await api.call('POST', '/api/backtests', { versions: ['live'], ...PERIOD, reps: { sales: 0 } })
    expect(refused.status).toBe(422)
  })

  test('reads another threshold from what is there', async () => {
    const at = (points: number) => api.get(`${done.url}/threshold?score=engagement&at=${points}`)
    expect(await at(40)).toMatchObject({ entered: 30, won: { value: 0.5, count: 30 }, recall: { value: 15 / 21 } })
    expect(await at(61)).toMatchObject({ entered: 0, won: { value: null } })
    expect((await api.call('GET', `${done.url}/threshold?score=luck&at=4`)).status).toBe(404)
  })

  test('is downloaded as tables and as a whole', async () => {
    const csv = async (table: string) => {
      const { body, headers } = await api.server.app.inject({
        url: `${done.url}/tables/${table}`,
        headers: api.headers,
      })
      expect(headers['content-type']).toContain('text/csv')
      return body.trimEnd().split('\r\n')
    }
    expect(await csv('figures')).toContain('Version 1,handed_over,30,,,30')
    expect((await csv('thresholds')).length).toBe(1 + 2 * 2 * 101)
    for (const table of ['weeks', 'funnel', 'levels', 'leadTime', 'bands', 'calibration', 'captured', 'lift', 'missed'])
      expect((await csv(table))[0]).toMatch(/^version,/)
    for (const table of ['falseAlarms', 'flapping', 'splits', 'gate', 'load', 'comparison', 'migration'])
      expect((await csv(table))[0]).toMatch(/^version,/)
    const whole = await api.get(`${done.url}/download`)
    expect(whole).toMatchObject({ texts: [DEFINITION, HARDER], result })
  })

  test('is listed, run again to the same figures, and deleted', async () => {
    const { items } = await api.get('/api/backtests')
    expect(items.map(({ id }: { id: string }) => id)).toContain(done.id)
    expect(items[0].result).toBeUndefined()
    const again = await api.call('POST', `${done.url}/rerun`, { watermark: 'same' })
    expect(again.body).toMatchObject({ rerunOf: done.id, watermark: done.watermark })
    const url = `/api/backtests/${again.body.id}`
    expect((await ended(url)).result).toEqual(result)
    expect((await api.call('DELETE', url)).status).toBe(204)
    expect((await api.call('GET', url)).status).toBe(404)
    const { rows } = await api.server.database.pool.query('select from backtest_trace where job_id = $1', [
      again.body.id,
    ])
    expect(rows).toHaveLength(0)
  })
})

test('says the same from the copy of the log, from the database where that is damaged, and from a copy made anew', async () => {
  const columns = join(folder, 'columns')
  const copied = await run({ versions: ['live'], ...PERIOD })
  const buckets = (await readdir(columns)).filter((name) => name.startsWith('bucket'))
  expect(buckets.length).toBeGreaterThan(10)
  for (const name of buckets) {
    const bytes = await readFile(join(columns, name))
    await writeFile(join(columns, name), bytes.fill(0, bytes.length >> 1))
  }
  for (const _ of ['the database', 'a copy made anew']) {
    const { body } = await api.call('POST', `${copied.url}/rerun`, { watermark: 'same' })
    expect((await ended(`/api/backtests/${body.id}`)).result).toEqual(copied.result)
  }
}, 60_000)

test('one that was stopped has no result, and says so', async () => {
  const { body } = await api.call('POST', '/api/backtests', PERIOD)
  const url = `/api/backtests/${body.id}`
  expect((await api.call('POST', `${url}/cancel`)).status).toBe(200)
  expect(await ended(url)).toMatchObject({ state: 'cancelled', result: null, headline: null })
  for (const part of ['threshold?score=fit&at=1', 'tables/weeks'])
    expect((await api.call('GET', `${url}/${part}`)).body.error.code).toBe('conflict')
}, 60_000)

test('one whose server died is finished by the next, and nothing is counted twice', async () => {
  const done = await run(PERIOD)
  const { pool, db } = api.server.database
  const dying = crypto.randomUUID()
  await db.transaction().execute(async (tx) => {
    // Somebody else's run, so that the server's own loop leaves it.
    await sql`insert into job (job_id, kind, state, input, created_by, created_at, started_at, seen_at)
      select ${dying}, kind, 'running', input, created_by, created_at, started_at, to_timestamp(${T0 / 1000})
      from job where job_id = ${done.id}`.execute(tx)
    await sql`insert into backtest (job_id, name, purpose, request, versions, texts, watermark)
      select ${dying}, name, purpose, request, versions, texts, watermark from backtest where job_id = ${done.id}`.execute(
      tx,
    )
    await sql`insert into backtest_trace (job_id, place, bytes)
      select ${dying}, place + 1, bytes from backtest_trace where job_id = ${done.id}`.execute(tx)
  })
  api.now = T0 + 60_000
  const finished = await ended(`/api/backtests/${dying}`)
  api.now = T0
  expect(finished).toMatchObject({ state: 'done', result: done.result })
  const { rows } = await pool.query('select place from backtest_trace where job_id = $1', [dying])
  expect(rows).toEqual([{ place: 0 }])
}, 60_000)

describe('whom it is about', () => {
  test('a segment, saved or said, and a source', async () => {
    const saved = await api.post('/api/segments', { name: 'Bosses', query: 'attribute=job:is:boss' })
    const bosses = await run({ segment: saved.id, ...PERIOD })
    expect(bosses).toMatchObject({
      request: { segment: { name: 'Bosses', id: saved.id } },
      result: { leads: 30, wins: 6 },
    })
    expect((await run({ segment: 'attribute=job:is:boss', source: 'news', ...PERIOD })).result.leads).toBe(10)
    expect((await run({ segment: 'attribute=job:is:nobody', ...PERIOD })).result).toMatchObject({ leads: 0, wins: 0 })
    const none = await api.call('POST', '/api/backtests', { segment: crypto.randomUUID(), ...PERIOD })
    expect(none.status).toBe(404)
  }, 60_000)

  test('colleagues of a segment count for it and are not counted', async () => {
    const text = DEFINITION.replace(
      'points: 10, decay: { half_life: 7d } }',
      `points: 10, decay: { half_life: 7d } }
          - { id: others, when: { leads: { at_least: 2 }, when: { activity: demo_requested } }, points: 45 }`,
    )
    const versions = [{ name: 'Colleagues', text }]
    const of = async (body: object) => (await run({ ...body, ...PERIOD })).result as BacktestResult
    const all = await of({ versions })
    const some = await of({ versions, segment: 'attribute=job:is:boss' })
    expect([all.leads, some.leads]).toEqual([60, 30])
    expect((await of({ segment: 'attribute=job:is:boss' })).versions[0]!.handedOver).toBe(0)
    expect(some.versions[0]!.handedOver).toBeGreaterThan(15)
  }, 60_000)

  test('nobody who is excluded by now', async () => {
    const { pool } = api.server.database
    await pool.query(`update lead set excluded_as = 'test' where lead_id = $1`, [ids[4]])
    const without = await run(PERIOD)
    await pool.query('update lead set excluded_as = null where lead_id = $1', [ids[4]])
    expect(without.result).toMatchObject({ leads: LEADS - 1, wins: 20 })
  }, 60_000)
})

test.each([
  { name: 'no version', body: { versions: ['version:9'] }, status: 404 },
  { name: 'no such draft', body: { versions: [`draft:${crypto.randomUUID()}`] }, status: 404 },
  { name: 'a text with errors', body: { versions: [{ name: 'x', text: 'winnow: 2' }] }, status: 422 },
  { name: 'a period that ends first', body: { from: iso(T0), to: iso(BEGIN) }, status: 422 },
  { name: 'a stage that is not there', body: { handover: 'nowhere' }, status: 422 },
  { name: 'filters that nobody can read', body: { segment: 'stage=mql&nonsense=1' }, status: 422 },
])('refused: $name', async ({ body, status }) => {
  expect((await api.call('POST', '/api/backtests', body)).status).toBe(status)
})

function idsOf({ items }: { items: { lead: { id: string } }[] }): string[] {
  return items.map(({ lead }) => lead.id).toSorted()
}
