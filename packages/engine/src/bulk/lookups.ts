/** Functions of one attribute → loops over its column: each row looks up what has been worked out for its value. */
import type { KnownValue } from '../plan/value-tests.ts'
import type { Binding } from './binding.ts'
import type { OfAttribute } from './by-value.ts'
import { reached, staircase } from './staircase.ts'

/** Writes the function's value of every row. */
export function bindLookup(binding: Binding, of: OfAttribute<number>, out: Uint8Array): void {
  const column = binding.columns.attributes.get(of.attribute)
  if (column === undefined) {
    binding.steps.push((_from, count) => out.fill(of.unknown, 0, count))
  } else if (column.kind === 'codes') {
    const { codes, dictionary } = column
    const table = new CodeTable(dictionary, of, Uint8Array)
    binding.steps.push((from, count) => {
      const results = table.current()
      for (let row = 0; row < count; row++) out[row] = results[codes[from + row]]
    })
  } else {
    const { values } = column
    const { edges, results } = stairsOf(of)
    binding.steps.push((from, count) => {
      for (let row = 0; row < count; row++) out[row] = results[place(edges, values[from + row])]
    })
  }
}

/** Adds the function's value of every row. */
export function bindAddition(binding: Binding, of: OfAttribute<number>, sum: Float64Array): void {
  const column = binding.columns.attributes.get(of.attribute)
  if (column === undefined) {
    binding.steps.push((_from, count) => {
      for (let row = 0; row < count; row++) sum[row] += of.unknown
    })
  } else if (column.kind === 'codes') {
    const { codes, dictionary } = column
    const table = new CodeTable(dictionary, of, Float64Array)
    binding.steps.push((from, count) => {
      const results = table.current()
      for (let row = 0; row < count; row++) sum[row] += results[codes[from + row]]
    })
  } else {
    const { values } = column
    const { edges, results } = stairsOf(of)
    binding.steps.push((from, count) => {
      for (let row = 0; row < count; row++) sum[row] += results[place(edges, values[from + row])]
    })
  }
}

/** The unknown stands first. */
function stairsOf({ breaks, known, unknown }: OfAttribute<number>): { edges: Float64Array; results: Float64Array } {
  const { edges, values } = staircase(breaks, known)
  return { edges, results: Float64Array.of(unknown, ...values) }
}

const place = (edges: Float64Array, value: number) => (Number.isNaN(value) ? 0 : 1 + reached(edges, value))

/** A function's results by code. Dictionaries grow while records are read batch by batch, and the table grows with them. */
class CodeTable<T extends Uint8Array | Float64Array> {
  readonly #dictionary: readonly unknown[]
  readonly #of: OfAttribute<number>
  readonly #kind: new (length: number) => T
  #results: T
  #known = 0

  constructor(dictionary: readonly unknown[], of: OfAttribute<number>, kind: new (length: number) => T) {
    this.#dictionary = dictionary
    this.#of = of
    this.#kind = kind
    this.#results = new kind(0)
  }

  current(): T {
    if (this.#known < this.#dictionary.length) this.#learn()
    return this.#results
  }

  #learn(): void {
    const { length } = this.#dictionary
    if (this.#results.length < length) {
      const longer = new this.#kind(Math.max(length, this.#results.length * 2))
      longer.set(this.#results)
      this.#results = longer
    }
    for (let code = this.#known; code < length; code++) {
      this.#results[code] = code === 0 ? this.#of.unknown : this.#of.known(this.#dictionary[code] as KnownValue)
    }
    this.#known = length
  }
}
