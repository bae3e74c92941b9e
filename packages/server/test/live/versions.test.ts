import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, email, SMALL, T0, World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await World.open()
})
afterEach(() => world.database.drop())

const DEMO = { kind: 'activity', type: 'demo', properties: {} } as const
const STRICTER = SMALL.replaceAll('at_least: 40', 'at_least: 90')

test('publishing restates levels, and moves no lead backwards', async () => {
  await world.publish(SMALL)
  const { leadId } = await world.say([email('a@x.example')], DEMO)
  world.now = T0 + DAY
  const second = await world.publish(STRICTER)
  await world.restate()
  expect(await world.lead(leadId!)).toMatchObject({ version: second, stage: 'mql', levels: { temperature: 'warm' } })
  const lines = await world.ledger(leadId!)
  expect(lines.slice(0, 3).map(({ version }) => version)).toEqual([1, 1, 1])
  expect(lines.slice(3)).toMatchObject([
    { at: T0 + DAY, version: second, name: 'temperature', from_value: 'hot', to_value: 'warm' },
  ])
})

test('a late fact from before the publication changes what is so now, not what was decided then', async () => {
  await world.publish(SMALL)
  const { leadId } = await world.say([email('a@x.example')], DEMO)
  world.now = T0 + DAY
  const second = await world.publish(STRICTER)
  await world.restate()
  await world.say([email('a@x.example')], { ...DEMO, at: T0 + 1000 })
  const lines = await world.ledger(leadId!)
  expect(lines.filter(({ version }) => version === 1)).toHaveLength(3)
  // 120 points a day ago are 108 now, and the score ends at 100: hot in both, so the publication changed nothing.
  expect(lines.filter(({ version }) => version === second)).toEqual([])
  expect((await world.lead(leadId!)).levels).toEqual({ temperature: 'hot' })
})

test('a lead that is touched before the background has come to it is restated then', async () => {
  await world.publish(SMALL)
  const { leadId } = await world.say([email('a@x.example')], DEMO)
  world.now = T0 + DAY
  const second = await world.publish(STRICTER)
  await world.say([email('a@x.example')], { kind: 'attribute', name: 'job', value: 'boss' })
  expect(await world.lead(leadId!)).toMatchObject({ version: second, stage: 'mql', scores: { fit: 50 } })
  expect(await world.restate()).toBe(0)
})

test('rolling back is publishing the older text again', async () => {
  await world.publish(STRICTER)
  const { leadId } = await world.say([email('a@x.example')], DEMO)
  expect((await world.lead(leadId!)).stage).toBe('lead')
  world.now = T0 + DAY
  await world.publish(SMALL)
  await world.restate()
  expect((await world.lead(leadId!)).stage).toBe('mql')
  world.now = T0 + 2 * DAY
  await world.publish(STRICTER)
  await world.restate()
  expect(await world.lead(leadId!)).toMatchObject({ stage: 'mql', version: 3, levels: { temperature: 'warm' } })
})
