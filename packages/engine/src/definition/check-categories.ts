/** The rules of categories: levels from the best to everybody else, and matrices whose cells are all named. */
import { checkDuration, fail, failUnknown, isDeclared, isWhole, type Checking } from './checking.ts'
import type { Path } from './issue.ts'
import { CELLS_MAX, cellsOf } from './levels.ts'
import type { Category, Level, LeveledCategory, MatrixCategory } from './language.ts'
import { eachEntry, levelsListed } from './walk.ts'

export function checkCategories(checking: Checking): void {
  eachEntry<Category>(checking.definition.categories, (category, name) => {
    if ('levels' in category) checkLevels(checking, category, ['categories', name])
    else checkMatrix(checking, category, name)
  })
}

function checkLevels(checking: Checking, category: LeveledCategory, path: Path): void {
  category.levels.forEach((entry, at) => {
    const names = Object.keys(entry)
    if (names.length > 1)
      fail(checking, 'one_key', [...path, 'levels', at], `${names.length} levels stand in one list item`)
    const last = at === category.levels.length - 1
    eachEntry<Level>(entry, (level, name) => checkLevelRules(checking, level, last, [...path, 'levels', at, name]))
  })
  const seen = new Set<string>()
  for (const { name, path: place } of levelsListed(category, path)) {
    if (seen.has(name)) fail(checking, 'duplicate_level', place, `\`${name}\` stands in this category twice`)
    seen.add(name)
  }
}

function checkLevelRules(checking: Checking, level: Level, last: boolean, path: Path): void {
  checkDuration(checking, level.for_at_least, [...path, 'for_at_least'], 'allowed')
  checkDuration(checking, level.stays_at_least, [...path, 'stays_at_least'], 'allowed')
  if (!last) {
    if (level.when === undefined && isWhole(checking, path))
      fail(checking, 'level_without_when', path, 'this level has no `when`, so the ones below are never reached')
    return
  }
  for (const key of ['when', 'for_at_least', 'stays_while', 'stays_at_least'] as const) {
    if (level[key] !== undefined)
      fail(checking, 'last_level_conditional', [...path, key], `the last level cannot have \`${key}\``)
  }
}

function checkMatrix(checking: Checking, category: MatrixCategory, name: string): void {
  const path = ['categories', name, 'matrix']
  const { rows, columns, cells } = category.matrix
  const known = [
    isDeclared(checking, 'category', rows, [...path, 'rows']),
    isDeclared(checking, 'category', columns, [...path, 'columns']),
  ]
  if (rows === columns) fail(checking, 'same_category', [...path, 'columns'], `rows and columns are both \`${rows}\``)
  if (known.includes(false)) return
  const [rowNames, columnNames] = [checking.names.categories.get(rows), checking.names.categories.get(columns)]
  if (rowNames === undefined || columnNames === undefined) return
  if (rowNames.size * columnNames.size > CELLS_MAX) {
    fail(checking, 'too_many', path, `more than ${CELLS_MAX} cells`)
  } else if (cells === undefined) checkImpliedCells(checking, name)
  else if (isWhole(checking, [...path, 'cells'])) checkCells(checking, cells, rowNames, columnNames, [...path, 'cells'])
}

/** Without `cells` each is named `row_column`: the names must be levels, and differ. */
function checkImpliedCells(checking: Checking, name: string): void {
  const path = ['categories', name, 'matrix']
  const hint = 'name the cells with `cells`'
  const seen = new Set<string>()
  for (const { level } of cellsOf(checking.definition, name) ?? []) {
    if (level.length > 64) fail(checking, 'too_long', path, `\`${level}\` is longer than 64 characters`, hint)
    if (seen.has(level)) fail(checking, 'duplicate_level', path, `two cells would be named \`${level}\``, hint)
    seen.add(level)
  }
}

type Cells = NonNullable<MatrixCategory['matrix']['cells']>

function checkCells(
  checking: Checking,
  cells: Cells,
  rows: ReadonlySet<string>,
  columns: ReadonlySet<string>,
  path: Path,
): void {
  eachEntry<Cells[string]>(cells, (row, rowName) => {
    const place = [...path, rowName]
    if (!rows.has(rowName)) failUnknown(checking, 'unknown_level', rowName, place, `\`${rowName}\` is not a row`, rows)
    for (const column of Object.keys(row)) {
      if (columns.has(column)) continue
      failUnknown(checking, 'unknown_level', column, [...place, column], `\`${column}\` is not a column`, columns)
    }
    const missing = [...columns].filter((column) => !Object.hasOwn(row, column))
    if (missing.length > 0) fail(checking, 'missing_cell', place, `no cell for ${missing.join(', ')}`)
  })
  const missing = [...rows].filter((row) => !Object.hasOwn(cells, row))
  if (missing.length > 0) fail(checking, 'missing_cell', path, `no row for ${missing.join(', ')}`)
}
