/**
 * Restating: a version is published and every lead is brought to it, from its whole history, while messages go on coming in
 * at a steady rate.
 */
import { join } from 'node:path'
import { follow } from '../../packages/server/src/columns/follow.ts'
import { quantile, type Line } from '../measure.ts'
import { Events, single } from '../ingest/events.ts'
import { addSource, publish, serverDefinition } from '../server/definition.ts'
import { fill, yearOfActivities } from '../server/fill.ts'
import { atRate, openConnections } from '../server/http.ts'
import { newFolder, removeFolder, whileServing, type Served } from '../server/process.ts'
import { cpuLines, line, rest, timed } from '../server/timed.ts'

const ACTIVITIES_EACH = 20
const LIVE_PER_SECOND = 50
const MB = 1024 * 1024

export interface RestateOptions {
  readonly isFull: boolean
  readonly leads: number | undefined
}

export async function restate({ isFull, leads: asked }: RestateOptions): Promise<Line[]> {
  const leads = asked ?? (isFull ? 500_000 : 50_000)
  const folder = await newFolder()
  try {
    return await whileServing(folder, (served) => restateAll(served, leads))
  } finally {
    await removeFolder(folder)
  }
}

async function restateAll(served: Served, leads: number): Promise<Line[]> {
  const { pool, port } = served
  const activities = yearOfActivities(leads, leads * ACTIVITIES_EACH, Date.now() - 60_000)
  await fill(pool, { leads, activities, knownAt: Date.now() - 366 * 86_400_000 })
  const writeKey = await addSource(pool)
  await publish(pool, serverDefinition())
  const first = await timed(served, () => untilAllAre(served, 1, leads))
  await pool.query('vacuum analyze')
  await copyLog(served)
  const connections = await openConnections({ port, writeKey }, 16)
  const events = new Events(3, leads)
  const next = () => single(events.now())
  await atRate(connections, next, { perSecond: LIVE_PER_SECOND, seconds: 5 })
  await publish(pool, withHigherThresholds())
  const stop = { isAsked: false }
  const live = liveTraffic(stop, (seconds) => atRate(connections, next, { perSecond: LIVE_PER_SECOND, seconds }))
  const second = await timed(served, () => untilAllAre(served, 2, leads))
  stop.isAsked = true
  const times = await live
  for (const connection of connections) connection.close()
  const size = `${leads / 1000} k leads with ${(leads * ACTIVITIES_EACH) / 1e6} M activities`
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from transition where version = 2',
  )
  return [
    line(`first assessment of ${size}`, first.seconds, 's'),
    ...cpuLines('first assessment', first, 'lead'),
    line(`publish: ${size} restated`, second.seconds, 's', { most: (60 * leads) / 500_000 }),
    ...cpuLines('restated', second, 'lead'),
    line('lines that it wrote into the ledger', rows[0]!.count, 'lines'),
    line(`live at ${LIVE_PER_SECOND}/s meanwhile, median`, quantile(times, 0.5), 'ms'),
    line(`live at ${LIVE_PER_SECOND}/s meanwhile, 99 %`, quantile(times, 0.99), 'ms', { most: 100 }),
    line('memory of the Node process at most', served.memory().peak / MB, 'MB', { most: 1500 }),
  ]
}

/** As the server does by itself once little is written; `WINNOW_COLUMNS=none` has it do without. */
async function copyLog({ pool, folder }: Served): Promise<void> {
  if (process.env['WINNOW_COLUMNS'] === 'none') return
  await follow(pool.options.connectionString!, join(folder, 'columns'), () => undefined)
}

/** Of the same definition, so that most leads keep their levels and a good many do not. */
const withHigherThresholds = () => serverDefinition().replaceAll('"at_least":50', '"at_least":55')

async function untilAllAre({ pool }: Served, version: number, leads: number): Promise<number> {
  for (;;) {
    const { rows } = await pool.query<{ found: boolean }>(
      'select exists (select from circle where version < $1) or exists (select from circle where version is null) as found',
      [version],
    )
    if (!rows[0]!.found) return leads
    await rest(0.2)
  }
}

async function liveTraffic(
  stop: { isAsked: boolean },
  run: (seconds: number) => Promise<Float64Array>,
): Promise<number[]> {
  const times: number[] = []
  while (!stop.isAsked) times.push(...(await run(1)))
  return times
}
