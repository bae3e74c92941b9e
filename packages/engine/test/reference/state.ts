/** What has become of one lead: levels and stages are history, everything else is read from the facts. */
import type { Definition, LeveledCategory, MatrixCategory, Stage } from '../../src/definition/language.ts'
import type { Instant } from '../../src/time.ts'
import { listOf, type LevelNow } from './conditions.ts'
import { once } from './numbers.ts'

export interface StageState {
  readonly id: string
  readonly since: Instant
  readonly isBreached: boolean
  readonly reached: readonly string[]
}

/** When a shut stage opens again: at an instant, or once its `enter` is not true. */
export type Shut = { readonly until: Instant } | 'until not true'

export interface Override {
  readonly level: string
  readonly until: Instant
}

/** Never changed in place: a settling makes the next one. */
export interface LeadState {
  /** False until the first settling, which knows no level and no stage before. */
  readonly isSettled: boolean
  readonly levels: ReadonlyMap<string, LevelNow>
  /** By category and level: since when the `when` of a level with `for_at_least` has been true. */
  readonly trueSince: ReadonlyMap<string, Instant>
  readonly overrides: ReadonlyMap<string, Override>
  readonly stage: StageState
  readonly shut: ReadonlyMap<string, Shut>
}

export function newborn(definition: Definition, at: Instant): LeadState {
  const first = stagesOf(definition)[0].id
  return {
    isSettled: false,
    levels: new Map(),
    trueSince: new Map(),
    overrides: new Map(),
    stage: { id: first, since: at, isBreached: false, reached: [first] },
    shut: new Map(),
  }
}

export function moveTo(stage: StageState, id: string, at: Instant): StageState {
  return { id, since: at, isBreached: false, reached: [...new Set([...stage.reached, id])] }
}

// --- The definition's levels and stages ------------------------------------------------------------------------------

export const watchKey = (category: string, level: string): string => `${category} ${level}`

/** A category's levels with their names, best first. */
export const levelsOf = once((category: LeveledCategory) =>
  category.levels.flatMap((each) => Object.entries(each)).map(([name, level]) => ({ ...level, name })),
)

/** The names of a category's levels. */
export function levelNamesOf(definition: Definition, name: string): readonly string[] {
  if (!Object.hasOwn(definition.categories ?? {}, name)) return []
  const category = definition.categories![name]
  if ('levels' in category) return levelsOf(category).map((level) => level.name)
  const { rows, columns } = category.matrix
  return levelNamesOf(definition, rows).flatMap((row) =>
    levelNamesOf(definition, columns).map((column) => cellOf(category.matrix, row, column)),
  )
}

export function cellOf({ cells }: MatrixCategory['matrix'], row: string, column: string): string {
  return cells === undefined ? `${row}_${column}` : cells[row][column]
}

const IMPLIED: readonly Stage[] = [
  { id: 'disqualified', by: 'disqualify' },
  { id: 'lost', by: 'lose' },
]
const WITHOUT_STAGES: readonly Stage[] = [{ id: 'lead' }]

/** The stages as written, and after them the implied ones. */
export const stagesOf = once((definition: Definition): readonly Stage[] => {
  const written = definition.stages ?? WITHOUT_STAGES
  return [...written, ...IMPLIED.filter((implied) => !written.some((stage) => isBy(stage, implied.by as string)))]
})

export const isBy = (stage: Stage, decision: string): boolean => listOf(stage.by ?? []).includes(decision)

const STEPS_ASIDE = ['reject', 'recycle', 'disqualify', 'lose']
export const isSide = (stage: Stage): boolean => STEPS_ASIDE.some((decision) => isBy(stage, decision))
export const isClosed = (stage: Stage): boolean => isBy(stage, 'disqualify') || isBy(stage, 'lose')

export const pathOf = once((definition: Definition): readonly Stage[] =>
  stagesOf(definition).filter((stage) => !isSide(stage)),
)

export function stageOf(definition: Definition, id: string): Stage {
  return stagesOf(definition).find((stage) => stage.id === id)!
}

/** How far along the path a lead in this stage is; a side stage counts as the first. */
export const positionOf = (definition: Definition, id: string): number =>
  Math.max(
    0,
    pathOf(definition).findIndex((stage) => stage.id === id),
  )
