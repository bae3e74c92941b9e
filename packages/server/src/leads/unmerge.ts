/** Telling two leads apart again that were taken for one: both become what their own histories make of them. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { FirstTouch } from '../db/tables.ts'
import { ServerError } from '../errors.ts'
import { joinsAccounts } from '../live/account-circles.ts'
import { assessCircles, type CircleWork } from '../live/assess-circles.ts'
import { lockCircles, readLeads, writeLeads, type LeadRow, type ProfileColumns } from '../live/circles.ts'
import { INFERRED, readLog, type LoggedFact } from '../live/log.ts'
import { firstEmails } from '../live/names.ts'
import { earlier, newProfile, profileColumns, withFacts } from '../live/profile.ts'
import type { Taking } from '../live/take.ts'
import { inTransaction, JUDGING } from '../live/transaction.ts'

/**
 * @param lead  one that was merged into another; whoever had been merged into it before comes with it
 * @throws ServerError `conflict` where it stands for itself
 */
export async function unmerge(taking: Taking, lead: string, by: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(taking.pool, (client) => unmergeOnce(client, taking, lead, by), JUDGING)
    } catch (error) {
      if (!(error instanceof Moved || (error as { code?: string }).code === '40P01') || attempt === 8) throw error
    }
  }
}

/** Somebody else has merged or moved one of them meanwhile: begin again. */
class Moved extends Error {}

async function unmergeOnce(client: pg.PoolClient, taking: Taking, lead: string, by: string): Promise<void> {
  const now = taking.now()
  const { root, circle } = await placeOf(client, lead)
  const locked = await lockCircles(client, [circle])
  const place = await placeOf(client, lead)
  if (place.root !== root || place.circle !== circle) throw new Moved('merged or moved meanwhile')
  await client.query(
    `with undone as (
       update merge set undone_at = to_timestamp($2 / 1000.0), undone_by = $3 where lead_id = $1 and undone_at is null
       returning into_lead_id, gave_exclusion)
     update lead set excluded_as = null from undone where gave_exclusion and lead.lead_id = into_lead_id`,
    [lead, now, by],
  )
  const live = await taking.plans.live(client)
  // Leads that are looked at together stay so: a circle may be larger than it need be.
  const own = (await joinsAccounts(client)) ? circle : lead
  const members = await split(client, { lead, root, circle: own })
  const circles = new Map([...locked, ...(own === circle ? [] : await lockCircles(client, [own]))])
  const rows = await readLeads(client, [...circles.keys()], [lead, root])
  const profiles = await profilesOf(
    client,
    rows.filter(({ lead_id }) => lead_id === lead || lead_id === root),
    members,
  )
  const byCircle = Map.groupBy(rows, ({ circle_id }) => circle_id)
  const work = [...circles.values()].map((row): CircleWork => {
    const leads = byCircle.get(row.circle_id) ?? []
    return { row, leads, facts: [], isAnew: true, isNew: false }
  })
  const assessed = live && (await assessCircles(client, live, { circles: work, now, log: taking.log }))
  await Promise.all([
    assessed?.written,
    writeLeads(client, { profiles, seen: new Map(), assessed: assessed?.columns ?? new Map() }),
  ])
}

async function placeOf(client: pg.PoolClient, lead: string): Promise<{ root: string; circle: string }> {
  const { rows } = await client.query<{ root: string | null; circle: string | null }>(
    `select l.merged_into as root, r.circle_id as circle from lead l left join lead r on r.lead_id = l.merged_into
     where l.lead_id = $1`,
    [lead],
  )
  if (rows[0] === undefined) throw new ServerError('not_found', `there is no lead ${lead}`, { at: 'params.lead' })
  const { root, circle } = rows[0]
  if (root === null || circle === null)
    throw new ServerError('conflict', 'this lead is not part of another', { at: 'params.lead' })
  return { root, circle }
}

/** @returns for everybody who was one: the lead that they are now */
async function split(
  client: pg.PoolClient,
  { lead, root, circle }: { lead: string; root: string; circle: string },
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ lead_id: string; into_lead_id: string | null }>(
    `select l.lead_id, m.into_lead_id from lead l
     left join merge m on m.lead_id = l.lead_id and m.undone_at is null where l.merged_into = $1`,
    [root],
  )
  const into = new Map(rows.flatMap((row) => (row.into_lead_id === null ? [] : [[row.lead_id, row.into_lead_id]])))
  const rootOf = (id: string): string => (into.has(id) ? rootOf(into.get(id)!) : id)
  const members = new Map([[root, root], ...rows.map((row): [string, string] => [row.lead_id, rootOf(row.lead_id)])])
  const leaving = [...members].flatMap(([id, now]) => (now === lead ? [id] : []))
  await client.query(
    `update lead set merged_into = nullif($2::uuid, lead_id), circle_id = $3 where lead_id = any($1::uuid[])`,
    [leaving, lead, circle],
  )
  return members
}

async function profilesOf(
  client: pg.PoolClient,
  rows: readonly LeadRow[],
  members: ReadonlyMap<string, string>,
): Promise<Map<string, ProfileColumns>> {
  const logs = await readLog(client, members)
  const inferred = await readInferred(client, members)
  const touches = await readTouches(client, members)
  const since = await readSince(client, members)
  const emails = await firstEmails(
    client,
    rows.map(({ lead_id }) => lead_id),
  )
  const profiles = new Map<string, ProfileColumns>()
  for (const row of rows) {
    // What is known of its account, and what we added to keep a stage, is not about when it came to us.
    const facts = logs
      .get(row.lead_id)!
      .filter(({ kind, id }) => kind !== 'account_attribute' && !id.startsWith('carry/'))
      .map((fact): LoggedFact => (inferred.has(fact.id) ? { fact, flags: [INFERRED] } : { fact }))
    const created = facts.length > 0 ? Infinity : (since.get(row.lead_id) ?? row.created_at)
    const profile = withFacts(newProfile(created), facts, touches.get(row.lead_id))
    profiles.set(row.lead_id, profileColumns(profile, row.circle_id, emails.get(row.lead_id)))
  }
  return profiles
}

/** Links that follow from an address only. */
async function readInferred(client: pg.PoolClient, members: ReadonlyMap<string, string>): Promise<Set<string>> {
  const { rows } = await client.query<{ fact_id: string }>(
    `select fact_id from fact where lead_id = any($1::uuid[]) and kind = 'link' and $2 = any(flags)`,
    [[...members.keys()], INFERRED],
  )
  return new Set(rows.map(({ fact_id }) => fact_id))
}

async function readTouches(
  client: pg.PoolClient,
  members: ReadonlyMap<string, string>,
): Promise<Map<string, FirstTouch>> {
  const { rows } = await client.query<{ lead_id: string; body: FirstTouch }>(
    'select lead_id, body from touch where lead_id = any($1::uuid[])',
    [[...members.keys()]],
  )
  const touches = new Map<string, FirstTouch>()
  for (const { lead_id, body } of rows) {
    const root = members.get(lead_id)!
    touches.set(root, earlier(touches.get(root) ?? null, body)!)
  }
  return touches
}

async function readSince(client: pg.PoolClient, members: ReadonlyMap<string, string>): Promise<Map<string, Instant>> {
  const { rows } = await client.query<{ lead_id: string; since: Instant }>(
    'select lead_id, min(since) as since from identity where lead_id = any($1::uuid[]) group by lead_id',
    [[...members.keys()]],
  )
  const since = new Map<string, Instant>()
  for (const row of rows) {
    const root = members.get(row.lead_id)!
    since.set(root, Math.min(since.get(root) ?? Infinity, row.since))
  }
  return since
}
