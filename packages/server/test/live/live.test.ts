import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anonymous, DAY, email, HOUR, SMALL, T0, user, World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await World.open()
})
afterEach(() => world.database.drop())

const DEMO = { kind: 'activity', type: 'demo', properties: {} } as const
const PRICING = { kind: 'activity', type: 'page', properties: { path: '/pricing' } } as const
const WEEK = 7 * DAY
/** When 60 points that halve each week fall below this; scores are compared in millionths. */
const fadesBelow = (points: number) => T0 + Math.ceil(WEEK * Math.log2(60 / (points - 0.5e-6)))

describe('assessing', () => {
  test('a fact is assessed, in the ledger and in the outbox when it is acknowledged', async () => {
    await world.publish(SMALL)
    const { leadId } = await world.say([email('mara@brightmill.example')], DEMO)
    expect(await world.lead(leadId!)).toMatchObject({
      stage: 'mql',
      levels: { temperature: 'hot' },
      scores: { engagement: 60, fit: 0 },
      version: 1,
    })
    expect(await world.ledger(leadId!)).toMatchObject([
      { at: T0, name: 'temperature', from_value: null, to_value: 'hot', cause: 'facts' },
      { at: T0, name: 'stage', from_value: null, to_value: 'lead', cause: 'facts' },
      { at: T0, name: 'stage', from_value: 'lead', to_value: 'mql', cause: 'facts' },
    ])
    const { rows } = await world.database.pool.query(
      'select topic, payload from outbox where lead_id = $1 order by outbox_id',
      [leadId],
    )
    expect(rows).toMatchObject([
      { topic: 'transition', payload: { name: 'temperature', to: 'hot' } },
      { topic: 'transition', payload: { name: 'stage', to: 'lead' } },
      { topic: 'transition', payload: { name: 'stage', to: 'mql' } },
    ])
  })

  test('a lead cools at its very instant, with no new fact, and not a moment before', async () => {
    await world.publish(SMALL)
    const { leadId } = await world.say([email('a@x.example')], DEMO)
    const cools = (await world.lead(leadId!)).next_change_at!
    expect(Math.abs(cools - fadesBelow(40))).toBeLessThanOrEqual(1)
    await world.goTo(cools - 1)
    expect((await world.lead(leadId!)).levels).toEqual({ temperature: 'hot' })
    await world.goTo(cools)
    expect((await world.lead(leadId!)).levels).toEqual({ temperature: 'warm' })
    expect((await world.ledger(leadId!)).at(-1)).toMatchObject({ at: cools, to_value: 'warm', cause: 'time' })
    // A server that slept through the next one writes down when it really was.
    await world.goTo(cools + 100 * DAY)
    expect((await world.ledger(leadId!)).at(-1)).toMatchObject({ to_value: 'cold', cause: 'time' })
    expect(Math.abs((await world.ledger(leadId!)).at(-1)!.at - fadesBelow(20))).toBeLessThanOrEqual(1)
    expect(await world.goTo(world.now + 1000 * DAY)).toBe(0)
  })

  test('a service level is breached when nobody has acted in time', async () => {
    await world.publish(SMALL)
    const { leadId } = await world.say([email('a@x.example')], DEMO)
    await world.say([email('a@x.example')], { kind: 'decision', decision: 'accept', by: 'rita' })
    expect(await world.lead(leadId!)).toMatchObject({ stage: 'sal', sla_due_at: T0 + 4 * HOUR })
    await world.goTo(T0 + 4 * HOUR)
    expect((await world.ledger(leadId!)).at(-1)).toMatchObject({ at: T0 + 4 * HOUR, name: 'sal', to_value: 'breached' })
  })

  test('a late fact takes its place: what was never so is withdrawn', async () => {
    await world.publish(SMALL)
    const { leadId } = await world.say([email('a@x.example')], { ...PRICING, at: T0 })
    world.now = T0 + DAY
    await world.say([email('a@x.example')], { ...PRICING, at: T0 + DAY })
    await world.say([email('a@x.example')], { ...DEMO, at: T0 - DAY })
    expect(await world.ledger(leadId!)).toMatchObject([
      { at: T0 - DAY, name: 'temperature', from_value: null, to_value: 'hot' },
      { at: T0 - DAY, name: 'stage', from_value: null, to_value: 'lead' },
      { at: T0 - DAY, name: 'stage', from_value: 'lead', to_value: 'mql' },
    ])
    const { rows } = await world.database.pool.query(
      "select payload->>'to' as to from outbox where topic = 'withdrawn'",
    )
    expect(new Set(rows.map(({ to }) => to))).toEqual(new Set(['cold', 'lead']))
  })

  test('facts from before there was a definition are judged when there is one', async () => {
    const { leadId } = await world.say([email('a@x.example')], DEMO)
    expect(await world.lead(leadId!)).toMatchObject({ stage: null, version: null })
    world.now = T0 + DAY
    await world.publish(SMALL)
    expect(await world.restate()).toBe(1)
    expect((await world.ledger(leadId!))[0]).toMatchObject({ at: T0, to_value: 'hot' })
    expect(await world.restate()).toBe(0)
  })
})

