/** What changed, as it happens. */
import { z } from 'zod'
import { instantText, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'

/** `transaction.line`: grows from each change to the next. */
const place = z
  .string()
  .regex(/^\d{1,20}\.\d{1,18}$/)
  .describe('Place in the stream: the `id` of a change')

export const changes = endpoints({
  getChanges: {
    method: 'GET',
    path: '/api/changes',
    summary: 'Follow changes of levels and stages, of the queue, and of proposals',
    description: `With \`accept: text/event-stream\`: server-sent events as they happen, from now on, or from the one after
\`Last-Event-ID\` (or \`after\`), none left out and none twice. Without: a page of JSON from \`after\` on, the oldest first;
give its \`next\` as \`after\` of the next call, whether or not it had changes.`,
    access: 'leads:read',
    rate: 'read',
    query: z.strictObject({
      after: place.optional(),
      lead: uuid.optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
    media: { reply: 'text/event-stream' },
    reply: z.object({
      changes: z.array(
        z.object({
          id: place,
          topic: z
            .string()
            .describe(
              '`transition`, or `withdrawn` for what was never so after all; `claim`, `snooze` and `call` of the queue; `erased` where somebody is gone for good; `definition` where a version went live; `proposal`; `session`',
            ),
          lead: uuid.nullable().describe('Null of a `definition`, `proposal` or `session`, which is about no lead'),
          at: instantText,
          recordedAt: instantText,
          body: z.record(z.string(), z.unknown()),
        }),
      ),
      next: place,
    }),
  },
})
