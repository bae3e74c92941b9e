/** A thread that restates circles: it is given ranges, and tells how many circles it has written. */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../db/database.ts'
import { createLog } from '../operation/log.ts'
import { Plans } from './plans.ts'
import { judgeRange, writeRange, type Range, type RangeTaking } from './restate-range.ts'

export interface RestateOrder {
  readonly url: string
  readonly version: number
}

export type RestateRequest = Range | 'end'

/** What it has done since the last reply; it asks for more with each. */
export interface RestateReply {
  readonly written: number
}

const port = parentPort!
const { url, version } = workerData as RestateOrder
const database = await openDatabase(url, { connectionsMax: 2 })
const copyingDatabase = await openDatabase(url, { connectionsMax: 1, isPipelined: false })
const copying = await copyingDatabase.pool.connect()
const plans = new Plans()
const taking: RangeTaking = { pool: database.pool, copying, plans, log: createLog('warn') }
const live = await plans.ofVersion(database.pool, version)

/** One range is written while the next is read and judged. */
let writing: Promise<number> = Promise.resolve(0)

port.on('message', (request: RestateRequest) => {
  // What fails ends the thread, and is told there.
  void answer(request).then((reply) => port.postMessage(reply))
})
port.postMessage({ written: 0 } satisfies RestateReply)

async function answer(request: RestateRequest): Promise<RestateReply> {
  if (request === 'end') return end()
  const judged = await judgeRange(taking, live, request)
  const written = await writing
  writing = writeRange(taking, judged)
  writing.catch(() => {}) // told when the next range is
  return { written }
}

async function end(): Promise<RestateReply> {
  const written = await writing
  copying.release()
  await Promise.all([database.close(), copyingDatabase.close()])
  return { written }
}
