/** A thread that restates circles: it is given ranges, and tells how many circles it has written. */
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { CopyDamaged } from '../columns/block.ts'
import { forget } from '../columns/folder.ts'
import { openIfNear } from '../columns/log.ts'
import { openPool } from '../db/pool.ts'
import { createLog } from '../operation/log.ts'
import { Plans } from './plans.ts'
import {
  judge,
  readRange,
  writeRange,
  type Judged,
  type Range,
  type RangeRead,
  type RangeTaking,
} from './restate-range.ts'

export interface RestateOrder {
  readonly url: string
  readonly version: number
  /** Folder of the copy of the log, where there is one. */
  readonly columns: string | undefined
}

export type RestateRequest = Range | 'end'

/** What it has done since the last reply; it asks for more with each. */
export interface RestateReply {
  readonly written: number
}

// Live traffic goes first. On Linux this is about the thread that asks; elsewhere it would be about the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const port = parentPort!
const { url, version, columns } = workerData as RestateOrder
const pool = await openPool(url, { connectionsMax: 2 })
const copyingPool = await openPool(url, { connectionsMax: 1, isPipelined: false })
const copying = await copyingPool.connect()
const plans = new Plans()
const log = createLog('warn')
const copy = columns === undefined ? undefined : await openIfNear(url, columns, pool).catch(noted)
let taking: RangeTaking = { pool, copying, copy, plans, log }
const live = await plans.ofVersion(pool, version)

/** One range is written while the next is judged and the one behind that is read. */
let judging: Promise<void> = Promise.resolve()
let writing: Promise<void> = Promise.resolve()
let written = 0

port.on('message', (request: RestateRequest) => {
  // What fails ends the thread, and is told there.
  void (request === 'end' ? end() : take(request)).then(reply)
})
reply()

/** Without it the database is read, which takes longer. */
function noted(error: unknown): undefined {
  log.warn({ err: error }, 'the copy of the log could not be opened')
}

function reply(): void {
  port.postMessage({ written } satisfies RestateReply)
  written = 0
}

async function take(range: Range): Promise<void> {
  const read = await readRange(taking, live, range)
  await judging
  judging = judgeRange(range, read).then(async (judged) => {
    await writing
    writing = writeRange(taking, judged).then((count) => void (written += count))
    writing.catch(() => {}) // told when the next range is
  })
  judging.catch(() => {})
}

async function judgeRange(range: Range, read: RangeRead): Promise<Judged> {
  try {
    return await judge(read)
  } catch (error) {
    if (!(error instanceof CopyDamaged)) throw error
    log.warn({ err: error }, 'the copy of the log is damaged')
    await forget(columns!)
    taking = { ...taking, copy: undefined }
    return judge(await readRange(taking, live, range))
  }
}

async function end(): Promise<void> {
  await judging
  await writing
  copying.release()
  copy?.close()
  await Promise.all([pool.end(), copyingPool.end()])
}
