/** What somebody asks of a backtest, made whole: texts as they are now, filters that can be read, a period that has an end. */
import type { backtests, BodyOf } from '@winnow/contract'
import { parseDefinitionText, type BacktestOptions, type Definition, type Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { referred, UUID } from '../definitions/reference.ts'
import { requireDraft } from '../definitions/versions.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import { filterOf, parseListQuery } from '../leads/lead-filter.ts'
import { invalid } from '../leads/intake-of.ts'
import type { LeadFilter } from '../leads/lead-list.ts'
import { compileText } from '../live/plans.ts'
import { hashOf } from '../proposals/agreement.ts'
import { requireSegment } from '../segments/store.ts'
import type { BacktestRequest, BacktestRow, BacktestVersion, NewBacktest } from './store.ts'

type Asked = BodyOf<(typeof backtests)['startBacktest']>
type AskedVersion = Asked['versions'][number]

const YEAR_MS = 365 * 86_400_000

/** @throws ServerError `not_found`, `no_definition`, `definition_invalid`, `request_invalid` */
export async function requestOf(
  db: Db,
  asked: Asked,
  { actor, now }: { actor: Actor | undefined; now: Instant },
): Promise<Pick<NewBacktest, 'name' | 'request' | 'versions' | 'texts' | 'watermark'>> {
  const named: Named[] = []
  for (const [index, version] of asked.versions.entries()) named.push(await namedOf(db, version, `/versions/${index}`))
  const {
    to = now,
    from = to - YEAR_MS,
    horizonDays,
    known,
    source,
    handover,
    splitBy,
    seed,
    holidays,
    workdays,
    reps,
  } = asked
  if (from >= to) throw invalid('/to', 'the period ends before it begins')
  const request: BacktestRequest = {
    from,
    to,
    horizonDays,
    known,
    segment: asked.segment === undefined ? null : await segmentOf(db, asked.segment, actor),
    source: source ?? null,
    handover: handover ?? null,
    splitBy,
    seed,
    holidays,
    workdays,
    reps: reps ?? null,
  }
  for (const { definition, place } of named) checkStage(definition, handover, place)
  const versions = named.map(({ version }) => version)
  return {
    name: asked.name ?? versions.map(({ name }) => name).join(', '),
    request,
    versions,
    texts: named.map(({ text }) => text),
    watermark: now,
  }
}

interface Named {
  readonly version: BacktestVersion
  readonly text: string
  readonly definition: Definition
  readonly place: string
}

async function namedOf(db: Db, asked: AskedVersion, place: string): Promise<Named> {
  const { text, name, ...rest } = typeof asked === 'string' ? await knownOf(db, asked, place) : givenOf(asked)
  compileText(text) // said now rather than by a job that fails
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) throw new ServerError('definition_invalid', 'the definition has errors', { at: place })
  return { version: { name, ...rest, hash: hashOf(text) }, text, definition: parsed.definition, place }
}

const givenOf = ({ name, text }: Exclude<AskedVersion, string>) => ({ text, name, reference: 'text', revision: null })

async function knownOf(db: Db, asked: string, place: string) {
  const { text, reference, revision } = await referred(db, asked, place)
  const [kind, id] = reference.split(':') as [string, string]
  const name = kind === 'draft' ? (await requireDraft(db, id)).name : `Version ${id}`
  return { text, name, reference, revision }
}

function checkStage({ stages = [] }: Definition, handover: string | undefined, place: string): void {
  if (handover === undefined || stages.some(({ id }) => id === handover)) return
  throw invalid('/handover', `the definition of ${place} has no stage \`${handover}\``)
}

async function segmentOf(db: Db, asked: string, actor: Actor | undefined): Promise<BacktestRequest['segment']> {
  if (UUID.test(asked)) {
    const { segment_id, name, query } = await requireSegment(db, asked, actor)
    return { id: segment_id, name, query }
  }
  parseListQuery(asked, '/segment')
  return { id: null, name: null, query: asked }
}

/** Whom a backtest is about, by what is known of them now; never who is excluded. */
export function leadsOf({ segment, source }: BacktestRequest, now: Instant): LeadFilter {
  const filter = filterOf(parseListQuery(segment?.query ?? '', 'segment'), now)
  return { ...filter, excluded: 'without', ...(source !== null && { source }) }
}

/** As the engine takes it. */
export function optionsOf({ request, watermark }: Pick<BacktestRow, 'request' | 'watermark'>): BacktestOptions {
  const { from, to, horizonDays, known, handover, splitBy, seed, holidays, workdays, reps } = request
  return {
    from,
    to,
    horizonDays,
    known,
    watermark,
    splitBy,
    seed,
    holidays,
    workdays,
    ...(handover !== null && { handover }),
    ...(reps && { reps }),
  }
}
