/** Lists of leads that somebody comes back to. */
import { z } from 'zod'
import { instantText, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'

const query = z
  .string()
  .max(10_000)
  .describe('Filters and order as the address of the list says them: `stage=mql&level=temperature:hot&sort=slaDueAt`')
const label = z.string().trim().min(1).max(200)
const columns = z.array(z.string().min(1).max(200)).max(200)

const segment = z.object({
  id: uuid,
  name: z.string(),
  query: z.string(),
  columns: z.array(z.string()).nullable(),
  isShared: z.boolean(),
  isMine: z.boolean(),
  owner: z.string(),
  createdAt: instantText,
  updatedAt: instantText,
})

const params = z.object({ segment: uuid })
const EXAMPLE = '3b0f3c52-55a5-4a2c-8a39-0f5f0cf6a0d1'

export const segments = endpoints({
  listSegments: {
    method: 'GET',
    path: '/api/segments',
    summary: 'List saved segments: your own, and those that are shared',
    access: 'leads:read',
    rate: 'read',
    reply: z.object({ items: z.array(segment) }),
  },
  addSegment: {
    method: 'POST',
    path: '/api/segments',
    summary: 'Save a segment',
    access: 'leads:read',
    rate: 'write',
    audit: 'segment.add',
    status: 201,
    body: z.strictObject({ name: label, query, columns: columns.optional(), isShared: z.boolean().default(false) }),
    reply: segment,
    example: { body: { name: 'Hot and unanswered', query: 'stage=mql&level=temperature:hot', isShared: true } },
  },
  changeSegment: {
    method: 'PATCH',
    path: '/api/segments/:segment',
    summary: 'Change a segment of your own',
    description: 'An administrator may change and delete those of others that are shared.',
    access: 'leads:read',
    rate: 'write',
    audit: 'segment.change',
    params,
    body: z.strictObject({
      name: label.optional(),
      query: query.optional(),
      columns: columns.nullable().optional(),
      isShared: z.boolean().optional(),
    }),
    reply: segment,
    example: { params: { segment: EXAMPLE }, body: { isShared: false } },
  },
  deleteSegment: {
    method: 'DELETE',
    path: '/api/segments/:segment',
    summary: 'Delete a segment of your own',
    access: 'leads:read',
    rate: 'write',
    audit: 'segment.delete',
    status: 204,
    params,
    reply: z.null(),
    example: { params: { segment: EXAMPLE } },
  },
})
