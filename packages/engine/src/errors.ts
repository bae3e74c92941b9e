/** What to do about each error; the sentence a person sees under the message. `docs/errors.md` lists the same codes. */
export const HINTS = {
  duration_malformed: 'Write a whole number and a unit: `90s`, `30m`, `4h`, `14d`, `2w`.',
  instant_malformed: 'Write an ISO 8601 date or date-time with an offset: `2026-03-01` or `2026-03-01T10:00:00Z`.',
  definition_invalid: 'Run `winnow check` on the file: it lists every issue with its place.',
  instant_past: 'Replay the facts up to that instant: a circle only knows what can still matter later.',
  state_malformed:
    'The stored state was written by another definition version or is damaged: rebuild the lead from its facts.',
  fact_malformed: 'See docs/facts.md for the shape of a fact.',
} as const

export type ErrorCode = keyof typeof HINTS

/** A malformed value or a broken promise. What is wrong *in a definition or a file of facts* is data instead: see `Issue`. */
export class WinnowError extends Error {
  readonly code: ErrorCode
  /** Place in the input, such as `scores.fit.range`. */
  readonly at: string | undefined

  constructor(code: ErrorCode, message: string, at?: string) {
    super(message)
    this.name = 'WinnowError'
    this.code = code
    this.at = at
  }

  get hint(): string {
    return HINTS[this.code]
  }
}
