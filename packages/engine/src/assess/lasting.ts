/** What lasts for a time that history has set. */
import { STAGE_BIT } from '../plan/cells.ts'
import type { LeveledPlan, Plan } from '../plan/compile.ts'
import type { LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'

/**
 * The first instant after `at` at which a dwell, an override, a cool-down or a service level ends; ∞ if none does. The latch knows
 * them all.
 */
export function historyWake(plan: Plan, { latch }: LeadState, at: Instant): Instant {
  let wake = Infinity
  for (const category of plan.categories) {
    const { layout } = category
    if (latch[layout.forced] >= 0) wake = sooner(wake, latch[layout.forcedUntil], at)
    if (category.kind === 'leveled' && category.isDwelling) wake = Math.min(wake, dwellEnd(category, latch, at))
  }
  const { stage, since, shutUntil } = plan.layout.stages
  wake = sooner(wake, latch[since] + plan.stages[latch[stage]].slaMs, at)
  for (const index of plan.automatic) wake = sooner(wake, latch[shutUntil + index], at)
  return plan.stageLooksAtStage && latch[since] === at ? Math.min(wake, at + 1) : wake
}

/**
 * The nodes that may come out differently because something that lasts, noted to end at `ends`, has ended by `at`; as bits. The stage's
 * stands for the service level as well, for a breach is written down where stages are.
 */
export function endedNodes(plan: Plan, { latch, ends }: LeadState, at: Instant): number {
  let bits = 0
  const isOver = (end: Instant) => end >= ends && end <= at
  for (const category of plan.categories) {
    const { layout, bit } = category
    if (latch[layout.forced] >= 0 && latch[layout.forcedUntil] <= at) bits |= bit
    if (category.kind === 'leveled' && category.isDwelling && dwellEnd(category, latch, ends - 1) <= at) bits |= bit
  }
  const { stage, since, shutUntil } = plan.layout.stages
  if (isOver(latch[since] + plan.stages[latch[stage]].slaMs)) bits |= STAGE_BIT
  for (const index of plan.automatic) if (isOver(latch[shutUntil + index])) bits |= STAGE_BIT
  return plan.stageLooksAtStage ? bits | STAGE_BIT : bits
}

function dwellEnd({ layout, levels }: LeveledPlan, latch: readonly number[], at: Instant): Instant {
  let end = Infinity
  for (let index = 0; index < levels.length; index++) {
    const { forAtLeastMs } = levels[index]
    if (forAtLeastMs > 0) end = sooner(end, latch[layout.trueSince + index] + forAtLeastMs, at)
  }
  const { staysAtLeastMs } = levels[latch[layout.level]]
  return staysAtLeastMs > 0 ? sooner(end, latch[layout.since] + staysAtLeastMs, at) : end
}

/** The nearer of two instants, of which the second counts only if it is still to come. */
const sooner = (wake: Instant, instant: Instant, at: Instant) => (instant > at && instant < wake ? instant : wake)
