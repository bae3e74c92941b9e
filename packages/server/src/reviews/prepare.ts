/** A review's figures as a job. */
import { explain, leadId, parseDuration, replay, type Instant } from '@winnow/engine'
import { toInstantText, type reviews, type ReplyOf } from '@winnow/contract'
import type pg from 'pg'
import { pathOf } from '../alignment/known-then.ts'
import type { Db } from '../db/database.ts'
import type { JobRun, Runner } from '../jobs/run.ts'
import { readKnown } from '../leads/past.ts'
import type { LivePlan, Plans } from '../live/plans.ts'
import {
  attributeDrift,
  Behind,
  criteriaOf,
  driftOf,
  followUp,
  forgottenOf,
  kpiOf,
  measuredOf,
  reasonsOf,
  stagesOf,
  verdictOn,
  type Drift,
  type Followed,
  type Kpi,
  type Scored,
  type Span,
} from './figures.ts'
import {
  readActivities,
  readBreaches,
  readCalls,
  readDecisions,
  readHandovers,
  readLevels,
  readProfiles,
  readPublications,
  readStays,
  type Counted,
  type Publication,
  type Window,
} from './read.ts'
import { lastSigned, listDecisions, requireReview, saveFigures, type ReviewRow } from './store.ts'

export type Figures = NonNullable<ReplyOf<(typeof reviews)['getReview']>['figures']>

export interface ReviewInput {
  readonly review: string
}

/** Whoever was handed over later has not been waiting for long. */
const GRACE_MS = 2 * 86_400_000
/** Explaining a lead costs milliseconds: so many stand for all. */
const EXPLAINED_MAX = 2_000

export const reviewRunner =
  (parts: { readonly db: Db; readonly pool: pg.Pool; readonly plans: Plans }): Runner =>
  async (run) => {
    const { review } = run.job.input as ReviewInput
    const row = await requireReview(parts.db, review)
    const behind = new Behind()
    const figures = await prepare(parts, row, { run, behind })
    if (figures === 'cancelled') return figures
    await saveFigures(parts.db, review, figures, behind.figures)
    return { result: null }
  }

async function prepare(
  { db, pool, plans }: { readonly db: Db; readonly pool: pg.Pool; readonly plans: Plans },
  row: ReviewRow,
  { run, behind }: { run: JobRun; behind: Behind },
): Promise<Figures | 'cancelled'> {
  const window = windowOf(row)
  const live = await plans.ofVersion(pool, row.version)
  const handover = handoverOf(live)
  const handovers = handover === undefined ? [] : await readHandovers(pool, handover, window)
  const followed = followUp(handovers, {
    decisions: await readDecisions(pool, window),
    calls: await readCalls(pool, window),
    until: window.to,
  })
  const kpis = spansOf(window, await readPublications(pool)).map((span) => kpiOf(span, followed, behind))
  const current = followed.filter(({ at }) => at >= window.from)
  const decided = current.filter(({ verdict }) => verdict !== null)
  const scored = await scoredOf(pool, plans, decided.slice(0, EXPLAINED_MAX), run)
  if (scored === 'cancelled') return scored
  const { stages } = live.plan.layout.stages
  const grace = stages.find(({ stage }) => stage.id === handover)?.stage.sla
  return {
    handover: handover ?? null,
    previousFrom: toInstantText(window.previousFrom),
    promises: await promisesOf(db, row, kpis[0]!),
    kpis: kpis.map((kpi) => ({ ...kpi, from: toInstantText(kpi.from), to: toInstantText(kpi.to) })),
    reasons: reasonsOf(current, behind),
    criteria: criteriaShown(live, scored, behind),
    criteriaLooked: scored.length,
    criteriaOf: decided.length,
    attributes: attributesOf(live, await readProfiles(pool, window), behind).map(shown),
    activities: activitiesOf(await readActivities(pool, window), behind),
    levels: levelsOf(live, await readLevels(pool, window), behind).map(shown),
    stages: stagesOf(
      stages.map(({ stage }) => ({ id: stage.id, hasSla: stage.sla !== undefined })),
      { stays: await readStays(pool, window), breaches: await readBreaches(pool, window) },
      behind,
    ),
    forgotten: forgottenOf(current, {
      until: window.to,
      graceMs: grace === undefined ? GRACE_MS : parseDuration(grace),
      behind,
    }),
  }
}

export function windowOf({ period_from: from, period_to: to }: ReviewRow): Window {
  return { previousFrom: from - (to - from), from, to }
}

/** The last stage before the one that sales accepts into; where nobody accepts, the first that is entered by itself. */
function handoverOf({ plan }: LivePlan): string | undefined {
  const path = plan.layout.stages.stages.filter(({ isSide }) => !isSide).map(({ stage }) => stage)
  const accepted = path.findIndex(({ by }) => by !== undefined && [by].flat().includes('accept'))
  const before = accepted > 0 ? path[accepted - 1] : path.find(({ enter }) => enter !== undefined)
  return before?.id
}

