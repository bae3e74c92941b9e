import type { AccountId, ActivityFact, DecisionFact, LeadId } from '../facts.ts'
import type { Instant } from '../time.ts'
import type { Transition } from '../assess/assessment.ts'
import type { Tally } from './tally.ts'
import type { KnownValue } from './value-tests.ts'

/** What is known of a lead or an account at the circle's clock. */
interface Known {
  /** Understood values by attribute slot. */
  readonly values: (KnownValue | undefined)[]
  /** Instant of the latest change of each value; −∞ where there was none. */
  readonly changedAt: Instant[]
  /** By tally slot; undefined until something is tallied. */
  readonly tallies: (Tally | undefined)[]
  /** Ids of the facts behind `values`, kept where evidence is asked for. */
  readonly evidence: (string | undefined)[] | undefined
}

export interface AccountState extends Known {
  readonly id: AccountId
  readonly members: LeadState[]
}

export interface LeadState extends Known {
  readonly id: LeadId
  account: AccountState | undefined
  /** What history has decided: levels, stages and since when; laid out by the plan's categories and stages. */
  latch: number[]
  /** False where the next settling must look at everything: a test that levels or stages read may come out differently. */
  isSettled: boolean
  /** The latch as it was before the settling under way, to tell what changed. */
  readonly before: number[]
  /** Cache: value of each cell, good for instants before `until`; −∞ where it must be computed. */
  value: number[]
  until: number[]
}

/** How far a circle's history has been settled. */
export interface Progress {
  /** Instant up to which everything is settled. */
  at: Instant
  /** Whether the instant of the clock itself has been settled. */
  isSettled: boolean
}

/**
 * A lead, or leads and accounts that must be looked at together because a test looks over an account's leads.
 * Holds what the definition can still need of their facts up to `clock`.
 */
export interface Circle {
  readonly leads: Map<LeadId, LeadState>
  /** The same leads as a list, in order of their first facts. */
  readonly everyone: LeadState[]
  readonly accounts: Map<AccountId, AccountState>
  /** Instant of the latest fact; −∞ before the first. */
  clock: Instant
  /** Place of the latest fact in the total order: rank of its kind and its id, at `clock`. */
  lastRank: number
  lastId: string
  progress: Progress
  /** Leads that a fact at the clock's instant is about, or whose account it is about. */
  touched: Set<LeadState>
  /** Decisions at the clock's instant, in order. */
  pending: DecisionFact[]
  /** What to go back to when a fact arrives before the instant that an assessment looked ahead to. */
  base:
    | {
        readonly progress: Progress
        readonly latches: Map<LeadState, number[]>
        readonly transitions: Transition[]
      }
    | undefined
  /** Activities so far, where the circle is replayed from its log: an account's stream is read again when its leads change. */
  readonly log: ActivityFact[] | undefined
  readonly withEvidence: boolean
}
