/** When a definition is to be looked at again. */
import type { Instant } from '@winnow/engine'

const DAY_MS = 86_400_000

/**
 * `3 months` or `2 weeks` after an instant, or before it. Months are those of the calendar in UTC; where the day does not exist, it is the last of
 * its month.
 */
export function shifted(at: Instant, every: string, direction: 1 | -1): Instant {
  const [count, unit] = every.split(' ')
  const steps = Number(count) * direction
  if (unit!.startsWith('week')) return at + steps * 7 * DAY_MS
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + steps)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}

export interface Due {
  readonly every: string | null
  readonly dueAt: Instant | null
  readonly isDue: boolean
}

/** From the day that the last review named, else so long after it, else so long after the first version. */
export function dueOf({
  every,
  last,
  firstPublishedAt,
  now,
}: {
  readonly every: string | undefined
  readonly last: { readonly to: Instant; readonly nextAt: Instant | null } | undefined
  readonly firstPublishedAt: Instant | undefined
  readonly now: Instant
}): Due {
  const from = last?.to ?? firstPublishedAt
  const dueAt = last?.nextAt ?? (every === undefined || from === undefined ? null : shifted(from, every, 1))
  return { every: every ?? null, dueAt, isDue: dueAt !== null && dueAt <= now }
}
