/** A thread that reads groups of leads, from the copy of the log or by `COPY`, and traces them: it is given one lane after the other. */
import { leadId, selectTraces, Tracer, type TraceOptions } from '@winnow/engine'
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type pg from 'pg'
import { CopyDamaged } from '../columns/block.ts'
import type { OpenCopy } from '../columns/folder.ts'
import { CopyReader } from '../columns/reader.ts'
import { openDatabase } from '../db/database.ts'
import { copyingReader } from '../live/log-copy.ts'
import type { LogReader } from '../live/log.ts'
import { readGroups, readMost, type Group, type GroupFacts } from './company.ts'
import { packTraces } from './codec.ts'
import { definitionOf } from './definition-of.ts'

export interface TraceOrder {
  readonly url: string
  readonly versions: readonly { readonly name: string; readonly text: string }[]
  readonly options: TraceOptions
  /** Who is counted, where colleagues come along who are not. */
  readonly asked: ReadonlySet<string> | undefined
  /** Where it is not to be had, the database is read. */
  readonly copy: OpenCopy | undefined
}

/** Leads whose traces belong into one piece, whichever thread makes it. */
export interface Lane {
  readonly place: number
  readonly groups: readonly Group[]
  /** See `Company`. */
  readonly isMost: boolean
  /** Of leads that others turned out to be; known where the copy is read. */
  readonly members: ReadonlyMap<string, readonly string[]>
}

export type TraceNews =
  | { readonly kind: 'done'; readonly leads: number }
  /** It asks for another lane with each. */
  | { readonly kind: 'lane'; readonly place: number; readonly bytes: Uint8Array }
  | { readonly kind: 'ready' }
  /** The copy is not what it should be. */
  | { readonly kind: 'damaged' }

/** Read at a time, while those before are traced. */
const LEADS_AT_ONCE = 500

// Live traffic goes first. On Linux this is about the thread that asks; elsewhere it would be about the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const port = parentPort!
const { url, versions, options, asked, copy } = workerData as TraceOrder
const definitions = versions.map(definitionOf)
const trace = copy === undefined ? await fromDatabase() : fromCopy(copy)

port.on('message', (lane: Lane) => void take(lane))
say({ kind: 'ready' })

function say(news: TraceNews): void {
  port.postMessage(news)
}

async function take(lane: Lane): Promise<void> {
  const tracer = new Tracer(definitions, options)
  try {
    await trace(tracer, lane)
  } catch (error) {
    if (!(error instanceof CopyDamaged)) throw error
    return say({ kind: 'damaged' })
  }
  const traces = tracer.finish()
  const counted = asked === undefined ? traces : selectTraces(traces, (lead) => asked.has(lead))
  say({ kind: 'lane', place: lane.place, bytes: packTraces(counted) })
}

type TraceLane = (tracer: Tracer, lane: Lane) => void | Promise<void>

function fromCopy(opened: OpenCopy): TraceLane {
  let reader: CopyReader | undefined
  return (tracer, { groups, members }) => {
    reader ??= new CopyReader(opened, options.watermark)
    reader.begin(groups.flat())
    let told = 0
    for (const group of groups) {
      const leads = group.map(leadId)
      tracer.add(leads, reader.factsOf(leads, members))
      told += leads.length
      if (told < LEADS_AT_ONCE) continue
      say({ kind: 'done', leads: told })
      told = 0
    }
    say({ kind: 'done', leads: told })
  }
}

async function fromDatabase(): Promise<TraceLane> {
  const { pool } = await openDatabase(url, { connectionsMax: 1 })
  const copyingDatabase = await openDatabase(url, { connectionsMax: 1, isPipelined: false })
  const copying = await copyingDatabase.pool.connect()
  const reader = copyingReader(copying)
  return (tracer, lane) =>
    lane.isMost ? traceMost(tracer, lane, { pool, copying }) : traceSome(tracer, lane, { pool, reader })
}

async function traceMost(
  tracer: Tracer,
  { groups }: Lane,
  { pool, copying }: { readonly pool: pg.Pool; readonly copying: pg.ClientBase },
): Promise<void> {
  let done = 0
  for await (const { leads, facts } of readMost(pool, copying, { groups, knownAt: options.watermark })) {
    tracer.add(leads, facts)
    if (++done % LEADS_AT_ONCE === 0) say({ kind: 'done', leads: LEADS_AT_ONCE })
  }
  say({ kind: 'done', leads: done % LEADS_AT_ONCE })
}

async function traceSome(
  tracer: Tracer,
  { groups }: Lane,
  { pool, reader }: { readonly pool: pg.Pool; readonly reader: LogReader },
): Promise<void> {
  const read = (some: readonly Group[]) => readGroups(pool, reader, { groups: some, knownAt: options.watermark })
  const batches = inBatches(groups)
  let next = batches.length > 0 ? read(batches[0]!) : undefined
  for (let index = 0; next !== undefined; index++) {
    const facts: GroupFacts[] = await next
    const following = batches[index + 1]
    next = following && read(following)
    for (const group of facts) tracer.add(group.leads, group.facts)
    say({ kind: 'done', leads: batches[index]!.reduce((sum, { length }) => sum + length, 0) })
  }
}

function inBatches(groups: readonly Group[]): Group[][] {
  const batches: Group[][] = []
  let size = LEADS_AT_ONCE
  for (const group of groups) {
    if (size >= LEADS_AT_ONCE) {
      batches.push([])
      size = 0
    }
    batches.at(-1)!.push(group)
    size += group.length
  }
  return batches
}
