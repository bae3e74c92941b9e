import type { bulkActions } from '@winnow/contract'
import { ServerError } from '../errors.ts'
import { nameOf, type Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { jobReply } from '../jobs/reply.ts'
import { cancelJob, insertJob, requireJob, type JobRow } from '../jobs/store.ts'
import { setExclusion } from '../leads/exclusion.ts'
import type { LeadParts } from '../leads/handlers.ts'
import { invalid } from '../leads/intake-of.ts'
import { filterOf, parseListQuery } from '../leads/lead-filter.ts'
import { requireLead } from '../leads/lead-rows.ts'
import type { BulkInput } from './run.ts'
import { addLeadsChanged, addLeadsFound, addLeadsNamed, countChanges, isUndone, listChanges } from './store.ts'

const LEADS_MAX = 100_000

export interface BulkHandlerParts extends LeadParts {
  /** There is something new for whoever follows changes. */
  readonly changed: () => void
}

export function bulkHandlers({ db, pool, taking, cursors, changed }: BulkHandlerParts): HandlersOf<typeof bulkActions> {
  const reply = async (row: JobRow<BulkInput>) => {
    const counts = await countChanges(pool, row.job_id)
    const { action, undoes } = row.input
    const hasEnded = row.state !== 'waiting' && row.state !== 'running'
    return {
      ...jobReply(row),
      total: counts.waiting + counts.changed + counts.unchanged + counts.refused,
      action,
      undoes,
      isUndoable: hasEnded && undoes === null && counts.changed > 0 && !(await isUndone(db, row.job_id)),
      changed: counts.changed,
      unchanged: counts.unchanged,
      refused: counts.refused,
    }
  }
  const find = (id: string) => requireJob<BulkInput, null>(pool, 'bulk', id)

  /** Its leads are noted in the transaction that makes it: nobody runs it before they are all there. */
  const start = (
    input: BulkInput,
    { actor, now }: { actor: Actor | undefined; now: number },
    addLeads: (tx: typeof db, job: string) => Promise<void>,
  ): Promise<JobRow<BulkInput>> =>
    db.transaction().execute(async (tx) => {
      const id = taking.newId()
      const by = { id: actor?.id ?? null, name: nameOf(actor) }
      const row = await insertJob(tx, { id, kind: 'bulk', input, by, now })
      await addLeads(tx, id)
      return row as JobRow<BulkInput>
    })

  return {
    startBulk: async ({ body, actor, now, note }) => {
      const { action } = body
      requireAllowed(actor, action)
      if (action.kind === 'decide' && action.reason === undefined && NEED_REASON.has(action.decision))
        throw invalid('/action/reason', `\`${action.decision}\` needs a reason`)
      if (action.kind === 'attribute' && action.name === 'email')
        throw invalid('/action/name', 'an e-mail address is a name, and no two leads have the same')
      const row = await start({ action, undoes: null }, { actor, now }, async (tx, job) => {
        const count =
          'leads' in body
            ? await addLeadsNamed(tx, job, body.leads)
            : await addLeadsFound(tx, job, filterOf(parseListQuery(body.query, '/query'), now), LEADS_MAX)
        if (count > LEADS_MAX) throw invalid('/query', `these are more than ${LEADS_MAX} leads`)
        if (count === 0) throw invalid('leads' in body ? '/leads' : '/query', 'there are no such leads')
      })
      note({ bulk: row.job_id, action: action.kind })
      return reply(row)
    },

    getBulk: async ({ params }) => reply(await find(params.bulk)),

    listBulkLeads: async ({ params, query: { state, cursor, limit } }) => {
      const { job_id } = await find(params.bulk)
      const list = JSON.stringify(['bulk', job_id, state ?? null])
      const [after] = cursor === undefined ? [] : (cursors.open(list, cursor) as [string])
      const rows = await listChanges(pool, job_id, { state, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      return {
        items: items.map((row) => ({
          lead: { id: row.lead_id, name: row.name, email: row.email },
          state: row.state,
          why: row.why,
        })),
        ...(rows.length > limit && { next: cursors.seal(list, [items.at(-1)!.lead_id]) }),
      }
    },

    cancelBulk: async ({ params, now }) => {
      await cancelJob(pool, 'bulk', params.bulk, now)
      return reply(await find(params.bulk))
    },

    undoBulk: async ({ params, actor, now, note }) => {
      const undone = await find(params.bulk)
      requireAllowed(actor, undone.input.action)
      if (!(await reply(undone)).isUndoable)
        throw new ServerError('conflict', 'it still runs, has changed nothing, or has been put back already', {
          at: 'params.bulk',
        })
      const row = await start(
        { action: undone.input.action, undoes: undone.job_id },
        { actor, now },
        async (tx, job) => {
          await addLeadsChanged(tx, job, undone.job_id)
        },
      )
      note({ undoing: row.job_id })
      return reply(row)
    },

    setExclusion: async ({ params, body: { as }, note }) => {
      const { lead_id } = await requireLead(db, params.lead)
      await setExclusion(taking, [lead_id], as)
      changed()
      note({ lead: lead_id, as: as ?? '' })
      return { lead: lead_id, excludedAs: as }
    },
  }
}

const NEED_REASON: ReadonlySet<string> = new Set(['reject', 'recycle', 'disqualify', 'lose'])

/** @throws ServerError `forbidden` */
function requireAllowed(actor: Actor | undefined, { kind }: BulkInput['action']): void {
  if (kind !== 'decide' || actor === undefined || actor.kind === 'source' || actor.rights.has('decisions:write')) return
  throw new ServerError('forbidden', 'this needs the right `decisions:write`')
}
