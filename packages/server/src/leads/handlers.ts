import { orNull, toInstantText, type leads } from '@winnow/contract'
import type { FactValue, Instant } from '@winnow/engine'
import type pg from 'pg'
import { normaliseEmail } from '../capture/email.ts'
import type { Rules } from '../capture/rules.ts'
import type { Db } from '../db/database.ts'
import type { FirstTouch } from '../db/tables.ts'
import { ServerError } from '../errors.ts'
import type { Cursors } from '../http/cursor.ts'
import type { HandlersOf } from '../http/handler.ts'
import type { AccountName, Intake, IntakePort, LeadName } from '../live/intake.ts'
import type { Taking } from '../live/take.ts'
import { requireAccount } from './accounts.ts'
import { assessNow } from './assess-now.ts'
import { explainLead } from './explain.ts'
import {
  attributeSayings,
  digestOf,
  intakeOf,
  invalid,
  isRepeat,
  messageIdOf,
  requireTaken,
  whenOf,
  type Said,
} from './intake-of.ts'
import { countLeads } from './lead-counts.ts'
import { filterOf } from './lead-filter.ts'
import { estimateLeads, listLeads, placeOf, type Place } from './lead-list.ts'
import {
  memberIds,
  mergesOf,
  namesOf,
  readLedger,
  readTimeline,
  requireFact,
  requireLead,
  type TimelineRow,
  type LedgerPlace,
  type TimePlace,
} from './lead-rows.ts'
import { readHistory } from './history.ts'
import { addNote, countActivityTypes, deleteNote, listNotes, type NotePlace, type NoteRow } from './notes.ts'
import { listedReply, writable } from './replies.ts'
import { unmerge } from './unmerge.ts'

export interface LeadParts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly taking: Taking
  readonly intake: IntakePort
  readonly cursors: Cursors
  /** What capture knows of addresses: which company, and who is no lead. */
  readonly rules: (now: Instant) => Promise<Rules>
}

