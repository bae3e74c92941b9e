/** The threads of a backtest: each does one thing after the other, and whoever is free takes the next. */
import type { BacktestOptions, Measured, MeasurePiece, Traces } from '@winnow/engine'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Lane, TraceNews, TraceOrder, TraceWork } from './trace-worker.ts'

export const THREADS = Math.max(1, Math.min(4, availableParallelism()))
/** What a lane leaves behind would otherwise be copied again and again while it is still in use. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 }

export class LaneDamaged extends Error {}

export class Crew {
  private readonly members: Worker[] = []

  /** Starts threads until there are so many: reading what they are made of takes longest. */
  grow(count: number): void {
    while (this.members.length < count)
      this.members.push(new Worker(new URL('trace-worker.ts', import.meta.url), { resourceLimits }))
  }

  /**
   * @param done  told how many leads have been traced since
   * @returns packed traces, in the order of the lanes
   * @throws LaneDamaged where the copy is not what it should be
   */
  async trace(order: TraceOrder, lanes: readonly Lane[], done: (leads: number) => void): Promise<Uint8Array[]> {
    const pieces: Uint8Array[] = []
    const work = lanes.map((lane): TraceWork => ({ kind: 'lane', lane }))
    await this.share({ kind: 'order', order }, work, (news) => {
      if (news.kind === 'done') done(news.leads)
      else if (news.kind === 'lane') pieces[news.place] = news.bytes
    })
    return pieces
  }

  /** @param traces  in memory that threads share */
  async measure(traces: Traces, options: BacktestOptions, pieces: readonly MeasurePiece[]): Promise<Measured[]> {
    const found: Measured[] = []
    const work = pieces.map((piece): TraceWork => ({ kind: 'piece', piece }))
    await this.share({ kind: 'traces', traces, options }, work, (news) => {
      if (news.kind === 'measured') found.push(news.measured)
    })
    return found
  }

  private async share(first: TraceWork, work: readonly TraceWork[], hear: (news: TraceNews) => void): Promise<void> {
    const waiting = [...work]
    const { promise: failed, reject } = Promise.withResolvers<never>()
    failed.catch(() => {})
    const ended = this.members.slice(0, work.length).map((member) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const listen = (news: TraceNews) => {
        if (news.kind === 'damaged') return reject(new LaneDamaged('the copy of the log is damaged'))
        hear(news)
        if (news.kind === 'done') return
        const next = waiting.shift()
        if (next === undefined) resolve()
        else member.postMessage(next)
      }
      const gone = () => reject(new Error('a thread of a backtest ended by itself'))
      member.on('message', listen).once('error', reject).once('exit', gone)
      member.postMessage(first)
      return promise.finally(() => member.off('message', listen).off('error', reject).off('exit', gone))
    })
    await Promise.race([Promise.all(ended), failed])
  }

  async end(): Promise<void> {
    await Promise.all(this.members.map((member) => member.terminate()))
    this.members.length = 0
  }
}
