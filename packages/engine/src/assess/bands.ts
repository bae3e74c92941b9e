/**
 * The band of a score: the values around the present one that lead to no other level and no other stage. While all scores keep to
 * their bands, and nothing else changes, nobody needs to look.
 */
import type { LeveledPlan, Plan } from '../plan/compile.ts'
import type { Edge } from '../plan/cells.ts'
import { FALSE } from '../plan/kleene.ts'
import type { LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'

/** Notes the bands of a lead that is settled at `t`. */
export function noteBands(plan: Plan, lead: LeadState, t: Instant): void {
  const { value } = lead
  for (const score of plan.scores) {
    if (!score.isWatched) continue
    plan.cells.read(lead, score.cell, t)
    value[score.band] = -Infinity
    value[score.band + 1] = Infinity
    narrow(plan, lead, score.always)
  }
  for (const category of plan.scored) narrowByLevels(plan, category, lead, t)
  if (plan.areStagesScored) narrowByStages(plan, lead, t)
}

function narrow({ bandOf }: Plan, { value }: LeadState, edges: readonly Edge[]): void {
  for (const { score, range } of edges) {
    const band = bandOf[score]
    const now = value[score]
    if (now < range.low) value[band + 1] = Math.min(value[band + 1], range.low - 1)
    else value[band] = Math.max(value[band], range.low)
    if (now > range.high) value[band] = Math.max(value[band], range.high + 1)
    else value[band + 1] = Math.min(value[band + 1], range.high)
  }
}

/**
 * Worse levels do not matter, and nor does whether the present one would be entered again while it stays anyway.
 * INVARIANT: which tests matter depends on what cannot change unnoticed: the level, tests that matter, and what lasts.
 */
function narrowByLevels(plan: Plan, { layout, levels }: LeveledPlan, lead: LeadState, t: Instant): void {
  const { latch } = lead
  const isForced = latch[layout.forced] >= 0
  const present = latch[layout.level]
  for (let index = 0; index < levels.length; index++) {
    const { when, staysWhile, forAtLeastMs, staysAtLeastMs } = levels[index]
    const isPresent = index === present
    const isHeld = isPresent && t - latch[layout.since] < staysAtLeastMs
    const mayStay = isPresent && staysWhile !== undefined && staysWhile.holds(lead, t) !== FALSE
    if (when && (isForced || forAtLeastMs > 0 || (index <= present && !isHeld && !mayStay)))
      narrow(plan, lead, when.edges)
    if (staysWhile && (isForced || (isPresent && !isHeld))) narrow(plan, lead, staysWhile.edges)
  }
}

/** Stages that lie behind do not matter, nor does any while it is shut for a time; one that is shut until it is not ready does. */
function narrowByStages(plan: Plan, lead: LeadState, t: Instant): void {
  const { latch } = lead
  const { stage, shutUntil } = plan.layout.stages
  const { isSide, isClosed } = plan.stages[latch[stage]]
  const first = isClosed ? Infinity : isSide ? 1 : latch[stage] + 1
  for (const index of plan.automatic) {
    const { enter, needs } = plan.stages[index]
    const shut = latch[shutUntil + index]
    if (shut < Infinity && (index < first || t < shut)) continue
    narrow(plan, lead, enter!.edges)
    if (needs) narrow(plan, lead, needs.edges)
  }
}
