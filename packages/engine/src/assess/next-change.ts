import type { LeadId } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import { advance, nextWake } from './advance.ts'
import { lookAhead, settledLead } from './assess.ts'
import type { Transition } from './assessment.ts'
import { leadOf } from './circle.ts'

export interface NextChange {
  readonly at: Instant
  /** What happens then; empty when the search stopped early: then nothing happens before `at`. */
  readonly transitions: readonly Transition[]
  /** How many instants were looked at on the way at which nothing changed. */
  readonly idle: number
}

/** More instants than this that change nothing are not looked through; whoever waits until `at` asks again. */
const IDLE_MAX = 1000

/**
 * The earliest instant after `asOf` at which a level or the stage of this lead changes, or a service level is breached, if
 * no fact comes.
 * @throws WinnowError `instant_past` when the circle has facts after `asOf`
 */
export function nextChange(plan: Plan, circle: Circle, id: LeadId, asOf: Instant): NextChange | undefined {
  const lead = settledLead(plan, circle, id, asOf)
  if (lead.foreseen !== undefined) return lead.foreseen.next
  // A lead without facts is settled aside, as a circle of its own.
  const alone =
    leadOf(circle, id) === lead ? circle : { ...circle, everyone: [lead], progress: { at: asOf, isSettled: true } }
  // Found before anything is put aside: whoever lets time pass later needs not look again.
  const isQuiet = nextWake(plan, alone, Infinity) === Infinity
  const next = isQuiet ? undefined : lookingAhead(plan, alone, () => firstChange(plan, alone, id))
  // What happens to one lead of several may move another.
  if (alone.everyone.length === 1) lead.foreseen = { next }
  return next
}

function firstChange(plan: Plan, circle: Circle, id: LeadId): NextChange | undefined {
  const transitions: Transition[] = []
  for (let idle = 0; idle < IDLE_MAX; idle++) {
    const wake = nextWake(plan, circle, Infinity)
    if (wake === Infinity) return undefined
    advance(plan, circle, wake, transitions)
    const own = transitions.filter((transition) => transition.lead === id)
    if (own.length > 0) return { at: wake, transitions: own, idle }
  }
  return { at: circle.progress.at, transitions: [], idle: IDLE_MAX }
}

/** More instants than this are not looked through for the leads of a circle that nothing has happened to by then. */
const WAKES_MAX = 200

/**
 * The next change of each lead of the circle, found in one look ahead: what it costs grows with the leads and the instants that
 * matter, and not with their product for each lead. Leads to which nothing will happen by itself are left out; for leads that
 * the search did not come to, the change is empty and says until when nothing happens.
 * @throws WinnowError `instant_past` when the circle has facts after `asOf`
 */
export function nextChanges(plan: Plan, circle: Circle, asOf: Instant): Map<LeadId, NextChange> {
  lookAhead(plan, circle, asOf)
  if (circle.everyone.length > 1) return lookingAhead(plan, circle, () => firstChanges(plan, circle))
  return new Map(
    circle.everyone.flatMap(({ id }) => {
      const next = nextChange(plan, circle, id, asOf)
      return next === undefined ? [] : [[id, next]]
    }),
  )
}

function firstChanges(plan: Plan, circle: Circle): Map<LeadId, NextChange> {
  const found = new Map<LeadId, { at: Instant; transitions: Transition[]; idle: number }>()
  for (let wakes = 0; found.size < circle.everyone.length; wakes++) {
    const wake = nextWake(plan, circle, Infinity)
    if (wake === Infinity) return found
    if (wakes === WAKES_MAX) break
    const transitions: Transition[] = []
    advance(plan, circle, wake, transitions)
    for (const transition of transitions) {
      const first = found.get(transition.lead)
      if (first === undefined) found.set(transition.lead, { at: wake, transitions: [transition], idle: wakes })
      else if (first.at === wake) first.transitions.push(transition)
    }
  }
  const { at } = circle.progress
  for (const { id } of circle.everyone) if (!found.has(id)) found.set(id, { at, transitions: [], idle: WAKES_MAX })
  return found
}

/** Runs something that lets time pass, and puts everything back. */
function lookingAhead<T>(plan: Plan, circle: Circle, run: () => T): T {
  const { progress, everyone } = circle
  const kept = everyone.map(keep)
  circle.progress = { at: progress.at, isSettled: progress.isSettled }
  everyone.forEach((lead, index) => lendSpare(plan, lead, index))
  try {
    return run()
  } finally {
    circle.progress = progress
    for (let index = 0; index < kept.length; index++) putBack(everyone[index], kept[index])
  }
}

/** Lets a lead go on with copies of what time changes. The copies lie in rows that the plan keeps, for this is asked with every fact. */
function lendSpare({ spares, layout, fresh }: Plan, lead: LeadState, index: number): void {
  const spare = (spares[index] ??= {
    latch: layout.initial.slice(),
    value: fresh.value.slice(),
    until: fresh.until.slice(),
  })
  lead.latch = copyTo(spare.latch, lead.latch)
  lead.value = copyTo(spare.value, lead.value)
  lead.until = copyTo(spare.until, lead.until)
}

function copyTo(row: number[], from: readonly number[]): number[] {
  for (let place = 0; place < from.length; place++) row[place] = from[place]
  return row
}

type Kept = Omit<
  LeadState,
  'id' | 'account' | 'values' | 'changedAt' | 'tallies' | 'evidence' | 'heardAt' | 'before' | 'moves'
>

const keep = ({ latch, value, until, isTouched, dirty, ends, quietUntil, isWakeSure, foreseen }: Kept): Kept => ({
  latch,
  value,
  until,
  isTouched,
  dirty,
  ends,
  quietUntil,
  isWakeSure,
  foreseen,
})

function putBack(lead: LeadState, kept: Kept): void {
  lead.latch = kept.latch
  lead.value = kept.value
  lead.until = kept.until
  lead.isTouched = kept.isTouched
  lead.dirty = kept.dirty
  lead.ends = kept.ends
  lead.quietUntil = kept.quietUntil
  lead.isWakeSure = kept.isWakeSure
  lead.foreseen = kept.foreseen
}
