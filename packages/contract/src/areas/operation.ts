import { z } from 'zod'
import { endpoints } from '../endpoint.ts'

export const operation = endpoints({
  getHealth: {
    method: 'GET',
    path: '/healthz',
    summary: 'Say whether the process lives',
    access: 'public',
    rate: 'read',
    reply: z.object({ status: z.literal('ok') }),
  },
  getReadiness: {
    method: 'GET',
    path: '/readyz',
    summary: 'Say whether requests can be served',
    description: 'Answers 503 while Winnow starts, stops or has lost its database.',
    access: 'public',
    rate: 'read',
    reply: z.object({ status: z.literal('ready'), version: z.string(), definition: z.number().int().nullable() }),
  },
})
