import { orNull, toInstantText, type queue } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import type { LeadParts } from '../leads/handlers.ts'
import { digestOf, invalid, messageIdOf, requireTaken } from '../leads/intake-of.ts'
import { levelFilter } from '../leads/lead-filter.ts'
import { memberIds, requireLead } from '../leads/lead-rows.ts'
import type { IntakePort } from '../live/intake.ts'
import { priorityOf, workedStages } from './priority.ts'
import {
  addCall,
  claimLead,
  findClaim,
  listCalls,
  readCandidates,
  readQueued,
  releaseLead,
  snoozeLead,
  unsnoozeLead,
  type CallAdded,
  type CallPlace,
  type CallRow,
  type ClaimRow,
  type QueuedRow,
} from './store.ts'
import { explainLeads, type Why } from './why.ts'

/** How long a lead stays taken without a sign of life. */
const CLAIM_MS = 30 * 60_000
const SNOOZE_MAX_MS = 366 * 86_400_000

export interface QueueParts extends Pick<LeadParts, 'db' | 'pool' | 'taking' | 'intake' | 'cursors'> {
  /** There is something new for whoever follows changes. */
  readonly changed: () => void
}

export function queueHandlers({ db, pool, taking, intake, cursors, changed }: QueueParts): HandlersOf<typeof queue> {
  return {
    getQueue: async ({ query, actor, now }) => {
      const { limit, cursor, claimed, snoozed, stage, level } = query
      const list = JSON.stringify(['queue', actor?.id, claimed, snoozed, stage ?? null, level ?? null])
      const [asOf, lastPriority, lastLead] =
        cursor === undefined ? [now, Infinity, ''] : (cursors.open(list, cursor) as [Instant, number, string])
      const live = await taking.plans.live(pool)
      if (live === undefined) return { asOf: toInstantText(asOf), items: [], total: { count: 0, isEstimate: false } }
      const worked = claimed === 'mine' ? undefined : workedStages(live.plan)
      const { rows, isCut } = await readCandidates(db, {
        now: asOf,
        actor: requireActor(actor).id,
        claimed,
        snoozed,
        stages: stage?.split(',') ?? worked,
        levels: (level ?? []).map(levelFilter),
      })
      const sorted = rows
        .map((row) => ({ lead: row.lead_id, priority: priorityOf(live.plan, row, asOf) }))
        .sort((a, b) => b.priority - a.priority || (a.lead < b.lead ? -1 : 1))
      const rest = sorted.filter(
        ({ lead, priority }) => priority < lastPriority || (priority === lastPriority && lead > lastLead),
      )
      const shown = rest.slice(0, limit)
      const found = await readQueued(
        db,
        shown.map(({ lead }) => lead),
        now,
      )
      const whys = await explainLeads(pool, live, [...found.values()], now)
      const items = shown.flatMap(({ lead, priority }) => {
        const row = found.get(lead)
        return row === undefined ? [] : [{ ...queuedReply(row, { why: whys.get(lead), actor }), priority }]
      })
      const last = shown.at(-1)
      return {
        asOf: toInstantText(asOf),
        items,
        total: { count: sorted.length, isEstimate: isCut },
        ...(rest.length > limit && { next: cursors.seal(list, [asOf, last!.priority, last!.lead]) }),
      }
    },

    getClaim: async ({ params, actor, now }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const row = (await readQueued(db, [lead_id], now)).get(lead_id)
      return {
        lead: lead_id,
        claim: row?.claim ? claimReply(row.claim, actor) : null,
        snoozedUntil: orNull(row?.snoozed_until ?? null),
      }
    },

    claimLead: async ({ params, actor: anybody, now, note }) => {
      const actor = requireActor(anybody)
      const { lead_id } = await requireLead(db, params.lead)
      const claim = await claimLead(db, lead_id, { actor, now, until: now + CLAIM_MS })
      if (claim === undefined) throw await taken(db, lead_id, { actor, now })
      changed()
      note({ lead: lead_id })
      return { lead: lead_id, claim: claimReply(claim, actor) }
    },

    releaseLead: async ({ params, actor: anybody, now, note }) => {
      const actor = requireActor(anybody)
      const { lead_id } = await requireLead(db, params.lead)
      const isReleased = await releaseLead(db, lead_id, { actor, now })
      if (isReleased) changed()
      else if ((await findClaim(db, lead_id, now)) !== undefined) throw await taken(db, lead_id, { actor, now })
      note({ lead: lead_id })
      return { lead: lead_id, claim: null }
    },

    snoozeLead: async ({ params, body: { until }, actor, now, note }) => {
      requireAhead(until, now, '/until')
      const { lead_id } = await requireLead(db, params.lead)
      await snoozeLead(db, lead_id, { actor: requireActor(actor), now, until })
      changed()
      note({ lead: lead_id })
      return { lead: lead_id, snoozedUntil: toInstantText(until) }
    },

    unsnoozeLead: async ({ params, actor, now, note }) => {
      const { lead_id } = await requireLead(db, params.lead)
      await unsnoozeLead(db, lead_id, { actor: requireActor(actor), now })
      changed()
      note({ lead: lead_id })
      return { lead: lead_id, snoozedUntil: null }
    },

    addCall: async ({ params, body, actor: anybody, now, request, note }) => {
      const { id, outcome, callbackAt } = body
      const actor = requireActor(anybody)
      if (callbackAt !== undefined) requireAhead(callbackAt, now, '/callbackAt')
      const { lead_id: lead } = await requireLead(db, params.lead)
      const callId = messageIdOf({ actor, id, header: request.headers['idempotency-key'] })
      const call: CallAdded = { callId, lead, outcome, note: body.note, callbackAt, actor, now }
      if (tookPart(outcome)) await tellLog(intake, call)
      const row = await addCall(db, call)
      changed()
      note({ lead, outcome })
      return { ...callReply(row), snoozedUntil: orNull(row.callback_at) }
    },

    listCalls: async ({ params, query: { cursor, limit } }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const list = JSON.stringify(['calls', lead_id])
      const rows = await listCalls(db, await memberIds(db, lead_id), {
        after: cursor === undefined ? undefined : (cursors.open(list, cursor) as CallPlace),
        limit: limit + 1,
      })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(callReply),
        ...(rows.length > limit && { next: cursors.seal(list, [last!.at, last!.call_id]) }),
      }
    },
  }
}

