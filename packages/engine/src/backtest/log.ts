/** A circle's facts in the order in which they became known. */
import { compareFacts, type DecisionFact, type Fact, type LeadId } from '../facts.ts'
import { inOrder } from '../replay/in-order.ts'
import type { Instant } from '../time.ts'
import { OUTCOMES, type TraceOptions } from './traces.ts'

export type Known = TraceOptions['known']

/** When a fact counts as known: never before it happened. */
export const knownAtOf = (fact: Fact, known: Known): Instant =>
  known === 'received' && fact.receivedAt !== undefined && fact.receivedAt > fact.at ? fact.receivedAt : fact.at

/** Each fact once, in the order in which it became known; those of one instant in the total order. */
export function inOrderKnown(facts: readonly Fact[], until: Instant, known: Known): readonly Fact[] {
  const ordered = inOrder(facts, until)
  if (known === 'happened' || !ordered.some((fact) => knownAtOf(fact, known) > fact.at)) return ordered
  return ordered
    .filter((fact) => knownAtOf(fact, known) <= until)
    .sort((a, b) => knownAtOf(a, known) - knownAtOf(b, known) || compareFacts(a, b))
}

/** Visits the facts that became known at one instant, instant by instant: those of `log` from `begin` up to, but not, `end`. */
export function eachArrival(
  log: readonly Fact[],
  known: Known,
  visit: (begin: number, end: number, knownAt: Instant) => void,
): void {
  for (let begin = 0; begin < log.length;) {
    const knownAt = knownAtOf(log[begin], known)
    let end = begin + 1
    while (end < log.length && knownAtOf(log[end], known) === knownAt) end++
    visit(begin, end, knownAt)
    begin = end
  }
}

/** Decisions that are outcomes, as places in `OUTCOMES`. */
const OUTCOME_OF: Readonly<Partial<Record<DecisionFact['decision'], (typeof OUTCOMES)[number]>>> = {
  win: 'won',
  lose: 'lost',
  accept: 'accepted',
  reject: 'rejected',
  disqualify: 'disqualified',
}

/** −1 for decisions that are none. */
export function outcomeOf({ decision }: DecisionFact): number {
  const outcome = OUTCOME_OF[decision]
  return outcome === undefined ? -1 : OUTCOMES.indexOf(outcome)
}

/** What was said of an attribute of a lead, or of the account that it belonged to, among the first `end` facts. */
export function valueSaid(
  facts: readonly Fact[],
  end: number,
  { lead, attribute }: { lead: LeadId; attribute: string },
): string | null {
  const account = latest(facts, end, (fact) => fact.kind === 'link' && fact.lead === lead)
  const accountId = account?.kind === 'link' ? account.account : null
  const said = latest(
    facts,
    end,
    (fact) =>
      (fact.kind === 'attribute' && fact.lead === lead && fact.name === attribute) ||
      (fact.kind === 'account_attribute' && fact.account === accountId && fact.name === attribute),
  )
  if (said?.kind !== 'attribute' && said?.kind !== 'account_attribute') return null
  const { value } = said
  return value === null ? null : typeof value === 'object' ? value.join(', ') : String(value)
}

function latest(facts: readonly Fact[], end: number, isOne: (fact: Fact) => boolean): Fact | undefined {
  let found: Fact | undefined
  for (let index = 0; index < end; index++) {
    const fact = facts[index]
    if (isOne(fact) && (found === undefined || compareFacts(found, fact) < 0)) found = fact
  }
  return found
}
