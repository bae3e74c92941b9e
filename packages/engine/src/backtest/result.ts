/**
 * What a backtest says. Three steps make it: `trace` replays every lead once and version and keeps what matters, `measure` counts
 * traces into these figures, `leadsBehind` names the leads of one of them. Everything that a screen shows is counted from traces, so
 * that moving a threshold or asking who is behind a number replays nothing.
 */
import type { Instant } from '../time.ts'

/** A figure with what is not known about it. Rates are shares, 0 to 1. */
export interface Estimate {
  /** Null where nothing was observed. */
  readonly value: number | null
  /** 95 %: Wilson for rates, percentiles of a bootstrap by lead for everything else. */
  readonly low: number | null
  readonly high: number | null
  /** Of how many leads it speaks. */
  readonly count: number
}

/** What really became of leads: first decision of each kind at or after an entry. */
export type Outcome = 'won' | 'lost' | 'accepted' | 'rejected' | 'disqualified'

export interface BacktestOptions {
  /** Entries in here are counted; what came before is replayed too, for a lead carries its history. */
  readonly from: Instant
  readonly to: Instant
  /** How long after an entry an outcome counts; entries whose time is not over at the watermark are left out of rates. */
  readonly horizonDays: number
  /** When facts count as known: as we received them (late ones change nothing before), or as they happened (imported history). */
  readonly known: 'received' | 'happened'
  /** The last instant of which outcomes are known. */
  readonly watermark: Instant
  /** The stage with which a lead is handed to sales; where absent, or where a version has no such stage, see `handoverOf`. */
  readonly handover?: string
  /** Attributes whose values (when the lead entered) results are split by. */
  readonly splitBy?: readonly string[]
  /** Of the bootstrap and of everything else that is drawn. */
  readonly seed: number
  readonly replicates?: number
  /** Days on which nobody takes leads: ISO dates, taken off the capacity of the weeks that they lie in. */
  readonly holidays?: readonly string[]
  /** On which days of the week a team works, 1 (Monday) to 7; silent: Monday to Friday. */
  readonly workdays?: readonly number[]
  /** How many people of a team take leads: what a week comes to is told for each of them. */
  readonly reps?: Readonly<Record<string, number>>
}

export interface BacktestResult {
  readonly options: BacktestOptions & { readonly replicates: number }
  readonly leads: number
  readonly facts: number
  /** Leads won for the first time in the period, whoever had seen them coming; their money in it, in the definition's currency. */
  readonly wins: number
  readonly revenue: number
  readonly versions: readonly VersionResult[]
  /** Each later version against the first. */
  readonly comparisons: readonly Comparison[]
}

export interface VersionResult {
  readonly name: string
  /** Null where the definition has no stage but the first. */
  readonly handover: string | null
  /** Leads handed over for the first time in the period, and those of them whose horizon is over: what rates are counted of. */
  readonly handedOver: number
  readonly followed: number
  /** Whole weeks of the period, from Monday 00:00 UTC; entries into each stage and level. */
  readonly weeks: readonly Week[]
  /** Leads that reached each stage in the period, in the definition's order. */
  readonly funnel: readonly { readonly stage: string; readonly leads: number; readonly ofPrevious: Estimate }[]
  /** Of those who first entered a level in the period and whose horizon is over: what became of them. */
  readonly levels: readonly LevelResult[]
  /** Of leads handed over: the share that was won, accepted. */
  readonly precision: Estimate
  readonly acceptance: Estimate
  /** Of wins in the period: the share that had been handed over before. */
  readonly recall: Estimate
  /** Days from handover to win. */
  readonly leadTime: {
    readonly median: Estimate
    readonly quartiles: readonly [number, number] | null
    readonly days: readonly number[]
  }
  /** Each score in bands: of lead-weeks with so many points, which share was won within the horizon. */
  readonly bands: readonly ScoreBands[]
  /** What the version says a level wins (its value table) beside what it won. */
  readonly calibration: readonly {
    readonly category: string
    readonly level: string
    readonly promised: number
    readonly won: Estimate
  }[]
  /** If sales takes the best so many a week: the share of wins and of revenue among those taken. */
  readonly captured: readonly {
    readonly perWeek: number
    readonly wins: Estimate
    readonly revenue: Estimate
    readonly isCapacity: boolean
  }[]
  /** Leads ordered by the version at handover, best first: share of leads against share of wins. */
  readonly lift: readonly { readonly leads: number; readonly wins: number }[]
  readonly missed: readonly NamedLead[]
  readonly falseAlarms: readonly NamedLead[]
  readonly flapping: {
    /** Changes of level and stage a lead and month. */
    readonly changes: Estimate
    /** Leads that left and entered one level again within a week. */
    readonly returning: number
  }
  readonly splits: readonly SplitResult[]
  /** Each score with each threshold from 0 to 100, where it can be moved. */
  readonly thresholds: readonly ThresholdCurve[]
  readonly gate: readonly GateLine[]
  /** Where people of teams were counted (`reps`). */
  readonly load?: readonly LoadLine[]
  /** The flooded line of the gate with the most above its capacity. */
  readonly bottleneck: { readonly team: string; readonly stage: string } | null
}

/** Each lead counts once a week and stage or level, however often it entered. */
export interface Week {
  readonly begin: Instant
  readonly handedOver: number
  readonly stages: Readonly<Record<string, number>>
  readonly levels: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly wins: number
}

