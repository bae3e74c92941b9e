import type { Category, Definition } from './language.ts'
import { eachEntry, levelsListed, own } from './walk.ts'

/** A cell of a matrix: its row, its column, and the level that it names. */
export interface Cell {
  readonly row: string
  readonly column: string
  readonly level: string
}

/**
 * The levels of a category, best first, each once; those of a matrix row by row.
 * Undefined where they cannot be told: no such category, or a matrix of itself.
 */
export function levelNames(definition: Definition, category: string): readonly string[] | undefined {
  return levelsWithin(definition, category, [])
}

/** The cells of a matrix row by row, or undefined where its rows or columns cannot be told. A cell left out has no level. */
export function cellsOf(definition: Definition, category: string): readonly Cell[] | undefined {
  return cellsWithin(definition, category, [])
}

function levelsWithin(definition: Definition, name: string, outer: readonly string[]): readonly string[] | undefined {
  const category = own<Category>(definition.categories, name)
  if (category === undefined || outer.includes(name)) return undefined
  if ('levels' in category) return levelsListed(category, []).map((each) => each.name)
  const cells = cellsWithin(definition, name, outer)
  return cells && [...new Set(cells.map((each) => each.level))]
}

function cellsWithin(definition: Definition, name: string, outer: readonly string[]): readonly Cell[] | undefined {
  const category = own<Category>(definition.categories, name)
  if (category === undefined || 'levels' in category) return undefined
  const { rows, columns, cells } = category.matrix
  const rowNames = levelsWithin(definition, rows, [...outer, name])
  const columnNames = levelsWithin(definition, columns, [...outer, name])
  if (rowNames === undefined || columnNames === undefined || rowNames.length * columnNames.length > CELLS_MAX)
    return undefined
  return rowNames.flatMap((row) =>
    columnNames.flatMap((column) => {
      if (cells === undefined) return [{ row, column, level: `${row}_${column}` }]
      const level = own(own(cells, row), column)
      return level === undefined ? [] : [{ row, column, level }]
    }),
  )
}

/** Matrices of matrices multiply; more cells than this nobody can mean. */
export const CELLS_MAX = 2_500

/** Ids of the stages, in order; with those that are implied because no stage is `by` disqualify or lose. */
export function stageIds(definition: Definition): readonly string[] {
  const ids: string[] = []
  const decisions = new Set<string>()
  definition.stages?.forEach((stage) => {
    ids.push(stage.id)
    for (const each of typeof stage.by === 'string' ? [stage.by] : (stage.by ?? [])) decisions.add(each)
  })
  eachEntry(IMPLIED_STAGES, (id, decision) => {
    if (ids.length > 0 && !decisions.has(decision) && !ids.includes(id)) ids.push(id)
  })
  return ids
}

/** Where these decisions lead when no stage is `by` them. */
export const IMPLIED_STAGES = { disqualify: 'disqualified', lose: 'lost' } as const
