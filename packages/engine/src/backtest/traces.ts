/**
 * What is kept of a replay: numbers side by side, lead by lead. Plain data, so that threads can hand it over and a server can store it.
 * Lists in which every lead has any number of entries have `offsets`: those of lead i lie from `offsets[i]` up to, but not,
 * `offsets[i + 1]`.
 */
import { WEEK_MS, weekBegin, weekOf, type Instant } from '../time.ts'
import type { BacktestOptions } from './result.ts'

/** What a replay has to know beforehand; everything else can be asked of its traces later. */
export type TraceOptions = Pick<BacktestOptions, 'from' | 'to' | 'watermark' | 'known' | 'handover' | 'splitBy'>

export interface Traces {
  readonly options: TraceOptions
  readonly leads: readonly string[]
  /** Instant of each lead's first fact, as it was seen. */
  readonly firstAt: Float64Array
  readonly facts: number
  readonly outcomes: Outcomes
  /** Of `weeks.points`: the place of each lead's first week among the period's. */
  readonly firstWeek: Uint16Array
  readonly versions: readonly VersionTrace[]
}

/** What people decided, up to the watermark, in order of time. */
export interface Outcomes {
  readonly offsets: Uint32Array
  readonly at: Float64Array
  /** Places in `OUTCOMES`. */
  readonly kind: Uint8Array
  /** Of wins; NaN where nobody said. */
  readonly amount: Float64Array
}

export interface VersionTrace {
  readonly about: VersionAbout
  readonly changes: Changes
  /** When each lead was first handed over, before the period too; ∞ where it never was. */
  readonly handoverAt: Float64Array
  readonly atHandover: Snapshots
  /** At each lead's first win in the period. */
  readonly atWin: Snapshots
  /** By score. */
  readonly reaches: readonly Reaches[]
  readonly weeks: WeekPoints
  /** By attribute of `splitBy`. */
  readonly splits: readonly Split[]
}

/** What has to be known of a definition to read its trace. */
export interface VersionAbout {
  readonly name: string
  readonly handover: string | null
  readonly categories: readonly { readonly name: string; readonly levels: readonly string[] }[]
  /** The listed ones, then those that decisions imply. */
  readonly stages: readonly { readonly id: string; readonly isSide: boolean }[]
  readonly scores: readonly ScoreAbout[]
  readonly calibration: readonly PromisedRate[]
  /** By stage: thresholds that decide who enters it by itself. */
  readonly gates: Readonly<Record<string, readonly Gate[]>>
  readonly capacity: readonly {
    readonly team: string
    readonly stage: string
    readonly count: number
    readonly per: Period
  }[]
}

export type Period = 'day' | 'week' | 'month'

export interface ScoreAbout {
  readonly name: string
  readonly low: number
  readonly high: number
  /** Where levels (and, as category `stage`, stages) begin. */
  readonly bounds: readonly { readonly category: string; readonly level: string; readonly at: number }[]
}

export interface Gate {
  readonly score: string
  readonly category: string
  readonly level: string
  readonly at: number
}

export interface PromisedRate {
  readonly category: string
  readonly level: string
  readonly promised: number
  /** Of a calibration by score: where its bin lies. Otherwise null. */
  readonly points: { readonly score: string; readonly from: number; readonly below: number } | null
}

/** Every change of a level or the stage that was seen, from the lead's first fact on. */
export interface Changes {
  readonly offsets: Uint32Array
  /** When it was seen. */
  readonly at: Float64Array
  /** Place of the category; behind them the stage, then breaches of service levels. */
  readonly node: Uint8Array
  /** Place of the level or stage; of a breach, the stage. */
  readonly to: Uint16Array
}

/** How some leads stood at one instant each, in the order of the leads. */
export interface Snapshots {
  readonly lead: Uint32Array
  readonly at: Float64Array
  /** Points of every score, lead after lead. */
  readonly points: Float64Array
  /** Place of the level of every category, lead after lead. */
  readonly levels: Uint16Array
  /** Expected value; NaN where the definition has none. */
  readonly expected: Float64Array
}

/** Which thresholds of a score a lead rose to in the period, and when it first did. */
export interface Reaches {
  /** How many of the 101 thresholds it had reached at any time before the period. */
  readonly before: Uint8Array
  readonly offsets: Uint32Array
  readonly at: Float64Array
  /** Places of the lowest and the highest threshold that it rose to at that instant. */
  readonly low: Uint8Array
  readonly high: Uint8Array
}

/** Points at the end of each whole week of the period, from the lead's first fact on: the place of the highest threshold reached. */
export interface WeekPoints {
  readonly offsets: Uint32Array
  /** By score; all have the same offsets. */
  readonly points: readonly Uint8Array[]
}

/** The value of an attribute when the lead was handed over; else at its first win in the period, else at the period's end. */
export interface Split {
  readonly attribute: string
  /** The first stands for "nobody had said". */
  readonly values: readonly (string | null)[]
  readonly codes: Uint32Array
}

/** Entries of `Outcomes.kind`. */
export const OUTCOMES = ['won', 'lost', 'accepted', 'rejected', 'disqualified'] as const

/** Thresholds of every score. */
export const THRESHOLDS = 101

/** The whole weeks of a period, from Monday 00:00 UTC: their beginnings. */
export function weeksOf({ from, to }: Pick<TraceOptions, 'from' | 'to'>): Instant[] {
  const weeks: Instant[] = []
  const first = weekBegin(weekOf(from - 1) + 1)
  for (let begin = first; begin + WEEK_MS <= to; begin += WEEK_MS) weeks.push(begin)
  return weeks
}
