import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LeadName } from '../../src/live/intake.ts'
import { takeBatch } from '../../src/live/take.ts'
import { DAY, email, HOUR, SMALL, T0, user, World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await World.open()
})
afterEach(() => world.database.drop())

const LINKED = { kind: 'link', account: { kind: 'domain', value: 'brightmill.example' } } as const
const SIZE = (value: number) =>
  ({ kind: 'account_attribute', account: LINKED.account, name: 'employees', value }) as const
const WITH_SIZE = SMALL.replace(
  'attributes:\n',
  'attributes:\n  employees: { type: number, about: account }\n',
).replace('[ { id: boss,', '[ { id: size, when: { attribute: employees, at_least: 50 }, points: 25 }, { id: boss,')
const WITH_COLLEAGUES = SMALL.replace(
  '[ { id: boss,',
  '[ { id: team, when: { leads: { at_least: 2 }, when: { attribute: job, known: false } }, points: 25 }, { id: boss,',
)
const fit = async (name: LeadName) => (await world.lead((await world.say([name])).leadId!)).scores!['fit']

test('what is known of an account counts for its leads, whichever comes first', async () => {
  await world.publish(WITH_SIZE)
  const { leadId } = await world.say([email('a@brightmill.example')], LINKED)
  expect((await world.lead(leadId!)).scores!['fit']).toBe(0)
  await world.batcher.take([world.intake([], [SIZE(80)])])
  expect((await world.lead(leadId!)).scores!['fit']).toBe(25)
  await world.say([email('b@brightmill.example')], LINKED)
  expect(await fit(email('b@brightmill.example'))).toBe(25)
  world.now += 1000
  await world.batcher.take([world.intake([], [SIZE(10)])])
  expect(await fit(email('b@brightmill.example'))).toBe(0)
})

test('what is learned of an account while a lead comes to it counts for the lead', async () => {
  await world.publish(WITH_SIZE)
  await world.say([email('first@brightmill.example')], LINKED)
  const other = email('other@elsewhere.example')
  const { leadId } = await world.say([other])
  const { pool } = world.database
  const waiting = (count: number) =>
    vi.waitFor(async () => {
      const { rows } = await pool.query<{ count: number }>(
        "select count(*) as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
      expect(rows).toEqual([{ count }])
    })
  const holding = await pool.connect()
  await holding.query('begin')
  await holding.query('select from circle where circle_id = $1 for update', [leadId])
  const demo = { kind: 'activity', type: 'demo', properties: {} } as const
  const learning = takeBatch(world.taking, [world.intake([], [SIZE(80)]), world.intake([other], [demo])])
  await waiting(1)
  const linking = takeBatch(world.taking, [world.intake([email('b@brightmill.example')], [LINKED])])
  await waiting(2)
  await holding.query('commit')
  holding.release()
  await Promise.all([learning, linking])
  expect(await fit(email('b@brightmill.example'))).toBe(25)
})

test('an account with hundreds of leads is brought up to date a few at a time', async () => {
  await world.publish(WITH_SIZE)
  await world.batcher.take(
    Array.from({ length: 150 }, (_, index) => world.intake([email(`${index}@brightmill.example`)], [LINKED])),
  )
  await world.batcher.take([world.intake([], [SIZE(80)])])
  expect(await world.goTo(world.now)).toBe(150)
  const { rows } = await world.database.pool.query(
    "select count(*) as count from lead where (scores->>'fit')::int = 25",
  )
  expect(rows).toEqual([{ count: 150 }])
})

test('colleagues are looked at together where the definition does', async () => {
  await world.publish(WITH_COLLEAGUES)
  await world.say([email('a@brightmill.example')], LINKED)
  expect(await fit(email('a@brightmill.example'))).toBe(0)
  await world.say([email('b@brightmill.example')], LINKED)
  expect(await fit(email('a@brightmill.example'))).toBe(25)
  expect(await fit(email('b@brightmill.example'))).toBe(25)
  await Promise.all(Array.from({ length: 30 }, (_, index) => world.say([email(`${index}@brightmill.example`)], LINKED)))
  const { rows } = await world.database.pool.query(
    "select count(*) as count from lead where (scores->>'fit')::int = 25",
  )
  expect(rows).toEqual([{ count: 32 }])
})

describe('an account that follows from an address gives way to one that somebody names, whichever is heard of first', () => {
  const NAMED = { kind: 'link', account: { kind: 'group', value: 'bm' } } as const
  const ada = email('ada@brightmill.example')
  const links = [
    { at: T0, ...LINKED },
    { at: T0 + HOUR, ...NAMED },
    { at: T0 + 2 * HOUR, ...LINKED },
  ]

  test.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])('in the order %i %i %i', async (...order) => {
    await world.publish(WITH_SIZE)
    await world.batcher.take([
      world.intake([], [SIZE(10)]),
      world.intake([], [{ kind: 'account_attribute', account: NAMED.account, name: 'employees', value: 80 }]),
    ])
    world.now = T0 + DAY
    for (const index of order) await world.say([ada], links[index]!)
    const { leadId } = await world.say([ada])
    const lead = await world.lead(leadId!)
    const { rows } = await world.database.pool.query('select kind, value from account_identity where account_id = $1', [
      lead.account_id,
    ])
    expect(rows).toEqual([NAMED.account])
    expect(lead.scores).toMatchObject({ fit: 25 })
  })

  test('also where two leads turn out to be one', async () => {
    await world.publish(WITH_SIZE)
    await world.say([email('ada@brightmill.example')], { at: T0, ...NAMED })
    world.now += HOUR
    await world.say([user('ada')], LINKED)
    const { leadId } = await world.say([user('ada'), email('ada@brightmill.example')])
    const { rows } = await world.database.pool.query(
      'select kind from account_identity join lead using (account_id) where lead_id = $1',
      [leadId],
    )
    expect(rows).toEqual([{ kind: 'group' }])
  })
})

test('two leads of one circle that turn out to be one have the facts of both', async () => {
  await world.publish(WITH_COLLEAGUES)
  const DEMO = { kind: 'activity', type: 'demo', properties: {} } as const
  await world.say([user('ada')], LINKED, { ...DEMO, at: T0 - HOUR })
  await world.say([email('ada@brightmill.example')], LINKED, { ...DEMO, at: T0 - HOUR })
  const { leadId } = await world.say([user('ada'), email('ada@brightmill.example')])
  // Two demos of 60 points each, an hour old, of at most 100.
  expect((await world.lead(leadId!)).scores).toMatchObject({ engagement: 100, fit: 0 })
})

test('a message that contradicts another of its id makes no account', async () => {
  await world.publish(WITH_SIZE)
  const say = (value: string, digest: string) =>
    world.intake([], [{ kind: 'account_attribute', account: { kind: 'group', value }, name: 'employees', value: 1 }], {
      messageId: 'one',
      digest: Buffer.from(digest),
    })
  await world.batcher.take([say('brightmill', 'a')])
  expect(await world.batcher.take([say('others', 'b')])).toMatchObject([{ status: 'conflicting' }])
  const { rows } = await world.database.pool.query('select value from account_identity')
  expect(rows).toEqual([{ value: 'brightmill' }])
})
