/** What leads have allowed and forbidden: a ledger, of which the latest line of a purpose counts. */
import { z } from 'zod'
import { instant, instantText, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { leadParams } from './shared.ts'

const state = z.enum(['given', 'withdrawn', 'objected']).meta({
  description:
    '`withdrawn`: it was given and is no longer. `objected`: the lead said no, whether it had been asked or not.',
})
export const CONSENT_PURPOSE = /^[a-z][a-z0-9_]{0,49}$/
export const consentPurpose = z
  .string()
  .regex(CONSENT_PURPOSE, 'small letters, digits and underscores')
  .meta({
    description:
      '`email`, `phone`, `scoring`, or a name of your own. Whoever objects to `scoring` is not assessed from then on.',
    examples: ['email'],
  })

const line = z.object({
  purpose: z.string(),
  state,
  at: instantText.describe('When the lead said so'),
  recordedAt: instantText,
  evidence: z.string(),
  by: z
    .object({ id: uuid, name: z.string() })
    .describe('Who wrote it down: a person, a key, or the source that said so'),
})

const params = { lead: '0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa' }

export const consent = endpoints({
  getConsent: {
    method: 'GET',
    path: '/api/leads/:lead/consent',
    summary: 'Say what a lead has allowed and forbidden, and since when',
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    reply: z.object({
      now: z.array(line).describe('The latest of each purpose, by purpose'),
      ledger: z.array(line).describe('All lines, the latest first; 1,000 at most'),
    }),
    example: { params },
  },
  recordConsent: {
    method: 'POST',
    path: '/api/leads/:lead/consent',
    summary: 'Write down that a lead has allowed or forbidden something',
    description: 'A line cannot be changed or deleted: what was written by mistake is followed by another line.',
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.consent',
    status: 201,
    params: leadParams,
    body: z.strictObject({
      purpose: consentPurpose,
      state,
      at: instant.optional().describe('When the lead said so; now, where absent'),
      evidence: z.string().trim().min(1).max(1_000).describe('How we know: the form, the letter, the call'),
    }),
    reply: line,
    example: { params, body: { purpose: 'email', state: 'given', evidence: 'Ticked on the form of the autumn fair' } },
  },
})
