import type { Definition } from '../definition/language.ts'
import type { CategoryLayout } from '../plan/layout.ts'
import type { Instant } from '../time.ts'
import type { Columns } from './columns.ts'
import type { Stream, StreamRequests } from './streams.ts'

/** A loop over `count` leads from row `from` on; its results lie in a buffer whose first place is the row `from`. */
export type Step = (from: number, count: number) => void

/** Numbers of one measure, for the leads of the chunk at hand: good until the next measure is taken. */
export interface Scratch {
  readonly n: Int32Array
  readonly before: Int32Array
  readonly sum: Float64Array
  readonly last: Float64Array
}

/** A definition on its way to becoming loops over these columns. */
export interface Binding {
  readonly definition: Definition
  readonly columns: Columns
  readonly asOf: Instant
  readonly requests: StreamRequests
  /** The loops, in order. */
  readonly steps: Step[]
  /** A stream of the chunk at hand, by its number. */
  readonly streamOf: (stream: number) => Stream
  readonly scratch: Scratch
  /** Results of the nodes that have been bound. */
  readonly personas: Map<string, Uint8Array>
  readonly scores: Map<string, Float64Array>
  readonly levels: Map<string, Uint16Array>
  readonly layouts: ReadonlyMap<string, CategoryLayout>
  /** Takes in the parts of every score, where they are to be told apart. */
  readonly parts: Map<string, readonly GroupParts[]> | undefined
}

/** What a group adds up in the chunk at hand. */
export interface GroupParts {
  readonly sum: Float64Array
  /** In the document's order. */
  readonly criteria: readonly CriterionPart[]
}

/** How the condition of a criterion came out, or the micro-points of any other criterion. */
export type CriterionPart =
  | { readonly kind: 'when'; readonly results: Uint8Array }
  | { readonly kind: 'points'; readonly points: Float64Array }
