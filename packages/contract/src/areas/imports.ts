/** Files of leads, events and facts: looked at first, tried without effect, then taken in as a job. */
import { z } from 'zod'
import { instant, instantText, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'

export const IMPORT_BYTES_MAX = 1024 * 1024 * 1024

export const IMPORT_STATES = ['uploaded', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const

const counts = z.object({
  rows: z.number().int(),
  facts: z.number().int(),
  /** Rows that the file repeats. */
  duplicates: z.number().int(),
  refusedRows: z.number().int(),
  /** Rows that were read without some of their cells. */
  incompleteRows: z.number().int(),
  /** Messages that are new here; the others had been stored before. */
  stored: z.number().int(),
  repeated: z.number().int(),
  /** Rows that contradict what was stored before under the same id; what was there first counts. */
  conflicting: z.number().int(),
  /** Rows about people who were erased and are not to be known again. */
  keptOut: z.number().int(),
})

const job = z.object({
  id: uuid,
  name: z.string(),
  state: z.enum(IMPORT_STATES),
  isTrial: z.boolean(),
  bytes: z.number().int(),
  bytesRead: z.number().int(),
  counts,
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  createdAt: instantText,
  startedAt: instantText.nullable(),
  endedAt: instantText.nullable(),
  createdBy: z.string(),
  /** How it was read the last time. */
  reading: z.object({
    mapping: z.string().optional(),
    delimiter: z.string().optional(),
    encoding: z.string().optional(),
    at: instantText.optional(),
    badValues: z.enum(['refuse_row', 'leave_out']).optional(),
  }),
})

const params = z.object({ import: uuid })

const reading = {
  /** As docs/import.md describes it; without one, columns called like the attributes are understood. */
  mapping: z.string().max(200_000).optional().meta({ description: 'A mapping, as YAML or JSON text' }),
  delimiter: z.string().min(1).max(1).optional(),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']).optional(),
  at: instant.optional().meta({ description: 'When the rows became known, where no column says so' }),
  badValues: z.enum(['refuse_row', 'leave_out']).optional(),
}

const refusal = z.object({
  line: z.number().int(),
  code: z.string(),
  place: z.string().optional(),
  reason: z.string(),
  hint: z.string(),
  row: z.string(),
})

export const imports = endpoints({
  uploadImport: {
    method: 'POST',
    path: '/api/imports',
    summary: 'Upload a file',
    description:
      'CSV or JSON lines, gzipped or not, as the whole body. Nothing is taken in yet: look at a preview, then run it.',
    access: 'imports:write',
    rate: 'write',
    audit: 'import.upload',
    query: z.strictObject({ name: z.string().min(1).max(200) }),
    reply: job,
    status: 201,
    media: { request: 'application/octet-stream' },
    bodyMax: IMPORT_BYTES_MAX,
  },
  listImports: {
    method: 'GET',
    path: '/api/imports',
    summary: 'List imports, newest first',
    access: 'imports:write',
    rate: 'read',
    query: z.strictObject(paging),
    reply: page(job),
  },
  getImport: {
    method: 'GET',
    path: '/api/imports/:import',
    summary: 'Say how far an import is',
    access: 'imports:write',
    rate: 'read',
    params,
    reply: job,
  },
  previewImport: {
    method: 'POST',
    path: '/api/imports/:import/preview',
    summary: 'Show how a file would be read',
    description: 'Tells encoding, delimiter and columns, suggests what each column could be, and reads the first rows.',
    access: 'imports:write',
    rate: 'read',
    params,
    body: z.strictObject(reading),
    reply: z.object({
      kind: z.enum(['facts', 'leads', 'events']).nullable(),
      delimiter: z.string().nullable(),
      encoding: z.string().nullable(),
      columns: z.array(
        z.object({
          name: z.string(),
          /** What all its cells look like: a wider kind where they differ. */
          looksLike: z.enum(['empty', 'boolean', 'number', 'date', 'email', 'text']),
          samples: z.array(z.string()),
          /** The attribute that it is called like. */
          suggests: z.string().nullable(),
          /** What it seems to be for the whole row. */
          role: z.enum(['id', 'created_at', 'account']).nullable(),
        }),
      ),
      /** A mapping to begin with, as YAML. */
      suggestedMapping: z.string().nullable(),
      facts: z.array(z.record(z.string(), z.unknown())),
      refusals: z.array(refusal),
      /** Why it cannot be read like this at all. */
      problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
    }),
  },
  runImport: {
    method: 'POST',
    path: '/api/imports/:import/run',
    summary: 'Take a file in, or only try',
    description:
      'Runs in the background. A trial reads everything and stores nothing. Running a file again, or another with the same rows, stores nothing twice.',
    access: 'imports:write',
    rate: 'write',
    audit: 'import.run',
    params,
    body: z.strictObject({ ...reading, isTrial: z.boolean().default(false) }),
    reply: job,
    status: 202,
  },
  cancelImport: {
    method: 'POST',
    path: '/api/imports/:import/cancel',
    summary: 'Stop an import',
    description: 'What it has stored stays; running it again goes on.',
    access: 'imports:write',
    rate: 'write',
    audit: 'import.cancel',
    params,
    reply: job,
  },
  getRejects: {
    method: 'GET',
    path: '/api/imports/:import/rejects',
    summary: 'Download the rows that were refused',
    description: 'CSV with line, code, reason and the row as it was.',
    access: 'imports:write',
    rate: 'read',
    params,
    reply: z.string(),
    media: { reply: 'text/csv' },
  },
  listRefusals: {
    method: 'GET',
    path: '/api/imports/:import/refusals',
    summary: 'List what was refused, in the order of the file',
    access: 'imports:write',
    rate: 'read',
    params,
    query: z.strictObject(paging),
    reply: page(refusal),
  },
  deleteImport: {
    method: 'DELETE',
    path: '/api/imports/:import',
    summary: 'Forget an import and its file',
    description: 'What it has stored stays.',
    access: 'imports:write',
    rate: 'write',
    audit: 'import.delete',
    params,
    reply: z.undefined(),
    status: 204,
  },
})
