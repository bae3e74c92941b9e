/** From the button to the charts: a backtest asked of a server, waited for as the web app waits, and its result fetched. */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { quantile, type Line } from '../measure.ts'
import { END, readDefinition } from '../replay/data.ts'
import { newFolder, removeFolder, whileServing, type Served } from '../server/process.ts'
import { line, rest, timed } from '../server/timed.ts'
import { fillLeads } from './fill.ts'

const LEADS = 100_000
const GOAL_S = 5
const THRESHOLD_MS = 100
const MB = 1024 * 1024

export async function backtestsOfServer(asked: number | undefined): Promise<Line[]> {
  const folder = await newFolder()
  try {
    return await whileServing(folder, async (served) => {
      const leads = asked ?? LEADS
      return ask(served, leads, await fillLeads(served.pool, leads))
    })
  } finally {
    await removeFolder(folder)
  }
}

export async function ask(served: Served, leads: number, activities: number): Promise<Line[]> {
  const { pool, port, folder } = served
  // Its examples count on the criteria about colleagues.
  const text = JSON.stringify({ ...readDefinition({ withAccounts: false }), examples: undefined })
  const call = callerOf(port, await addKey(pool))
  const what = `${(leads / 1000).toFixed(0)} k leads with ${(activities / 1e6).toFixed(1)} M activities`
  const run = (...versions: string[]) => timed(served, () => untilShown(call, versions, text))
  await rest(1)
  await rm(join(folder, 'columns'), { recursive: true, force: true })
  const first = await run('one')
  const second = await run('one')
  const third = await run('one')
  const two = await run('one', 'two')
  const cpu = ({ cpu: { server, database } }: typeof first) => server + database
  const thresholds = await moveThreshold(call)
  return [
    line(`backtest: ${what}, the copy of the log made first`, first.seconds, 's'),
    line('the same, CPU of server and database', cpu(first), 'CPU-s'),
    line(`backtest: ${what}, from the button to the charts`, Math.min(second.seconds, third.seconds), 's', {
      most: (GOAL_S * leads) / LEADS,
    }),
    line('the same, CPU of server and database', Math.min(cpu(second), cpu(third)), 'CPU-s'),
    line('two versions, from the button to the charts', two.seconds, 's'),
    line('the same, CPU of server and database', cpu(two), 'CPU-s'),
    line('moving a threshold, asked of the server: 95 %', quantile(thresholds, 0.95), 'ms', { most: THRESHOLD_MS }),
    line('memory of the Node process at most', served.memory().peak / MB, 'MB', { most: 2000 }),
  ]
}

type Call = (path: string, body?: unknown) => Promise<Reply>

interface Reply {
  readonly id: string
  readonly state: string
  readonly items: readonly { readonly id: string }[]
  readonly result: {
    readonly leads: number
    readonly versions: readonly { readonly thresholds: readonly { score: string }[] }[]
  }
}

/** The web app looks as often. */
const LOOK_S = 0.2

async function untilShown(call: Call, versions: readonly string[], text: string): Promise<number> {
  const { id } = await call('/api/backtests', {
    versions: versions.map((name) => ({
      name,
      text: name === 'one' ? text : text.replaceAll('"at_least":60', '"at_least":70'),
    })),
    from: new Date(END - 275 * 86_400_000).toISOString(),
    to: new Date(END).toISOString(),
    known: 'happened',
  })
  for (;;) {
    const { state, result } = await call(`/api/backtests/${id}`)
    if (state === 'done') return result.leads
    if (state === 'failed' || state === 'cancelled') throw new Error(`the backtest is ${state}`)
    await rest(LOOK_S)
  }
}

async function moveThreshold(call: Call): Promise<number[]> {
  const { items } = await call('/api/backtests')
  const id = items[0]!.id
  const { result } = await call(`/api/backtests/${id}`)
  const { score } = result.versions[0]!.thresholds[0]!
  const times: number[] = []
  for (let at = 0; at <= 100; at++) {
    const started = performance.now()
    await call(`/api/backtests/${id}/threshold?version=0&score=${score}&at=${at}`)
    times.push(performance.now() - started)
  }
  return times
}

const callerOf =
  (port: number, key: string): Call =>
  async (path, body) => {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
    return (await reply.json()) as Reply
  }

async function addKey(pool: pg.Pool): Promise<string> {
  const key = `wk_benchkey_${'b'.repeat(40)}`
  await pool.query(
    `insert into api_key (name, prefix, hash, rights, created_at)
     values ('bench', 'wk_benchkey', $1, '{definitions:write,definitions:read,leads:read}', now()) on conflict do nothing`,
    [createHash('sha256').update(key).digest()],
  )
  return key
}
