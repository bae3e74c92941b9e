/** Cells → values of an attribute's type. Text stays text; whatever is not clearly of the type is a fault, never a guess. */
import { nearest, type Definition, type FactValue } from '@winnow/engine'
import { unescapeFormula } from '../csv/write.ts'
import { CellFault } from './fault.ts'
import { compileTimeFormat } from './times.ts'

export type Attribute = NonNullable<Definition['attributes']>[string]

/** How a cell is written; the part of a mapping that this file reads. */
export interface CellFormat {
  readonly values?: Readonly<Record<string, string | number | boolean>>
  readonly unknown?: readonly string[]
  readonly decimal?: '.' | ','
  readonly thousands?: string
  readonly format?: string | readonly string[]
  readonly zone?: string
  readonly separator?: string
}

export type ValueType = Pick<Attribute, 'type' | 'of'>

/** The value of a cell, `undefined` where nobody knows it. */
export type ReadCell = (cell: string) => FactValue | undefined | CellFault

/** @returns the reader, or what is wrong with the format, as text */
export function compileCell(type: ValueType, format: CellFormat, unknown: readonly string[] = []): ReadCell | string {
  const unknownCells = new Set([...unknown, ...(format.unknown ?? [])])
  const values = new Map(Object.entries(format.values ?? {}))
  for (const value of values.values()) {
    const problem = misfit(type, value)
    if (problem !== undefined) return problem
  }
  const parse = compileType(type, format, values)
  if (typeof parse === 'string') return parse
  return (raw) => {
    const cell = unescapeFormula(raw)
    if (cell === '' || unknownCells.has(cell)) return undefined
    return (type.type === 'choices' ? undefined : values.get(cell)) ?? parse(cell)
  }
}

type Parse = (cell: string) => FactValue | CellFault
type Scalars = ReadonlyMap<string, string | number | boolean>

function compileType(type: ValueType, format: CellFormat, values: Scalars): Parse | string {
  switch (type.type) {
    case 'text':
      return (cell) => cell
    case 'number':
      return compileNumber(format)
    case 'boolean':
      return readBoolean
    case 'choice':
      return (cell) => readChoice(cell, type.of ?? [])
    case 'choices':
      return compileChoices(type.of ?? [], values, format)
    case 'date': {
      const time = compileTimeFormat(format.format, format.zone)
      return typeof time === 'string' ? time : (cell) => time.iso(cell.trim())
    }
  }
}

const shown = (cell: string) => (cell.length > 60 ? `${cell.slice(0, 60)}…` : cell)
const malformed = (cell: string, says: string) => new CellFault('value_malformed', `\`${shown(cell)}\` is not ${says}`)

// --- Numbers ---------------------------------------------------------------------------------------------------------

const escape = (sign: string) => sign.replaceAll(/[.'\\]/g, String.raw`\$&`)

function compileNumber({ thousands, decimal = thousands === '.' ? ',' : '.' }: CellFormat): Parse | string {
  if (thousands === decimal) return 'the decimal sign and the thousands sign are the same'
  const grouped = thousands === undefined ? '' : String.raw`[1-9]\d{0,2}(?:${escape(thousands)}\d{3})+|`
  const pattern = new RegExp(String.raw`^([+-]?)(${grouped}0|[1-9]\d*)(?:${escape(decimal)}(\d+))?([eE][+-]?\d{1,3})?$`)
  return (raw) => {
    const cell = raw.trim()
    const match = pattern.exec(cell)
    if (!match) return malformed(cell, numberSays(cell, decimal))
    const [, sign, whole, fraction = '0', exponent = ''] = match
    const value = Number(
      `${sign}${thousands === undefined ? whole : whole!.replaceAll(thousands, '')}.${fraction}${exponent}`,
    )
    const isSafe = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    if (!isSafe) return new CellFault('number_unsafe', `\`${shown(cell)}\` is too large to be exact`)
    return value === 0 ? 0 : value
  }
}

function numberSays(cell: string, decimal: string): string {
  if (/^[+-]?0\d/.test(cell)) return 'a number: it begins with 0, as ids do'
  if (decimal === '.' && /^[+-]?[\d.]+,\d+$/.test(cell))
    return 'a number (is `,` its decimal sign? then say `decimal: ","`)'
  if (/^[+-]?\d{1,3}([,. '_]\d{3})+([.,]\d+)?$/.test(cell)) return 'a number (is it grouped? then say `thousands:`)'
  return 'a number'
}

// --- True and false, choices -----------------------------------------------------------------------------------------

function readBoolean(raw: string): boolean | CellFault {
  switch (raw.trim()) {
    case 'true':
    case 'True':
    case 'TRUE':
      return true
    case 'false':
    case 'False':
    case 'FALSE':
      return false
    default:
      return malformed(raw, 'true or false; if it means one of them, say so with `values:`')
  }
}

function readChoice(raw: string, listed: readonly string[]): string | CellFault {
  const cell = raw.trim()
  if (listed.includes(cell)) return cell
  const near = nearest(cell, listed)
  return new CellFault(
    'value_not_listed',
    `\`${shown(cell)}\` is not listed${near === undefined ? '' : `; did you mean \`${near}\`?`}`,
  )
}

/** Translations are those of the single choices. */
function compileChoices(listed: readonly string[], values: Scalars, { separator = ';' }: CellFormat): Parse {
  return (cell) => {
    const parts = cell.split(separator).map((part) => values.get(part.trim()) ?? readChoice(part, listed))
    return parts.find((part) => part instanceof CellFault) ?? [...new Set(parts as string[])]
  }
}

// --- Values given in the mapping -------------------------------------------------------------------------------------

/** Why a value written in the mapping is none of this type; undefined where it is one. */
export function misfit(type: ValueType, value: string | number | boolean): string | undefined {
  switch (type.type) {
    case 'text':
      return typeof value === 'string' ? undefined : `\`${value}\` is not text: put it in quotes`
    case 'number':
      return typeof value === 'number' ? undefined : `\`${value}\` is not a number`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `\`${value}\` is not true or false`
    case 'date': {
      const time = compileTimeFormat(undefined, undefined)
      const isDate = typeof value === 'string' && typeof time !== 'string' && typeof time.iso(value) === 'string'
      return isDate ? undefined : `\`${value}\` is not an ISO 8601 date`
    }
    case 'choice':
    case 'choices': {
      if ((type.of ?? []).includes(String(value)) && typeof value === 'string') return undefined
      const near = nearest(String(value), type.of ?? [])
      return `\`${value}\` is not one of the values of the attribute${near === undefined ? '' : `; did you mean \`${near}\`?`}`
    }
  }
}
