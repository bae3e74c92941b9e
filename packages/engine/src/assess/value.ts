/** What a lead is worth, by the definition's own calibration. */
import type { Attribute, Value } from '../definition/language.ts'
import { valueOf } from '../plan/builder.ts'
import type { Plan } from '../plan/compile.ts'
import { lookupOf, type Lookup } from '../plan/criteria.ts'
import { micro } from '../plan/points.ts'
import type { LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import type { Assessment, ExpectedValue } from './assessment.ts'

/** @returns undefined where the definition says nothing of value, or nothing of this level */
export function expectedValue(
  plan: Plan,
  lead: LeadState,
  { scores, levels, asOf }: Pick<Assessment, 'scores' | 'levels' | 'asOf'>,
): ExpectedValue | undefined {
  const { value } = plan.definition
  const chance = value && winProbability(value, scores, levels)
  if (value === undefined || chance === undefined) return undefined
  const amount = amountOf(plan, lead, value.amount, asOf)
  const { repeats = 1, cost = 0, currency } = value
  const { probability, low, high } = chance
  const expected = probability * amount * repeats - cost
  const worth: { -readonly [Key in keyof ExpectedValue]: ExpectedValue[Key] } =
    low === undefined || high === undefined
      ? { probability, amount, expected }
      : { probability, interval: [low, high], amount, expected }
  if (currency !== undefined) worth.currency = currency
  return worth
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

function amountOf(plan: Plan, lead: LeadState, amount: Value['amount'], t: Instant): number {
  if (typeof amount === 'number') return amount
  const attribute = plan.attributes.get('attribute' in amount ? amount.attribute : amount.table)!
  const known = valueOf(lead, attribute)
  if (known === undefined) return amount.otherwise ?? 0
  return 'attribute' in amount ? (known as number) : tableOf(amount, attribute.attribute.type).points(known, t)
}

type AmountTable = Extract<Value['amount'], { table: string }>

/** A definition is read for every lead, its table of money is prepared once. */
const tables = new WeakMap<AmountTable, Lookup>()

function tableOf(amount: AmountTable, type: Attribute['type']): Lookup {
  const lookup = tables.get(amount) ?? lookupOf(amount, type)
  tables.set(amount, lookup)
  return lookup
}
