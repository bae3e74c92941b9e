/** What leads allow and forbid, through the API. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Caller } from '../leads/calling.ts'
import { DAY, SMALL, T0 } from '../live/world.ts'
import { signedInAs } from '../server.ts'

let api: Caller
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
})
afterAll(() => api.close())

let count = 0
async function newLead(): Promise<string> {
  const made = await api.post('/api/leads', { names: [{ kind: 'email', value: `lead${++count}@consent.example` }] })
  return made.id
}
const at = (ms: number) => new Date(ms).toISOString()
const say = (lead: string, purpose: string, state: string, when?: number) =>
  api.post(`/api/leads/${lead}/consent`, {
    purpose,
    state,
    evidence: `said ${state}`,
    ...(when !== undefined && { at: at(when) }),
  })
const ledgerOf = (lead: string) => api.get(`/api/leads/${lead}/consent`)
const lead = (id: string) => api.get(`/api/leads/${id}`)

test('the latest line of each purpose counts, whenever it was written down', async () => {
  const id = await newLead()
  expect(await ledgerOf(id)).toEqual({ now: [], ledger: [] })
  await say(id, 'email', 'given', T0 - 5 * DAY)
  await say(id, 'email', 'withdrawn', T0 - DAY)
  await say(id, 'phone', 'given')
  await say(id, 'email', 'given', T0 - 3 * DAY)
  const { now, ledger } = await ledgerOf(id)
  expect(now).toMatchObject([
    { purpose: 'email', state: 'withdrawn', at: at(T0 - DAY), recordedAt: at(T0), evidence: 'said withdrawn' },
    { purpose: 'phone', state: 'given', at: at(T0) },
  ])
  expect(ledger.map(({ purpose, state }: { purpose: string; state: string }) => `${purpose} ${state}`)).toEqual([
    'phone given',
    'email withdrawn',
    'email given',
    'email given',
  ])
})

test('whoever objects to scoring is not assessed from that moment, and nobody else can lift it', async () => {
  const id = await newLead()
  expect((await lead(id)).assessment).not.toBeNull()
  await say(id, 'scoring', 'objected')
  expect(await lead(id)).toMatchObject({ excludedAs: 'objected', assessment: null })
  expect((await api.call('GET', `/api/leads/${id}/explanation`)).status).toBe(409)
  await api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'demo' }] })
  expect(await lead(id)).toMatchObject({ excludedAs: 'objected', assessment: null })
  await api.call('PUT', `/api/leads/${id}/exclusion`, { as: null })
  expect(await lead(id)).toMatchObject({ excludedAs: 'objected' })
  await say(id, 'scoring', 'given', T0 - DAY) // before the objection
  expect(await lead(id)).toMatchObject({ excludedAs: 'objected' })
  await say(id, 'scoring', 'given')
  expect(await lead(id)).toMatchObject({ excludedAs: null, assessment: { stage: { id: 'mql' } } })
})

test('an objection is that of the person, under every name', async () => {
  const [one, other] = [await newLead(), await newLead()]
  await say(other, 'scoring', 'objected')
  await say(other, 'email', 'objected')
  await api.post(`/api/leads/${one}/merge`, { other })
  const merged = (await lead(one)).id
  expect(await lead(merged)).toMatchObject({ excludedAs: 'objected' })
  expect((await ledgerOf(merged)).now).toMatchObject([{ purpose: 'email' }, { purpose: 'scoring' }])
})

test('lines stay as they are, are no prophecies, and are written by those who may', async () => {
  const id = await newLead()
  await say(id, 'email', 'given')
  await expect(api.server.database.pool.query(`update consent set state = 'objected'`)).rejects.toThrow('never changed')
  const url = `/api/leads/${id}/consent`
  const line = { purpose: 'email', state: 'given', evidence: 'x' }
  expect((await api.call('POST', url, { ...line, at: at(T0 + DAY) })).status).toBe(422)
  expect((await api.call('POST', url, { ...line, purpose: 'E-mail' })).status).toBe(422)
  expect((await api.call('POST', url, { ...line, evidence: ' ' })).status).toBe(422)
  expect((await api.call('POST', url, line, await signedInAs(api.server, 'analyst'))).status).toBe(403)
})
