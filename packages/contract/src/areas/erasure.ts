/** Erasing people: what is kept of them goes for good, and their names may be kept out from then on. */
import { z } from 'zod'
import { instantText, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { leadParams } from './shared.ts'

const erased = z.object({
  id: uuid,
  at: instantText,
  by: z.string(),
  removed: z.number().int().describe('Rows that went'),
  keptOut: z.number().int().describe('Names of theirs that are kept out now'),
})

export const erasure = endpoints({
  eraseLead: {
    method: 'POST',
    path: '/api/leads/:lead/erasure',
    summary: 'Erase a person, with everything that is kept of them',
    description: `Their names, facts, notes, calls, decisions, consent, ledger and assessments go at once and for good, those of leads that
were merged into them too, and so do the files of imports that they came in with. Colleagues are assessed without them. What stays is
that somebody was erased, and figures that name nobody. With \`keepsOut\` whatever comes in by one of their names is not stored any more;
of the names only keyed digests are kept. Backups that were made before still hold them.`,
    access: 'leads:erase',
    rate: 'write',
    audit: 'lead.erase',
    params: leadParams,
    body: z.strictObject({ keepsOut: z.boolean() }),
    reply: erased,
    example: { params: { lead: '0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa' }, body: { keepsOut: true } },
  },
  listErasures: {
    method: 'GET',
    path: '/api/erasures',
    summary: 'List erasures, the latest first',
    access: 'leads:erase',
    rate: 'read',
    query: z.strictObject(paging),
    reply: page(erased),
  },
  letIn: {
    method: 'POST',
    path: '/api/erasures/let-in',
    summary: 'Let somebody in again who was erased and is kept out',
    description: 'Nothing of what was erased comes back; what they do from now on is stored again.',
    access: 'leads:erase',
    rate: 'write',
    audit: 'lead.let_in',
    body: z.strictObject({
      kind: z.enum(['email', 'user', 'anonymous']),
      value: z.string().min(1).max(1_000),
    }),
    reply: z.object({ wasKeptOut: z.boolean() }),
    example: { body: { kind: 'email', value: 'mara@acme.example' } },
  },
})
