/**
 * Counts what was refused, left out or ignored, so that whoever looks after a source hears of it. Counts are written every
 * few seconds: what is refused must not cost more than what is stored.
 */
import { formatInstant, type Instant } from '@winnow/engine'
import { InTurn } from './in-turn.ts'
import type { MessageFault } from './refusal.ts'
import type { CaptureStore, FaultCount } from './store.ts'

const WRITE_EVERY_MS = 5_000

export class FaultCounts {
  private readonly store: CaptureStore
  private counts = new Map<string, FaultCount>()
  private writtenAt: Instant = -Infinity
  private readonly writing = new InTurn()

  constructor(store: CaptureStore) {
    this.store = store
  }

  add(sourceId: string, faults: readonly MessageFault[], now: Instant): void {
    const day = faults.length === 0 ? '' : formatInstant(now).slice(0, 10)
    for (const last of faults) {
      const key = `${sourceId} ${day} ${last.code}`
      const count = (this.counts.get(key)?.count ?? 0) + 1
      this.counts.set(key, { sourceId, day, count, lastAt: now, last })
    }
    if (this.counts.size === 0 || now - this.writtenAt < WRITE_EVERY_MS) return
    this.writtenAt = now
    void this.write().catch(() => {}) // they stay counted, and are written with the next ones
  }

  /** Settled when everything that has been counted is written, also what another call is writing. */
  write(): Promise<void> {
    return this.writing.run(() => this.writeCounted())
  }

  private async writeCounted(): Promise<void> {
    const counts = this.counts
    this.counts = new Map()
    try {
      await this.store.addFaults([...counts.values()])
    } catch (error) {
      this.takeBack(counts)
      throw error
    }
  }

  private takeBack(counts: ReadonlyMap<string, FaultCount>): void {
    for (const [key, earlier] of counts) {
      const later = this.counts.get(key)
      this.counts.set(key, later ? { ...later, count: later.count + earlier.count } : earlier)
    }
  }
}
