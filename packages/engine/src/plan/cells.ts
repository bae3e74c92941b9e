/**
 * Cells: every test, criterion and score of a definition is one, with a value and the first instant at which that value
 * may differ with no new fact. A fact makes the cells that depend on it stale; time makes them stale by itself.
 */
import type { Instant } from '../time.ts'
import type { Kleene } from './kleene.ts'
import type { LeadState } from './state.ts'

/** Writes the cell's value and the instant until which it holds. */
export type Compute = (lead: LeadState, t: Instant, cell: number) => void

/** What a cell depends on besides other cells. */
export type Source = `attribute:${number}` | `tally:${number}` | `category:${string}` | 'stage' | 'account' | 'members'

/** A compiled condition: how to evaluate it and which cells it reads. */
export interface Test {
  readonly cells: readonly number[]
  readonly holds: (lead: LeadState, t: Instant) => Kleene
  /** Which facts stand behind it: those of attributes, and occurrences of tallies within a window. */
  readonly behind: readonly Root[]
}

export type Root =
  | { readonly kind: 'attribute'; readonly slot: number; readonly isOfAccount: boolean }
  | { readonly kind: 'tally'; readonly slot: number; readonly isOfAccount: boolean; readonly windowMs: number }

const NOTHING: Compute = () => {}

export class Cells {
  readonly computes: Compute[] = []
  private readonly readers: number[][] = []
  private readonly bySource = new Map<Source, number[]>()
  /** Cells that time alone can change at an instant known beforehand. */
  readonly timed: number[] = []

  add(spec: { compute: Compute; reads?: readonly number[]; sources?: readonly Source[]; isTimed?: boolean }): number {
    const cell = this.computes.push(spec.compute) - 1
    this.readers.push([])
    for (const input of spec.reads ?? []) this.readers[input].push(cell)
    for (const source of spec.sources ?? []) this.bySource.set(source, [...(this.bySource.get(source) ?? []), cell])
    if (spec.isTimed) this.timed.push(cell)
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
   * enough others.
   */
  nextFlip(lead: LeadState, cell: number, to: Instant): Instant {
    const { value, until } = lead
    const now = value[cell]
    while (until[cell] <= to && until[cell] < Infinity) {
      const at = until[cell]
      this.computes[cell](lead, at, cell)
      if (value[cell] === now) continue
      value[cell] = now
      until[cell] = at
      return at
    }
    return Infinity
  }

  /**
   * Every cell that a change of the source can change, each once.
   * @param stopAt  cells beyond which nothing is followed
   */
  dependentsOf(source: Source, stopAt?: ReadonlySet<number>): readonly number[] {
    return this.closure(this.bySource.get(source) ?? [], stopAt)
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

/** What a change makes stale. */
export interface Stale {
  readonly cells: readonly number[]
  /** Whether a test that levels or stages read is among them, other than by way of a score. */
  readonly isWatched: boolean
}

export function makeStale(lead: LeadState, { cells, isWatched }: Stale): void {
  const { until } = lead
  for (let index = 0; index < cells.length; index++) until[cells[index]] = -Infinity
  if (isWatched) lead.isSettled = false
}

/** The earliest instant at which one of the cells may differ; the cells have been read at this instant. */
export function earliestOf(lead: LeadState, cells: readonly number[]): Instant {
  let earliest = Infinity
  for (const cell of cells) if (lead.until[cell] < earliest) earliest = lead.until[cell]
  return earliest
}
