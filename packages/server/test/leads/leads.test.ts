import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, SMALL, T0 } from '../live/world.ts'
import { Caller } from './calling.ts'

let api: Caller
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(
    SMALL.replace(
      '  - { id: customer',
      '  - { id: sql, by: qualify, needs: { answers: [budget], at_least: 1 } }\n  - { id: customer',
    ),
  )
})
afterAll(() => api.close())

let count = 0
const newLead = async (more: object = {}) => {
  const email = `lead${++count}@mail${count}.example`
  const lead = await api.post('/api/leads', {
    ...more,
    attributes: { email, ...(more as { attributes?: object }).attributes },
  })
  return lead as { id: string }
}
const DEMO = { activities: [{ type: 'demo' }] }
const demo = (id: string, more: object = {}) =>
  api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'demo', ...more }] })

describe('writing', () => {
  test('a lead is known by its address, linked to its company, and assessed at once', async () => {
    const { status, body } = await api.call('POST', '/api/leads', {
      attributes: { email: 'Mara@Brightmill.example', job: 'boss' },
      touch: { source: 'webinar', at: '2026-03-01T00:00:00Z' },
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      email: 'mara@brightmill.example',
      account: { name: 'brightmill.example' },
      names: [{ kind: 'email', value: 'mara@brightmill.example' }],
      firstTouch: { source: 'webinar', at: '2026-03-01T00:00:00.000Z' },
      assessment: { scores: { fit: 50, engagement: 0 }, levels: { temperature: 'cold' }, stage: { id: 'lead' } },
    })
    const again = await api.post('/api/leads', { attributes: { email: 'mara@brightmill.example', job: 'clerk' } })
    expect(again.id).toBe(body.id)
    const read = await api.get(`/api/leads/${body.id}`)
    expect(read).toMatchObject({
      attributes: { job: again.attributes.job },
      attributeTimes: { job: expect.any(String) },
    })
  })

  test('private addresses name no company, and nobody without a name is a lead', async () => {
    expect(await api.post('/api/leads', { attributes: { email: 'ada@gmail.com' } })).toMatchObject({ account: null })
    const { status, body } = await api.call('POST', '/api/leads', { attributes: { job: 'boss' } })
    expect({ status, at: body.error.at }).toEqual({ status: 422, at: '/names' })
    expect((await api.call('POST', '/api/leads', { names: [{ kind: 'email', value: 'no address' }] })).status).toBe(422)
  })

  test('a repeat with the same key changes nothing, and another request with it is refused', async () => {
    const { id } = await newLead()
    const key = { 'idempotency-key': 'once' }
    const first = await api.call('POST', `/api/leads/${id}/activities`, DEMO, key)
    expect(first.body).toEqual({ activities: [{ id: 'once:0', status: 'stored' }] })
    expect((await api.call('POST', `/api/leads/${id}/activities`, DEMO, key)).body.activities[0].status).toBe(
      'repeated',
    )
    const body = { attributes: { job: 'boss' }, id: 'job' }
    expect((await api.call('PATCH', `/api/leads/${id}`, body)).status).toBe(200)
    expect((await api.call('PATCH', `/api/leads/${id}`, body)).status).toBe(200)
    expect(await api.call('PATCH', `/api/leads/${id}`, { ...body, attributes: { job: 'clerk' } })).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    })
    expect((await api.get(`/api/leads/${id}`)).assessment.scores).toMatchObject({ engagement: 60, fit: 50 })
  })

  test.each([
    ['in the future', { at: new Date(T0 + DAY).toISOString() }],
    ['before 2000', { at: '1999-12-31T00:00:00Z' }],
  ])('an activity %s is refused', async (_name, more) => {
    const { id } = await newLead()
    const { status, body } = await api.call('POST', `/api/leads/${id}/activities`, {
      activities: [{ type: 'demo', ...more }],
    })
    expect({ status, at: body.error.at }).toEqual({ status: 422, at: '/activities/0/at' })
  })

  test('who is not there is not found', async () => {
    const nobody = `/api/leads/${crypto.randomUUID()}`
    const all = [
      api.call('GET', nobody),
      api.call('PATCH', nobody, { attributes: {} }),
      api.call('POST', `${nobody}/activities`, DEMO),
      api.call('POST', `${nobody}/decisions`, { decision: 'accept' }),
      api.call('GET', `${nobody}/explanation`),
      api.call('GET', `${nobody}/ledger`),
      api.call('POST', `${nobody}/unmerge`),
      api.call('GET', `/api/accounts/${crypto.randomUUID()}`),
    ]
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(all.map(() => 404))
  })

  test('what is no longer known is taken away, and so is an account', async () => {
    const { id } = await newLead({ attributes: { job: 'boss' } })
    api.now += 1000
    const changed = await api.patch(`/api/leads/${id}`, { attributes: { job: null }, account: null })
    expect(changed).toMatchObject({ account: null, assessment: { scores: { fit: 0 } } })
    expect(changed.attributes).not.toHaveProperty('job')
  })
})

