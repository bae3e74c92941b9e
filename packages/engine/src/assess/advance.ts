/**
 * Time passing with no new fact: from one instant at which something may change to the next, each found beforehand.
 */
import type { Plan } from '../plan/compile.ts'
import { safeUntil, scoreAt, scoreOver, signsOf, type ScorePlan } from '../plan/scores.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import type { Transition } from './assessment.ts'
import { firstExit, firstExitEitherWay, type Fading } from './crossing.ts'
import { decide, settle } from './settle.ts'

/** Settles everything up to and including `to`; transitions go to `sink` in order. */
export function advance(plan: Plan, circle: Circle, to: Instant, sink: Transition[]): void {
  const { everyone, progress } = circle
  if (everyone.length === 0) return
  if (!progress.isSettled) settleClock(plan, circle, sink)
  for (;;) {
    const next = nextWake(plan, circle, to)
    if (next > to) break
    settle(plan, everyone, next, sink)
    progress.at = next
  }
  if (progress.at < to) progress.at = to
}

/** The instant of the clock: all its facts together, then its decisions one by one. */
function settleClock(plan: Plan, { clock, leads, everyone, pending, progress }: Circle, sink: Transition[]): void {
  progress.isSettled = true
  // Facts that change nothing leave the clock's instant to what time alone brings.
  if (pending.length === 0 && !isAnyTouched(everyone)) return
  settle(plan, everyone, clock, sink)
  for (const decision of pending) {
    const lead = leads.get(decision.lead)!
    decide(plan, lead, decision, sink)
    // Colleagues are settled again only where they may look at this lead.
    settle(plan, plan.looksAtAccount && lead.account ? lead.account.members : [lead], clock, sink)
  }
  progress.at = clock
}

function isAnyTouched(leads: readonly LeadState[]): boolean {
  for (const lead of leads) if (lead.isTouched) return true
  return false
}

/**
 * The first instant after the circle's progress, up to `to`, at which something may change; later than `to` if there is
 * none. Nothing changes before it; at it something does, or a condition moves without carrying a level with it.
 */
export function nextWake(plan: Plan, { everyone, progress }: Circle, to: Instant): Instant {
  let wake = Infinity
  for (const lead of everyone) wake = Math.min(wake, wakeOf(plan, lead, progress.at, Math.min(wake, to)))
  return wake
}

/** @returns exact up to `to`; otherwise a later instant before which nothing changes */
function wakeOf(plan: Plan, lead: LeadState, from: Instant, to: Instant): Instant {
  if (lead.quietUntil > to || lead.isWakeSure) return lead.quietUntil
  // INVARIANT: `ends` is noted: what forgets it touches the lead, too, and whoever has been touched is settled first.
  let wake = Math.min(lead.ends, timedWake(plan, lead, from, Math.min(lead.ends, to)))
  for (const score of plan.scores) {
    if (score.isWatched && score.isFading)
      wake = Math.min(wake, fadingWake(plan, score, lead, from, Math.min(wake - 1, to)))
  }
  lead.quietUntil = wake
  lead.isWakeSure = wake <= to
  return wake
}

/**
 * Tests of windows, ages and dates say themselves until when they hold.
 * @returns exact up to `to`; otherwise a later instant before which none of them changes
 */
function timedWake({ cells, timed }: Plan, lead: LeadState, from: Instant, to: Instant): Instant {
  const { until } = lead
  let wake = Infinity
  for (const each of timed) {
    const { cell } = each
    if (from >= until[cell]) cells.read(lead, cell, from)
    if (until[cell] <= to && until[cell] < wake) cells.nextFlip(lead, each, Math.min(wake, to))
    if (until[cell] < wake) wake = until[cell]
  }
  return wake
}

/**
 * A score that fades out of its band.
 * @returns exact up to `to`; otherwise a later instant before which it stays
 */
function fadingWake(plan: Plan, score: ScorePlan, lead: LeadState, from: Instant, to: Instant): Instant {
  let safe = safeUntil(score, lead)
  if (safe > to || safe === Infinity) return safe
  plan.cells.read(lead, score.cell, from)
  safe = safeUntil(score, lead)
  if (safe > to || safe === Infinity) return safe
  if (to <= from) return to + 1
  const band = { low: lead.value[score.band], high: lead.value[score.band + 1] }
  const fading: Fading = {
    at: (t) => scoreAt(score, lead, t),
    over: (a, b) => scoreOver(score, lead, a, b),
  }
  const exit =
    signsOf(score, lead) === 3 ? firstExitEitherWay(band, fading, from, to) : firstExit(band, fading, from, to)
  return exit < Infinity ? exit : to + 1
}
