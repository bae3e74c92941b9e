/** Why: the lines that add up to each score, read from the very values that decided it. */
import { activityWords, attributeWords, conditionInWords, joined, numberWords, spaced } from '../definition/words.ts'
import { asList } from '../definition/walk.ts'
import type { LeadId } from '../facts.ts'
import { FALSE, TRUE } from '../plan/kleene.ts'
import type { Plan } from '../plan/compile.ts'
import { tallyOf, type CriterionPlan, type EachPlan, type TablePlan, type WhenPlan } from '../plan/criteria.ts'
import { clamp, MICRO, micro } from '../plan/points.ts'
import { groupValue, type ScorePlan } from '../plan/scores.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import { eachPoints, firstAfter, type Tally } from '../plan/tally.ts'
import { valueOf } from '../plan/builder.ts'
import type { Root } from '../plan/cells.ts'
import { formatDuration, formatInstant, type Instant } from '../time.ts'
import { readAssessment, settledLead } from './assess.ts'
import type { Assessment, Contribution } from './assessment.ts'

export interface Explanation {
  readonly assessment: Assessment
  /** Score by score and group by group; the lines of a score add up to it exactly. */
  readonly contributions: readonly Contribution[]
  /** Questions whose answers the definition would use and nobody has given, in the document's order. */
  readonly questions: readonly { readonly attribute: string; readonly question: string }[]
  /** Playbooks for a lead like this. */
  readonly playbooks: readonly string[]
}

/**
 * Explains the assessment at `asOf`. Ids of facts are named where the circle was opened with evidence.
 * @throws WinnowError `instant_past` when the circle has facts after `asOf`
 */
export function explain(plan: Plan, circle: Circle, id: LeadId, asOf: Instant): Explanation {
  const lead = settledLead(plan, circle, id, asOf)
  const assessment = readAssessment(plan, lead, asOf)
  const contributions: Contribution[] = []
  for (const score of plan.scores) explainScore(plan, score, lead, asOf, contributions)
  const questions = [...plan.attributes.values()].flatMap((attribute) => {
    const { question } = attribute.attribute
    return question !== undefined && valueOf(lead, attribute) === undefined
      ? [{ attribute: attribute.name, question }]
      : []
  })
  const playbooks = [...plan.playbooks].flatMap(([name, test]) => (test.holds(lead, asOf) === TRUE ? [name] : []))
  return { assessment, contributions, questions, playbooks }
}

/** Appends the lines of one score. */
function explainScore(plan: Plan, score: ScorePlan, lead: LeadState, t: Instant, lines: Contribution[]): void {
  const account = new Account()
  let total = 0
  for (const group of score.groups) {
    const place = { score: score.name, group: group.name }
    let sum = 0
    for (const criterion of group.criteria) {
      const value = plan.cells.read(lead, criterion.cell, t)
      sum += value
      lines.push(explainCriterion(plan, place, criterion, { lead, t, value, points: account.enter(value) }))
    }
    const clamped = clamp(sum, group.bounds)
    const value = groupValue(group, sum)
    if (clamped !== sum) {
      lines.push(adjustment(place, account.enter(clamped - sum), limitWords('group', group.bounds, sum)))
    }
    if (value !== clamped) {
      const because = `the group counts ${numberWords(group.weight)} times`
      lines.push(adjustment(place, account.enter(value - clamped), because, 'weighed'))
    }
    total += value
  }
  const value = clamp(total, score.bounds)
  if (value === total) return
  const because = limitWords('score', score.bounds, total)
  lines.push(adjustment({ score: score.name, group: '' }, account.enter(value - total), because))
}

/**
 * Amounts entered one after the other, each rounded so that the entries so far add up to their rounded sum: what is shown
 * adds up to the score exactly, and no line is off by more than a millionth.
 */
class Account {
  private sum = 0
  private rounded = 0

  /** @returns points of a line of so many micro-points */
  enter(amount: number): number {
    this.sum += amount
    const rounded = Math.floor(this.sum + 0.5)
    const points = (rounded - this.rounded) / MICRO
    this.rounded = rounded
    return points
  }
}

interface PlaceOfLine {
  readonly score: string
  readonly group: string
}

const NO_EVIDENCE: readonly string[] = []

const adjustment = (
  place: PlaceOfLine,
  points: number,
  because: string,
  outcome: 'capped' | 'weighed' = 'capped',
): Contribution => ({
  ...place,
  outcome,
  points,
  because,
  evidence: NO_EVIDENCE,
})

function limitWords(whose: string, { floor, cap }: { floor: number; cap: number }, sum: number): string {
  const [kind, limit] = sum > cap ? ['at most', cap] : ['at least', floor]
  return `the ${whose} gives ${kind} ${pointsShown(limit)}`
}

interface Reading {
  readonly lead: LeadState
  readonly t: Instant
  /** Micro-points of the criterion. */
  readonly value: number
  /** The same as points of its line. */
  readonly points: number
}

type Why = Pick<Contribution, 'outcome' | 'because'>

function explainCriterion(
  plan: Plan,
  { score, group }: PlaceOfLine,
  criterion: CriterionPlan,
  reading: Reading,
): Contribution {
  const { outcome, because } = whyOf(plan, criterion, reading)
  const evidence = reading.lead.evidence === undefined ? NO_EVIDENCE : evidenceOf(criterion, reading)
  return { score, group, criterion: criterion.id, outcome, points: reading.points, because, evidence }
}