describe('reading', () => {
  test('the timeline goes back page by page, with every kind of fact', async () => {
    const { id } = await newLead()
    for (let hour = 1; hour <= 5; hour++) {
      await demo(id, { at: new Date(T0 - hour * HOUR).toISOString(), properties: { hour } })
    }
    const seen: number[] = []
    let url = `/api/leads/${id}/activities?limit=2`
    for (let next: string | undefined = ''; next !== undefined;) {
      const page = await api.get(next === '' ? url : `${url}&cursor=${next}`)
      seen.push(...page.items.map((item: { properties: { hour: number } }) => item.properties.hour))
      next = page.next
    }
    expect(seen).toEqual([1, 2, 3, 4, 5])
    url = `/api/leads/${id}/activities?kinds=activity,attribute,link,decision`
    const kinds = (await api.get(url)).items.map(({ kind }: { kind: string }) => kind)
    expect(kinds.sort()).toEqual([...Array.from({ length: 5 }, () => 'activity'), 'attribute', 'link'])
    const forged = await api.call('GET', `${url}&cursor=e30.AAAA`)
    expect(forged).toMatchObject({ status: 400, body: { error: { code: 'cursor_invalid' } } })
  })

  test('the ledger shows what was never so only to those who ask', async () => {
    const { id } = await newLead()
    api.now += DAY
    await demo(id, { at: new Date(api.now - 2 * DAY).toISOString() })
    const shown = await api.get(`/api/leads/${id}/ledger`)
    const whole = await api.get(`/api/leads/${id}/ledger?superseded=true`)
    expect(shown.items.every(({ supersededAt }: { supersededAt: unknown }) => supersededAt === null)).toBe(true)
    expect(whole.items.length).toBeGreaterThan(shown.items.length)
  })
})

describe('deciding', () => {
  const decide = (id: string, body: object, headers = {}) =>
    api.call('POST', `/api/leads/${id}/decisions`, body, headers)

  test('a decision that would do nothing is refused, and says what is missing', async () => {
    const { id } = await newLead()
    await demo(id)
    const refused = await decide(id, { decision: 'qualify' })
    expect(refused).toMatchObject({
      status: 409,
      body: {
        error: { code: 'decision_without_effect', details: { missing: ['budget'], because: expect.any(String) } },
      },
    })
    const done = await decide(id, { decision: 'qualify', answers: { budget: 5000 } })
    expect(done).toMatchObject({
      status: 201,
      body: {
        status: 'stored',
        assessment: { stage: { id: 'sql' } },
        changes: expect.arrayContaining([expect.objectContaining({ to: 'sql' })]),
      },
    })
    expect((await decide(id, { decision: 'accept' })).status).toBe(409)
    expect(await decide(id, { decision: 'accept', force: true })).toMatchObject({
      status: 201,
      body: { assessment: { stage: { id: 'sql' } } },
    })
    const { items } = await api.get(`/api/leads/${id}/activities?kinds=decision`)
    expect(items.map(({ body }: { body: { decision: string } }) => body.decision).sort()).toEqual(['accept', 'qualify'])
    expect(items[0].body.by).toBe('The admin')
  })

  test('the same form fifty times in a second has one effect', async () => {
    const { id } = await newLead()
    await demo(id)
    const all = await Promise.all(Array.from({ length: 50 }, () => decide(id, { decision: 'accept' })))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(all.filter(({ status }) => status === 409)).toHaveLength(49)
    const repeats = await Promise.all(
      Array.from({ length: 10 }, () =>
        decide(id, { decision: 'win', amount: 900 }, { 'idempotency-key': `won ${id}` }),
      ),
    )
    expect(repeats.map(({ status }) => status)).toEqual(repeats.map(() => 201))
    expect(repeats.filter(({ body }) => body.status === 'stored')).toHaveLength(1)
    expect(new Set(repeats.map(({ body }) => JSON.stringify(body.changes))).size).toBe(1)
  })

  test('a rejection has a reason, an override may end by itself', async () => {
    const { id } = await newLead()
    expect((await decide(id, { decision: 'reject' })).status).toBe(422)
    const until = new Date(api.now + HOUR).toISOString()
    const forced = await decide(id, {
      decision: 'override',
      reason: 'met them',
      override: { category: 'temperature', level: 'hot', until },
    })
    expect(forced.body.assessment.levels).toEqual({ temperature: 'hot' })
    expect(await api.get(`/api/leads/${id}`)).toMatchObject({ nextChange: { at: until } })
    expect((await decide(id, { decision: 'override', reason: 'x', override: { stage: 'nowhere' } })).status).toBe(409)
  })
})

