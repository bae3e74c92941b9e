/**
 * Timers: many leads whose level changes at one instant because a window ends, with no new fact. From that instant until the
 * last of them is in the ledger, none twice.
 */
import type pg from 'pg'
import type { Line } from '../measure.ts'
import { publish, serverDefinition } from '../server/definition.ts'
import { fill, type Activity } from '../server/fill.ts'
import { newFolder, removeFolder, whileServing, type Served } from '../server/process.ts'
import { cpuLines, line, rest, timed } from '../server/timed.ts'

const DAY_MS = 86_400_000
const WINDOW_DAYS = 30
const MB = 1024 * 1024

export interface TimersOptions {
  readonly isFull: boolean
  readonly leads: number | undefined
}

export async function timers({ isFull, leads: asked }: TimersOptions): Promise<Line[]> {
  const leads = asked ?? (isFull ? 100_000 : 20_000)
  const folder = await newFolder()
  try {
    return await whileServing(folder, (served) => fireAll(served, leads))
  } finally {
    await removeFolder(folder)
  }
}

async function fireAll(served: Served, leads: number): Promise<Line[]> {
  const { pool } = served
  const due = Math.ceil(Date.now() / 1000) * 1000 + 20_000 + leads * 2.5
  const activities = Array.from({ length: leads }, (_, lead): Activity => {
    return { at: due - WINDOW_DAYS * DAY_MS, lead, type: 'page', properties: { path: '/blog/1' } }
  })
  await fill(pool, { leads, activities, knownAt: due - 60 * DAY_MS })
  await publish(pool, withWindow())
  await until(() => areAllAssessed(pool))
  if (Date.now() > due) throw new Error('the leads were due before all of them had been assessed')
  await rest((due - Date.now()) / 1000)
  const fired = await timed(served, async () => {
    await until(() => isNobodyDue(pool, due))
    return leads
  })
  await rest(1)
  const { rows } = await pool.query<{ fired: number; leads: number; last: number }>(
    `select count(*)::int as fired, count(distinct lead_id)::int as leads,
       extract(epoch from max(recorded_at))::float8 * 1000 as last from transition where ${firedAt(due)}`,
  )
  const ledger = rows[0]!
  if (ledger.fired !== leads || ledger.leads !== leads)
    throw new Error(`fired ${ledger.fired}, for ${ledger.leads} leads`)
  return [
    line(`${leads.toLocaleString('en')} timers due at one instant: all fired`, fired.seconds, 's', {
      most: (30 * leads) / 100_000,
    }),
    line('fired', fired.perSecond, 'timers/s'),
    ...cpuLines('fired', fired, 'timer'),
    line('the last one is recorded after', (ledger.last - due) / 1000, 's'),
    line('memory of the Node process at most', served.memory().peak / MB, 'MB'),
  ]
}

const firedAt = (due: number) => `name = 'recency' and to_value = 'idle' and at = to_timestamp(${due / 1000})`

/** The fifty criteria, and whether somebody was there within a month. */
function withWindow(): string {
  const definition = JSON.parse(serverDefinition()) as { categories: Record<string, unknown> }
  definition.categories['recency'] = {
    levels: [{ active: { when: { activity: 'page_viewed', within: `${WINDOW_DAYS}d` } } }, { idle: {} }],
  }
  return JSON.stringify(definition)
}

async function isNobodyDue(pool: pg.Pool, due: number): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (select from circle where due_at <= to_timestamp(${due / 1000})) as found`,
  )
  return !rows[0]!.found
}

async function areAllAssessed(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    'select exists (select from circle where version is null) as found',
  )
  return !rows[0]!.found
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await rest(0.1)
}