export function leadHandlers(parts: LeadParts): HandlersOf<typeof leads> {
  const { db, pool, taking, intake, cursors } = parts
  const { plans } = taking

  const leadReply = async (id: string) => {
    const row = await requireLead(db, id)
    const members = await memberIds(db, row.lead_id)
    const names = await namesOf(db, members)
    const { assessment, nextChange } = await assessNow(pool, plans, row, taking.now())
    const times = Object.entries(row.attribute_times).filter(([name]) => name in row.attributes)
    return {
      ...listedReply(row),
      attributeTimes: Object.fromEntries(times.map(([name, [at]]) => [name, toInstantText(at)])),
      names: names.map((name) => ({ ...name, since: toInstantText(name.since) })),
      mergedFrom: members.slice(1),
      assessment,
      nextChange,
    }
  }
  const take = async (message: Intake) => {
    const [taken] = await intake.take([message])
    requireTaken(taken!)
    return taken!.leadId!
  }

  return {
    listLeads: async ({ query, now }) => {
      const { limit, cursor, sort, order, ...rest } = query
      const filter = filterOf(rest, now)
      const sorting = { by: sort, order }
      const list = JSON.stringify(['leads', rest, sort, order ?? null])
      const after = cursor === undefined ? undefined : (cursors.open(list, cursor) as Place)
      const rows = await listLeads(db, filter, { sorting, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const hasMore = rows.length > limit
      return {
        items: items.map(listedReply),
        ...(hasMore && { next: cursors.seal(list, placeOf(items.at(-1)!, sorting)) }),
        ...(cursor === undefined && {
          total: hasMore
            ? { count: Math.max(limit + 1, await estimateLeads(db, filter)), isEstimate: true }
            : { count: items.length, isEstimate: false },
        }),
      }
    },

    countLeads: ({ query, now }) => countLeads(db, filterOf(query, now)),

    createLead: async ({ body, actor, now, request, note }) => {
      const { id, at, attributes, account, touch } = body
      const rules = await parts.rules(now)
      const said = namesSaid(rules, body.names, attributes)
      if (said.names.length === 0) throw invalid('/names', 'a lead needs a name: an id, an e-mail address or a browser')
      const link = await accountLink(db, rules, account, said.email)
      const wish = { actor, now, id, at, header: request.headers['idempotency-key'], wish: ['lead', body] }
      const when = whenOf(touch?.at ?? at, now, '/touch/at')
      const leadId = await take(
        intakeOf(wish, {
          names: said.names,
          says: [...attributeSayings(attributes), ...link],
          ...(touch && { touch: touchOf(touch, when.at) }),
          ...(said.excludedAs && { excludedAs: said.excludedAs }),
        }),
      )
      note({ lead: leadId })
      return leadReply(leadId)
    },

    getLead: ({ params }) => leadReply(params.lead),

    changeLead: async ({ params, body, actor, now, request }) => {
      await requireLead(db, params.lead)
      const { id, at, attributes, account } = body
      const rules = await parts.rules(now)
      const said = namesSaid(rules, body.names, attributes)
      const link = await accountLink(db, rules, account, said.email)
      const wish = { actor, now, id, at, header: request.headers['idempotency-key'], wish: ['change', params, body] }
      const leadId = await take(
        intakeOf(wish, {
          names: [{ kind: 'lead', value: params.lead }, ...said.names],
          says: [...attributeSayings(attributes), ...link],
          isCertain: true,
          ...(said.excludedAs && { excludedAs: said.excludedAs }),
        }),
      )
      return leadReply(leadId)
    },

    addActivities: async ({ params, body, actor, now, request }) => {
      await requireLead(db, params.lead)
      const header = request.headers['idempotency-key']
      const key = header === undefined ? undefined : messageIdOf({ actor, header })
      const messages = body.activities.map(({ id, type, at, properties }, index): Intake => {
        // One key for a request of several: each has a place of its own in it.
        const messageId =
          id === undefined && key !== undefined ? `${key}:${index}` : messageIdOf({ actor, id, header: undefined })
        const when = whenOf(at, now, `/activities/${index}/at`)
        return {
          messageId,
          digest: digestOf(['activity', params, type, at, properties]),
          receivedAt: now,
          names: [{ kind: 'lead', value: params.lead }],
          says: [{ kind: 'activity', type, properties, ...when, id: `${messageId}/0` }],
          body: { type, at, properties },
        }
      })
      const taken = await intake.take(messages)
      return {
        activities: taken.map(({ status }, index) => ({
          id: messages[index]!.messageId.slice(`api:${actor?.id ?? ''}:`.length),
          status: status as Exclude<typeof status, 'unknown_lead' | 'kept_out'>,
        })),
      }
    },

    listActivities: async ({ params, query: { kinds, type, cursor, limit } }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const list = JSON.stringify(['activities', lead_id, kinds, type ?? null])
      const rows = await readTimeline(db, await memberIds(db, lead_id), {
        kinds: kinds.split(','),
        type,
        after: cursor === undefined ? undefined : (cursors.open(list, cursor) as TimePlace),
        limit: limit + 1,
      })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(timelineReply),
        ...(rows.length > limit && { next: cursors.seal(list, [last!.at, last!.fact_id]) }),
      }
    },

    getLedger: async ({ params, query: { superseded, cursor, limit } }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const list = JSON.stringify(['ledger', lead_id, superseded])
      const rows = await readLedger(db, lead_id, {
        superseded: superseded === 'true',
        after: cursor === undefined ? undefined : (cursors.open(list, cursor) as LedgerPlace),
        limit: limit + 1,
      })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map((row) => ({
          id: row.transition_id,
          ...ledgerReply(row),
          version: row.version,
          recordedAt: toInstantText(row.recorded_at),
          supersededAt: orNull(row.superseded_at),
        })),
        ...(rows.length > limit && { next: cursors.seal(list, [last!.at, last!.place, last!.transition_id]) }),
      }
    },

    explainLead: async ({ params, query: { at, knownAt, version } }) => {
      const { excluded_as } = await requireLead(db, params.lead)
      // What was said once can still be explained.
      if (at === undefined && knownAt === undefined) requireAssessed(excluded_as)
      return explainLead(pool, plans, params.lead, {
        at: at ?? knownAt ?? taking.now(),
        knownAt: knownAt ?? at ?? Infinity,
        version,
      })
    },

    mergeLeads: async ({ params, body: { other, because }, actor, now, request, note }) => {
      const [lead, part] = [await requireLead(db, params.lead), await requireLead(db, other)]
      const wish = { actor, now, header: request.headers['idempotency-key'], wish: ['merge', params, other] }
      // A repeat of what has been done finds them one.
      if (lead.lead_id === part.lead_id && !(await isRepeat(db, wish)))
        throw new ServerError('conflict', 'these two are one lead already', { at: '/other' })
      const leadId = await take(
        intakeOf(wish, {
          names: [params.lead, other].map((value): LeadName => ({ kind: 'lead', value })),
          says: [],
          isCertain: true,
          merging: { by: actor?.name ?? '', because: because ?? 'somebody said so' },
        }),
      )
      note({ other })
      return leadReply(leadId)
    },

    unmergeLead: async ({ params, actor }) => {
      await unmerge(taking, params.lead, actor?.name ?? '')
      return leadReply(params.lead)
    },

    getHistory: async ({ params, query: { from, to } }) => {
      const { lead_id, excluded_as } = await requireLead(db, params.lead)
      const live = await plans.live(pool)
      if (live === undefined) throw new ServerError('no_definition', 'no definition has been published')
      const now = taking.now()
      const until = to === undefined || to > now ? now : to
      if (from !== undefined && from > until) throw invalid('query.from', 'this is after the end')
      requireAssessed(excluded_as)
      return readHistory(pool, live, lead_id, { from, to: until })
    },

    listActivityTypes: async ({ params }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const types = await countActivityTypes(db, await memberIds(db, lead_id))
      return { items: types.map(({ type, count, last_at }) => ({ type, count, lastAt: toInstantText(last_at) })) }
    },

    listNotes: async ({ params, query: { cursor, limit } }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const list = JSON.stringify(['notes', lead_id])
      const rows = await listNotes(db, await memberIds(db, lead_id), {
        after: cursor === undefined ? undefined : (cursors.open(list, cursor) as NotePlace),
        limit: limit + 1,
      })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(noteReply),
        ...(rows.length > limit && { next: cursors.seal(list, [last!.at, last!.note_id]) }),
      }
    },

    addNote: async ({ params, body: { text, about = null }, actor, now, note }) => {
      const { lead_id } = await requireLead(db, params.lead)
      if (about !== null) await requireFact(db, await memberIds(db, lead_id), about)
      const row = await addNote(db, { id: taking.newId(), lead: lead_id, about, text, by: actor!, now })
      note({ lead: lead_id, note: row.note_id })
      return noteReply(row)
    },

    deleteNote: async ({ params, actor }) => {
      const { lead_id } = await requireLead(db, params.lead)
      await deleteNote(db, await memberIds(db, lead_id), { id: params.note, by: actor! })
      return null
    },

    listMerges: async ({ params }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const merges = await mergesOf(db, [...(await memberIds(db, lead_id)), params.lead])
      return {
        items: merges.map((merge) => ({
          lead: merge.lead_id,
          into: merge.into_lead_id,
          at: toInstantText(merge.merged_at),
          because: merge.because,
          by: merge.merged_by,
          undoneAt: orNull(merge.undone_at),
          undoneBy: merge.undone_by,
        })),
      }
    },
  }
}

