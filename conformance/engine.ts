/** The engine as a runner of the cases. */
import {
  assess,
  compileDefinition,
  explain,
  nextChange,
  parseDefinition,
  replay,
  type Definition,
} from '@winnow/engine'
import type { Answer, Runner } from './answer.ts'
import type { ConformanceCase } from './load.ts'

/** Parses as everybody does; a case is a bad case when its definition has errors. */
export function definitionOf({ definition }: ConformanceCase): Definition {
  const parsed = parseDefinition(definition)
  if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join('\n'))
  return parsed.definition
}

export const runEngine: Runner = (each): Answer => {
  const { facts, lead, asOf } = each
  const plan = compileDefinition(definitionOf(each))
  const { transitions, circle } = replay(plan, facts, { until: asOf })
  const { scores, levels, stage, personas, value = null } = assess(plan, circle, lead, asOf)
  const { contributions } = explain(plan, circle, lead, asOf)
  const points: Record<string, number> = {}
  for (const { criterion, points: given } of contributions) if (criterion !== undefined) points[criterion] = given
  return {
    scores,
    points,
    levels,
    stage: stage.id,
    personas,
    transitions: transitions.filter((transition) => transition.lead === lead),
    value,
    nextChange: nextChange(plan, circle, lead, asOf)?.at ?? null,
  }
}
