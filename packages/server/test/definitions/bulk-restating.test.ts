import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { follow } from '../../src/columns/follow.ts'
import { openDatabase, type Database } from '../../src/db/database.ts'
import { BulkRestating } from '../../src/live/bulk-restating.ts'
import { judge, readRange, writeRange, type RangeTaking } from '../../src/live/restate-range.ts'
import { Copying } from '../columns/copying.ts'
import { inconsistencies } from '../crash/consistency.ts'
import { createTestDatabase } from '../database.ts'
import { anonymous, DAY, email, HOUR, SMALL, T0, user, World } from '../live/world.ts'
import { statesOf } from '../trust/state.ts'

let world: World
beforeEach(async () => {
  world = await World.open()
})
afterEach(() => world.database.drop())

const DEMO = { kind: 'activity', type: 'demo', properties: {} } as const
const PRICING = { kind: 'activity', type: 'page', properties: { path: '/pricing' } } as const
const STRICTER = SMALL.replaceAll('at_least: 40', 'at_least: 90')
const COLLEAGUES = SMALL.replace(
  '[ { id: boss,',
  '[ { id: team, when: { leads: { at_least: 4 }, when: { attribute: job, known: true } }, points: 25 }, { id: boss,',
)
const at = (company: string) => ({ kind: 'link', account: { kind: 'domain', value: company } }) as const

/** People who did this and that, also late; some who turned out to be one, colleagues, and somebody who is not assessed. */
async function tellStory(told: World): Promise<void> {
  for (let index = 0; index < 24; index++) {
    const address = `p${index}@x.example`
    const names = [email(address)]
    told.now = T0 + index * HOUR
    await told.say(names, DEMO, { kind: 'attribute', name: 'email', value: address })
    await told.say(names, { kind: 'attribute', name: 'job', value: index % 3 === 0 ? 'boss' : 'clerk' })
    if (index % 4 === 0) await told.say(names, at(`c${index % 8}.example`))
    if (index % 5 === 0) await told.say(names, { ...PRICING, at: told.now - 3 * HOUR })
    if (index % 6 === 0) await told.say(names, { kind: 'decision', decision: 'accept', by: 'sam' })
  }
  await told.say([anonymous('phone')], PRICING)
  await told.say([user('u1')], DEMO)
  await told.say([user('u1'), anonymous('phone'), email('p1@x.example')], PRICING)
  const group = { kind: 'domain', value: 'c0.example' } as const
  await told.say([], { kind: 'account_attribute', account: group, name: 'employees', value: 40 })
  const accountsAreOne = { account: group, other: at('c4.example').account, because: 'one company', by: 'sam' }
  await told.batcher.take([told.intake([], [], { accountsAreOne })])
  const excluded = told.intake([email('p2@x.example')], [DEMO], { excludedAs: 'test' })
  await told.batcher.take([excluded])
}

const LAST_HEARD = T0 + 2 * DAY

/** What some of them did since; the first was at an earlier stage under the version before the last. */
async function tellMore(told: World): Promise<void> {
  told.now = LAST_HEARD
  await told.say([email('p7@x.example')], PRICING, { ...PRICING, at: T0 })
  await told.say([email('new@x.example')], DEMO)
}

test.each([
  { name: 'that is stricter', text: STRICTER, source: 'the database' },
  { name: 'that is stricter', text: STRICTER, source: 'the copy of the log' },
  { name: 'that looks at colleagues', text: COLLEAGUES, source: 'the database' },
  { name: 'that looks at colleagues', text: COLLEAGUES, source: 'the copy of the log' },
  { name: 'that is stricter', text: STRICTER, source: 'a damaged copy' },
])('many at once come to the same as a few at a time, for a version $name, from $source', async ({ text, source }) => {
  const other = new World(await createTestDatabase())
  const copying = await Copying.open(world.database)
  for (const each of [world, other]) {
    await each.publish(SMALL)
    await tellStory(each)
    // A version that takes stages back adds decisions to the log, which no copy holds.
    each.now = LAST_HEARD - HOUR
    await each.publish(STRICTER)
    await each.restate()
    if (each === world) await copying.follow()
    await tellMore(each)
    each.now = T0 + 3 * DAY
    await each.publish(text === STRICTER ? SMALL : text)
  }
  if (source === 'a damaged copy') await copying.damage()
  const columns = source === 'the database' ? undefined : copying.folder
  await other.restate()
  expect(await new BulkRestating({ ...world.taking, columns }).run()).toBeGreaterThan(10)
  expect(await world.restate()).toBe(0)
  const states = await statesOf(world.database, '')
  expect(states).toHaveLength(25)
  expect(states).toEqual(await statesOf(other.database, ''))
  const lines = 'select topic, at, payload - $1::text as payload from outbox order by at, payload::text, topic'
  const outbox = async ({ pool }: Database) =>
    (await pool.query<{ payload: object }>(lines, ['transition'])).rows.map((row) => JSON.stringify(row)).toSorted()
  expect(await outbox(world.database)).toEqual(await outbox(other.database))
  await other.database.drop()
  await copying.remove()
})

