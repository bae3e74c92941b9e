/** Trials as jobs: a thread reads and reckons, this one keeps what it says. */
import type pg from 'pg'
import { Worker } from 'node:worker_threads'
import type { Instant } from '@winnow/engine'
import type { JobRun, Runner } from '../jobs/run.ts'
import { addMoves, forgetMoves } from './trial-store.ts'
import type { TrialNews, TrialWorkerData } from './trial-worker.ts'
import type { TrialCounts } from './trial.ts'

export interface TrialInput {
  readonly text: string
  readonly weeks: number
  readonly asOf: Instant
  /** The version that it is compared with, and its text. */
  readonly version: number | null
  readonly liveText: string | null
}

export type TrialResult = TrialCounts

export const trialRunner =
  (pool: pg.Pool): Runner =>
  async (run) => {
    await forgetMoves(pool, run.job.job_id) // of a server that died over it
    const counts = await reckon(pool, run)
    return counts === 'cancelled' ? counts : { result: counts satisfies TrialResult }
  }

async function reckon(pool: pg.Pool, { job, signal, report }: JobRun): Promise<TrialCounts | 'cancelled'> {
  const { text, liveText, asOf, weeks } = job.input as TrialInput
  const databaseUrl = pool.options.connectionString!
  const workerData: TrialWorkerData = { databaseUrl, text, liveText, asOf, weeks }
  const worker = new Worker(new URL('trial-worker.ts', import.meta.url), { workerData })
  const take = async ({ done, total, moves, counts }: TrialNews): Promise<TrialCounts | 'cancelled' | undefined> => {
    signal.throwIfAborted()
    await addMoves(pool, job.job_id, moves)
    if (await report(done, total)) return 'cancelled'
    if (counts === undefined) worker.postMessage('go on')
    return counts
  }
  const ended = new Promise<TrialCounts | 'cancelled'>((resolve, reject) => {
    worker.on('message', (news: TrialNews) => {
      take(news).then((end) => end !== undefined && resolve(end), reject)
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('the thread of a trial ended by itself')))
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  try {
    return await ended
  } finally {
    await worker.terminate()
  }
}
