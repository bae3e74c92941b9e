/** What has to be known of a definition to read its trace. */
import type { Condition, Definition } from '../definition/language.ts'
import { asList } from '../definition/walk.ts'
import type { Plan } from '../plan/compile.ts'
import { isMatrix, levelsOf } from '../plan/layout.ts'
import { MICRO } from '../plan/points.ts'
import { READY } from './handover.ts'
import type { Gate, Period, PromisedRate, ScoreAbout, VersionAbout } from './traces.ts'

/** @param plan  of the definition with its readiness */
export function aboutOf(name: string, plan: Plan, handover: string | null): VersionAbout {
  const { definition } = plan
  return {
    name,
    handover,
    categories: plan.categories
      .filter(({ layout }) => layout.name !== READY)
      .map(({ layout }) => ({ name: layout.name, levels: layout.levels })),
    stages: plan.stages.map(({ id, isSide }) => ({ id, isSide })),
    scores: plan.scores.map(({ name: score, bounds }) => ({
      name: score,
      low: bounds.floor / MICRO,
      high: bounds.cap / MICRO,
      bounds: boundsOf(definition, score),
    })),
    calibration: calibrationOf(definition),
    gates: gatesOf(definition),
    capacity: capacityOf(definition),
  }
}

function boundsOf(definition: Definition, score: string): ScoreAbout['bounds'] {
  const found: { category: string; level: string; at: number }[] = []
  const add = (category: string, level: string, condition: Condition | undefined) => {
    for (const at of condition === undefined ? [] : leastPoints(condition, score)) found.push({ category, level, at })
  }
  for (const [name, category] of Object.entries(definition.categories ?? {})) {
    if (isMatrix(category) || name === READY) continue
    for (const [level, { when }] of levelsOf(category)) add(name, level, when)
  }
  for (const { id, enter } of definition.stages ?? []) add('stage', id, enter)
  return found
}

/** The least points that a condition asks of a score, wherever in it. */
function leastPoints(condition: Condition, score: string): number[] {
  if ('all' in condition) return condition.all.flatMap((part) => leastPoints(part, score))
  if ('any' in condition) return condition.any.flatMap((part) => leastPoints(part, score))
  if (!('score' in condition) || condition.score !== score) return []
  const { at_least, above, between } = condition
  return [at_least ?? between?.[0] ?? above].filter((each) => each !== undefined)
}

/** By stage with a condition of its own: the least points that it asks for, itself or by the worst level that it lets in. */
function gatesOf(definition: Definition): VersionAbout['gates'] {
  const scores = Object.keys(definition.scores ?? {})
  const gates = (definition.stages ?? []).flatMap(({ id, enter }): [string, Gate[]][] => {
    if (enter === undefined) return []
    const own = scores.flatMap((score) =>
      leastPoints(enter, score).map((at) => ({ score, category: 'stage', level: id, at })),
    )
    const byLevel = worstLevels(definition, enter).flatMap(({ category, level, when }) =>
      scores.flatMap((score) => leastPoints(when, score).map((at) => ({ score, category, level, at }))),
    )
    return [[id, [...own, ...byLevel]]]
  })
  return Object.fromEntries(gates)
}

interface LevelTest {
  readonly category: string
  readonly level: string
  readonly when: Condition
}

/** Of each category that a condition asks for levels of, the worst of them that has a condition. */
function worstLevels(definition: Definition, condition: Condition): LevelTest[] {
  if ('all' in condition) return condition.all.flatMap((part) => worstLevels(definition, part))
  if ('any' in condition) return condition.any.flatMap((part) => worstLevels(definition, part))
  if (!('category' in condition)) return []
  const category = definition.categories?.[condition.category]
  const asked = new Set([...asList(condition.is), ...asList(condition.in)])
  if (category === undefined || asked.size === 0) return []
  if (isMatrix(category)) return []
  const worst = levelsOf(category).findLast(([name, { when }]) => asked.has(name) && when !== undefined)
  return worst === undefined ? [] : [{ category: condition.category, level: worst[0], when: worst[1].when! }]
}

function calibrationOf({ value }: Definition): PromisedRate[] {
  if (value === undefined) return []
  const { win } = value
  if ('levels' in win) {
    return Object.entries(win.levels).map(([level, { probability }]) => ({
      category: win.category,
      level,
      promised: probability,
      points: null,
    }))
  }
  return win.bins.map(({ below = Infinity, probability }, index) => {
    const from = win.bins[index - 1]?.below ?? -Infinity
    const level = below === Infinity ? `${from}+` : `${from === -Infinity ? '' : from}–${below}`
    return { category: win.score, level, promised: probability, points: { score: win.score, from, below } }
  })
}

function capacityOf({ capacity }: Definition): VersionAbout['capacity'] {
  return Object.entries(capacity ?? {}).flatMap(([team, limits]) =>
    Object.entries(limits).map(([key, count]) => {
      const [, stage, per] = /^(.*)_per_(day|week|month)$/.exec(key) as unknown as [string, string, Period]
      return { team, stage, count, per }
    }),
  )
}
