/** Past leads of which it is known what sales made of them. */
import { formatInstant, type Instant } from '@winnow/engine'
import { sql, type RawBuilder } from 'kysely'
import type { Db } from '../db/database.ts'

export type Outcome = 'won' | 'accepted' | 'rejected' | 'lost'
/** What a lead that was worth a call comes to. */
export const isGood = (outcome: Outcome): boolean => outcome === 'won' || outcome === 'accepted'

export interface Candidates {
  readonly category: string
  /** When sales first decided. */
  readonly from: Instant | undefined
  readonly to: Instant | undefined
}

export interface Candidate {
  readonly lead_id: string
  readonly outcome: Outcome
  /** When sales first decided. */
  readonly decided_at: Instant
  /** By the ledger, just before. */
  readonly level: string | null
}

/**
 * Decisions of the lead that each lead is now; the level is that of the ledger, so that strata cost no replay. Without leads of
 * which it may be forgotten what they had done by then: nobody can be shown them as they were.
 */
const candidates = ({ category, from, to }: Candidates): RawBuilder<Candidate> => sql<Candidate>`
  select d.lead_id, d.outcome, d.decided_at, t.to_value as level
  from (
    select root.lead_id, min(f.at) as decided_at,
      case when bool_or(f.body ->> 'decision' = 'win') then 'won'
        when bool_or(f.body ->> 'decision' = 'lose') then 'lost'
        when bool_or(f.body ->> 'decision' in ('accept', 'qualify')) then 'accepted'
        else 'rejected' end as outcome
    from fact f
    join lead l on l.lead_id = f.lead_id
    join lead root on root.lead_id = coalesce(l.merged_into, l.lead_id)
    where f.kind = 'decision' and root.excluded_as is null
      and f.body ->> 'decision' in ('accept', 'qualify', 'win', 'lose', 'reject', 'recycle', 'disqualify')
    group by root.lead_id, root.created_at
    having not exists (
      select from forgetting g where g.activities > 0 and g.at > min(f.at) and root.created_at < g.before)
  ) d
  left join lateral (
    select to_value from transition
    where lead_id = d.lead_id and kind = 'category' and name = ${category} and superseded_at is null and at < d.decided_at
    order by at desc, version desc, place desc limit 1
  ) t on true
  where (${bound(from)} is null or d.decided_at >= ${bound(from)}) and (${bound(to)} is null or d.decided_at < ${bound(to)})`

const bound = (at: Instant | undefined) => sql`${at === undefined ? null : formatInstant(at)}::timestamptz`

export interface Stratum {
  readonly outcome: Outcome
  readonly level: string | null
  readonly count: number
}

export async function countCandidates(db: Db, which: Candidates): Promise<Stratum[]> {
  const { rows } = await sql<Stratum>`
    select outcome, level, count(*)::integer as count from (${candidates(which)}) c
    group by outcome, level order by outcome, level`.execute(db)
  return rows
}

/** One of each outcome and level in turn, for as long as there are any: by the seed, and in an order that tells nothing. */
export async function drawCandidates(
  db: Db,
  which: Candidates,
  { size, seed }: { size: number; seed: string },
): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select lead_id, outcome, decided_at, level from (
      select c.*, row_number() over (partition by outcome, level order by md5(${seed} || lead_id), lead_id) as turn
      from (${candidates(which)}) c
      order by turn, md5(${seed} || outcome || coalesce(level, '')) limit ${size}
    ) drawn order by md5(${seed} || ':' || lead_id)`.execute(db)
  return rows
}
