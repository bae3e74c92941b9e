import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, SMALL, T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'
import { signedInAs, type Headers } from '../server.ts'

let api: Caller
let colleague: Headers
const ids = new Map<string, string>()

const add = async (name: string, demosAt: readonly number[], attributes: object = {}) => {
  const lead = await api.post('/api/leads', {
    at: new Date(T0 - 30 * DAY).toISOString(),
    attributes: { name, email: `${name.toLowerCase()}@${name.toLowerCase()}.example`, ...attributes },
  })
  ids.set(name, lead.id)
  const activities = demosAt.map((at) => ({ type: 'demo', at: new Date(at).toISOString() }))
  if (activities.length > 0) await api.post(`/api/leads/${lead.id}/activities`, { activities })
}

beforeAll(async () => {
  api = await Caller.open()
  colleague = await signedInAs(api.server, 'sales')
  await api.publish(SMALL)
  await add('Ada', [T0 - HOUR], { job: 'boss' })
  await add('Bea', [T0 - 3 * DAY])
  await add('Cem', [])
  await add('Dora', [T0 - 2 * HOUR])
  await api.post(`/api/leads/${ids.get('Dora')}/decisions`, { decision: 'accept' })
})
afterAll(() => api.close())

const of = (name: string) => `/api/leads/${ids.get(name)}`
const names = async (query = '') =>
  (await api.get(`/api/queue?${query}`)).items.map((item: { lead: { name: string } }) => item.lead.name)

test('holds who is on the path, with what somebody needs to call them', async () => {
  const { items, total, asOf } = await api.get('/api/queue')
  expect(asOf).toBe(new Date(T0).toISOString())
  expect(total).toEqual({ count: 3, isEstimate: false })
  const ada = items.find((item: { lead: { name: string } }) => item.lead.name === 'Ada')
  expect(ada).toMatchObject({
    lead: { id: ids.get('Ada'), email: 'ada@ada.example' },
    account: { name: 'ada.example' },
    stage: 'mql',
    levels: { temperature: 'hot' },
    claim: null,
    snoozedUntil: null,
    lastCall: null,
    lastActivityAt: new Date(T0 - HOUR).toISOString(),
  })
  const [first] = ada.why
  expect(first.points).toBeGreaterThan(ada.why[1].points)
  expect(first).toMatchObject({
    score: 'engagement',
    label: 'each “demo requested”',
    activities: ['demo_requested'],
    attribute: null,
  })
  expect(ada.nextChange.changes[0]).toMatchObject({ from: 'hot', to: 'warm' })
})

test('in the order of priority, whatever the page', async () => {
  const { items } = await api.get('/api/queue')
  const priorities = items.map(({ priority }: { priority: number }) => priority)
  expect(priorities).toEqual([...priorities].sort((a, b) => b - a))
  const seen: string[] = []
  for (let url: string | undefined = '/api/queue?limit=1'; url !== undefined;) {
    const page: { items: { lead: { name: string } }[]; next?: string } = await api.get(url)
    seen.push(...page.items.map((item) => item.lead.name))
    url = page.next === undefined ? undefined : `/api/queue?limit=1&cursor=${page.next}`
  }
  expect(seen).toEqual(items.map((item: { lead: { name: string } }) => item.lead.name))
})

test('by stage and level', async () => {
  expect(await names('stage=sal')).toEqual(['Dora'])
  expect(await names('stage=lead')).toEqual(['Cem'])
  expect(new Set(await names('level=temperature:hot'))).toEqual(new Set(['Ada', 'Bea', 'Dora']))
  expect(await names('level=temperature:cold')).toEqual([])
})

test('a service level that is nearly due comes before one that has long been broken', async () => {
  const { items } = await api.get('/api/queue')
  const dora = items.find((item: { lead: { name: string } }) => item.lead.name === 'Dora')
  expect(dora.slaDueAt).not.toBeNull()
  const at = async (now: number) => {
    api.now = now
    const found = (await api.get('/api/queue?stage=sal')).items[0].priority
    api.now = T0
    return found
  }
  const due = Date.parse(dora.slaDueAt)
  expect(await at(due - HOUR)).toBeGreaterThan(dora.priority)
  expect(await at(due + 60 * DAY)).toBeLessThan(await at(due + HOUR))
})

