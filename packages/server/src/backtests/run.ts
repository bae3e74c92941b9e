/** Backtests as jobs: threads read, replay and count; this one says how far they are, and stops them. */
import type pg from 'pg'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { JobRun, Runner } from '../jobs/run.ts'
import { forgetTraces } from './store.ts'
import type { BacktestNews, BacktestOrder } from './worker.ts'

export interface BacktestRunning {
  readonly pool: pg.Pool
  readonly log: Logger
  /** Where the copy of the log lies; without one the database is read. */
  readonly folder: string | undefined
}

export const backtestRunner =
  (running: BacktestRunning): Runner =>
  async (run) => {
    await forgetTraces(running.pool, run.job.job_id) // of a server that died over it
    return (await reckon(running, run)) === 'cancelled' ? 'cancelled' : { result: null }
  }

const SAY_MS = 400

async function reckon(
  { pool, log, folder }: BacktestRunning,
  { job, signal, report }: JobRun,
): Promise<'done' | 'cancelled'> {
  const workerData: BacktestOrder = { url: pool.options.connectionString!, id: job.job_id, folder }
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData })
  let last: BacktestNews = { done: 0, total: null, isEnd: false }
  const ended = new Promise<'done' | 'cancelled'>((resolve, reject) => {
    worker.on('message', (news: BacktestNews) => {
      last = news
      if (news.warning !== undefined) log.warn({ job: job.job_id, warning: news.warning }, 'a backtest goes on')
      if (!news.isEnd) return
      report(news.done, news.total ?? news.done).then(() => resolve('done'), reject)
    })
    worker.once('error', reject).once('exit', () => {
      if (!last.isEnd) reject(new Error('the thread of a backtest ended by itself'))
    })
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    // Also while nothing is new: whoever is silent for long is taken for dead.
    const say = async (): Promise<void> => {
      if (last.isEnd) return
      if (await report(last.done, last.total)) resolve('cancelled')
      else setTimeout(() => void say().catch(reject), SAY_MS)
    }
    say().catch(reject)
  })
  try {
    return await ended
  } finally {
    last = { ...last, isEnd: true }
    await worker.terminate()
  }
}
