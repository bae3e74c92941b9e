/** The live heart as it runs in a server: messages in, timers, and the quiet work of bringing everybody to the live version. */
import { Batcher, type BatcherOptions } from './batcher.ts'
import { BulkRestating } from './bulk-restating.ts'
import { assessDue, Restating } from './due.ts'
import type { IntakePort } from './intake.ts'
import { Loop } from './loop.ts'
import { Pending } from './pending.ts'
import { takeBatch, type Taking } from './take.ts'

export interface Live extends IntakePort {
  /** Messages that wait for a transaction. */
  readonly depth: () => number
  readonly start: () => void
  /** Settled when everything accepted is stored and nothing runs any more; what comes still is taken. */
  readonly stop: () => Promise<void>
  /** Nothing is taken any more. */
  readonly close: () => Promise<void>
}

/** A transaction that looked at circles that were due. */
export interface DueObserved {
  readonly circles: number
  readonly ms: number
}

/** How often the queue of due circles is looked at: one small query, nothing more while nothing is due. */
const LOOK_MS = 250
const DUE_AT_ONCE = 500
const DUE_LANES = 3
/** Small, so that live traffic never waits long for a lock. */
const OUTDATED_AT_ONCE = 100
const OUTDATED_LOOK_MS = 1000
const MERGE_EVERY_MS = 1000

export interface LiveOptions extends BatcherOptions {
  /** Told after every transaction that may have changed an assessment. */
  readonly changed?: () => void
  /** Told of each transaction that looked at circles that were due. */
  readonly observeDue?: (circles: number, ms: number) => void
}

export function createLive(taking: Taking, options: LiveOptions = {}): Live {
  const pending = new Pending(taking.pool)
  const changed = () => {
    pending.add()
    options.changed?.()
  }
  const restating = new Restating(taking)
  const bulk = new BulkRestating(taking, changed)
  const telling = async <T>(done: Promise<T>): Promise<T> => {
    const result = await done
    if (result !== 0) changed()
    return result
  }
  const batcher = new Batcher((messages) => telling(takeBatch(taking, messages)), options)
  const loops = [
    new Loop(taking.log, {
      run: () => telling(fireDue(() => timed(() => assessDue(taking, DUE_AT_ONCE), options.observeDue))),
      restMs: LOOK_MS,
      name: 'timers',
    }),
    new Loop(taking.log, {
      run: () => telling(restateSome(restating, bulk)),
      restMs: OUTDATED_LOOK_MS,
      name: 'restate',
    }),
    new Loop(taking.log, {
      run: () => pending.merge(),
      restMs: MERGE_EVERY_MS,
      name: 'indexes',
    }),
  ]
  return {
    take: batcher.take,
    depth: () => batcher.depth,
    start: () => {
      for (const loop of loops) loop.start()
    },
    stop: async () => {
      bulk.stop()
      await Promise.all(loops.map((loop) => loop.stop()))
      await batcher.drained()
    },
    close: () => batcher.drained(),
  }
}

/** Where much is due, several transactions at a time: the database writes for one while the next is read and assessed. */
async function fireDue(some: () => Promise<number>): Promise<number> {
  const count = await some()
  if (count < DUE_AT_ONCE) return count
  const more = await Promise.all(Array.from({ length: DUE_LANES }, some))
  return more.reduce((sum, each) => sum + each, count)
}

/** A few as anybody would; where there are many more, all of them in threads of their own. @returns nothing while another server does that */
async function restateSome(restating: Restating, bulk: BulkRestating): Promise<number> {
  const count = await restating.some(OUTDATED_AT_ONCE)
  if (count < OUTDATED_AT_ONCE) return count
  const restated = await bulk.run()
  return restated === 'elsewhere' ? 0 : count + restated
}

async function timed(run: () => Promise<number>, observe: LiveOptions['observeDue']): Promise<number> {
  const started = performance.now()
  const count = await run()
  if (count > 0) observe?.(count, performance.now() - started)
  return count
}
