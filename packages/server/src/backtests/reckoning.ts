/** A backtest from what was asked to what came of it: whom it is about, what other threads find of them, and what that comes to. */
import {
  measure,
  Measuring,
  mergeTraces,
  piecesOf,
  Tracer,
  type BacktestOptions,
  type BacktestResult,
  type Traces,
} from '@winnow/engine'
import { parentPort } from 'node:worker_threads'
import { bucketOfId, closeCopy, forget, type OpenCopy } from '../columns/folder.ts'
import { openUpToDate } from '../columns/follow.ts'
import { openDatabase, type Database } from '../db/database.ts'
import { readMergedAccounts } from '../live/account-members.ts'
import { readCompany, readMerged, type Company, type Group } from './company.ts'
import { packTraces, unpackTraces } from './codec.ts'
import { LaneDamaged, THREADS, type Crew } from './crew.ts'
import { definitionOf } from './definition-of.ts'
import { leadsOf, optionsOf } from './request.ts'
import { inSharedMemory } from './shared-memory.ts'
import { addTraces, requireBacktest, saveResult, type BacktestRow } from './store.ts'
import type { Lane, TraceOrder } from './trace-worker.ts'
import type { BacktestNews, BacktestOrder } from './worker.ts'

/** So many leads are one piece of what is stored, and what a thread has in its hands; how they are parted changes no figure. */
const LEADS_A_LANE = 5000
const LEADS_A_LANE_OF_MOST = 50_000
/** So that no thread waits long for another at the end. */
const LANES_OF_COPY = 16
/** Below this, starting another thread takes longer than the work. */
const LEADS_A_THREAD = 2000
/** Below this, another thread has hardly been told of the traces when this one is done. */
const LEADS_TO_SHARE = 20_000

export async function reckon({ url, id, folder }: BacktestOrder, crew: Crew): Promise<void> {
  const database = await openDatabase(url, { connectionsMax: 2 })
  try {
    await new Reckoning({ url, id, folder }, crew, database).run()
  } finally {
    await database.close()
  }
}

class Reckoning {
  private readonly order: BacktestOrder
  private readonly crew: Crew
  private readonly database: Database
  private progress = { done: 0, total: null as number | null, isEnd: false }

  constructor(order: BacktestOrder, crew: Crew, database: Database) {
    this.order = order
    this.crew = crew
    this.database = database
  }

  async run(): Promise<void> {
    const { pool } = this.database
    const { id } = this.order
    const row = await requireBacktest(pool, id)
    const definitions = row.versions.map(({ name }, index) => definitionOf({ name, text: row.texts[index]! }))
    const options = optionsOf(row)
    const tracer = new Tracer(definitions, options)
    const pieces = await this.trace(row, tracer.looksAtAccount)
    if (pieces.length === 0) pieces.push(packTraces(tracer.finish()))
    const storing = pieces.map((bytes, place) => addTraces(pool, id, place, bytes))
    const [result] = await Promise.all([this.measure(mergeTraces(pieces.map(unpackTraces)), options), ...storing])
    const headline = result.versions.map(({ handedOver, precision, recall }) => ({ handedOver, precision, recall }))
    await saveResult(pool, id, { result, headline })
    this.say({ isEnd: true })
  }

  /** @returns packed traces; those of a copy that turns out to be damaged are forgotten */
  private async trace(row: BacktestRow, looksAtAccount: boolean): Promise<Uint8Array[]> {
    const { crew, database, order } = this
    const versions = row.versions.map(({ name }, index) => ({ name, text: row.texts[index]! }))
    const opening = this.openCopy()
    const company = await readCompany(database, leadsOf(row.request, row.watermark), looksAtAccount)
    this.say({ total: company.count })
    const common: TraceOrder = {
      url: order.url,
      options: optionsOf(row),
      versions,
      asked: company.asked,
      copy: undefined,
      accounts: new Map(),
    }
    const traceAll = (more: Pick<TraceOrder, 'copy' | 'accounts'>, lanes: readonly Lane[]) => {
      crew.grow(Math.min(THREADS, lanes.length))
      return crew.trace({ ...common, ...more }, lanes, (leads) => this.say({ done: this.progress.done + leads }))
    }
    const copy = await opening
    if (copy === undefined) return traceAll(common, lanesOf(company))
    try {
      const accounts = await readMergedAccounts(database.pool)
      return await traceAll({ copy, accounts }, lanesOf(company, await readMerged(database.pool)))
    } catch (error) {
      if (!(error instanceof LaneDamaged)) throw error
      await crew.end()
      await forget(order.folder!)
      this.say({ done: 0, warning: error.message })
      return await traceAll(common, lanesOf(company))
    } finally {
      closeCopy(copy)
    }
  }

  /** Undefined where it cannot be had: then the database is read, which takes longer. */
  private async openCopy(): Promise<OpenCopy | undefined> {
    const { url, folder } = this.order
    if (folder === undefined) return undefined
    try {
      return await openUpToDate(url, folder)
    } catch (error) {
      this.say({ warning: `the copy of the log: ${(error as Error).message}` })
      return undefined
    }
  }

  private async measure(traces: Traces, options: BacktestOptions): Promise<BacktestResult> {
    const pieces = piecesOf(traces.versions.length)
    if (traces.leads.length < LEADS_TO_SHARE) return measure(traces, options)
    const shared = inSharedMemory(traces)
    this.crew.grow(Math.min(THREADS, pieces.length))
    return new Measuring(shared, options).join(await this.crew.measure(shared, options, pieces))
  }

  private say({ warning, ...more }: Partial<BacktestNews>): void {
    this.progress = { ...this.progress, ...more }
    parentPort!.postMessage({ ...this.progress, ...(warning !== undefined && { warning }) } satisfies BacktestNews)
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
