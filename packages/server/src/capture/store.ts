/** The SQL of capture: its settings, the names that sources use, and counts of what was refused. */
import { captureSettings, type CaptureSettings } from '@winnow/contract'
import { formatInstant, type Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { MessageFault } from './refusal.ts'

export const NAME_KINDS = ['event', 'property', 'trait'] as const
export type NameKind = (typeof NAME_KINDS)[number]

export interface UsedName {
  readonly kind: NameKind
  readonly name: string
}

/** Faults of one source, day and code. */
export interface FaultCount {
  readonly sourceId: string
  readonly day: string
  readonly count: number
  readonly lastAt: Instant
  readonly last: MessageFault
}

export interface CaptureStore {
  readonly readSettings: () => Promise<CaptureSettings>
  readonly writeSettings: (settings: CaptureSettings) => Promise<void>
  /**
   * Adds names as long as there is room for their kind.
   * @returns all names of the source after it
   */
  readonly addNames: (
    sourceId: string,
    names: readonly UsedName[],
    room: Readonly<Record<NameKind, number>>,
    now: Instant,
  ) => Promise<readonly UsedName[]>
  readonly countNames: () => Promise<readonly { sourceId: string; kind: NameKind; used: number }[]>
  readonly addFaults: (counts: readonly FaultCount[]) => Promise<void>
  /** Latest day first. */
  readonly listFaults: (since: Instant) => Promise<readonly FaultCount[]>
}

const SETTING = 'capture'

export const postgresCaptureStore = (db: Db): CaptureStore => ({
  async readSettings() {
    const rows = await db.selectFrom('setting').select('value').where('name', '=', SETTING).execute()
    return captureSettings.parse(rows[0]?.value ?? {})
  },

  async writeSettings(settings) {
    const value = JSON.stringify(settings)
    await db
      .insertInto('setting')
      .values({ name: SETTING, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
  },

  addNames: (sourceId, names, room, now) =>
    db.transaction().execute(async (transaction) => {
      // One at a time for a source: several servers together do not go beyond the limit.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`capture_name:${sourceId}`}, 0))`.execute(transaction)
      const rows = await transaction
        .selectFrom('capture_name')
        .select(['kind', 'name'])
        .where('source_id', '=', sourceId)
        .execute()
      const all = rows as UsedName[]
      const added = namesToAdd(all, names, room)
      if (added.length > 0) {
        const [kinds, texts] = [added.map(({ kind }) => kind), added.map(({ name }) => name)]
        await sql`insert into capture_name (source_id, kind, name, first_used_at)
          select ${sourceId}, kind, name, ${formatInstant(now)}::timestamptz
          from unnest(${kinds}::text[], ${texts}::text[]) as added (kind, name)`.execute(transaction)
      }
      return [...all, ...added]
    }),

  async countNames() {
    const rows = await db
      .selectFrom('capture_name')
      .select(({ fn }) => ['source_id', 'kind', fn.countAll<number>().as('used')])
      .groupBy(['source_id', 'kind'])
      .orderBy('source_id')
      .orderBy('kind')
      .execute()
    return rows.map(({ source_id, kind, used }) => ({ sourceId: source_id, kind: kind as NameKind, used }))
  },

  async addFaults(counts) {
    if (counts.length === 0) return
    await db
      .insertInto('capture_fault')
      .values(
        counts.map(({ sourceId, day, count, lastAt, last }) => ({
          source_id: sourceId,
          day,
          code: last.code,
          count,
          last_at: formatInstant(lastAt),
          place: last.at,
          reason: last.message,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['source_id', 'day', 'code']).doUpdateSet({
          count: sql`capture_fault.count + excluded.count`,
          last_at: sql`excluded.last_at`,
          place: sql`excluded.place`,
          reason: sql`excluded.reason`,
        }),
      )
      .execute()
  },

  async listFaults(since) {
    const rows = await db
      .selectFrom('capture_fault')
      .select(['source_id', 'code', 'count', 'last_at', 'place', 'reason', sql<string>`day::text`.as('day')])
      .where('last_at', '>=', sql<number>`${formatInstant(since)}::timestamptz`)
      .orderBy('day', 'desc')
      .orderBy('count', 'desc')
      .limit(1_000)
      .execute()
    return rows.map(({ source_id, day, code, count, last_at, place, reason }) => ({
      sourceId: source_id,
      day,
      count,
      lastAt: last_at,
      last: { at: place, code: code as MessageFault['code'], message: reason },
    }))
  },
})

function namesToAdd(
  all: readonly UsedName[],
  names: readonly UsedName[],
  room: Readonly<Record<NameKind, number>>,
): UsedName[] {
  const key = ({ kind, name }: UsedName) => `${kind}:${name}`
  const known = new Set(all.map(key))
  const used: Record<NameKind, number> = { event: 0, property: 0, trait: 0 }
  for (const { kind } of all) used[kind]++
  const added: UsedName[] = []
  for (const each of names) {
    if (known.has(key(each)) || used[each.kind] >= room[each.kind]) continue
    known.add(key(each))
    used[each.kind]++
    added.push(each)
  }
  return added
}
