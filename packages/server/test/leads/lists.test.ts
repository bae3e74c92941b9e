import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, SMALL, T0 } from '../live/world.ts'
import { Caller } from './calling.ts'

/** What a lead is, in short; the more often it asked for a demo, the hotter. */
interface Kind {
  readonly name: string
  readonly demos?: number
  readonly attributes?: object
  readonly source?: string
  readonly accepted?: boolean
}

const KINDS: readonly Kind[] = [
  { name: 'Ada Lovelace', demos: 1, attributes: { job: 'boss', budget: 100, tags: ['new', 'fair'] }, source: 'fair' },
  { name: 'Bea Lovage', demos: 2, attributes: { job: 'clerk', budget: 250, since: '2026-02-01' } },
  { name: 'Cem O’Neill', attributes: { budget: '250', city: '100% Köln' }, source: 'search' },
  { name: 'Dörte Müller', demos: 3, accepted: true, attributes: { vip: true, since: '2025-02-01' } },
  { name: 'Eve', attributes: { job: 'boss' } },
]

let api: Caller
const ids = new Map<string, string>()
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
  for (const [index, { name, demos = 0, attributes, source, accepted }] of KINDS.entries()) {
    const lead = await api.post('/api/leads', {
      at: new Date(T0 - (index + 1) * DAY).toISOString(),
      attributes: {
        name,
        email: `${name.split(' ')[0]!.toLowerCase()}@${index < 2 ? 'mill' : 'other'}.example`,
        ...attributes,
      },
      ...(source && { touch: { source } }),
    })
    ids.set(name, lead.id)
    const type = 'demo'
    if (demos > 0) {
      const activities = Array.from({ length: demos }, () => ({ type, at: new Date(T0 - index * 1000).toISOString() }))
      await api.post(`/api/leads/${lead.id}/activities`, { activities })
    }
    if (accepted) await api.post(`/api/leads/${lead.id}/decisions`, { decision: 'accept' })
  }
})
afterAll(() => api.close())

const namesOf = (body: { items: { name: string }[] }) => body.items.map(({ name }) => name.split(' ')[0])
const list = async (query: string) => namesOf(await api.get(`/api/leads?${query}`))

test.each<[query: string, names: string[]]>([
  ['', ['Ada', 'Bea', 'Cem', 'Dörte', 'Eve']],
  ['order=asc', ['Eve', 'Dörte', 'Cem', 'Bea', 'Ada']],
  ['stage=mql', ['Ada', 'Bea']],
  ['stage=mql,sal', ['Ada', 'Bea', 'Dörte']],
  ['level=temperature:cold', ['Cem', 'Eve']],
  ['level=temperature:cold,hot&stage=lead', ['Cem', 'Eve']],
  ['level=temperature:hot&level=temperature:cold', []],
  ['level=nothing:hot', []],
  ['attribute=job:is:boss', ['Ada', 'Eve']],
  ['attribute=job:is:boss&stage=mql', ['Ada']],
  ['attribute=budget:is:250', ['Bea', 'Cem']],
  ['attribute=budget:at_least:100', ['Ada', 'Bea']],
  ['attribute=budget:at_least:100&attribute=budget:at_most:200', ['Ada']],
  ['attribute=since:at_least:2026-01-01', ['Bea']],
  ['attribute=tags:is:fair', ['Ada']],
  ['attribute=vip:is:true', ['Dörte']],
  ['attribute=job:known:false', ['Cem', 'Dörte']],
  ['attribute=job:known:true', ['Ada', 'Bea', 'Eve']],
  ['attribute=city:contains:k%C3%B6ln', ['Cem']],
  ['attribute=city:contains:0%25', ['Cem']],
  ['attribute=city:contains:0_', []],
  ['attribute=name:contains:lov', ['Ada', 'Bea']],
  ['attribute=we%22ird%5C:at_least:1', []],
  ['activity=demo:within:1d', ['Ada', 'Bea', 'Dörte']],
  ['activity=demo:not_within:1d', ['Cem', 'Eve']],
  ['activity=demo:within:1s', ['Ada']],
  ['activity=demo:at_least:2', ['Bea', 'Dörte']],
  ['activity=demo:at_least:2&activity=demo:at_least:3', ['Dörte']],
  ['activity=demo:at_least:1&stage=sal', ['Dörte']],
  ['activity=page:within:30d', []],
  ['source=fair', ['Ada']],
  ['q=lov', ['Ada', 'Bea']],
  ['q=LOV%20ad', ['Ada']],
  ['q=m%C3%BCl', ['Dörte']],
  ['q=mill.example', ['Ada', 'Bea']],
  ['q=d%C3%B6rte%40other', ['Dörte']],
  ['q=D%C3%B6rte%40', ['Dörte']],
  ['q=d%C3%B6rte%40ther', []],
  ['q=%40mill.exam', ['Ada', 'Bea']],
  ['q=%40mill.example%20bea', ['Bea']],
  ['q=%40mill_example', []],
  ['q=ovel', []],
  ['q=%27%29%3A%2A%20%26%20%7C%5C', ['Ada', 'Bea', 'Cem', 'Dörte', 'Eve']],
  ['createdFrom=2026-02-27T09:00:00Z&createdTo=2026-03-01T09:00:00Z', ['Bea', 'Cem']],
  ['createdFrom=0001-01-01T00:00:00Z&createdTo=9999-12-31T00:00:00Z', ['Ada', 'Bea', 'Cem', 'Dörte', 'Eve']],
  ['createdFrom=2026-02-27T09:00:00Z&createdTo=2026-03-01T09:00:00Z&sort=stageSince', ['Bea', 'Cem']],
  ['sort=slaDueAt', ['Dörte']],
  ['excluded=only', []],
])('%s', async (query, names) => {
  const found = await list(query)
  // Of leads that lack what is sorted by only the first are looked at here.
  expect(query.includes('sort=') ? found.slice(0, names.length) : found).toEqual(names)
})

