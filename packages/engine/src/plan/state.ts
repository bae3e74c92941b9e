import type { AccountId, ActivityFact, DecisionFact, LeadId } from '../facts.ts'
import type { Instant } from '../time.ts'
import type { Transition } from '../assess/assessment.ts'
import type { NextChange } from '../assess/next-change.ts'
import { EVERY_NODE } from './cells.ts'
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
  /** Instant of the latest fact that is about the lead, or about its account. */
  heardAt: Instant
  /** Whether a fact has changed anything since the latest settling. */
  isTouched: boolean
  /** Nodes that may come out differently at the next settling, as bits. */
  dirty: number
  /** When the next dwell, override, cool-down or service level ends; NaN where nothing is noted of the latest settling. */
  ends: Instant
  /** Nothing changes before this instant, if no fact comes; −∞ where nobody has looked yet. */
  quietUntil: Instant
  /** Whether something may change at that very instant. */
  isWakeSure: boolean
  /** The lead's next change, once it was asked for; kept until something happens. */
  foreseen: { readonly next: NextChange | undefined } | undefined
  /** The latch as it was before the settling under way, to tell what changed. */
  readonly before: number[]
  /** Stages entered in the settling under way, in order. */
  readonly moves: number[]
  /** Cache: value of each cell, good for instants before `until`; −∞ where it must be computed. */
  value: number[]
  until: number[]
}

/** What is copied for a new lead: nothing known, nothing tallied, nothing decided. */
export interface Fresh {
  readonly values: readonly (KnownValue | undefined)[]
  readonly changedAt: readonly Instant[]
  readonly tallies: readonly (Tally | undefined)[]
  readonly latch: readonly number[]
  /** Cells come out alike for every lead that nobody has said anything about: what holds for ever is worked out beforehand. */
  readonly value: readonly number[]
  readonly until: readonly Instant[]
}

export function freshLead(fresh: Fresh, id: LeadId, withEvidence: boolean): LeadState {
  return {
    id,
    account: undefined,
    values: fresh.values.slice(),
    changedAt: fresh.changedAt.slice(),
    tallies: fresh.tallies.slice(),
    evidence: withEvidence ? [] : undefined,
    latch: fresh.latch.slice(),
    heardAt: -Infinity,
    isTouched: true,
    dirty: EVERY_NODE,
    ends: Number.NaN,
    quietUntil: -Infinity,
    isWakeSure: false,
    foreseen: undefined,
    before: fresh.latch.slice(),
    moves: [],
    // Not typed arrays: of this size the engines allocate those outside their heap, at ten times the cost.
    value: fresh.value.slice(),
    until: fresh.until.slice(),
  }
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
  /** Decisions at the clock's instant, in order. */
  pending: DecisionFact[]
  /** What to go back to when a fact arrives before the instant that an assessment looked ahead to. */
  base:
    | {
        readonly progress: Progress
        /** In the order of `everyone`. */
        readonly latches: readonly number[][]
        readonly transitions: Transition[]
      }
    | undefined
  /** Activities so far, where the circle is replayed from its log: an account's stream is read again when its leads change. */
  readonly log: ActivityFact[] | undefined
  readonly withEvidence: boolean
}
