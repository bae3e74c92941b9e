/**
 * Leads as columns: one row a lead, its activities side by side in order of time. Typed arrays only, so that worker threads
 * can share them without a copy (see `shareColumns`).
 */
import type { Properties } from '../plan/value-tests.ts'

export type Codes = Uint16Array | Uint32Array

/** Texts, choices, booleans, lists: each row the place of its value in the dictionary; 0 is unknown or missing. */
export interface CodedColumn {
  readonly kind: 'codes'
  readonly codes: Codes
  /** Distinct values; the first place stands for "unknown" and holds `undefined`. */
  readonly dictionary: readonly unknown[]
}

/** Finite numbers, and dates as instants; NaN is unknown or missing. */
export interface NumberColumn {
  readonly kind: 'numbers'
  readonly values: Float64Array
}

export type Column = CodedColumn | NumberColumn

/** Values as the attribute's type understands them. */
export type AttributeColumn = Column & {
  /** Instant of the latest change; without it, values are as old as time. */
  readonly changedAt?: Float64Array
}

export interface ActivityColumns {
  /** Activities of lead i: `offsets[i]` up to, but not, `offsets[i + 1]`. */
  readonly offsets: Uint32Array
  /** Not falling within a lead. */
  readonly at: Float64Array
  /** Raw event types, as places in `types`. */
  readonly type: Uint16Array
  readonly types: readonly string[]
  /** By the name that the definition uses, dotted or not. One that is missing here is missing everywhere. */
  readonly properties: ReadonlyMap<string, Column>
}

export interface Columns {
  readonly count: number
  /** By name; those about accounts hold the value of the lead's account. One that is missing here is unknown everywhere. */
  readonly attributes: ReadonlyMap<string, AttributeColumn>
  /** 1 where the lead has an account; without it, nobody has. */
  readonly hasAccount?: Uint8Array
  readonly activities?: ActivityColumns
}

/** Where new columns lie; `sharedMemory` lets worker threads see them. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer
export const ownMemory: Allocate = (bytes) => new ArrayBuffer(bytes)
export const sharedMemory: Allocate = (bytes) => new SharedArrayBuffer(bytes)

// --- Builders --------------------------------------------------------------------------------------------------------

/** Numbers as they come; anything but a finite number is unknown. */
export function numberColumn(values: Iterable<unknown>, count: number, allocate = ownMemory): NumberColumn {
  const column = new Float64Array(allocate(count * 8)).fill(Number.NaN)
  let row = 0
  for (const value of values) column[row++] = typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN
  return { kind: 'numbers', values: column }
}

/** A dictionary under construction: equal values get one code. */
export class Dictionary {
  readonly values: unknown[] = [undefined]
  readonly #codes = new Map<unknown, number>()
  /** Of lists, by what they hold. */
  readonly #codesOfLists = new Map<unknown, number>()

