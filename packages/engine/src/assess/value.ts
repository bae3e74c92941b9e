/** What a lead is worth, by the definition's own calibration. */
import type { Bin, Value } from '../definition/language.ts'
import { valueOf } from '../plan/builder.ts'
import type { Plan } from '../plan/compile.ts'
import { intervalsOf } from '../plan/criteria.ts'
import { micro } from '../plan/points.ts'
import type { LeadState } from '../plan/state.ts'
import type { Assessment, ExpectedValue } from './assessment.ts'

/** @returns undefined where the definition says nothing of value, or nothing of this level */
export function expectedValue(
  plan: Plan,
  lead: LeadState,
  { scores, levels }: Pick<Assessment, 'scores' | 'levels'>,
): ExpectedValue | undefined {
  const { value } = plan.definition
  const chance = value && winProbability(value, scores, levels)
  if (value === undefined || chance === undefined) return undefined
  const amount = amountOf(plan, lead, value.amount)
  const { repeats = 1, cost = 0, currency } = value
  const { probability, low, high } = chance
  return {
    probability,
    ...(low === undefined || high === undefined ? {} : { interval: [low, high] as const }),
    amount,
    expected: probability * amount * repeats - cost,
    ...(currency === undefined ? {} : { currency }),
  }
}

interface Chance {
  readonly probability: number
  readonly low?: number
  readonly high?: number
}

function winProbability(
  { win }: Value,
  scores: Assessment['scores'],
  levels: Assessment['levels'],
): Chance | undefined {
  if ('levels' in win)
    return Object.hasOwn(win.levels, levels[win.category]) ? win.levels[levels[win.category]] : undefined
  const score = micro(scores[win.score])
  return win.bins.find(({ below }) => below === undefined || score < micro(below))
}

function amountOf(plan: Plan, lead: LeadState, amount: Value['amount']): number {
  if (typeof amount === 'number') return amount
  const name = 'attribute' in amount ? amount.attribute : amount.table
  const known = valueOf(lead, plan.attributes.get(name)!)
  const otherwise = amount.otherwise ?? 0
  if (known === undefined) return otherwise
  if ('attribute' in amount) return typeof known === 'number' ? known : otherwise
  if (amount.bins) return inBin(amount.bins, known as number) ?? otherwise
  return amount.values?.[String(known)] ?? otherwise
}

const inBin = (bins: readonly Bin[], value: number): number | undefined =>
  intervalsOf(bins).find(({ from, below }) => value >= from && value < below)?.points
