/**
 * Ingest: events over HTTP until they are durable, assessed with fifty criteria and in the ledger. The server is a process of
 * its own on the same two processors, on an embedded PostgreSQL with fsync; the load comes from this process.
 */
import { quantile, type Line } from '../measure.ts'
import { addSource, publish, serverDefinition } from '../server/definition.ts'
import { atRate, openConnections, saturate, sendAll, type Connection, type Target } from '../server/http.ts'
import { newFolder, removeFolder, whileServing, type Served } from '../server/process.ts'
import { cpuLines, line, rest, timed, type Timed } from '../server/timed.ts'
import { batch, batches, Events, single } from './events.ts'

const CONNECTIONS = 128
const ACTIVITIES = 10
const BATCH = 100
const MB = 1024 * 1024

export interface IngestOptions {
  readonly isFull: boolean
  readonly leads: number | undefined
  /** Length of each measurement. */
  readonly seconds: number
}

export async function ingest({ isFull, leads: asked, seconds }: IngestOptions): Promise<Line[]> {
  const leads = asked ?? (isFull ? 100_000 : 20_000)
  const folder = await newFolder()
  try {
    const lines = await whileServing(folder, (served) => measureAll(served, { leads, seconds }))
    return [...lines, ...(await whileServing(folder, async ({ readyMs }) => [startLine(readyMs)]))]
  } finally {
    await removeFolder(folder)
  }
}

async function measureAll(served: Served, { leads, seconds }: { leads: number; seconds: number }): Promise<Line[]> {
  const { pool, port } = served
  await publish(pool, serverDefinition())
  const target: Target = { port, writeKey: await addSource(pool) }
  await rest(3)
  const idle = served.memory().now / MB
  const few = await openConnections(target, 8)
  const load = await timed(served, () =>
    sendAll(few, batches(new Events(1, leads).history(ACTIVITIES), BATCH)).then(() => leads * (ACTIVITIES + 1)),
  )
  await pool.query('analyze')
  await pool.query('checkpoint') // as every quarter of an hour: files of its log are there to be used again
  // Only now: a server closes connections on which nothing comes for long.
  const connections = await openConnections(target, CONNECTIONS)
  const events = new Events(2, leads)
  const next = () => single(events.now())
  await saturate(connections, next, Math.min(seconds, 5)) // until the compiler has seen it all
  const singles = await timed(served, async () => Math.round((await saturate(connections, next, seconds)) * seconds))
  const perSecond = 0.7 * singles.perSecond
  const times = await atRate(connections, next, { perSecond, seconds })
  const nextBatch = () => batch(Array.from({ length: BATCH }, () => events.now()))
  const batched = await timed(
    served,
    async () => Math.round((await saturate(connections.slice(0, 8), nextBatch, seconds)) * seconds) * BATCH,
  )
  await rest(2)
  const changes = await oneAfterTheOther(
    connections[0]!,
    () => single(events.learned(events.someone(), Date.now())),
    400,
  )
  const thousand = await timed(served, async () => {
    const { path, body } = batch(Array.from({ length: 1000 }, () => events.now()))
    await connections[0]!.post(path, body)
    return 1000
  })
  const quiet = await timed(served, () => rest(5).then(() => 0))
  for (const connection of [...few, ...connections]) connection.close()
  return [
    line('memory of the idle Node process', idle, 'MB', { most: 200 }),
    ...rateLines('first load, batches of 100', load),
    ...rateLines('single events', singles, 3000),
    line(`single events at 70 % (${Math.round(perSecond)}/s), median`, quantile(times, 0.5), 'ms'),
    line(`single events at 70 % (${Math.round(perSecond)}/s), 99 %`, quantile(times, 0.99), 'ms', { most: 50 }),
    ...rateLines('batches of 100', batched, 10_000),
    line('one attribute change, median', quantile(changes, 0.5), 'ms', { most: 5 }),
    line('one attribute change, 99 %', quantile(changes, 0.99), 'ms', { most: 25 }),
    line(`1,000 new events over ${leads / 1000} k leads`, thousand.seconds * 1000, 'ms', { most: 1000 }),
    line('nothing happens: server', (quiet.cpu.server / quiet.seconds) * 100, '% CPU'),
    line('nothing happens: database', (quiet.cpu.database / quiet.seconds) * 100, '% CPU'),
    line('memory of the Node process at most', served.memory().peak / MB, 'MB'),
  ]
}

const startLine = (readyMs: number) => line('start to ready on this folder', readyMs / 1000, 's', { most: 10 })

function rateLines(name: string, spent: Timed, least?: number): Line[] {
  return [
    line(name, spent.perSecond, 'events/s', least === undefined ? {} : { least }),
    ...cpuLines(name, spent, 'event'),
  ]
}

async function oneAfterTheOther(
  connection: Connection,
  next: () => { path: string; body: string },
  count: number,
): Promise<Float64Array> {
  const times = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    const { path, body } = next()
    const started = performance.now()
    await connection.post(path, body)
    times[index] = performance.now() - started
    await rest(0.005)
  }
  return times
}
