/**
 * Many circles at once brought to the live version: read from the copy of the log or by `COPY`, made anew, written in few
 * statements. Nothing is locked while it is read and judged; what anybody has touched meanwhile is left as it is, for whoever
 * touches a circle restates it.
 */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { LogCopy } from '../columns/log.ts'
import { readHistory, rebuildOne, writeOutcomes, type CircleWork, type History } from './assess-circles.ts'
import type { CircleOutcome } from './assess-circle.ts'
import { readLeads, writeLeads, type CircleRow } from './circles.ts'
import { copyingReader } from './log-copy.ts'
import { readLogWith } from './log.ts'
import type { LivePlan, Plans } from './plans.ts'
import { inTransaction } from './transaction.ts'

export interface RangeTaking {
  readonly pool: pg.Pool
  /** Without pipelining, for `COPY`. */
  readonly copying: pg.ClientBase
  readonly copy: Pick<LogCopy, 'snapshot' | 'read'> | undefined
  readonly plans: Plans
  readonly log: Logger
}

/** A circle as it was read; the stamp changes with every transaction that writes it. */
type Stamped = CircleRow & { readonly stamp: string; readonly is_copied: boolean }

export interface Range {
  readonly ids: readonly string[]
  readonly now: Instant
  /** Whether circles of several leads stay as they are. */
  readonly mayJoin: boolean
}

/** Circles with everything that they are judged by. */
export interface RangeRead {
  readonly live: LivePlan
  readonly now: Instant
  readonly works: readonly CircleWork[]
  readonly history: History
  readonly stamps: ReadonlyMap<string, string>
}

export type Judged = Pick<RangeRead, 'live' | 'now' | 'stamps'> & {
  readonly outcomes: ReadonlyMap<CircleWork, CircleOutcome | Error>
}

/**
 * INVARIANT: a transaction that changes anything that a circle is judged by writes the circle too. Stamps are read before
 * everything else, so that a circle whose stamp is still the same when it is written is what was judged.
 */
export async function readRange(
  { pool, copying, copy }: RangeTaking,
  live: LivePlan,
  { ids, now, mayJoin }: Range,
): Promise<RangeRead> {
  const { rows } = await pool.query<Stamped>({ ...STAMPED, values: [ids, live.version, copy?.snapshot] })
  const leads = Map.groupBy(await readLeads(pool, rows.map(idOf)), ({ circle_id }) => circle_id)
  const isCopied = new Set<string>()
  const works = rows.flatMap(({ stamp: _, is_copied, ...row }): CircleWork[] => {
    const own = leads.get(row.circle_id) ?? []
    // Those that have to be parted are left to `Restating`, which locks them first.
    if (own.length > 1 && !mayJoin) return []
    if (is_copied) for (const { lead_id } of own) isCopied.add(lead_id)
    return [{ row, leads: own, facts: [], isAnew: true, isNew: false }]
  })
  const reader = copyingReader(copying)
  const history = await readHistory(pool, live, works, async (_, rootOf) => {
    const inCopy = new Map([...rootOf].filter(([, root]) => isCopied.has(root)))
    const others = new Map([...rootOf].filter(([, root]) => !isCopied.has(root)))
    const [copied, logs] = await Promise.all([copy?.read(pool, inCopy), readLogWith(reader, others)])
    return { get: (lead) => logs.get(lead) ?? copied?.get(lead) }
  })
  return { live, now, works, history, stamps: new Map(rows.map(({ circle_id, stamp }) => [circle_id, stamp])) }
}

export async function judge({ live, now, works, history, stamps }: RangeRead): Promise<Judged> {
  const outcomes = new Map<CircleWork, CircleOutcome | Error>()
  for (const work of works) {
    outcomes.set(work, rebuildOne(live, work, { history, now }))
    if (outcomes.size % AT_ONCE === 0) await breath()
  }
  return { live, now, outcomes, stamps }
}

/**
 * A circle that nobody has written since the copy of the log was made has all its facts there. Its stamp is the end of a
 * transaction's number: the latest that ends so is meant, for one of longer ago would only be taken for a later one.
 */
const STAMPED = {
  name: 'stamped-circles',
  text: `select circle_id, version, null as state, xmin::text as stamp,
      $3::pg_snapshot is not null and pg_visible_in_snapshot(
        (next - ((next - xmin::text::bigint - 1) % 4294967296) - 1)::text::xid8, $3::pg_snapshot) as is_copied
    from circle, (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next) as clock
    where circle_id = any($1::uuid[]) and (version < $2 or version is null)`,
}

const idOf = ({ circle_id }: { circle_id: string }) => circle_id

/** So many circles are judged without looking up: a transaction of this thread must not wait, for it holds locks. */
const AT_ONCE = 10
const breath = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Short, so that live traffic does not wait long for a lock. */
const WRITTEN_AT_ONCE = 100

/** @returns how many circles were written; the others have been touched, or are held by somebody */
export async function writeRange(taking: RangeTaking, judged: Judged): Promise<number> {
  const all = [...judged.outcomes]
  let count = 0
  for (let begin = 0; begin < all.length; begin += WRITTEN_AT_ONCE) {
    count += await writeSome(taking, judged, new Map(all.slice(begin, begin + WRITTEN_AT_ONCE)))
  }
  return count
}

const LOCK_UNTOUCHED = {
  name: 'lock-untouched-circles',
  text: `select circle.circle_id from circle join unnest($1::uuid[], $2::text[]) as x(circle_id, stamp) using (circle_id)
    where circle.xmin::text = x.stamp order by circle.circle_id for update of circle skip locked`,
}

const writeSome = (
  { pool, plans, log }: RangeTaking,
  { live, now, stamps }: Judged,
  outcomes: Judged['outcomes'],
): Promise<number> =>
  inTransaction(pool, async (client, last) => {
    const ids = [...outcomes.keys()].map(({ row }) => row.circle_id)
    const lock = { ...LOCK_UNTOUCHED, values: [ids, ids.map((id) => stamps.get(id)!)] }
    const [{ rows }, liveNow] = await Promise.all([client.query<{ circle_id: string }>(lock), plans.live(client)])
    if (liveNow?.version !== live.version) return 0
    const untouched = new Set(rows.map(idOf))
    const writing = new Map([...outcomes].filter(([{ row }]) => untouched.has(row.circle_id)))
    const { columns, sent, written } = writeOutcomes(client, live, { outcomes: writing, now, log })
    last(written)
    last(writeLeads(client, { profiles: new Map(), seen: new Map(), assessed: columns }))
    await sent
    return writing.size
  })
