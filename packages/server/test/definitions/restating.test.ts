import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publish } from '../../src/definitions/publish.ts'
import { explainLead } from '../../src/leads/explain.ts'
import { Restating } from '../../src/live/due.ts'
import { Partitions } from '../../src/live/log.ts'
import { Plans } from '../../src/live/plans.ts'
import { DAY, email, SMALL, T0, World } from '../live/world.ts'

let world: World
beforeEach(async () => {
  world = await World.open()
})
afterEach(() => world.database.drop())

const DEMO = { kind: 'activity', type: 'demo', properties: {} } as const
const STRICTER = SMALL.replaceAll('at_least: 40', 'at_least: 90')
const COLLEAGUES = SMALL.replace(
  '[ { id: boss,',
  '[ { id: team, when: { leads: { at_least: 2 }, when: { attribute: job, known: false } }, points: 25 }, { id: boss,',
)
const at = (company: string) => ({ kind: 'link', account: { kind: 'domain', value: company } }) as const

const rowsOf = async <T extends object>(text: string) => (await world.database.pool.query<T>(text)).rows
const fits = async () => {
  const rows = await rowsOf<{ email: string; fit: number }>(
    `select i.value as email, (scores->>'fit')::int as fit from lead l join identity i using (lead_id) order by 1`,
  )
  return Object.fromEntries(rows.map((row) => [row.email, row.fit]))
}
const circles = async () =>
  (await rowsOf<{ count: number }>('select count(distinct circle_id) as count from lead'))[0]!.count

/** Another server on the same database, without a memory. */
const anotherServer = () =>
  new Restating({
    ...world.taking,
    plans: new Plans(),
    partitions: new Partitions(),
    log: pino({ level: 'silent' }),
  })

test('publishing while messages come in: nothing is lost, and everybody ends at the new version', async () => {
  await world.publish(SMALL)
  const people = Array.from({ length: 40 }, (_, index) => email(`p${index}@x.example`))
  for (const person of people) await world.say([person], DEMO)
  const before = (await rowsOf<{ version: number }>("select version from definition_version where status = 'live'"))[0]!
  const restatement = { isDone: false }
  const traffic = (async () => {
    for (let round = 0; !restatement.isDone || round < 5; round++) {
      world.now += 1000
      await Promise.all(people.filter((_, index) => index % 3 === round % 3).map((person) => world.say([person], DEMO)))
    }
  })()
  const { version } = await publish(world.taking, { text: STRICTER, replaces: before.version, note: 'x' })
  const restating = [anotherServer(), anotherServer()]
  for (let idle = 0; idle < 3;) {
    const done = await Promise.all(restating.map((each) => each.some(7)))
    idle = done.every((count) => count === 0) ? idle + 1 : 0
  }
  restatement.isDone = true
  await traffic
  await world.restate()
  expect(await rowsOf('select distinct version from lead')).toEqual([{ version }])
  expect(await rowsOf('select distinct version from circle')).toEqual([{ version }])
  // What every lead is, is what its log says under the live version.
  const { plan } = await world.taking.plans.ofVersion(world.database.pool, version)
  expect(plan.definition.name).toBe('small')
  const leads = await rowsOf<{ lead_id: string; levels: object; assessed_at: number; stage: string }>(
    'select lead_id, levels, stage, assessed_at from lead',
  )
  for (const lead of leads) {
    const told = await explainLead(world.database.pool, world.taking.plans, lead.lead_id, {
      at: lead.assessed_at,
      knownAt: Infinity,
      version: undefined,
    })
    expect(told.assessment).toMatchObject({ levels: lead.levels, stage: { id: lead.stage }, version })
  }
  expect(await rowsOf('select 1 from activity')).toHaveLength((await rowsOf('select 1 from message')).length)
})

