/**
 * Time passing with no new fact: from one instant at which something may change to the next, each found beforehand.
 */
import type { Plan } from '../plan/compile.ts'
import { bandAround, driftWithin, scoreAt, scoreOver, signsOf, type ScorePlan } from '../plan/scores.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import { firstExit, firstExitEitherWay, type Fading } from './crossing.ts'
import { historyWake } from './lasting.ts'
import { decide, settle, type Ledger } from './settle.ts'
import type { Transition } from './assessment.ts'

/** Settles everything up to and including `to`; transitions go to `sink` in order. */
export function advance(plan: Plan, circle: Circle, to: Instant, sink: Transition[]): void {
  if (circle.everyone.length === 0) return
  if (!circle.progress.isSettled) settleClock(plan, circle, { sink, causeFor: (lead) => causeFor(plan, circle, lead) })
  const ledger: Ledger = { sink, causeFor: byTime }
  for (;;) {
    const next = nextWake(plan, circle, to)
    if (next > to) break
    settle(plan, circle.everyone, next, ledger)
    circle.progress.at = next
  }
  circle.progress.at = Math.max(circle.progress.at, to)
}

const byTime = () => 'time' as const

/** Whether a fact at the clock's instant is about the lead, or about a colleague where the definition looks at them. */
function causeFor(plan: Plan, { touched }: Circle, lead: LeadState): Transition['cause'] {
  if (touched.has(lead)) return 'facts'
  return plan.looksAtAccount && lead.account?.members.some((member) => touched.has(member)) ? 'facts' : 'time'
}

/** The instant of the clock: all its facts together, then its decisions one by one. */
function settleClock(plan: Plan, circle: Circle, ledger: Ledger): void {
  const { clock, leads, everyone, pending } = circle
  settle(plan, everyone, clock, ledger)
  for (const decision of pending) {
    const lead = leads.get(decision.lead)!
    decide(plan, lead, decision, ledger)
    // Colleagues are settled again only where they may look at this lead.
    settle(plan, plan.looksAtAccount && lead.account ? lead.account.members : [lead], clock, ledger)
  }
  circle.progress.at = clock
  circle.progress.isSettled = true
}

/**
 * The first instant after the circle's progress, up to `to`, at which something may change; later than `to` if there is
 * none. Nothing changes before it; at it something does, or a condition moves without carrying a level with it.
 */
export function nextWake(plan: Plan, circle: Circle, to: Instant): Instant {
  const { at } = circle.progress
  let wake = Infinity
  for (const lead of circle.everyone) {
    wake = Math.min(wake, historyWake(plan, lead, at))
    wake = Math.min(wake, timedWake(plan, lead, { from: at, to: Math.min(to, wake) }))
  }
  for (const lead of circle.everyone) {
    for (const score of plan.scores) {
      if (score.ranges.length === 0 || !score.isFading) continue
      wake = Math.min(wake, fadingWake(plan, score, lead, { from: at, to: Math.min(wake - 1, to) }))
    }
  }
  return wake
}

/** Tests of windows, ages and dates say themselves until when they hold. */
function timedWake({ cells }: Plan, lead: LeadState, { from, to }: { from: Instant; to: Instant }): Instant {
  let wake = Infinity
  for (const cell of cells.timed) {
    cells.read(lead, cell, from)
    wake = Math.min(wake, cells.nextFlip(lead, cell, Math.min(wake, to)))
  }
  return wake
}

function fadingWake(
  plan: Plan,
  score: ScorePlan,
  lead: LeadState,
  { from, to }: { from: Instant; to: Instant },
): Instant {
  if (to <= from) return Infinity
  const start = plan.cells.read(lead, score.cell, from)
  const signs = signsOf(score, lead)
  if (signs === 0) return Infinity
  const band = bandAround(score.ranges, start)
  const drift = driftWithin(score, lead, to - from)
  // A whole micro-point of room for the rounding.
  if (start + drift.low - 1 >= band.low && start + drift.high + 1 <= band.high) return Infinity
  const fading: Fading = {
    at: (t) => scoreAt(score, lead, t),
    over: (a, b) => scoreOver(score, lead, a, b),
  }
  if (signs === 3) return firstExitEitherWay(band, fading, from, to)
  return firstExit(band, fading, from, to)
}
