/** A thread that brings the copy of the log up to date, so that whoever asks for a backtest finds it so. */
import { constants, setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { follow } from './follow.ts'

export interface KeepOrder {
  readonly url: string
  readonly folder: string
}

// Live traffic goes first; see `backtests/trace-worker.ts`.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)

const { url, folder } = workerData as KeepOrder
await follow(url, folder, () => undefined)