test('a restatement that was cut short is finished by whoever comes next', async () => {
  await world.publish(SMALL)
  for (let index = 0; index < 25; index++) await world.say([email(`p${index}@x.example`)], DEMO)
  world.now += DAY
  const version = await world.publish(STRICTER)
  expect(await anotherServer().some(10)).toBe(10)
  const stopped = anotherServer()
  const client = await world.database.pool.connect()
  // A server that dies in the middle of a batch: its transaction never ends well.
  await client.query('begin')
  await client.query('select 1 from circle where version < $1 order by circle_id limit 10 for update', [version])
  expect(await stopped.some(100)).toBe(5)
  client.release(true)
  const next = anotherServer()
  // Its locks end a moment after it.
  while ((await rowsOf(`select 1 from circle where version < ${version}`)).length > 0) await next.some(4)
  expect(await rowsOf('select version, count(*) as count from lead group by version')).toEqual([{ version, count: 25 }])
  const twice = await rowsOf(
    'select 1 from transition where superseded_at is null group by lead_id, at, name, to_value, version having count(*) > 1',
  )
  expect(twice).toEqual([])
})

test('a definition that looks at accounts sees colleagues together, and one that does not sees them alone again', async () => {
  await world.publish(SMALL)
  await world.say([email('a@mill')], at('mill.example'))
  await world.say([email('b@mill')], at('mill.example'))
  await world.say([email('c@alone')], at('alone.example'))
  await world.say([email('d@none')], DEMO)
  expect(await circles()).toBe(4)
  world.now += DAY
  await world.publish(COLLEAGUES)
  expect(await circles()).toBe(3)
  await world.restate()
  expect(await fits()).toEqual({ 'a@mill': 25, 'b@mill': 25, 'c@alone': 0, 'd@none': 0 })
  // Also those who move, and who come only now.
  await world.say([email('e@alone')], at('alone.example'))
  expect(await fits()).toMatchObject({ 'c@alone': 25, 'e@alone': 25 })
  world.now += DAY
  await world.publish(SMALL)
  await world.restate()
  expect(await circles()).toBe(5)
  expect(await fits()).toEqual({ 'a@mill': 0, 'b@mill': 0, 'c@alone': 0, 'd@none': 0, 'e@alone': 0 })
  expect(await rowsOf('select 1 from circle where circle_id not in (select circle_id from lead)')).toEqual([])
  await world.say([email('a@mill')], { kind: 'attribute', name: 'job', value: 'boss' })
  expect(await fits()).toMatchObject({ 'a@mill': 50, 'b@mill': 0 })
  world.now += DAY
  await world.publish(COLLEAGUES)
  await world.restate()
  expect(await fits()).toEqual({ 'a@mill': 50, 'b@mill': 0, 'c@alone': 25, 'd@none': 0, 'e@alone': 25 })
})

test('colleagues who come while circles are being joined are joined too', async () => {
  await world.publish(SMALL)
  for (let index = 0; index < 60; index++) await world.say([email(`${index}@x`)], at(`c${index % 10}.example`))
  const coming = Promise.all(
    Array.from({ length: 60 }, (_, index) => world.say([email(`new${index}@x`)], at(`c${index % 12}.example`))),
  )
  await Promise.all([coming, world.publish(COLLEAGUES)])
  await world.restate()
  expect(await circles()).toBe(12)
  expect(new Set(Object.values(await fits()))).toEqual(new Set([25]))
})

test('an explanation of the past is what the ledger recorded then, whichever version is live now', async () => {
  await world.publish(SMALL)
  const { leadId } = await world.say([email('a@x.example')], DEMO)
  world.now += DAY
  await world.publish(STRICTER)
  await world.restate()
  world.now += DAY
  await world.say([email('a@x.example')], { ...DEMO, at: T0 + 1000 })
  await world.publish(SMALL)
  await world.restate()
  const lines = await rowsOf<{ at: number; recorded_at: number; version: number; name: string; to_value: string }>(
    'select at, recorded_at, version, name, to_value from transition order by at, recorded_at, place',
  )
  expect(lines.length).toBeGreaterThan(3)
  expect(new Set(lines.map(({ version }) => version)).size).toBeGreaterThan(1)
  for (const line of lines) {
    const { assessment } = await explainLead(world.database.pool, world.taking.plans, leadId!, {
      at: line.at,
      knownAt: line.recorded_at,
      version: line.version,
    })
    const last = lines.findLast(
      (each) => each.at === line.at && each.name === line.name && each.recorded_at === line.recorded_at,
    )!
    expect(line.name === 'stage' ? assessment.stage.id : assessment.levels[line.name]).toBe(last.to_value)
  }
})
