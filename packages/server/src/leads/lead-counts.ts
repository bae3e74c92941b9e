/** How many leads fit, by stage and by level: exact up to a bound, else reckoned from a part of the pages. */
import { expressionBuilder, sql, type RawBuilder } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { conditionOf, estimateLeads, findingTests, type LeadFilter } from './lead-list.ts'

export interface LeadCounts {
  readonly total: number
  readonly isEstimate: boolean
  readonly stages: Record<string, number>
  readonly levels: Record<string, Record<string, number>>
}

const EXACT_MAX = 50_000
/** So many of those that fit are looked at where not all are. */
const LOOKED_AT = 20_000

export async function countLeads(db: Db, filter: LeadFilter, exactMax = EXACT_MAX): Promise<LeadCounts> {
  const expected = await estimateLeads(db, filter)
  // The planner may be wrong either way; where it is near the bound, counting says so itself.
  if (expected <= 4 * exactMax) {
    const counts = await countAmong(db, found(filter, exactMax + 1))
    if (counts.total <= exactMax) return counts
  }
  const percent = Math.min(100, (100 * Math.min(LOOKED_AT, exactMax)) / Math.max(expected, 1))
  const part = await countAmong(db, partly(filter, percent))
  return scaled(part, 100 / percent, exactMax + 1)
}

const eb = expressionBuilder<Tables, 'lead'>()

const found = (filter: LeadFilter, limit: number) =>
  sql`select lead_id, stage, levels from lead where ${conditionOf(eb, filter, findingTests(filter))} limit ${sql.lit(limit)}`

const partly = (filter: LeadFilter, percent: number) =>
  sql`select lead_id, stage, levels from lead tablesample system (${percent}) repeatable (1) where ${conditionOf(eb, filter)}`

interface CountRow {
  readonly what: 'total' | 'stage' | 'level'
  readonly name: string | null
  readonly level: string | null
  readonly count: number
}

async function countAmong(db: Db, leads: RawBuilder<unknown>): Promise<LeadCounts> {
  const { rows } = await sql<CountRow>`
    with found as materialized (${leads})
    select 'total' as what, null as name, null as level, count(*) as count from found
    union all select 'stage', stage, null, count(*) from found where stage is not null group by stage
    union all select 'level', key, value, count(*) from found, jsonb_each_text(levels) group by key, value`.execute(db)
  const levels: Record<string, Record<string, number>> = {}
  for (const { what, name, level, count } of rows) if (what === 'level') (levels[name!] ??= {})[level!] = count
  const stages = rows.flatMap(({ what, name, count }) => (what === 'stage' ? [[name!, count] as const] : []))
  return {
    total: rows.find(({ what }) => what === 'total')!.count,
    isEstimate: false,
    stages: Object.fromEntries(stages),
    levels,
  }
}

function scaled({ total, stages, levels }: LeadCounts, factor: number, atLeast: number): LeadCounts {
  const times = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Math.round(count * factor)]))
  return {
    total: Math.max(atLeast, Math.round(total * factor)),
    isEstimate: true,
    stages: times(stages),
    levels: Object.fromEntries(Object.entries(levels).map(([name, counts]) => [name, times(counts)])),
  }
}
