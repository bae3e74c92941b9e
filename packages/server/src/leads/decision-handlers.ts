import { toInstantText, type BodyOf, type decisions } from '@winnow/contract'
import {
  compareFacts,
  leadId,
  replay,
  whyNoEffect,
  type DecisionFact,
  type Fact,
  type Instant,
  type NoEffect,
} from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Call, HandlersOf } from '../http/handler.ts'
import type { Intake, Saying } from '../live/intake.ts'
import { assessNow } from './assess-now.ts'
import { ledgerReply, type LeadParts } from './handlers.ts'
import { attributeSayings, intakeOf, requireTaken, type Said } from './intake-of.ts'
import { memberIds, readLedgerAt, requireLead, type LeadRow } from './lead-rows.ts'
import { addNote } from './notes.ts'
import { readKnown } from './past.ts'

type Decision = BodyOf<(typeof decisions)['decide']>

export function decisionHandlers(parts: LeadParts): HandlersOf<typeof decisions> {
  const { db, pool, taking, intake } = parts
  const inTurn = createTurns()

  const decide = async (lead: LeadRow, call: DecideCall): Promise<Decided> => {
    const { body, params, actor, request } = call
    // Of one instant, facts count in the order of their ids: whoever decides now decides after what was decided before.
    const last = body.at === undefined ? await lastDecisionAt(db, lead.lead_id) : -Infinity
    const now = Math.max(call.now, last + 1)
    const { id, at } = body
    const wish = { actor, now, id, at, header: request.headers['idempotency-key'], wish: ['decide', params, body] }
    const message = intakeOf(wish, {
      names: [{ kind: 'lead', value: params.lead }],
      says: [...('answers' in body ? attributeSayings(body.answers) : []), decisionSaying(body, actor?.name)],
    })
    if (!body.force && !(await isKnown(db, message.messageId))) {
      const why = await whyWithoutEffect(parts, lead, message)
      if (why) throw new ServerError('decision_without_effect', why.because, { at: '/decision', details: why })
    }
    const [taken] = await intake.take([message])
    const status = requireTaken(taken!)
    const decision = message.says.at(-1)!
    if (body.note !== undefined && actor !== undefined && status === 'stored')
      await addNote(db, {
        id: taking.newId(),
        lead: lead.lead_id,
        about: decision.id,
        text: body.note,
        by: actor,
        now: call.now,
      })
    return {
      id: decision.id,
      status,
      at: status === 'stored' ? decision.at : await instantOf(db, lead.lead_id, decision.id),
    }
  }

  return {
    decide: async (call) => {
      const lead = await requireLead(db, call.params.lead)
      // The second of two who decide at once sees what the first has done.
      const { id, status, at } = await inTurn(lead.lead_id, () => decide(lead, call))
      call.note({ decision: call.body.decision, lead: lead.lead_id })
      const { assessment } = await assessNow(pool, taking.plans, await requireLead(db, lead.lead_id), taking.now())
      const changes = await readLedgerAt(db, lead.lead_id, at)
      return { lead: lead.lead_id, id, status, at: toInstantText(at), assessment, changes: changes.map(ledgerReply) }
    },
  }
}

type DecideCall = Call<(typeof decisions)['decide']>

interface Decided {
  readonly id: string
  readonly status: 'stored' | 'repeated'
  readonly at: Instant
}

function decisionSaying(body: Decision, by: string | undefined): Said {
  return {
    kind: 'decision',
    decision: body.decision,
    ...(by !== undefined && { by }),
    ...(body.reason !== undefined && { reason: body.reason }),
    ...('amount' in body && body.amount !== undefined && { amount: body.amount }),
    ...('override' in body && { override: overrideOf(body.override) }),
  }
}

function overrideOf(
  override: Extract<Decision, { decision: 'override' }>['override'],
): NonNullable<DecisionFact['override']> {
  if ('stage' in override) return override
  const { category, level, until } = override
  return { category, level, ...(until !== undefined && { until }) }
}

/** Runs what is about one lead one after the other; two servers do not wait for each other, and the facts bear it. */
function createTurns(): <T>(lead: string, run: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return async (lead, run) => {
    const mine = (last.get(lead) ?? Promise.resolve()).then(run, run)
    last.set(lead, mine)
    try {
      return await mine
    } finally {
      if (last.get(lead) === mine) last.delete(lead)
    }
  }
}

async function isKnown(db: Db, messageId: string): Promise<boolean> {
  const known = await db
    .selectFrom('message')
    .select('message_id')
    .where('message_id', '=', messageId)
    .executeTakeFirst()
  return known !== undefined
}

async function lastDecisionAt(db: Db, lead: string): Promise<Instant> {
  const row = await db
    .selectFrom('fact')
    .select('at')
    .where('lead_id', 'in', await memberIds(db, lead))
    .where('kind', '=', 'decision')
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? -Infinity
}

async function instantOf(db: Db, lead: string, factId: string): Promise<number> {
  const { at } = await db
    .selectFrom('fact')
    .select('at')
    .where('lead_id', 'in', await memberIds(db, lead))
    .where('fact_id', '=', factId)
    .executeTakeFirstOrThrow()
  return at
}

/** What the engine says of the decision, with everything that is known and the answers given with it. */
export async function whyWithoutEffect(
  { pool, taking }: Pick<LeadParts, 'pool' | 'taking'>,
  lead: Pick<LeadRow, 'lead_id' | 'excluded_as'>,
  { says }: Intake,
): Promise<(Omit<NoEffect, 'phrase'> & Partial<NoEffect>) | undefined> {
  if (lead.excluded_as !== null) return { because: `the lead is excluded: ${lead.excluded_as}`, missing: [] }
  const live = await taking.plans.live(pool)
  if (live === undefined) throw new ServerError('no_definition', 'nothing says yet what decisions do')
  const { plan, version } = live
  const known = await readKnown(pool, lead.lead_id, { plan, version, knownAt: Infinity })
  const facts = says.map((saying) => factOf(saying, known.lead))
  const decision = facts.at(-1) as DecisionFact
  const before = [...known.facts, ...facts].filter((fact) => compareFacts(fact, decision) < 0)
  const { circle } = replay(plan, before, { until: decision.at })
  return whyNoEffect(plan, circle, decision)
}

/** The sayings of a decision: attributes, and itself. */
const factOf = ({ flags: _, ...saying }: Saying, lead: string): Fact => ({ ...saying, lead: leadId(lead) }) as Fact
