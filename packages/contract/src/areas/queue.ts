/** The queue: which leads are worth a person's time now, who has taken one, and what came of calling. */
import { z } from 'zod'
import { instant, instantText, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { change, leadParams, messageId, phrase, several, textQuery } from './shared.ts'

const person = z.object({ id: uuid, name: z.string() })

const claim = z.object({
  by: person,
  isMine: z.boolean(),
  since: instantText,
  until: instantText.describe('Without a sign of life until then it is free again'),
})

const OUTCOMES = ['reached', 'no_answer', 'voicemail', 'wrong_number', 'callback'] as const

const call = z.object({
  id: z.string(),
  lead: uuid,
  at: instantText,
  outcome: z.enum(OUTCOMES),
  note: z.string().nullable(),
  callbackAt: instantText.nullable(),
  by: z.string().nullable(),
})

const queued = z.object({
  lead: z.object({ id: uuid, name: z.string().nullable(), email: z.string().nullable() }),
  account: z.object({ id: uuid, name: z.string().nullable() }).nullable(),
  priority: z.number().describe('What the queue is sorted by: worth × urgency'),
  stage: z.string(),
  stageSince: instantText.nullable(),
  levels: z.record(z.string(), z.string()),
  scores: z.record(z.string(), z.number()).describe('As of `asOf`'),
  expectedValue: z.number().nullable(),
  slaDueAt: instantText.nullable(),
  nextChange: z.object({ at: instantText, changes: z.array(change) }).nullable(),
  why: z
    .array(
      z.object({
        score: z.string(),
        group: z.string(),
        criterion: z.string(),
        label: z.string().describe('What the definition calls the criterion'),
        isNamed: z
          .boolean()
          .describe('Whether people gave it that label; otherwise it is what the criterion asks, in English'),
        points: z.number(),
        because: z.string(),
        phrase,
        activities: z.array(z.string()).describe('The activities that it counts; empty where it counts none'),
        attribute: z.string().nullable().describe('The attribute that it looks up'),
      }),
    )
    .describe('What is known and gave the most points, the strongest first'),
  claim: claim.nullable(),
  snoozedUntil: instantText.nullable(),
  lastActivityAt: instantText.nullable(),
  lastCall: z.object({ at: instantText, outcome: z.enum(OUTCOMES) }).nullable(),
})

const EXAMPLE = { params: { lead: '0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa' } }

export const queue = endpoints({
  getQueue: {
    method: 'GET',
    path: '/api/queue',
    summary: 'See which leads are worth a person’s time now',
    description: `Sorted by worth × urgency. Worth is the expected value, or 1 where the definition has none, times how good the
levels are; a service level that is nearly due or newly breached is urgent up to four times, what changes within a day up to
half as much again. Without \`stage\`: stages on the path after the first, other than won. \`claimed=mine\` is what you have
taken, in whatever stage; \`claimed=unclaimed\` what nobody has. What is put off is left out, unless \`snoozed=only\`.`,
    access: 'leads:read',
    rate: 'read',
    query: z.strictObject({
      ...paging,
      limit: z.coerce.number().int().min(1).max(100).default(50),
      claimed: z.enum(['all', 'mine', 'unclaimed']).default('all'),
      snoozed: z.enum(['without', 'only']).default('without'),
      stage: textQuery(500).optional().describe('`mql,sal`: any of these'),
      level: several(textQuery(500).regex(/^[^:]+:.+$/s, 'category:level')),
    }),
    reply: z.object({
      asOf: instantText,
      items: z.array(queued),
      total: z.object({ count: z.number().int(), isEstimate: z.boolean() }).describe('Of all pages'),
      next: z.string().optional(),
    }),
    example: { query: { claimed: 'unclaimed', stage: 'mql,sal' } },
  },
  getClaim: {
    method: 'GET',
    path: '/api/leads/:lead/claim',
    summary: 'See who has taken a lead, and until when it is put off',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    reply: z.object({ lead: uuid, claim: claim.nullable(), snoozedUntil: instantText.nullable() }),
    example: EXAMPLE,
  },
  claimLead: {
    method: 'POST',
    path: '/api/leads/:lead/claim',
    summary: 'Take a lead, so that nobody else calls it',
    description: `It lasts 30 minutes and is lengthened by taking it again. Where somebody else has it: \`conflict\`, with
\`details.claim\`. Others hear of it as \`claim\` among the changes.`,
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.claim',
    params: leadParams,
    reply: z.object({ lead: uuid, claim }),
    example: EXAMPLE,
  },
  releaseLead: {
    method: 'DELETE',
    path: '/api/leads/:lead/claim',
    summary: 'Give a lead back that you have taken',
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.release',
    params: leadParams,
    reply: z.object({ lead: uuid, claim: z.null() }),
    example: EXAMPLE,
  },
  snoozeLead: {
    method: 'POST',
    path: '/api/leads/:lead/snooze',
    summary: 'Put a lead off: it leaves the queue, for everybody, until then',
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.snooze',
    params: leadParams,
    body: z.strictObject({ until: instant.describe('Within a year') }),
    reply: z.object({ lead: uuid, snoozedUntil: instantText }),
    example: { ...EXAMPLE, body: { until: '2027-03-01T08:00:00Z' } },
  },
  unsnoozeLead: {
    method: 'DELETE',
    path: '/api/leads/:lead/snooze',
    summary: 'Take a lead back into the queue',
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.unsnooze',
    params: leadParams,
    reply: z.object({ lead: uuid, snoozedUntil: z.null() }),
    example: EXAMPLE,
  },
  addCall: {
    method: 'POST',
    path: '/api/leads/:lead/calls',
    summary: 'Note what came of a call',
    description: `\`callbackAt\` puts the lead off until then. A call in which the lead took part (\`reached\`, \`callback\`)
is an activity \`sales_call\` of the lead as well, with its \`outcome\`, so that a definition can count it; attempts are what we
did, not the lead, and stay out of its facts.`,
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.call',
    status: 201,
    params: leadParams,
    body: z.strictObject({
      id: messageId.optional(),
      outcome: z.enum(OUTCOMES),
      note: z.string().trim().min(1).max(5_000).optional(),
      callbackAt: instant.optional(),
    }),
    reply: call.extend({ snoozedUntil: instantText.nullable() }),
    example: { ...EXAMPLE, body: { outcome: 'reached', note: 'Decides in June.' } },
  },
  listCalls: {
    method: 'GET',
    path: '/api/leads/:lead/calls',
    summary: 'List what came of calls, newest first',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    query: z.strictObject(paging),
    reply: z.object({ items: z.array(call), next: z.string().optional() }),
    example: EXAMPLE,
  },
})
export type CallOutcome = (typeof OUTCOMES)[number]