describe('each message once', () => {
  test('a repeat counts zero times, in one batch, at once, and 400 days later', async () => {
    await world.publish(SMALL)
    const intake = world.intake([email('a@x.example')], [PRICING])
    const taken = await world.batcher.take([intake, intake])
    expect(taken.map(({ status }) => status)).toEqual(['stored', 'repeated'])
    const again = await Promise.all(Array.from({ length: 100 }, () => world.batcher.take([intake])))
    expect(new Set(again.flat().map(({ status }) => status))).toEqual(new Set(['repeated']))
    expect(again[0]![0]!.leadId).toBe(taken[0]!.leadId)
    world.now += 400 * DAY
    expect((await world.batcher.take([intake]))[0]!.status).toBe('repeated')
    expect((await world.database.pool.query('select count(*) as count from activity')).rows).toEqual([{ count: 1 }])
  })

  test('another message with the same id is put on the list of conflicts, and the first counts', async () => {
    await world.publish(SMALL)
    const { leadId } = (
      await world.batcher.take([world.intake([email('a@x.example')], [PRICING], { messageId: 'x' })])
    )[0]!
    const [other] = await world.batcher.take([world.intake([email('a@x.example')], [DEMO], { messageId: 'x' })])
    expect(other).toEqual({ status: 'conflicting', leadId })
    expect((await world.lead(leadId!)).levels).toEqual({ temperature: 'cold' })
    expect((await world.database.pool.query('select message_id from message_conflict')).rows).toHaveLength(1)
  })

  test('an id of ours that does not exist is said to be unknown, and may be sent again', async () => {
    const intake = world.intake([{ kind: 'lead', value: crypto.randomUUID() }], [PRICING])
    expect(await world.batcher.take([intake])).toEqual([{ status: 'unknown_lead', leadId: null }])
    expect((await world.database.pool.query('select 1 from message')).rows).toHaveLength(0)
    expect((await world.database.pool.query('select 1 from activity')).rows).toHaveLength(0)
  })
})

describe('who is who', () => {
  test('a visitor who says who she is keeps what she did', async () => {
    await world.publish(SMALL)
    const visitor = await world.say([anonymous('browser')], PRICING)
    const known = await world.say([user('u1'), email('a@x.example'), anonymous('browser')], DEMO)
    expect(known.leadId).toBe(visitor.leadId)
    expect((await world.lead(known.leadId!)).scores!['engagement']).toBe(70)
  })

  test('two leads that turn out to be one are one, with both histories', async () => {
    await world.publish(SMALL)
    const first = await world.say([email('a@x.example')], PRICING, { kind: 'attribute', name: 'job', value: 'boss' })
    world.now += 1000
    const second = await world.say([anonymous('browser')], DEMO)
    const both = await world.say([email('a@x.example'), anonymous('browser')])
    expect(both.leadId).toBe(first.leadId)
    expect(await world.lead(second.leadId!)).toMatchObject({ merged_into: first.leadId })
    expect(await world.lead(first.leadId!)).toMatchObject({ stage: 'mql', scores: { fit: 50 } })
    const later = await world.say([anonymous('browser')], PRICING)
    expect(later.leadId).toBe(first.leadId)
  })

  test('a shared browser does not make two people one', async () => {
    const one = await world.say([user('u1'), anonymous('kiosk')], PRICING)
    const two = await world.say([user('u2'), anonymous('kiosk')], PRICING)
    expect(two.leadId).not.toBe(one.leadId)
    const again = await world.say([user('u2'), anonymous('kiosk')], PRICING)
    expect(again.leadId).toBe(two.leadId)
  })

  test('who says so outright makes them one', async () => {
    const one = await world.say([user('old')], PRICING)
    const two = await world.say([user('new')], PRICING)
    expect(two.leadId).not.toBe(one.leadId)
    const [said] = await world.batcher.take([world.intake([user('new'), user('old')], [], { isCertain: true })])
    expect(said!.leadId).toBe(two.leadId)
    expect(await world.lead(one.leadId!)).toMatchObject({ merged_into: two.leadId })
  })

  test('100 requests at once about somebody new make one lead', async () => {
    await world.publish(SMALL)
    const taken = await Promise.all(Array.from({ length: 100 }, () => world.say([email('a@x.example')], PRICING)))
    expect(new Set(taken.map(({ leadId }) => leadId)).size).toBe(1)
    expect((await world.lead(taken[0]!.leadId!)).scores).toMatchObject({ engagement: 100 })
  })

  test('the first touch is the earliest, whatever order it arrives in', async () => {
    const touch = (at: number, source: string) => world.intake([email('a@x.example')], [], { touch: { at, source } })
    const [taken] = await world.batcher.take([touch(T0, 'search')])
    await world.batcher.take([touch(T0 - DAY, 'fair')])
    await world.batcher.take([touch(T0 + DAY, 'mail')])
    expect((await world.lead(taken!.leadId!)).first_touch).toEqual({ at: T0 - DAY, source: 'fair' })
  })

  test.each([['news first'], ['search first']])(
    'of two first touches of one instant the same one: %s',
    async (order) => {
      const touches = [
        { at: T0, source: 'news', page: '/pricing' },
        { at: T0, source: 'search', page: '/about' },
      ]
      for (const touch of order === 'news first' ? touches : touches.toReversed()) {
        await world.batcher.take([world.intake([email(`${order}@x.example`)], [], { touch })])
      }
      const { leadId } = await world.say([email(`${order}@x.example`)])
      expect((await world.lead(leadId!)).first_touch).toEqual(touches[0])
    },
  )
})

test('a lead that is one of ours is kept and not assessed', async () => {
  await world.publish(SMALL)
  const { leadId } = await world.say([email('me@ours.example')], DEMO)
  expect((await world.lead(leadId!)).stage).toBe('mql')
  await world.batcher.take([world.intake([email('me@ours.example')], [PRICING], { excludedAs: 'internal' })])
  expect(await world.lead(leadId!)).toMatchObject({ stage: null, levels: null, next_change_at: null })
  expect((await world.database.pool.query('select 1 from activity')).rows).toHaveLength(2)
  expect(await world.goTo(world.now + 100 * DAY)).toBe(0)
})
