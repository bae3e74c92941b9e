import { orNull, toInstantText, type exports } from '@winnow/contract'
import type { Definition, Fact } from '@winnow/engine'
import { csvLine, writeFact, type Cell } from '@winnow/io'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import type { HandlersOf } from '../http/handler.ts'
import type { Plans } from '../live/plans.ts'
import type { Db } from '../db/database.ts'
import { filterOf } from '../leads/lead-filter.ts'
import type { ListedRow } from '../leads/lead-list.ts'
import { leadPages, readFactPages, readFactsOfLead } from './store.ts'

export interface ExportDeps {
  readonly db: Db
  readonly pool: pg.Pool
  readonly plans: Plans
}

export function exportHandlers({ db, pool, plans }: ExportDeps): HandlersOf<typeof exports> {
  return {
    async exportLeads({ query: { columns, sort, order, ...filters }, reply, now }) {
      const names = columns ?? defaultColumns((await plans.live(pool))?.plan.definition)
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="leads.csv"')
      const sorting = sort === undefined ? undefined : { by: sort, order }
      return flowing(leadLines(leadPages(db, filterOf(filters, now), sorting), names))
    },
    async exportFacts({ query: { lead }, reply, note }) {
      if (lead !== undefined) note({ lead })
      const ofLead = lead === undefined ? undefined : await readFactsOfLead(pool, lead)
      if (lead !== undefined && ofLead === undefined) throw new ServerError('not_found', `there is no lead ${lead}`)
      reply.type('application/x-ndjson').header('content-disposition', 'attachment; filename="facts.jsonl"')
      return flowing(factLines(ofLead === undefined ? readFactPages(pool) : [ofLead]))
    },
  }
}

/** Asks for the next page when the reader has taken this one. */
const flowing = (lines: AsyncIterable<string>) => Readable.from(lines, { objectMode: true, highWaterMark: 1 }) as never

async function* factLines(pages: AsyncIterable<readonly Fact[]> | Iterable<readonly Fact[]>): AsyncGenerator<string> {
  for await (const page of pages) {
    const text = page.map((fact) => `${writeFact(fact)}\n`).join('')
    if (text !== '') yield text // an empty piece would end the stream
  }
}

const COMMON = [
  'id',
  'email',
  'name',
  'account',
  'stage',
  'stage_since',
  'sla_due_at',
  'expected_value',
  'assessed_at',
  'created_at',
  'last_activity_at',
] as const

function defaultColumns(definition: Definition | undefined): string[] {
  if (definition === undefined) return [...COMMON]
  const levels = Object.keys(definition.categories ?? {}).map((name) => `level:${name}`)
  const scores = Object.keys(definition.scores ?? {}).map((name) => `score:${name}`)
  return [...COMMON, ...levels, ...scores]
}

async function* leadLines(
  pages: AsyncIterable<readonly ListedRow[]>,
  columns: readonly string[],
): AsyncGenerator<string> {
  yield csvLine(columns)
  for await (const page of pages) {
    yield page.map((lead) => csvLine(columns.map((column) => cellOf(lead, column)))).join('')
  }
}

const COLUMNS: Readonly<Record<string, (lead: ListedRow) => Cell>> = {
  id: ({ lead_id }) => lead_id,
  email: ({ email }) => email,
  name: ({ name }) => name,
  account: ({ account_id, account_name }) => account_name ?? account_id,
  stage: ({ stage }) => stage,
  stage_since: ({ stage_since }) => orNull(stage_since),
  sla_due_at: ({ sla_due_at }) => orNull(sla_due_at),
  expected_value: ({ expected_value }) => expected_value,
  next_change_at: ({ next_change_at }) => orNull(next_change_at),
  assessed_at: ({ assessed_at }) => orNull(assessed_at),
  version: ({ version }) => version,
  created_at: ({ created_at }) => toInstantText(created_at),
  last_activity_at: ({ last_activity_at }) => orNull(last_activity_at),
  source: ({ first_touch }) => first_touch?.source,
  campaign: ({ first_touch }) => first_touch?.campaign,
  excluded_as: ({ excluded_as }) => excluded_as,
}

function cellOf(lead: ListedRow, column: string): Cell {
  const known = COLUMNS[column]
  if (known) return known(lead)
  const [kind, ...rest] = column.split(':')
  const name = rest.join(':')
  if (kind === 'level') return lead.levels?.[name]
  if (kind === 'score') return lead.scores?.[name]
  const value = lead.attributes[name]
  return Array.isArray(value) ? value.join('; ') : (value as Cell)
}
