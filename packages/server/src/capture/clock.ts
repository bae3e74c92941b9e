/** When it happened, by the sender's clock and ours. */
import { readInstant, type Instant } from '@winnow/engine'
import { MessageRefusal } from './refusal.ts'

export type Flag = 'future' | 'past' | 'skew'

export interface When {
  readonly at: Instant
  readonly flags: readonly Flag[]
}

/** The difference of two clocks up to here is taken for the time that the message was under way. */
const TRAVEL_MAX_MS = 5_000
/** Before this nobody tracked anything: what says so comes from a clock that was never set. */
const EARLIEST: Instant = Date.UTC(2000, 0, 1)

const NO_FLAGS: readonly Flag[] = []

/**
 * The sender's clock is corrected by what it showed when the message was sent: `receivedAt − (sentAt − timestamp)`.
 * What still lies in the future, or before 2000, is set to when we heard of it, and flagged.
 * @param sentAt  absent for messages about the past, whose timestamps are taken as they are
 */
export function correct(timestamp: Instant | undefined, sentAt: Instant | undefined, receivedAt: Instant): When {
  if (timestamp === undefined) return { at: receivedAt, flags: NO_FLAGS }
  const skew = sentAt === undefined ? 0 : receivedAt - sentAt
  const isSkewed = Math.abs(skew) > TRAVEL_MAX_MS
  const at = isSkewed ? timestamp + skew : timestamp
  const flags: readonly Flag[] = isSkewed ? ['skew'] : NO_FLAGS
  if (at > receivedAt) return { at: receivedAt, flags: [...flags, 'future'] }
  if (at < EARLIEST) return { at: receivedAt, flags: [...flags, 'past'] }
  return { at, flags }
}

/** @throws MessageRefusal */
export function readTime(value: unknown, at: string): Instant | undefined {
  if (value === undefined || value === null) return undefined
  const instant = typeof value === 'string' ? readInstant(value) : undefined
  if (instant !== undefined) return instant
  throw new MessageRefusal('timestamp_malformed', at, 'an instant is ISO 8601 text with an offset')
}
