/** What the definition says of a lead at an instant. */
import type { LeadId } from '../facts.ts'
import { TRUE } from '../plan/kleene.ts'
import type { Plan } from '../plan/compile.ts'
import { MICRO } from '../plan/points.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import { WinnowError } from '../errors.ts'
import type { Instant } from '../time.ts'
import { advance } from './advance.ts'
import { returnToBase } from './apply.ts'
import type { Assessment, StageNow, Transition } from './assessment.ts'
import { leadOf, newLead } from './circle.ts'
import { expectedValue } from './value.ts'
import { settle } from './settle.ts'

/**
 * Looks ahead to `asOf`: settles the circle as if no more facts came. A fact that arrives before then undoes it.
 * @returns transitions from the clock's instant on, up to and including `asOf`, of all the circle's leads
 * @throws WinnowError `instant_past` when the circle has facts after `asOf`: replay its log up to `asOf` instead
 */
export function lookAhead(plan: Plan, circle: Circle, asOf: Instant): readonly Transition[] {
  if (asOf < circle.clock) {
    throw new WinnowError('instant_past', `the circle has facts up to ${circle.clock}, after ${asOf}`)
  }
  if (circle.base !== undefined && asOf < circle.progress.at) returnToBase(plan, circle)
  circle.base ??= fork(circle)
  advance(plan, circle, asOf, circle.base.transitions)
  return circle.base.transitions
}

/** Remembers where the circle stands and lets it go on with copies. */
function fork(circle: Circle): NonNullable<Circle['base']> {
  const { progress, everyone } = circle
  const latches: number[][] = []
  for (const lead of everyone) {
    latches.push(lead.latch)
    lead.latch = lead.latch.slice()
  }
  circle.progress = { at: progress.at, isSettled: progress.isSettled }
  return { progress, latches, transitions: [] }
}

/**
 * The assessment of one lead of the circle. A lead without facts is assessed as one that came into being at `asOf`.
 * @throws WinnowError `instant_past`, see `lookAhead`
 */
export function assess(plan: Plan, circle: Circle, id: LeadId, asOf: Instant): Assessment {
  return readAssessment(plan, settledLead(plan, circle, id, asOf), asOf)
}

/** The lead with everything settled at `asOf`. */
export function settledLead(plan: Plan, circle: Circle, id: LeadId, asOf: Instant): LeadState {
  lookAhead(plan, circle, asOf)
  const known = leadOf(circle, id)
  if (known !== undefined) return known
  const lead = newLead(plan, id, circle.withEvidence)
  settle(plan, [lead], asOf, [])
  return lead
}

/** Everything the definition says of a settled lead. */
export function readAssessment(plan: Plan, lead: LeadState, asOf: Instant): Assessment {
  const { cells } = plan
  const personas: string[] = []
  for (const { name, cell } of plan.personasListed) if (cells.read(lead, cell, asOf) === TRUE) personas.push(name)
  const scores: Record<string, number> = {}
  for (const { name, cell } of plan.scores) scores[name] = cells.read(lead, cell, asOf) / MICRO
  const levels: Record<string, string> = {}
  for (const { layout } of plan.categories) levels[layout.name] = layout.levels[lead.latch[layout.level]]
  const value = expectedValue(plan, lead, { scores, levels, asOf })
  const stage = readStage(plan, lead, asOf)
  const { id } = lead
  if (value === undefined) return { lead: id, asOf, personas, scores, levels, stage }
  return { lead: id, asOf, personas, scores, levels, stage, value }
}

function readStage(plan: Plan, { latch }: LeadState, asOf: Instant): StageNow {
  const layout = plan.layout.stages
  const stage = plan.stages[latch[layout.stage]]
  const since = latch[layout.since]
  if (stage.slaMs === Infinity) return { id: stage.id, since }
  return { id: stage.id, since, sla: { dueAt: since + stage.slaMs, breached: asOf >= since + stage.slaMs } }
}
