/**
 * Keeps the copy of the log near the log while nobody waits for it. What has been removed from the log is removed from the copy
 * within seconds; what was added is left to gather, for a backtest takes in so much by itself.
 */
import type pg from 'pg'
import type { Instant } from '@winnow/engine'
import type { Logger } from 'pino'
import { Worker } from 'node:worker_threads'
import { Loop } from '../live/loop.ts'
import { countAdded, isAnyRewritten, isOfOtherLog } from './behind.ts'
import { readManifest, type Manifest } from './folder.ts'
import type { KeepOrder } from './keep-worker.ts'

export interface Keeping {
  readonly pool: pg.Pool
  readonly folder: string | undefined
  readonly now: () => Instant
  readonly log: Logger
}

const LOOK_MS = 5000
/** Whether much was added costs more to find out than whether anything was removed. */
const ADDED_LOOK_MS = 60_000
const ADDED_MIN = 20_000
/** Copying beside whoever brings events takes a processor from them, and keeps what they replace from being cleared away. */
const QUIET_TRANSACTIONS_MAX = 25
const PATIENCE_MS = 15 * 60_000
/** A disk that is full does not get more room by being asked often. */
const AFTER_FAILURE_MS = 10 * 60_000

export interface Keeper {
  readonly start: () => void
  readonly stop: () => Promise<void>
}

export function createKeeper({ pool, folder, now, log }: Keeping): Keeper {
  if (folder === undefined) return { start: () => {}, stop: async () => {} }
  let lookedAt = -Infinity
  let keptAt = now()
  let before = 0n
  /** While no transaction has written anything since, there is nothing to look for. */
  let seen = ''
  let running: Worker | undefined
  let notBefore = -Infinity
  const run = async (): Promise<number> => {
    if (now() < notBefore) return 0
    const { rows } = await pool.query<{ latest: string }>(
      'select pg_snapshot_xmax(pg_current_snapshot())::text as latest',
    )
    const { latest } = rows[0]!
    if (latest === seen) return 0
    const isQuiet = BigInt(latest) - before <= QUIET_TRANSACTIONS_MAX
    before = BigInt(latest)
    const looksForAdded = now() - lookedAt >= ADDED_LOOK_MS && (isQuiet || now() - keptAt >= PATIENCE_MS)
    if (!(await isBehind(pool, await readManifest(folder), looksForAdded))) {
      if (looksForAdded) [lookedAt, seen] = [now(), latest]
      return 0
    }
    const workerData: KeepOrder = { url: pool.options.connectionString!, folder }
    running = new Worker(new URL('keep-worker.ts', import.meta.url), { workerData })
    notBefore = now() + AFTER_FAILURE_MS
    await ended(running)
    notBefore = -Infinity
    keptAt = now()
    running = undefined
    return 0
  }
  const loop = new Loop(log, { name: 'columns', run, restMs: LOOK_MS })
  return {
    start: () => loop.start(),
    stop: async () => {
      const stopped = loop.stop()
      await running?.terminate()
      await stopped
    },
  }
}

const ended = (worker: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject).once('exit', () => resolve())
  })

async function isBehind(pool: pg.Pool, known: Manifest | undefined, looksForAdded: boolean): Promise<boolean> {
  if (known !== undefined && (await isOfOtherLog(pool, known.log))) return true
  if (known !== undefined && (await isAnyRewritten(pool, known.snapshot))) return true
  return looksForAdded && (await countAdded(pool, known?.snapshot, ADDED_MIN)) >= ADDED_MIN
}
