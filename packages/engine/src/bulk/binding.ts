import type { Definition } from '../definition/language.ts'
import type { CategoryLayout } from '../plan/layout.ts'
import type { Instant } from '../time.ts'
import type { Columns } from './columns.ts'
import type { TallyRequests } from './tallies.ts'

/** A loop over `count` leads from row `from` on; its results lie in a buffer whose first place is the row `from`. */
export type Step = (from: number, count: number) => void

/** What activities came to, by slot, `CHUNK` rows each. */
export interface Tallied {
  /** Occurrences, counted ones, or days. */
  readonly n: Float64Array
  /** Sums of values or of points. */
  readonly sum: Float64Array
  /** Occurrences with a number to sum up. */
  readonly numeric: Float64Array
  /** The latest occurrence; −∞ without one. */
  readonly last: Float64Array
}

/** A definition on its way to becoming loops over these columns. */
export interface Binding {
  readonly definition: Definition
  readonly columns: Columns
  readonly asOf: Instant
  readonly requests: TallyRequests
  /** The loops, in order. */
  readonly steps: Step[]
  /** There when the first loop runs. */
  tallied: Tallied
  /** Results of the nodes that have been bound. */
  readonly personas: Map<string, Uint8Array>
  readonly scores: Map<string, Float64Array>
  readonly levels: Map<string, Uint16Array>
  readonly layouts: ReadonlyMap<string, CategoryLayout>
}
