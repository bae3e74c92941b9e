/** Whether what is stored is what the log of facts comes to: the check after every kind of accident. */
import { assess, leadId, replay, type Plan } from '@winnow/engine'
import type pg from 'pg'
import { readLog } from '../../src/live/log.ts'

interface Stored {
  lead_id: string
  stage: string
  levels: Record<string, string>
  scores: Record<string, number>
  assessed_at: number
}

/**
 * For a definition that does not look at accounts.
 * @returns what does not agree, in words; nothing when all is well
 */
export async function inconsistencies(pool: pg.Pool, plan: Plan): Promise<string[]> {
  const found: string[] = []
  const { rows } = await pool.query<Stored>(
    'select lead_id, stage, levels, scores, assessed_at from lead where merged_into is null and excluded_as is null',
  )
  const members = await pool.query<{ lead_id: string; root: string }>(
    'select lead_id, coalesce(merged_into, lead_id) as root from lead',
  )
  const logs = await readLog(pool, new Map(members.rows.map(({ lead_id, root }) => [lead_id, root])))
  const ledger = await ledgerOf(pool)
  for (const { lead_id, stage, levels, scores, assessed_at } of rows) {
    const facts = logs.get(lead_id) ?? []
    const ids = new Set(facts.map(({ id }) => id))
    if (ids.size !== facts.length) found.push(`${lead_id}: a fact is in the log twice`)
    const until = facts.reduce((latest, { at }) => Math.max(latest, at), assessed_at)
    const { circle, transitions } = replay(plan, facts, { until })
    const right = assess(plan, circle, leadId(lead_id), until)
    const was = JSON.stringify([stage, sorted(levels), sorted(scores)])
    const is = JSON.stringify([right.stage.id, sorted(right.levels), sorted(right.scores)])
    if (was !== is) found.push(`${lead_id}: stored ${was}, the log says ${is}`)
    const lines = transitions.map(({ at, name, from, to }) => `${at} ${name} ${from ?? ''}>${to}`)
    const written = ledger.get(lead_id) ?? []
    if (lines.sort().join('\n') !== written.sort().join('\n')) found.push(`${lead_id}: the ledger differs`)
  }
  return [...found, ...(await misplaced(pool))]
}

/** Leads that lists would not find by what they show. */
async function misplaced(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ lead_id: string }>(
    `select lead_id from lead left join lead_standing as by using (lead_id)
     where merged_into is null and (lead.stage, lead.levels) is distinct from (by.stage, by.levels)
     union all select lead_id from lead_standing where not exists (select from lead where lead.lead_id = lead_standing.lead_id)`,
  )
  return rows.map(({ lead_id }) => `${lead_id}: is not found by its levels`)
}

const sorted = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))

async function ledgerOf(pool: pg.Pool): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{
    lead_id: string
    at: number
    name: string
    from_value: string | null
    to_value: string
  }>('select lead_id, at, name, from_value, to_value from transition where superseded_at is null')
  const ledger = new Map<string, string[]>()
  for (const { lead_id, at, name, from_value, to_value } of rows) {
    const lines = ledger.get(lead_id) ?? []
    lines.push(`${at} ${name} ${from_value ?? ''}>${to_value}`)
    ledger.set(lead_id, lines)
  }
  return ledger
}
