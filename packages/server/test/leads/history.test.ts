import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, SMALL, T0 } from '../live/world.ts'
import { signedInAs } from '../server.ts'
import { Caller } from './calling.ts'

let api: Caller
let url: string
const at = (instant: number) => new Date(instant).toISOString()
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
  const { id } = await api.post('/api/leads', {
    at: at(T0 - 30 * DAY),
    attributes: { name: 'Ada', email: 'ada@x.example', job: 'boss' },
  })
  url = `/api/leads/${id}`
  await api.post(`${url}/activities`, { activities: [{ type: 'demo', at: at(T0 - 20 * DAY) }] })
  const seen = Array.from({ length: 900 }, (_, index) => ({
    type: 'page',
    at: at(T0 - 5 * DAY + index * 60_000),
    properties: { path: index % 300 === 0 ? '/pricing' : '/blog' },
  }))
  for (const part of [0, 300, 600]) {
    await api.post(`${url}/activities`, { activities: seen.slice(part, part + 300) })
  }
})
afterAll(() => api.close())

describe('scores over time', () => {
  test('are what an explanation says of the same instants', async () => {
    const history = await api.get(`${url}/history`)
    expect(history.at.length).toBeLessThanOrEqual(500)
    expect(history.at.length).toBeGreaterThan(150)
    expect(history.at[0]).toBe(at(T0 - 30 * DAY))
    expect(history.at.at(-1)).toBe(at(T0))
    expect([...history.at].sort((a: string, b: string) => (a < b ? -1 : 1))).toEqual(history.at)
    for (let index = 0; index < history.at.length; index += 60) {
      const said = await api.get(`${url}/explanation?at=${history.at[index]}&knownAt=${at(T0 + HOUR)}`)
      for (const [name, values] of Object.entries<number[]>(history.scores))
        expect(values[index]).toBeCloseTo(said.assessment.scores[name], 9)
    }
  })

  test('show a jump as a jump, and bands from the ledger', async () => {
    const history = await api.get(`${url}/history`)
    const demo = history.at.indexOf(at(T0 - 20 * DAY))
    expect(history.at[demo - 1]).toBe(at(T0 - 20 * DAY - 1))
    expect(history.scores.engagement.slice(demo - 1, demo + 1)).toEqual([0, 60])
    const bands = history.bands.filter(({ name }: { name: string }) => name === 'temperature')
    expect(bands.map(({ level }: { level: string }) => level)).toEqual([
      'cold',
      'hot',
      'warm',
      'cold',
      'warm',
      'hot', // the third look at prices, with what the demo has left
      'warm',
    ])
    expect(bands[0]).toMatchObject({ from: at(T0 - 30 * DAY), to: at(T0 - 20 * DAY), version: 1 })
    expect(bands.at(-1).to).toBeNull()
    expect(
      history.bands.some(({ kind, level }: { kind: string; level: string }) => kind === 'stage' && level === 'mql'),
    ).toBe(true)
  })

  test('of a stretch, and of no future', async () => {
    const history = await api.get(`${url}/history?from=${at(T0 - 2 * DAY)}&to=${at(T0 + 9 * DAY)}`)
    expect([history.from, history.to]).toEqual([at(T0 - 2 * DAY), at(T0)])
    expect(history.bands[0].from).toBe(at(T0 - 2 * DAY))
    expect((await api.call('GET', `${url}/history?from=${at(T0 + DAY)}`)).status).toBe(422)
  })
})

test('what kinds of things it did', async () => {
  expect((await api.get(`${url}/activity-types`)).items).toEqual([
    { type: 'demo', count: 1, lastAt: at(T0 - 20 * DAY) },
    { type: 'page', count: 900, lastAt: at(T0 - 5 * DAY + 899 * 60_000) },
  ])
})

describe('notes', () => {
  test('about a lead, and about a decision', async () => {
    const first = await api.post(`${url}/notes`, { text: ' Met at the fair ' })
    expect(first).toMatchObject({ text: 'Met at the fair', about: null, at: at(T0) })
    const decided = await api.post(`${url}/decisions`, { decision: 'accept', note: 'Wants to start in May' })
    api.now = T0 + 1
    const about = await api.post(`${url}/notes`, { text: 'Told Mara', about: decided.id })
    api.now = T0
    const { items } = await api.get(`${url}/notes`)
    expect(items.map(({ text }: { text: string }) => text)).toContain('Wants to start in May')
    expect(items[0]).toEqual(about)
    const facts = (await api.get(`${url}/activities?kinds=decision`)).items
    expect(facts[0].id).toBe(decided.id)
    expect(JSON.stringify(facts)).not.toContain('May')
    expect((await api.call('POST', `${url}/notes`, { text: 'x', about: 'nothing' })).status).toBe(404)
  })

  test('are deleted by whoever wrote them', async () => {
    const mine = await api.post(`${url}/notes`, { text: 'mine' })
    const colleague = await signedInAs(api.server, 'sales')
    expect((await api.call('DELETE', `${url}/notes/${mine.id}`, undefined, colleague)).status).toBe(403)
    expect((await api.call('DELETE', `${url}/notes/${mine.id}`)).status).toBe(204)
    expect((await api.call('DELETE', `${url}/notes/${mine.id}`)).status).toBe(404)
  })

  test('stay with a lead that becomes part of another', async () => {
    const other = await api.post('/api/leads', { attributes: { email: 'bea@x.example' } })
    await api.post(`/api/leads/${other.id}/notes`, { text: 'of the other' })
    const merged = await api.post(`${url}/merge`, { other: other.id })
    const { items } = await api.get(`/api/leads/${merged.id}/notes`)
    expect(items.map(({ text }: { text: string }) => text)).toContain('of the other')
  })
})
