import { afterAll, beforeAll, expect, test } from 'vitest'
import { Caller } from '../leads/calling.ts'
import { DAY, HOUR, SMALL, T0 } from '../live/world.ts'
import { signedInAs, type Headers } from '../server.ts'

let api: Caller
let marketing: Headers
let sales: Headers
const URL = '/api/reviews'
const iso = (at: number) => new Date(at).toISOString()

/**
 * A month in which eight leads asked for a demo, which makes them MQL at once. The first four are bosses. Sales takes
 * 0, 1, 2 (a boss each) and 4 (a clerk), rejects 3 (a boss), 5 and 6, and leaves 7 alone; 0 is called and won, 1 is lost.
 */
beforeAll(async () => {
  api = await Caller.open()
  marketing = await signedInAs(api.server, 'marketing')
  sales = await signedInAs(api.server, 'sales')
  await api.publish(`${SMALL}review: { every: 1 month }\n`)
  for (let index = 0; index < 8; index++) {
    api.now = T0 + index * DAY
    const { id } = await api.post('/api/leads', {
      attributes: { email: `p${index}@firm${index}.example`, name: `Lead ${index}`, job: index < 4 ? 'boss' : 'clerk' },
    })
    await api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'demo' }] })
    api.now += (index + 1) * HOUR
    const decide = (body: object) => api.post(`/api/leads/${id}/decisions`, body)
    if ([0, 1, 2, 4].includes(index)) await decide({ decision: 'accept' })
    if ([3, 5, 6].includes(index)) await decide({ decision: 'reject', reason: index === 3 ? 'Not now' : 'Too small' })
    api.now += HOUR
    if (index === 0) await api.post(`/api/leads/${id}/calls`, { outcome: 'reached' })
    if (index === 0) await decide({ decision: 'win' })
    if (index === 1) await decide({ decision: 'lose', reason: 'Price' })
  }
  api.now = T0 + 20 * DAY
  await api.settle()
})
afterAll(() => api.close())

