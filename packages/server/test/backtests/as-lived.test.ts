/** A backtest says what the server said: random companies, lived with a clock of the test's, then read from the log and replayed. */
import {
  compareFacts,
  compileDefinition,
  ledgerOf,
  measure,
  parseDefinitionText,
  trace,
  type Instant,
  type LedgerLine,
} from '@winnow/engine'
import { expect, test } from 'vitest'
import { readCompany, readGroups, readMost, type GroupFacts } from '../../src/backtests/company.ts'
import { openDatabase } from '../../src/db/database.ts'
import type { Intake } from '../../src/live/intake.ts'
import { copyingReader } from '../../src/live/log-copy.ts'
import { DAY, SMALL, T0, World } from '../live/world.ts'
import { COMPANY } from '../trust/histories.ts'
import { Copying, unnamed } from '../columns/copying.ts'
import { companyOf, END } from './random-company.ts'

const seeds = Array.from({ length: Number(process.env['WINNOW_SEEDS'] ?? 6) }, (_, seed) => seed + 1)

/** Time passes up to an instant, and everything that comes due is looked at when it does. */
async function passTo(world: World, at: Instant): Promise<void> {
  for (;;) {
    const { rows } = await world.database.pool.query<{ due_at: Instant | null }>(
      'select min(due_at) as due_at from circle',
    )
    const due = rows[0]!.due_at
    if (due === null || due > at) break
    await world.goTo(Math.max(due, world.now))
  }
  world.now = at
}

async function live(world: World, messages: readonly Intake[]): Promise<void> {
  for (const message of messages) {
    await passTo(world, message.receivedAt - 1)
    world.now = message.receivedAt
    await world.batcher.take([message])
  }
  await passTo(world, END)
}

interface Line {
  readonly lead: string
  readonly at: Instant
  readonly kind: string
  readonly name: string
  readonly from: string | null
  readonly to: string
  readonly cause: string
  readonly knownAt: Instant
  readonly withdrawnAt: Instant | null
}

async function ledgerLived({ database }: World): Promise<Line[]> {
  const { rows } = await database.pool.query<Line>(
    `select lead_id as lead, at, kind, name, from_value as "from", to_value as "to", cause, recorded_at as "knownAt",
       superseded_at as "withdrawnAt" from transition`,
  )
  return inOrder(rows)
}

const lineOf = ({ transition, knownAt, withdrawnAt }: LedgerLine): Line => {
  const { lead, at, kind, name, from, to, cause } = transition
  return { lead, at, kind, name, from, to, cause, knownAt, withdrawnAt: withdrawnAt ?? null }
}

const inOrder = (lines: readonly Line[]): Line[] =>
  lines
    .map((line) => ({ text: JSON.stringify([line.lead, line.at, line.knownAt, line.name, line.to, line.from]), line }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ line }) => line)

const sorted = ({ leads, facts }: GroupFacts) => ({ leads, facts: facts.toSorted(compareFacts) })

/**
 * The facts of everybody, as the threads of a backtest read them: from the copy of the log; without one lead by lead, and in one pass
 * where nobody looks at colleagues.
 */
async function circlesOf({ database }: World, looksAtAccount: boolean) {
  const stored = await Copying.open(database)
  const copied = await stored.read(looksAtAccount)
  await stored.remove()
  const copying = await openDatabase(database.url, { connectionsMax: 1, isPipelined: false })
  const client = await copying.pool.connect()
  try {
    const { groups, isMost } = await readCompany(database, { excluded: 'without' }, looksAtAccount)
    const read = await readGroups(database.pool, copyingReader(client), { groups, knownAt: Infinity })
    expect(isMost).toBe(!looksAtAccount)
    if (isMost) {
      const asItLies = await Array.fromAsync(readMost(database.pool, client, { groups, knownAt: Infinity }))
      expect(asItLies.map(sorted)).toEqual(read.map(sorted))
    }
    expect(copied.map(unnamed)).toEqual(read.map(unnamed))
    return copied
  } finally {
    client.release()
    await copying.close()
  }
}

test.each([
  { name: 'a lead for itself', text: SMALL },
  { name: 'with colleagues and accounts', text: COMPANY },
])(
  'the ledger is the one that was lived, line for line, with when each was known: $name',
  async ({ text }) => {
    const parsed = parseDefinitionText(text)
    if (!parsed.ok) throw new Error('the definition has errors')
    const plan = compileDefinition(parsed.definition)
    let [late, withdrawn] = [0, 0]
    for (const seed of seeds) {
      const world = await World.open()
      await world.publish(text)
      await live(world, companyOf(world, seed))
      const lived = await ledgerLived(world)
      const circles = await circlesOf(world, plan.looksAtAccount)
      const backtested = inOrder(
        circles.flatMap((circle) => ledgerOf(plan, circle, { until: END, known: 'received' }).map(lineOf)),
      )
      expect(backtested, `seed ${seed}`).toEqual(lived)
      late += lived.filter(({ at, knownAt }) => knownAt > at).length
      withdrawn += lived.filter(({ withdrawnAt }) => withdrawnAt !== null).length
      await world.database.drop()
    }
    expect(late).toBeGreaterThan(0) // the seeds have what is to be tested
    expect(withdrawn).toBeGreaterThan(0)
  },
  240_000,
)

test('what comes later changes nothing of what was seen before', async () => {
  const parsed = parseDefinitionText(SMALL)
  if (!parsed.ok) throw new Error('the definition has errors')
  const { definition } = parsed
  const world = await World.open()
  await world.publish(SMALL)
  const messages = companyOf(world, 77)
  const half = T0 + 12 * DAY
  await live(
    world,
    messages.filter(({ receivedAt }) => receivedAt < half),
  )
  const options = { from: T0, to: half, horizonDays: 1, known: 'received', watermark: half, seed: 1 } as const
  const seen = async () =>
    measure(trace(await circlesOf(world, false), [{ name: 'SMALL', definition }], options), options)
  const before = await seen()
  await live(
    world,
    messages.filter(({ receivedAt }) => receivedAt >= half),
  )
  const after = await seen()
  const seenOf = ({ versions }: typeof before) =>
    versions.map(({ weeks, handedOver, thresholds }) => ({
      weeks: weeks.map(({ stages, levels }) => ({ stages, levels })),
      handedOver,
      thresholds: thresholds.map(({ entered }) => entered),
    }))
  expect(seenOf(after)).toEqual(seenOf(before))
  await world.database.drop()
}, 120_000)
