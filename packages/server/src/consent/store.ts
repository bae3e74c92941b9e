/** The consent ledger in the database: lines are added, and read with those of whoever turned out to be the same person. */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import type { Actor } from '../http/actor.ts'

export interface ConsentRow {
  readonly lead_id: string
  readonly purpose: string
  readonly state: 'given' | 'withdrawn' | 'objected'
  readonly at: Instant
  readonly recorded_at: Instant
  readonly evidence: string
  readonly actor_id: string
  readonly actor_name: string
}

interface Said extends Pick<ConsentRow, 'lead_id' | 'purpose' | 'state' | 'at' | 'evidence'> {
  readonly by: Actor
  readonly now: Instant
}

/** Whoever objects to it is kept and not assessed. */
export const SCORING = 'scoring'

const COLUMNS = ['lead_id', 'purpose', 'state', 'at', 'recorded_at', 'evidence', 'actor_id', 'actor_name'] as const
const LINES_MAX = 1_000

export async function addConsent(client: Pick<pg.ClientBase, 'query'>, { by, now, ...said }: Said): Promise<void> {
  const { lead_id, purpose, state, at, evidence } = said
  await client.query(
    `insert into consent (lead_id, purpose, state, at, recorded_at, evidence, actor_id, actor_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [lead_id, purpose, state, formatInstant(at), formatInstant(now), evidence, by.id, by.name],
  )
}

/** The latest first; of one instant the one that was written down later. */
export const readLedger = (db: Db, members: readonly string[]): Promise<ConsentRow[]> =>
  db
    .selectFrom('consent')
    .select(COLUMNS)
    .where('lead_id', 'in', [...members])
    .orderBy('at', 'desc')
    .orderBy('consent_id', 'desc')
    .limit(LINES_MAX)
    .execute()

/** What counts now: the latest line of each purpose. */
export const readConsent = (db: Db, members: readonly string[]): Promise<ConsentRow[]> =>
  db
    .selectFrom('consent')
    .distinctOn('purpose')
    .select(COLUMNS)
    .where('lead_id', 'in', [...members])
    .orderBy('purpose')
    .orderBy('at', 'desc')
    .orderBy('consent_id', 'desc')
    .execute()
