/** What each bulk action does to some leads, and how it is put back. */
import type { BulkAction } from '@winnow/contract'
import type { FactValue, Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { whyWithoutEffect } from '../leads/decision-handlers.ts'
import { setExclusion } from '../leads/exclusion.ts'
import type { LeadParts } from '../leads/handlers.ts'
import { digestOf, type Said } from '../leads/intake-of.ts'
import type { Intake } from '../live/intake.ts'
import { noteBefore, type ChangeRow, type Outcome } from './store.ts'

export type BulkParts = Pick<LeadParts, 'db' | 'pool' | 'taking' | 'intake'>

export interface Doing {
  readonly job: string
  readonly action: BulkAction
  /** The action that is put back. */
  readonly undoes: string | null
  readonly by: string
}

/** @param rows  leads whose turn it is */
export async function doSome(parts: BulkParts, doing: Doing, rows: readonly ChangeRow[]): Promise<Outcome[]> {
  const leads = await readLeads(
    parts.db,
    rows.map(({ lead_id }) => lead_id),
  )
  const gone = rows.filter(({ lead_id }) => !leads.has(lead_id))
  const found = rows.filter(({ lead_id }) => leads.has(lead_id))
  const outcomes =
    doing.undoes === null
      ? await act(
          parts,
          doing,
          found.map(({ lead_id }) => leads.get(lead_id)!),
        )
      : await putBack(parts, doing, found, leads)
  const merged = gone.map(({ lead_id }) => refusal(lead_id, 'it is part of another lead by now'))
  return [...outcomes, ...merged]
}

interface LeadNow {
  readonly lead_id: string
  readonly stage: string | null
  readonly excluded_as: string | null
  readonly attributes: Readonly<Record<string, FactValue>>
  readonly attribute_times: Readonly<Record<string, readonly [at: Instant, factId: string]>>
}

async function readLeads(db: Db, ids: readonly string[]): Promise<Map<string, LeadNow>> {
  const rows = await db
    .selectFrom('lead')
    .select(['lead_id', 'stage', 'excluded_as', 'attributes', 'attribute_times'])
    .where('lead_id', 'in', [...ids])
    .where('merged_into', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.lead_id, row]))
}

const refusal = (lead: string, why: string): Outcome => ({ lead, state: 'refused', why })

const act = (parts: BulkParts, doing: Doing, leads: readonly LeadNow[]): Promise<Outcome[]> | Outcome[] => {
  const { action } = doing
  if (leads.length === 0) return []
  switch (action.kind) {
    case 'attribute':
      return sayAttribute(parts, doing, leads, action)
    case 'exclude':
      return excludeNoting(parts, doing, leads, action.as)
    case 'include':
      return excludeNoting(parts, doing, leads, null)
    case 'decide':
      return decide(parts, doing, leads, action)
  }
}

const putBack = (
  parts: BulkParts,
  doing: Doing,
  rows: readonly ChangeRow[],
  leads: ReadonlyMap<string, LeadNow>,
): Promise<Outcome[]> | Outcome[] => {
  const { action } = doing
  const changed = rows.map(({ lead_id, before }) => ({ lead: leads.get(lead_id)!, before }))
  if (changed.length === 0) return []
  switch (action.kind) {
    case 'attribute':
      return unsayAttribute(parts, doing, changed as Before<AttributeBefore>[], action.name)
    case 'exclude':
      return unexclude(parts, changed as Before<ExclusionBefore>[], action.as)
    case 'include':
      return unexclude(parts, changed as Before<ExclusionBefore>[], null)
    case 'decide':
      return undecide(parts, doing, changed as Before<StageBefore>[])
  }
}

interface Before<T> {
  readonly lead: LeadNow
  readonly before: T
}

// --- Saying something of each ----------------------------------------------------------------------------------------

interface Sentence {
  readonly lead_id: string
  readonly said: Said
  readonly after?: Instant | undefined
}

/** The same id for the same lead of the same action: done twice it counts once. */
const messageIdOf = (job: string, lead: string) => `bulk:${job}:${lead}`

/** @param after  what was said before, at this instant, is to be the earlier: of one instant ids decide */
function messageOf(parts: BulkParts, { job }: Doing, { lead_id: lead, said, after = -Infinity }: Sentence): Intake {
  const now = Math.max(parts.taking.now(), after + 1)
  const messageId = messageIdOf(job, lead)
  return {
    messageId,
    digest: digestOf(['bulk', job, lead]),
    receivedAt: now,
    names: [{ kind: 'lead', value: lead }],
    says: [{ ...said, id: `${messageId}/0`, at: now }],
    isCertain: true,
    body: said,
  }
}