/** Rights are never those of a nobody; this says so to the compiler. */
function requireActor(actor: Actor | undefined): Actor {
  if (actor === undefined) throw new ServerError('unauthenticated', 'the request does not say who makes it')
  return actor
}

async function taken(db: Db, lead: string, { actor, now }: { actor: Actor; now: Instant }): Promise<ServerError> {
  const claim = await findClaim(db, lead, now)
  return new ServerError('conflict', `${claim?.actor_name ?? 'somebody else'} has this lead at the moment`, {
    at: 'params.lead',
    details: { claim: claim ? claimReply(claim, actor) : null },
  })
}

function requireAhead(at: Instant, now: Instant, place: string): void {
  if (at <= now) throw invalid(place, 'this lies in the past')
  if (at > now + SNOOZE_MAX_MS) throw invalid(place, 'this is more than a year ahead')
}

const tookPart = (outcome: CallAdded['outcome']) => outcome === 'reached' || outcome === 'callback'

/** The lead talked to us: that is something it did, and definitions may count it. */
async function tellLog(intake: IntakePort, { callId, lead, outcome, now }: CallAdded): Promise<void> {
  const [taken] = await intake.take([
    {
      messageId: callId,
      digest: digestOf(['call', lead, outcome]),
      receivedAt: now,
      names: [{ kind: 'lead', value: lead }],
      says: [{ id: `${callId}/0`, at: now, kind: 'activity', type: 'sales_call', properties: { outcome } }],
      body: { outcome },
    },
  ])
  requireTaken(taken!)
}

// --- Replies ---------------------------------------------------------------------------------------------------------

const claimReply = ({ actor_id, actor_name, since, until }: ClaimRow, actor: Actor | undefined) => ({
  by: { id: actor_id, name: actor_name },
  isMine: actor_id === actor?.id,
  since: toInstantText(since),
  until: toInstantText(until),
})

const callReply = (row: CallRow) => ({
  id: row.call_id.slice(row.call_id.indexOf(':', 'api:'.length) + 1),
  lead: row.lead_id,
  at: toInstantText(row.at),
  outcome: row.outcome,
  note: row.note,
  callbackAt: orNull(row.callback_at),
  by: row.actor_name,
})

function queuedReply(row: QueuedRow, { why, actor }: { why: Why | undefined; actor: Actor | undefined }) {
  const { last_call_at: callAt, last_call_outcome: outcome } = row
  return {
    lead: { id: row.lead_id, name: row.name, email: row.email },
    account: row.account_id === null ? null : { id: row.account_id, name: row.account_name },
    stage: row.stage,
    stageSince: orNull(row.stage_since),
    levels: row.levels,
    scores: why?.scores ?? row.scores ?? {},
    expectedValue: row.expected_value,
    slaDueAt: orNull(row.sla_due_at),
    nextChange: why?.nextChange ?? null,
    why: why?.why ?? [],
    claim: row.claim && claimReply(row.claim, actor),
    snoozedUntil: orNull(row.snoozed_until),
    lastActivityAt: orNull(row.last_activity_at),
    lastCall: callAt === null || outcome === null ? null : { at: toInstantText(callAt), outcome },
  }
}
