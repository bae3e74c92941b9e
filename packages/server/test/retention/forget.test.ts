/** Activities that are forgotten count no longer, and what the ledger says of them stays. */
import { assess, leadId, replay } from '@winnow/engine'
import { Duplex, PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBackup } from '../../src/backup/backup.ts'
import { restoreBackup } from '../../src/backup/restore.ts'
import { openDatabase } from '../../src/db/database.ts'
import { assessDue } from '../../src/live/due.ts'
import type { Intake } from '../../src/live/intake.ts'
import { readKnown } from '../../src/leads/past.ts'
import { Partitions } from '../../src/live/log.ts'
import { Plans } from '../../src/live/plans.ts'
import { takeBatch, type Taking } from '../../src/live/take.ts'
import { forgetDue, horizonOf } from '../../src/retention/forget.ts'
import { writeMonths } from '../../src/retention/store.ts'
import { createTestDatabase } from '../database.ts'
import { companyOf } from '../backtests/random-company.ts'
import { DAY, email, HOUR, SMALL, T0, user, World, type Said } from '../live/world.ts'
import { COMPANY } from '../trust/histories.ts'

/** Nothing fades: what is forgotten is missed. */
const LASTING = `
winnow: 1
name: lasting
attributes:
  job: { type: choice, of: [boss, clerk] }
activities:
  demo_requested: { from: demo }
  page_viewed: { from: page }
scores:
  interest:
    range: [0, 200]
    groups:
      all:
        criteria:
          - { id: demo, each: demo_requested, points: 60 }
          - { id: page, each: page_viewed, points: 10 }
          - { id: boss, when: { attribute: job, is: boss }, points: 15 }
categories:
  temperature:
    levels:
      - hot: { when: { score: interest, at_least: 40 } }
      - warm: { when: { score: interest, at_least: 20 } }
      - cold: {}
stages:
  - { id: lead }
  - { id: mql, enter: { category: temperature, is: hot }, sla: 30d }
  - { id: sal, by: accept, needs: { activity: demo_requested, ever: true } }
  - { id: customer, by: win }
  - { id: parked, by: [reject, recycle], cool_down: 400d }
`

/** Two years on, this is still kept when activities are kept for a year. */
const START = Date.parse('2024-02-10T09:00:00Z')
const LATER = Date.parse('2026-03-02T09:00:00Z')
const HORIZON = Date.parse('2025-01-01T00:00:00Z')
const demo = { kind: 'activity', type: 'demo', properties: {} } as const
const page = (at: number): Said => ({ kind: 'activity', type: 'page', properties: { path: '/' }, at })
const decided = (decision: 'accept' | 'reject' | 'win'): Said => ({ kind: 'decision', decision, by: 'rep' })

let world: World
let told: number
const forgets = (taking: Taking = world.taking) => forgetDue({ taking, changed: () => (told += 1) })
beforeEach(async () => {
  world = await World.open()
  world.now = START
  told = 0
  await world.publish(LASTING)
})
afterEach(() => world.database.drop())

