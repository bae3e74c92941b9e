/** A whole history in time order, with every transition at its instant. */
import type { Fact } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'
import type { Circle } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import { lookAhead } from '../assess/assess.ts'
import { applyFact } from '../assess/apply.ts'
import type { Transition } from '../assess/assessment.ts'
import { openCircle, type CircleOptions } from '../assess/circle.ts'
import { inOrder } from './in-order.ts'

export interface Replayed {
  readonly transitions: readonly Transition[]
  /** Looks ahead to `until`: later facts may still come at any instant after the last one given. */
  readonly circle: Circle
}

/**
 * Replays the facts of one circle.
 * @param facts  in any order; of several with one id the first given counts; those after `until` are left out
 */
export function replay(
  plan: Plan,
  facts: Iterable<Fact>,
  { until, withEvidence = false }: { until: Instant } & Pick<CircleOptions, 'withEvidence'>,
): Replayed {
  const circle = openCircle({ withEvidence, withLog: plan.looksAtAccount })
  const transitions: Transition[] = []
  for (const fact of inOrder(facts, until)) applyFact(plan, circle, fact, transitions)
  transitions.push(...lookAhead(plan, circle, until))
  return { transitions, circle }
}
