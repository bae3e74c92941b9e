/** Short ways to write the facts of a hand-worked example. Times are milliseconds from an instant of no importance. */
import {
  accountId,
  leadId,
  type DecisionFact,
  type DecisionName,
  type Fact,
  type FactValue,
  type LeadId,
} from '../../src/facts.ts'
import { parseDuration, type Instant } from '../../src/time.ts'

/** Midnight UTC of 2024-10-04. */
export const START: Instant = parseDuration('20000d')

/** The instant this long after the start: `after('1d')`, `after('1d', 1)` a millisecond later. */
export const after = (length: string, plusMs = 0): Instant => START + parseDuration(length) + plusMs

export const ANN: LeadId = leadId('ann')
export const BOB: LeadId = leadId('bob')

let told = 0
const id = () => `told-${String((told += 1)).padStart(6, '0')}`

export const did = (type: string, at: Instant, properties: Record<string, unknown> = {}, lead = ANN): Fact => ({
  kind: 'activity',
  id: id(),
  at,
  lead,
  type,
  properties,
})

export const learned = (name: string, value: FactValue, at: Instant, lead = ANN): Fact => ({
  kind: 'attribute',
  id: id(),
  at,
  lead,
  name,
  value,
})

export const learnedOf = (account: string, name: string, value: FactValue, at: Instant): Fact => ({
  kind: 'account_attribute',
  id: id(),
  at,
  account: accountId(account),
  name,
  value,
})

export const joined = (account: string | null, at: Instant, lead = ANN): Fact => ({
  kind: 'link',
  id: id(),
  at,
  lead,
  account: account === null ? null : accountId(account),
})

export const decided = (
  decision: DecisionName,
  at: Instant,
  override?: NonNullable<DecisionFact['override']>,
  lead = ANN,
): Fact => ({ kind: 'decision', id: id(), at, lead, decision, ...(override === undefined ? {} : { override }) })
