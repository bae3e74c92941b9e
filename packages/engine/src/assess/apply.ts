/** Taking in facts. */
import {
  rankOf,
  type AccountAttributeFact,
  type ActivityFact,
  type AttributeFact,
  type Fact,
  type LinkFact,
} from '../facts.ts'
import type { AttributePlan } from '../plan/builder.ts'
import { makeStale, mark, unsettle } from '../plan/cells.ts'
import type { Plan } from '../plan/compile.ts'
import { feed, takersOf } from '../plan/feeds.ts'
import type { AccountState, Circle, LeadState } from '../plan/state.ts'
import { sameValue, understand } from '../plan/value-tests.ts'
import { advance } from './advance.ts'
import { forgetCells, requireAccount, requireLead } from './circle.ts'
import type { Transition } from './assessment.ts'
import { notice } from './settle.ts'

/**
 * - `applied`: the circle now holds the fact
 * - `rebuild`: the fact comes before one that the circle has seen, or changes whose activities an account's stream holds.
 *   The circle is as it was: replay its whole log, with this fact, instead.
 */
export type Applied = 'applied' | 'rebuild'

/**
 * Takes one fact into a circle.
 * @param fact  one that the circle has not seen; whoever keeps the log knows ids and turns repeats away
 * @param sink  gets the transitions that are certain now: those before the fact's instant
 */
export function applyFact(plan: Plan, circle: Circle, fact: Fact, sink: Transition[] = []): Applied {
  if (isLate(circle, fact) || needsLog(plan, circle, fact)) return 'rebuild'
  if (fact.at > circle.clock) moveClock(plan, circle, fact.at, sink)
  else returnToBase(plan, circle)
  circle.lastRank = rankOf(fact)
  circle.lastId = fact.id
  take(plan, circle, fact)
  return 'applied'
}

function isLate({ clock, lastRank, lastId }: Circle, fact: Fact): boolean {
  if (fact.at !== clock) return fact.at < clock
  const rank = rankOf(fact)
  return rank < lastRank || (rank === lastRank && fact.id <= lastId)
}

/** A lead with a history that joins or leaves an account changes that account's stream. */
function needsLog(plan: Plan, circle: Circle, fact: Fact): boolean {
  if (fact.kind !== 'link' || !plan.looksAtAccount || circle.log !== undefined) return false
  const lead = circle.leads.get(fact.lead)
  return lead !== undefined && lead.account?.id !== (fact.account ?? undefined)
}

function moveClock(plan: Plan, circle: Circle, at: number, sink: Transition[]): void {
  const { base } = circle
  if (base !== undefined && circle.progress.at < at) {
    // What was looked ahead to has come true.
    sink.push(...base.transitions)
    circle.base = undefined
  } else returnToBase(plan, circle)
  advance(plan, circle, at - 1, sink)
  circle.clock = at
  circle.progress.isSettled = false
  if (circle.pending.length > 0) circle.pending = []
}

/**
 * Undoes looking ahead: levels and stages are again those of the clock, and nothing cached for later instants is believed. Where
 * nobody looked beyond the clock's own instant, as when one fact of several there was assessed before the others came, only what
 * reads levels and stages is worked out anew.
 */
export function returnToBase(plan: Plan, circle: Circle): void {
  const { base } = circle
  if (base === undefined) return
  const isLater = circle.progress.at > circle.clock
  for (let index = 0; index < base.latches.length; index++) {
    const lead = circle.everyone[index]
    lead.latch = base.latches[index]
    if (isLater) forgetCells(lead)
    else for (const cell of plan.readingLatch) lead.until[cell] = -Infinity
    unsettle(lead)
  }
  circle.progress = base.progress
  circle.base = undefined
}

function take(plan: Plan, circle: Circle, fact: Fact): void {
  switch (fact.kind) {
    case 'link':
      return link(plan, circle, fact)
    case 'attribute':
      return learnOfLead(plan, circle, fact)
    case 'account_attribute':
      return learnOfAccount(plan, circle, fact)
    case 'activity':
      return count(plan, circle, fact)
    case 'decision':
      requireLead(plan, circle, fact.lead).heardAt = fact.at
      circle.pending.push(fact)
  }
}