describe('explaining', () => {
  test('lines add up, with the facts behind them', async () => {
    const { id } = await newLead({ attributes: { job: 'boss' } })
    await demo(id)
    const told = await api.get(`/api/leads/${id}/explanation`)
    const sum = (score: string) =>
      told.contributions
        .filter((line: { score: string }) => line.score === score)
        .reduce((total: number, line: { points: number }) => total + line.points, 0)
    expect({ fit: sum('fit'), engagement: sum('engagement') }).toEqual(told.assessment.scores)
    const line = told.contributions.find((each: { criterion: string }) => each.criterion === 'demo')
    expect(told.facts[line.evidence[0]]).toMatchObject({ kind: 'activity', type: 'demo' })
    expect(told).toMatchObject({
      questions: [{ attribute: 'budget' }],
      cooling: { category: 'temperature', from: 'hot', to: 'warm' },
    })
    expect(told.nextChange.at).toBe(told.cooling.at)
  })

  test('an instant in the past is explained by what was known then, and otherwise only when asked', async () => {
    const { id } = await newLead()
    const then = api.now
    api.now += DAY
    await demo(id, { at: new Date(then - HOUR).toISOString() })
    const at = new Date(then).toISOString()
    const asKnown = await api.get(`/api/leads/${id}/explanation?at=${at}`)
    expect(asKnown).toMatchObject({ knownAt: at, assessment: { levels: { temperature: 'cold' } } })
    const inHindsight = await api.get(
      `/api/leads/${id}/explanation?at=${at}&knownAt=${new Date(api.now).toISOString()}`,
    )
    expect(inHindsight.assessment.levels).toEqual({ temperature: 'hot' })
  })

  test('what the ledger recorded is explained as it was recorded', async () => {
    const { id } = await newLead()
    await demo(id)
    api.now += 5 * DAY
    await api.settle()
    api.now += DAY
    await demo(id, { at: new Date(api.now - 4 * DAY).toISOString() })
    api.now += 20 * DAY
    await api.settle()
    const { items } = await api.get(`/api/leads/${id}/ledger?superseded=true`)
    expect(items.length).toBeGreaterThan(5)
    for (const line of items) {
      const { assessment } = await api.get(
        `/api/leads/${id}/explanation?at=${line.at}&knownAt=${line.recordedAt}&version=${line.version}`,
      )
      // Of several moves at one instant the explanation shows where they ended.
      const last = items.find(
        (each: typeof line) => each.at === line.at && each.name === line.name && each.recordedAt === line.recordedAt,
      )
      expect(line.name === 'stage' ? assessment.stage.id : assessment.levels[line.name]).toBe(last.to)
    }
  })
})

