/** What of the past can no longer be worked out, for activities of then are forgotten. */
import { toInstantText } from '@winnow/contract'
import { formatInstant, type Fact, type Instant } from '@winnow/engine'
import type pg from 'pg'

type Querying = Pick<pg.ClientBase, 'query'>

interface Forgotten {
  readonly before: Instant
  readonly at: Instant
}

/**
 * @param at  the instant that is looked at: whatever was forgotten later counted then
 * @returns undefined where everything that these leads had done then is still here
 */
export async function forgottenOf(
  client: Querying,
  leads: readonly string[],
  at: Instant,
): Promise<Forgotten | undefined> {
  const { rows } = await client.query<Forgotten>(
    `select before, at from forgetting f
     where at > $2::timestamptz and activities > 0
       and exists (select from lead where lead_id = any($1::uuid[]) and created_at < f.before)
     order by before desc limit 1`,
    [leads, formatInstant(at)],
  )
  return rows[0]
}

/** Everybody whose facts are looked at. */
export const leadsIn = (lead: string, facts: readonly Fact[]): string[] => [
  ...new Set([lead, ...facts.flatMap((fact) => ('lead' in fact ? [fact.lead] : []))]),
]

/** What a period misses that begins at an instant, for whoever looks at it later. */
export async function forgottenSince(
  client: Querying,
  { from, lookedAt }: { from: Instant; lookedAt: Instant },
): Promise<Forgotten | undefined> {
  const { rows } = await client.query<Forgotten>(
    `select before, at from forgetting where at > $1::timestamptz and at <= $2::timestamptz and activities > 0
     order by before desc limit 1`,
    [formatInstant(from), formatInstant(lookedAt)],
  )
  return rows[0]
}

export const forgottenReply = (forgotten: Forgotten | undefined) =>
  forgotten === undefined ? null : { before: toInstantText(forgotten.before), at: toInstantText(forgotten.at) }
