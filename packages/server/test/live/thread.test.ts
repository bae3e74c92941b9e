/** The heart in a thread of its own takes, refuses, fires and stops like the one that stands here. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLiveThread } from '../../src/live/live-thread.ts'
import type { Live } from '../../src/live/runtime.ts'
import { email, SMALL, user, World } from './world.ts'

let world: World
let live: Live
const changed = vi.fn<() => void>()
const observe = vi.fn<() => void>()
beforeEach(async () => {
  world = await World.open()
  world.now = Date.now()
  live = createLiveThread({ url: world.database.url, logLevel: 'silent', columns: undefined }, { changed, observe })
})
afterEach(async () => {
  await live.close()
  await world.database.drop()
  vi.clearAllMocks()
})

const DEMO = { kind: 'activity', type: 'demo', properties: { title: 'Für alle', deep: [1, { of: null }] } } as const

test('what is acknowledged is stored and assessed, and is told of', async () => {
  await world.publish(SMALL)
  const message = world.intake([email('mara@brightmill.example')], [DEMO])
  const [taken] = await live.take([message])
  expect(taken).toMatchObject({ status: 'stored' })
  expect(await world.lead(taken!.leadId!)).toMatchObject({ stage: 'mql', levels: { temperature: 'hot' } })
  const { rows } = await world.database.pool.query('select properties from activity')
  expect(rows).toEqual([{ properties: DEMO.properties }])
  expect(changed).toHaveBeenCalled()
  expect(observe).toHaveBeenCalledWith(expect.objectContaining({ messages: 1 }))
})

test('each request has its own answers, whatever went over together', async () => {
  const messages = Array.from({ length: 50 }, (_, index) => world.intake([user(`u${index % 7}`)], [DEMO]))
  const answers = await Promise.all(messages.map((message) => live.take([message, message])))
  expect(answers.flat().map(({ status }) => status)).toEqual(messages.flatMap(() => ['stored', 'repeated']))
  expect(new Set(answers.map(([one]) => one!.leadId)).size).toBe(7)
  const { rows } = await world.database.pool.query<{ message_id: string; digest: Buffer }>('select * from message')
  const digests = new Map(rows.map(({ message_id, digest }) => [message_id, digest]))
  for (const { messageId, digest } of messages) expect(digests.get(messageId)).toEqual(digest)
})

test('what fails there fails here, and logs know it for what it is', async () => {
  await world.database.pool.query('alter table message add constraint none check (false)')
  await expect(live.take([world.intake([user('a')], [DEMO])])).rejects.toMatchObject({
    code: '23514',
    severity: 'ERROR',
    table: 'message',
    constraint: 'none',
  })
  await world.database.pool.query('drop table definition_version cascade')
  await expect(live.take([world.intake([user('a')], [DEMO])])).rejects.toBeInstanceOf(Error)
})

test('timers fire once it has started, and no more when it has stopped; messages are taken to the end', async () => {
  await world.publish(SMALL)
  const [taken] = await live.take([world.intake([user('a')], [DEMO])])
  const makeDue = () => world.database.pool.query("update circle set due_at = now() - interval '1 second'")
  const isDue = async () => (await world.database.pool.query('select from circle where due_at < now()')).rowCount === 1
  await makeDue()
  expect(await isDue()).toBe(true)
  live.start()
  await vi.waitFor(async () => expect(await isDue()).toBe(false), { timeout: 10_000 })
  await live.stop()
  await makeDue()
  expect(await live.take([world.intake([user('b')], [DEMO])])).toMatchObject([{ status: 'stored' }])
  expect(taken).toMatchObject({ status: 'stored' })
  await live.close()
  await expect(live.take([world.intake([user('c')], [DEMO])])).rejects.toMatchObject({ code: 'unavailable' })
})
