/** What is shown of leads that are known by names alone, and whether they are leads at all. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unmerge } from '../../src/leads/unmerge.ts'
import { anonymous, email, SMALL, T0, user, World, type LeadNow } from './world.ts'

let world: World
beforeAll(async () => {
  world = await World.open()
  await world.publish(SMALL)
})
afterAll(() => world.database.drop())

type Shown = LeadNow & { email: string | null; excluded_as: string | null }
const shown = async (id: string | null) => (await world.lead(id!)) as Shown
const said = (value: string | null, at = T0) => ({ kind: 'attribute' as const, name: 'email', value, at })
const demo = { kind: 'activity' as const, type: 'demo', properties: {} }

test('an address that is only a name is shown', async () => {
  const { leadId } = await world.say([email('name@a.example')], demo)
  expect((await shown(leadId)).email).toBe('name@a.example')
  await world.say([email('name@a.example')], { kind: 'attribute', name: 'job', value: 'boss' })
  expect((await shown(leadId)).email).toBe('name@a.example')
  await world.say([email('name@a.example')], said(' Said@A.example '))
  expect((await shown(leadId)).email).toBe('said@a.example')
  await world.say([email('name@a.example')], said(null, T0 + 1))
  expect((await shown(leadId)).email).toBe('name@a.example')
  await world.say([email('name@a.example')], said('no address', T0 + 2))
  expect((await shown(leadId)).email).toBe('name@a.example')
})

test('of several names the first in order, however they came', async () => {
  for (const [id, names] of [
    ['o1', ['b@order.example', 'a@order.example', 'c@order.example']],
    ['o2', ['a@other.example', 'c@other.example', 'b@other.example']],
  ] as const) {
    let lead: string | null = null
    for (const name of names) lead = (await world.say([user(id), email(name)])).leadId
    expect((await shown(lead)).email).toMatch(/^a@/)
  }
})

test('merged and taken apart, each shows its own', async () => {
  const one = await world.say([user('m1'), email('z@merge.example')], demo)
  const other = await world.say([email('y@merge.example')], demo)
  const merged = await world.say([user('m1'), email('y@merge.example')])
  expect((await shown(merged.leadId)).email).toBe('y@merge.example')
  await unmerge(world.taking, other.leadId!, 'Ann')
  expect((await shown(one.leadId)).email).toBe('z@merge.example')
  expect((await shown(other.leadId)).email).toBe('y@merge.example')
})

test('whoever is no lead is none under another name, until they are taken apart', async () => {
  const staff = world.intake([anonymous('office browser')], [demo], { excludedAs: 'internal' })
  const [visitor] = await world.batcher.take([staff])
  const known = await world.say([user('staff')], demo)
  expect((await shown(known.leadId)).stage).toBe('mql')
  const merged = await world.say([user('staff'), anonymous('office browser')])
  expect(merged.leadId).toBe(known.leadId)
  expect(await shown(merged.leadId)).toMatchObject({ excluded_as: 'internal', stage: null, levels: null })
  await unmerge(world.taking, visitor!.leadId!, 'Ann')
  expect(await shown(known.leadId)).toMatchObject({ excluded_as: null, stage: 'mql' })
  expect(await shown(visitor!.leadId)).toMatchObject({ excluded_as: 'internal', stage: null })
})
