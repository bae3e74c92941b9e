/** What was changed, by whom. */
import { z } from 'zod'
import { instant, instantText, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'

const entry = z.object({
  id: z.number().int(),
  at: instantText,
  action: z.string(),
  actor: z.object({
    kind: z.enum(['person', 'key', 'source', 'nobody']),
    id: uuid.nullable(),
    name: z.string().nullable(),
  }),
  /** Ids of what was changed, and what it was changed to where that is no personal data. */
  targets: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What those are called now; nothing where they are gone, or have no name. */
  names: z.record(z.string(), z.string()),
  address: z.string(),
  /** `unknown`: it was begun, and nobody has come back to say what became of it; it may still be on its way. */
  outcome: z.enum(['done', 'unknown']),
})

export const audit = endpoints({
  listAudit: {
    method: 'GET',
    path: '/api/audit',
    summary: 'List changes, newest first',
    access: 'audit:read',
    rate: 'read',
    query: z.strictObject({
      ...paging,
      action: z
        .string()
        .regex(/^[a-z_]+(?:\.[a-z_]+)*$/)
        .max(60)
        .optional(),
      actor: uuid.optional(),
      from: instant.optional(),
      to: instant.optional().describe('Not included'),
    }),
    reply: page(entry),
    example: { query: { action: 'key.make' } },
  },
})
