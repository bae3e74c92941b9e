/** Some leads for many: chosen by chance, the same for the same seed. */
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

export interface Sample {
  /** Leads that stand for themselves and are not excluded. */
  readonly total: number
  readonly leads: readonly string[]
}

/** Of so many times as many leads as are asked for all are looked at: of few, too many places lead to the same. */
const FEW = 4

/**
 * Ids are random, so that whoever comes next after a random place is a random lead; each costs one look into the index, however
 * many there are.
 */
export async function sampleLeads(db: Db, { size, seed }: { size: number; seed: string }): Promise<Sample> {
  const total = await countAssessable(db)
  if (total <= FEW * size) {
    const all = await sql<{ lead_id: string }>`
      select lead_id from lead where merged_into is null and excluded_as is null
      order by md5(${seed} || ':' || lead_id), lead_id limit ${size}`.execute(db)
    return { total, leads: all.rows.map(({ lead_id }) => lead_id) }
  }
  // Some places lead to the same lead: half as many again are looked at.
  const { rows } = await sql<{ lead_id: string }>`
    select lead_id from (
      select x.lead_id, min(place) as place from generate_series(1, ${Math.ceil(size * 1.5)}::integer) as place, lateral (
        select lead_id from lead
        where lead_id >= md5(${seed} || ':' || place)::uuid and merged_into is null and excluded_as is null
        order by lead_id limit 1
      ) x group by x.lead_id
    ) as chosen order by place limit ${size}`.execute(db)
  return { total, leads: rows.map(({ lead_id }) => lead_id) }
}

async function countAssessable(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('lead')
    .select(sql<number>`count(*)`.as('count'))
    .where('merged_into', 'is', null)
    .where('excluded_as', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}
