/** Backtests as the API says them. */
import { toInstantText, type backtests, type ReplyOf } from '@winnow/contract'
import type { BacktestResult } from '@winnow/engine'
import type pg from 'pg'
import { jobReply } from '../jobs/reply.ts'
import { forgottenReply, forgottenSince } from '../leads/forgotten.ts'
import { readPeople, type BacktestListed, type BacktestRow } from './store.ts'

type Listed = ReplyOf<(typeof backtests)['listBacktests']>['items'][number]
type Backtest = ReplyOf<(typeof backtests)['getBacktest']>

export function listedReply(row: BacktestListed): Listed {
  const { request, versions, headline } = row
  return {
    ...jobReply(row),
    name: row.name,
    purpose: row.purpose,
    request: {
      ...request,
      from: toInstantText(request.from),
      to: toInstantText(request.to),
      splitBy: [...request.splitBy],
      holidays: [...request.holidays],
      workdays: [...request.workdays],
      reps: request.reps ?? null,
    },
    versions: versions.map((version) => ({ ...version })),
    watermark: toInstantText(row.watermark),
    rerunOf: row.rerun_of,
    headline: headline?.map((each) => ({ ...each })) ?? null,
  }
}

export async function backtestReply(pool: pg.Pool, row: BacktestRow): Promise<Backtest> {
  const lookedAt = row.ended_at ?? row.created_at
  return {
    ...listedReply(row),
    forgotten: forgottenReply(await forgottenSince(pool, { from: row.request.from, lookedAt })),
    result: row.outcome && (await withoutErased(pool, row.outcome)),
  }
}

/** Ids of leads that are no longer there are left out of the lists of names. */
export async function withoutErased(pool: Pick<pg.Pool, 'query'>, result: BacktestResult): Promise<BacktestResult> {
  const named = result.versions.flatMap(({ missed, falseAlarms }) => [...missed, ...falseAlarms])
  const known = await readPeople(pool, [...new Set(named.map(({ lead }) => lead))])
  const isKnown = ({ lead }: { lead: string }) => known.has(lead)
  return {
    ...result,
    versions: result.versions.map((version) => ({
      ...version,
      missed: version.missed.filter(isKnown),
      falseAlarms: version.falseAlarms.filter(isKnown),
    })),
  }
}
