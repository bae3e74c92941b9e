/** Forgetting activities: their partitions go, and the live text is published anew over what is left. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'
import { LOCKS } from '../db/locks.ts'
import { renewLive } from '../definitions/publish.ts'
import { partitionsBefore, quarterOf, readHorizon } from '../live/log.ts'
import { Loop } from '../live/loop.ts'
import type { Taking } from '../live/take.ts'
import { inTransaction } from '../live/transaction.ts'
import { countBefore, insertForgetting, readMonths, type Counted, type Forgetting } from './store.ts'

/** @returns the beginning of the quarter in which the oldest activity lies that is to be kept */
export function horizonOf(now: Instant, months: number): Instant {
  const date = new Date(now)
  date.setUTCDate(1) // there is a first in every month
  date.setUTCMonth(date.getUTCMonth() - months)
  return quarterOf(date.getTime()).from
}

export interface Forgetter {
  readonly taking: Pick<Taking, 'pool' | 'now' | 'log'>
  /** Told after a transaction that may have changed what leads are. */
  readonly changed: () => void
}

/** Somebody holds what it needs, or is behind; it is asked again soon. */
type Later = 'later'

/**
 * Forgets what the setting says, as of now. However long nobody has looked, it is one step.
 * @returns what was forgotten; undefined where there is nothing to do
 */
export async function forgetDue({ taking, changed }: Forgetter): Promise<Forgetting | Later | undefined> {
  const { pool, now, log } = taking
  const [months, known] = [await readMonths(pool), await readHorizon(pool)]
  const before = months === null ? known : Math.max(known, horizonOf(now(), months))
  if (before === -Infinity || (before === known && (await partitionsBefore(pool, before)).length === 0))
    return undefined
  if (await isBehind(pool, now())) return 'later'
  const counted = before === known ? { activities: 0, leads: 0 } : await countBefore(pool, before)
  try {
    const forgotten = await inTransaction(pool, (client) => forget(client, { before, counted, now }))
    if (forgotten === 'later') return 'later'
    changed()
    log.info({ before: formatInstant(before), activities: counted.activities }, 'activities are forgotten')
    return forgotten
  } catch (error) {
    if (!IN_THE_WAY.has((error as { code?: string }).code ?? '')) throw error
    log.info('somebody reads activities; what is to be forgotten goes later')
    return 'later'
  }
}

/** A lock was not to be had in time; a deadlock. */
const IN_THE_WAY = new Set(['55P03', '40P01'])

/** What has come to pass before is to be in the ledger with its instant, as everything that came to pass in time. */
const BEHIND_MS = 10_000

async function isBehind(pool: pg.Pool, at: Instant): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (select from circle where due_at < to_timestamp($1 / 1000.0))
       and exists (select from definition_version where status = 'live') as found`,
    [at - BEHIND_MS],
  )
  return rows[0]!.found
}

/** So long everybody who reads or writes activities may have to wait, at worst. */
const PATIENCE = '200ms'

async function forget(
  client: pg.PoolClient,
  { before, counted, now }: { before: Instant; counted: Counted; now: () => Instant },
): Promise<Forgetting | Later | undefined> {
  const { rows } = await client.query<{ is_free: boolean }>(
    'select pg_try_advisory_xact_lock($1) and pg_try_advisory_xact_lock($2) as is_free',
    [LOCKS.publishing, LOCKS.restating],
  )
  if (!rows[0]!.is_free) return 'later'
  const known = await readHorizon(client)
  if (known > before) return undefined
  await client.query(`set local lock_timeout = '${PATIENCE}'`)
  await client.query('lock table only activity in access exclusive mode')
  const at = now()
  const partitions = await partitionsBefore(client, before)
  const isAny = await hasAny(client, before)
  const day = formatInstant(before).slice(0, 10)
  const note = `The same rules: activities of before ${day} are forgotten.`
  const version = isAny ? ((await renewLive(client, { note, now: at })) ?? null) : null
  for (const name of partitions) await client.query(`drop table ${name}`)
  // Copies of the log hold what is gone.
  if (isAny) await client.query('update log_identity set identity = gen_random_uuid()')
  if (known === before) return undefined
  const forgetting = { ...counted, before, at, version }
  await insertForgetting(client, forgetting)
  await client.query(
    `insert into audit (at, action, actor_kind, targets, address, outcome) values ($1, 'activities.forget', 'nobody', $2, '', 'done')`,
    [formatInstant(at), JSON.stringify({ ...counted, before: day, ...(version !== null && { version }) })],
  )
  return forgetting
}

async function hasAny(client: pg.PoolClient, before: Instant): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    'select exists (select from activity where at < $1::timestamptz) as found',
    [formatInstant(before)],
  )
  return rows[0]!.found
}

/** Three small queries each time. */
const LOOK_MS = 10_000

export const createForgetting = (forgetter: Forgetter): Loop =>
  new Loop(forgetter.taking.log, {
    name: 'forgetting',
    run: async () => {
      await forgetDue(forgetter)
      return 0
    },
    restMs: LOOK_MS,
  })
