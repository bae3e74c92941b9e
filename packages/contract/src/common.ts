/** Schemas that several areas share. */
import { formatInstant, readInstant, type Instant } from '@winnow/engine'
import { z } from 'zod'

/** ISO 8601 with an offset on the wire, milliseconds behind it. */
export const instant = z
  .string()
  .max(40)
  .transform((text, context): Instant => {
    const at = readInstant(text)
    if (at !== undefined) return at
    context.addIssue({ code: 'custom', message: 'an ISO 8601 date-time with an offset, such as 2026-03-01T10:00:00Z' })
    return z.NEVER
  })
  .meta({ format: 'date-time', examples: ['2026-03-01T10:00:00Z'] })

/** An instant in a reply. */
export const instantText = z.string().meta({ format: 'date-time' })
export const toInstantText = (at: Instant): string => formatInstant(at)
export const orNull = (at: Instant | null | undefined): string | null =>
  at === null || at === undefined ? null : formatInstant(at)

/** With what is said of an instant of which activities are forgotten by now: it is worked out without them. */
export const forgotten = z
  .object({ before: instantText.describe('Activities of before are missing'), at: instantText.describe('Since then') })
  .nullable()
  .describe(
    'Activities that counted at this instant have been forgotten since, so that this is not what was said then; the ledger is. Null: nothing is missing',
  )

export const uuid = z.uuid()

/** What can be known of a lead or an account. */
export const factValue = z.union([
  z.string().max(10_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(1_000)).max(1_000),
])

/** A name of an attribute or activity type. */
export const name = z.string().min(1).max(200)

/** One page of a list. `next` is absent on the last. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().optional() })
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1_000).optional(),
}

/** Every refusal looks like this. */
export const problem = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    /** JSON pointer into the body, or `query.limit`, `params.lead`. */
    at: z.string().optional(),
    details: z.unknown().optional(),
    /** To be found in the log. */
    request: z.string().optional(),
  }),
})
export type Problem = z.output<typeof problem>['error']
