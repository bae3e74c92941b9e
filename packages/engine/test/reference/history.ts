/** A whole history, instant by instant (semantics, sections 2 and 8). */
import type { Transition } from '../../src/assess/assessment.ts'
import type { Definition } from '../../src/definition/language.ts'
import type { Fact, LeadId } from '../../src/facts.ts'
import type { Instant } from '../../src/time.ts'
import { firstCrossing } from './crossing.ts'
import { inOrder, Known } from './known.ts'
import { looksAtAccounts, momentsFromFacts, nextOfState } from './moments.ts'
import { decide, settle, type Change, type Moment } from './settle.ts'
import { newborn, type LeadState } from './state.ts'

export interface Lived {
  readonly transitions: readonly Transition[]
  /** What is known and what has become of everybody at the end. */
  readonly end: Moment
}

export interface Living {
  /** Looks at each transition; when it says so, the history stops after that instant. */
  readonly enough?: (transition: Transition) => boolean
  /** Looks at everybody after each instant that is settled. */
  readonly watch?: (moment: Moment) => void
  /** A lead that comes into being at an instant without a fact, unless it is there already. */
  readonly newcomer?: { readonly lead: LeadId; readonly at: Instant }
  /** See `Moment`. */
  readonly nudge?: number
}

/** Lives through everything up to and including `until`. */
export function live(
  definition: Definition,
  facts: readonly Fact[],
  until: Instant,
  { enough = () => false, watch, newcomer, nudge = 0 }: Living = {},
): Lived {
  const ordered = inOrder(facts).filter((fact) => fact.at <= until)
  const arrivals = newcomer === undefined ? [] : [newcomer.at]
  const instants = [...new Set([...ordered.map((fact) => fact.at), ...arrivals])].sort((a, b) => a - b)
  const transitions: Transition[] = []
  const states = new Map<LeadId, LeadState>()
  let known = new Known(definition, [])
  let now = instants[0] ?? until
  let stretch: readonly Instant[] = []
  for (;;) {
    const before = known
    const todays = ordered.filter((fact) => fact.at === now)
    const factsEnd = instants.find((at) => at > now) ?? until
    if (instants.includes(now)) {
      known = new Known(
        definition,
        ordered.filter((fact) => fact.at <= now),
      )
      stretch = momentsFromFacts(known, now, factsEnd)
    }
    if (now === newcomer?.at && !states.has(newcomer.lead)) states.set(newcomer.lead, newborn(definition, now))
    const moment: Moment = { definition, known, at: now, states, nudge }
    const changes = liveInstant(moment, todays)
    const seen = changes.map((change) => ({
      ...change,
      cause: change.kind === 'sla' ? ('time' as const) : causeOf(change.lead, todays, before, known),
    }))
    transitions.push(...seen)
    watch?.(moment)
    if (now === until || seen.some(enough)) return { transitions, end: moment }
    now = nextInstant(moment, { hasChanged: changes.length > 0, stretch, to: factsEnd })
  }
}

/** One instant: facts, settling, and each decision with a settling of its own. */
function liveInstant(moment: Moment, todays: readonly Fact[]): readonly Change[] {
  const { definition, known, at, states } = moment
  for (const lead of known.leads) if (!states.has(lead)) states.set(lead, newborn(definition, at))
  const changes = [...settle(moment, [...states.keys()])]
  for (const fact of todays) {
    if (fact.kind !== 'decision') continue
    changes.push(...decide(moment, fact), ...settle(moment, circleOf(fact.lead, known)))
  }
  return changes
}

/** The next instant at which something may turn, at the latest `to`. */
function nextInstant(
  moment: Moment,
  next: { readonly hasChanged: boolean; readonly stretch: readonly Instant[]; readonly to: Instant },
): Instant {
  const { definition, at, states } = moment
  // A stage's own `enter` reads the stage before the settling: what has changed now may be read a millisecond later.
  const fromChange = next.hasChanged ? at + 1 : Infinity
  const fromFacts = next.stretch.find((each) => each > at) ?? Infinity
  const fromStates = [...states.values()].map((state) => nextOfState(definition, state, at))
  const sudden = Math.min(next.to, fromChange, fromFacts, ...fromStates)
  return firstCrossing(moment, sudden - 1) ?? sudden
}

/** The leads that are looked at together: the lead, and where the definition looks at accounts, those of its account. */
function circleOf(lead: LeadId, known: Known): readonly LeadId[] {
  const account = known.accountOf(lead)
  return account === undefined || !looksAtAccounts(known.definition) ? [lead] : known.leadsOf(account)
}

/** `facts` if at this instant there is a fact of the lead, of its account, or of a lead that is or was of its circle. */
function causeOf(lead: LeadId, todays: readonly Fact[], before: Known, now: Known): Transition['cause'] {
  const circle = [...circleOf(lead, before), ...circleOf(lead, now)]
  const concerns = (fact: Fact) =>
    fact.kind === 'account_attribute' ? fact.account === now.accountOf(lead) : circle.includes(fact.lead)
  return todays.some(concerns) ? 'facts' : 'time'
}
