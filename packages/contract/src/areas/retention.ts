/** How long activities are kept, and which are forgotten. */
import { z } from 'zod'
import { instant, instantText } from '../common.ts'
import { endpoints } from '../endpoint.ts'

const KEPT_MONTHS_MIN = 3
const KEPT_MONTHS_MAX = 120

const kept = z.object({
  months: z.number().int().nullable().describe('So long activities are kept; null: for ever'),
  forgottenBefore: instantText
    .nullable()
    .describe('No activity of before is here, and none is taken in; null: none is forgotten'),
  forgettings: z
    .array(
      z.object({
        at: instantText,
        before: instantText,
        activities: z.number().int(),
        leads: z.number().int(),
        version: z
          .number()
          .int()
          .nullable()
          .describe(
            'The version that was published with it: the text that was live. Null where there was nothing to forget',
          ),
      }),
    )
    .describe('The latest first'),
})

const months = z.number().int().min(KEPT_MONTHS_MIN).max(KEPT_MONTHS_MAX)

export const retention = endpoints({
  getRetention: {
    method: 'GET',
    path: '/api/retention',
    summary: 'See how long activities are kept, and which are forgotten',
    access: 'leads:read',
    rate: 'read',
    reply: kept,
  },
  previewRetention: {
    method: 'GET',
    path: '/api/retention/preview',
    summary: 'See what would be forgotten now',
    access: 'leads:erase',
    rate: 'read',
    query: z.strictObject({ months: z.coerce.number().pipe(months) }),
    reply: z.object({
      before: instantText.describe('The beginning of a quarter, never earlier than what is forgotten already'),
      activities: z.number().int(),
      leads: z.number().int().describe('So many leads did these'),
    }),
    example: { query: { months: 24 } },
  },
  putRetention: {
    method: 'PUT',
    path: '/api/retention',
    summary: 'Say how long activities are kept',
    description: `Whole quarters are forgotten, by the server itself: activities live up to three months longer than \`months\`. They count no
longer from the moment they are forgotten; the ledger, stages, attributes, decisions and first touches stay, and nothing brings them back.
Where there is something to forget now, \`before\` has to be what \`preview\` says: otherwise refused with \`conflict\`, and \`details\` says
what would be forgotten.`,
    access: 'leads:erase',
    rate: 'write',
    audit: 'retention.set',
    body: z.strictObject({
      months: months.nullable(),
      before: instant.optional().describe('What was shown to whoever agreed to it'),
    }),
    reply: kept,
    example: { body: { months: 24, before: '2024-01-01T00:00:00Z' } },
  },
})