test('of the copy are read all circles that nobody has written since it was made, and no others', async () => {
  const copying = await Copying.open(world.database)
  await world.publish(SMALL)
  await tellStory(world)
  const { pool, url } = world.database
  const { plans, log } = world.taking
  const snapshot = await follow(url, copying.folder, (manifest) => manifest.snapshot)
  await tellMore(world)
  await world.publish(STRICTER)
  const read = new Set<string>()
  const spy = {
    snapshot,
    read: async (_: unknown, rootOf: ReadonlyMap<string, string>) => {
      for (const lead of rootOf.values()) read.add(lead)
      return { get: () => [] }
    },
  }
  const copyingDatabase = await openDatabase(url, { isPipelined: false, connectionsMax: 1 })
  const copyingClient = await copyingDatabase.pool.connect()
  const taking: RangeTaking = { pool, copying: copyingClient, copy: spy, plans, log }
  const { rows } = await pool.query<{ circle_id: string }>('select circle_id from circle')
  const range = { ids: rows.map(({ circle_id }) => circle_id), now: world.now, mayJoin: false }
  await readRange(taking, (await plans.live(pool))!, range)
  const emails = await pool.query<{ email: string }>(
    'select email from lead where merged_into is null and excluded_as is null and lead_id <> all($1::uuid[])',
    [[...read]],
  )
  expect(emails.rows.map((row) => row.email).toSorted()).toEqual(['new@x.example', 'p7@x.example'])
  copyingClient.release()
  await copyingDatabase.close()
  await copying.remove()
})

test('what somebody touches while it is judged is left as they made it', async () => {
  const people = Array.from({ length: 12 }, (_, index) => [email(`p${index}@x.example`)])
  for (const names of people) await world.say(names, DEMO)
  await world.publish(SMALL)
  const { pool, url } = world.database
  const { plans, log } = world.taking
  const copyingDatabase = await openDatabase(url, { isPipelined: false, connectionsMax: 1 })
  const copying = await copyingDatabase.pool.connect()
  const taking: RangeTaking = { pool, copying, copy: undefined, plans, log }
  const live = (await plans.live(pool))!
  const { rows } = await pool.query<{ circle_id: string }>('select circle_id from circle')
  const ids = rows.map(({ circle_id }) => circle_id)
  const judged = await judge(await readRange(taking, live, { ids, now: world.now, mayJoin: false }))
  world.now += HOUR
  await world.say(people[0]!, DEMO)
  await world.say(people[1]!, { kind: 'attribute', name: 'job', value: 'boss' })
  const client = await pool.connect()
  await client.query('begin')
  await client.query('select from circle where circle_id = $1 for update', [rows[5]!.circle_id])
  const written = await writeRange(taking, judged)
  await client.query('commit')
  client.release()
  expect([9, 10]).toContain(written) // the one that was held may be one of those that were touched
  expect(await world.restate()).toBe(10 - written)
  expect(await inconsistencies(pool, live.plan)).toEqual([])
  // Once more: everybody is of this version by now.
  expect(await writeRange(taking, judged)).toBe(0)
  copying.release()
  await copyingDatabase.close()
})

test('what was judged by a version that is live no longer is not written', async () => {
  for (let index = 0; index < 5; index++) await world.say([email(`p${index}@x.example`)], DEMO)
  await world.publish(SMALL)
  const { pool, url } = world.database
  const { plans, log } = world.taking
  const copyingDatabase = await openDatabase(url, { isPipelined: false, connectionsMax: 1 })
  const copying = await copyingDatabase.pool.connect()
  const taking: RangeTaking = { pool, copying, copy: undefined, plans, log }
  const { rows } = await pool.query<{ circle_id: string }>('select circle_id from circle')
  const range = { ids: rows.map(({ circle_id }) => circle_id), now: world.now, mayJoin: false }
  const judged = await judge(await readRange(taking, (await plans.live(pool))!, range))
  await world.publish(STRICTER)
  expect(await writeRange(taking, judged)).toBe(0)
  copying.release()
  await copyingDatabase.close()
})

test('of two servers one restates, traffic goes on, and one that was told to stop leaves the rest', async () => {
  const people = Array.from({ length: 30 }, (_, index) => [email(`p${index}@x.example`)])
  await world.publish(SMALL)
  for (const names of people) await world.say(names, DEMO)
  world.now += DAY
  const version = await world.publish(STRICTER)
  const stopped = new BulkRestating(world.taking)
  stopped.stop()
  expect(await stopped.run()).toBe(0)
  let told = 0
  const one = new BulkRestating(world.taking, () => (told += 1))
  const other = new BulkRestating({ ...world.taking, log: pino({ level: 'silent' }) })
  const restating = Promise.all([one.run(), other.run()])
  for (const names of people.slice(0, 8)) await world.say(names, PRICING)
  const counts = await restating
  expect(counts).toContain('elsewhere')
  expect(told).toBe(counts[1] === 'elsewhere' ? 1 : 0)
  await world.restate()
  const { rows } = await world.database.pool.query('select version, count(*) as count from lead group by version')
  expect(rows).toEqual([{ version, count: 30 }])
})