async function prepared(body: object = {}) {
  const { id } = await api.post(URL, body)
  for (;;) {
    const review = await api.get(`${URL}/${id}`)
    if (review.job.state === 'done') return review
    expect(['waiting', 'running']).toContain(review.job.state)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const names = async (id: string, figure: string) =>
  (await api.get(`${URL}/${id}/leads?figure=${encodeURIComponent(figure)}`)).items
    .map(({ name }: { name: string }) => name.slice(-1))
    .sort()
    .join('')

test('a review is due as the definition says, counted from its first version', async () => {
  expect(await api.get(`${URL}/due`)).toEqual({
    every: '1 month',
    dueAt: '2026-04-02T09:00:00.000Z',
    isDue: false,
    open: null,
  })
  api.now = T0 + 31 * DAY
  expect(await api.get(`${URL}/due`)).toMatchObject({ isDue: true })
  expect((await api.get('/api/notices')).review).toEqual({ dueAt: '2026-04-02T09:00:00.000Z', open: null })
  api.now = T0 + 20 * DAY
  expect((await api.get('/api/notices')).review).toBeNull()
})

test('the figures of the month, and the leads behind each', async () => {
  const review = await prepared({ from: iso(T0) })
  expect(review).toMatchObject({ version: 1, from: iso(T0), to: iso(T0 + 20 * DAY), isPrepared: true, signedAt: null })
  const { figures } = review
  expect(figures).toMatchObject({ handover: 'mql', previousFrom: iso(T0 - 20 * DAY), promises: [] })
  const [period, previous, version] = figures.kpis
  expect(period).toMatchObject({
    handovers: 8,
    accepted: { successes: 4, trials: 7 },
    won: { successes: 1, trials: 2, rate: 0.5 },
    undecided: 1,
    followUp: { hours: 4, count: 7 }, // 1 to 7 hours
  })
  expect(period.perWeek.value).toBeCloseTo(8 / (20 / 7), 12)
  expect(previous).toMatchObject({ handovers: 0, accepted: { rate: null } })
  expect(version).toMatchObject({ version: 1, handovers: 8 })
  expect(figures.reasons).toMatchObject([
    { reason: 'Too small', count: 2 },
    { reason: 'Not now', count: 1 },
  ])
  const boss = figures.criteria.find(({ criterion }: { criterion: string }) => criterion === 'boss')
  expect(boss).toMatchObject({
    path: 'scores.fit.groups.person.criteria[0]',
    points: 50,
    with: { successes: 3, trials: 4 },
    without: { successes: 1, trials: 3 },
    verdict: 'not_enough',
    reasons: [{ reason: 'Not now', count: 1 }],
  })
  // Everybody had asked for a demo, nobody had looked at prices: there is nothing to compare with.
  const demo = figures.criteria.find(({ criterion }: { criterion: string }) => criterion === 'demo')
  expect(demo).toMatchObject({ with: { trials: 7 }, without: { trials: 0, rate: null }, verdict: 'not_enough' })
  expect(figures).toMatchObject({ criteriaLooked: 7, criteriaOf: 7 })
  const mql = figures.stages.find(({ stage }: { stage: string }) => stage === 'mql')
  expect(mql).toMatchObject({ entered: 8, left: 7, hours: 4, stillThere: 1, breaches: 0, hasSla: false })
  // 2 and 4 were accepted and 7 was left alone; nobody called them.
  expect(figures.forgotten).toEqual({ count: 3, figure: 'forgotten' })
  expect(figures.levels).toMatchObject([{ name: 'temperature', verdict: 'not_enough' }])
  const job = figures.attributes.find(({ name }: { name: string }) => name === 'job')
  expect(job.parts).toMatchObject([
    { label: 'boss', before: 0, now: 4 },
    { label: 'clerk', before: 0, now: 4 },
  ])
  expect(figures.activities.parts.find(({ label }: { label: string }) => label === 'demo')).toMatchObject({ now: 8 })

  expect(await names(review.id, 'period:accepted')).toBe('0124')
  expect(await names(review.id, 'period:rejected')).toBe('356')
  expect(await names(review.id, 'reason:Too small')).toBe('56')
  expect(await names(review.id, `${boss.figure}:with`)).toBe('0123')
  expect(await names(review.id, 'forgotten')).toBe('247')
  expect(await names(review.id, job.parts[1].figure)).toBe('4567')
  expect(await names(review.id, 'stage:mql:there')).toBe('7')
  expect((await api.call('GET', `${URL}/${review.id}/leads?figure=nothing`)).status).toBe(404)
  expect((await api.call('DELETE', `${URL}/${review.id}`)).status).toBe(204)
  expect((await api.call('GET', `${URL}/${review.id}`)).status).toBe(404)
})

test('notes, decisions and attendance; two people sign, and then nothing changes; the next one asks what came of it', async () => {
  const { id } = await prepared({ from: iso(T0) })
  const at = `${URL}/${id}`
  const { body: noted } = await api.call('POST', `${at}/notes`, { text: '<i>Fairs</i> disappoint' }, sales)
  expect(noted.notes).toMatchObject([{ text: '<i>Fairs</i> disappoint', isMine: true }])
  expect((await api.call('DELETE', `${at}/notes/${noted.notes[0].id}`, undefined, marketing)).status).toBe(404)
  const promise = { measure: 'acceptance_rate', goal: 'at_least', value: 0.1 }
  const post = (url: string, body: object) => {
    api.now += 1000
    return api.post(url, body)
  }
  await post(`${at}/decisions`, { text: 'Clerks earn less', owner: 'Mara', promise })
  await post(`${at}/decisions`, {
    text: 'Call within the hour',
    promise: { measure: 'hours_to_follow_up', goal: 'at_most', value: 1 },
  })
  const { decided } = await post(`${at}/decisions`, { text: 'Meet sales weekly' })
  const gone = await post(`${at}/decisions`, { text: 'A mistake' })
  expect((await api.call('DELETE', `${at}/decisions/${gone.decided[3].id}`)).body.decided).toHaveLength(3)
  const { draft } = await api.post(`${at}/decisions/${decided[0].id}/draft`, {})
  expect(await api.get(`/api/definitions/drafts/${draft}`)).toMatchObject({ name: 'Clerks earn less', basedOn: 1 })
  expect(await api.post(`${at}/decisions/${decided[0].id}/draft`, {})).toEqual({ draft })
  const nextAt = iso(T0 + 40 * DAY)
  const attendance = [
    { name: 'Mara', team: 'marketing' },
    { name: 'A guest', team: null },
  ]
  expect(await api.patch(at, { attendance, nextAt })).toMatchObject({ attendance, nextAt })
  expect(await api.get(`${URL}/due`)).toMatchObject({ open: id })

  const signFor = (team: string, who: Headers) => api.call('POST', `${at}/signatures`, { team }, who)
  expect((await signFor('marketing', sales)).status).toBe(403)
  const first = await signFor('sales', sales)
  expect(first).toMatchObject({ status: 201, body: { signedAt: null, signatures: [{ team: 'sales' }] } })
  expect((await signFor('sales', api.headers)).status).toBe(409)
  expect((await signFor('marketing', marketing)).body).toMatchObject({ signedAt: iso(api.now) })
  for (const [method, url, body] of [
    ['POST', `${at}/notes`, { text: 'late' }],
    ['POST', `${at}/decisions`, { text: 'late' }],
    ['PATCH', at, { nextAt: null }],
    ['DELETE', at, undefined],
    ['POST', `${at}/figures`, {}],
    ['POST', `${at}/signatures`, { team: 'sales' }],
  ] as const)
    expect([method, url, (await api.call(method, url, body)).status]).toEqual([method, url, 409])
  const before = await api.get(at)

  // The ledger goes on; what was signed stays as it was.
  api.now = T0 + 41 * DAY
  expect(await api.get(`${URL}/due`)).toMatchObject({ dueAt: nextAt, isDue: true, open: null })
  for (let index = 0; index < 3; index++) {
    const lead = await api.post('/api/leads', { attributes: { email: `q${index}@new${index}.example` } })
    await api.post(`/api/leads/${lead.id}/activities`, { activities: [{ type: 'demo' }] })
    await api.post(`/api/leads/${lead.id}/decisions`, { decision: 'accept', at: iso(api.now + 60_000) })
  }
  api.now += DAY
  const next = await prepared()
  expect(next.from).toBe(before.to)
  expect(next.figures.promises).toMatchObject([
    { text: 'Clerks earn less', owner: 'Mara', promise, measured: { value: 1 }, verdict: 'kept' }, // three of three: above 0.43
    { text: 'Call within the hour', measured: { low: null }, verdict: 'not_enough' },
    { text: 'Meet sales weekly', promise: null, measured: null, verdict: 'no_measure' },
  ])
  expect(await api.get(at)).toEqual(before)
  expect((await api.get(URL)).items.map((each: { id: string }) => each.id)).toEqual([next.id, id])
})

test('an administrator signs for either team, and nobody for both', async () => {
  const { id } = await prepared()
  const signFor = (team: string) => api.call('POST', `${URL}/${id}/signatures`, { team })
  expect((await signFor('sales')).status).toBe(201)
  expect(await signFor('marketing')).toMatchObject({ status: 409 })
  expect((await api.call('POST', URL, { from: iso(api.now + DAY) })).status).toBe(422)
  expect((await api.call('POST', URL, {}, await signedInAs(api.server, 'reader'))).status).toBe(403)
})
