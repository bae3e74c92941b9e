/** How much comes from each source: counted in memory, written every few seconds, kept by the minute. */
import { formatInstant, type Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'
import { InTurn } from './in-turn.ts'

export interface Traffic {
  readonly stored: number
  readonly repeated: number
  readonly refused: number
}

const WRITE_EVERY_MS = 5_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** What is shown goes back a day; the rest is for whoever looks a little later. */
const KEPT_MS = 3 * DAY_MS

interface Counted {
  readonly sourceId: string
  readonly minute: Instant
  lastAt: Instant
  stored: number
  repeated: number
  refused: number
}

export class TrafficCounts {
  private readonly db: Db
  private counts = new Map<string, Counted>()
  private writtenAt: Instant = -Infinity
  private clearedAt: Instant = -Infinity
  private readonly writing = new InTurn()

  constructor(db: Db) {
    this.db = db
  }

  add(sourceId: string, { stored, repeated, refused }: Traffic, now: Instant): void {
    const minute = now - (((now % MINUTE_MS) + MINUTE_MS) % MINUTE_MS)
    const key = `${sourceId} ${minute}`
    const counted = this.counts.get(key) ?? { sourceId, minute, lastAt: now, stored: 0, repeated: 0, refused: 0 }
    counted.lastAt = Math.max(counted.lastAt, now)
    counted.stored += stored
    counted.repeated += repeated
    counted.refused += refused
    this.counts.set(key, counted)
    if (now - this.writtenAt < WRITE_EVERY_MS) return
    this.writtenAt = now
    void this.write(now).catch(() => {}) // they stay counted, and are written with the next ones
  }

  read(now: Instant): Promise<SourceHealth[]> {
    return readHealth(this.db, now)
  }

  /** Settled when everything that has been counted is written, also what another call is writing. */
  write(now: Instant): Promise<void> {
    return this.writing.run(() => this.writeCounted(now))
  }

  private async writeCounted(now: Instant): Promise<void> {
    const counts = this.counts
    this.counts = new Map()
    try {
      await addTraffic(this.db, [...counts.values()])
    } catch (error) {
      for (const each of counts.values()) this.takeBack(each)
      throw error
    }
    if (now - this.clearedAt < HOUR_MS) return
    this.clearedAt = now
    await forgetTraffic(this.db, now - KEPT_MS)
  }

  private takeBack(earlier: Counted): void {
    const key = `${earlier.sourceId} ${earlier.minute}`
    const later = this.counts.get(key)
    if (later === undefined) this.counts.set(key, earlier)
    else {
      later.stored += earlier.stored
      later.repeated += earlier.repeated
      later.refused += earlier.refused
    }
  }
}

async function addTraffic(db: Db, counts: readonly Counted[]): Promise<void> {
  if (counts.length === 0) return
  await db
    .insertInto('capture_count')
    .values(
      counts.map(({ sourceId, minute, lastAt, stored, repeated, refused }) => ({
        source_id: sourceId,
        minute: formatInstant(minute),
        last_at: formatInstant(lastAt),
        stored,
        repeated,
        refused,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['source_id', 'minute']).doUpdateSet({
        last_at: sql`greatest(capture_count.last_at, excluded.last_at)`,
        stored: sql`capture_count.stored + excluded.stored`,
        repeated: sql`capture_count.repeated + excluded.repeated`,
        refused: sql`capture_count.refused + excluded.refused`,
      }),
    )
    .execute()
}

/** The latest of each source stays: it says when something came last. */
async function forgetTraffic(db: Db, before: Instant): Promise<void> {
  await sql`delete from capture_count c where minute < ${timestamp(before)} and exists (
    select from capture_count later where later.source_id = c.source_id and later.minute > c.minute)`.execute(db)
}

export interface SourceHealth {
  readonly source_id: string
  readonly name: string
  readonly disabled_at: Instant | null
  readonly last_at: Instant | null
  readonly hour: Traffic
  readonly day: Traffic
}

/** An hour and a day to the minute. */
async function readHealth(db: Db, now: Instant): Promise<SourceHealth[]> {
  const since = (from: Instant) => sql`filter (where c.minute > ${timestamp(from)})`
  const sums = (from: Instant) => sql`json_build_object('stored', coalesce(sum(c.stored) ${since(from)}, 0),
    'repeated', coalesce(sum(c.repeated) ${since(from)}, 0), 'refused', coalesce(sum(c.refused) ${since(from)}, 0))`
  const { rows } = await sql<SourceHealth>`
    select s.source_id, s.name, s.disabled_at, max(c.last_at) as last_at,
      ${sums(now - HOUR_MS)} as hour, ${sums(now - DAY_MS)} as day
    from source s left join capture_count c on c.source_id = s.source_id::text
    group by s.source_id order by s.created_at, s.source_id`.execute(db)
  return rows
}
