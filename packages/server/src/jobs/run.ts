/** Runs jobs that wait: one of a kind at a time on each server. */
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Logger } from 'pino'
import { ServerError } from '../errors.ts'
import { Loop } from '../live/loop.ts'
import { claimJob, endJob, reportJob, type JobEnd, type JobKind, type JobRow } from './store.ts'

export interface JobRun {
  readonly job: JobRow
  /** The server stops: leave it to the next one. */
  readonly signal: AbortSignal
  /** Says how far it is. @returns whether somebody wants it to stop */
  readonly report: (done: number, total: number | null) => Promise<boolean>
}

/** @returns its result, or `cancelled` */
export type Runner = (run: JobRun) => Promise<{ readonly result: unknown } | 'cancelled'>

export interface JobDeps {
  readonly pool: pg.Pool
  readonly now: () => Instant
  readonly log: Logger
  readonly runners: Readonly<Record<JobKind, Runner>>
}

export interface Jobs {
  readonly start: () => void
  /** One of this kind waits: nobody need find it. */
  readonly wake: (kind: JobKind) => void
  /** Settled when none runs; one that was running waits for another server, or for the next start. */
  readonly stop: () => Promise<void>
}

const LOOK_MS = 500

export function createJobs(deps: JobDeps): Jobs {
  const controller = new AbortController()
  const kinds = Object.keys(deps.runners) as JobKind[]
  const byKind = new Map(
    kinds.map((kind) => [
      kind,
      new Loop(deps.log, {
        name: kind,
        run: async () => ((await runNextJob(deps, kind, controller.signal)) ? 1 : 0),
        restMs: LOOK_MS,
      }),
    ]),
  )
  const loops = [...byKind.values()]
  return {
    start: () => {
      for (const loop of loops) loop.start()
    },
    wake: (kind) => byKind.get(kind)?.wake(),
    stop: async () => {
      controller.abort()
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}

/** @returns whether there was one */
export async function runNextJob(deps: JobDeps, kind: JobKind, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  const job = await claimJob(deps.pool, kind, deps.now())
  if (job === undefined) return false
  await endJob(deps.pool, job.job_id, await settle(deps, job, signal), deps.now())
  return true
}

async function settle({ pool, now, log, runners }: JobDeps, job: JobRow, signal: AbortSignal): Promise<JobEnd> {
  try {
    const report = (done: number, total: number | null) => reportJob(pool, job.job_id, { done, total, now: now() })
    const end = await runners[job.kind]({ job, signal, report })
    return end === 'cancelled' ? { state: 'cancelled' } : { state: 'done', ...end }
  } catch (error) {
    if (signal.aborted) return { state: 'waiting' }
    if (error instanceof ServerError)
      return { state: 'failed', error: { code: error.code, message: error.message, hint: error.hint } }
    log.error({ err: error, job: job.job_id }, 'a job failed')
    return {
      state: 'failed',
      error: { code: 'internal', message: 'something went wrong on our side', hint: 'Run it again, and report it.' },
    }
  }
}
