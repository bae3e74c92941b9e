import { WinnowError } from '@winnow/engine'
import { InputError } from '@winnow/io'
import { CommanderError } from 'commander'
import { paint } from './terminal.ts'

/** Exit codes; docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** The command did its work and found something: issues, failed examples, differences, rows refused or cells left out. */
  findings: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A definition, a mapping or an input cannot be used. */
  rejected: 3,
  /** A bug of ours. */
  internal: 70,
  /** Stopped by Ctrl-C, or asked to end (SIGTERM). */
  interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const CLI_HINTS = {
  definition_unreadable: 'Check the path and the permissions of the file.',
  definition_rejected: 'Run `winnow check` on it: it lists every issue with its place.',
  definition_is_facts: 'The definition comes first, then leads or facts: `winnow score definition.yaml leads.csv`.',
  definition_empty: 'Begin with a copy of examples/starter.yaml, or follow docs/definition-language.md step by step.',
  mapping_rejected: 'docs/import.md describes the mapping file.',
  output_unwritable: 'Check the path, the permissions and the space on the disk.',
  output_is_input: 'Write to another file, or to standard output: the input would be lost.',
  lead_missing: 'Ids are compared exactly, upper and lower case included.',
  option_malformed: 'See `winnow help` for the command.',
  backup_missing: 'Check the path of the backup.',
  facts_missing: 'The input tells of no lead.',
  checkout_needed: 'This needs the source: clone the repository and run it there.',
} as const
export type CliErrorCode = keyof typeof CLI_HINTS

const USAGE_CODES: ReadonlySet<CliErrorCode> = new Set(['option_malformed', 'output_is_input'])

export class CliError extends Error {
  readonly code: CliErrorCode
  readonly hint: string
  constructor(code: CliErrorCode, message: string, hint?: string) {
    super(message)
    this.name = 'CliError'
    this.code = code
    this.hint = hint ?? CLI_HINTS[code]
  }
}

export interface Told {
  readonly code: string
  readonly message: string
  readonly at?: string
  readonly hint?: string
}

/** What to tell people of an error, and the exit code that goes with it. */
export function tell(error: unknown): { told: Told; exit: ExitCode } {
  if (error instanceof InputError) {
    const exit = error.code === 'input_cancelled' ? EXIT.interrupted : EXIT.rejected
    const { code, message, at, hint } = error
    return { told: { code, message, ...(at === undefined ? {} : { at }), hint }, exit }
  }
  // The server's errors are told alike without loading it.
  if (error instanceof Error && error.name === 'ServerError') {
    const { code, message, hint, at } = error as Error & Told
    return {
      told: { code, message, ...(at !== undefined && { at }), ...(hint !== undefined && { hint }) },
      exit: EXIT.rejected,
    }
  }
  if (error instanceof CliError) {
    const { code, message, hint } = error
    return { told: { code, message, hint }, exit: USAGE_CODES.has(code) ? EXIT.usage : EXIT.rejected }
  }
  if (error instanceof WinnowError) {
    const { code, message, at, hint } = error
    return { told: { code, message, ...(at === undefined ? {} : { at }), hint }, exit: EXIT.rejected }
  }
  if (error instanceof CommanderError) return { told: { code: 'usage', message: error.message }, exit: EXIT.usage }
  return { told: internal(error), exit: EXIT.internal }
}

const internal = (error: unknown): Told => ({
  code: 'internal',
  message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  hint: 'This is a bug of Winnow. Please report it with the command line and, if you can, the files.',
})

/** `code: message`, then the place and the hint on lines of their own. */
export function formatTold({ code, message, at, hint }: Told): string {
  const lines = [`${paint('red', 'error', process.stderr)} ${paint('bold', code, process.stderr)}: ${message}`]
  if (at !== undefined) lines.push(`  at ${at}`)
  if (hint !== undefined) lines.push(`  ${paint('cyan', 'hint', process.stderr)} ${hint}`)
  return `${lines.join('\n')}\n`
}
