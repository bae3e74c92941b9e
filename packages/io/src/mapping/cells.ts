/** The small readers that rows are read with: values, times, ids, words and row tests, each bound to its columns. */
import { parseInstant, type FactValue, type Instant } from '@winnow/engine'
import { unescapeFormula } from '../csv/write.ts'
import type { Columns } from './columns.ts'
import { CellFault } from './fault.ts'
import type { CellSpec, IdSpec, PropertySpec, TimeSpec, WhereSpec, WordsSpec } from './language.ts'
import { compileTimeFormat } from './times.ts'
import { compileCell, type ReadCell, type ValueType } from './values.ts'

export type Cells = readonly string[]

/** Reads something from a row; `undefined` where the row does not say. */
export interface Read<T> {
  readonly column: string
  readonly read: (cells: Cells) => T | undefined | CellFault
}

/** A format that the mapping's check has accepted. */
const checked = <T>(compiled: T | string): T => {
  if (typeof compiled === 'string') throw new Error(compiled) // INVARIANT: parseMappingText refused it before
  return compiled
}

export function readValue(
  columns: Columns,
  type: ValueType,
  spec: CellSpec,
  unknown: readonly string[],
): Read<FactValue> {
  if (typeof spec !== 'string' && 'fixed' in spec) {
    const value: FactValue = type.type === 'choices' ? [String(spec.fixed)] : spec.fixed
    return { column: '', read: () => value }
  }
  const column = typeof spec === 'string' ? spec : spec.column
  return cellOf(columns, column, checked(compileCell(type, typeof spec === 'string' ? {} : spec, unknown)))
}

export function readProperty(columns: Columns, spec: PropertySpec, unknown: readonly string[]): Read<FactValue> {
  if (typeof spec !== 'string' && 'fixed' in spec) return { column: '', read: () => spec.fixed }
  return readValue(columns, { type: typeof spec === 'string' ? 'text' : (spec.type ?? 'text') }, spec, unknown)
}

function cellOf(columns: Columns, column: string, read: ReadCell): Read<FactValue> {
  const index = columns.require(column)
  return { column: columns.names[index]!, read: (cells) => read(cells[index]!) }
}

export function readTime(columns: Columns, spec: TimeSpec): Read<Instant> {
  if (typeof spec !== 'string' && 'fixed' in spec) {
    const instant = parseInstant(spec.fixed)
    return { column: '', read: () => instant }
  }
  const index = columns.require(typeof spec === 'string' ? spec : spec.column)
  const { format, zone } = typeof spec === 'string' ? {} : spec
  const time = checked(compileTimeFormat(format, zone))
  return {
    column: columns.names[index]!,
    read(cells) {
      const cell = unescapeFormula(cells[index]!).trim()
      return cell === '' ? undefined : time.instant(cell)
    },
  }
}

const ID_MAX = 200

/** Ids are compared in Unicode NFC and without surrounding blanks; otherwise they are kept as they are written. */
export function readId(columns: Columns, spec: IdSpec, unknown: readonly string[]): Read<string> {
  if (isPlain(spec)) return idOf(columns, typeof spec === 'string' ? [spec] : spec, {}, unknown)
  if ('row_number' in spec) {
    let row = 0 // rows are read once and in order
    return { column: '', read: () => `${spec.prefix ?? ''}${++row}` }
  }
  return idOf(columns, 'column' in spec ? [spec.column] : spec.columns, spec, unknown)
}

const isPlain = (spec: IdSpec): spec is string | readonly string[] => typeof spec === 'string' || Array.isArray(spec)

function idOf(
  columns: Columns,
  names: readonly string[],
  options: { lower_case?: boolean; prefix?: string },
  unknown: readonly string[],
): Read<string> {
  const indexes = names.map((name) => columns.require(name))
  const unknownCells = new Set(unknown)
  return {
    column: indexes.map((index) => columns.names[index]).join(' + '),
    read(cells) {
      const parts = indexes.map((index) => unescapeFormula(cells[index]!).trim().normalize('NFC'))
      if (parts.every((part) => part === '' || unknownCells.has(part))) return undefined
      const id = `${options.prefix ?? ''}${parts.join('|')}`
      if (id.length > ID_MAX)
        return new CellFault('value_malformed', `an id of ${id.length} characters; at most ${ID_MAX}`)
      return options.lower_case ? id.toLowerCase() : id
    },
  }
}

export function readWords(columns: Columns, spec: WordsSpec): Read<string> {
  if (typeof spec !== 'string' && 'fixed' in spec) return { column: '', read: () => spec.fixed }
  const index = columns.require(typeof spec === 'string' ? spec : spec.column)
  return { column: columns.names[index]!, read: (cells) => unescapeFormula(cells[index]!) || undefined }
}

export type RowTest = (cells: Cells) => boolean

export function readWhere(columns: Columns, spec: WhereSpec | undefined): RowTest {
  const tests = Object.entries(spec ?? {}).map(([column, texts]) => {
    const index = columns.require(column)
    const wanted = new Set(typeof texts === 'string' ? [texts] : texts)
    return (cells: Cells) => wanted.has(unescapeFormula(cells[index]!))
  })
  return (cells) => tests.every((test) => test(cells))
}
