/** The lines of an explanation: the arithmetic that makes them add up, and the sentence of each. */
import type { Definition } from '../definition/language.ts'
import { attributeWords, conditionInWords, joined, numberWords, occurrenceWords, spaced } from '../definition/words.ts'
import type { EachPlan, TablePlan, WhenPlan } from '../plan/criteria.ts'
import { clamp, MICRO, micro } from '../plan/points.ts'
import { groupValue, type GroupPlan, type ScorePlan } from '../plan/scores.ts'
import type { KnownValue } from '../plan/value-tests.ts'
import { formatDuration, formatInstant } from '../time.ts'
import type { Contribution } from './assessment.ts'

export interface PlaceOfLine {
  readonly score: string
  readonly group: string
}

export const NO_EVIDENCE: readonly string[] = []

// --- Arithmetic ------------------------------------------------------------------------------------------------------

/**
 * The lines of a score. Their amounts are entered one after the other, each rounded so that the entries so far add up to their
 * rounded sum: what is shown adds up to the score exactly, and no line is off by more than a millionth.
 */
export class Account {
  readonly lines: Contribution[]
  private sum = 0
  private rounded = 0

  constructor(lines: Contribution[]) {
    this.lines = lines
  }

  /** @returns points of a line of so many micro-points */
  enter(amount: number): number {
    this.sum += amount
    const rounded = Math.floor(this.sum + 0.5)
    const points = (rounded - this.rounded) / MICRO
    this.rounded = rounded
    return points
  }

  /**
   * Appends what a group's limits and weight make of the sum of its criteria.
   * @returns the group's value
   */
  closeGroup(place: PlaceOfLine, group: GroupPlan, sum: number): number {
    const clamped = clamp(sum, group.bounds)
    const value = groupValue(group, sum)
    if (clamped !== sum) this.adjust(place, clamped - sum, limitWords('group', group.bounds, sum))
    if (value !== clamped)
      this.adjust(place, value - clamped, `the group counts ${numberWords(group.weight)} times`, 'weighed')
    return value
  }

  /** Appends what the score's range makes of the sum of its groups. */
  closeScore({ name, bounds }: ScorePlan, total: number): void {
    const value = clamp(total, bounds)
    if (value !== total) this.adjust({ score: name, group: '' }, value - total, limitWords('score', bounds, total))
  }

  private adjust(place: PlaceOfLine, amount: number, because: string, outcome: 'capped' | 'weighed' = 'capped'): void {
    this.lines.push({ ...place, outcome, points: this.enter(amount), because, evidence: NO_EVIDENCE })
  }
}

function limitWords(whose: string, { floor, cap }: { floor: number; cap: number }, sum: number): string {
  const [kind, limit] = sum > cap ? ['at most', cap] : ['at least', floor]
  return `the ${whose} gives ${kind} ${pointsShown(limit)}`
}

/** Points in a sentence: two decimals are enough to read. */
export const pointsShown = (value: number): string => numberWords(Math.round(value / (MICRO / 100)) / 100)

// --- Sentences -------------------------------------------------------------------------------------------------------

export type Why = Pick<Contribution, 'outcome' | 'because'>

/** Sentences that do not depend on the lead, made once for a criterion. */
const sentences = new WeakMap<WhenPlan, readonly [no: Why, yes: Why, unknown: Why]>()

/** Sentences of a condition, in the order of the Kleene values. */
export function whysOfWhen(definition: Definition, plan: WhenPlan): readonly [no: Why, yes: Why, unknown: Why] {
  const known = sentences.get(plan)
  if (known !== undefined) return known
  const words = conditionInWords(definition, plan.criterion.when)
  const points = micro(plan.criterion.points)
  const made = [
    { outcome: 'not_matched', because: `not so: ${words}` },
    { outcome: clamp(points, plan.bounds) === points ? 'matched' : 'capped', because: words },
    { outcome: 'unknown', because: `not known: ${words}` },
  ] as const
  sentences.set(plan, made)
  return made
}

/** @param value  micro-points that the table gives for it */
export function whyTable(
  definition: Definition,
  { attribute, bounds, criterion }: TablePlan,
  known: KnownValue | undefined,
  value: number,
): Why {
  const name = attributeWords(definition, attribute.name)
  if (known === undefined) return { outcome: 'unknown', because: `${name} is not known` }
  const isDate = attribute.attribute.type === 'date'
  const shown = isDate ? formatInstant(known as number).slice(0, 10) : showValue(known)
  const isLimited =
    (value === bounds.cap && criterion.cap !== undefined) || (value === bounds.floor && criterion.floor !== undefined)
  return { outcome: isLimited ? 'capped' : value === 0 ? 'not_matched' : 'matched', because: `${name} is ${shown}` }
}

function showValue(value: KnownValue): string {
  if (typeof value === 'object') return value.length === 0 ? 'none' : joined(value.map(spaced), 'and')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' ? numberWords(value) : spaced(value)
}

/** Nothing that the criterion counts has occurred. */
export function whyNothing(definition: Definition, plan: EachPlan): Why {
  const { windowMs } = plan.spec
  const window = windowMs === Infinity ? '' : ` in the last ${formatDuration(windowMs)}`
  return { outcome: 'not_matched', because: `no ${occurrenceWords(definition, plan.criterion.each)}${window}` }
}
