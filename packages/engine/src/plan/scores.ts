import type { Decay, Group, Score } from '../definition/language.ts'
import type { Instant } from '../time.ts'
import type { Builder } from './builder.ts'
import { compileCriterion, tallyOf, type CriterionPlan, type EachPlan } from './criteria.ts'
import type { Range } from './kleene.ts'
import { clamp, clampOf, micro, type Clamp } from './points.ts'
import type { LeadState } from './state.ts'
import { eachValue } from './tally.ts'

export interface GroupPlan {
  readonly name: string
  readonly group: Group
  readonly bounds: Clamp
  readonly weight: number
  readonly criteria: readonly (CriterionPlan | FadingPlan)[]
  /** Scratch: sums at two instants of the criteria that share a half-life. */
  readonly shared: Float64Array
}

/** A criterion whose points may fade with no new fact. */
export interface FadingPlan extends EachPlan {
  /** Which of the group's half-lives it has, counted from 0; −1 for other ways of fading. */
  readonly sharing: number
}

export const isFading = (criterion: CriterionPlan | FadingPlan): criterion is FadingPlan => 'sharing' in criterion

export interface ScorePlan {
  readonly name: string
  readonly score: Score
  readonly cell: number
  readonly bounds: Clamp
  readonly groups: readonly GroupPlan[]
  /** What its value is compared with anywhere in the definition. */
  readonly ranges: readonly Range[]
  readonly fading: readonly FadingPlan[]
}

export function compileScore(builder: Builder, name: string, score: Score): ScorePlan {
  const groups = Object.entries(score.groups).map(([groupName, group]) =>
    compileGroup(builder, groupName, group, score.decay),
  )
  const bounds = { floor: micro(score.range?.[0] ?? 0), cap: micro(score.range?.[1] ?? 100) }
  const { cells } = builder
  const groupCells = groups.map(({ criteria, ...group }) => ({ ...group, cells: criteria.map((each) => each.cell) }))
  const cell = cells.add({
    reads: groupCells.flatMap((group) => group.cells),
    compute: (lead, t, self) => {
      let total = 0
      let until = Infinity
      for (const group of groupCells) {
        let sum = 0
        for (const criterion of group.cells) {
          sum += cells.read(lead, criterion, t)
          if (lead.until[criterion] < until) until = lead.until[criterion]
        }
        total += groupValue(group, sum)
      }
      lead.value[self] = scoreValue({ bounds }, total)
      lead.until[self] = until
    },
  })
  const ranges: Range[] = []
  builder.scores.set(name, { cell, ranges })
  const fading = groups.flatMap(({ criteria }) => criteria.filter(isFading))
  return { name, score, cell, bounds, groups, ranges, fading }
}

function compileGroup(builder: Builder, name: string, group: Group, outer: Decay | undefined): GroupPlan {
  const halfLives: number[] = []
  const criteria = group.criteria.map((each) =>
    withSharing(compileCriterion(builder, each, [group.decay, outer]), halfLives),
  )
  const shared = new Float64Array(2 * halfLives.length)
  return { name, group, bounds: clampOf(group), weight: group.weight ?? 1, criteria, shared }
}

/** @param halfLives  those of the group so far; a new one is added */
function withSharing(plan: CriterionPlan, halfLives: number[]): CriterionPlan | FadingPlan {
  if (plan.kind !== 'each' || plan.spec.form === 'count') return plan
  const { decay, form } = plan.spec
  if (decay.kind !== 'half_life' || form !== 'half_life') return { ...plan, sharing: -1 }
  if (!halfLives.includes(decay.halfLifeMs)) halfLives.push(decay.halfLifeMs)
  return { ...plan, sharing: halfLives.indexOf(decay.halfLifeMs) }
}

/** Micro-points of a group: the sum of its criteria clamped, then weighed. */
export const groupValue = (group: { readonly bounds: Clamp; readonly weight: number }, sum: number): number =>
  clamp(sum, group.bounds) * group.weight

/** Whole micro-points of a score; the one place where points are rounded. */
export const scoreValue = ({ bounds }: { readonly bounds: Clamp }, sum: number): number =>
  Math.floor(clamp(sum, bounds) + 0.5)

/** The score as it will be at `t` if only time passes and no condition changes: whole micro-points. */
export function scoreAt(plan: ScorePlan, lead: LeadState, t: Instant): number {
  let total = 0
  for (const group of plan.groups) {
    let sum = 0
    for (const criterion of group.criteria) {
      sum += isFading(criterion) ? eachAt(criterion, lead, t) : lead.value[criterion.cell]
    }
    total += groupValue(group, sum)
  }
  return scoreValue(plan, total)
}

/**
 * Bounds of the score anywhere in `[a, b]` if only time passes and no condition changes, in whole micro-points. Fading points
 * move one way only, and so does the sum of all that share a half-life; clamping and weighing keep order.
 */
export function scoreOver(plan: ScorePlan, lead: LeadState, a: Instant, b: Instant): Range {
  let low = 0
  let high = 0
  for (const group of plan.groups) {
    const sum = groupOver(group, lead, a, b)
    low += groupValue(group, sum.low)
    high += groupValue(group, sum.high)
  }
  return { low: scoreValue(plan, low), high: scoreValue(plan, high) }
}

function groupOver({ criteria, shared }: GroupPlan, lead: LeadState, a: Instant, b: Instant): Range {
  let low = 0
  let high = 0
  const take = (first: number, last: number) => {
    low += Math.min(first, last)
    high += Math.max(first, last)
  }
  // Without this, points for and against that cancel out could be told apart only millisecond by millisecond.
  shared.fill(0)
  for (const criterion of criteria) {
    if (!isFading(criterion)) {
      take(lead.value[criterion.cell], lead.value[criterion.cell])
      continue
    }
    const [first, last] = [eachAt(criterion, lead, a), eachAt(criterion, lead, b)]
    if (criterion.sharing < 0 || isClamped(criterion, first) || isClamped(criterion, last)) take(first, last)
    else {
      shared[2 * criterion.sharing] += first
      shared[2 * criterion.sharing + 1] += last
    }
  }
  for (let place = 0; place < shared.length; place += 2) take(shared[place], shared[place + 1])
  return { low, high }
}

const isClamped = ({ bounds }: EachPlan, value: number) => value === bounds.floor || value === bounds.cap

function eachAt(plan: EachPlan, lead: LeadState, t: Instant): number {
  if (plan.isOfAccount && lead.account === undefined) return lead.value[plan.cell]
  return eachValue(plan.spec, plan.bounds, tallyOf(lead, plan), t)
}
