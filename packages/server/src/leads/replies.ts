/** Leads as the API shows them. */
import { orNull, toInstantText } from '@winnow/contract'
import type { ListedRow } from './lead-list.ts'

export const listedReply = (row: ListedRow) => ({
  id: row.lead_id,
  name: row.name,
  email: row.email,
  account: row.account_id === null ? null : { id: row.account_id, name: row.account_name },
  attributes: writable(row.attributes),
  firstTouch: touchReply(row.first_touch),
  createdAt: toInstantText(row.created_at),
  lastActivityAt: orNull(row.last_activity_at),
  excludedAs: row.excluded_as,
  version: row.version,
  assessedAt: orNull(row.assessed_at),
  stage: row.stage,
  stageSince: orNull(row.stage_since),
  slaDueAt: orNull(row.sla_due_at),
  levels: row.levels,
  scores: row.scores,
  expectedValue: row.expected_value,
  nextChangeAt: orNull(row.next_change_at),
})

type Writable<T> = T extends readonly string[] ? string[] : T

/** What the schemas of replies call a list is one that may be changed. */
export const writable = <T>(values: Readonly<Record<string, T>>) => values as Record<string, Writable<T>>

function touchReply(touch: ListedRow['first_touch']): Record<string, string> | null {
  if (touch === null) return null
  const { at, ...rest } = touch
  return { at: toInstantText(at), ...rest }
}
