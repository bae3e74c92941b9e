/** The lines of an explanation: the arithmetic that makes them add up, and the sentence of each. */
import type { Definition } from '../definition/language.ts'
import { bare, english, several, type Phrase, type Said } from '../definition/phrases.ts'
import { attributeWords, conditionSaid, occurrences, spaced } from '../definition/words.ts'
import type { EachPlan, TablePlan, WhenPlan } from '../plan/criteria.ts'
import { clamp, MICRO, micro } from '../plan/points.ts'
import { groupValue, type GroupPlan, type ScorePlan } from '../plan/scores.ts'
import type { KnownValue } from '../plan/value-tests.ts'
import { formatInstant, type Instant } from '../time.ts'
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
    if (clamped !== sum) this.adjust(place, clamped - sum, limitSaid('group', group.bounds, sum))
    if (value !== clamped)
      this.adjust(place, value - clamped, { key: 'group_weighed', args: { weight: group.weight } }, 'weighed')
    return value
  }

  /** Appends what the score's range makes of the sum of its groups. */
  closeScore({ name, bounds }: ScorePlan, total: number): void {
    const value = clamp(total, bounds)
    if (value !== total) this.adjust({ score: name, group: '' }, value - total, limitSaid('score', bounds, total))
  }

  private adjust(place: PlaceOfLine, amount: number, phrase: Phrase, outcome: 'capped' | 'weighed' = 'capped'): void {
    const because = english(phrase)
    this.lines.push({ ...place, outcome, points: this.enter(amount), because, phrase, evidence: NO_EVIDENCE })
  }
}

function limitSaid(whose: 'group' | 'score', { floor, cap }: { floor: number; cap: number }, sum: number): Phrase {
  return sum > cap
    ? { key: `${whose}_at_most`, args: { points: pointsShown(cap) } }
    : { key: `${whose}_at_least`, args: { points: pointsShown(floor) } }
}

/** Points in a sentence, of micro-points: two decimals are enough to read. */
export const pointsShown = (value: number): number => Math.round(value / (MICRO / 100)) / 100

// --- Sentences -------------------------------------------------------------------------------------------------------

export type Why = Pick<Contribution, 'outcome' | 'because' | 'phrase'>

export const why = (outcome: Why['outcome'], phrase: Phrase): Why => ({ outcome, because: english(phrase), phrase })

/** Sentences that do not depend on the lead, made once for a criterion. */
const sentences = new WeakMap<WhenPlan, readonly [no: Why, yes: Why, unknown: Why]>()

/** Sentences of a condition, in the order of the Kleene values. */
export function whysOfWhen(definition: Definition, plan: WhenPlan): readonly [no: Why, yes: Why, unknown: Why] {
  const known = sentences.get(plan)
  if (known !== undefined) return known
  const clause = conditionSaid(definition, plan.criterion.when)
  const points = micro(plan.criterion.points)
  const made = [
    why('not_matched', { key: 'not_so', args: { clause } }),
    why(clamp(points, plan.bounds) === points ? 'matched' : 'capped', clause),
    why('unknown', { key: 'not_known', args: { clause } }),
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
  if (known === undefined) return why('unknown', { key: 'value_unknown', args: { name } })
  const isDate = attribute.attribute.type === 'date'
  const said = isDate ? dateSaid(known as number) : valueSaid(known)
  const isLimited =
    (value === bounds.cap && criterion.cap !== undefined) || (value === bounds.floor && criterion.floor !== undefined)
  const outcome = isLimited ? 'capped' : value === 0 ? 'not_matched' : 'matched'
  return why(outcome, { key: 'value', args: { name, value: said } })
}

/** The UTC day of an instant. */
export const dateSaid = (at: Instant): Phrase => ({ key: 'date', args: { date: formatInstant(at).slice(0, 10) } })

function valueSaid(value: KnownValue): Said {
  if (typeof value === 'object') return value.length === 0 ? bare('none') : several(value.map(spaced), 'and')
  if (typeof value === 'boolean') return bare(value ? 'yes' : 'no')
  return typeof value === 'number' ? value : spaced(value)
}

/** Nothing that the criterion counts has occurred. */
export function whyNothing(definition: Definition, plan: EachPlan): Why {
  const { windowMs } = plan.spec
  const activities = occurrences(definition, plan.criterion.each)
  if (windowMs === Infinity) return why('not_matched', { key: 'nothing', args: { activities } })
  return why('not_matched', { key: 'nothing_in', args: { activities, ms: windowMs } })
}
