import type { Decay, Group, Score } from '../definition/language.ts'
import type { Instant } from '../time.ts'
import type { Builder } from './builder.ts'
import { compileCriterion, tallyOf, type CriterionPlan, type EachPlan } from './criteria.ts'
import type { Range } from './kleene.ts'
import { clamp, clampOf, micro, type Clamp } from './points.ts'
import type { LeadState } from './state.ts'
import { eachMicro } from './tally.ts'

export interface GroupPlan {
  readonly name: string
  readonly group: Group
  readonly bounds: Clamp
  readonly weight: number
  readonly criteria: readonly CriterionPlan[]
}

export interface ScorePlan {
  readonly name: string
  readonly score: Score
  readonly cell: number
  readonly bounds: Clamp
  readonly groups: readonly GroupPlan[]
  /** What its value is compared with anywhere in the definition. */
  readonly ranges: readonly Range[]
  /** Its criteria whose points may fade with no new fact. */
  readonly fading: readonly EachPlan[]
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
      lead.value[self] = clamp(total, bounds)
      lead.until[self] = until
    },
  })
  const ranges: Range[] = []
  builder.scores.set(name, { cell, ranges })
  const fading = groups.flatMap(({ criteria }) =>
    criteria.filter((each) => each.kind === 'each' && canFade(each)),
  ) as EachPlan[]
  return { name, score, cell, bounds, groups, ranges, fading }
}

const canFade = ({ spec }: EachPlan) => spec.form !== 'count'

function compileGroup(builder: Builder, name: string, group: Group, outer: Decay | undefined): GroupPlan {
  const criteria = group.criteria.map((each) => compileCriterion(builder, each, [group.decay, outer]))
  return { name, group, bounds: clampOf(group), weight: group.weight ?? 1, criteria }
}

/** Micro-points of a group: the sum of its criteria clamped, then weighed. */
export function groupValue(group: { readonly bounds: Clamp; readonly weight: number }, sum: number): number {
  const clamped = clamp(sum, group.bounds)
  return group.weight === 1 ? clamped : Math.floor(clamped * group.weight + 0.5)
}

/**
 * A score as it would be with the points of its fading criteria read at other instants and everything else as it is now.
 * Positive points only fall with time and negative ones only rise towards zero, and clamping and weighing keep order: so the
 * score anywhere in `(a, b]` lies between the values for `{ positive: b, negative: a }` and `{ positive: a, negative: b }`.
 */
export function scoreAt(plan: ScorePlan, lead: LeadState, at: { positive: Instant; negative: Instant }): number {
  let total = 0
  for (const group of plan.groups) {
    let sum = 0
    for (const criterion of group.criteria) {
      sum +=
        criterion.kind === 'each' && canFade(criterion)
          ? eachAt(criterion, lead, criterion.spec.points > 0 ? at.positive : at.negative)
          : lead.value[criterion.cell]
    }
    total += groupValue(group, sum)
  }
  return clamp(total, plan.bounds)
}

function eachAt(plan: EachPlan, lead: LeadState, t: Instant): number {
  if (plan.isOfAccount && lead.account === undefined) return lead.value[plan.cell]
  return eachMicro(plan.spec, plan.bounds, tallyOf(lead, plan), t)
}
