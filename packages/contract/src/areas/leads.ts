/** Leads: who they are, what they did, what the definition says of them, and why. */
import { z } from 'zod'
import { factValue, forgotten, instant, instantText, name, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import {
  accountLink,
  assessment,
  change,
  LEAD_SORTS,
  leadFilters,
  leadListed,
  leadName,
  leadParams,
  messageId,
  phrase,
  textQuery,
} from './shared.ts'

const touch = z.strictObject({
  at: instant.optional().describe('When they came; now where it is not said'),
  source: z.string().min(1).max(1_000).optional(),
  medium: z.string().min(1).max(1_000).optional(),
  campaign: z.string().min(1).max(1_000).optional(),
  referrer: z.string().min(1).max(1_000).optional(),
  page: z.string().min(1).max(1_000).optional(),
})

const attributes = z
  .record(name, factValue)
  .refine((all) => Object.keys(all).length <= 200, 'at most 200 attributes')
  .describe('`null` says that it is no longer known')

const at = instant.optional().describe('When it became so; now where it is not said')

const lead = leadListed.extend({
  attributeTimes: z.record(z.string(), instantText).describe('Since when each attribute is as it is'),
  names: z.array(z.object({ kind: z.string(), value: z.string(), since: instantText })),
  mergedFrom: z.array(uuid).describe('Leads that turned out to be this one'),
  assessment: assessment.nullable().describe('As of now; null where there is no definition, or the lead is excluded'),
  nextChange: z.object({ at: instantText, changes: z.array(change) }).nullable(),
})

const note = z.object({
  id: uuid,
  lead: uuid,
  about: z.string().nullable().describe('Id of the fact that it is about, such as a decision'),
  text: z.string(),
  at: instantText,
  by: z.object({ id: uuid, name: z.string() }),
})

/** Why a lead is what it is, or was. */
export const explanation = z.object({
  lead: uuid,
  at: instantText,
  knownAt: instantText,
  version: z.number().int(),
  forgotten,
  assessment,
  contributions: z.array(
    z.object({
      score: z.string(),
      group: z.string(),
      criterion: z.string().optional(),
      outcome: z.enum(['matched', 'capped', 'decayed', 'unknown', 'not_matched', 'weighed']),
      points: z.number(),
      because: z.string(),
      phrase,
      evidence: z.array(z.string()).describe('Ids of facts; `facts` says what they are'),
    }),
  ),
  facts: z.record(z.string(), z.record(z.string(), z.unknown())),
  questions: z.array(z.object({ attribute: z.string(), question: z.string() })),
  playbooks: z.array(z.string()),
  gaps: z.array(
    z.object({
      target: z.record(z.string(), z.string()),
      reached: z.string(),
      at: instantText,
      sentence: z.string(),
      phrase,
      steps: z.array(z.record(z.string(), z.unknown())),
    }),
  ),
  cooling: z
    .object({
      category: z.string(),
      from: z.string(),
      to: z.string(),
      at: instantText,
      keptBy: z.array(z.object({ activity: z.string(), until: instantText.nullable(), sentence: z.string(), phrase })),
    })
    .nullable(),
  shut: z
    .array(z.object({ stage: z.string(), until: instantText.nullable() }))
    .describe('Stages that are closed after a step back, and until when'),
  nextChange: z.object({ at: instantText, changes: z.array(change) }).nullable(),
})

const EXAMPLE_LEAD = '0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa'

const sorting = {
  sort: z.enum(LEAD_SORTS).default('createdAt'),
  order: z.enum(['asc', 'desc']).optional().describe('The newest, the largest or the soonest first where not given'),
}

/** What a saved segment may say. */
export const segmentQuery = z.strictObject({ ...leadFilters, ...sorting })

export const leads = endpoints({
  listLeads: {
    method: 'GET',
    path: '/api/leads',
    summary: 'List and search leads',
    description: `All filters must hold. \`stage=mql,sal\` is any of these stages, \`level=temperature:hot,warm\` any of these
levels, and \`attribute=employees:at_least:50\` tests an attribute: \`is\`, \`contains\` (text), \`at_least\`, \`at_most\`
(numbers, or dates as text) and \`known\` (\`job:known:false\`). \`activity=demo:within:30d\` finds who did it in the last 30 days,
\`not_within\` who did not, \`activity=page:at_least:3\` who ever did it so often. Each of these may be given up to ten times.
\`q\` finds beginnings of words in name and e-mail address, and what has an \`@\` as a part of the address. Leads without a value to
sort by come last.`,
    access: 'leads:read',
    rate: 'read',
    query: z.strictObject({
      ...paging,
      ...leadFilters,
      ...sorting,
    }),
    reply: page(leadListed).extend({
      total: z
        .object({ count: z.number().int(), isEstimate: z.boolean() })
        .optional()
        .describe('Of all pages; on the first one'),
    }),
    example: { query: { stage: 'mql', level: 'temperature:hot', sort: 'slaDueAt' } },
  },
  countLeads: {
    method: 'GET',
    path: '/api/leads/counts',
    summary: 'Count leads by stage and by level',
    description: `For the same filters as the list. Exact up to 50,000 leads; of more, a part is counted and multiplied
(\`isEstimate\`).`,
    access: 'leads:read',
    rate: 'read',
    query: z.strictObject(leadFilters),
    reply: z.object({
      total: z.number().int(),
      isEstimate: z.boolean(),
      stages: z.record(z.string(), z.number().int()),
      levels: z.record(z.string(), z.record(z.string(), z.number().int())).describe('By category, then level'),
    }),
    example: { query: { level: 'temperature:hot' } },
  },
  createLead: {
    method: 'POST',
    path: '/api/leads',
    summary: 'Add a lead, or add to one',
    description: `A lead that is known by one of the names is added to; names that lead to several leads make them one, unless
a browser that people share (\`anonymous\`) is all that they have in common. An attribute \`email\` is a name too.
An address at a company's domain links to the account of that domain, unless \`account\` says otherwise.`,
    access: 'leads:write',
    rate: 'write',
    audit: 'lead.add',
    status: 201,
    body: z.strictObject({
      id: messageId.optional(),
      at,
      names: z.array(leadName).max(20).default([]),
      attributes: attributes.default({}),
      account: accountLink.nullable().optional(),
      touch: touch.optional(),
    }),
    reply: lead,
    example: {
      body: {
        attributes: { email: 'mara@brightmill.example', job_level: 'director' },
        touch: { source: 'webinar', campaign: 'spring' },
      },
    },
  },
  getLead: {
    method: 'GET',
    path: '/api/leads/:lead',
    summary: 'See a lead, assessed as of now',
    description: 'The id of a lead that was merged gives the lead that it is now.',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    reply: lead,
    example: { params: { lead: EXAMPLE_LEAD } },
  },
  changeLead: {
    method: 'PATCH',
    path: '/api/leads/:lead',
    summary: 'Change what is known of a lead',
    access: 'leads:write',
    rate: 'write',
    audit: 'lead.change',
    params: leadParams,
    body: z.strictObject({
      id: messageId.optional(),
      at,
      attributes: attributes.default({}),
      account: accountLink.nullable().optional().describe('`null`: belongs to none any more'),
      names: z.array(leadName).max(20).default([]).describe('More names; one of another lead makes them one'),
    }),
    reply: lead,
    example: { params: { lead: EXAMPLE_LEAD }, body: { attributes: { job_level: 'executive' } } },
  },
  addActivities: {
    method: 'POST',
    path: '/api/leads/:lead/activities',
    summary: 'Say what a lead did',
    description: `Each activity stands for itself: one with an id that was stored before counts once. One from a time whose activities
are forgotten is not stored: \`too_old\`.`,
    access: 'leads:write',
    rate: 'write',
    audit: 'lead.activity',
    params: leadParams,
    body: z.strictObject({
      activities: z
        .array(
          z.strictObject({
            id: messageId.optional(),
            type: name,
            at: instant.optional(),
            properties: z.record(z.string().max(200), z.unknown()).default({}),
          }),
        )
        .min(1)
        .max(500),
    }),
    reply: z.object({
      activities: z.array(
        z.object({ id: z.string(), status: z.enum(['stored', 'repeated', 'conflicting', 'too_old']) }),
      ),
    }),
    example: {
      params: { lead: EXAMPLE_LEAD },
      body: { activities: [{ type: 'sales_call', properties: { minutes: 12 } }] },
    },
  },
  listActivities: {
    method: 'GET',
    path: '/api/leads/:lead/activities',
    summary: 'List what a lead did, newest first',
    description: '`kinds=activity,decision,attribute,link` gives everything that is known of the lead in one list.',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    query: z.strictObject({
      ...paging,
      kinds: z
        .string()
        .regex(/^(?:activity|decision|attribute|link)(?:,(?:activity|decision|attribute|link))*$/)
        .default('activity'),
      type: textQuery(200).optional().describe('Only activities of this type'),
    }),
    reply: page(
      z.object({
        id: z.string(),
        at: instantText,
        receivedAt: instantText,
        kind: z.enum(['activity', 'decision', 'attribute', 'link']),
        type: z.string().optional(),
        properties: z.record(z.string(), z.unknown()).optional(),
        body: z.record(z.string(), z.unknown()).optional().describe('What other kinds of facts say'),
        flags: z.array(z.string()).optional().describe('What was corrected: its instant lay in the future'),
      }),
    ),
  },
  getLedger: {
    method: 'GET',
    path: '/api/leads/:lead/ledger',
    summary: 'List every change of level and stage, newest first',
    description: `What a late fact or a merge has shown never to have been so is left out, unless \`superseded=true\`.
For why a line was written: \`/explanation?at=…&knownAt=<recordedAt>&version=…\`.`,
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    query: z.strictObject({ ...paging, superseded: z.enum(['true', 'false']).default('false') }),
    reply: page(
      change.extend({
        id: z.number().int(),
        version: z.number().int(),
        recordedAt: instantText,
        supersededAt: instantText.nullable(),
      }),
    ),
  },
  explainLead: {
    method: 'GET',
    path: '/api/leads/:lead/explanation',
    summary: 'Say why a lead is what it is, or was at any instant',
    description: `Lines that add up to each score exactly, with the facts behind them. With \`at\` in the past: by the
definition version that was live then, from what had been received by then. \`knownAt\` and \`version\` ask otherwise: what
would have been said of that instant with what was known later, or by another version.`,
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    query: z.strictObject({
      at: instant.optional(),
      knownAt: instant.optional(),
      version: z.coerce.number().int().min(1).max(1_000_000).optional(),
    }),
    reply: explanation,
    example: { params: { lead: EXAMPLE_LEAD }, query: { at: '2026-03-01T10:00:00Z' } },
  },
  mergeLeads: {
    method: 'POST',
    path: '/api/leads/:lead/merge',
    summary: 'Make another lead part of this one',
    access: 'leads:write',
    rate: 'write',
    audit: 'lead.merge',
    params: leadParams,
    body: z.strictObject({ other: uuid, because: z.string().min(1).max(1_000).optional() }),
    reply: lead,
    example: { params: { lead: EXAMPLE_LEAD }, body: { other: '6a1f3ad0-55c1-4e86-8d0e-9c51c0a60b11' } },
  },
  unmergeLead: {
    method: 'POST',
    path: '/api/leads/:lead/unmerge',
    summary: 'Tell a lead apart again from the one that it was merged into',
    description: `Both are then what their own histories make of them. What came in after the merge stays with the lead
that it came in for.`,
    access: 'leads:write',
    rate: 'write',
    audit: 'lead.unmerge',
    params: leadParams,
    reply: lead,
  },
  listMerges: {
    method: 'GET',
    path: '/api/leads/:lead/merges',
    summary: 'List the merges that a lead had part in, newest first',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    reply: z.object({
      items: z.array(
        z.object({
          lead: uuid,
          into: uuid,
          at: instantText,
          because: z.string(),
          by: z.string().nullable(),
          undoneAt: instantText.nullable(),
          undoneBy: z.string().nullable(),
        }),
      ),
    }),
  },
  getHistory: {
    method: 'GET',
    path: '/api/leads/:lead/history',
    summary: 'See scores over time, with levels and stages',
    description: `Scores are those of the live version, as if it had always been live, from what is known now: at most 500 points, just
before and at what happened and in even steps between. Levels and stages are bands as the ledger has them, of the versions that were
live then.`,
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    query: z.strictObject({
      from: instant.optional().describe('The lead’s first fact where not given'),
      to: instant.optional().describe('Now where not given'),
    }),
    reply: z.object({
      lead: uuid,
      version: z.number().int(),
      from: instantText,
      to: instantText,
      at: z.array(instantText).describe('Rising; the instant of each value below'),
      scores: z.record(z.string(), z.array(z.number())),
      expectedValue: z.array(z.number().nullable()).nullable(),
      bands: z.array(
        z.object({
          kind: z.enum(['category', 'stage']),
          name: z.string(),
          level: z.string(),
          version: z.number().int(),
          from: instantText,
          to: instantText.nullable().describe('Null: it still is'),
        }),
      ),
      versions: z.array(z.object({ version: z.number().int(), at: instantText })).describe('Publications meanwhile'),
      forgotten,
    }),
    example: { params: { lead: EXAMPLE_LEAD } },
  },
  listActivityTypes: {
    method: 'GET',
    path: '/api/leads/:lead/activity-types',
    summary: 'List what kinds of things a lead did, to filter by',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    reply: z.object({
      items: z.array(z.object({ type: z.string(), count: z.number().int(), lastAt: instantText })),
    }),
  },
  listNotes: {
    method: 'GET',
    path: '/api/leads/:lead/notes',
    summary: 'List what people wrote about a lead, newest first',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    query: z.strictObject(paging),
    reply: page(note),
  },
  addNote: {
    method: 'POST',
    path: '/api/leads/:lead/notes',
    summary: 'Write something about a lead, or about one of its decisions',
    description: 'For people to read: it is no fact, and no definition can look at it.',
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.note',
    status: 201,
    params: leadParams,
    body: z.strictObject({
      text: z.string().trim().min(1).max(5_000),
      about: z.string().min(1).max(300).optional().describe('Id of a fact of this lead'),
    }),
    reply: note,
    example: { params: { lead: EXAMPLE_LEAD }, body: { text: 'Asked for an offer by June.' } },
  },
  deleteNote: {
    method: 'DELETE',
    path: '/api/leads/:lead/notes/:note',
    summary: 'Delete a note of your own',
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.delete_note',
    status: 204,
    params: leadParams.extend({ note: uuid }),
    reply: z.null(),
  },
})
