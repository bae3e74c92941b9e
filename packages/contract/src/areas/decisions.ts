/** What people decide about leads. */
import { z } from 'zod'
import { factValue, instant, instantText, name, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { assessment, change, leadParams, messageId } from './shared.ts'

const reason = z.string().trim().min(1).max(2_000)
const common = {
  id: messageId.optional(),
  at: instant.optional().describe('When it was decided; now where it is not said'),
  note: z.string().trim().min(1).max(5_000).optional().describe('For people to read; kept beside it, not in it'),
  force: z.boolean().default(false).describe('Store it even where it has no effect'),
}

const body = z.discriminatedUnion('decision', [
  z.strictObject({ ...common, decision: z.literal('accept'), reason: reason.optional() }),
  z.strictObject({ ...common, decision: z.literal('reject'), reason }),
  z.strictObject({
    ...common,
    decision: z.literal('qualify'),
    answers: z
      .record(name, factValue)
      .refine((all) => Object.keys(all).length <= 200, 'at most 200 answers')
      .default({})
      .describe('Attributes that became known, of the same instant'),
    reason: reason.optional(),
  }),
  z.strictObject({ ...common, decision: z.literal('recycle'), reason }),
  z.strictObject({ ...common, decision: z.literal('disqualify'), reason }),
  z.strictObject({
    ...common,
    decision: z.literal('win'),
    amount: z.number().min(0).max(1e12).optional(),
    reason: reason.optional(),
  }),
  z.strictObject({ ...common, decision: z.literal('lose'), reason }),
  z.strictObject({
    ...common,
    decision: z.literal('override'),
    reason,
    override: z.union([
      z.strictObject({ category: name, level: name, until: instant.optional() }),
      z.strictObject({ stage: name }),
    ]),
  }),
])

export const decisions = endpoints({
  decide: {
    method: 'POST',
    path: '/api/leads/:lead/decisions',
    summary: 'Accept, reject, qualify, recycle, disqualify, win, lose or override',
    description: `A decision that would have no effect is refused with \`decision_without_effect\` and says why: for
\`qualify\`, \`details.missing\` names the answers that nobody has given. \`force\` stores it all the same.`,
    access: 'decisions:write',
    rate: 'write',
    audit: 'lead.decide',
    status: 201,
    params: leadParams,
    body,
    reply: z.object({
      lead: uuid,
      id: z.string().describe('Of the fact: notes may be about it'),
      status: z.enum(['stored', 'repeated']),
      at: instantText,
      assessment: assessment.nullable(),
      changes: z.array(change).describe('Lines of the ledger at that instant'),
    }),
    example: {
      params: { lead: '0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa' },
      body: { decision: 'qualify', answers: { budget: 40_000, signs: true } },
    },
  },
})
