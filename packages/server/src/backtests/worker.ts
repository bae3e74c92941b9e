/** The thread of a backtest: it finds out whom it is about, lets others read and replay them, and counts what they found. */
import { measure, mergeTraces, Tracer } from '@winnow/engine'
import { availableParallelism } from 'node:os'
import { parentPort, workerData, Worker } from 'node:worker_threads'
import { CopyDamaged } from '../columns/block.ts'
import { bucketOfId, closeCopy, forget, type OpenCopy } from '../columns/folder.ts'
import { openUpToDate } from '../columns/follow.ts'
import { openDatabase, type Database } from '../db/database.ts'
import { readCompany, readMerged, type Company, type Group } from './company.ts'
import { packTraces, unpackTraces } from './codec.ts'
import { definitionOf } from './definition-of.ts'
import { leadsOf, optionsOf } from './request.ts'
import { addTraces, requireBacktest, saveResult } from './store.ts'
import type { Lane, TraceNews, TraceOrder } from './trace-worker.ts'

export interface BacktestOrder {
  readonly url: string
  readonly id: string
  /** Where the copy of the log lies. */
  readonly folder: string | undefined
}

export interface BacktestNews {
  readonly done: number
  /** Null until it is known. */
  readonly total: number | null
  readonly isEnd: boolean
  /** What whoever keeps the server should know. */
  readonly warning?: string
}

/** So many leads are one piece of what is stored, and what a thread has in its hands; how they are parted changes no figure. */
const LEADS_A_LANE = 5000
const LEADS_A_LANE_OF_MOST = 50_000
/** So that no thread waits long for another at the end. */
const LANES_OF_COPY = 16
const THREADS = Math.max(1, Math.min(4, availableParallelism()))
/** Below this, starting another thread takes longer than the work. */
const LEADS_A_THREAD = 2000

const { url, id, folder } = workerData as BacktestOrder
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
  const order: TraceOrder = { url, options, versions: named, asked: company.asked, copy: undefined }
  const done = (leads: number) => say({ ...progress, done: (progress.done += leads) })
  const fromCopy = async () => {
    const copy = await openedCopy()
    if (copy === undefined) return undefined
    try {
      return await traceAll({ ...order, copy }, lanesOf(company, await readMerged(pool)), done)
    } catch (error) {
      if (!(error instanceof CopyDamaged)) throw error
      say({ ...progress, done: (progress.done = 0), warning: error.message })
      await forget(folder!)
      return undefined
    } finally {
      closeCopy(copy)
    }
  }
  const pieces = (await fromCopy()) ?? (await traceAll(order, lanesOf(company), done))
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

/** Undefined where it cannot be had: then the database is read, which takes longer. */
async function openedCopy(): Promise<OpenCopy | undefined> {
  if (folder === undefined) return undefined
  try {
    return await openUpToDate(url, folder)
  } catch (error) {
    say({ done: 0, total: null, isEnd: false, warning: `the copy of the log: ${(error as Error).message}` })
    return undefined
  }
}

type Members = ReadonlyMap<string, readonly string[]>

/** @param merged  where the copy is read, in which leads lie by how their ids begin */
function lanesOf({ groups, count, isMost }: Company, merged?: Members): Lane[] {
  const each = Math.max(LEADS_A_THREAD, Math.ceil(count / (merged === undefined ? THREADS : LANES_OF_COPY)))
  const most = Math.min(each, isMost ? LEADS_A_LANE_OF_MOST : LEADS_A_LANE)
  const lanes: Group[][] = []
  let size = most
  let bucket = -1
  for (const group of groups) {
    const isNext = merged === undefined || bucket !== (bucket = bucketOfId(group[0]!))
    if (size >= most && isNext) {
      lanes.push([])
      size = 0
    }
    lanes.at(-1)!.push(group)
    size += group.length
  }
  return lanes.map((part, place) => {
    const own = merged === undefined ? [] : part.flat().filter((lead) => merged.has(lead))
    return { place, groups: part, isMost, members: new Map(own.map((lead) => [lead, merged!.get(lead)!])) }
  })
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
        if (news.kind === 'damaged') return reject(new CopyDamaged('the copy of the log is made anew'))
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
