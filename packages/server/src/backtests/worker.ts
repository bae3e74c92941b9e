/** The thread of a backtest: it finds out whom it is about, lets others read and replay them, and counts what they found. */
import { measure, mergeTraces, Tracer } from '@winnow/engine'
import { availableParallelism } from 'node:os'
import { parentPort, workerData, Worker } from 'node:worker_threads'
import { openDatabase, type Database } from '../db/database.ts'
import { readCompany, type Company, type Group } from './company.ts'
import { packTraces, unpackTraces } from './codec.ts'
import { definitionOf } from './definition-of.ts'
import { leadsOf, optionsOf } from './request.ts'
import { addTraces, requireBacktest, saveResult } from './store.ts'
import type { Lane, TraceNews, TraceOrder } from './trace-worker.ts'

export interface BacktestOrder {
  readonly url: string
  readonly id: string
}

export interface BacktestNews {
  readonly done: number
  /** Null until it is known. */
  readonly total: number | null
  readonly isEnd: boolean
}

/** So many leads are one piece of what is stored, and what a thread has in its hands; how they are parted changes no figure. */
const LEADS_A_LANE = 5000
const LEADS_A_LANE_OF_MOST = 50_000
const THREADS = Math.max(1, Math.min(4, availableParallelism()))
/** Below this, starting another thread takes longer than the work. */
const LEADS_A_THREAD = 2000

const { url, id } = workerData as BacktestOrder
const database = await openDatabase(url, { connectionsMax: 2 })
try {
  await run(database)
} finally {
  await database.close()
}

async function run({ db, pool }: Database): Promise<void> {
  const row = await requireBacktest(pool, id)
  const { request, texts, versions, watermark } = row
  const named = versions.map(({ name }, index) => ({ name, text: texts[index]! }))
  const definitions = named.map(definitionOf)
  const options = optionsOf(row)
  const { looksAtAccount } = new Tracer(definitions, options)
  const company = await readCompany({ db, pool }, leadsOf(request, watermark), looksAtAccount)
  const progress = { done: 0, total: company.count, isEnd: false }
  say(progress)
  const order: TraceOrder = { url, options, versions: named, asked: company.asked }
  const pieces = await traceAll(order, lanesOf(company), (leads) =>
    say({ ...progress, done: (progress.done += leads) }),
  )
  if (pieces.length === 0) pieces.push(packTraces(new Tracer(definitions, options).finish()))
  for (const [place, bytes] of pieces.entries()) await addTraces(pool, id, place, bytes)
  const result = measure(mergeTraces(pieces.map(unpackTraces)), options)
  const headline = result.versions.map(({ handedOver, precision, recall }) => ({ handedOver, precision, recall }))
  await saveResult(pool, id, { result, headline })
  say({ ...progress, isEnd: true })
}

function say(news: BacktestNews): void {
  parentPort!.postMessage(news)
}

function lanesOf({ groups, count, isMost }: Company): Lane[] {
  const each = Math.max(LEADS_A_THREAD, Math.ceil(count / THREADS))
  const most = Math.min(each, isMost ? LEADS_A_LANE_OF_MOST : LEADS_A_LANE)
  const lanes: Group[][] = []
  let size = most
  for (const group of groups) {
    if (size >= most) {
      lanes.push([])
      size = 0
    }
    lanes.at(-1)!.push(group)
    size += group.length
  }
  return lanes.map((part, place) => ({ place, groups: part, isMost }))
}

/** @returns packed traces, in the order of the lanes */
async function traceAll(
  order: TraceOrder,
  lanes: readonly Lane[],
  done: (leads: number) => void,
): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  const waiting = [...lanes]
  const work = (): Promise<void> => {
    const worker = new Worker(new URL('trace-worker.ts', import.meta.url), { workerData: order })
    const ended = new Promise<void>((resolve, reject) => {
      worker.on('message', (news: TraceNews) => {
        if (news.kind === 'done') return done(news.leads)
        if (news.kind === 'lane') pieces[news.place] = news.bytes
        const lane = waiting.shift()
        if (lane === undefined) resolve()
        else worker.postMessage(lane)
      })
      worker.once('error', reject).once('exit', () => reject(new Error('a thread of a backtest ended by itself')))
    })
    return ended.finally(() => void worker.terminate())
  }
  await Promise.all(Array.from({ length: Math.min(THREADS, lanes.length) }, work))
  return pieces
}
