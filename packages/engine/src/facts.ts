import type { Instant } from './time.ts'

declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type LeadId = Brand<string, 'LeadId'>
export type AccountId = Brand<string, 'AccountId'>

/** Any text names a lead; the cast is here and nowhere else, so that an account's id never passes for a lead's. */
export const leadId = (raw: string): LeadId => raw as LeadId
export const accountId = (raw: string): AccountId => raw as AccountId

/** What can be known: JSON without nesting, or a list of strings. `null` is "no longer known". */
export type FactValue = string | number | boolean | null | readonly string[]

interface FactBase {
  /** Unique for ever; a second fact with the same id is the same fact and changes nothing. */
  readonly id: string
  /** When it happened (`occurredAt`). */
  readonly at: Instant
  /** When we learned of it; `at` where not given. Only a backtest that asks "as known then" looks at it. */
  readonly receivedAt?: Instant
}

export interface LinkFact extends FactBase {
  readonly kind: 'link'
  readonly lead: LeadId
  readonly account: AccountId | null
}

export interface AttributeFact extends FactBase {
  readonly kind: 'attribute'
  readonly lead: LeadId
  readonly name: string
  readonly value: FactValue
}

export interface AccountAttributeFact extends FactBase {
  readonly kind: 'account_attribute'
  readonly account: AccountId
  readonly name: string
  readonly value: FactValue
}

export interface ActivityFact extends FactBase {
  readonly kind: 'activity'
  readonly lead: LeadId
  /** The raw event type; the definition's `activities` name it. */
  readonly type: string
  readonly properties: Readonly<Record<string, unknown>>
}

export const DECISIONS = ['accept', 'qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose', 'override'] as const
export type DecisionName = (typeof DECISIONS)[number]

export interface DecisionFact extends FactBase {
  readonly kind: 'decision'
  readonly lead: LeadId
  readonly decision: DecisionName
  readonly by?: string
  readonly reason?: string
  /** Money of a win, in the definition's currency. */
  readonly amount?: number
  /** What an override forces: a level of a category (until it expires, or for ever), or a stage. */
  readonly override?:
    | { readonly category: string; readonly level: string; readonly until?: Instant }
    | { readonly stage: string }
}

export type Fact = LinkFact | AttributeFact | AccountAttributeFact | ActivityFact | DecisionFact

const KIND_RANK = { link: 0, attribute: 1, account_attribute: 1, activity: 2, decision: 3 } as const

/** Rank of a fact among those of its instant. */
export const rankOf = (fact: Fact): number => KIND_RANK[fact.kind]

/** The one total order of facts: instant, kind, id. Negative when `a` comes first. */
export function compareFacts(a: Fact, b: Fact): number {
  return a.at - b.at || KIND_RANK[a.kind] - KIND_RANK[b.kind] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
