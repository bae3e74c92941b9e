import { toInstantText, type backtests, type BacktestFigure } from '@winnow/contract'
import { wilson, type BacktestResult, type Estimate } from '@winnow/engine'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { requireDraft } from '../definitions/versions.ts'
import { ServerError } from '../errors.ts'
import { nameOf, type Actor } from '../http/actor.ts'
import type { Cursors } from '../http/cursor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { cancelJob } from '../jobs/store.ts'
import { explainKnown } from '../leads/explain.ts'
import { readKnown } from '../leads/past.ts'
import { compileText } from '../live/plans.ts'
import { behind } from './behind.ts'
import { gateReply, startGate } from './gate.ts'
import { backtestReply, listedReply, withoutErased } from './replies.ts'
import { requestOf } from './request.ts'
import {
  addBacktest,
  deleteBacktest,
  listBacktests,
  readPeople,
  requireBacktest,
  type BacktestPlace,
  type BacktestRow,
  type NewBacktest,
} from './store.ts'
import { csvOf } from './tables.ts'

export interface BacktestParts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly cursors: Cursors
  readonly newId: () => string
}

export function backtestHandlers({ db, pool, cursors, newId }: BacktestParts): HandlersOf<typeof backtests> {
  const reply = async (id: string) => backtestReply(pool, await requireBacktest(pool, id))
  const start = async (
    asked: Omit<NewBacktest, 'id' | 'by' | 'now'>,
    { actor, now }: { actor: Actor | undefined; now: number },
  ): Promise<string> => {
    const id = newId()
    await addBacktest(db, { ...asked, id, by: { id: actor?.id ?? null, name: nameOf(actor) }, now })
    return id
  }
  return {
    startBacktest: async ({ body, actor, now, note }) => {
      const asked = await requestOf(db, body, { actor, now })
      const id = await start({ ...asked, purpose: 'question', draftId: null, rerunOf: null }, { actor, now })
      note({ backtest: id })
      return reply(id)
    },
    listBacktests: async ({ query: { purpose, cursor, limit } }) => {
      const list = JSON.stringify(['backtests', purpose])
      const after = cursor === undefined ? undefined : (cursors.open(list, cursor) as BacktestPlace)
      const rows = await listBacktests(pool, { purpose, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(listedReply),
        ...(rows.length > limit && { next: cursors.seal(list, [last!.created_at, last!.job_id]) }),
      }
    },
    getBacktest: ({ params }) => reply(params.backtest),
    cancelBacktest: async ({ params, now }) => {
      await requireBacktest(pool, params.backtest)
      await cancelJob(pool, 'backtest', params.backtest, now)
      return reply(params.backtest)
    },
    deleteBacktest: async ({ params }) => {
      await requireBacktest(pool, params.backtest)
      await deleteBacktest(pool, params.backtest)
      return null
    },
    rerunBacktest: async ({ params, body, actor, now, note }) => {
      const row = await requireBacktest(pool, params.backtest)
      const { name, purpose, draft_id: draftId, request, versions, texts, job_id: rerunOf } = row
      const watermark = body.watermark === 'same' ? row.watermark : now
      const id = await start({ name, purpose, draftId, request, versions, texts, watermark, rerunOf }, { actor, now })
      note({ backtest: id })
      return reply(id)
    },
    listBacktestLeads: async ({ params, query: { figure, cursor, limit } }) => {
      const row = await requireBacktest(pool, params.backtest)
      requireVersion(requireResult(row), figure)
      const list = JSON.stringify(['backtest', row.job_id, figure])
      const [skipped] = cursor === undefined ? [0] : (cursors.open(list, cursor) as [number])
      const { leads, total } = await behind(pool, row, figure, { skipped, limit })
      const people = await readPeople(
        pool,
        leads.map(({ lead }) => lead),
      )
      return {
        items: leads.flatMap(({ lead, at, level, points, outcome, amount }) => {
          const person = people.get(lead)
          if (person === undefined) return []
          const { lead_id: id, name, email, account_id, account_name } = person
          return {
            lead: { id, name, email },
            account: account_id === null ? null : { id: account_id, name: account_name },
            at: toInstantText(at),
            levels: { ...level },
            points: { ...points },
            outcome,
            amount,
          }
        }),
        total,
        ...(skipped + limit < total && { next: cursors.seal(list, [skipped + limit]) }),
      }
    },
    explainBacktestLead: async ({ params, query: { version: index, at } }) => {
      const { texts, versions, request, watermark } = await requireBacktest(pool, params.backtest)
      const text = texts[index]
      if (text === undefined) throw noVersion(index)
      const plan = compileText(text)
      // Facts as the replay had them; who is who, as it is now.
      const knownAt = request.known === 'received' ? Math.min(at, watermark) : watermark
      const known = await readKnown(pool, params.lead, { plan, version: 0, knownAt, mergedAt: Infinity })
      if (known.facts.length === 0)
        throw new ServerError('not_found', `nothing was known of lead ${params.lead} then`, { at: 'params.lead' })
      const [kind, id] = versions[index]!.reference.split(':')
      return explainKnown(pool, plan, known, { at, knownAt, version: kind === 'version' ? Number(id) : 0 })
    },
    readThreshold: async ({ params, query: { version, score, at } }) => {
      const result = requireResult(await requireBacktest(pool, params.backtest))
      const curve = result.versions[version]?.thresholds.find((each) => each.score === score)
      if (curve === undefined)
        throw new ServerError('not_found', `version ${version} has no score \`${score}\``, { at: 'query.score' })
      return {
        score,
        at,
        entered: curve.entered[at]!,
        won: rate(curve.won[at]!, curve.followed[at]!),
        recall: rate(curve.winsBefore[at]!, result.wins),
        revenue: curve.revenue[at]!,
        perWeek: curve.perWeek[at]!,
        perBusyWeek: curve.perBusyWeek[at]!,
      }
    },
    downloadBacktestTable: async ({ params, reply: answer }) => {
      const result = await withoutErased(pool, requireResult(await requireBacktest(pool, params.backtest)))
      answer
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="backtest-${params.table}.csv"`)
      return csvOf(result, params.table)
    },
    downloadBacktest: async ({ params, reply: answer }) => {
      const row = await requireBacktest(pool, params.backtest)
      answer.header('content-disposition', 'attachment; filename="backtest.json"')
      return { ...(await backtestReply(pool, row)), texts: [...row.texts] }
    },
    runGate: async ({ params, body: asked, actor, now, note }) => {
      const draft = await requireDraft(db, params.draft)
      const by = { id: actor?.id ?? null, name: nameOf(actor) }
      await startGate({ db, pool, newId }, { ...draft, draft: params.draft }, { by, now, asked })
      note({ draft: params.draft })
      return gateReply(db, pool, params.draft, now)
    },
    getGate: ({ params, now }) => gateReply(db, pool, params.draft, now),
  }
}

const noVersion = (index: number) =>
  new ServerError('not_found', `the backtest has no version ${index}`, { at: 'query.version' })

function requireResult({ outcome }: BacktestRow): BacktestResult {
  if (outcome !== null) return outcome
  throw new ServerError('conflict', 'the backtest has no result', { at: 'params.backtest' })
}

function requireVersion({ versions }: BacktestResult, { version }: BacktestFigure): void {
  if (version >= versions.length)
    throw new ServerError('not_found', `the backtest has no version ${version}`, { at: 'query.figure' })
}

function rate(successes: number, trials: number): Estimate {
  if (trials === 0) return { value: null, low: null, high: null, count: 0 }
  const { rate: value, low, high } = wilson(successes, trials)
  return { value, low, high, count: trials }
}