describe('merging', () => {
  test('two leads become one, and two again, with everything as it was', async () => {
    const one = await newLead({ attributes: { job: 'boss' } })
    const other = await newLead({ attributes: { budget: 7 } })
    await demo(other.id)
    const before = await Promise.all([one, other].map(({ id }) => api.get(`/api/leads/${id}`)))
    const ledgers = await Promise.all([one, other].map(({ id }) => api.get(`/api/leads/${id}/ledger`)))
    api.now += 1000
    const merge = () =>
      api.call(
        'POST',
        `/api/leads/${one.id}/merge`,
        { other: other.id, because: 'the same person' },
        { 'idempotency-key': 'one' },
      )
    const { body: merged } = await merge()
    expect(await merge()).toMatchObject({ status: 200, body: { id: one.id } })
    expect(merged).toMatchObject({
      id: one.id,
      mergedFrom: [other.id],
      attributes: { job: 'boss', budget: 7 },
      assessment: { levels: { temperature: 'hot' }, stage: { id: 'mql' } },
    })
    expect((await api.get(`/api/leads/${other.id}`)).id).toBe(one.id)
    expect((await api.call('POST', `/api/leads/${one.id}/merge`, { other: other.id })).status).toBe(409)
    // Explained as of before, they are still two.
    const past = `explanation?at=${new Date(api.now - 1000).toISOString()}`
    expect(await api.get(`/api/leads/${other.id}/${past}`)).toMatchObject({
      lead: other.id,
      assessment: { scores: { fit: 0, engagement: 60 } },
    })
    expect(await api.get(`/api/leads/${one.id}/${past}`)).toMatchObject({
      lead: one.id,
      assessment: { scores: { fit: 50, engagement: 0 } },
    })

    api.now += 1000
    await api.post(`/api/leads/${other.id}/unmerge`, {})
    const after = await Promise.all([one, other].map(({ id }) => api.get(`/api/leads/${id}`)))
    for (const [index, lead] of after.entries()) {
      const { attributes, email, createdAt, names, levels, stage, mergedFrom, account } = before[index]
      expect(lead).toMatchObject({ attributes, email, createdAt, names, levels, stage, mergedFrom, account })
    }
    for (const [index, { id }] of [one, other].entries()) {
      const to = (ledger: { items: { at: string; name: string; to: string }[] }) =>
        ledger.items.map(({ at, name, to }) => `${at} ${name} ${to}`).sort()
      expect(to(await api.get(`/api/leads/${id}/ledger`))).toEqual(to(ledgers[index]))
    }
    expect((await api.get(`/api/leads/${one.id}/merges`)).items).toMatchObject([
      {
        lead: other.id,
        into: one.id,
        because: 'the same person',
        by: 'The admin',
        undoneAt: expect.any(String),
        undoneBy: 'The admin',
      },
    ])
    expect((await api.call('POST', `/api/leads/${other.id}/unmerge`)).status).toBe(409)
  })

  test('who had been merged before goes with the one that it was merged into', async () => {
    const [a, b, c] = [await newLead(), await newLead(), await newLead()]
    await api.post(`/api/leads/${b.id}/merge`, { other: c.id })
    await api.post(`/api/leads/${a.id}/merge`, { other: b.id })
    expect((await api.get(`/api/leads/${a.id}`)).mergedFrom.sort()).toEqual([b.id, c.id].sort())
    await api.post(`/api/leads/${b.id}/unmerge`, {})
    expect(await api.get(`/api/leads/${a.id}`)).toMatchObject({ mergedFrom: [] })
    expect(await api.get(`/api/leads/${c.id}`)).toMatchObject({ id: b.id, mergedFrom: [c.id] })
  })
})

describe('accounts', () => {
  test('are made by what is said of them, and show their leads', async () => {
    const made = await api.call('POST', '/api/accounts', {
      name: { kind: 'domain', value: 'Northwind.example' },
      attributes: { employees: 80, name: 'Northwind' },
    })
    expect(made).toMatchObject({ status: 201, body: { name: 'Northwind', leads: 0, attributes: { employees: 80 } } })
    const { id } = made.body
    const lead = await api.post('/api/leads', { attributes: { email: 'a@northwind.example' } })
    expect(lead.account).toEqual({ id, name: 'Northwind' })
    expect(await api.get(`/api/accounts/${id}`)).toMatchObject({ leads: 1, stages: { lead: 1 } })
    expect((await api.get(`/api/accounts/${id}/leads`)).items).toMatchObject([{ id: lead.id }])
    expect((await api.get('/api/accounts?q=north')).items).toMatchObject([{ id }])
    expect((await api.get('/api/accounts?q=nor%25')).items).toEqual([])
    api.now += 1000
    expect(await api.patch(`/api/accounts/${id}`, { attributes: { employees: 90 } })).toMatchObject({
      attributes: { employees: 90 },
    })
    expect((await api.call('PATCH', `/api/accounts/${crypto.randomUUID()}`, { attributes: { a: 1 } })).status).toBe(404)
    expect(
      (
        await api.call('POST', '/api/leads', {
          names: [{ kind: 'user', value: 'u' }],
          account: { kind: 'account', value: crypto.randomUUID() },
        })
      ).status,
    ).toBe(404)
  })
})
