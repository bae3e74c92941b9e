/** Asking for a text to be tried on all leads. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { nameOf, type Actor } from '../http/actor.ts'
import { insertJob, type JobRow } from '../jobs/store.ts'
import { compileText } from '../live/plans.ts'
import type { TrialInput, TrialResult } from './trial-run.ts'
import { forgetTrials } from './trial-store.ts'
import { findLive } from './versions.ts'

export type TrialRow = JobRow<TrialInput, TrialResult>

export interface TrialWish {
  readonly id: string
  readonly text: string
  readonly weeks: number
  readonly actor: Actor | undefined
  readonly now: Instant
}

export const TRIAL_WEEKS = 12
const TRIAL_KEPT_MS = 86_400_000

/** @throws ServerError `definition_invalid` */
export async function startTrial(
  { db, pool }: { readonly db: Db; readonly pool: pg.Pool },
  { id, text, weeks, actor, now }: TrialWish,
): Promise<TrialRow> {
  compileText(text) // said now rather than by a job that fails
  await forgetTrials(pool, now - TRIAL_KEPT_MS)
  const known = await findLive(db)
  const input: TrialInput = {
    text,
    weeks,
    asOf: now,
    version: known?.version ?? null,
    liveText: known?.text ?? null,
  }
  const by = { id: actor?.id ?? null, name: nameOf(actor) }
  return (await insertJob(db, { id, kind: 'trial', input, by, now })) as TrialRow
}
