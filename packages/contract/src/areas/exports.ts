/** What is known, as files that flow: a table of leads, and the log of facts. */
import { z } from 'zod'
import { uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { LEAD_SORTS, leadFilters } from './shared.ts'

/** Columns that every export of leads can have; `attribute:…`, `level:…` and `score:…` are named by the definition. */
export const LEAD_COLUMNS = [
  'id',
  'email',
  'name',
  'account',
  'stage',
  'stage_since',
  'sla_due_at',
  'expected_value',
  'next_change_at',
  'assessed_at',
  'version',
  'created_at',
  'last_activity_at',
  'source',
  'campaign',
  'excluded_as',
] as const
export type LeadColumn = (typeof LEAD_COLUMNS)[number]

const isColumn = (column: string): boolean =>
  (LEAD_COLUMNS as readonly string[]).includes(column) || /^(?:attribute|level|score):.{1,200}$/.test(column)

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

const columns = z
  .string()
  .max(20_000)
  .transform(listOf)
  .pipe(
    z
      .array(z.string().refine(isColumn, { error: `one of ${LEAD_COLUMNS.join(', ')}, attribute:…, level:…, score:…` }))
      .min(1)
      .max(500),
  )
  .optional()
  .meta({ description: 'Separated by commas; without it the common ones, and all levels and scores' })

export const exports = endpoints({
  exportLeads: {
    method: 'GET',
    path: '/api/exports/leads.csv',
    summary: 'Download leads as a table',
    description:
      'CSV in UTF-8. Filters and `sort` are those of the list of leads, so that a list can be had as a file; without `sort` in the order of ids, without `excluded` with everybody. Levels and stage are true now, scores as of `assessed_at`. Text that a spreadsheet would run as a formula has an apostrophe before it.',
    access: 'exports:read',
    rate: 'read',
    audit: 'export.leads',
    query: z.strictObject({
      columns,
      ...leadFilters,
      excluded: leadFilters.excluded.unwrap().default('with'),
      sort: z.enum(LEAD_SORTS).optional(),
      order: z.enum(['asc', 'desc']).optional().describe('As for the list of leads; only with `sort`'),
    }),
    reply: z.string(),
    media: { reply: 'text/csv' },
    example: {
      query: { columns: 'email,stage,level:temperature,attribute:job_level', stage: 'mql,sal', sort: 'expectedValue' },
    },
  },
  exportFacts: {
    method: 'GET',
    path: '/api/exports/facts.jsonl',
    summary: 'Download the log of facts',
    description:
      'One fact a line, as docs/facts.md describes them, of everybody or of one lead. Facts of leads that were merged are those of the lead that they are now. It can be imported.',
    access: 'exports:read',
    rate: 'read',
    audit: 'export.facts',
    query: z.strictObject({ lead: uuid.optional() }),
    reply: z.string(),
    media: { reply: 'application/x-ndjson' },
  },
})
