/**
 * A thread of a backtest: it reads groups of leads, from the copy of the log or from the database, and traces them, one lane after the
 * other; then it works out pieces of the result.
 */
import {
  leadId,
  Measuring,
  selectTraces,
  Tracer,
  type BacktestOptions,
  type Measured,
  type MeasurePiece,
  type TraceOptions,
  type Traces,
} from '@winnow/engine'
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { CopyDamaged } from '../columns/block.ts'
import type { OpenCopy } from '../columns/folder.ts'
import { CopyReader } from '../columns/reader.ts'
import type { AccountMembers } from '../live/account-members.ts'
import type { Group } from './company.ts'
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
  /** Accounts that are part of another; known where the copy is read. */
  readonly accounts: AccountMembers
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

export type TraceWork =
  | { readonly kind: 'order'; readonly order: TraceOrder }
  | { readonly kind: 'lane'; readonly lane: Lane }
  /** All of them, in memory that threads share. */
  | { readonly kind: 'traces'; readonly traces: Traces; readonly options: BacktestOptions }
  | { readonly kind: 'piece'; readonly piece: MeasurePiece }

export type TraceNews =
  | { readonly kind: 'done'; readonly leads: number }
  /** It asks for another lane with each. */
  | { readonly kind: 'lane'; readonly place: number; readonly bytes: Uint8Array }
  | { readonly kind: 'ready' }
  | { readonly kind: 'measured'; readonly measured: Measured }
  /** The copy is not what it should be. */
  | { readonly kind: 'damaged' }

/** Traced before it says so. */
const LEADS_AT_ONCE = 500

// Live traffic goes first. On Linux this is about the thread that asks; elsewhere it would be about the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const port = parentPort!
/** Started before anybody knows what there is to do: most of its modules are read meanwhile. */
let asked: { readonly order: TraceOrder; readonly trace: TraceLane } | undefined
let measuring: Measuring | undefined

port.on('message', (work: TraceWork) => void answer(work))

function say(news: TraceNews): void {
  port.postMessage(news)
}

async function answer(work: TraceWork): Promise<void> {
  switch (work.kind) {
    case 'order':
      asked = { order: work.order, trace: await traceOf(work.order) }
      return say({ kind: 'ready' })
    case 'lane':
      return take(work.lane)
    case 'traces':
      measuring = new Measuring(work.traces, work.options)
      return say({ kind: 'ready' })
    case 'piece':
      return say({ kind: 'measured', measured: measuring!.piece(work.piece) })
  }
}

async function traceOf(order: TraceOrder): Promise<TraceLane> {
  if (order.copy !== undefined) return fromCopy(order.copy, order)
  const { fromDatabase } = await import('./from-database.ts')
  return fromDatabase(order, (leads) => say({ kind: 'done', leads }))
}

async function take(lane: Lane): Promise<void> {
  const { order, trace } = asked!
  const tracer = new Tracer(order.versions.map(definitionOf), order.options)
  try {
    await trace(tracer, lane)
  } catch (error) {
    if (!(error instanceof CopyDamaged)) throw error
    return say({ kind: 'damaged' })
  }
  const traces = tracer.finish()
  const { asked: leads } = order
  const counted = leads === undefined ? traces : selectTraces(traces, (lead) => leads.has(lead))
  say({ kind: 'lane', place: lane.place, bytes: packTraces(counted) })
}

type TraceLane = (tracer: Tracer, lane: Lane) => void | Promise<void>

function fromCopy(opened: OpenCopy, { options, accounts }: TraceOrder): TraceLane {
  let reader: CopyReader | undefined
  return (tracer, { groups, members }) => {
    reader ??= new CopyReader(opened, options.watermark, accounts)
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
