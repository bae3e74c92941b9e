/**
 * Where history lies in a lead's latch: one row of numbers, so that looking ahead copies one array.
 * Levels and stages are indexes, −1 before the first settling; instants are ms.
 */
import type { Category, Definition, LeveledCategory, MatrixCategory, Stage } from '../definition/language.ts'

export interface CategoryLayout {
  readonly name: string
  readonly category: Category
  /** Distinct levels, best first for leveled categories. */
  readonly levels: readonly string[]
  /** Latch places. */
  readonly level: number
  readonly since: number
  readonly forced: number
  readonly forcedUntil: number
  /** Leveled: instant since which each level's `when` has been true; +∞ while it is not. */
  readonly trueSince: number
}

export interface StageLayout {
  readonly stages: readonly StagePlace[]
  readonly index: ReadonlyMap<string, number>
  readonly stage: number
  readonly since: number
  readonly breached: number
  /** Instant until which each stage is shut after a step back; +∞ until its condition stops being true; −∞ when open. */
  readonly shutUntil: number
  /** 1 once the stage has been entered. */
  readonly reached: number
}

export interface StagePlace {
  readonly stage: Stage
  readonly isSide: boolean
  /** Side stages that only a person opens again. */
  readonly isClosed: boolean
  readonly isFinal: boolean
}

export interface Layout {
  readonly categories: ReadonlyMap<string, CategoryLayout>
  readonly stages: StageLayout
  readonly initial: readonly number[]
}

export const isMatrix = (category: Category): category is MatrixCategory => 'matrix' in category

/** Name and content of each level of a leveled category, in order. */
export const levelsOf = (category: LeveledCategory) => category.levels.map((each) => Object.entries(each)[0])

export function layOut(definition: Definition): Layout {
  const initial: number[] = []
  const place = (...values: readonly number[]) => initial.push(...values) - values.length
  const categories = new Map<string, CategoryLayout>()
  const all = definition.categories ?? {}
  for (const [name, category] of Object.entries(all)) {
    const levels = levelNames(all, category)
    categories.set(name, {
      name,
      category,
      levels,
      level: place(-1),
      since: place(0),
      forced: place(-1),
      forcedUntil: place(-Infinity),
      trueSince: isMatrix(category) ? -1 : place(...levels.map(() => Infinity)),
    })
  }
  const stages = stagePlaces(definition.stages ?? [{ id: 'lead' }])
  const stageLayout: StageLayout = {
    stages,
    index: new Map(stages.map(({ stage }, index) => [stage.id, index])),
    stage: place(-1),
    since: place(0),
    breached: place(0),
    shutUntil: place(...stages.map(() => -Infinity)),
    reached: place(...stages.map(() => 0)),
  }
  return { categories, stages: stageLayout, initial }
}

function levelNames(all: NonNullable<Definition['categories']>, category: Category): string[] {
  if (!isMatrix(category)) return levelsOf(category).map(([name]) => name)
  const { rows, columns } = category.matrix
  const names = levelNames(all, all[rows]).flatMap((row) =>
    levelNames(all, all[columns]).map((column) => cellName(category, row, column)),
  )
  return [...new Set(names)]
}

export const cellName = (category: MatrixCategory, row: string, column: string): string =>
  category.matrix.cells?.[row]?.[column] ?? `${row}_${column}`

const SIDE = ['reject', 'recycle', 'disqualify', 'lose']
const CLOSING = ['disqualify', 'lose']

export const decisionsOf = ({ by }: Stage): readonly string[] =>
  by === undefined ? [] : typeof by === 'string' ? [by] : by

/** The listed stages, then those that decisions imply where no stage is listed for them. */
function stagePlaces(listed: readonly Stage[]): StagePlace[] {
  const stages = [...listed]
  const imply = (id: string, by: 'disqualify' | 'lose') => {
    if (!stages.some((stage) => decisionsOf(stage).includes(by))) stages.push({ id, by })
  }
  imply('disqualified', 'disqualify')
  imply('lost', 'lose')
  return stages.map((stage) => {
    const decisions = decisionsOf(stage)
    return {
      stage,
      isSide: decisions.some((each) => SIDE.includes(each)),
      isClosed: decisions.some((each) => CLOSING.includes(each)),
      isFinal: decisions.includes('win'),
    }
  })
}