const keepFor = (months: number | null) => writeMonths(world.database.pool, months)
const partitions = async () => {
  const { rows } = await world.database.pool.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'activity'::regclass order by 1`,
  )
  return rows.map(({ name }) => name)
}
const versions = async () => {
  const { rows } = await world.database.pool.query(
    'select version, status, renews, signed_as, text = $1 as same from definition_version order by version',
    [LASTING],
  )
  return rows
}

/** Everything that is said of everybody. */
async function said(): Promise<unknown> {
  const { pool } = world.database
  const { rows: leads } = await pool.query(
    `select lead_id, version, stage, stage_since, sla_due_at, levels, scores, next_change_at, created_at, last_activity_at
     from lead order by lead_id`,
  )
  const { rows: ledger } = await pool.query(
    `select lead_id, at, place, version, kind, name, from_value, to_value, cause, superseded_at from transition
     order by lead_id, at, version, place`,
  )
  return { leads, ledger }
}

/** Every circle as its log has it, whatever its state was. */
async function rebuildAll(): Promise<void> {
  await world.database.pool.query('update circle set state = null, due_at = to_timestamp($1 / 1000.0)', [world.now])
  while ((await assessDue(world.taking, 100)) > 0);
}

test('horizons are beginnings of quarters', () => {
  const horizon = (now: string, months: number) =>
    new Date(horizonOf(Date.parse(now), months)).toISOString().slice(0, 10)
  expect(horizon('2026-03-31T12:00:00Z', 12)).toBe('2025-01-01')
  expect(horizon('2026-05-31T12:00:00Z', 3)).toBe('2026-01-01')
  expect(horizon('2026-12-31T23:59:59Z', 24)).toBe('2024-10-01')
  expect(horizon('2027-01-01T00:00:00Z', 24)).toBe('2025-01-01')
})

test('what is forgotten counts no longer, from then on', async () => {
  const { leadId: faded } = await world.say([email('faded@x.example')], demo, page(START))
  const { leadId: kept } = await world.say([email('kept@x.example')], page(START))
  world.now = Date.parse('2025-06-01T00:00:00Z')
  await world.say([email('kept@x.example')], demo)
  await world.goTo(LATER)
  const before = [await world.ledger(faded!), await world.ledger(kept!)]

  expect(await forgets()).toBeUndefined() // it is off
  await keepFor(12)
  expect(await forgets()).toMatchObject({ before: HORIZON, at: LATER, activities: 3, leads: 2, version: 2 })
  expect(told).toBe(1)
  expect(await versions()).toMatchObject([
    { version: 1, status: 'retired', renews: null },
    { version: 2, status: 'live', renews: 1, signed_as: null, same: true },
  ])
  expect(await partitions()).toEqual(['activity_2025_q2'])
  expect(await world.restate()).toBe(2)
  expect(await world.lead(faded!)).toMatchObject({
    version: 2,
    levels: { temperature: 'cold' },
    scores: { interest: 0 },
  })
  expect(await world.lead(kept!)).toMatchObject({
    version: 2,
    levels: { temperature: 'hot' },
    scores: { interest: 60 },
  })
  const ledger = await world.ledger(faded!)
  expect(ledger.slice(0, before[0]!.length)).toEqual(before[0])
  expect(ledger.slice(before[0]!.length)).toMatchObject([
    { at: LATER, version: 2, name: 'temperature', from_value: 'hot', to_value: 'cold' },
  ])
  expect(await world.ledger(kept!)).toEqual(before[1])
  // What is shown of a lead besides its assessment is no activity.
  const { rows } = await world.database.pool.query('select created_at, last_activity_at from lead where lead_id = $1', [
    faded,
  ])
  expect(rows).toEqual([{ created_at: START, last_activity_at: START }])

  const state = await said()
  await rebuildAll()
  expect(await said()).toEqual(state)
  expect(await forgets()).toBeUndefined()
  expect(await versions()).toHaveLength(2)
})

test('no lead moves backwards, enters its stage later, or leaves its side stage', async () => {
  const say = async (name: string, ...says: Said[]) => (await world.say([email(`${name}@x.example`)], ...says)).leadId!
  const [first, mql, late, sal, parked] = [
    await say('first', page(START)),
    await say('mql', demo),
    await say('late', demo),
    await say('sal', demo),
    await say('parked', demo),
  ]
  world.now = START + HOUR
  await say('sal', decided('accept'))
  world.now = Date.parse('2026-01-15T09:00:00Z')
  await world.goTo(world.now)
  await say('parked', decided('reject'))
  await world.goTo(LATER - DAY)
  await say('late', demo) // enters by what is kept alone, two years later
  await world.goTo(LATER)
  const stages = async () => {
    const { rows } = await world.database.pool.query(
      'select lead_id, stage, stage_since, sla_due_at from lead order by lead_id',
    )
    return rows
  }
  const before = await stages()
  await keepFor(12)
  await forgets()
  await world.restate()
  expect(await stages()).toEqual(before)
  expect((await world.lead(mql)).levels).toEqual({ temperature: 'cold' })
  const state = await said()
  await rebuildAll()
  expect(await said()).toEqual(state)

  // The service level has run out once and does not run again; who is parked stays so until the cool-down ends.
  await world.goTo(LATER + 60 * DAY)
  const breaches = async (lead: string) => (await world.ledger(lead)).filter(({ to_value }) => to_value === 'breached')
  expect(await breaches(late)).toHaveLength(1)
  expect(await breaches(mql)).toHaveLength(1)
  await say('parked', demo)
  expect((await world.lead(parked)).stage).toBe('parked')
  world.now = Date.parse('2026-01-15T09:00:00Z') + 401 * DAY
  await world.goTo(world.now)
  expect((await world.lead(parked)).stage).toBe('mql')
  expect([(await world.lead(first)).stage, (await world.lead(sal)).stage]).toEqual(['lead', 'sal'])
})

const seeds = Array.from({ length: Number(process.env['WINNOW_SEEDS'] ?? 4) }, (_, seed) => seed + 1)
/** Half of what random people do is then done before the quarter ends. */
const SHIFT = 14 * DAY
const shifted = (message: Intake): Intake => ({
  ...message,
  receivedAt: message.receivedAt + SHIFT,
  says: message.says.map((saying) => ({ ...saying, at: saying.at + SHIFT })),
})

test.each(
  seeds.flatMap((seed) => [
    { seed, name: 'alone', text: SMALL },
    { seed, name: 'with colleagues', text: COMPANY },
  ]),
)('random people $seed, $name: as forgotten, so from what is left', { timeout: 60_000 }, async ({ seed, text }) => {
  world.now = T0
  await world.publish(text)
  await world.restate()
  for (const message of companyOf(world, seed).map(shifted)) {
    await world.goTo(message.receivedAt)
    await world.batcher.take([message])
  }
  await world.goTo(Date.parse('2026-07-15T00:00:00Z'))
  const { pool } = world.database
  const line = 'lead_id, at, place, version, kind, name, from_value, to_value, cause, recorded_at, superseded_at'
  const ledger = async () =>
    (await pool.query(`select ${line} from transition where version < 3 order by transition_id`)).rows
  const standing = async () => {
    const { rows } = await pool.query<{ lead_id: string; stage: string; stage_since: number }>(
      'select lead_id, stage, stage_since from lead where merged_into is null order by lead_id',
    )
    return rows
  }
  const before = { ledger: await ledger(), standing: await standing() }
  await keepFor(3)
  expect(await forgets()).toMatchObject({ before: Date.parse('2026-04-01T00:00:00Z'), version: 3 })
  expect(await world.restate()).toBeGreaterThan(0)

  expect(await ledger()).toEqual(before.ledger)
  const live = (await world.taking.plans.live(pool))!
  const placeOf = (stage: string) => live.plan.layout.stages.index.get(stage) ?? Infinity
  for (const [index, now] of (await standing()).entries()) {
    const was = before.standing[index]!
    expect(placeOf(now.stage)).toBeGreaterThanOrEqual(placeOf(was.stage))
    if (now.stage === was.stage) expect(now.stage_since).toBeLessThanOrEqual(was.stage_since)
    // The plain way: everything that is left, told once.
    const { facts, lead } = await readKnown(pool, now.lead_id, { ...live, knownAt: Infinity })
    const { circle } = replay(live.plan, facts, { until: world.now })
    const { levels, stage } = assess(live.plan, circle, leadId(lead), world.now)
    expect(await world.lead(lead)).toMatchObject({ levels, stage: stage.id, stage_since: stage.since })
  }
  const state = await said()
  await rebuildAll()
  expect(await said()).toEqual(state)
})

test('what is too old is refused as a whole, a repeat is a repeat, and no partition is made again', async () => {
  const old = world.intake([email('a@x.example')], [page(START)])
  await world.batcher.take([old])
  await world.goTo(LATER)
  const other: Taking = { ...world.taking, partitions: new Partitions(), plans: new Plans() }
  await takeBatch(other, [world.intake([email('b@x.example')], [page(LATER)])])
  await keepFor(12)
  await forgets()
  for (const taking of [other, world.taking]) {
    const late = world.intake(
      [email('late@x.example')],
      [page(HORIZON - 1), { kind: 'attribute', name: 'job', value: 'boss' }],
    )
    const taken = await takeBatch(taking, [late, late, old, world.intake([email('b@x.example')], [page(HORIZON)])])
    expect(taken.map(({ status }) => status)).toEqual(['too_old', 'too_old', 'repeated', 'stored'])
    // What came to nothing leaves nothing behind: corrected, it is taken.
    const corrected = { ...late, says: late.says.slice(1), digest: Buffer.from(`${late.messageId} corrected`) }
    expect(await takeBatch(taking, [corrected])).toMatchObject([{ status: 'stored' }])
  }
  expect(await partitions()).toEqual(['activity_2025_q1', 'activity_2026_q1'])
  const { rows } = await world.database.pool.query('select count(*) as count from activity where at < $1', [
    new Date(HORIZON).toISOString(),
  ])
  expect(rows).toEqual([{ count: 0 }])
})

test('somebody who reads activities is not waited for, and keeps nobody waiting', async () => {
  await world.say([email('a@x.example')], demo)
  await world.goTo(LATER)
  await keepFor(12)
  const reader = await world.database.pool.connect()
  await reader.query('begin')
  await reader.query('select count(*) from activity')
  expect(await forgets()).toBe('later')
  const attempt = forgets()
  expect(await world.say([email('b@x.example')], demo)).toMatchObject({ status: 'stored' })
  expect(await attempt).toBe('later')
  expect([await versions(), await partitions()].map(({ length }) => length)).toEqual([1, 2])
  await reader.query('commit')
  reader.release()
  expect(await forgets()).toMatchObject({ version: 2 })
})

test('whoever judges by the version of before judges the whole log, or not at all', async () => {
  const { leadId } = await world.say([email('a@x.example')], demo)
  await world.goTo(LATER)
  await keepFor(12)
  const ledger = await world.ledger(leadId!)
  // Somebody wants to forget just when it is known which version is live, and nothing has been read yet.
  const meanwhile: unknown[] = []
  class Slow extends Plans {
    override async live(...given: Parameters<Plans['live']>) {
      const found = await super.live(...given)
      meanwhile.push(await forgets())
      return found
    }
  }
  await world.database.pool.query('update circle set state = null, due_at = to_timestamp($1 / 1000.0)', [world.now])
  expect(await assessDue({ ...world.taking, plans: new Slow() }, 100)).toBe(1)
  expect(meanwhile).toEqual(['later'])
  expect(await world.ledger(leadId!)).toEqual(ledger)
  expect(await forgets()).toMatchObject({ version: 2 })
  await world.restate()
  expect((await world.ledger(leadId!)).slice(0, ledger.length)).toEqual(ledger)
})

test('a crash leaves nothing half done, and the next round does it all', async () => {
  await world.say([email('a@x.example')], demo)
  await world.goTo(LATER)
  await keepFor(12)
  const { pool } = world.database
  await pool.query(
    `create function fail() returns trigger language plpgsql as $$ begin raise exception 'crash'; end $$`,
  )
  await pool.query('create trigger fail before insert on audit for each row execute function fail()')
  await expect(forgets()).rejects.toThrow('crash')
  expect(await versions()).toMatchObject([{ version: 1, status: 'live' }])
  expect(await partitions()).toEqual(['activity_2024_q1'])
  expect(await world.say([email('a@x.example')], page(START))).toMatchObject({ status: 'stored' })
  await pool.query('drop trigger fail on audit')
  expect(await forgets()).toMatchObject({ version: 2, activities: 2 })
})

test('a restored backup has forgotten too, and one of before forgets again', async () => {
  await world.say([email('a@x.example')], demo)
  await world.goTo(LATER)
  await world.say([email('a@x.example')], page(LATER))
  await keepFor(12)
  const backup = async () => {
    const out = new PassThrough()
    const packed = buffer(out)
    const { pool, close } = await openDatabase(world.database.url, { isPipelined: false })
    await writeBackup(pool, out, world)
    await close()
    return packed
  }
  const early = await backup()
  await forgets()
  await world.restate()
  const wanted = await said()
  const forgotten = await backup()
  for (const packed of [forgotten, early]) {
    const restored = new World(await createTestDatabase('template0'))
    const { pool, close } = await openDatabase(restored.database.url, { isPipelined: false })
    await restoreBackup(pool, Readable.from([packed]))
    await close()
    const original = world
    try {
      world = restored
      world.now = LATER
      await forgets()
      await world.restate()
      expect(await said()).toEqual(wanted)
      await rebuildAll()
      expect(await said()).toEqual(wanted)
      const late = world.intake([email('late@x.example')], [page(START)], { messageId: 'late' })
      expect(await takeBatch(world.taking, [late])).toMatchObject([{ status: 'too_old' }])
    } finally {
      world = original
      await restored.database.drop()
    }
  }
})

test('a backup that is being made is not disturbed', async () => {
  await world.say([email('a@x.example')], demo)
  await world.goTo(LATER)
  await keepFor(12)
  const meanwhile: unknown[] = []
  // It does not end before what it has written is taken.
  async function* asked(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      meanwhile.push(await forgets())
      yield piece
    }
  }
  const out = Duplex.from(asked)
  out.resume()
  const { pool, close } = await openDatabase(world.database.url, { isPipelined: false })
  await writeBackup(pool, out, world)
  await close()
  expect(new Set(meanwhile)).toEqual(new Set(['later']))
  expect(await forgets()).toMatchObject({ version: 2 })
})

test('two servers forget once, also after years of being off', async () => {
  for (let quarter = 0; quarter < 8; quarter++) {
    world.now = START + quarter * 92 * DAY
    await world.say([user(`u${quarter}`)], page(world.now))
  }
  await world.goTo(Date.parse('2031-03-02T09:00:00Z'))
  await keepFor(36)
  const other: Taking = { ...world.taking, partitions: new Partitions(), plans: new Plans() }
  const both = await Promise.all([forgets(), forgets(other)])
  expect(both.filter((each) => typeof each === 'object')).toHaveLength(1)
  expect(await forgets(other)).toBeUndefined()
  expect(await versions()).toHaveLength(2)
  expect(await partitions()).toEqual([])
  const { rows } = await world.database.pool.query('select action, actor_kind, targets from audit')
  expect(rows).toEqual([
    {
      action: 'activities.forget',
      actor_kind: 'nobody',
      targets: { before: '2028-01-01', activities: 8, leads: 8, version: 2 },
    },
  ])
})

test('empty partitions just go, and so does one that was made too late', async () => {
  await world.say([email('a@x.example')], demo)
  const { pool } = world.database
  await pool.query('delete from activity')
  await world.goTo(LATER)
  await keepFor(12)
  expect(await forgets()).toMatchObject({ before: HORIZON, activities: 0, version: null })
  expect(await partitions()).toEqual([])
  await pool.query(
    `create table activity_2024_q3 partition of activity for values from ('2024-07-01+00') to ('2024-10-01+00')`,
  )
  expect(await forgets()).toBeUndefined()
  expect(await partitions()).toEqual([])
  expect(await versions()).toHaveLength(1)
  // The horizon never goes back.
  await keepFor(null)
  expect(await world.say([email('b@x.example')], page(START))).toMatchObject({ status: 'too_old' })
})