  codeOf(value: unknown): number {
    if (value === undefined || value === null) return 0
    const [codes, key] = Array.isArray(value) ? [this.#codesOfLists, JSON.stringify(value)] : [this.#codes, value]
    const known = codes.get(key)
    if (known !== undefined) return known
    const code = this.values.push(value) - 1
    codes.set(key, code)
    return code
  }
}

export function codedColumn(values: Iterable<unknown>, count: number, allocate = ownMemory): CodedColumn {
  const dictionary = new Dictionary()
  const codes = new Uint32Array(allocate(count * 4))
  let row = 0
  for (const value of values) codes[row++] = dictionary.codeOf(value)
  return { kind: 'codes', codes, dictionary: dictionary.values }
}

/** Whatever tells one value of a property from another, in the form that takes the least work later. */
export function propertyColumn(values: readonly unknown[], allocate = ownMemory): Column {
  const isNumeric = values.every((value) => value === undefined || value === null || Number.isFinite(value))
  return isNumeric
    ? numberColumn(values, values.length, allocate)
    : codedColumn(values.map(plain), values.length, allocate)
}

/** No test tells one list or map from another in a property. */
const plain = (value: unknown) => (typeof value === 'object' && value !== null ? NEITHER : value)
const NEITHER: Properties = {}

export interface RawActivities {
  /** Row of the lead. */
  readonly lead: Uint32Array
  readonly at: Float64Array
  readonly type: Uint16Array
  readonly types: readonly string[]
  readonly properties: ReadonlyMap<string, Column>
}

/** Activities in any order → side by side by lead, in order of time. */
export function clusterActivities(raw: RawActivities, leads: number, allocate = ownMemory): ActivityColumns {
  const { lead, at } = raw
  const offsets = new Uint32Array(allocate((leads + 1) * 4))
  for (let row = 0; row < lead.length; row++) offsets[lead[row] + 1]++
  for (let index = 0; index < leads; index++) offsets[index + 1] += offsets[index]
  const next = offsets.slice(0, leads)
  const order = new Uint32Array(lead.length)
  for (let row = 0; row < lead.length; row++) order[next[lead[row]]++] = row
  for (let index = 0; index < leads; index++) sortByTime(order.subarray(offsets[index], offsets[index + 1]), at)
  return {
    offsets,
    at: pickNumbers(at, order, allocate),
    type: pickCodes(raw.type, order, allocate) as Uint16Array,
    types: raw.types,
    properties: new Map([...raw.properties].map(([name, column]) => [name, pick(column, order, allocate)])),
  }
}

/** Stable; most leads come in order already. */
function sortByTime(rows: Uint32Array, at: Float64Array): void {
  for (let index = 1; index < rows.length; index++) {
    if (at[rows[index]] >= at[rows[index - 1]]) continue
    rows.sort((a, b) => at[a] - at[b])
    return
  }
}

function pick(column: Column, rows: Uint32Array, allocate: Allocate): Column {
  return column.kind === 'numbers'
    ? { kind: 'numbers', values: pickNumbers(column.values, rows, allocate) }
    : { ...column, codes: pickCodes(column.codes, rows, allocate) }
}

function pickNumbers(values: Float64Array, rows: Uint32Array, allocate: Allocate): Float64Array {
  const picked = new Float64Array(allocate(rows.length * 8))
  for (let index = 0; index < rows.length; index++) picked[index] = values[rows[index]]
  return picked
}

function pickCodes(codes: Codes, rows: Uint32Array, allocate: Allocate): Codes {
  const picked =
    codes instanceof Uint16Array
      ? new Uint16Array(allocate(rows.length * 2))
      : new Uint32Array(allocate(rows.length * 4))
  for (let index = 0; index < rows.length; index++) picked[index] = codes[rows[index]]
  return picked
}

/** The same columns in memory that worker threads share. */
export function shareColumns(columns: Columns): Columns {
  const { activities, hasAccount } = columns
  return {
    count: columns.count,
    attributes: new Map([...columns.attributes].map(([name, column]) => [name, shareAttribute(column)])),
    ...(hasAccount ? { hasAccount: share(hasAccount) } : {}),
    ...(activities ? { activities: shareActivities(activities) } : {}),
  }
}

function shareActivities(activities: ActivityColumns): ActivityColumns {
  return {
    ...activities,
    offsets: share(activities.offsets),
    at: share(activities.at),
    type: share(activities.type),
    properties: new Map([...activities.properties].map(([name, column]) => [name, shareColumn(column)])),
  }
}

const shareColumn = (column: Column): Column =>
  column.kind === 'numbers' ? { ...column, values: share(column.values) } : { ...column, codes: share(column.codes) }

const shareAttribute = (column: AttributeColumn): AttributeColumn => ({
  ...shareColumn(column),
  ...(column.changedAt ? { changedAt: share(column.changedAt) } : {}),
})

function share<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values
  const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T
  const shared = new Kind(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}
