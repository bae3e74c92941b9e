/** Whom a backtest is about, and everything that was known of them. */
import type { Fact, Instant, LeadId } from '@winnow/engine'
import { expressionBuilder, sql } from 'kysely'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { BY_FACETS, conditionOf, type LeadFilter } from '../leads/lead-list.ts'
import { readMembers } from '../live/circles.ts'
import { linkedGroups } from '../live/linked-groups.ts'
import { readLogWith, type LogReader } from '../live/log.ts'

/** Leads that have to be replayed together. */
export type Group = readonly string[]

export interface Company {
  /** In the order of ids: whoever reads them again reads them in the same order. */
  readonly groups: readonly Group[]
  /** How many leads are in them. */
  readonly count: number
  /** Those that the backtest is about, where colleagues come along who are not. */
  readonly asked: ReadonlySet<string> | undefined
}

const eb = expressionBuilder<Tables, 'lead'>()

/** @param looksAtAccount  whether what colleagues do counts */
export async function readCompany(
  { db, pool }: { readonly db: Db; readonly pool: pg.Pool },
  filter: LeadFilter,
  looksAtAccount: boolean,
): Promise<Company> {
  const asked = await leadsThat(db, filter)
  if (!looksAtAccount) return { groups: asked.map((lead) => [lead]), count: asked.length, asked: undefined }
  const all = await leadsThat(db, { excluded: 'without' })
  const isEverybody = all.length === asked.length
  const wanted = new Set(asked)
  const groups = (await linkedGroups(pool, all)).filter(
    (group) => isEverybody || group.some((lead) => wanted.has(lead)),
  )
  return {
    groups,
    count: groups.reduce((sum, { length }) => sum + length, 0),
    asked: isEverybody ? undefined : wanted,
  }
}

async function leadsThat(db: Db, filter: LeadFilter): Promise<string[]> {
  const { rows } = await sql<{ lead_id: string }>`
    select lead_id from lead where ${conditionOf(eb, filter, BY_FACETS)} order by lead_id`.execute(db)
  return rows.map(({ lead_id }) => lead_id)
}

export interface GroupFacts {
  readonly leads: readonly LeadId[]
  readonly facts: readonly Fact[]
}

/**
 * Leads are who they are now, whenever that was found out. What publications added to keep stages belongs to other histories
 * than the one that is asked for, and is left out.
 * @param knownAt  what was received later does not count
 */
export async function readGroups(
  client: Pick<pg.Pool, 'query'>,
  reader: LogReader,
  { groups, knownAt }: { groups: readonly Group[]; knownAt: Instant },
): Promise<GroupFacts[]> {
  const logs = await readLogWith(reader, await readMembers(client, groups.flat()), knownAt)
  return groups.map((leads) => ({
    leads: leads as readonly LeadId[],
    facts: leads.flatMap((lead) => logs.get(lead) ?? []).filter(({ id }) => !id.startsWith('carry/')),
  }))
}
