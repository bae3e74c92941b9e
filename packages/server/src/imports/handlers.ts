import { IMPORT_BYTES_MAX, orNull, toInstantText, type imports, type ReplyOf } from '@winnow/contract'
import { csvLine, REFUSAL_HINTS, type RefusalCode } from '@winnow/io'
import { Readable } from 'node:stream'
import { nameOf } from '../http/actor.ts'
import type { Cursors } from '../http/cursor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { storeUpload, withFile } from './files.ts'
import { previewFile } from './preview.ts'
import { inputOptions, type ImportDeps } from './run.ts'
import {
  cancelJob,
  deleteJob,
  listJobs,
  NO_COUNTS,
  readRefusals,
  refusalPage,
  requireJob,
  startJob,
  type JobRow,
  type ReadingOptions,
  type RefusalRow,
} from './store.ts'

export interface ImportHandlersDeps extends Pick<ImportDeps, 'pool' | 'plans'> {
  readonly cursors: Cursors
  readonly newId: () => string
}

const LIST = 'imports'

export function importHandlers(deps: ImportHandlersDeps): HandlersOf<typeof imports> {
  const { pool, cursors, newId } = deps
  return {
    async uploadImport({ query, upload, actor, now, note, reply }) {
      const by = nameOf(actor)
      const job = await storeUpload(pool, upload, {
        id: newId(),
        name: query.name,
        by,
        now,
        bytesMax: IMPORT_BYTES_MAX,
      })
      note({ import: job.import_id })
      reply.status(201)
      return toJob(job)
    },
    async listImports({ query: { limit, cursor } }) {
      const [at, id] = cursor === undefined ? [] : (cursors.open(LIST, cursor) as [number, string])
      const after = at === undefined ? undefined : { at, id: id! }
      const rows = await listJobs(pool, { limit: limit + 1, after })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const next = rows.length > limit && last ? cursors.seal(LIST, [last.created_at, last.import_id]) : undefined
      return { items: items.map(toJob), ...(next !== undefined && { next }) }
    },
    getImport: async ({ params }) => toJob(await requireJob(pool, params.import)),
    async previewImport({ params, body }) {
      const job = await requireJob(pool, params.import)
      return withFile(pool, job, (path) => previewFile(deps, path, body))
    },
    async runImport({ params, body: { isTrial, ...reading } }) {
      await inputOptions(deps, reading) // said now rather than by a job that fails
      return toJob(await startJob(pool, params.import, { reading, isTrial }))
    },
    cancelImport: async ({ params, now }) => toJob(await cancelJob(pool, params.import, now)),
    async getRejects({ params, reply }) {
      const { name } = await requireJob(pool, params.import)
      const file = `${name.replaceAll(/[^\w.-]/g, '_')}.rejects.csv`
      reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${file}"`)
      return reply.send(Readable.from(rejectLines(deps, params.import))) as never
    },
    async listRefusals({ params, query: { limit, cursor } }) {
      await requireJob(pool, params.import)
      const list = `${LIST} ${params.import}`
      const [after] = cursor === undefined ? [-1] : (cursors.open(list, cursor) as [number])
      const rows = await refusalPage(pool, params.import, { after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const next = rows.length > limit ? cursors.seal(list, [items.at(-1)!.number]) : undefined
      return { items: items.map(toRefusal), ...(next !== undefined && { next }) }
    },
    async deleteImport({ params }) {
      await deleteJob(pool, params.import)
    },
  }
}

async function* rejectLines({ pool }: Pick<ImportDeps, 'pool'>, id: string): AsyncGenerator<string> {
  yield csvLine(['line', 'code', 'place', 'reason', 'hint', 'row'])
  for await (const rows of readRefusals(pool, id)) {
    yield rows
      .map(({ line, code, place, reason, row_text }) =>
        csvLine([line, code, place, reason, REFUSAL_HINTS[code as RefusalCode], row_text]),
      )
      .join('')
  }
}

const toRefusal = ({ line, code, place, reason, row_text }: RefusalRow) => ({
  line,
  code,
  ...(place !== null && { place }),
  reason,
  hint: REFUSAL_HINTS[code as RefusalCode],
  row: row_text,
})

const toJob = (row: JobRow): ReplyOf<typeof imports.getImport> => ({
  id: row.import_id,
  name: row.name,
  state: row.state,
  isTrial: row.is_trial,
  bytes: row.bytes,
  bytesRead: row.bytes_read,
  counts: { ...NO_COUNTS, ...row.counts },
  error: row.error,
  createdAt: toInstantText(row.created_at),
  startedAt: orNull(row.started_at),
  endedAt: orNull(row.ended_at),
  createdBy: row.created_by,
  reading: readingOf(row.reading),
})

function readingOf({ at, ...rest }: ReadingOptions) {
  return { ...rest, ...(at !== undefined && { at: toInstantText(at) }) }
}
