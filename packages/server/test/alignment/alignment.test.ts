import { afterAll, beforeAll, expect, test } from 'vitest'
import { Caller } from '../leads/calling.ts'
import { DAY, HOUR, SMALL, T0 } from '../live/world.ts'
import { addTestPerson, signIn, type Headers } from '../server.ts'

let api: Caller
const people: Record<'mara' | 'sam' | 'sue' | 'rita', { id: string; headers: Headers }> = {} as never
const URL = '/api/alignment/sessions'

/** Twelve leads: who asked for a demo is hot; sales takes every second. Then things happen that give the outcome away. */
beforeAll(async () => {
  api = await Caller.open()
  for (const [name, role] of [
    ['mara', 'marketing'],
    ['sam', 'sales'],
    ['sue', 'sales'],
    ['rita', 'reader'],
  ] as const) {
    const person = await addTestPerson(api.server, role)
    people[name] = { id: person.id, headers: await signIn(api.server, person) }
  }
  await api.publish(SMALL)
  for (let index = 0; index < 12; index++) {
    api.now = T0 + index * HOUR
    const { id } = await api.post('/api/leads', {
      attributes: { email: `p${index}@firm${index}.example`, first_name: 'Vera', job: index < 6 ? 'boss' : 'clerk' },
    })
    const type = index % 3 === 0 ? 'newsletter' : 'demo'
    const properties = { form: 'demo', email: `p${index}@firm${index}.example`, says: `write to p${index}@x.example` }
    await api.post(`/api/leads/${id}/activities`, { activities: [{ type, properties }] })
    api.now += DAY
    const decision = index % 2 === 0 ? { decision: 'accept' } : { decision: 'reject', reason: 'No budget' }
    await api.post(`/api/leads/${id}/decisions`, { ...decision, force: true })
    api.now += DAY
    await api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'contract_signed' }] })
    if (index === 0) await api.post(`/api/leads/${id}/decisions`, { decision: 'win', force: true })
    if (index === 2) await api.post(`/api/leads/${id}/decisions`, { decision: 'lose', reason: 'Price', force: true })
  }
  api.now = T0 + 30 * DAY
})
afterAll(() => api.close())

const start = (more: object = {}) =>
  api.call('POST', URL, {
    title: 'Spring',
    category: 'temperature',
    size: 10,
    seed: 'one',
    members: [
      { person: people.mara.id, team: 'marketing' },
      { person: people.sam.id, team: 'sales' },
      { person: people.sue.id, team: 'sales' },
    ],
    ...more,
  })

test('past leads are counted by what became of them and what they were before', async () => {
  const { total, counts } = await api.get('/api/alignment/candidates?category=temperature')
  expect(total).toBe(12)
  expect(counts).toEqual([
    { outcome: 'accepted', level: 'cold', count: 1 }, // 6
    { outcome: 'accepted', level: 'hot', count: 3 }, // 4, 8, 10
    { outcome: 'lost', level: 'hot', count: 1 }, // 2
    { outcome: 'rejected', level: 'cold', count: 2 }, // 3, 9
    { outcome: 'rejected', level: 'hot', count: 4 }, // 1, 5, 7, 11
    { outcome: 'won', level: 'cold', count: 1 }, // 0
  ])
  const later = new Date(T0 + DAY + 10 * HOUR).toISOString()
  expect((await api.get(`/api/alignment/candidates?category=temperature&from=${later}`)).total).toBe(2)
})

test('a session is refused where it could not be held', async () => {
  expect(await start({ category: 'nothing' })).toMatchObject({ status: 422, body: { error: { at: '/category' } } })
  const from = new Date(T0 + 9 * DAY).toISOString()
  expect(await start({ from })).toMatchObject({ status: 409, body: { error: { at: '/size' } } })
  const twice = [people.sam.id, people.sam.id].map((person) => ({ person, team: 'sales' }))
  expect(await start({ members: twice })).toMatchObject({ status: 422, body: { error: { at: '/members/1/person' } } })
  expect((await api.call('POST', URL, {}, people.rita.headers)).status).toBe(403)
})

