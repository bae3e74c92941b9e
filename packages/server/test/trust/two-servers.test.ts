/** Two servers on one database: everything happens once, whoever does it, also across restarts and when the clock jumps. */
import type { Instant } from '@winnow/engine'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inconsistencies } from '../crash/consistency.ts'
import { compileText } from '../../src/live/plans.ts'
import { DAY, HOUR, SMALL, T0, World } from '../live/world.ts'
import { addTestSource, openTestServer, type Headers, type TestServer } from '../server.ts'

let world: World
let now: Instant
let headers: Headers
const servers: TestServer[] = []

const open = async (): Promise<TestServer> => {
  const server = await openTestServer({
    database: world.database,
    now: () => now,
    settings: { WINNOW_RATE_CAPTURE: '1000000/s' },
  })
  servers.push(server)
  return server
}

beforeEach(async () => {
  world = await World.open()
  now = T0
  await world.publish(SMALL)
  headers = (await addTestSource({ database: world.database })).headers
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  await world.database.drop()
})

const demo = (person: number, messageId: string) => ({
  type: 'track',
  messageId,
  userId: `p${person}`,
  event: 'demo',
  timestamp: new Date(T0).toISOString(),
})

async function send({ app }: TestServer, batch: readonly unknown[]): Promise<void> {
  const reply = await app.inject({ method: 'POST', url: '/v1/batch', headers, payload: { batch } })
  expect(reply.statusCode).toBe(200)
}

/** How many circles this server's timers have looked at, as its metrics tell. */
async function timersOf({ database }: TestServer): Promise<number> {
  const { rows } = await database.pool.query<{ due: number }>(
    'select count(*) as due from circle where due_at <= to_timestamp($1 / 1000.0)',
    [now],
  )
  return rows[0]!.due
}

async function untilNothingIsDue(server: TestServer): Promise<void> {
  for (let look = 0; look < 600; look++) {
    if ((await timersOf(server)) === 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the timers do not come to an end')
}

/** Lines of the ledger and of the outbox, each with how often it is there. */
async function lines(): Promise<{ ledger: number; doubled: number; outbox: number; announcedTwice: number }> {
  const { rows } = await world.database.pool.query<Record<'ledger' | 'doubled' | 'outbox' | 'announcedTwice', number>>(
    `with line as (select lead_id, at, kind, name, from_value, to_value, cause, count(*) as times from transition
        where superseded_at is null group by 1, 2, 3, 4, 5, 6, 7),
      told as (select payload ->> 'transition' as id, count(*) as times from outbox where topic = 'transition' group by 1)
     select (select count(*) from line) as ledger, (select count(*) from line where times > 1) as doubled,
       (select count(*) from told) as outbox, (select count(*) from told where times > 1) as "announcedTwice"`,
  )
  return rows[0]!
}

const levels = async () =>
  (
    await world.database.pool.query<{ temperature: string; count: number }>(
      `select levels ->> 'temperature' as temperature, count(*) as count from lead where merged_into is null
       group by 1 order by 1`,
    )
  ).rows

test('all traffic to both counts once, and timers fire once', async () => {
  const [one, other] = [await open(), await open()]
  const batches = Array.from({ length: 20 }, (_, at) =>
    Array.from({ length: 15 }, (_, each) => demo(at * 5 + (each % 5), `m${at}-${each % 5}`)),
  )
  await Promise.all(batches.flatMap((batch) => [send(one, batch), send(other, batch.toReversed())]))
  expect(await levels()).toEqual([{ temperature: 'hot', count: 100 }])
  expect(await lines()).toEqual({ ledger: 300, doubled: 0, outbox: 300, announcedTwice: 0 })
  now = T0 + 30 * DAY
  await untilNothingIsDue(one)
  expect(await levels()).toEqual([{ temperature: 'cold', count: 100 }])
  // hot → warm → cold, each of them once
  expect(await lines()).toEqual({ ledger: 500, doubled: 0, outbox: 500, announcedTwice: 0 })
  expect(await inconsistencies(world.database.pool, compileText(SMALL))).toEqual([])
}, 60_000)

test('timers that are due at once are shared among connections of both', async () => {
  const seen = new Set<number>()
  const { pool } = world.database
  const one = await open()
  await send(
    one,
    Array.from({ length: 1_500 }, (_, person) => demo(person, `m${person}`)),
  )
  await pool.query(`
    create table test_worker (pid integer);
    create function test_note_worker() returns trigger language plpgsql as $$
      begin insert into test_worker values (pg_backend_pid()); return null; end $$;
    create trigger test_note_worker after update on circle for each statement execute function test_note_worker()`)
  await open()
  now = T0 + 30 * DAY
  await untilNothingIsDue(one)
  const { rows } = await pool.query<{ pid: number; count: number }>(
    'select pid, count(*) as count from test_worker group by 1',
  )
  for (const { pid } of rows) seen.add(pid)
  expect(seen.size).toBeGreaterThan(1)
  expect(await lines()).toMatchObject({ doubled: 0, announcedTwice: 0 })
}, 60_000)

test('a lead cools at its second, no sooner, also when its server was away meanwhile', async () => {
  const one = await open()
  await send(one, [demo(1, 'm1')])
  const { rows } = await world.database.pool.query<{ at: Instant }>('select next_change_at as at from lead')
  const cools = rows[0]!.at
  now = cools - 1
  await untilNothingIsDue(one)
  expect(await levels()).toEqual([{ temperature: 'hot', count: 1 }])
  await servers.pop()!.close()
  now = cools + HOUR
  const other = await open()
  await untilNothingIsDue(other)
  expect(await levels()).toEqual([{ temperature: 'warm', count: 1 }])
  const ledger = await world.database.pool.query("select at from transition where to_value = 'warm'")
  expect(ledger.rows).toEqual([{ at: cools }])
}, 60_000)

test('a clock that goes back a day and comes on again makes nothing happen twice', async () => {
  const one = await open()
  await send(one, [demo(1, 'm1')])
  const cools = (await world.database.pool.query<{ at: Instant }>('select next_change_at as at from lead')).rows[0]!.at
  now = cools
  await untilNothingIsDue(one)
  const before = await lines()
  now = cools - DAY
  await send(one, [{ ...demo(2, 'm2'), timestamp: new Date(now).toISOString() }])
  await send(one, [{ ...demo(1, 'm3'), event: 'other', timestamp: new Date(now).toISOString() }])
  now = cools
  await untilNothingIsDue(one)
  expect(await inconsistencies(world.database.pool, compileText(SMALL))).toEqual([])
  expect(await lines()).toEqual({ ...before, ledger: before.ledger + 3, outbox: before.outbox + 3 })
  expect(await levels()).toEqual([
    { temperature: 'hot', count: 1 },
    { temperature: 'warm', count: 1 },
  ])
}, 60_000)