function learnOfLead(plan: Plan, circle: Circle, fact: AttributeFact): void {
  const lead = requireLead(plan, circle, fact.lead)
  lead.heardAt = fact.at
  const attribute = plan.attributes.get(fact.name)
  if (attribute === undefined || attribute.isOfAccount) return
  if (learn(attribute, lead, fact)) {
    makeStale(lead, plan.stale.attribute[attribute.slot])
    staleMembers(plan, lead.account)
  }
}

function learnOfAccount(plan: Plan, circle: Circle, fact: AccountAttributeFact): void {
  const account = requireAccount(plan, circle, fact.account)
  for (const member of account.members) member.heardAt = fact.at
  const attribute = plan.attributes.get(fact.name)
  if (!attribute?.isOfAccount || !learn(attribute, account, fact)) return
  for (const member of account.members) makeStale(member, plan.stale.attribute[attribute.slot])
  staleMembers(plan, account)
}

/** Whether the fact changed what is known. */
function learn(
  { slot, attribute }: AttributePlan,
  holder: LeadState | AccountState,
  fact: AttributeFact | AccountAttributeFact,
): boolean {
  const value = understand(attribute, fact.value)
  if (holder.evidence) holder.evidence[slot] = fact.id
  if (sameValue(holder.values[slot], value)) return false
  holder.values[slot] = value
  holder.changedAt[slot] = fact.at
  return true
}

function staleMembers(plan: Plan, account: AccountState | undefined): void {
  if (!plan.looksAtMembers || account === undefined) return
  for (const member of account.members) makeStale(member, plan.stale.members)
}

function count(plan: Plan, circle: Circle, fact: ActivityFact): void {
  const lead = requireLead(plan, circle, fact.lead)
  lead.heardAt = fact.at
  circle.log?.push(fact)
  const raw = plan.feeds.get(fact.type)
  if (raw === undefined) return
  let isCounted = false
  for (const tally of takersOf(raw, fact.properties)) {
    const stale = plan.stale.tally[tally.slot]
    if (tally.scope === 'lead') {
      if (!feed(tally, lead.tallies, fact, circle.withEvidence)) continue
      mark(lead, stale)
      isCounted = true
    } else if (lead.account && feed(tally, lead.account.tallies, fact, circle.withEvidence)) {
      for (const member of lead.account.members) makeStale(member, stale)
    }
  }
  if (isCounted) notice(plan, lead, fact.at)
  staleMembers(plan, lead.account)
}

// --- Links -----------------------------------------------------------------------------------------------------------

function link(plan: Plan, circle: Circle, fact: LinkFact): void {
  const lead = requireLead(plan, circle, fact.lead)
  const before = lead.account
  // Those it leaves at this instant; of several links at one instant only the first leaves anybody.
  if (plan.looksAtAccount && lead.heardAt !== fact.at) before?.members.forEach((member) => (member.heardAt = fact.at))
  lead.heardAt = fact.at
  const account = fact.account === null ? undefined : requireAccount(plan, circle, fact.account)
  if (before === account) return
  before?.members.splice(before.members.indexOf(lead), 1)
  account?.members.push(lead)
  lead.account = account
  unsettle(lead)
  makeStale(lead, plan.stale.account)
  for (const each of [before, account]) if (each !== undefined) readStreamAgain(plan, circle, each)
}

/** An account's stream is that of the leads that belong to it now, with their whole history. */
function readStreamAgain(plan: Plan, circle: Circle, account: AccountState): void {
  for (const member of account.members) {
    makeStale(member, plan.stale.account)
    makeStale(member, plan.stale.members)
  }
  if (!plan.looksAtAccount || circle.log === undefined) return
  account.tallies.fill(undefined)
  const members = new Set(account.members.map((member) => member.id))
  for (const activity of circle.log) {
    const raw = members.has(activity.lead) ? plan.feeds.get(activity.type) : undefined
    if (raw === undefined) continue
    for (const tally of takersOf(raw, activity.properties)) {
      if (tally.scope === 'account') feed(tally, account.tallies, activity, circle.withEvidence)
    }
  }
}