test('three people judge alone, and then see everything', async () => {
  const { body: session, status } = await start()
  expect(status).toBe(201)
  expect(session).toMatchObject({
    leads: 10,
    levels: ['hot', 'warm', 'cold'],
    version: 1,
    revealedAt: null,
    kappa: null,
  })
  const at = (place: number) => `${URL}/${session.id}/leads/${place}`
  const bell = async (who: Headers) => (await api.call('GET', '/api/notices', undefined, who)).body
  const heard = { session: session.id, proposal: null, name: 'Spring', isRead: false }
  expect(await bell(people.sue.headers)).toMatchObject({
    unread: 1,
    sessions: [{ session: session.id, title: 'Spring', left: 10 }],
    items: [{ ...heard, kind: 'invited' }],
  })
  expect(await bell(people.rita.headers)).toMatchObject({ unread: 0, sessions: [], items: [] })
  const rate = (who: Headers, place: number, body: object) => api.call('PUT', `${at(place)}/rating`, body, who)

  // Whoever has no part in it sees no lead; and nobody sees a name, an outcome, a level or a score.
  expect((await api.call('GET', at(1))).status).toBe(403)
  expect((await api.call('GET', at(11), undefined, people.sam.headers)).status).toBe(404)
  for (let place = 1; place <= 10; place++) {
    const { body: card } = await api.call('GET', at(place), undefined, people.sam.headers)
    expect(Object.keys(card).sort()).toEqual([
      'account',
      'activities',
      'activitiesTotal',
      'asOf',
      'attributes',
      'forgotten',
      'isAsReceived',
      'place',
      'since',
    ])
    expect(card).toMatchObject({ forgotten: null, isAsReceived: true, activitiesTotal: 1, account: {} })
    expect(Object.keys(card.attributes)).toEqual(['job'])
    expect(['demo', 'newsletter']).toContain(card.activities[0].type)
    expect(card.activities[0].properties).toEqual({ form: 'demo' })
    expect(JSON.stringify(card)).not.toMatch(/@|Vera|firm|contract|accept|reject|[0-9a-f]{8}-[0-9a-f]{4}/)
  }

  expect((await rate(people.rita.headers, 1, { level: 'hot', wouldCall: true })).status).toBe(403)
  expect((await rate(people.sam.headers, 1, { level: 'tepid', wouldCall: true })).status).toBe(422)
  expect((await api.call('POST', `${URL}/${session.id}/reveal`, {})).status).toBe(409)
  for (let place = 1; place <= 10; place++) {
    const card = (await api.call('GET', at(place), undefined, people.sam.headers)).body
    const level = card.activities[0].type === 'demo' ? 'hot' : 'cold'
    await rate(people.mara.headers, place, { level, wouldCall: level === 'hot', reason: '' })
    await rate(people.sam.headers, place, { level: 'warm', wouldCall: false })
    if (place < 10) await rate(people.sue.headers, place, { level, wouldCall: true, reason: `because of ${place}` })
  }
  expect((await bell(people.sam.headers)).sessions).toEqual([])
  expect((await bell(people.sue.headers)).sessions).toMatchObject([{ left: 1 }])
  // A judgement may be changed until the reveal, and is one's own to see.
  await rate(people.sam.headers, 3, { level: 'cold', wouldCall: true, reason: '<b>Too</b> small' })
  const mine = (await api.call('GET', `${URL}/${session.id}`, undefined, people.sam.headers)).body
  expect(mine.mine).toHaveLength(10)
  expect(mine.mine[2]).toEqual({ place: 3, level: 'cold', wouldCall: true, reason: '<b>Too</b> small' })
  expect(mine.members.map(({ rated }: { rated: number }) => rated).sort()).toEqual([10, 10, 9])
  expect((await api.call('GET', `${URL}/${session.id}`)).body.mine).toEqual([])
  expect((await api.call('GET', `${URL}/${session.id}/result`, undefined, people.sam.headers)).status).toBe(409)
  const practice = { level: 'hot', wouldCall: true }
  expect((await api.call('PUT', `${at(1)}/practice`, practice, people.rita.headers)).status).toBe(409)

  const early = await api.call('POST', `${URL}/${session.id}/reveal`, {})
  expect(early).toMatchObject({ status: 409, body: { error: { details: { waiting: ['The sales'] } } } })
  expect((await api.call('POST', `${URL}/${session.id}/reveal`, { isEarly: true }, people.sam.headers)).status).toBe(
    403,
  )
  const revealed = await api.post(`${URL}/${session.id}/reveal`, { isEarly: true })
  expect(revealed).toMatchObject({ revealedAt: new Date(api.now).toISOString() })
  expect(await bell(people.sue.headers)).toMatchObject({ sessions: [], items: [{ ...heard, kind: 'revealed' }, heard] })
  expect(await bell(api.headers)).toMatchObject({ sessions: [], items: [] }) // whoever did it knows
  expect((await rate(people.sam.headers, 1, { level: 'hot', wouldCall: true })).status).toBe(409)

  const result = (await api.call('GET', `${URL}/${session.id}/result`, undefined, people.rita.headers)).body
  expect(result.leads).toHaveLength(10)
  expect(result.definition.find(({ side }: { side: string }) => side === 'marketing').agreement.kappa).toBe(1)
  expect(revealed.kappa).toBe(result.levels.all.kappa)
  const disagreements = result.leads.map(({ disagreement }: { disagreement: number }) => disagreement)
  expect(disagreements).toEqual(disagreements.toSorted((a: number, b: number) => b - a))
  const third = result.leads.find(({ place }: { place: number }) => place === 3)
  expect(third.lead.name).toBe('Vera')
  expect(third.ratings.map(({ team }: { team: string }) => team)).toEqual(['marketing', 'sales', 'sales'])
  for (const lead of result.leads) {
    const demo = lead.said.criteria.find(({ criterion }: { criterion: string }) => criterion === 'demo')
    expect(demo?.path).toBe(lead.level === 'hot' ? 'scores.engagement.groups.intent.criteria[0]' : undefined)
    expect(lead.isGood).toBe(['won', 'accepted'].includes(lead.outcome))
  }

  // A reason becomes a note on a criterion, once.
  const note = { person: people.sam.id, path: 'scores.fit.groups.person.criteria[0]' }
  const { comment } = await api.post(`${at(3)}/note`, note)
  const { items } = await api.get('/api/definitions/comments?path=scores.fit')
  expect(items).toMatchObject([{ id: comment, text: '“<b>Too</b> small” — The sales, Spring, #3' }])
  expect((await api.call('POST', `${at(3)}/note`, note)).status).toBe(409)
  expect((await api.call('POST', `${at(4)}/note`, note)).status).toBe(404) // no reason was given

  // Somebody new practises on it: blind before, told after each.
  expect((await api.call('GET', at(3), undefined, people.rita.headers)).body).not.toHaveProperty('lead')
  const told = await api.call('PUT', `${at(3)}/practice`, practice, people.rita.headers)
  expect(told.body).toMatchObject({ mine: practice, lead: { place: 3, outcome: third.outcome } })
  expect(told.body.lead.ratings).toHaveLength(3)
  expect((await api.call('GET', `${URL}/${session.id}`, undefined, people.rita.headers)).body.practised).toEqual([3])
})

