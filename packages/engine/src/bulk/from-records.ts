/** Plain records → columns: leads as a CRM exports them, one object a lead, attributes by name. */
import type { Attribute, Definition } from '../definition/language.ts'
import type { FactValue } from '../facts.ts'
import { understand } from '../plan/value-tests.ts'
import type { Instant } from '../time.ts'
import {
  Dictionary,
  ownMemory,
  type Allocate,
  type AttributeColumn,
  type CodedColumn,
  type Columns,
  type NumberColumn,
} from './columns.ts'

/**
 * Attributes of a lead and of its account by the definition's names; what is missing, or what the attribute's type does not
 * understand, is unknown. It says the same as facts of the instant at which it is looked at would; a record with a field about
 * the account is of a lead with an account.
 */
export type LeadRecord = Readonly<Record<string, FactValue | undefined>>

export interface RecordOptions {
  readonly asOf: Instant
  readonly allocate?: Allocate
}

export function columnsFromRecords(
  definition: Definition,
  records: readonly LeadRecord[],
  options: RecordOptions,
): Columns {
  const columns = new RecordColumns(definition, records.length, options)
  columns.fill(records, 0, records.length)
  return columns
}

/** Columns that are filled with one batch of records after the other. Dictionaries only grow: codes keep their meaning. */
export class RecordColumns implements Columns {
  /** Rows there is room for. */
  readonly count: number
  readonly attributes: ReadonlyMap<string, AttributeColumn>
  readonly hasAccount: Uint8Array
  readonly #readers: readonly Reader[]
  readonly #ofAccount: readonly string[]

  constructor(definition: Definition, count: number, { asOf, allocate = ownMemory }: RecordOptions) {
    const attributes = Object.entries(definition.attributes ?? {})
    this.count = count
    this.#readers = attributes.map(([name, attribute]) =>
      attribute.type === 'number' || attribute.type === 'date'
        ? new NumberReader(name, attribute, new Float64Array(allocate(count * 8)))
        : new CodeReader(name, attribute, new Uint32Array(allocate(count * 4))),
    )
    const changedAt = new Float64Array(allocate(count * 8)).fill(asOf)
    this.attributes = new Map(this.#readers.map(({ name, column }) => [name, { ...column, changedAt }]))
    this.hasAccount = new Uint8Array(allocate(count))
    this.#ofAccount = attributes.flatMap(([name, { about }]) => (about === 'account' ? [name] : []))
  }

  /** How many distinct values the largest dictionary holds. */
  get variety(): number {
    return this.#readers.reduce((most, { variety }) => Math.max(most, variety), 0)
  }

  /** Fills the first rows with the records from `from` up to `end`. */
  fill(records: readonly LeadRecord[], from: number, end: number): void {
    for (const reader of this.#readers) reader.read(records, from, end)
    this.hasAccount.fill(0)
    for (const name of this.#ofAccount) {
      for (let row = from; row < end; row++) if (records[row][name] !== undefined) this.hasAccount[row - from] = 1
    }
  }
}

interface Reader {
  readonly name: string
  readonly column: CodedColumn | NumberColumn
  /** Distinct values so far. */
  readonly variety: number
  readonly read: (records: readonly LeadRecord[], from: number, end: number) => void
}

class CodeReader implements Reader {
  readonly name: string
  readonly column: CodedColumn
  readonly #attribute: Attribute
  readonly #dictionary = new Dictionary()
  /** What a value is understood as is looked up, not worked out again, for every row that holds it. */
  readonly #codeOfRaw = new Map<unknown, number>()

  constructor(name: string, attribute: Attribute, codes: Uint32Array) {
    this.name = name
    this.#attribute = attribute
    this.column = { kind: 'codes', codes, dictionary: this.#dictionary.values }
  }

  get variety(): number {
    return Math.max(this.#codeOfRaw.size, this.#dictionary.values.length)
  }

  read(records: readonly LeadRecord[], from: number, end: number): void {
    const { codes } = this.column
    const { name } = this
    const codeOfRaw = this.#codeOfRaw
    for (let row = from; row < end; row++) {
      const raw = records[row][name]
      codes[row - from] = codeOfRaw.get(raw) ?? this.#learn(raw)
    }
  }

  #learn(raw: FactValue | undefined): number {
    const code = this.#dictionary.codeOf(raw === undefined ? undefined : understand(this.#attribute, raw))
    if (typeof raw !== 'object') this.#codeOfRaw.set(raw, code)
    return code
  }
}

class NumberReader implements Reader {
  readonly name: string
  readonly column: NumberColumn
  readonly variety = 0
  readonly #attribute: Attribute

  constructor(name: string, attribute: Attribute, values: Float64Array) {
    this.name = name
    this.#attribute = attribute
    this.column = { kind: 'numbers', values }
  }

  read(records: readonly LeadRecord[], from: number, end: number): void {
    const { values } = this.column
    const { name } = this
    const attribute = this.#attribute
    for (let row = from; row < end; row++) {
      const raw = records[row][name]
      const value = raw === undefined ? undefined : understand(attribute, raw)
      values[row - from] = typeof value === 'number' ? value : Number.NaN
    }
  }
}
