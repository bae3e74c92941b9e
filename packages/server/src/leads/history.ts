/** A lead's scores over time for a chart, with the levels and stages that it had, as the ledger tells. */
import { toInstantText, type leads, type ReplyOf } from '@winnow/contract'
import {
  applyFact,
  assess,
  compareFacts,
  leadId,
  openCircle,
  replay,
  type Assessment,
  type Fact,
  type Instant,
  type Plan,
} from '@winnow/engine'
import type pg from 'pg'
import type { LivePlan } from '../live/plans.ts'
import { forgottenOf, forgottenReply, leadsIn } from './forgotten.ts'
import { readKnown } from './past.ts'

type History = ReplyOf<(typeof leads)['getHistory']>
type Querying = Pick<pg.ClientBase, 'query'>

const POINTS_MAX = 500
/** Between facts scores fade: so many looks in even steps follow the curve. */
const STEPS = 120

export async function readHistory(
  client: Querying,
  live: LivePlan,
  lead: string,
  { from, to }: { from: Instant | undefined; to: Instant },
): Promise<History> {
  const known = await readKnown(client, lead, { plan: live.plan, version: live.version, knownAt: Infinity })
  const begin = Math.min(to, from ?? firstOf(known.facts, known.lead) ?? to)
  const points = scoresAt(live.plan, known, instantsOf(live.plan, known, begin, to))
  return {
    lead: known.lead,
    version: live.version,
    from: toInstantText(begin),
    to: toInstantText(to),
    at: points.map(({ asOf }) => toInstantText(asOf)),
    scores: Object.fromEntries(
      live.plan.scores.map(({ name }) => [name, points.map(({ scores }) => scores[name] ?? 0)]),
    ),
    expectedValue: points.some(({ value }) => value !== undefined)
      ? points.map(({ value }) => value?.expected ?? null)
      : null,
    bands: await readBands(client, known.lead, begin, to),
    versions: await readPublications(client, begin, to),
    forgotten: forgottenReply(await forgottenOf(client, leadsIn(known.lead, known.facts), begin)),
  }
}

interface Known {
  readonly lead: string
  readonly facts: readonly Fact[]
}

const firstOf = (facts: readonly Fact[], lead: string): Instant | undefined =>
  facts.reduce<Instant | undefined>(
    (first, fact) =>
      'lead' in fact && fact.lead === lead && (first === undefined || fact.at < first) ? fact.at : first,
    undefined,
  )

/** Just before and at everything that happened, and steps in between; what moved a level or stage in any case. */
function instantsOf(plan: Plan, { lead, facts }: Known, from: Instant, to: Instant): Instant[] {
  const inRange = (instants: Iterable<Instant>) => [...new Set(instants)].filter((at) => at >= from && at <= to)
  const steps = Array.from({ length: STEPS + 1 }, (_, index) => Math.round(from + ((to - from) * index) / STEPS))
  const { transitions } = replay(plan, facts, { until: to })
  const moved = inRange(transitions.filter((each) => each.lead === lead).map(({ at }) => at))
  const happened = inRange(facts.map(({ at }) => at)).sort((a, b) => a - b)
  const around = (instants: readonly Instant[]) => instants.flatMap((at) => (at > from ? [at - 1, at] : [at]))
  const certain = new Set([...steps, ...around(thinned(moved, (POINTS_MAX - STEPS) / 4))])
  const rest = thinned(happened, (POINTS_MAX - certain.size) / 2)
  return [...new Set([...certain, ...around(rest)])].sort((a, b) => a - b)
}

/** As many as there is room for, in even steps. */
function thinned(instants: readonly Instant[], max: number): readonly Instant[] {
  const room = Math.floor(max)
  if (instants.length <= room) return instants
  return Array.from({ length: room }, (_, index) => instants[Math.floor((index * instants.length) / room)]!)
}

/** @param instants  rising */
function scoresAt(plan: Plan, { lead, facts }: Known, instants: readonly Instant[]): Assessment[] {
  const circle = openCircle({ withEvidence: false, withLog: plan.looksAtAccount })
  const ordered = [...facts].sort(compareFacts)
  let next = 0
  return instants.map((at) => {
    for (; next < ordered.length && ordered[next]!.at <= at; next++) applyFact(plan, circle, ordered[next]!, [])
    return assess(plan, circle, leadId(lead), at)
  })
}

// --- Bands -----------------------------------------------------------------------------------------------------------

const READ_BANDS = `
  select kind, name, to_value as level, version, at as "from", lead(at) over w as "to"
  from transition
  where lead_id = $1 and superseded_at is null and kind <> 'sla' and at <= to_timestamp($2 / 1000.0)
  window w as (partition by kind, name order by at, version, place)
  order by kind, name, at, version, place`

interface BandRow {
  readonly kind: 'category' | 'stage'
  readonly name: string
  readonly level: string
  readonly version: number
  readonly from: Instant
  readonly to: Instant | null
}

async function readBands(client: Querying, lead: string, from: Instant, to: Instant): Promise<History['bands']> {
  const { rows } = await client.query<BandRow>(READ_BANDS, [lead, to])
  return rows
    .filter((band) => (band.to === null || band.to > from) && band.to !== band.from)
    .map((band) => ({
      ...band,
      from: toInstantText(Math.max(from, band.from)),
      to: band.to === null ? null : toInstantText(band.to),
    }))
}

async function readPublications(client: Querying, from: Instant, to: Instant): Promise<History['versions']> {
  const { rows } = await client.query<{ version: number; at: Instant }>(
    `select version, published_at as at from definition_version
     where published_at between to_timestamp($1 / 1000.0) and to_timestamp($2 / 1000.0) order by version`,
    [from, to],
  )
  return rows.map(({ version, at }) => ({ version, at: toInstantText(at) }))
}
