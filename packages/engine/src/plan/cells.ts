/**
 * Cells: every test, criterion and score of a definition is one, with a value and the first instant at which that value
 * may differ with no new fact. A fact makes the cells that depend on it stale; time makes them stale by itself.
 */
import type { Instant } from '../time.ts'
import type { Kleene, Range } from './kleene.ts'
import type { LeadState } from './state.ts'

/** Writes the cell's value and the instant until which it holds. */
export type Compute = (lead: LeadState, t: Instant, cell: number) => void

/** What a cell depends on besides other cells. */
export type Source = `attribute:${number}` | `tally:${number}` | `category:${string}` | 'stage' | 'account' | 'members'

/** A compiled condition: how to evaluate it and which cells it reads. */
export interface Test {
  readonly cells: readonly number[]
  readonly holds: (lead: LeadState, t: Instant) => Kleene
  /** Until when the latest answer of `holds`, which was about this lead, stays what it is if no fact comes. */
  readonly until: (lead: LeadState) => Instant
  /** Which facts stand behind it: those of attributes, and occurrences of tallies within a window. */
  readonly behind: readonly Root[]
}

export type Root =
  | { readonly kind: 'attribute'; readonly slot: number; readonly isOfAccount: boolean }
  | { readonly kind: 'tally'; readonly slot: number; readonly isOfAccount: boolean; readonly windowMs: number }

interface CellSpec {
  readonly compute: Compute
  readonly reads?: readonly number[]
  readonly sources?: readonly Source[]
  readonly isTimed?: boolean
  /** Whether it sums tests up: then the tests that only it reads need not be watched one by one. */
  readonly isSum?: boolean
  /** Where it compares a score. */
  readonly edge?: Edge
}

const NOTHING: Compute = () => {}

/** A comparison with a score. */
export interface Edge {
  /** The score's cell. */
  readonly score: number
  readonly range: Range
}

export class Cells {
  readonly computes: Compute[] = []
  private readonly readers: number[][] = []
  private readonly inputs: (readonly number[])[] = []
  private readonly edges = new Map<number, Edge>()
  private readonly bySource = new Map<Source, number[]>()
  private readonly timed: number[] = []
  private readonly sums = new Set<number>()

  add(spec: CellSpec): number {
    const cell = this.computes.push(spec.compute) - 1
    this.readers.push([])
    this.inputs.push(spec.reads ?? [])
    if (spec.edge) this.edges.set(cell, spec.edge)
    for (const input of spec.reads ?? []) this.readers[input].push(cell)
    for (const source of spec.sources ?? []) this.bySource.set(source, [...(this.bySource.get(source) ?? []), cell])
    if (spec.isTimed) this.timed.push(cell)
    if (spec.isSum) this.sums.add(cell)
    return cell
  }

  /** Cells that another one writes. @returns the first of them */
  reserve(count: number): number {
    const first = this.computes.length
    for (let index = 0; index < count; index++) this.add({ compute: NOTHING })
    return first
  }

  get count(): number {
    return this.computes.length
  }

  /** Value of a cell at `t`, which must not lie before an instant it was read at since it was last made stale. */
  read(lead: LeadState, cell: number, t: Instant): number {
    if (t >= lead.until[cell]) this.computes[cell](lead, t, cell)
    return lead.value[cell]
  }

  /**
   * The first instant up to `to` at which the value of a cell, which has been read, differs with no new fact; ∞ if there is
   * none. Looks beyond instants at which the value may change and does not: an occurrence leaves a window, and there are
   * enough others. Notes it as the instant until which the value holds.
   */
  nextFlip(lead: LeadState, { cell, parts }: TimedCell, to: Instant): void {
    const { value, until } = lead
    const now = value[cell]
    while (until[cell] <= to && until[cell] < Infinity) {
      const at = until[cell]
      this.computes[cell](lead, at, cell)
      // They were read ahead of time.
      for (const part of parts) until[part] = -Infinity
      if (value[cell] === now) continue
      value[cell] = now
      until[cell] = at
      return
    }
  }

