import { compileDefinition, type Definition } from '@winnow/engine'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { InputError } from '../refusal.ts'
import { runTask, type CircleWork, type ResultOf, type Task } from './task.ts'
import type { WorkerData } from './worker.ts'

export interface PoolOptions {
  /** Silent: one for each processor, and none for little or light work. */
  readonly threads?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Facts that travel to a thread at a time: enough that the journey does not show, few enough to keep all threads busy. */
const BATCH_FACTS = 5000
/** Below this, starting threads takes longer than the work. */
const THREADS_FROM_FACTS = 30_000
const SPARE_PROCESSORS = 4
/** Batches that wait at a thread: one to work on, one to go on with. */
const WAITING_MAX = 2

/**
 * Runs a task over circles on all processors; results come in batches, in the order of the circles. Memory holds what is
 * in flight: a circle is asked for when a thread has room for it.
 * @throws InputError `input_cancelled`
 */
export async function* runCircles<T extends Task>(
  definition: Definition,
  task: T,
  circles: AsyncIterable<CircleWork> | Iterable<CircleWork>,
  options: PoolOptions = {},
): AsyncGenerator<ResultOf<T>[]> {
  const batches = inBatches(circles, BATCH_FACTS)
  const { ahead, isAll } = await take(batches, THREADS_FROM_FACTS)
  const threads = options.threads ?? (isAll ? 0 : threadsFor(task))
  const rest = chain(ahead, batches)
  const results =
    threads <= 1
      ? runHere(definition, task, rest, options)
      : runOnThreads(definition, task, rest, { ...options, threads })
  yield* results as AsyncGenerator<ResultOf<T>[]>
}

/**
 * Sending a fact to a thread costs about as much as replaying it (3.5 CPU s without threads, 5.5 with two, for 293,487 facts
 * on two processors), so light work stays here unless there are processors to spare.
 */
function threadsFor(task: Task): number {
  const processors = availableParallelism()
  const isHeavy = task.kind === 'score' && task.withReasons
  return isHeavy || processors >= SPARE_PROCESSORS ? processors : 1
}

type Batches = AsyncGenerator<CircleWork[]>

async function* inBatches(circles: AsyncIterable<CircleWork> | Iterable<CircleWork>, size: number): Batches {
  let batch: CircleWork[] = []
  let facts = 0
  for await (const circle of circles) {
    batch.push(circle)
    facts += circle.facts.length + 1
    if (facts < size) continue
    yield batch
    batch = []
    facts = 0
  }
  if (batch.length > 0) yield batch
}

/** The first batches, up to so many facts, and whether that was all. */
async function take(batches: Batches, facts: number): Promise<{ ahead: CircleWork[][]; isAll: boolean }> {
  const ahead: CircleWork[][] = []
  for (let taken = 0; taken < facts; taken += BATCH_FACTS) {
    const next = await batches.next()
    if (next.done) return { ahead, isAll: true }
    ahead.push(next.value)
  }
  return { ahead, isAll: false }
}

async function* chain(ahead: CircleWork[][], rest: Batches): Batches {
  yield* ahead
  yield* rest
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InputError('input_cancelled', 'cancelled')
}

async function* runHere(
  definition: Definition,
  task: Task,
  batches: Batches,
  { signal }: PoolOptions,
): AsyncGenerator<unknown[]> {
  const plan = compileDefinition(definition)
  for await (const batch of batches) {
    checkSignal(signal)
    yield batch.flatMap((circle) => runTask(plan, task, circle))
    await new Promise((resolve) => setImmediate(resolve)) // lets a signal and a progress line through
  }
}

async function* runOnThreads(
  definition: Definition,
  task: Task,
  batches: Batches,
  { threads, signal }: PoolOptions & { threads: number },
): AsyncGenerator<unknown[]> {
  const crew = new Crew(threads, { definition, task })
  const onAbort = () => crew.fail(new InputError('input_cancelled', 'cancelled'))
  signal?.addEventListener('abort', onAbort)
  try {
    checkSignal(signal)
    for await (const batch of batches) {
      while (crew.isFull()) yield await crew.result()
      crew.give(batch)
    }
    while (crew.isBusy()) yield await crew.result()
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await crew.dismiss()
  }
}

/** Threads with work in their hands, and the results in the order in which the work was given out. */
class Crew {
  private readonly members: { readonly worker: Worker; readonly waiting: Slot[] }[]
  private readonly slots: Slot[] = []
  private failure: Error | undefined

  constructor(threads: number, workerData: WorkerData) {
    this.members = Array.from({ length: threads }, () => {
      const member = {
        worker: new Worker(new URL('worker.ts', import.meta.url), { workerData }),
        waiting: [] as Slot[],
      }
      member.worker.on('message', (results: unknown[]) => member.waiting.shift()!.resolve(results))
      member.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))))
      return member
    })
  }

  /** No thread has room, or so much is done that it should be taken away first. */
  isFull(): boolean {
    return (
      this.slots.length >= this.members.length * (WAITING_MAX + 1) ||
      this.members.every(({ waiting }) => waiting.length >= WAITING_MAX)
    )
  }

  isBusy(): boolean {
    return this.slots.length > 0
  }

  give(batch: readonly CircleWork[]): void {
    const member = this.members.reduce((idlest, each) => (each.waiting.length < idlest.waiting.length ? each : idlest))
    const slot = Promise.withResolvers<unknown[]>()
    slot.promise.catch(() => {}) // it is heard when its turn comes
    if (this.failure) slot.reject(this.failure)
    member.waiting.push(slot)
    this.slots.push(slot)
    member.worker.postMessage(batch)
  }

  /** Results of the oldest batch that is still out. */
  result(): Promise<unknown[]> {
    return this.slots.shift()!.promise
  }

  fail(error: Error): void {
    this.failure ??= error
    for (const slot of this.slots) slot.reject(this.failure)
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.members.map(({ worker }) => worker.terminate()))
  }
}

type Slot = PromiseWithResolvers<unknown[]>
