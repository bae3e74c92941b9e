import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, HOUR, SMALL, T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'

let api: Caller
const LEADS = 30
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
  for (let index = 0; index < LEADS; index++) {
    const { id } = await api.post('/api/leads', {
      at: new Date(T0 - 40 * DAY).toISOString(),
      attributes: {
        name: `Person ${index}`,
        email: `p${index}@firm${index % 7}.example`,
        job: index % 2 ? 'boss' : 'clerk',
      },
    })
    const activities = [
      ...Array.from({ length: index % 3 }, (_, each) => ({ type: 'demo', at: T0 - index * DAY - each * HOUR })),
      ...Array.from({ length: index % 4 }, (_, each) => ({ type: 'page', at: T0 - 3 * DAY - each * HOUR })),
    ].map(({ type, at }) => ({ type, at: new Date(at).toISOString(), properties: { path: '/pricing' } }))
    if (activities.length > 0) await api.post(`/api/leads/${id}/activities`, { activities })
    if (index % 9 === 1) await api.post(`/api/leads/${id}/decisions`, { decision: 'accept', force: true })
  }
}, 60_000)
afterAll(() => api.close())

/** Hot only from 75 on, and with another level below. */
const STRICTER = SMALL.replace('engagement, at_least: 40', 'engagement, at_least: 75').replace(
  '- warm:',
  '- mild: { when: { score: engagement, at_least: 30 } }\n      - warm:',
)
const WITH_COLLEAGUES = SMALL.replace(
  'points: 10, decay: { half_life: 7d } }',
  `points: 10, decay: { half_life: 7d } }
          - { id: others, when: { leads: { at_least: 2 }, when: { activity: demo_requested } }, points: 45 }`,
)

async function tried(text: string, weeks = 8) {
  const started = await api.call('POST', '/api/definitions/trial', { text, weeks })
  expect(started.status).toBe(202)
  const url = `/api/definitions/trial/${started.body.id}`
  await expect.poll(async () => (await api.get(url)).state, { timeout: 30_000 }).not.toMatch(/waiting|running/)
  const ended = await api.get(url)
  expect(ended.state).toBe('done')
  return { url, ...ended }
}

const change = (result: { changes: { what: string }[] }, what: string) =>
  result.changes.find((each) => each.what === what)! as {
    what: string
    before: Record<string, number>
    after: Record<string, number>
    moves: { from: string; to: string; count: number }[]
  }

test('what a trial says is what the leads are after publishing', async () => {
  const before = await api.get('/api/leads/counts')
  for (const text of [STRICTER, WITH_COLLEAGUES]) {
    const { result, done, total, version } = await tried(text)
    expect({ done, total, version }).toEqual({ done: LEADS, total: LEADS, version: 1 })
    expect(result.leads).toBe(LEADS)
    expect(change(result, 'stage').before).toEqual(before.stages)
    expect(change(result, 'temperature').before).toEqual(before.levels.temperature)
    const other = await Caller.open()
    await copy(api, other)
    await other.publish(text)
    await other.settle()
    const after = await other.get('/api/leads/counts')
    expect(change(result, 'temperature').after).toEqual(after.levels.temperature)
    expect(change(result, 'stage').after).toEqual(after.stages)
    await other.close()
  }
}, 120_000)

/** The same leads in another server, through its own log. */
async function copy(from: Caller, to: Caller): Promise<void> {
  await to.publish(SMALL)
  const { body } = await from.server.app.inject({ url: '/api/exports/facts.jsonl', headers: from.headers })
  const uploaded = await to.server.app.inject({
    method: 'POST',
    url: '/api/imports?name=facts.jsonl',
    headers: { ...to.headers, 'content-type': 'application/octet-stream' },
    payload: body,
  })
  const { id } = uploaded.json<{ id: string }>()
  await to.post(`/api/imports/${id}/run`, {})
  await expect.poll(async () => (await to.get(`/api/imports/${id}`)).state, { timeout: 30_000 }).toBe('done')
}

test('the leads that move can be looked at, and are as many as counted', async () => {
  const { result, url } = await tried(STRICTER)
  const { moves } = change(result, 'temperature')
  const moving = moves.filter(({ from, to }) => from !== to)
  expect(moving.length).toBeGreaterThan(0)
  for (const { from, to, count } of moving) {
    const { items } = await api.get(`${url}/leads?what=temperature&from=${from}&to=${to}&limit=200`)
    expect(items).toHaveLength(count)
    expect(items[0]).toMatchObject({ from, to, lead: { email: expect.stringContaining('@') } })
  }
  const whole = (await api.get(`${url}/leads?what=temperature&limit=200`)).items
  const pages: unknown[] = []
  for (let next: string | undefined = `${url}/leads?what=temperature&limit=3`; next !== undefined;) {
    const page: { items: unknown[]; next?: string } = await api.get(next)
    pages.push(...page.items)
    next = page.next === undefined ? undefined : `${url}/leads?what=temperature&limit=3&cursor=${page.next}`
  }
  expect(pages).toEqual(whole)
  // Nobody falls behind because a threshold was raised.
  expect(change(result, 'stage').moves.filter(({ from, to }) => from === 'mql' && to === 'lead')).toEqual([])
  expect(result.kept).toBeGreaterThan(0)
})

test('weeks count who came to a stage, had the version been live', async () => {
  const { result } = await tried(STRICTER, 8)
  expect(result.weeks).toHaveLength(8)
  expect(result.weeks[7]).toBe(new Date(T0 - 7 * DAY).toISOString())
  const mql = result.weekly.find(({ stage }: { stage: string }) => stage === 'mql')
  const { rows } = await api.server.database.pool.query<{ count: number }>(
    `select count(*) as count from transition where kind = 'stage' and to_value = 'mql' and superseded_at is null and at > $1`,
    [new Date(T0 - 56 * DAY).toISOString()],
  )
  const sum = (counts: number[]) => counts.reduce((all, each) => all + each, 0)
  expect(sum(mql.before)).toBe(rows[0]!.count)
  expect(sum(mql.after)).toBeLessThan(sum(mql.before))
})

test('a trial changes nothing, and a text with errors is refused', async () => {
  const before = await api.get('/api/leads?limit=200')
  await tried(STRICTER)
  expect(await api.get('/api/leads?limit=200')).toEqual(before)
  expect((await api.call('POST', '/api/definitions/trial', { text: 'winnow: 1' })).status).toBe(422)
  expect((await api.call('GET', `/api/definitions/trial/${crypto.randomUUID()}`)).status).toBe(404)
})

test('one that is cancelled stops', async () => {
  const { id } = await api.post('/api/definitions/trial', { text: STRICTER })
  await api.post(`/api/definitions/trial/${id}/cancel`, {})
  await expect
    .poll(async () => (await api.get(`/api/definitions/trial/${id}`)).state, { timeout: 20_000 })
    .toMatch(/cancelled|done/)
})
