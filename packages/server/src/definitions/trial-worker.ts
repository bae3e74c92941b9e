/** The thread that tries a definition on all leads: it reads on a connection of its own, so that live traffic waits for nothing. */
import type { Fact, Instant } from '@winnow/engine'
import type pg from 'pg'
import { parentPort, workerData } from 'node:worker_threads'
import { openPool } from '../db/pool.ts'
import { readMembers } from '../live/circles.ts'
import { linkedGroups } from '../live/linked-groups.ts'
import { readLog } from '../live/log.ts'
import { compileText } from '../live/plans.ts'
import { noCounts, tryOnCircle, type Move, type TrialCounts } from './trial.ts'

export interface TrialWorkerData {
  readonly databaseUrl: string
  readonly text: string
  readonly liveText: string | null
  readonly asOf: Instant
  readonly weeks: number
}

export interface TrialNews {
  readonly done: number
  readonly total: number
  readonly moves: readonly Move[]
  /** With the last news. */
  readonly counts?: TrialCounts
}

const LEADS_AT_ONCE = 200

const { databaseUrl, text, liveText, asOf, weeks } = workerData as TrialWorkerData
const pool = await openPool(databaseUrl, { connectionsMax: 1 })
try {
  await run()
} finally {
  await pool.end()
}

async function run(): Promise<void> {
  const live = liveText === null ? undefined : compileText(liveText)
  const tried = compileText(text)
  const terms = { live, tried, asOf, weeks }
  const leads = await readLeads(pool)
  const groups =
    tried.looksAtAccount || live?.looksAtAccount ? await linkedGroups(pool, leads) : leads.map((id) => [id])
  const counts = noCounts()
  let done = 0
  let batch: string[][] = []
  let size = 0
  const flush = async () => {
    const logs = await readLogs(pool, batch.flat())
    const moves = batch.flatMap((group) =>
      tryOnCircle(terms, { leads: group, facts: once(group.flatMap((id) => logs.get(id) ?? [])) }, counts),
    )
    done += size
    await tell({ done, total: leads.length, moves })
    batch = []
    size = 0
  }
  for (const group of groups) {
    batch.push(group)
    size += group.length
    if (size >= LEADS_AT_ONCE) await flush()
  }
  if (size > 0) await flush()
  await tell({ done, total: leads.length, moves: [], counts })
}

/** Goes on when the news has been taken. */
function tell(news: TrialNews): Promise<void> {
  return new Promise((resolve) => {
    parentPort!.once('message', () => resolve())
    parentPort!.postMessage(news)
  })
}

async function readLeads(client: pg.Pool): Promise<string[]> {
  const { rows } = await client.query<{ lead_id: string }>(
    'select lead_id from lead where merged_into is null and excluded_as is null order by lead_id',
  )
  return rows.map(({ lead_id }) => lead_id)
}

async function readLogs(client: pg.Pool, leads: readonly string[]): Promise<Map<string, Fact[]>> {
  return readLog(client, await readMembers(client, leads), asOf)
}

/** A fact of an account is in the log of each of its leads. */
function once(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()]
}
