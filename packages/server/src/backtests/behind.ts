/** The leads behind a figure: read from the traces that it was counted from. */
import type { BacktestFigure } from '@winnow/contract'
import {
  mergeTraces,
  leadsBehind,
  OUTCOMES,
  WEEK_MS,
  type Instant,
  type Outcome,
  type Snapshots,
  type Traces,
  type VersionTrace,
} from '@winnow/engine'
import type pg from 'pg'
import { unpackTraces } from './codec.ts'
import { optionsOf } from './request.ts'
import { readTraces, type BacktestRow } from './store.ts'

export interface LeadBehind {
  readonly lead: string
  readonly at: Instant
  readonly level: Readonly<Record<string, string>>
  /** Of a handover or a win; empty where the replay kept none for that instant. */
  readonly points: Readonly<Record<string, number>>
  readonly outcome: Outcome | null
  readonly amount: number | null
}

/** @param page  the leads to tell more of */
export async function behind(
  pool: pg.Pool,
  row: BacktestRow,
  figure: BacktestFigure,
  { skipped, limit }: { readonly skipped: number; readonly limit: number },
): Promise<{ leads: LeadBehind[]; total: number }> {
  const traces = mergeTraces((await readTraces(pool, row.job_id)).map(unpackTraces))
  const found = leadsBehind(traces, optionsOf(row), figure)
  const placeOf = new Map(traces.leads.map((lead, place) => [lead, place]))
  const places = found.slice(skipped, skipped + limit).map((lead) => placeOf.get(lead)!)
  return { leads: places.map((place) => tell(traces, figure, place)), total: found.length }
}

function tell(traces: Traces, figure: BacktestFigure, place: number): LeadBehind {
  const version = traces.versions[figure.version]!
  const { at, points } = standing(traces, version, { figure, place })
  return {
    lead: traces.leads[place]!,
    at,
    level: levelsAt(version, place, at),
    points,
    ...outcomeOf(traces, place),
  }
}

type Standing = Pick<LeadBehind, 'at' | 'points'>

/** When the lead came to count: it entered, it rose, it was handed over, it was won; otherwise how it stood in the end. */
function standing(
  { options }: Traces,
  version: VersionTrace,
  { figure, place }: { readonly figure: BacktestFigure; readonly place: number },
): Standing {
  const atWin = () => rowOf(version.atWin, place, version)
  const atHandover = () => rowOf(version.atHandover, place, version)
  const end: Standing = { at: options.to - 1, points: {} }
  switch (figure.kind) {
    case 'stage':
      return (
        entered(version, place, { category: 'stage', level: figure.stage, ...periodOf(options, figure.week) }) ?? end
      )
    case 'level':
      return entered(version, place, { ...figure, ...periodOf(options, figure.week) }) ?? end
    case 'wins':
    case 'missed':
      return atWin() ?? atHandover() ?? end
    case 'threshold':
      return rose(version, place, figure) ?? end
    case 'migration':
      return end
    default:
      return atHandover() ?? atWin() ?? end
  }
}

const periodOf = ({ from, to }: Traces['options'], week: Instant | undefined) =>
  week === undefined ? { from, to } : { from: week, to: week + WEEK_MS }

interface Entry {
  readonly category: string
  readonly level: string
  readonly from: Instant
  readonly to: Instant
}

function entered({ about, changes }: VersionTrace, place: number, { category, level, from, to }: Entry) {
  const isStage = category === 'stage'
  const node = isStage ? about.categories.length : about.categories.findIndex(({ name }) => name === category)
  const names = isStage ? about.stages.map(({ id }) => id) : (about.categories[node]?.levels ?? [])
  const wanted = names.indexOf(level)
  for (let index = changes.offsets[place]!; index < changes.offsets[place + 1]!; index++) {
    const at = changes.at[index]!
    if (changes.node[index] === node && changes.to[index] === wanted && at >= from && at < to) return { at, points: {} }
  }
  return undefined
}

function rose(
  { about, reaches }: VersionTrace,
  place: number,
  { score, at: threshold }: { readonly score: string; readonly at: number },
): Standing | undefined {
  const reach = reaches[about.scores.findIndex(({ name }) => name === score)]
  if (reach === undefined) return undefined
  for (let index = reach.offsets[place]!; index < reach.offsets[place + 1]!; index++) {
    if (threshold >= reach.low[index]! && threshold <= reach.high[index]!) return { at: reach.at[index]!, points: {} }
  }
  return undefined
}

function rowOf({ lead, at, points }: Snapshots, place: number, { about }: VersionTrace): Standing | undefined {
  let [low, high] = [0, lead.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (lead[middle]! < place) low = middle + 1
    else high = middle
  }
  if (lead[low] !== place) return undefined
  const { scores } = about
  return {
    at: at[low]!,
    points: Object.fromEntries(scores.map(({ name }, index) => [name, points[low * scores.length + index]!])),
  }
}

/** Of every category and the stage, what the last change by then came to. */
function levelsAt({ about, changes }: VersionTrace, place: number, at: Instant): Record<string, string> {
  const names = [
    ...about.categories.map(({ name, levels }) => ({ name, values: levels })),
    { name: 'stage', values: about.stages.map(({ id }) => id) },
  ]
  const levels: Record<string, string> = {}
  for (let index = changes.offsets[place]!; index < changes.offsets[place + 1]! && changes.at[index]! <= at; index++) {
    const node = names[changes.node[index]!]
    if (node !== undefined) levels[node.name] = node.values[changes.to[index]!]!
  }
  return levels
}

/** The last word on the lead, and the money of its wins. */
function outcomeOf({ outcomes }: Traces, place: number): Pick<LeadBehind, 'outcome' | 'amount'> {
  const [begin, end] = [outcomes.offsets[place]!, outcomes.offsets[place + 1]!]
  let amount: number | null = null
  for (let index = begin; index < end; index++) {
    const each = outcomes.amount[index]!
    if (OUTCOMES[outcomes.kind[index]!] === 'won' && !Number.isNaN(each)) amount = (amount ?? 0) + each
  }
  return { outcome: end > begin ? OUTCOMES[outcomes.kind[end - 1]!]! : null, amount }
}