async function say(parts: BulkParts, doing: Doing, leads: readonly Sentence[]): Promise<Outcome[]> {
  if (leads.length === 0) return []
  const taken = await parts.intake.take(leads.map((each) => messageOf(parts, doing, each)))
  return leads.map(({ lead_id }, index) =>
    taken[index]!.status === 'stored' || taken[index]!.status === 'repeated'
      ? { lead: lead_id, state: 'changed' }
      : refusal(lead_id, 'it could not be stored'),
  )
}

// --- Attributes ------------------------------------------------------------------------------------------------------

interface AttributeBefore {
  /** null: not known. */
  readonly value: FactValue
}

async function sayAttribute(
  parts: BulkParts,
  doing: Doing,
  leads: readonly LeadNow[],
  { name, value }: { name: string; value: FactValue },
): Promise<Outcome[]> {
  const is = (lead: LeadNow) => lead.attributes[name] ?? null
  // Said already by a server that died over it: it is so because of this very action.
  const isOurs = (lead: LeadNow) => lead.attribute_times[name]?.[1] === `${messageIdOf(doing.job, lead.lead_id)}/0`
  const same = leads.filter((lead) => !isOurs(lead) && JSON.stringify(is(lead)) === JSON.stringify(value))
  const other = leads.filter((lead) => !same.includes(lead))
  await noteBefore(parts.pool, doing.job, new Map(other.map((lead) => [lead.lead_id, { value: is(lead) }])))
  const said: Said = { kind: 'attribute', name, value }
  const outcomes = await say(
    parts,
    doing,
    other.map((lead) => ({ lead_id: lead.lead_id, said, after: lead.attribute_times[name]?.[0] })),
  )
  return [...outcomes, ...same.map(({ lead_id }): Outcome => ({ lead: lead_id, state: 'unchanged' }))]
}

async function unsayAttribute(
  parts: BulkParts,
  doing: Doing,
  rows: readonly Before<AttributeBefore>[],
  name: string,
): Promise<Outcome[]> {
  const ids = [messageIdOf(doing.undoes!, ''), messageIdOf(doing.job, '')]
  const isLast = ({ lead }: Before<AttributeBefore>) =>
    ids.some((id) => lead.attribute_times[name]?.[1] === `${id}${lead.lead_id}/0`)
  const outcomes = await say(
    parts,
    doing,
    rows.filter(isLast).map(({ lead: { lead_id, attribute_times }, before: { value } }) => ({
      lead_id,
      said: { kind: 'attribute', name, value },
      after: attribute_times[name]?.[0],
    })),
  )
  const changed = rows.filter((row) => !isLast(row))
  return [...outcomes, ...changed.map(({ lead }) => refusal(lead.lead_id, 'somebody has said otherwise since'))]
}

// --- Exclusions ------------------------------------------------------------------------------------------------------

interface ExclusionBefore {
  readonly excludedAs: string | null
}

/** Done already by a server that died over it: what it noted says how the lead was. */
async function excludeNoting(
  parts: BulkParts,
  { job }: Doing,
  leads: readonly LeadNow[],
  as: string | null,
): Promise<Outcome[]> {
  const now = new Map(leads.map(({ lead_id, excluded_as }) => [lead_id, { excludedAs: excluded_as }]))
  const before = await noteBefore<ExclusionBefore>(parts.pool, job, now)
  const outcomes = await exclude(parts, leads, as)
  return outcomes.map((each) =>
    each.state === 'refused'
      ? each
      : { lead: each.lead, state: before.get(each.lead)?.excludedAs === as ? 'unchanged' : 'changed' },
  )
}

async function exclude(parts: BulkParts, leads: readonly LeadNow[], as: string | null): Promise<Outcome[]> {
  const before = await setExclusion(
    parts.taking,
    leads.map(({ lead_id }) => lead_id),
    as,
  )
  return leads.map(({ lead_id }) => {
    const was = before.get(lead_id)
    if (was === undefined) return refusal(lead_id, 'it is part of another lead by now')
    return { lead: lead_id, state: was === as ? 'unchanged' : 'changed' }
  })
}

async function unexclude(
  parts: BulkParts,
  rows: readonly Before<ExclusionBefore>[],
  as: string | null,
): Promise<Outcome[]> {
  const outcomes = rows
    .filter(({ lead, before }) => lead.excluded_as !== as && lead.excluded_as !== before.excludedAs)
    .map(({ lead }) => refusal(lead.lead_id, 'somebody has decided otherwise since'))
  const open = rows.filter(({ lead }) => !outcomes.some((each) => each.lead === lead.lead_id))
  for (const [excludedAs, group] of Map.groupBy(open, ({ before }) => before.excludedAs)) {
    const done = await exclude(
      parts,
      group.map(({ lead }) => lead),
      excludedAs,
    )
    outcomes.push(...done.map((each): Outcome => (each.state === 'unchanged' ? { ...each, state: 'changed' } : each)))
  }
  return outcomes
}