  /**
   * Cells that time alone can change at an instant known beforehand.
   * @param areAlone  whether no test looks at other leads: only then is a sum of tests watched in their place
   */
  timedCells(areAlone: boolean): readonly TimedCell[] {
    const parts = new Map<number, number[]>()
    // What a sum reads ahead of time must be its own: what others read, too, would give them an answer from the future.
    const readsOnlyTests = (sum: number) => this.inputs[sum].every((input) => this.inputs[input].length === 0)
    for (const cell of this.timed) {
      const [reader, ...others] = this.readers[cell]
      const isPart = areAlone && others.length === 0 && this.sums.has(reader) && readsOnlyTests(reader)
      if (isPart) parts.set(reader, [...(parts.get(reader) ?? []), cell])
      else parts.set(cell, [])
    }
    return [...parts].map(([cell, own]) => ({ cell, parts: own }))
  }

  /**
   * Every cell that a change of the source can change, each once.
   * @param stopAt  cells beyond which nothing is followed
   */
  dependentsOf(source: Source, stopAt?: ReadonlySet<number>): readonly number[] {
    return this.closure(this.bySource.get(source) ?? [], stopAt)
  }

  /**
   * The comparisons with scores that these cells make or read.
   * @returns each once; none that stands behind a score
   */
  edgesOf(cells: readonly number[]): readonly Edge[] {
    const seen = new Set<number>()
    const found: Edge[] = []
    const visit = (cell: number) => {
      if (seen.has(cell)) return
      seen.add(cell)
      const edge = this.edges.get(cell)
      if (edge) found.push(edge)
      else this.inputs[cell].forEach(visit)
    }
    cells.forEach(visit)
    return found
  }

  /** The comparisons that stand behind this cell itself. */
  edgesBehind(cell: number): readonly Edge[] {
    return this.edgesOf(this.inputs[cell])
  }

  /** The cells themselves and every cell that reads one of them, directly or not. */
  closure(cells: readonly number[], stopAt: ReadonlySet<number> = new Set()): readonly number[] {
    const found = new Set<number>()
    const visit = (cell: number) => {
      if (found.has(cell)) return
      found.add(cell)
      if (!stopAt.has(cell)) this.readers[cell].forEach(visit)
    }
    cells.forEach(visit)
    return [...found].sort((a, b) => a - b)
  }
}

export interface TimedCell {
  readonly cell: number
  /** Timed cells that only this one reads. */
  readonly parts: readonly number[]
}

/** What a change makes stale. */
export interface Stale {
  readonly cells: readonly number[]
  /** Nodes that read a test among them, other than by way of a score, as bits. */
  readonly nodes: number
  /** By how many micro-points it moves what fades of scores at most. */
  readonly slack: readonly Slack[]
}

export interface Slack {
  /** Cell of a score's gauge, see `scores.ts`. */
  readonly cell: number
  readonly most: number
}

export function makeStale(lead: LeadState, stale: Stale): void {
  if (stale.cells.length === 0 && stale.nodes === 0) return
  mark(lead, stale)
  touch(lead)
}

/** Marks what is stale; whether that can move anything is left to the caller. */
export function mark(lead: LeadState, { cells, nodes, slack }: Stale): void {
  const { until, value } = lead
  for (let index = 0; index < cells.length; index++) until[cells[index]] = -Infinity
  for (let index = 0; index < slack.length; index++) value[slack[index].cell] += slack[index].most
  lead.dirty |= nodes
}

/** Notes that something may have moved: what was found out about times to come does not hold any more. */
export function touch(lead: LeadState): void {
  lead.isTouched = true
  lead.isWakeSure = false
  lead.quietUntil = -Infinity
  lead.foreseen = undefined
}

/** Whatever was noted at the latest settling does not hold any more, if there was one: all has to be looked at. */
export function unsettle(lead: LeadState): void {
  lead.dirty = EVERY_NODE
  lead.ends = Number.NaN
  touch(lead)
}

/** The bits of all nodes. */
export const EVERY_NODE = -1
/** The stage has a bit of its own, for it may move what it reads itself; categories after the 31st share one. */
export const STAGE_BIT = 1 << 31
export const bitOf = (category: number): number => 1 << Math.min(category, 30)

/** The earliest instant at which one of the cells may differ; the cells have been read at this instant. */
export function earliestOf(lead: LeadState, cells: readonly number[]): Instant {
  let earliest = Infinity
  for (const cell of cells) if (lead.until[cell] < earliest) earliest = lead.until[cell]
  return earliest
}
