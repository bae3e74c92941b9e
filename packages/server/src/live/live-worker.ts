/** The thread of the live heart: takes messages, fires timers, restates; tells what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import { openPool } from '../db/pool.ts'
import { KeptOut } from '../erasure/kept-out.ts'
import { ServerError } from '../errors.ts'
import { createLog } from '../operation/log.ts'
import type { BatchObserved } from './batcher.ts'
import type { Intake, Taken } from './intake.ts'
import { Partitions } from './log.ts'
import { Plans } from './plans.ts'
import { createLive, type DueObserved } from './runtime.ts'

export interface LiveSettings {
  readonly url: string
  readonly logLevel: string
  /** Folder of the copy of the log, where there is one. */
  readonly columns: string | undefined
}

export interface TakeJob {
  readonly id: number
  /** Digests as text: JSON knows no bytes. */
  readonly messages: readonly (Omit<Intake, 'digest'> & { readonly digest: string })[]
}

export type LiveRequest =
  | { readonly kind: 'take'; readonly jobs: readonly TakeJob[] }
  | { readonly kind: 'start' }
  /** No timers any more; answered when all is quiet. Messages are taken to the very end. */
  | { readonly kind: 'stop' }

export interface ToldError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | undefined
  /** Of errors of PostgreSQL, by which logs know that their message holds values. */
  readonly database: { readonly severity?: string; readonly table?: string; readonly constraint?: string }
  /** Of errors of ours. */
  readonly more: { readonly at?: string; readonly details?: unknown; readonly retryAfterSeconds?: number }
}

export type TakeAnswer =
  | { readonly id: number; readonly taken: Taken[] }
  | { readonly id: number; readonly error: ToldError }

/** What has happened since the last report. */
export interface LiveReport {
  answers: TakeAnswer[]
  batches: BatchObserved[]
  due: DueObserved[]
  hasChanged: boolean
  /** Messages that wait for a transaction. */
  depth: number
  isStopped: boolean
}

const port = parentPort!
const { url, logLevel, columns } = workerData as LiveSettings
const log = createLog(logLevel)
const pool = await openPool(url, { isKeyed: true })
const newId = () => crypto.randomUUID()
const live = createLive(
  {
    pool,
    plans: new Plans(),
    partitions: new Partitions(),
    now: Date.now,
    newId,
    keptOut: new KeptOut(),
    columns,
    log,
  },
  {
    changed: () => tell((report) => (report.hasChanged = true)),
    observe: (batch) => tell(({ batches }) => batches.push(batch)),
    observeDue: (circles, ms) => tell(({ due }) => due.push({ circles, ms })),
  },
)

let open: LiveReport | undefined

/** What happens in one turn is told together. */
function tell(add: (report: LiveReport) => void): void {
  if (open === undefined) {
    open = { answers: [], batches: [], due: [], hasChanged: false, depth: 0, isStopped: false }
    setImmediate(() => {
      port.postMessage(JSON.stringify({ ...open, depth: live.depth() }))
      open = undefined
    })
  }
  add(open)
}

port.on('message', (text: string) => {
  const request = JSON.parse(text) as LiveRequest
  if (request.kind === 'take') for (const job of request.jobs) take(job)
  else if (request.kind === 'start') live.start()
  else void live.stop().then(() => tell((report) => (report.isStopped = true)))
})

function take({ id, messages }: TakeJob): void {
  const intakes = messages.map((message): Intake => ({ ...message, digest: Buffer.from(message.digest, 'base64') }))
  live.take(intakes).then(
    (taken) => tell(({ answers }) => answers.push({ id, taken })),
    (error: unknown) => tell(({ answers }) => answers.push({ id, error: toldError(error) })),
  )
}

function toldError(thrown: unknown): ToldError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const { name, message, stack } = error
  const { code, severity, table, constraint } = error as { code?: string } & ToldError['database']
  const database =
    severity === undefined ? {} : { severity, ...(table && { table }), ...(constraint && { constraint }) }
  const told = { name, message, stack, code, database, more: {} }
  if (!(error instanceof ServerError)) return told
  const { at, details, retryAfterSeconds } = error
  const more = {
    ...(at !== undefined && { at }),
    details,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  }
  return { ...told, more }
}