// --- What is said of a lead ------------------------------------------------------------------------------------------

interface NamesSaid {
  readonly names: readonly LeadName[]
  readonly email: string | undefined
  readonly excludedAs: Intake['excludedAs']
}

/** An attribute `email` is a name too, where it is an address at all. */
function namesSaid(
  rules: Rules,
  given: readonly { kind: 'user' | 'email' | 'anonymous'; value: string }[],
  attributes: Readonly<Record<string, FactValue>>,
): NamesSaid {
  const names = given.map(({ kind, value }, index): LeadName => {
    const email = kind === 'email' ? normaliseEmail(value) : value
    if (email === undefined) throw invalid(`/names/${index}/value`, 'this is no e-mail address')
    return { kind, value: email }
  })
  const said = attributes['email']
  const own = typeof said === 'string' ? normaliseEmail(said) : undefined
  const email = own ?? names.find(({ kind }) => kind === 'email')?.value
  if (own !== undefined && !names.some(({ kind, value }) => kind === 'email' && value === own))
    names.push({ kind: 'email', value: own })
  const excluding = Object.entries(attributes).map(([name, value]) => rules.excludesAttribute(name, value))
  const excludedAs = [email === undefined ? undefined : rules.excludesEmail(email), ...excluding]
  return { names, email, excludedAs: excludedAs.find((each) => each !== undefined) }
}

/** @param account  null: belongs to none; undefined: nothing is said, and the domain of the address tells */
async function accountLink(
  db: Db,
  rules: Rules,
  account: AccountName | null | undefined,
  email: string | undefined,
): Promise<Said[]> {
  if (account === null) return [{ kind: 'link', account }]
  if (account !== undefined) {
    if (account.kind === 'account') await requireAccountName(db, account.value)
    return [{ kind: 'link', account, isSaid: true }]
  }
  const domain = email === undefined ? undefined : rules.companyDomain(email)
  return domain === undefined ? [] : [{ kind: 'link', account: { kind: 'domain', value: domain } }]
}

async function requireAccountName(db: Db, id: string): Promise<void> {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw invalid('/account/value', 'this is no id of ours')
  await requireAccount(db, id, '/account/value')
}

function touchOf(said: Readonly<Partial<Record<string, string | number | undefined>>>, at: number): FirstTouch {
  return { ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)), at }
}

function requireAssessed(excludedAs: string | null): void {
  if (excludedAs !== null) throw new ServerError('conflict', `the lead is excluded: ${excludedAs}`)
}

const noteReply = (row: NoteRow) => ({
  id: row.note_id,
  lead: row.lead_id,
  about: row.fact_id,
  text: row.text,
  at: toInstantText(row.at),
  by: { id: row.actor_id, name: row.actor_name },
})

// --- Replies ---------------------------------------------------------------------------------------------------------

function timelineReply({ fact_id, at, received_at, kind, type, body, flags }: TimelineRow) {
  return {
    id: fact_id,
    at: toInstantText(at),
    receivedAt: toInstantText(received_at),
    kind: kind as 'activity' | 'decision' | 'attribute' | 'link',
    ...(type === null ? { body: writable(body) } : { type, properties: writable(body) }),
    ...(flags !== null && { flags }),
  }
}

export const ledgerReply = (row: {
  at: number
  kind: string
  name: string
  from_value: string | null
  to_value: string
  cause: string
}) => ({
  at: toInstantText(row.at),
  kind: row.kind as 'category' | 'stage' | 'sla',
  name: row.name,
  from: row.from_value,
  to: row.to_value,
  cause: row.cause as 'facts' | 'time',
})
