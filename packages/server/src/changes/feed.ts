/**
 * Changes as they happen: one reader of the outbox for a whole server, however many follow. It is woken by the server's own
 * transactions, by the notifications of others, and, should those fail, by the clock.
 */
import type pg from 'pg'
import type { Logger } from 'pino'
import { endOfOutbox, isAfter, readOutbox, type Line, type Place } from './outbox.ts'

const CHANNEL = 'winnow_changes'
/** Kept for those who follow; whoever is further behind reads from the database. */
const KEPT_MAX = 2000
const READ_AT_ONCE = 500
/** Several transactions are told of together. */
const TELL_EVERY_MS = 100
const LOOK_EVERY_MS = 2000
/** A lost connection is made again after this long. */
const LISTEN_AGAIN_MS = 5000

export interface FeedOptions {
  readonly pool: pg.Pool
  readonly log: Logger
  /** How often to look without having been told. */
  readonly lookEveryMs?: number
}

export class Feed {
  private readonly pool: pg.Pool
  private readonly log: Logger
  private readonly lookEveryMs: number
  /** Lines after `from`, without a gap. */
  private kept: Line[] = []
  private from: Place | undefined
  private followers = 0
  private reading: Promise<void> | undefined
  private isStale = false
  private isStopped = false
  private readonly waiting = new Set<() => void>()
  private listener: pg.PoolClient | undefined
  private listening: ReturnType<typeof setTimeout> | undefined
  private looking: ReturnType<typeof setInterval> | undefined
  private telling: ReturnType<typeof setTimeout> | undefined

  constructor({ pool, log, lookEveryMs = LOOK_EVERY_MS }: FeedOptions) {
    this.pool = pool
    this.log = log
    this.lookEveryMs = lookEveryMs
  }

  /** A transaction of this server may have written changes. */
  announce = (): void => {
    if (this.telling !== undefined || this.isStopped) return
    this.telling = setTimeout(() => {
      this.telling = undefined
      this.wake()
      // Not inside the transactions that change something: those would then commit one after the other.
      this.pool.query(`select pg_notify('${CHANNEL}', '')`).catch(() => {})
    }, TELL_EVERY_MS)
  }

  /** Lines after a place, in batches as they come; ends when `signal` does, or the server. */
  async *follow({
    after,
    lead,
    signal,
  }: {
    after: Place | undefined
    lead?: string | undefined
    signal: AbortSignal
  }): AsyncGenerator<readonly Line[]> {
    let place = after ?? (await endOfOutbox(this.pool))
    this.begin()
    try {
      while (!signal.aborted && !this.isStopped) {
        const news = await this.after(place, lead)
        if (news.last !== undefined) place = news.last
        if (news.lines.length > 0) yield news.lines
        else if (news.last === undefined) await this.change(signal)
      }
    } finally {
      this.end()
    }
  }

  stop(): void {
    this.isStopped = true
    clearTimeout(this.telling)
    this.rest()
    this.tell()
  }

  /** @returns lines about the lead, and the last one looked at */
  private async after(place: Place, lead: string | undefined): Promise<{ lines: Line[]; last: Place | undefined }> {
    const { from } = this
    const isKept = from !== undefined && !isAfter(from, place)
    const all = isKept
      ? this.kept.slice(firstAfter(this.kept, place))
      : await readOutbox(this.pool, { after: place, limit: READ_AT_ONCE })
    return {
      lines: lead === undefined ? all : all.filter((line) => line.lead === lead),
      last: all.at(-1)?.place,
    }
  }

  /** Settled when there may be something new. */
  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.waiting.add(done)
      signal.addEventListener('abort', done)
      if (signal.aborted || this.isStopped) done()
    })
  }

  private tell(): void {
    for (const resolve of this.waiting) resolve()
  }

  // --- Reading, while anybody follows ---

  private begin(): void {
    this.followers += 1
    if (this.followers > 1) return
    this.looking = setInterval(() => this.wake(), this.lookEveryMs)
    void this.listen()
    this.wake()
  }

  private end(): void {
    this.followers -= 1
    if (this.followers === 0) this.rest()
  }

  private rest(): void {
    clearInterval(this.looking)
    clearTimeout(this.listening)
    this.listener?.release(true)
    this.listener = undefined
    this.from = undefined
    this.kept = []
  }

  private wake(): void {
    if (this.followers === 0 || this.isStopped) return
    this.isStale = true
    this.reading ??= this.read().finally(() => (this.reading = undefined))
  }

  private async read(): Promise<void> {
    try {
      while (this.isStale && this.followers > 0 && !this.isStopped) {
        this.isStale = false
        await this.readOn()
      }
    } catch (error) {
      this.log.warn({ err: error }, 'changes could not be read and will be tried again')
    }
  }

  private async readOn(): Promise<void> {
    const from = this.from ?? (await endOfOutbox(this.pool))
    const lines = await readOutbox(this.pool, { after: this.kept.at(-1)?.place ?? from, limit: READ_AT_ONCE })
    if (this.followers === 0) return
    const all = [...this.kept, ...lines]
    const dropped = Math.max(0, all.length - KEPT_MAX)
    this.from = dropped > 0 ? all[dropped - 1]!.place : from
    this.kept = all.slice(dropped)
    if (lines.length === READ_AT_ONCE) this.isStale = true
    this.tell()
  }

  // --- Being told by other servers ---

  private async listen(): Promise<void> {
    try {
      const client = await this.pool.connect()
      if (this.followers === 0 || this.isStopped || this.listener !== undefined) {
        client.release()
        return
      }
      this.listener = client
      client.on('notification', () => this.wake())
      client.on('error', () => this.listenAgain(client))
      await client.query(`listen ${CHANNEL}`)
    } catch {
      this.listenAgain(this.listener)
    }
  }

  private listenAgain(client: pg.PoolClient | undefined): void {
    if (client !== this.listener) return
    this.listener?.release(true)
    this.listener = undefined
    if (this.followers > 0 && !this.isStopped) this.listening = setTimeout(() => void this.listen(), LISTEN_AGAIN_MS)
  }
}

/** Index of the first line after a place; lines are in order. */
function firstAfter(lines: readonly Line[], place: Place): number {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isAfter(lines[middle]!.place, place)) high = middle
    else low = middle + 1
  }
  return low
}
