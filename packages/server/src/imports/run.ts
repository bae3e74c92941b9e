/** Imports as jobs: each is run by one server at a time, and begun again by another if that one dies. */
import type { Definition, Instant } from '@winnow/engine'
import { InputError, Inputs, parseMappingText, type InputOptions, type Mapping } from '@winnow/io'
import type pg from 'pg'
import type { Logger } from 'pino'
import { ServerError } from '../errors.ts'
import type { IntakePort } from '../live/intake.ts'
import { readHorizon } from '../live/log.ts'
import { Loop } from '../live/loop.ts'
import type { Plans } from '../live/plans.ts'
import { withFile } from './files.ts'
import { messagesOf } from './messages.ts'
import { claimJob, endJob, insertLeads, insertRefusals, NO_COUNTS, reportProgress } from './store.ts'
import type { Counts, JobRow, ReadingOptions } from './store.ts'

export interface ImportDeps {
  readonly pool: pg.Pool
  readonly plans: Plans
  readonly intake: IntakePort
  readonly companyDomain: () => Promise<(email: string) => string | undefined>
  readonly now: () => Instant
  readonly log: Logger
}

const TAKEN_AT_ONCE = 300
const REPORT_MS = 500

/**
 * What `Inputs` needs to read a file as somebody wants it.
 * @throws ServerError `no_definition`, `request_invalid` with the mapping's issues
 */
export async function inputOptions(
  { pool, plans }: Pick<ImportDeps, 'pool' | 'plans'>,
  reading: ReadingOptions,
): Promise<InputOptions & { readonly definition: Definition }> {
  const live = await plans.live(pool)
  if (live === undefined) throw new ServerError('no_definition', 'a definition says what the columns can mean')
  const definition = knowingPeople(live.plan.definition)
  return {
    definition,
    mapping: reading.mapping === undefined ? undefined : readMapping(reading.mapping, definition),
    at: reading.at,
    activitiesFrom: await readHorizon(pool),
    delimiter: reading.delimiter,
    encoding: reading.encoding,
    badValues: reading.badValues,
  }
}

/** Who somebody is need not be in a definition: it scores nothing, and every list shows it. */
const WHO = {
  email: { type: 'text', label: 'E-mail' },
  name: { type: 'text', label: 'Name' },
  first_name: { type: 'text', label: 'First name' },
  last_name: { type: 'text', label: 'Last name' },
  phone: { type: 'text', label: 'Phone' },
} as const satisfies Definition['attributes']

const knowingPeople = (definition: Definition): Definition => ({
  ...definition,
  attributes: { ...WHO, ...definition.attributes },
})

function readMapping(text: string, definition: Definition): Mapping {
  const parsed = parseMappingText(text, definition)
  if (parsed.ok) return parsed.mapping
  throw new ServerError('request_invalid', 'the mapping has errors', { at: '/mapping', details: parsed.issues })
}

/** Runs the next import that waits. @returns whether there was one */
export async function runNextImport(deps: ImportDeps, signal: AbortSignal): Promise<boolean> {
  const job = await claimJob(deps.pool, deps.now())
  if (job === undefined) return false
  const state = await settle(deps, job, signal)
  await endJob(deps.pool, job.import_id, { ...state, now: deps.now() })
  return true
}

async function settle(
  deps: ImportDeps,
  job: JobRow,
  signal: AbortSignal,
): Promise<{ state: JobRow['state']; error?: JobRow['error'] }> {
  try {
    const end = await withFile(deps.pool, job, (path) => new Running(deps, job, signal).run(path))
    return { state: end }
  } catch (error) {
    if (signal.aborted) return { state: 'waiting' } // this server stops: another goes on, or this one later
    if (error instanceof InputError || error instanceof ServerError) {
      return { state: 'failed', error: { code: error.code, message: error.message, hint: error.hint } }
    }
    deps.log.error({ err: error, import: job.import_id }, 'an import failed')
    return {
      state: 'failed',
      error: { code: 'internal', message: 'something went wrong on our side', hint: 'Run it again, and report it.' },
    }
  }
}

export interface Importing {
  readonly start: () => void
  /** One waits: nobody need find it. */
  readonly wake: () => void
  /** Settled when none runs; one that was running waits for another server, or for the next start. */
  readonly stop: () => Promise<void>
}

const LOOK_MS = 1000

export function createImporting(deps: ImportDeps): Importing {
  const controller = new AbortController()
  const run = async () => ((await runNextImport(deps, controller.signal)) ? 1 : 0)
  const loop = new Loop(deps.log, { name: 'imports', run, restMs: LOOK_MS })
  return {
    start: () => loop.start(),
    wake: loop.wake,
    stop: () => {
      controller.abort()
      return loop.stop()
    },
  }
}

class Running {
  private readonly deps: ImportDeps
  private readonly job: JobRow
  private readonly signal: AbortSignal
  private readonly counts: Counts = { ...NO_COUNTS }
  private bytesRead = 0
  private refusals = 0
  private reportedAt = 0

  constructor(deps: ImportDeps, job: JobRow, signal: AbortSignal) {
    this.deps = deps
    this.job = job
    this.signal = signal
  }

  /** @returns how it ended */
  async run(path: string): Promise<'done' | 'cancelled'> {
    const inputs = new Inputs({
      ...(await inputOptions(this.deps, this.job.reading)),
      signal: this.signal,
      onProgress: (_file, bytes) => (this.bytesRead = bytes),
    })
    const companyDomain = await this.deps.companyDomain()
    const receivedAt = this.deps.now()
    for await (const { facts, refusals } of inputs.read([path])) {
      await insertRefusals(this.deps.pool, this.job.import_id, { first: this.refusals, refusals })
      this.refusals += refusals.length
      const report = inputs.reports[0]!
      const isOfRows = report.kind !== 'facts'
      if (!this.job.is_trial) await this.take(messagesOf(facts, { isOfRows, receivedAt, companyDomain }))
      for (const name of ['rows', 'facts', 'duplicates', 'refusedRows', 'incompleteRows'] as const) {
        this.counts[name] = report[name]
      }
      if (await this.isCancelled()) return 'cancelled'
    }
    this.bytesRead = this.job.bytes
    await this.report()
    return 'done'
  }

  private async take(messages: ReturnType<typeof messagesOf>): Promise<void> {
    for (let at = 0; at < messages.length; at += TAKEN_AT_ONCE) {
      this.signal.throwIfAborted()
      const taken = await this.deps.intake.take(messages.slice(at, at + TAKEN_AT_ONCE))
      for (const { status } of taken) {
        // Its file was read by what was kept then: read again, the row is refused like the others.
        if (status === 'too_old')
          throw new ServerError('conflict', 'activities were forgotten while the import ran: run it again')
        if (status !== 'unknown_lead') this.counts[status === 'kept_out' ? 'keptOut' : status] += 1
      }
      await insertLeads(this.deps.pool, this.job.import_id, [...new Set(taken.flatMap(({ leadId }) => leadId ?? []))])
    }
  }

  private async isCancelled(): Promise<boolean> {
    if (performance.now() - this.reportedAt < REPORT_MS) return false
    return this.report()
  }

  private report(): Promise<boolean> {
    this.reportedAt = performance.now()
    const { counts, bytesRead } = this
    return reportProgress(this.deps.pool, this.job.import_id, { counts, bytesRead, now: this.deps.now() })
  }
}