test('an account’s leads', async () => {
  const { account } = await api.get(`/api/leads/${ids.get('Ada Lovelace')}`)
  expect(await list(`account=${account.id}`)).toEqual(['Ada', 'Bea'])
})

describe.each(['createdAt', 'stageSince', 'slaDueAt', 'nextChangeAt', 'expectedValue'])('sorted by %s', (sort) => {
  test.each(['asc', 'desc'])('%s: pages of two are the whole, once', async (order) => {
    const whole = await list(`sort=${sort}&order=${order}`)
    expect(new Set(whole)).toEqual(new Set(['Ada', 'Bea', 'Cem', 'Dörte', 'Eve']))
    expect(whole).toHaveLength(5)
    const url = `/api/leads?sort=${sort}&order=${order}&limit=2`
    const seen: (string | undefined)[] = []
    for (let next: string | undefined = ''; next !== undefined;) {
      const page = await api.get(next === '' ? url : `${url}&cursor=${next}`)
      seen.push(...namesOf(page))
      next = page.next
    }
    expect(seen).toEqual(whole)
  })
})

test('what lacks a value comes last, whichever way', async () => {
  expect((await list('sort=slaDueAt&order=asc'))[0]).toBe('Dörte')
  expect((await list('sort=slaDueAt&order=desc'))[0]).toBe('Dörte')
})

test('the total is exact where one page holds it', async () => {
  expect((await api.get('/api/leads?stage=mql')).total).toEqual({ count: 2, isEstimate: false })
  expect((await api.get('/api/leads?limit=1')).total).toMatchObject({ isEstimate: true })
})

test.each([
  ['limit=1000000000', 422],
  ['limit=0', 422],
  ['sort=name;DROP', 422],
  ['attribute=job:like:x', 422],
  ['attribute=job', 422],
  ['activity=demo', 422],
  ['activity=demo:within:soon', 422],
  ['activity=demo:within:99999w', 422],
  ['stage=%00', 422],
  ['nothing=1', 422],
  ['createdFrom=yesterday', 422],
  ['cursor=WzEsIjAiXQ.AAAAAAAAAAAAAAAAAAAAAA', 400],
  ['cursor=%00', 400],
])('%s is refused with %i', async (query, status) => {
  expect((await api.call('GET', `/api/leads?${query}`)).status).toBe(status)
})

test('a cursor is of one list and of no other', async () => {
  const { next } = await api.get('/api/leads?limit=2')
  expect((await api.call('GET', `/api/leads?limit=2&stage=mql&cursor=${next}`)).status).toBe(400)
})

test('what somebody did under another name counts', async () => {
  const other = await api.post('/api/leads', { attributes: { email: 'eve2@other.example' } })
  await api.post(`/api/leads/${other.id}/activities`, { activities: [{ type: 'call' }] })
  await api.post(`/api/leads/${ids.get('Eve')}/merge`, { other: other.id })
  expect(await list('activity=call:within:1d')).toEqual(['Eve'])
  expect((await api.get('/api/leads/counts?activity=call:at_least:1')).total).toBe(1)
})
