/** What a lead is worth (semantics, section 10). */
import type { ExpectedValue } from '../../src/assess/assessment.ts'
import type { Value } from '../../src/definition/language.ts'
import type { LeadId } from '../../src/facts.ts'
import type { Scene } from './conditions.ts'
import { micro } from './numbers.ts'
import { giveOf } from './scores.ts'

/** Undefined where no calibration fits the lead. */
export function valueOf(value: Value, lead: LeadId, scene: Scene): ExpectedValue | undefined {
  const calibrated = calibratedBy(value, lead, scene)
  if (calibrated === undefined) return undefined
  const { probability, low, high } = calibrated
  const amount = amountOf(value, lead, scene)
  return {
    probability,
    ...(low === undefined || high === undefined ? {} : { interval: [low, high] }),
    amount,
    expected: probability * amount * (value.repeats ?? 1) - (value.cost ?? 0),
    ...(value.currency === undefined ? {} : { currency: value.currency }),
  }
}

function calibratedBy({ win }: Value, lead: LeadId, scene: Scene) {
  if ('score' in win) {
    const score = scene.score(lead, win.score)
    return win.bins.find((bin) => bin.below === undefined || score < micro(bin.below))
  }
  const { level } = scene.level(lead, win.category)
  return Object.hasOwn(win.levels, level) ? win.levels[level] : undefined
}

function amountOf({ amount }: Value, lead: LeadId, scene: Scene): number {
  if (typeof amount === 'number') return amount
  if ('attribute' in amount) {
    const { value } = scene.known.attribute(amount.attribute, lead)
    return value === undefined ? (amount.otherwise ?? 0) : (value as number)
  }
  // A table of money reads like a table of points that has no other points for the unknown.
  const unknown = amount.otherwise === undefined ? {} : { unknown: amount.otherwise }
  return giveOf({ id: 'amount', ...amount, ...unknown }, 'none', lead, scene).micro / 1_000_000
}