test('a seed draws the same leads; every outcome and level is among them', async () => {
  const drawn = async (id: string) =>
    (
      await api.server.database.pool.query<{ lead_id: string; outcome: string; level: string }>(
        'select lead_id, outcome, level from alignment_lead where session_id = $1 order by place',
        [id],
      )
    ).rows
  const [one, again, other] = [await start(), await start(), await start({ seed: 'two' })]
  expect(await drawn(one.body.id)).toEqual(await drawn(again.body.id))
  expect(await drawn(one.body.id)).not.toEqual(await drawn(other.body.id))
  const strata = new Set((await drawn(other.body.id)).map(({ outcome, level }) => `${outcome} ${level}`))
  expect([...strata].sort()).toEqual([
    'accepted cold',
    'accepted hot',
    'lost hot',
    'rejected cold',
    'rejected hot',
    'won cold',
  ])
  expect((await api.get(URL)).items).toHaveLength(4)
})

test('of a log that was brought in later it is told by when things happened', async () => {
  const { rows } = await api.server.database.pool.query<{ session_id: string; place: number; lead_id: string }>(
    'select session_id, place, lead_id from alignment_lead limit 1',
  )
  const { session_id: id, place, lead_id: lead } = rows[0]!
  const { pool } = api.server.database
  const later = new Date(T0 + 20 * DAY)
  await pool.query('update fact set received_at = $2 where lead_id = $1', [lead, later])
  await pool.query('update activity set received_at = $2 where lead_id = $1', [lead, later])
  const { body } = await api.call('GET', `${URL}/${id}/leads/${place}`, undefined, people.sam.headers)
  expect(body).toMatchObject({ isAsReceived: false, activitiesTotal: 1 })
})
