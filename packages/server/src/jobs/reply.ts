import { orNull, toInstantText } from '@winnow/contract'
import type { JobRow } from './store.ts'

export const jobReply = (row: JobRow) => ({
  id: row.job_id,
  state: row.state,
  done: row.done,
  total: row.total,
  error: row.error,
  createdAt: toInstantText(row.created_at),
  startedAt: orNull(row.started_at),
  endedAt: orNull(row.ended_at),
  createdBy: row.created_by,
})
