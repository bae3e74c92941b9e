/**
 * The thread of a backtest. Reading what a thread is made of takes a good part of a second, so that the threads that trace are started
 * before anything else is read.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workerData } from 'node:worker_threads'
import type { Manifest } from '../columns/folder.ts'
import { Crew, THREADS } from './crew.ts'

export interface BacktestOrder {
  readonly url: string
  readonly id: string
  /** Where the copy of the log lies. */
  readonly folder: string | undefined
}

export interface BacktestNews {
  readonly done: number
  /** Null until it is known. */
  readonly total: number | null
  readonly isEnd: boolean
  /** What whoever keeps the server should know. */
  readonly warning?: string
}

/** Where there is more than this, all threads will be needed. */
const ROWS_OF_ONE = 100_000

const order = workerData as BacktestOrder
const crew = new Crew()
try {
  crew.grow(isMuch(order.folder) ? THREADS : 1)
  const { reckon } = await import('./reckoning.ts')
  await reckon(order, crew)
} finally {
  await crew.end()
}

/** By what the copy of the log said when it was last written. */
function isMuch(folder: string | undefined): boolean {
  try {
    const { buckets } = JSON.parse(readFileSync(join(folder!, 'manifest.json'), 'utf8')) as Manifest
    return buckets.flatMap(({ blocks }) => blocks).reduce((sum, { rows }) => sum + rows, 0) > ROWS_OF_ONE
  } catch {
    return false
  }
}
