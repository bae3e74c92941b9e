/** Merging accounts through the API, and through what a tracking client says of a group. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, SMALL } from '../live/world.ts'
import { addTestSource } from '../server.ts'
import { Caller } from './calling.ts'

let api: Caller
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(
    SMALL.replace('attributes:\n', 'attributes:\n  employees: { type: number, about: account }\n').replace(
      '[ { id: boss,',
      '[ { id: size, when: { attribute: employees, at_least: 50 }, points: 25 }, { id: boss,',
    ),
  )
})
afterAll(() => api.close())

let count = 0
async function company(attributes: object) {
  const name = `company${++count}`
  const domain = `${name}.example`
  const account = await api.post('/api/accounts', { name: { kind: 'domain', value: domain }, attributes })
  const lead = await api.post('/api/leads', { attributes: { email: `ada@${domain}` } })
  return { name, domain, id: account.id as string, lead: lead.id as string }
}
const fitOf = async (lead: string) => (await api.get(`/api/leads/${lead}`)).assessment.scores.fit

describe('by hand', () => {
  test('two accounts become one, and two again, with everything as it was', async () => {
    const [one, other] = [await company({ city: 'Graz' }), await company({ employees: 80, city: 'Wien' })]
    const before = await Promise.all([one, other].map(({ id }) => api.get(`/api/accounts/${id}`)))
    const then = api.now
    api.now += HOUR
    const because = 'one company'
    const merged = await api.post(`/api/accounts/${one.id}/merge`, { other: other.id, because })
    expect(merged).toMatchObject({
      id: one.id,
      mergedFrom: [other.id],
      leads: 2,
      attributes: { employees: 80 },
      names: [{ value: one.domain }, { value: other.domain }],
    })
    expect((await api.get(`/api/accounts/${other.id}`)).id).toBe(one.id)
    expect([await fitOf(one.lead), await fitOf(other.lead)]).toEqual([25, 25])
    for (const id of [one.id, other.id]) {
      expect((await api.get(`/api/accounts/${id}/leads`)).items).toHaveLength(2)
      expect((await api.get(`/api/leads?account=${id}`)).items).toHaveLength(2)
    }
    for (const { name } of [one, other])
      expect((await api.get(`/api/accounts?q=${name}.`)).items.map(({ id }: { id: string }) => id)).toEqual([one.id])
    // Explained as of before, they are still two.
    const past = `/api/leads/${one.lead}/explanation?at=${new Date(then).toISOString()}`
    expect((await api.get(past)).assessment.scores.fit).toBe(0)
    expect((await api.get(`/api/leads/${one.lead}/explanation`)).assessment.scores.fit).toBe(25)

    api.now += HOUR
    await api.post(`/api/accounts/${other.id}/unmerge`, {})
    expect(await Promise.all([one, other].map(({ id }) => api.get(`/api/accounts/${id}`)))).toEqual(before)
    expect([await fitOf(one.lead), await fitOf(other.lead)]).toEqual([0, 25])
    const [by, expected] = ['The admin', { account: other.id, name: other.domain, into: one.id, intoName: one.domain }]
    for (const { id } of [one, other]) {
      expect((await api.get(`/api/accounts/${id}/merges`)).items).toEqual([
        {
          ...expected,
          at: new Date(then + HOUR).toISOString(),
          because,
          by,
          undoneAt: new Date(api.now).toISOString(),
          undoneBy: by,
        },
      ])
    }
    const whileOne = `/api/leads/${one.lead}/explanation?at=${new Date(then + HOUR).toISOString()}`
    expect((await api.get(whileOne)).assessment.scores.fit).toBe(25)
    const audit = await api.get('/api/audit?limit=5')
    expect(audit.items.map(({ action }: { action: string }) => action).slice(0, 2)).toEqual([
      'account.unmerge',
      'account.merge',
    ])
  })

  test('what cannot be is refused', async () => {
    const [one, other, third] = [await company({ a: 1 }), await company({ a: 1 }), await company({ a: 1 })]
    const merge = async (into: string, part: string) =>
      (await api.call('POST', `/api/accounts/${into}/merge`, { other: part })).status
    const nobody = crypto.randomUUID()
    expect(await merge(one.id, one.id)).toBe(409)
    expect([await merge(nobody, one.id), await merge(one.id, nobody)]).toEqual([404, 404])
    expect((await api.call('POST', `/api/accounts/${one.id}/unmerge`)).status).toBe(409)
    expect((await api.call('POST', `/api/accounts/${nobody}/unmerge`)).status).toBe(404)
    expect((await api.call('GET', `/api/accounts/${nobody}/merges`)).status).toBe(404)
    await api.post(`/api/accounts/${one.id}/merge`, { other: other.id })
    expect([await merge(one.id, other.id), await merge(other.id, one.id)]).toEqual([409, 409])
    // What had been merged before goes along, and there is never a chain.
    await api.post(`/api/accounts/${third.id}/merge`, { other: other.id })
    expect((await api.get(`/api/accounts/${third.id}`)).mergedFrom).toEqual([one.id, other.id].sort())
    await api.post(`/api/accounts/${one.id}/unmerge`, {})
    expect(await api.get(`/api/accounts/${other.id}`)).toMatchObject({ id: one.id, mergedFrom: [other.id] })
    expect((await api.get(`/api/accounts/${third.id}`)).mergedFrom).toEqual([])
  })

  test('a request that is repeated is done once, and two at once do the same', async () => {
    const [one, other] = [await company({ a: 1 }), await company({ a: 1 })]
    const key = { 'idempotency-key': `merge-${one.id}` }
    const merge = () => api.call('POST', `/api/accounts/${one.id}/merge`, { other: other.id }, key)
    for (let time = 0; time < 2; time++) expect(await merge()).toMatchObject({ status: 200, body: { id: one.id } })
    await api.post(`/api/accounts/${other.id}/unmerge`, {})
    expect(await merge()).toMatchObject({ status: 200, body: { mergedFrom: [] } })
    const both = await Promise.all([
      api.call('POST', `/api/accounts/${one.id}/merge`, { other: other.id }),
      api.call('POST', `/api/accounts/${other.id}/merge`, { other: one.id }),
    ])
    expect(both.every(({ status }) => status === 200 || status === 409)).toBe(true)
    const part = (await api.get(`/api/accounts/${one.id}`)).mergedFrom[0]
    const parted = await Promise.all([1, 2].map(() => api.call('POST', `/api/accounts/${part}/unmerge`)))
    expect(parted.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })
})

describe('from what a client says', () => {
  test('a group that names its domain is the company of its people, until somebody parts them', async () => {
    const { headers } = await addTestSource(api.server)
    const { domain, id, lead } = await company({ employees: 10 })
    const group = (messageId: string, traits: object) =>
      api.call(
        'POST',
        '/v1/group',
        { messageId, userId: 'bo', groupId: 'bm', traits },
        { ...headers, cookie: '', origin: '' },
      )
    api.now += DAY
    await group('g1', { employees: 80, website: `https://www.${domain}` })
    expect(await fitOf(lead)).toBe(25)
    const account = await api.get(`/api/accounts/${id}`)
    expect(account).toMatchObject({ leads: 2, names: [{ kind: 'domain' }, { kind: 'group', value: 'bm' }] })
    await api.post(`/api/accounts/${account.mergedFrom[0]}/unmerge`, {})
    expect(await fitOf(lead)).toBe(0)
    await group('g2', { employees: 80, website: `https://www.${domain}` })
    expect(await api.get(`/api/accounts/${id}`)).toMatchObject({ leads: 1, mergedFrom: [] })
    expect((await api.get(`/api/accounts/${id}/merges`)).items).toMatchObject([
      { because: 'the domain of the group', by: null, undoneBy: 'The admin' },
    ])
  })
})
