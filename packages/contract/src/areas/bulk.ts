/** What is done to many leads at once, and undone. */
import { z } from 'zod'
import { factValue, name, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { exclusion, job, leadParams } from './shared.ts'

const reason = z.string().trim().min(1).max(2_000)

const action = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('decide'),
    decision: z.enum(['accept', 'qualify', 'reject', 'recycle', 'disqualify', 'lose']),
    reason: reason.optional(),
  }),
  z.strictObject({ kind: z.literal('attribute'), name, value: factValue.describe('`null`: no longer known') }),
  z.strictObject({ kind: z.literal('exclude'), as: exclusion }),
  z.strictObject({ kind: z.literal('include') }),
])
export type BulkAction = z.output<typeof action>

const bulk = job.extend({
  action,
  undoes: uuid.nullable().describe('What this one puts back'),
  isUndoable: z.boolean().describe('It has ended, changed something, and nothing has put it back yet'),
  changed: z.number().int(),
  unchanged: z.number().int().describe('Leads that were so already'),
  refused: z.number().int().describe('Leads that it could not be done to: the list says why'),
})

const params = z.object({ bulk: uuid })
const LEADS_MAX = 10_000

export const bulkActions = endpoints({
  startBulk: {
    method: 'POST',
    path: '/api/leads/bulk',
    summary: 'Do something to many leads',
    description: `To the leads named, or to all that a list's filters find at this moment (100,000 at most). Runs in the background.
Deciding needs the right \`decisions:write\` as well; \`reject\` and its like need a reason.`,
    access: 'leads:write',
    rate: 'write',
    audit: 'bulk.start',
    status: 202,
    bodyMax: 2 * 1024 * 1024,
    body: z.union([
      z.strictObject({ leads: z.array(uuid).min(1).max(LEADS_MAX), action }),
      z.strictObject({
        query: z.string().max(10_000).describe('Filters as the address of the list says them'),
        action,
      }),
    ]),
    reply: bulk,
    example: { body: { query: 'stage=mql&source=fair', action: { kind: 'attribute', name: 'owner', value: 'Mara' } } },
  },
  getBulk: {
    method: 'GET',
    path: '/api/leads/bulk/:bulk',
    summary: 'Say how far it is',
    access: 'leads:read',
    rate: 'read',
    params,
    reply: bulk,
  },
  listBulkLeads: {
    method: 'GET',
    path: '/api/leads/bulk/:bulk/leads',
    summary: 'List its leads, and what became of each',
    access: 'leads:read',
    rate: 'read',
    params,
    query: z.strictObject({ ...paging, state: z.enum(['waiting', 'changed', 'unchanged', 'refused']).optional() }),
    reply: page(
      z.object({
        lead: z.object({ id: uuid, name: z.string().nullable(), email: z.string().nullable() }),
        state: z.enum(['waiting', 'changed', 'unchanged', 'refused']),
        why: z.string().nullable(),
      }),
    ),
  },
  cancelBulk: {
    method: 'POST',
    path: '/api/leads/bulk/:bulk/cancel',
    summary: 'Stop it; what is done stays done, and can be undone',
    access: 'leads:write',
    rate: 'write',
    audit: 'bulk.cancel',
    params,
    reply: bulk,
  },
  undoBulk: {
    method: 'POST',
    path: '/api/leads/bulk/:bulk/undo',
    summary: 'Put back what it changed',
    description: `Attributes and exclusions are as they were before. A decision cannot be unsaid: an override puts the lead back at the
stage it came from, where its time begins anew. Leads that have been changed otherwise since are left alone, and listed as refused.`,
    access: 'leads:write',
    rate: 'write',
    audit: 'bulk.undo',
    status: 202,
    params,
    reply: bulk,
  },
  setExclusion: {
    method: 'PUT',
    path: '/api/leads/:lead/exclusion',
    summary: 'Keep a lead and assess it no longer, or assess it again',
    access: 'leads:write',
    rate: 'write',
    audit: 'lead.exclude',
    params: leadParams,
    body: z.strictObject({
      as: exclusion.nullable().describe('Why: one of us, a competitor, a test; null: assess it'),
    }),
    reply: z.object({ lead: uuid, excludedAs: z.string().nullable() }),
    example: { body: { as: 'competitor' } },
  },
})
