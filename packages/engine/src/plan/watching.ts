/**
 * What is watched: which nodes a change may move, which comparisons give a score its band, and what time alone can change. All of it
 * is known from the definition; running only adds bits.
 */
import type { Builder } from './builder.ts'
import { bitOf, EVERY_NODE, STAGE_BIT, type Edge, type Source, type Stale, type TimedCell } from './cells.ts'
import type { LevelPlan, ScoredTest, StagePlan } from './compile.ts'
import { isMatrix } from './layout.ts'
import { slackOf, type CompiledScore, type ScorePlan } from './scores.ts'

type Part = LevelPlan | StagePlan

/** What is compiled of a definition's nodes. */
interface Compiled {
  /** Names of what is settled, in order; the stage's is empty. */
  readonly settled: readonly string[]
  readonly levels: ReadonlyMap<string, readonly LevelPlan[]>
  readonly stages: readonly StagePlan[]
  readonly scores: ReadonlyMap<string, CompiledScore>
}

export interface WatchedTimedCell {
  readonly cell: number
  readonly nodes: number
}

export class Watching {
  /** Cells that time alone can change at an instant known beforehand. */
  readonly timed: readonly TimedCell[]
  private readonly builder: Builder
  private readonly compiled: Compiled
  private readonly bits: ReadonlyMap<string, number>
  private readonly scoreCells: ReadonlySet<number>
  /** Cells that the tests of each node read. */
  private readonly readers: readonly { readonly bit: number; readonly cells: ReadonlySet<number> }[]
  /** Comparisons that criteria of scores make. */
  private readonly always: readonly Edge[]

  constructor(builder: Builder, compiled: Compiled) {
    this.builder = builder
    this.compiled = compiled
    const { settled, scores } = compiled
    this.timed = builder.cells.timedCells(!builder.looksAtMembers)
    this.bits = new Map(settled.map((name, index) => [name, name === '' ? STAGE_BIT : bitOf(index)]))
    this.readers = settled.map((name) => ({ bit: this.bitOf(name), cells: cellsReadBy(this.partsOf(name)) }))
    const scoreCells = [...scores.values()].map(({ cell }) => cell)
    this.scoreCells = new Set(scoreCells)
    this.always = scoreCells.flatMap((cell) => builder.cells.edgesBehind(cell))
  }

  bitOf(node: string): number {
    return this.bits.get(node)!
  }

  /** What a fact makes stale. Scores that it moves are looked at anyway. */
  staleBy(source: Source): Stale {
    const { cells } = this.builder
    return this.stale(source, cells.dependentsOf(source, this.scoreCells))
  }

  /**
   * What a new level or stage makes stale. It moves while a lead is settled, where nobody looks at scores again: nodes that read it by
   * way of a score have to be told, too.
   */
  staleByNode(source: `category:${string}` | 'stage'): Stale {
    return this.stale(source, this.builder.cells.dependentsOf(source))
  }

  /** Nodes of the matrices that have this category as their rows or columns, as bits. */
  matricesOver(name: string): number {
    let bits = 0
    for (const { category, name: own } of this.builder.layout.categories.values()) {
      if (isMatrix(category) && (category.matrix.rows === name || category.matrix.columns === name))
        bits |= this.bitOf(own)
    }
    return bits
  }

  /** Timed cells that tests of nodes read, other than by way of a score. */
  timedOfNodes(): WatchedTimedCell[] {
    const { cells, looksAtMembers } = this.builder
    return this.timed.flatMap(({ cell }) => {
      // What a test reads of other leads is not among the cells that it reads.
      const nodes = looksAtMembers ? EVERY_NODE : this.nodesReading(cells.closure([cell], this.scoreCells))
      return nodes === 0 ? [] : [{ cell, nodes }]
    })
  }

  score(score: CompiledScore): ScorePlan {
    const { cells, looksAtMembers } = this.builder
    const { cell, ranges } = score
    if (looksAtMembers) {
      const always = ranges.map((range) => ({ score: cell, range }))
      return { ...score, always, isWatched: ranges.length > 0, nodes: EVERY_NODE }
    }
    const always = this.always.filter((edge) => edge.score === cell)
    const isCompared = this.compiled.settled.some((name) =>
      this.partsOf(name).some((part) => edgesOf(part).some((edge) => edge.score === cell)),
    )
    const nodes = this.nodesReading(cells.closure([cell]))
    return { ...score, always, isWatched: isCompared || always.length > 0, nodes }
  }

  /** Whether what a node looks at gives scores their bands. Where leads look at one another, every comparison does. */
  isScored(node: string): boolean {
    return !this.builder.looksAtMembers && this.partsOf(node).some((part) => edgesOf(part).length > 0)
  }

  private partsOf(node: string): readonly Part[] {
    return node === '' ? this.compiled.stages : this.compiled.levels.get(node)!
  }

  private stale(source: Source, toldOf: readonly number[]): Stale {
    const dependents = this.builder.cells.dependentsOf(source)
    const changed = new Set(dependents)
    const slack = [...this.compiled.scores.values()].flatMap((score) =>
      slackOf(score, changed, source.startsWith('tally:')),
    )
    return { cells: dependents, nodes: this.nodesReading(toldOf), slack }
  }

  private nodesReading(cells: readonly number[]): number {
    let bits = 0
    for (const reader of this.readers) if (cells.some((cell) => reader.cells.has(cell))) bits |= reader.bit
    return bits
  }
}

function testsOf(part: Part): ScoredTest[] {
  const tests = 'when' in part ? [part.when, part.staysWhile] : [part.enter, part.needs]
  return tests.filter((test) => test !== undefined)
}

const edgesOf = (part: Part): Edge[] => testsOf(part).flatMap((test) => test.edges)

const cellsReadBy = (parts: readonly Part[]): ReadonlySet<number> =>
  new Set(parts.flatMap((part) => testsOf(part).flatMap((test) => test.cells)))
