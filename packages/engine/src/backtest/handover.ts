/** Where a definition hands leads to sales. */
import type { Condition, Definition } from '../definition/language.ts'
import { decisionsOf } from '../plan/layout.ts'

const SIDE = ['reject', 'recycle', 'disqualify', 'lose']

/** The first stage after the first that a lead enters by itself; else the second of the path; null where there is none. */
export function handoverOf({ stages = [] }: Definition): string | null {
  const later = stages.slice(1).filter((stage) => !decisionsOf(stage).some((each) => SIDE.includes(each)))
  return (later.find(({ enter }) => enter !== undefined) ?? later[0])?.id ?? null
}

/** The stage that was asked for, if the definition has it. */
export const handoverIn = (definition: Definition, asked: string | undefined): string | null =>
  definition.stages?.some(({ id }) => id === asked) ? asked! : handoverOf(definition)

/** Of no definition's making: names in one are lower-case. */
export const READY = 'Ready'

/**
 * The same definition with one more category, which says whether a lead is ready for the stage, wherever people have moved it. A lead
 * that sales accepted under an older version stands behind the handover already; without this, a version could never be credited with
 * it.
 */
export function withReadiness(definition: Definition, handover: string | null): Definition {
  const stage = definition.stages?.find(({ id }) => id === handover)
  if (stage?.enter === undefined) return definition
  const when: Condition = stage.needs === undefined ? stage.enter : { all: [stage.enter, stage.needs] }
  return {
    ...definition,
    categories: { ...definition.categories, [READY]: { levels: [{ ready: { when } }, { not: {} }] } },
  }
}
