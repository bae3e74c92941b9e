/** What people say to one another about parts of a definition. */
import { z } from 'zod'
import { instantText, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'

const text = z.string().trim().min(1).max(5_000)
const path = z.string().max(1_000).describe('`scores.fit.groups.person`, as issues name parts; empty: all of it')

const comment = z.object({
  id: uuid,
  thread: uuid.describe('The first comment of its thread; its own id where it is the first'),
  draft: uuid.nullable(),
  path: z.string(),
  text: z.string(),
  at: instantText,
  editedAt: instantText.nullable(),
  by: z.object({ id: uuid, name: z.string() }),
  isMine: z.boolean(),
  resolvedAt: instantText.nullable().describe('Of the thread; on its first comment'),
  resolvedBy: z.string().nullable(),
  isRequest: z
    .boolean()
    .describe('Of the thread; a requested change: its draft goes live only once it is made or withdrawn'),
  outcome: z.enum(['made', 'withdrawn']).nullable().describe('Of a requested change that is settled'),
})

const params = z.object({ comment: uuid })
const EXAMPLE = { comment: '8a1c7a54-1f0d-4c5b-9a43-0a3e7b6f2c11' }

export const comments = endpoints({
  listComments: {
    method: 'GET',
    path: '/api/definitions/comments',
    summary: 'List threads about a definition, the oldest first',
    description: 'Without `draft`: about the definition as it is and goes on. `path` also gives what lies below it.',
    access: 'definitions:read',
    rate: 'read',
    query: z.strictObject({
      draft: uuid.optional(),
      path: z
        .string()
        .max(1_000)
        .regex(/^[^\0]*$/, 'no U+0000')
        .optional(),
      resolved: z.enum(['without', 'only', 'with']).default('without'),
    }),
    reply: z.object({
      items: z.array(comment).describe('Each thread together, its first comment first; 2,000 at most'),
    }),
  },
  addComment: {
    method: 'POST',
    path: '/api/definitions/comments',
    summary: 'Say something about a part of a definition, or answer',
    access: 'definitions:write',
    rate: 'write',
    audit: 'comment.add',
    status: 201,
    body: z.union([
      z.strictObject({
        path,
        text,
        draft: uuid.optional(),
        isRequest: z.boolean().default(false).describe('A change is requested, of a draft that is proposed'),
      }),
      z.strictObject({ thread: uuid.describe('The first comment of the thread that it answers'), text }),
    ]),
    reply: comment,
    example: {
      body: { path: 'scores.interest.groups.asks.criteria[0]', text: 'Why sixty? Half of them never answer.' },
    },
  },
  changeComment: {
    method: 'PATCH',
    path: '/api/definitions/comments/:comment',
    summary: 'Settle a thread or open it again, or change words of your own',
    description: 'A requested change is settled as `made`, by anybody, or as `withdrawn`, by whoever requested it.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'comment.change',
    params,
    body: z.strictObject({
      text: text.optional(),
      isResolved: z.boolean().optional(),
      outcome: z.enum(['made', 'withdrawn']).optional().describe('With `isResolved: true`; `made` where not given'),
    }),
    reply: comment,
    example: { params: EXAMPLE, body: { isResolved: true } },
  },
  deleteComment: {
    method: 'DELETE',
    path: '/api/definitions/comments/:comment',
    summary: 'Delete a comment of your own',
    description: 'The first of a thread only as long as nobody has answered.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'comment.delete',
    status: 204,
    params,
    reply: z.null(),
    example: { params: EXAMPLE },
  },
})
