/** Why: the lines that add up to each score, read from the very values that decided it. */
import type { LeadId } from '../facts.ts'
import { valueOf } from '../plan/builder.ts'
import type { Root } from '../plan/cells.ts'
import type { Plan } from '../plan/compile.ts'
import { tallyOf, type CriterionPlan, type EachPlan } from '../plan/criteria.ts'
import { FALSE, TRUE } from '../plan/kleene.ts'
import { clamp } from '../plan/points.ts'
import type { ScorePlan } from '../plan/scores.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import { eachPoints, firstAfter, type Tally } from '../plan/tally.ts'
import { bare, type Phrase } from '../definition/phrases.ts'
import { occurrences } from '../definition/words.ts'
import type { Instant } from '../time.ts'
import { readAssessment, settledLead } from './assess.ts'
import type { Assessment, Contribution } from './assessment.ts'
import {
  Account,
  NO_EVIDENCE,
  pointsShown,
  why,
  whyNothing,
  whysOfWhen,
  whyTable,
  type PlaceOfLine,
  type Why,
} from './lines.ts'

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
  const account = new Account(lines)
  let total = 0
  for (const group of score.groups) {
    const place = { score: score.name, group: group.name }
    let sum = 0
    for (const criterion of group.criteria) {
      const value = plan.cells.read(lead, criterion.cell, t)
      sum += value
      lines.push(explainCriterion(plan, place, criterion, { lead, t, value, points: account.enter(value) }))
    }
    total += account.closeGroup(place, group, sum)
  }
  account.closeScore(score, total)
}

interface Reading {
  readonly lead: LeadState
  readonly t: Instant
  /** Micro-points of the criterion. */
  readonly value: number
  /** The same as points of its line. */
  readonly points: number
}

function explainCriterion(
  plan: Plan,
  { score, group }: PlaceOfLine,
  criterion: CriterionPlan,
  reading: Reading,
): Contribution {
  const { outcome, because, phrase } = whyOf(plan, criterion, reading)
  const evidence = reading.lead.evidence === undefined ? NO_EVIDENCE : evidenceOf(criterion, reading)
  return { score, group, criterion: criterion.id, outcome, points: reading.points, because, phrase, evidence }
}

function whyOf(plan: Plan, criterion: CriterionPlan, reading: Reading): Why {
  const { lead, t, value } = reading
  switch (criterion.kind) {
    case 'when':
      return whysOfWhen(plan.definition, criterion)[criterion.test.holds(lead, t)]
    case 'table':
      return whyTable(plan.definition, criterion, valueOf(lead, criterion.attribute), value)
    case 'each':
      return whyEach(plan, criterion, reading)
  }
}

function whyEach({ definition }: Plan, criterion: EachPlan, { lead, t, value }: Reading): Why {
  if (criterion.isOfAccount && lead.account === undefined) return why('unknown', bare('account_unknown'))
  const tally = tallyOf(lead, criterion)
  const count = tally === undefined ? 0 : countOf(criterion, tally, t)
  if (tally === undefined || count === 0) return whyNothing(definition, criterion)
  const { spec } = criterion
  const full = spec.points * count
  const now = eachPoints(spec, tally, t)
  const hasFaded = spec.form !== 'count' && Math.abs(full - now) >= 1
  const isLimited = clamp(now, criterion.bounds) !== now
  const activities = occurrences(definition, criterion.criterion.each)
  const counted = { count, activities, latest: agoSaid(t - tally.last) }
  const limit = pointsShown(value)
  // What it has faded to is the line's own number, unless a limit comes after: said once, it is rounded once.
  if (!hasFaded && !isLimited) return why('matched', { key: 'counted', args: counted })
  if (!hasFaded) return why('capped', { key: 'counted_limited', args: { ...counted, limit } })
  if (!isLimited) return why('decayed', { key: 'counted_faded', args: { ...counted, full: pointsShown(full) } })
  const faded = { full: pointsShown(full), faded: pointsShown(now), limit }
  return why('capped', { key: 'counted_faded_limited', args: { ...counted, ...faded } })
}

const agoSaid = (ms: number): Phrase => (ms === 0 ? bare('just_now') : { key: 'ago', args: { ms } })

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
