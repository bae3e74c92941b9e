/** Bulk actions as jobs. */
import type { BulkAction } from '@winnow/contract'
import type { Runner } from '../jobs/run.ts'
import { doSome, type BulkParts } from './actions.ts'
import { countChanges, nextWaiting, noteOutcomes } from './store.ts'

export interface BulkInput {
  readonly action: BulkAction
  /** The job that is put back. */
  readonly undoes: string | null
}

/** So few that live traffic never waits long for them. */
const AT_ONCE = 50

export const bulkRunner =
  (parts: BulkParts): Runner =>
  async ({ job, signal, report }) => {
    const { action, undoes } = job.input as BulkInput
    const doing = { job: job.job_id, action, undoes, by: job.created_by }
    const { waiting, ...ended } = await countChanges(parts.pool, job.job_id)
    let done = ended.changed + ended.unchanged + ended.refused
    const total = done + waiting
    for (;;) {
      if (await report(done, total)) return 'cancelled'
      const rows = await nextWaiting(parts.pool, job.job_id, AT_ONCE)
      if (rows.length === 0) return { result: null }
      signal.throwIfAborted()
      await noteOutcomes(parts.pool, job.job_id, await doSome(parts, doing, rows))
      done += rows.length
    }
  }
