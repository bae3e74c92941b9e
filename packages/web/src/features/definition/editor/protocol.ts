/** What the editor asks of the engine's worker, and what comes back. */
import type { Change, Definition, Explanation, Fact } from '@winnow/engine'

export interface IssueAt {
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly path: string
  readonly message: string
  readonly hint?: string | undefined
  readonly line: number
  readonly column: number
}

export interface Checked {
  /** Plain data of the text; undefined where it cannot be read as YAML. */
  readonly value: unknown
  /** Present where the text has no errors. */
  readonly definition: Definition | undefined
  readonly issues: readonly IssueAt[]
  readonly changes: readonly (Omit<Change, 'path'> & { readonly path: string })[] | undefined
  readonly examples: readonly ExampleRun[]
}

export interface ExampleRun {
  readonly name: string
  readonly ok: boolean
  readonly mismatches: readonly { readonly what: string; readonly expected: unknown; readonly actual: unknown }[]
  readonly problems: readonly string[]
}

export interface Sample {
  readonly asOf: string
  readonly total: number
  readonly leads: readonly string[]
  readonly facts: readonly Fact[]
}

export interface Placed {
  readonly levels: Readonly<Record<string, string>>
  readonly stage: string
}

export interface CategoryEffect {
  /** A category, or `stage`. */
  readonly what: string
  readonly levels: readonly string[]
  /** Leads of the sample at each level. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly moves: readonly { readonly lead: string; readonly from: string; readonly to: string }[]
}

export interface Effect {
  readonly leads: number
  readonly total: number
  readonly moved: number
  readonly categories: readonly CategoryEffect[]
  /** Leads a week that come to each stage, of the sample, over the weeks looked at. */
  readonly weekly: readonly { readonly stage: string; readonly before: number; readonly after: number }[]
}

export interface TryAnswer {
  readonly explanation: Explanation
  readonly before: Explanation['assessment'] | undefined
}

/** Part of a definition put in place of what the text says, while a slider is being dragged. */
export interface Patch {
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

export type Question =
  | { readonly ask: 'check'; readonly text: string; readonly live: string | undefined }
  | { readonly ask: 'sample'; readonly sample: Sample; readonly live: string | undefined }
  | { readonly ask: 'effect'; readonly text: string; readonly patch?: Patch | undefined }
  | {
      readonly ask: 'try'
      readonly text: string
      readonly live: string | undefined
      readonly facts: readonly Fact[]
      readonly lead: string
      readonly asOf: number
    }

export interface Answers {
  readonly check: Checked
  readonly sample: null
  /** Undefined where the text has errors. */
  readonly effect: Effect | undefined
  readonly try: TryAnswer | undefined
}

/** What a worker says first of all, and the id of what nobody waits for. */
export const READY = 0

export type Asked = Question & { readonly id: number }
export interface Answered {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}
