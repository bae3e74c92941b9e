import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Feed } from '../../src/changes/feed.ts'
import { endOfOutbox, formatPlace, type Line } from '../../src/changes/outbox.ts'
import { Caller } from '../leads/calling.ts'
import { SMALL } from '../live/world.ts'

let api: Caller
let port: number
beforeAll(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
  await api.server.app.listen({ port: 0 })
  port = (api.server.app.server.address() as AddressInfo).port
})
afterAll(() => api.close())

let count = 0
const newLead = async (): Promise<string> =>
  (await api.post('/api/leads', { names: [{ kind: 'user', value: `u${++count}` }], attributes: { job: 'boss' } })).id
const demo = (id: string) => api.post(`/api/leads/${id}/activities`, { activities: [{ type: 'demo' }] })

interface Event {
  readonly id: string
  readonly event: string
  readonly data: { readonly lead: string | null; readonly body: { readonly to: string } }
}

/** As a browser follows: a connection that stays open, events as they come. */
class Stream {
  readonly events: Event[] = []
  text = ''
  isEnded = false
  private readonly close: () => void

  constructor(query: string, headers: Record<string, string> = {}) {
    const request = get(
      { port, path: `/api/changes${query}`, headers: { ...api.headers, ...headers, accept: 'text/event-stream' } },
      (reply) => {
        reply.setEncoding('utf8')
        reply.on('data', (piece: string) => this.take(piece))
        reply.on('close', () => (this.isEnded = true))
      },
    )
    request.on('error', () => (this.isEnded = true))
    this.close = () => request.destroy()
  }

  private take(piece: string): void {
    this.text += piece
    const whole = this.text.split('\n\n').slice(0, -1)
    this.events.splice(0, this.events.length, ...whole.flatMap(eventOf))
  }

  async until(isThere: (stream: Stream) => boolean): Promise<this> {
    for (let wait = 0; !isThere(this); wait++) {
      if (wait === 500) throw new Error(`still waiting after:\n${this.text}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return this
  }

  stop(): void {
    this.close()
  }
}

function eventOf(text: string): Event[] {
  const fields = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')]
  return id === undefined ? [] : [{ id, event: event!, data: JSON.parse(data!) as Event['data'] }]
}

const isOpen = (stream: Stream) => stream.text.includes('retry:')
const stageTo = (stage: string) => (stream: Stream) => stream.events.some(({ data }) => data.body.to === stage)

test('changes come as they happen, of all leads or of one', async () => {
  const [one, other] = [await newLead(), await newLead()]
  const all = await new Stream('').until(isOpen)
  const own = await new Stream(`?lead=${one}`).until(isOpen)
  await new Promise((resolve) => setTimeout(resolve, 300)) // both follow from now on
  await demo(other)
  await demo(one)
  await own.until(stageTo('mql'))
  await all.until((stream) => stream.events.filter(({ data }) => data.body.to === 'mql').length === 2)
  expect(new Set(own.events.map(({ data }) => data.lead))).toEqual(new Set([one]))
  expect(new Set(all.events.flatMap(({ data }) => data.lead ?? []))).toEqual(new Set([one, other]))
  all.stop()
  own.stop()
})

test('who comes back goes on exactly behind the last event, and pages of JSON are the same', async () => {
  const whole = await new Stream('?after=0.0').until(isOpen)
  const lead = await newLead()
  await demo(lead)
  await whole.until((stream) => stream.events.some(({ data }) => data.lead === lead && data.body.to === 'mql'))
  whole.stop()
  const ids = whole.events.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const middle = Math.floor(ids.length / 2)
  const rest = await new Stream('', { 'last-event-id': ids[middle]! }).until(
    (stream) => stream.events.length === ids.length - middle - 1,
  )
  rest.stop()
  expect(rest.events.map(({ id }) => id)).toEqual(ids.slice(middle + 1))
  const paged: string[] = []
  for (let next = '0.0', size = 1; size > 0;) {
    const page = await api.get(`/api/changes?after=${next}&limit=3`)
    paged.push(...page.changes.map(({ id }: { id: string }) => id))
    size = page.changes.length
    next = page.next
  }
  expect(paged).toEqual(ids)
})

test.each(['x', '1', '1.99999999999999999999999', '99999999999999999999999.1', '-1.0'])(
  '%s is no place',
  async (place) => {
    expect((await api.call('GET', '/api/changes', undefined, { 'last-event-id': place })).status).toBe(400)
    expect((await api.call('GET', `/api/changes?after=${place}`)).status).toBeGreaterThanOrEqual(400)
    expect((await api.call('GET', '/api/changes?after=18446744073709551616.0')).status).toBe(400)
  },
)

describe('the feed', () => {
  const openFeed = (lookEveryMs: number) =>
    new Feed({ pool: api.server.database.pool, log: pino({ level: 'silent' }), lookEveryMs })
  const followed = async (feed: Feed, lead: string, after?: Parameters<Feed['follow']>[0]['after']) => {
    const ending = new AbortController()
    const lines: Line[] = []
    const done = (async () => {
      for await (const batch of feed.follow({ after, lead, signal: ending.signal })) {
        lines.push(...batch)
        if (lines.some(({ body }) => body['to'] === 'mql')) ending.abort()
      }
    })()
    return { lines, done }
  }

  test('another server’s changes are told by it, long before anybody looks', async () => {
    const feed = openFeed(60_000)
    const lead = await newLead()
    const { lines, done } = await followed(feed, lead)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await demo(lead)
    await done
    expect(lines.map(({ body }) => body['to'])).toContain('mql')
    feed.stop()
  })

  test('looks by itself where nothing is told', async () => {
    const feed = openFeed(50)
    const lead = await newLead()
    const { done } = await followed(feed, lead)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await api.server.database.pool.query(
      `insert into outbox (lead_id, at, topic, payload, created_at) values ($1, now(), 'transition', '{"to":"mql"}', now())`,
      [lead],
    )
    await done
    feed.stop()
  })

  test('a transaction that began before others and ends after them is not skipped', async () => {
    const { pool } = api.server.database
    const feed = openFeed(30)
    const lead = await newLead()
    const write = `insert into outbox (lead_id, at, topic, payload, created_at) values ($1, now(), 'transition', $2, now())`
    const after = await endOfOutbox(pool)
    const slow = await pool.connect()
    await slow.query('begin')
    await slow.query(write, [lead, '{"to":"first"}'])
    await pool.query(write, [lead, '{"to":"second"}'])
    const { lines, done } = await followed(feed, lead, after)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(lines).toEqual([])
    await slow.query('commit')
    slow.release()
    await pool.query(write, [lead, '{"to":"mql"}'])
    await done
    expect(lines.map(({ body }) => body['to'])).toEqual(['first', 'second', 'mql'])
    expect(lines.map(({ place }) => formatPlace(place))).toEqual(
      lines.map(({ place }) => formatPlace(place)).toSorted(),
    )
    feed.stop()
  })

  test('ends for everybody when the server stops', async () => {
    const feed = openFeed(50)
    const ending = new AbortController()
    const done = (async () => {
      for await (const lines of feed.follow({ after: undefined, signal: ending.signal })) expect(lines).toEqual([])
    })()
    await new Promise((resolve) => setTimeout(resolve, 100))
    feed.stop()
    await done
  })
})
