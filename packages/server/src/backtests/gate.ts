/**
 * The capacity gate: whether marketing could deliver enough by a definition, and sales take it. A gate is a backtest of a draft over
 * the last weeks; what it says holds for that very text, for a week.
 */
import type { backtests, BodyOf, ReplyOf } from '@winnow/contract'
import { WEEK_MS, weekBegin, weekOf, type GateLine, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { requireDraft } from '../definitions/versions.ts'
import { ServerError } from '../errors.ts'
import { jobReply } from '../jobs/reply.ts'
import { compileText } from '../live/plans.ts'
import { hashOf } from '../proposals/agreement.ts'
import { addBacktest, findGate, findGateOf, type BacktestRequest, type NewBacktest } from './store.ts'

export type Gate = ReplyOf<(typeof backtests)['getGate']>
type Asked = BodyOf<(typeof backtests)['runGate']>

const HORIZON_DAYS = 90
const HOLDS_MS = WEEK_MS

const AS_USUAL: Asked = { weeks: 26, known: 'received', holidays: [], workdays: [1, 2, 3, 4, 5] }

export interface GateParts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly newId: () => string
}

/** One that is on its way for the same text is not started again. */
export async function startGate(
  { db, pool, newId }: GateParts,
  { draft, text, revision, name }: { draft: string; text: string; revision: number; name: string },
  { by, now, asked = AS_USUAL }: Pick<NewBacktest, 'by' | 'now'> & { readonly asked?: Asked },
): Promise<void> {
  compileText(text) // said now rather than by a job that fails
  const hash = hashOf(text)
  const known = await findGate(pool, draft)
  if (known?.versions[0]?.hash === hash && (known.state === 'waiting' || known.state === 'running')) return
  await addBacktest(db, {
    id: newId(),
    name,
    purpose: 'gate',
    draftId: draft,
    request: requestOf(asked, now),
    versions: [{ name, reference: `draft:${draft}`, revision, hash }],
    texts: [text],
    watermark: now,
    rerunOf: null,
    by,
    now,
  })
}

/** Whole weeks up to the last Monday. */
function requestOf({ weeks, known, holidays, workdays }: Asked, now: Instant): BacktestRequest {
  const to = weekBegin(weekOf(now))
  return {
    from: to - weeks * WEEK_MS,
    to,
    horizonDays: HORIZON_DAYS,
    known,
    segment: null,
    source: null,
    handover: null,
    splitBy: [],
    seed: 1,
    holidays,
    workdays,
    reps: null,
  }
}

export async function gateReply(db: Db, pool: pg.Pool, draftId: string, now: Instant): Promise<Gate> {
  const draft = await requireDraft(db, draftId)
  const row = await findGate(pool, draftId)
  const none = { revision: null, isCurrent: false, weeks: null, backtest: null, lines: null }
  const needsReason = (await linesAgainst(pool, draft.text, now)).length > 0
  if (row === undefined) return { draft: draftId, needsReason, ...none }
  const [version] = row.versions
  return {
    draft: draftId,
    revision: version!.revision,
    isCurrent: version!.hash === hashOf(draft.text) && now - row.watermark <= HOLDS_MS,
    needsReason,
    weeks: Math.round((row.request.to - row.request.from) / WEEK_MS),
    backtest: jobReply(row),
    lines: row.outcome === null ? null : [...row.outcome.versions[0]!.gate],
  }
}

type Querying = Pick<pg.Pool, 'query'>

/** Lines of the gate that stand against publishing a text now. */
async function linesAgainst(pool: Querying, text: string, now: Instant): Promise<readonly GateLine[]> {
  const { rows } = await pool.query(`select from definition_version where status = 'live'`)
  if (rows.length === 0) return [] // there is nothing yet to look back at
  const lines = (await findGateOf(pool, hashOf(text), now - HOLDS_MS)) ?? []
  return lines.filter(({ verdict }) => verdict === 'flooded' || verdict === 'starved')
}

/**
 * Where the gate of a text says that a team would be starved or flooded by it, somebody has to say why it is to be all the same.
 * @throws ServerError `gate_shut` with the lines
 */
export async function requireGate(
  { pool, now }: { readonly pool: Querying; readonly now: Instant },
  { text, reason }: { readonly text: string; readonly reason: string | null | undefined },
): Promise<void> {
  if (reason !== null && reason !== undefined) return
  const lines = await linesAgainst(pool, text, now)
  if (lines.length === 0) return
  const said = lines.map(({ team, stage, verdict }) => `${team} would be ${verdict} with ${stage}`)
  throw new ServerError('gate_shut', said.join('; '), { at: '/gateReason', details: { lines } })
}