// --- Decisions -------------------------------------------------------------------------------------------------------

interface StageBefore {
  readonly stage: string | null
  readonly after: string | null
}

async function decide(
  parts: BulkParts,
  doing: Doing,
  leads: readonly LeadNow[],
  { decision, reason }: Extract<BulkAction, { kind: 'decide' }>,
): Promise<Outcome[]> {
  const said: Said = { kind: 'decision', decision, by: doing.by, ...(reason !== undefined && { reason }) }
  const refused: Outcome[] = []
  const fitting: LeadNow[] = []
  const known = await knownMessages(parts.db, doing, leads)
  const after = await lastDecisions(parts.db, leads)
  for (const lead of leads) {
    const message = messageOf(parts, doing, { lead_id: lead.lead_id, said, after: after.get(lead.lead_id) })
    const why = known.has(lead.lead_id) ? undefined : await whyWithoutEffect(parts, lead, message)
    if (why === undefined) fitting.push(lead)
    else refused.push(refusal(lead.lead_id, why.because))
  }
  await noteBefore(parts.pool, doing.job, new Map(fitting.map((lead) => [lead.lead_id, { stage: lead.stage }])))
  const outcomes = await say(
    parts,
    doing,
    fitting.map(({ lead_id }) => ({ lead_id, said, after: after.get(lead_id) })),
  )
  return [...(await withStages(parts, outcomes, fitting)), ...refused]
}

async function lastDecisions(db: Db, leads: readonly LeadNow[]): Promise<Map<string, Instant>> {
  const { rows } = await sql<{ root: string; at: Instant }>`
    select coalesce(l.merged_into, l.lead_id) as root, max(f.at) as at from lead l join fact f using (lead_id)
    where (l.lead_id = any(${leads.map(({ lead_id }) => lead_id)}::uuid[])
      or l.merged_into = any(${leads.map(({ lead_id }) => lead_id)}::uuid[])) and f.kind = 'decision'
    group by 1`.execute(db)
  return new Map(rows.map(({ root, at }) => [root, at]))
}

async function knownMessages(db: Db, { job }: Doing, leads: readonly LeadNow[]): Promise<Set<string>> {
  const ids = leads.map(({ lead_id }) => messageIdOf(job, lead_id))
  const rows = await db.selectFrom('message').select('message_id').where('message_id', 'in', ids).execute()
  return new Set(rows.map(({ message_id }) => message_id.slice(messageIdOf(job, '').length)))
}

/** Where they are after it: whoever is elsewhere by the time it is put back has moved on. */
async function withStages(
  parts: BulkParts,
  outcomes: readonly Outcome[],
  leads: readonly LeadNow[],
): Promise<Outcome[]> {
  const { rows } = await sql<{ lead_id: string; stage: string | null }>`
    select lead_id, stage from lead where lead_id = any(${leads.map(({ lead_id }) => lead_id)}::uuid[])`.execute(
    parts.db,
  )
  const after = new Map(rows.map(({ lead_id, stage }) => [lead_id, stage]))
  const before = new Map(leads.map(({ lead_id, stage }) => [lead_id, stage]))
  return outcomes.map((each) =>
    each.state === 'changed'
      ? { ...each, before: { stage: before.get(each.lead), after: after.get(each.lead) ?? null } }
      : each,
  )
}

/** Nothing takes a decision back: an override says where the lead is to be. */
async function undecide(parts: BulkParts, doing: Doing, rows: readonly Before<StageBefore>[]): Promise<Outcome[]> {
  const known = await knownMessages(
    parts.db,
    doing,
    rows.map(({ lead }) => lead),
  )
  const after = await lastDecisions(
    parts.db,
    rows.map(({ lead }) => lead),
  )
  const isThere = ({ lead, before }: Before<StageBefore>) =>
    before.stage !== null && (lead.stage === before.after || known.has(lead.lead_id))
  const outcomes = await say(
    parts,
    doing,
    rows.filter(isThere).map(({ lead: { lead_id }, before: { stage } }) => ({
      lead_id,
      after: after.get(lead_id),
      said: {
        kind: 'decision',
        decision: 'override',
        by: doing.by,
        reason: 'what was decided for many at once was put back',
        override: { stage: stage! },
      },
    })),
  )
  const moved = rows.filter((row) => !isThere(row))
  return [...outcomes, ...moved.map(({ lead }) => refusal(lead.lead_id, 'it has moved on since'))]
}
