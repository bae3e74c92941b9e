/** Backtests on several threads, and in one where circles come from a reader. */
import {
  mergeTraces,
  sharedMemory,
  Tracer,
  type BacktestVersion,
  type FactTable,
  type TraceOptions,
  type Traces,
} from '@winnow/engine'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { InputError } from '../refusal.ts'
import { Control } from './control.ts'
import type { BacktestWorkerData } from './backtest-worker.ts'
import type { CircleWork } from './task.ts'

export interface BacktestRun {
  /** A few times a second, and at the end. */
  readonly onProgress?: ((leads: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Silent: one for each processor. */
  readonly threads?: number | undefined
}

const PROGRESS_MS = 100
/** Below this, starting threads takes longer than the work. */
const THREADS_FROM_LEADS = 2000
/** Circles between two looks at the clock. */
const STEP = 64

/**
 * Traces leads that lie in columns.
 * @param leads  what each row is called
 * @throws InputError `input_cancelled`
 */
export async function traceTable(
  versions: readonly BacktestVersion[],
  { leads, table }: { readonly leads: readonly string[]; readonly table: FactTable },
  options: TraceOptions,
  { onProgress, signal, threads = availableParallelism() }: BacktestRun = {},
): Promise<Traces> {
  const count = table.count < THREADS_FROM_LEADS ? 1 : Math.max(1, threads)
  const shared = shareTable(table)
  const control = new Control()
  const stop = () => control.stop()
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  const telling = onProgress && setInterval(() => onProgress(control.done), PROGRESS_MS)
  try {
    const parts = await Promise.all(
      Array.from({ length: count }, (_, part) => {
        const begin = Math.floor((table.count * part) / count)
        const end = Math.floor((table.count * (part + 1)) / count)
        return traceStretch({ versions, options, table: shared, begin, end, control: control.memory })
      }),
    )
    if (control.isStopped) throw new InputError('input_cancelled', 'cancelled')
    onProgress?.(control.done)
    const traces = mergeTraces(parts)
    return { ...traces, leads: traces.leads.map((row) => leads[Number(row)]!) }
  } finally {
    clearInterval(telling)
    signal?.removeEventListener('abort', stop)
  }
}

async function traceStretch(workerData: BacktestWorkerData): Promise<Traces> {
  const worker = new Worker(new URL('backtest-worker.ts', import.meta.url), { workerData })
  const { promise, resolve, reject } = Promise.withResolvers<Traces>()
  worker.on('message', resolve)
  worker.on('error', reject)
  try {
    return await promise
  } finally {
    await worker.terminate()
  }
}

function shareTable(table: FactTable): FactTable {
  const share = <T extends Float64Array | Uint32Array>(values: T): T => {
    if (values.buffer instanceof SharedArrayBuffer) return values
    const shared = new (values.constructor as new (memory: ArrayBuffer | SharedArrayBuffer) => T)(
      sharedMemory(values.byteLength),
    )
    shared.set(values)
    return shared
  }
  const { offsets, at, receivedAt, saying } = table
  return {
    ...table,
    offsets: share(offsets),
    at: share(at),
    receivedAt: receivedAt && share(receivedAt),
    saying: share(saying),
  }
}

/**
 * Traces circles as they are read, in this thread: sending facts to another costs about as much as replaying them.
 * @throws InputError `input_cancelled`
 */
export async function traceCircles(
  versions: readonly BacktestVersion[],
  circles: AsyncIterable<CircleWork> | Iterable<CircleWork>,
  options: TraceOptions,
  { onProgress, signal }: Omit<BacktestRun, 'threads'> = {},
): Promise<Traces> {
  const tracer = new Tracer(versions, options)
  let [leads, step, toldAt] = [0, 0, performance.now()]
  for await (const circle of circles) {
    tracer.add(circle.leads, circle.facts)
    leads += circle.leads.length
    if (++step % STEP > 0 || performance.now() - toldAt < PROGRESS_MS) continue
    onProgress?.(leads)
    await new Promise((resolve) => setImmediate(resolve)) // lets a signal through
    toldAt = performance.now()
    if (signal?.aborted) throw new InputError('input_cancelled', 'cancelled')
  }
  if (signal?.aborted) throw new InputError('input_cancelled', 'cancelled')
  onProgress?.(leads)
  return tracer.finish()
}