function whyOf(plan: Plan, criterion: CriterionPlan, reading: Reading): Why {
  switch (criterion.kind) {
    case 'when':
      return whyWhen(plan, criterion, reading)
    case 'table':
      return whyTable(plan, criterion, reading)
    case 'each':
      return whyEach(plan, criterion, reading)
  }
}

/** Sentences that do not depend on the lead, made once for a criterion. */
const sentences = new WeakMap<WhenPlan, readonly [no: Why, yes: Why, unknown: Why]>()

function whyWhen(plan: Plan, criterion: WhenPlan, { lead, t }: Reading): Why {
  let made = sentences.get(criterion)
  if (made === undefined) {
    const words = conditionInWords(plan.definition, criterion.criterion.when)
    const points = micro(criterion.criterion.points)
    made = [
      { outcome: 'not_matched', because: `not so: ${words}` },
      { outcome: clamp(points, criterion.bounds) === points ? 'matched' : 'capped', because: words },
      { outcome: 'unknown', because: `not known: ${words}` },
    ]
    sentences.set(criterion, made)
  }
  return made[criterion.test.holds(lead, t)]
}

function whyTable(plan: Plan, { attribute, bounds, criterion }: TablePlan, { lead, value }: Reading): Why {
  const name = attributeWords(plan.definition, attribute.name)
  const known = valueOf(lead, attribute)
  if (known === undefined) return { outcome: 'unknown', because: `${name} is not known` }
  const isDate = attribute.attribute.type === 'date'
  const shown = isDate ? formatInstant(known as number).slice(0, 10) : showValue(known)
  const isLimited =
    (value === bounds.cap && criterion.cap !== undefined) || (value === bounds.floor && criterion.floor !== undefined)
  return { outcome: isLimited ? 'capped' : value === 0 ? 'not_matched' : 'matched', because: `${name} is ${shown}` }
}

function showValue(value: string | number | boolean | readonly string[]): string {
  if (typeof value === 'object') return value.length === 0 ? 'none' : joined(value.map(spaced), 'and')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' ? numberWords(value) : spaced(value)
}

function whyEach(plan: Plan, criterion: EachPlan, { lead, t, value }: Reading): Why {
  const name = joined(
    asList(criterion.criterion.each).map((each) => activityWords(plan.definition, each)),
    'or',
  )
  if (criterion.isOfAccount && lead.account === undefined)
    return { outcome: 'unknown', because: 'the account is not known' }
  const tally = tallyOf(lead, criterion)
  const { spec } = criterion
  const count = tally === undefined ? 0 : countOf(criterion, tally, t)
  if (tally === undefined || count === 0) {
    const window = spec.windowMs === Infinity ? '' : ` in the last ${formatDuration(spec.windowMs)}`
    return { outcome: 'not_matched', because: `no ${name}${window}` }
  }
  const full = spec.points * count
  const now = eachPoints(spec, tally, t)
  const hasFaded = spec.form !== 'count' && Math.abs(full - now) >= 1
  const isLimited = clamp(now, criterion.bounds) !== now
  const parts = [`${count} × ${name}, the latest ${formatDuration(t - tally.last)} ago`]
  // What it has faded to is the line's own number, unless a limit comes after: said once, it is rounded once.
  if (hasFaded) parts.push(`faded from ${pointsShown(full)}${isLimited ? ` to ${pointsShown(now)}` : ''}`)
  if (isLimited) parts.push(`limited to ${pointsShown(value)}`)
  return { outcome: isLimited ? 'capped' : hasFaded ? 'decayed' : 'matched', because: parts.join(', ') }
}

/** Points in a sentence: two decimals are enough to read. */
const pointsShown = (value: number) => numberWords(Math.round(value / (MICRO / 100)) / 100)

/** How many counted occurrences stand behind the points. */
const countOf = ({ spec }: EachPlan, tally: Tally, t: Instant): number =>
  spec.form === 'list' ? tally.times.length - firstAfter(tally.times, t - spec.lifeMs) : tally.n

// --- Evidence --------------------------------------------------------------------------------------------------------

function evidenceOf(criterion: CriterionPlan, { lead, t }: Reading): readonly string[] {
  switch (criterion.kind) {
    case 'when':
      return criterion.test.holds(lead, t) === FALSE ? NO_EVIDENCE : factsBehind(criterion.test.behind, lead, t)
    case 'table':
      return factsBehind([{ kind: 'attribute', ...criterion.attribute }], lead, t)
    case 'each':
      return factsBehind([{ ...criterion, kind: 'tally', windowMs: criterion.spec.lifeMs }], lead, t)
  }
}

function factsBehind(roots: readonly Root[], lead: LeadState, t: Instant): string[] {
  const ids = roots.flatMap((root) => {
    const holder = root.isOfAccount ? lead.account : lead
    if (root.kind === 'attribute') return holder?.evidence?.[root.slot] ?? []
    const seen = holder?.tallies[root.slot]?.evidence ?? []
    return seen.filter(({ at }) => t - at < root.windowMs).map(({ id }) => id)
  })
  return [...new Set(ids)]
}