/** The period, the one before it, and the time of each version that was live in either. */
function spansOf({ previousFrom, from, to }: Window, publications: readonly Publication[]): Span[] {
  const versions = publications.map(({ version, at }, index) => ({
    key: `v${version}`,
    version,
    from: Math.max(index === 0 ? -Infinity : at, previousFrom),
    to: Math.min(publications[index + 1]?.at ?? Infinity, to),
  }))
  return [
    { key: 'period', version: null, from, to },
    { key: 'previous', version: null, from: previousFrom, to: from },
    ...versions.filter((span) => span.from < span.to),
  ]
}

async function promisesOf(db: Db, { review_id }: ReviewRow, kpi: Kpi): Promise<Figures['promises']> {
  const last = await lastSigned(db, review_id)
  if (last === undefined) return []
  return (await listDecisions(db, last.review_id)).map(({ text, owner, promise }) => {
    if (promise === null) return { text, owner, promise, measured: null, verdict: 'no_measure' as const }
    const measured = measuredOf(kpi, promise.measure)
    return { text, owner, promise, measured, verdict: verdictOn(promise, measured) }
  })
}

// --- Criteria --------------------------------------------------------------------------------------------------------

const REPORT_EVERY = 50

/** With what gave each its points at its handover, by the version that it was judged by. */
async function scoredOf(
  pool: pg.Pool,
  plans: Plans,
  rows: readonly Followed[],
  { report, signal }: JobRun,
): Promise<Scored[] | 'cancelled'> {
  const scored: Scored[] = []
  for (const [index, row] of rows.entries()) {
    signal.throwIfAborted()
    if (index % REPORT_EVERY === 0 && (await report(index, rows.length))) return 'cancelled'
    scored.push({ ...row, points: await pointsOf(pool, await plans.ofVersion(pool, row.version), row) })
  }
  await report(rows.length, Math.max(1, rows.length))
  return scored
}

async function pointsOf(
  pool: pg.Pool,
  { plan, version }: LivePlan,
  { lead, at }: { lead: string; at: Instant },
): Promise<Map<string, number>> {
  const known = await readKnown(pool, lead, { plan, version, knownAt: Infinity })
  const { circle } = replay(
    plan,
    known.facts.filter((fact) => fact.at <= at),
    { until: at },
  )
  const { contributions } = explain(plan, circle, leadId(known.lead), at)
  return new Map(
    contributions
      .filter(({ criterion, points }) => criterion !== undefined && points !== 0)
      .map(({ score, group, criterion, points }) => [JSON.stringify([score, group, criterion]), points]),
  )
}

function criteriaShown({ plan }: LivePlan, scored: readonly Scored[], behind: Behind): Figures['criteria'] {
  const inLive = Object.entries(plan.definition.scores ?? {}).flatMap(([score, { groups }]) =>
    Object.entries(groups).flatMap(([group, { criteria }]) =>
      criteria.map(({ id }) => JSON.stringify([score, group, id])),
    ),
  )
  const given = scored.flatMap(({ points }) => [...points.keys()])
  const known = new Set(inLive)
  return criteriaOf(scored, [...new Set([...inLive, ...given])], behind).map(({ name, reasons, ...figure }) => {
    const [score, group, criterion] = JSON.parse(name) as [string, string, string]
    return {
      score,
      group,
      criterion,
      path: known.has(name) ? pathOf(plan.definition, { score, group, criterion }) : null,
      ...figure,
      reasons: [...reasons],
    }
  })
}

// --- Drift -----------------------------------------------------------------------------------------------------------

const COMPARED = new Set(['choice', 'boolean', 'number'])

function attributesOf({ plan }: LivePlan, profiles: Awaited<ReturnType<typeof readProfiles>>, behind: Behind): Drift[] {
  return Object.entries(plan.definition.attributes ?? {})
    .filter(([, { type, sensitive }]) => COMPARED.has(type) && sensitive === undefined)
    .map(([name, { about }]) =>
      attributeDrift(
        name,
        profiles.map(({ lead, isNow, attributes, account }) => ({
          lead,
          isNow,
          value: (about === 'account' ? account : attributes)?.[name],
        })),
        behind,
      ),
    )
}

const counted = (name: string, rows: readonly Counted[], { kind, behind }: { kind: string; behind: Behind }): Drift =>
  driftOf(
    name,
    rows.map(({ value, before, now, leads }, index) => ({
      label: value,
      before,
      now,
      figure: behind.keep(`${kind}:${name}:${index}`, leads ?? [], kind === 'level' ? now : undefined),
    })),
  )

const activitiesOf = (rows: readonly Counted[], behind: Behind): Figures['activities'] =>
  rows.length === 0 ? null : shown(counted('', rows, { kind: 'activity', behind }))

function levelsOf({ plan }: LivePlan, rows: readonly Counted[], behind: Behind): Drift[] {
  return [...plan.layout.categories.values()].map(({ name, levels }) => {
    const own = rows.filter((row) => row.name === name)
    const order = (value: string) => (levels.includes(value) ? levels.indexOf(value) : levels.length)
    return counted(
      name,
      own.toSorted((a, b) => order(a.value) - order(b.value)),
      { kind: 'level', behind },
    )
  })
}

const shown = ({ parts, ...drift }: Drift) => ({ ...drift, parts: [...parts] })
