/**
 * Bulk assessment on several threads. Columns and results lie in memory that all threads see: nothing is copied, and there is
 * nothing but these two, whatever the number of leads.
 */
import {
  Kernel,
  shareColumns,
  sharedMemory,
  type Columns,
  type Definition,
  type Instant,
  type Results,
} from '@winnow/engine'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { InputError } from '../refusal.ts'
import type { ColumnsWorkerData } from './columns-worker.ts'
import { Control } from './control.ts'

export interface ColumnsOptions {
  readonly asOf: Instant
  /** Silent: one for each processor. */
  readonly threads?: number | undefined
}

export interface ColumnsRun {
  /** Rows that are done, a few times a second and at the end. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

const PROGRESS_MS = 100

/**
 * Works out everything of a definition that needs no history, for all rows.
 * @param columns  copied once, if they do not lie in shared memory
 * @throws InputError `input_cancelled`
 */
export async function assessColumns(
  definition: Definition,
  columns: Columns,
  { asOf, threads, ...run }: ColumnsOptions & ColumnsRun,
): Promise<Results> {
  const crew = await ColumnsCrew.open(definition, columns, { asOf, threads })
  try {
    return await crew.run(run)
  } finally {
    await crew.dismiss()
  }
}

/** Threads bound to a definition and columns, for one run or several: the columns may be filled anew in between. */
export class ColumnsCrew {
  readonly #workers: readonly Worker[]
  readonly #control: Control
  readonly #results: Results
  readonly #rows: number

  private constructor(workers: readonly Worker[], control: Control, results: Results, rows: number) {
    this.#workers = workers
    this.#control = control
    this.#results = results
    this.#rows = rows
  }

  /** @returns when all threads are ready */
  static async open(
    definition: Definition,
    columns: Columns,
    { asOf, threads = availableParallelism() }: ColumnsOptions,
  ): Promise<ColumnsCrew> {
    const control = new Control()
    const shared = shareColumns(columns)
    const results = new Kernel(definition, shared, { asOf }).openResults(sharedMemory)
    const workerData: ColumnsWorkerData = { definition, columns: shared, asOf, results, control: control.memory }
    const workers = Array.from(
      { length: Math.max(1, threads) },
      () => new Worker(new URL('columns-worker.ts', import.meta.url), { workerData }),
    )
    await Promise.all(workers.map((worker) => once(worker, 'message')))
    return new ColumnsCrew(workers, control, results, columns.count)
  }

  /**
   * @returns the same results every time, filled in anew
   * @throws InputError `input_cancelled`
   */
  async run({ onProgress, signal }: ColumnsRun = {}): Promise<Results> {
    const control = this.#control
    control.reset()
    const stop = () => control.stop()
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    const telling = onProgress && setInterval(() => onProgress(control.done, this.#rows), PROGRESS_MS)
    try {
      const done = Promise.all(this.#workers.map((worker) => once(worker, 'message')))
      for (const worker of this.#workers) worker.postMessage('go')
      await done
    } finally {
      clearInterval(telling)
      signal?.removeEventListener('abort', stop)
    }
    if (control.isStopped) throw new InputError('input_cancelled', 'cancelled')
    onProgress?.(control.done, this.#rows)
    return this.#results
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}
