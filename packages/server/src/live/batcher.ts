/**
 * Group commit: what arrives while a transaction is on its way goes into the next one together. An idle server answers at once,
 * a busy one shares the price of a commit among hundreds.
 */
import { ServerError } from '../errors.ts'
import type { Intake, IntakePort, Taken } from './intake.ts'

interface Job {
  readonly messages: readonly Intake[]
  readonly resolve: (taken: Taken[]) => void
  readonly reject: (error: unknown) => void
  /** When it came, by the monotonic clock. */
  readonly since: number
}

/** A transaction: how many messages it took, how long it took, how long the oldest of them has waited in all. */
export interface BatchObserved {
  readonly messages: number
  readonly ms: number
  readonly oldestMs: number
}

export interface BatcherOptions {
  /** Transactions at a time. */
  readonly lanes?: number
  /** Messages in a transaction; a larger request goes alone. */
  readonly batchMax?: number
  /** Messages that may wait before new ones are refused. */
  readonly waitingMax?: number
  readonly observe?: (batch: BatchObserved) => void
}

export class Batcher implements IntakePort {
  private readonly queue: Job[] = []
  private waiting = 0
  private busy = 0
  private idle: (() => void)[] = []
  private readonly takeBatch: (messages: readonly Intake[]) => Promise<Taken[]>
  private readonly options: Required<BatcherOptions>

  constructor(takeBatch: (messages: readonly Intake[]) => Promise<Taken[]>, options: BatcherOptions = {}) {
    this.takeBatch = takeBatch
    this.options = { lanes: 2, batchMax: 400, waitingMax: 20_000, observe: () => {}, ...options }
  }

  /** Messages that wait for a transaction. */
  get depth(): number {
    return this.waiting
  }

  take = (messages: readonly Intake[]): Promise<Taken[]> => {
    if (messages.length === 0) return Promise.resolve([])
    if (this.waiting > 0 && this.waiting + messages.length > this.options.waitingMax) {
      return Promise.reject(new ServerError('overloaded', `${this.waiting} messages are waiting already`))
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ messages, resolve, reject, since: performance.now() })
      this.waiting += messages.length
      this.start()
    })
  }

  /** Settled when nothing waits and nothing is on its way. */
  drained(): Promise<void> {
    if (this.busy === 0 && this.queue.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.idle.push(resolve))
  }

  private start(): void {
    while (this.busy < this.options.lanes && this.queue.length > 0) {
      this.busy += 1
      void this.run(this.nextJobs())
    }
  }

  private nextJobs(): Job[] {
    const jobs = [this.queue.shift()!]
    let count = jobs[0]!.messages.length
    while (this.queue.length > 0 && count + this.queue[0]!.messages.length <= this.options.batchMax) {
      const job = this.queue.shift()!
      jobs.push(job)
      count += job.messages.length
    }
    this.waiting -= count
    return jobs
  }

  private async run(jobs: readonly Job[]): Promise<void> {
    try {
      await this.settle(jobs)
    } finally {
      this.busy -= 1
      this.start()
      if (this.busy === 0 && this.queue.length === 0) for (const resolve of this.idle.splice(0)) resolve()
    }
  }

  private async settle(jobs: readonly Job[]): Promise<void> {
    try {
      const started = performance.now()
      const taken = await this.takeBatch(jobs.flatMap(({ messages }) => messages))
      const ended = performance.now()
      this.options.observe({ messages: taken.length, ms: ended - started, oldestMs: ended - jobs[0]!.since })
      let at = 0
      for (const { messages, resolve } of jobs) resolve(taken.slice(at, (at += messages.length)))
    } catch (error) {
      if (jobs.length === 1) return jobs[0]!.reject(error)
      // One request must not fail for what another one brought.
      for (const job of jobs) await this.settle([job])
    }
  }
}
