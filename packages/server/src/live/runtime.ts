/** The live heart as it runs in a server: messages in, timers, and the quiet work of bringing everybody to the live version. */
import { Batcher, type BatcherOptions } from './batcher.ts'
import { assessDue, assessOutdated } from './due.ts'
import type { IntakePort } from './intake.ts'
import { takeBatch, type Taking } from './take.ts'

export interface Live extends IntakePort {
  /** Messages that wait for a transaction. */
  readonly depth: () => number
  readonly start: () => void
  /** Settled when everything accepted is stored and nothing runs any more. */
  readonly stop: () => Promise<void>
}

/** How often the queue of due circles is looked at: one small query, nothing more while nothing is due. */
const LOOK_MS = 250
const DUE_AT_ONCE = 500
/** Small, so that live traffic never waits long for a lock. */
const OUTDATED_AT_ONCE = 100
const OUTDATED_LOOK_MS = 1000

export interface LiveOptions extends BatcherOptions {
  /** Told of each transaction that looked at circles that were due. */
  readonly observeDue?: (circles: number, ms: number) => void
}

export function createLive(taking: Taking, options: LiveOptions = {}): Live {
  const batcher = new Batcher((messages) => takeBatch(taking, messages), options)
  const loops = [
    new Loop(taking, {
      run: () => timed(() => assessDue(taking, DUE_AT_ONCE), options.observeDue),
      restMs: LOOK_MS,
      name: 'timers',
    }),
    new Loop(taking, {
      run: () => assessOutdated(taking, OUTDATED_AT_ONCE),
      restMs: OUTDATED_LOOK_MS,
      name: 'restate',
    }),
  ]
  return {
    take: batcher.take,
    depth: () => batcher.depth,
    start: () => {
      for (const loop of loops) loop.start()
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()))
      await batcher.drained()
    },
  }
}

async function timed(run: () => Promise<number>, observe: LiveOptions['observeDue']): Promise<number> {
  const started = performance.now()
  const count = await run()
  if (count > 0) observe?.(count, performance.now() - started)
  return count
}

interface LoopOptions {
  readonly name: string
  /** @returns how much there was to do; nothing means: rest */
  readonly run: () => Promise<number>
  readonly restMs: number
}

/** Does something again and again, resting while there is nothing to do, and after a failure. */
class Loop {
  private readonly log: Taking['log']
  private readonly options: LoopOptions
  private isStopped = false
  private running: Promise<void> = Promise.resolve()
  private wake: () => void = () => {}

  constructor({ log }: Taking, options: LoopOptions) {
    this.log = log
    this.options = options
  }

  start(): void {
    this.running = this.go()
  }

  stop(): Promise<void> {
    this.isStopped = true
    this.wake()
    return this.running
  }

  private async go(): Promise<void> {
    const { run, restMs, name } = this.options
    while (!this.isStopped) {
      let done = 0
      try {
        done = await run()
      } catch (error) {
        this.log.error({ err: error, loop: name }, 'a round failed and will be tried again')
      }
      if (done === 0 && !this.isStopped) await this.rest(restMs)
    }
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
