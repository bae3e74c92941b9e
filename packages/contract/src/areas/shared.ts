/** Shapes that the areas about leads have in common. */
import type { Phrase } from '@winnow/engine'
import { z } from 'zod'
import { factValue, instant, instantText, uuid } from '../common.ts'

export const leadParams = z.object({ lead: uuid })
export const accountParams = z.object({ account: uuid })

/** Text from an address: strict JSON has not looked at it. */
export const textQuery = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\0]*$/, 'no U+0000')

/** `temperature:hot` or `temperature:hot,warm`; several of them must all hold. */
export const several = (what: z.ZodType<string>) =>
  z
    .union([what, z.array(what).max(10)])
    .transform((given) => (Array.isArray(given) ? given : [given]))
    .meta({ type: 'array', items: { type: 'string' } })
    .optional()

const OPERATORS = ['is', 'contains', 'at_least', 'at_most', 'known'] as const

export const LEAD_SORTS = ['createdAt', 'stageSince', 'slaDueAt', 'nextChangeAt', 'expectedValue'] as const
export type LeadSort = (typeof LEAD_SORTS)[number]

/** What lists of leads are filtered by, and whatever else is about the leads of such a list. */
export const leadFilters = {
  stage: textQuery(500).optional(),
  level: several(textQuery(500).regex(/^[^:]+:.+$/s, 'category:level')),
  attribute: several(
    textQuery(1_000).regex(new RegExp(`^[^:]+:(?:${OPERATORS.join('|')}):.+$`, 's'), 'attribute:operator:value'),
  ),
  activity: several(
    textQuery(300).regex(
      /^.+:(?:(?:not_)?within:\d{1,5}(?:\.\d{1,3})?[smhdw]|at_least:\d{1,4})$/s,
      'activity:within:30d, activity:not_within:30d or activity:at_least:3',
    ),
  ).describe('What a lead did, by the names that sources use; several of them must all hold'),
  account: uuid.optional(),
  source: textQuery(1_000).optional().describe('Of the first touch'),
  import: uuid.optional().describe('Leads that the file of this import had'),
  q: textQuery(200).optional(),
  createdFrom: instant.optional(),
  createdTo: instant.optional().describe('Not included'),
  excluded: z.enum(['without', 'only', 'with']).default('without'),
}

export const messageId = z
  .string()
  .min(1)
  .max(100)
  .describe('Unique for ever: a repeat changes nothing. A header `idempotency-key` is the same')

export const leadName = z.strictObject({
  kind: z.enum(['user', 'email', 'anonymous']).describe('Your own id, an e-mail address, a browser or device'),
  value: z.string().min(1).max(254),
})

export const accountName = z.strictObject({
  kind: z.enum(['group', 'domain']).describe('Your own id of the company, or its e-mail domain'),
  value: z.string().min(1).max(254),
})
export const accountLink = z.strictObject({
  kind: z.enum(['account', 'group', 'domain']),
  value: z.string().min(1).max(254),
})

/** What the engine says, as data. A reader of the table gets the engine's own type; what it is made of is the engine's matter. */
export const phrase = z
  .object({ key: z.string(), args: z.record(z.string(), z.unknown()) })
  .describe(
    'What the English text beside it says, as data: which saying, and what stands in it (text that people wrote, numbers, other sayings, lists)',
  ) as unknown as z.ZodType<Phrase, Phrase>

export const change = z.object({
  at: instantText,
  kind: z.enum(['category', 'stage', 'sla']),
  name: z.string().describe('The category, `stage`, or the stage whose service level was breached'),
  from: z.string().nullable(),
  to: z.string(),
  cause: z.enum(['facts', 'time']),
})

export const assessment = z.object({
  asOf: instantText,
  version: z.number().int(),
  personas: z.array(z.string()),
  scores: z.record(z.string(), z.number()),
  levels: z.record(z.string(), z.string()),
  stage: z.object({
    id: z.string(),
    since: instantText,
    sla: z.object({ dueAt: instantText, breached: z.boolean() }).optional(),
  }),
  value: z
    .object({
      probability: z.number(),
      interval: z.array(z.number()).optional(),
      amount: z.number(),
      expected: z.number(),
      currency: z.string().optional(),
    })
    .optional(),
})

export const leadListed = z.object({
  id: uuid,
  name: z.string().nullable(),
  email: z.string().nullable(),
  account: z.object({ id: uuid, name: z.string().nullable() }).nullable(),
  attributes: z.record(z.string(), factValue),
  firstTouch: z.record(z.string(), z.string()).nullable(),
  createdAt: instantText,
  lastActivityAt: instantText.nullable(),
  excludedAs: z.string().nullable(),
  version: z.number().int().nullable().describe('Which definition version the rest is from'),
  assessedAt: instantText.nullable(),
  stage: z.string().nullable(),
  stageSince: instantText.nullable(),
  slaDueAt: instantText.nullable(),
  levels: z.record(z.string(), z.string()).nullable(),
  scores: z.record(z.string(), z.number()).nullable().describe('As of `assessedAt`; levels and stage are true now'),
  expectedValue: z.number().nullable(),
  nextChangeAt: instantText.nullable(),
})

/** How far something is that takes longer than a request. */
export const job = z.object({
  id: uuid,
  state: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
  done: z.number().int(),
  total: z.number().int().nullable().describe('Null until it is known'),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  createdAt: instantText,
  startedAt: instantText.nullable(),
  endedAt: instantText.nullable(),
  createdBy: z.string(),
})

/** Why a lead is kept and not assessed. */
export const exclusion = z.enum(['internal', 'competitor', 'test'])
