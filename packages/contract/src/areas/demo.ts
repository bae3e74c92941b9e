/** The demo company: synthetic, so that Winnow can be seen at work before there is data. */
import { z } from 'zod'
import { instantText } from '../common.ts'
import { endpoints } from '../endpoint.ts'

const status = z.object({
  state: z.enum(['none', 'waiting', 'running', 'loaded', 'cancelled', 'failed']).meta({
    description:
      '`none`: there is no demo company here. After `cancelled` or `failed` its part that was loaded is there.',
  }),
  seed: z.string().nullable(),
  leads: z.number().int(),
  loadedLeads: z.number().int(),
  loadedFacts: z.number().int(),
  /** Its last instant. */
  until: instantText.nullable(),
})

const RUNNING = {
  state: 'running',
  seed: '1',
  leads: 6000,
  loadedLeads: 2400,
  loadedFacts: 120_331,
  until: '2026-11-22T00:00:00.000Z',
} as const

export const demo = endpoints({
  getDemo: {
    method: 'GET',
    path: '/api/demo',
    summary: 'Say whether a demo company is here, and how far it is loaded',
    access: 'leads:read',
    rate: 'read',
    reply: status,
    example: { reply: RUNNING },
  },
  loadDemo: {
    method: 'POST',
    path: '/api/demo',
    summary: 'Fill an empty Winnow with a synthetic company',
    description:
      'In the background, and only while there are neither leads nor definitions but the demo’s own. All of it is made up, and says so. The same seed gives the same company.',
    access: 'settings:write',
    rate: 'write',
    audit: 'demo.load',
    body: z.strictObject({
      leads: z.number().int().min(1).max(1_000_000).default(6000),
      seed: z.string().min(1).max(100).default('1'),
    }),
    reply: status,
    status: 202,
    example: {
      body: { leads: 6000, seed: '1' },
      reply: { ...RUNNING, state: 'waiting', loadedLeads: 0, loadedFacts: 0 },
    },
  },
  cancelDemo: {
    method: 'POST',
    path: '/api/demo/cancel',
    summary: 'Stop loading the demo company',
    description:
      'What is loaded stays until the demo is removed; loading it again with the same seed and size goes on.',
    access: 'settings:write',
    rate: 'write',
    audit: 'demo.cancel',
    reply: status,
  },
  removeDemo: {
    method: 'DELETE',
    path: '/api/demo',
    summary: 'Remove the demo company',
    description:
      'Its leads, accounts, facts, ledger and costs; its definitions too, where nothing else was published. Whatever else there is stays.',
    access: 'settings:write',
    rate: 'write',
    audit: 'demo.remove',
    reply: z.undefined(),
    status: 204,
  },
})
