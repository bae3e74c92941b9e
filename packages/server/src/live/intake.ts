/** What every way in (tracking, REST, imports) turns its input into before it is stored and assessed. */
import type { DecisionFact, FactValue, Instant } from '@winnow/engine'
import type { SourceConsent } from '../consent/heard.ts'
import type { FirstTouch } from '../db/tables.ts'

/**
 * A name under which a lead is known, strongest first:
 * - `lead`: our own id
 * - `user`: the id that a source gave a person it knows
 * - `email`: a normalised e-mail address
 * - `anonymous`: a browser or device, which several people may share
 */
export interface LeadName {
  readonly kind: 'lead' | 'user' | 'email' | 'anonymous'
  readonly value: string
}

/**
 * A name under which an account is known: our own id, a group id of a source, a domain of e-mail addresses. A link to a domain
 * is a guess from an address: it counts until somebody says to which account the lead belongs.
 */
export interface AccountName {
  readonly kind: 'account' | 'group' | 'domain'
  readonly value: string
}

/** Accounts that are said to be one company. */
export interface AccountsAreOne {
  /** The one that the other becomes part of. */
  readonly account: AccountName
  readonly other: AccountName
  readonly because: string
  /**
   * Who says so. Where nobody does it follows from what a source says, and only where it is certain: it never joins what somebody
   * has parted, nor a group of which another domain is known.
   */
  readonly by?: string
}

/**
 * One thing that a message says. `id` is unique for ever and made from the message's id, so that the same message always
 * gives the same facts.
 */
export type Saying = {
  readonly id: string
  readonly at: Instant
  /** When it became known, where that was not with its message: a history that is told afterwards. */
  readonly receivedAt?: Instant
  /** What had to be corrected on the way: an instant in the future was set to when we heard of it. */
  readonly flags?: readonly ('future' | 'past' | 'skew')[]
} & (
  | { readonly kind: 'attribute'; readonly name: string; readonly value: FactValue }
  | { readonly kind: 'activity'; readonly type: string; readonly properties: Readonly<Record<string, unknown>> }
  /** `isSaid`: somebody named the domain, so that it is no guess. */
  | { readonly kind: 'link'; readonly account: AccountName | null; readonly isSaid?: boolean }
  | {
      readonly kind: 'account_attribute'
      readonly account: AccountName
      readonly name: string
      readonly value: FactValue
    }
  | ({ readonly kind: 'decision' } & Pick<DecisionFact, 'decision' | 'by' | 'reason' | 'amount' | 'override'>)
)

/** One message from outside, checked and understood. */
export interface Intake {
  /** Unique for ever: a second message with it changes nothing. */
  readonly messageId: string
  /** Tells a repeat from another message with the same id. */
  readonly digest: Uint8Array
  readonly receivedAt: Instant
  /** Whom it is about; empty where it is about an account alone. Names that lead to different leads make them one. */
  readonly names: readonly LeadName[]
  /** True where somebody says outright that the names are one person; else two known people are never made one by a shared browser. */
  readonly isCertain?: boolean
  /** Who says so, and why: kept with the merge. */
  readonly merging?: { readonly by: string; readonly because: string }
  readonly accountsAreOne?: AccountsAreOne
  readonly says: readonly Saying[]
  readonly touch?: FirstTouch
  /** Its lead is kept from now on and not assessed: people of ours, competitors, test data. */
  readonly excludedAs?: 'internal' | 'competitor' | 'test'
  /** What a source says that its lead allows. */
  readonly consent?: SourceConsent
  /** As it came, kept only where it contradicts an earlier message of the same id. */
  readonly body: unknown
}

export interface Taken {
  /**
   * - `stored`: its facts are in the log, and everybody concerned has been assessed
   * - `repeated`: had been stored before
   * - `conflicting`: another message with this id had been stored before; that one counts, and this one is on the list of conflicts
   * - `unknown_lead`: it names a lead by an id of ours that does not exist; nothing was stored
   * - `kept_out`: it names somebody who was erased and is not to be known again; nothing was stored
   * - `too_old`: it tells of an activity from a time whose activities are forgotten; nothing was stored
   */
  readonly status: 'stored' | 'repeated' | 'conflicting' | 'unknown_lead' | 'kept_out' | 'too_old'
  /** The lead that it is about now; null for a message about an account. */
  readonly leadId: string | null
}

/** Takes messages in. Settled when they are durable, assessed, in the ledger and in the outbox: then, and only then, acknowledge. */
export interface IntakePort {
  /**
   * @returns one answer for each message, in their order
   * @throws ServerError `overloaded` when too much is waiting
   */
  readonly take: (messages: readonly Intake[]) => Promise<Taken[]>
}
