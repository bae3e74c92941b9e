/**
 * The kernel: personas, scores and levels of many leads at one instant, column by column. Conditions and criteria become
 * short loops over a chunk of rows, each over one typed array; texts are looked at once per distinct value and numbers once
 * per interval, when the kernel is bound to its columns. Results are the incremental engine's to the last bit: the same
 * roundings in the same order.
 */
import { formatNode, orderOfNodes } from '../definition/dependencies.ts'
import type { Category, Definition } from '../definition/language.ts'
import { levelsListed, type Node } from '../definition/walk.ts'
import { TRUE } from '../plan/kleene.ts'
import { cellName, layOut } from '../plan/layout.ts'
import type { Instant } from '../time.ts'
import type { Binding, GroupParts } from './binding.ts'
import { ownMemory, type ActivityColumns, type Allocate, type Columns } from './columns.ts'
import { historyFree } from './history-free.ts'
import { bindScoreNode } from './points.ts'
import { CHUNK, StreamRequests, Streams } from './streams.ts'
import { bindTest } from './tests.ts'

/** What comes out, one row a lead. */
export interface Results {
  /** Micro-points. */
  readonly scores: ReadonlyMap<string, Float64Array>
  readonly levels: ReadonlyMap<string, LevelColumn>
  /** Kleene results. */
  readonly personas: ReadonlyMap<string, Uint8Array>
}

export interface LevelColumn {
  /** Places in `names`. */
  readonly codes: Uint16Array
  readonly names: readonly string[]
}

export interface KernelOptions {
  readonly asOf: Instant
  /** Tell the parts of scores apart, for `partsOf`. */
  readonly withParts?: boolean
}

/** A result and the buffer that holds the chunk at hand. */
interface Output {
  readonly of: 'scores' | 'levels' | 'personas'
  readonly name: string
  readonly chunk: Float64Array | Uint16Array | Uint8Array
}

/** Bound to one set of columns and one instant. */
export class Kernel {
  /** The nodes that it works out: those that need no history and no other lead. */
  readonly nodes: readonly string[]
  readonly #columns: Columns
  readonly #binding: Binding
  readonly #streams: Streams
  readonly #outputs: readonly Output[]

  /** @param definition  one that `parseDefinition` accepted */
  constructor(definition: Definition, columns: Columns, { asOf, withParts = false }: KernelOptions) {
    const free = historyFree(definition)
    const nodes = orderOfNodes(definition).filter((node) => free.has(formatNode(node)))
    this.nodes = nodes.map(formatNode)
    this.#columns = columns
    const requests = new StreamRequests()
    this.#binding = {
      definition,
      columns,
      asOf,
      requests,
      steps: [],
      streamOf: (stream) => this.#streams.of(stream),
      scratch: { n: counts(), before: counts(), sum: numbers(), last: numbers() },
      personas: new Map(),
      scores: new Map(),
      levels: new Map(),
      layouts: layOut(definition).categories,
      parts: withParts ? new Map() : undefined,
    }
    this.#outputs = nodes.map((node) => this.#bind(node))
    this.#streams = new Streams(definition, requests, columns.activities ?? noActivities(columns.count), asOf)
  }

  /** Empty results for all rows. */
  openResults(allocate: Allocate = ownMemory): Results {
    const { count } = this.#columns
    const { definition, layouts } = this.#binding
    const has = (of: Output['of'], name: string) => this.#outputs.some((each) => each.of === of && each.name === name)
    const named = <T>(of: Output['of'], names: object | undefined, make: (name: string) => T) =>
      new Map(
        Object.keys(names ?? {})
          .filter((name) => has(of, name))
          .map((name) => [name, make(name)]),
      )
    const numbers = () => new Float64Array(allocate(count * 8))
    return {
      scores: named('scores', definition.scores, numbers),
      levels: named('levels', definition.categories, (name) => ({
        codes: new Uint16Array(allocate(count * 2)),
        names: layouts.get(name)!.levels,
      })),
      personas: named('personas', definition.personas, () => new Uint8Array(allocate(count))),
    }
  }

  /**
   * Fills in the results of the next leads from row `from` on, as many as fit into the cache and no further than `limit`.
   * @returns the row after the last
   */
  run(from: number, limit: number, results: Results): number {
    const end = this.#streams.endOfChunk(from, limit)
    const count = end - from
    this.#streams.fill(from, count)
    for (const step of this.#binding.steps) step(from, count)
    for (const { of, name, chunk } of this.#outputs) {
      const result = of === 'levels' ? results.levels.get(name)!.codes : results[of].get(name)!
      result.set(chunk.subarray(0, count), from)
    }
    return end
  }

  /** What a score of the chunk worked out last is made of, group by group, where parts are told apart. */
  partsOf(score: string): readonly GroupParts[] {
    return this.#binding.parts?.get(score) ?? []
  }

  #bind({ kind, name }: Node): Output {
    const { definition } = this.#binding
    if (kind === 'persona') {
      const chunk = bindTest(this.#binding, definition.personas![name].when)
      this.#binding.personas.set(name, chunk)
      return { of: 'personas', name, chunk }
    }
    if (kind === 'category') {
      const chunk = bindCategoryNode(this.#binding, name, definition.categories![name])
      this.#binding.levels.set(name, chunk)
      return { of: 'levels', name, chunk }
    }
    const chunk = bindScoreNode(this.#binding, name, definition.scores![name])
    this.#binding.scores.set(name, chunk)
    return { of: 'scores', name, chunk }
  }
}

const numbers = () => new Float64Array(CHUNK)
const counts = () => new Int32Array(CHUNK)

const noActivities = (leads: number): ActivityColumns => ({
  offsets: new Uint32Array(leads + 1),
  at: new Float64Array(),
  type: new Uint16Array(),
  types: [],
  properties: new Map(),
})

function bindCategoryNode(binding: Binding, name: string, category: Category): Uint16Array {
  const out = new Uint16Array(CHUNK)
  const { levels: names } = binding.layouts.get(name)!
  if ('matrix' in category) {
    const [rows, columns] = [binding.levels.get(category.matrix.rows)!, binding.levels.get(category.matrix.columns)!]
    const across = binding.layouts.get(category.matrix.columns)!.levels
    const cells = Uint16Array.from(
      binding.layouts
        .get(category.matrix.rows)!
        .levels.flatMap((row) => across.map((column) => names.indexOf(cellName(category, row, column)))),
    )
    binding.steps.push((_from, count) => {
      for (let row = 0; row < count; row++) out[row] = cells[rows[row] * across.length + columns[row]]
    })
    return out
  }
  const levels = levelsListed(category, []).map(({ level }) => level.when && bindTest(binding, level.when))
  binding.steps.push((_from, count) => {
    out.fill(levels.length - 1, 0, count)
    // The first level that is true wins: so it is written last.
    for (let level = levels.length - 2; level >= 0; level--) {
      const result = levels[level]
      for (let row = 0; row < count; row++) if (result === undefined || result[row] === TRUE) out[row] = level
    }
  })
  return out
}
