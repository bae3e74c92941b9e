/** Whom a backtest is about, and everything that was known of them. */
import { leadId, type Fact, type Instant, type LeadId } from '@winnow/engine'
import { expressionBuilder, sql } from 'kysely'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { conditionOf, findingTests, type LeadFilter } from '../leads/lead-list.ts'
import { readMembers } from '../live/circles.ts'
import { linkedGroups } from '../live/linked-groups.ts'
import { copyingReader } from '../live/log-copy.ts'
import { readLogWith, type LogReader } from '../live/log.ts'
import { readWholeLog } from './whole-log.ts'

/** Leads that have to be replayed together. */
export type Group = readonly string[]

export interface Company {
  /** In the order of ids: whoever reads them again reads them in the same order. */
  readonly groups: readonly Group[]
  /** How many leads are in them. */
  readonly count: number
  /** Those that the backtest is about, where colleagues come along who are not. */
  readonly asked: ReadonlySet<string> | undefined
  /** They are a good part of everybody, each a group of its own: the log is read as it lies rather than lead by lead. */
  readonly isMost: boolean
}

const MOST = 0.2

const eb = expressionBuilder<Tables, 'lead'>()

/** @param looksAtAccount  whether what colleagues do counts */
export async function readCompany(
  { db, pool }: { readonly db: Db; readonly pool: pg.Pool },
  filter: LeadFilter,
  looksAtAccount: boolean,
): Promise<Company> {
  const asked = await leadsThat(db, filter)
  if (!looksAtAccount) {
    const { rows } = await pool.query<{ count: number }>('select count(*) as count from lead')
    const isMost = asked.length > 0 && asked.length >= MOST * rows[0]!.count
    return { groups: asked.map((lead) => [lead]), count: asked.length, asked: undefined, isMost }
  }
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
    isMost: false,
  }
}

/** Of each lead that others turned out to be: all that it is now, itself among them. */
export async function readMerged(pool: pg.Pool): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{ lead_id: string; root: string }>(
    'select lead_id, merged_into as root from lead where merged_into is not null order by lead_id',
  )
  const members = new Map<string, string[]>()
  for (const { lead_id, root } of rows) members.set(root, [...(members.get(root) ?? [root]), lead_id])
  return members
}

async function leadsThat(db: Db, filter: LeadFilter): Promise<string[]> {
  const { rows } = await sql<{ lead_id: string }>`
    select lead_id from lead where ${conditionOf(eb, filter, findingTests(filter))} order by lead_id`.execute(db)
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
    facts: leads.flatMap((lead) => (logs.get(lead) ?? []).filter(isOfAnyHistory)),
  }))
}

const isOfAnyHistory = ({ id, kind }: Fact): boolean => kind !== 'decision' || !id.startsWith('carry/')

/** The same, of leads that are most of everybody and stand alone, in the order of their ids. */
export async function* readMost(
  client: Pick<pg.Pool, 'query'>,
  copying: pg.ClientBase,
  { groups, knownAt }: { groups: readonly Group[]; knownAt: Instant },
): AsyncGenerator<GroupFacts> {
  const leads = groups.flat()
  const members = await readMembers(client, leads)
  // What was captured for somebody who turned out to be one of them may lie anywhere.
  const others = [...members.keys()].filter((member) => members.get(member) !== member)
  const reader = copyingReader(copying)
  const told = await readLogWith(
    { ...reader, activities: async () => (others.length === 0 ? [] : reader.activities(others)) },
    members,
    knownAt,
  )
  const log = await readWholeLog(copying, leads, knownAt)
  for (const lead of leads) {
    const facts = [...(told.get(lead) ?? []).filter(isOfAnyHistory), ...log.factsOf(lead)]
    yield { leads: [leadId(lead)], facts }
  }
}