export interface LevelResult {
  readonly category: string
  readonly level: string
  readonly entered: number
  /** Those of them whose horizon is over: what rates are counted of. */
  readonly followed: number
  readonly won: Estimate
  readonly accepted: Estimate
  readonly revenue: number
}

export interface ScoreBands {
  readonly score: string
  readonly bands: readonly {
    readonly from: number
    readonly to: number
    readonly leadWeeks: number
    readonly leads: number
    /** Of lead-weeks; its interval knows that those of one lead belong together. */
    readonly won: Estimate
  }[]
}

export interface NamedLead {
  readonly lead: string
  /** When it was handed over; of a missed winner, when it was won. Levels and points are those of that instant. */
  readonly at: Instant
  readonly level: Readonly<Record<string, string>>
  readonly points: Readonly<Record<string, number>>
  readonly amount: number | null
  readonly outcome: Outcome | null
}

export interface SplitResult {
  readonly attribute: string
  readonly values: readonly {
    /** Null where nobody had said. */
    readonly value: string | null
    readonly leads: number
    readonly handedOver: number
    readonly precision: Estimate
    readonly recall: Estimate
  }[]
}

/**
 * Arrays of 101, by threshold: leads whose score rose to it in the period, the first time that it did. Threshold `i` lies at
 * `low + (high − low) · i / 100` points of the score's range: at `i` points where that is 0 to 100.
 */
export interface ThresholdCurve {
  readonly score: string
  readonly low: number
  readonly high: number
  /** Where the version's levels and stages test this score now. */
  readonly bounds: readonly { readonly category: string; readonly level: string; readonly at: number }[]
  readonly entered: readonly number[]
  readonly followed: readonly number[]
  readonly won: readonly number[]
  readonly revenue: readonly number[]
  /** Of wins in the period, how many had reached it before. */
  readonly winsBefore: readonly number[]
  /** A whole week's entries, middle and busiest of twenty. */
  readonly perWeek: readonly number[]
  readonly perBusyWeek: readonly number[]
  /** Mean of the whole weeks. */
  readonly perMeanWeek: readonly number[]
}

/** Can marketing deliver enough, can sales take it? */
/** What the weeks of the period come to for each of a team's people, if they share evenly. */
export interface LoadLine {
  readonly team: string
  readonly stage: string
  readonly reps: number
  /** Leads a week and person, from the weeks of the period. */
  readonly perRep: Estimate
  /** What each can take in a mean week; null where the definition says no capacity of the team. */
  readonly capacity: number | null
  /** Whole weeks; the capacity of each has its holidays taken off. */
  readonly weeks: readonly { readonly begin: Instant; readonly perRep: number; readonly capacity: number | null }[]
  readonly weeksOver: number
}

export interface GateLine {
  readonly team: string
  readonly stage: string
  /** So many a week, holidays taken off: the mean of the period's whole weeks. */
  readonly capacity: number
  /** Entries a week to be expected, from the weeks of the period. */
  readonly expected: Estimate
  readonly verdict: 'starved' | 'balanced' | 'flooded' | 'unclear'
  /** The threshold that would meet capacity, where one does. */
  readonly proposal: {
    readonly score: string
    readonly category: string
    readonly level: string
    readonly from: number
    readonly to: number
    readonly expected: number
  } | null
}

export interface Comparison {
  readonly version: string
  readonly against: string
  readonly differences: readonly {
    readonly figure:
      | 'precision'
      | 'acceptance'
      | 'recall'
      | 'revenueAtCapacity'
      | 'winsAtCapacity'
      | 'leadTime'
      | 'handedOver'
      | 'flapping'
    /** Later minus first, with a paired bootstrap interval by lead. */
    readonly difference: Estimate
    readonly verdict: 'better' | 'worse' | 'more' | 'fewer' | 'not enough evidence'
  }[]
  /** Who stands where at the end of the period: leads by level (or stage) under the first version and under this one. */
  readonly migration: readonly {
    readonly category: string
    readonly cells: readonly { readonly from: string; readonly to: string; readonly leads: number }[]
  }[]
}

/** The address of a number's leads. */
export type Figure =
  | { readonly kind: 'stage'; readonly version: number; readonly stage: string; readonly week?: Instant }
  | {
      readonly kind: 'level'
      readonly version: number
      readonly category: string
      readonly level: string
      readonly week?: Instant
      readonly outcome?: Outcome
    }
  | { readonly kind: 'handover'; readonly version: number; readonly outcome?: Outcome; readonly week?: Instant }
  | { readonly kind: 'wins'; readonly version: number; readonly handedOver?: boolean; readonly week?: Instant }
  | {
      readonly kind: 'band'
      readonly version: number
      readonly score: string
      readonly from: number
      readonly to: number
      readonly outcome?: Outcome
    }
  | {
      readonly kind: 'threshold'
      readonly version: number
      readonly score: string
      /** The place of the threshold, 0 to 100. */
      readonly at: number
      readonly outcome?: Outcome
    }
  | { readonly kind: 'captured'; readonly version: number; readonly perWeek: number }
  | { readonly kind: 'returning'; readonly version: number }
  | { readonly kind: 'split'; readonly version: number; readonly attribute: string; readonly value: string | null }
  | { readonly kind: 'missed'; readonly version: number }
  | { readonly kind: 'falseAlarms'; readonly version: number }
  | {
      readonly kind: 'migration'
      readonly version: number
      readonly category: string
      readonly from: string
      readonly to: string
    }
