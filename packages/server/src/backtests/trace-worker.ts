/** A thread that reads groups of leads by `COPY` and traces them: it is given one lane after the other. */
import { selectTraces, Tracer, type TraceOptions } from '@winnow/engine'
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../db/database.ts'
import { copyingReader } from '../live/log-copy.ts'
import { readGroups, readMost, type Group, type GroupFacts } from './company.ts'
import { packTraces } from './codec.ts'
import { definitionOf } from './definition-of.ts'

export interface TraceOrder {
  readonly url: string
  readonly versions: readonly { readonly name: string; readonly text: string }[]
  readonly options: TraceOptions
  /** Who is counted, where colleagues come along who are not. */
  readonly asked: ReadonlySet<string> | undefined
}

/** Leads whose traces belong into one piece, whichever thread makes it. */
export interface Lane {
  readonly place: number
  readonly groups: readonly Group[]
  /** See `Company`. */
  readonly isMost: boolean
}

export type TraceNews =
  | { readonly kind: 'done'; readonly leads: number }
  /** It asks for another lane with each. */
  | { readonly kind: 'lane'; readonly place: number; readonly bytes: Uint8Array }
  | { readonly kind: 'ready' }

/** Read at a time, while those before are traced. */
const LEADS_AT_ONCE = 500

// Live traffic goes first. On Linux this is about the thread that asks; elsewhere it would be about the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const port = parentPort!
const { url, versions, options, asked } = workerData as TraceOrder
const database = await openDatabase(url, { connectionsMax: 1 })
const copyingDatabase = await openDatabase(url, { connectionsMax: 1, isPipelined: false })
const copying = await copyingDatabase.pool.connect()
const reader = copyingReader(copying)
const definitions = versions.map(definitionOf)

port.on('message', (lane: Lane) => void take(lane))
say({ kind: 'ready' })

function say(news: TraceNews): void {
  port.postMessage(news)
}

async function take(lane: Lane): Promise<void> {
  const tracer = new Tracer(definitions, options)
  await (lane.isMost ? traceMost(tracer, lane) : traceSome(tracer, lane))
  const traces = tracer.finish()
  const counted = asked === undefined ? traces : selectTraces(traces, (lead) => asked.has(lead))
  say({ kind: 'lane', place: lane.place, bytes: packTraces(counted) })
}

async function traceMost(tracer: Tracer, { groups }: Lane): Promise<void> {
  let done = 0
  for await (const { leads, facts } of readMost(database.pool, copying, { groups, knownAt: options.watermark })) {
    tracer.add(leads, facts)
    if (++done % LEADS_AT_ONCE === 0) say({ kind: 'done', leads: LEADS_AT_ONCE })
  }
  say({ kind: 'done', leads: done % LEADS_AT_ONCE })
}

async function traceSome(tracer: Tracer, { groups }: Lane): Promise<void> {
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

const read = (groups: readonly Group[]) => readGroups(database.pool, reader, { groups, knownAt: options.watermark })

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