describe('taking a lead', () => {
  test('keeps others off until it is given back or half an hour has gone', async () => {
    const { claim } = await api.post(`${of('Ada')}/claim`, {})
    expect(claim).toMatchObject({ isMine: true, until: new Date(T0 + HOUR / 2).toISOString() })
    const refused = await api.call('POST', `${of('Ada')}/claim`, undefined, colleague)
    expect(refused.status).toBe(409)
    expect(refused.body.error.details.claim).toMatchObject({ by: claim.by, isMine: false })
    expect((await api.call('DELETE', `${of('Ada')}/claim`, undefined, colleague)).status).toBe(409)
    expect(await names('claimed=mine')).toEqual(['Ada'])
    expect((await api.call('GET', `${of('Ada')}/claim`, undefined, colleague)).body).toMatchObject({
      claim: { by: claim.by, isMine: false },
      snoozedUntil: null,
    })
    expect(await names('claimed=unclaimed')).not.toContain('Ada')
    expect(await names()).toContain('Ada')

    api.now = T0 + HOUR
    const second = await api.call('POST', `${of('Ada')}/claim`, undefined, colleague)
    expect(second.body.claim).toMatchObject({ isMine: true, since: new Date(api.now).toISOString() })
    expect((await api.call('DELETE', `${of('Ada')}/claim`, undefined, colleague)).body).toEqual({
      lead: ids.get('Ada'),
      claim: null,
    })
    expect((await api.post(`${of('Ada')}/claim`, {})).claim.isMine).toBe(true)
    expect((await api.call('DELETE', `${of('Ada')}/claim`)).status).toBe(200)
    expect((await api.call('DELETE', `${of('Ada')}/claim`)).status).toBe(200)
    api.now = T0
  })

  test('taking it again lengthens it', async () => {
    await api.post(`${of('Bea')}/claim`, {})
    api.now = T0 + 60_000
    const { claim } = await api.post(`${of('Bea')}/claim`, {})
    expect(claim).toMatchObject({
      since: new Date(T0).toISOString(),
      until: new Date(T0 + HOUR / 2 + 60_000).toISOString(),
    })
    await api.call('DELETE', `${of('Bea')}/claim`)
    api.now = T0
  })

  test('of many at once one gets it', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => signedInAs(api.server, 'sales')))
    const answers = await Promise.all(people.map((who) => api.call('POST', `${of('Dora')}/claim`, undefined, who)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7)
    api.now = T0 + 2 * HOUR
    expect((await api.post(`${of('Dora')}/claim`, {})).claim.isMine).toBe(true)
    await api.call('DELETE', `${of('Dora')}/claim`)
    api.now = T0
  })
})

test('putting off takes a lead out until then, and can be undone', async () => {
  const until = new Date(T0 + DAY).toISOString()
  expect(await api.post(`${of('Bea')}/snooze`, { until })).toEqual({ lead: ids.get('Bea'), snoozedUntil: until })
  expect(await names()).not.toContain('Bea')
  expect((await api.get('/api/queue?snoozed=only')).items[0]).toMatchObject({
    lead: { name: 'Bea' },
    snoozedUntil: until,
  })
  expect((await api.call('DELETE', `${of('Bea')}/snooze`)).body).toEqual({ lead: ids.get('Bea'), snoozedUntil: null })
  expect(await names()).toContain('Bea')
  await api.post(`${of('Bea')}/snooze`, { until })
  api.now = T0 + DAY
  expect(await names()).toContain('Bea')
  api.now = T0
  await api.call('DELETE', `${of('Bea')}/snooze`)
  for (const wrong of [T0, T0 + 400 * DAY])
    expect((await api.call('POST', `${of('Bea')}/snooze`, { until: new Date(wrong).toISOString() })).status).toBe(422)
})

describe('what came of a call', () => {
  const activities = async (name: string) => (await api.get(`${of(name)}/activities?type=sales_call`)).items

  test('is an activity where the lead took part', async () => {
    const said = { id: 'call-1', outcome: 'reached', note: 'Wants <b>prices</b>' }
    const call = await api.post(`${of('Bea')}/calls`, said)
    expect(call).toMatchObject({ id: 'call-1', lead: ids.get('Bea'), outcome: 'reached', note: said.note })
    expect(await api.post(`${of('Bea')}/calls`, said)).toEqual(call)
    expect(await activities('Bea')).toMatchObject([{ type: 'sales_call', properties: { outcome: 'reached' } }])
    expect((await api.get(`${of('Bea')}/calls`)).items).toHaveLength(1)
    const { items } = await api.get('/api/queue')
    expect(items.find((item: { lead: { name: string } }) => item.lead.name === 'Bea').lastCall).toEqual({
      at: call.at,
      outcome: 'reached',
    })
  })

  test('is none where nobody answered', async () => {
    await api.post(`${of('Dora')}/calls`, { outcome: 'no_answer' })
    expect(await activities('Dora')).toEqual([])
  })

  test('puts the lead off until it wants to be called', async () => {
    const callbackAt = new Date(T0 + DAY).toISOString()
    const call = await api.post(`${of('Dora')}/calls`, { outcome: 'callback', callbackAt })
    expect(call.snoozedUntil).toBe(callbackAt)
    expect(await names()).not.toContain('Dora')
    await api.call('DELETE', `${of('Dora')}/snooze`)
  })

  test('pages go back', async () => {
    const whole = (await api.get(`${of('Dora')}/calls`)).items
    const first = await api.get(`${of('Dora')}/calls?limit=1`)
    const second = await api.get(`${of('Dora')}/calls?limit=1&cursor=${first.next}`)
    expect([...first.items, ...second.items]).toEqual(whole)
  })
})

test('whoever follows changes hears of it', async () => {
  await api.post(`${of('Ada')}/claim`, {})
  await api.post(`${of('Ada')}/calls`, { outcome: 'voicemail' })
  await api.call('DELETE', `${of('Ada')}/claim`)
  const latest = async () => {
    const { changes } = await api.get(`/api/changes?lead=${ids.get('Ada')}&limit=1000`)
    return changes.slice(-3)
  }
  // A line is told once every transaction that began before it has ended, also of tests beside this one.
  await expect
    .poll(async () => (await latest()).map(({ topic }: { topic: string }) => topic), { timeout: 20_000 })
    .toEqual(['claim', 'call', 'claim'])
  const [taken, , released] = await latest()
  expect(taken.body).toMatchObject({ until: new Date(T0 + HOUR / 2).toISOString() })
  expect(released.body).toEqual({ by: null })
})

test('without a definition it is empty', async () => {
  const empty = await Caller.open()
  expect((await empty.get('/api/queue')).items).toEqual([])
  await empty.close()
})
