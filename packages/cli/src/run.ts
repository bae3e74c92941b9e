import type { ExitCode } from './errors.ts'

/** What a command gets besides its arguments. */
export interface Run {
  /** Set when somebody presses Ctrl-C. */
  readonly signal: AbortSignal
  /** Takes the exit code of the command. */
  readonly end: (code: ExitCode) => void
  /** Being told to stop is how this command ends well. */
  readonly expectStop: () => void
}
