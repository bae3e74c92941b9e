/** What the commands that read leads have in common: their options, progress, refusals and the closing words. */
import { readInstant, type Definition, type Instant } from '@winnow/engine'
import {
  csvLine,
  ENCODINGS,
  Inputs,
  REFUSAL_HINTS,
  type Encoding,
  type FileReport,
  type InputRefusal,
} from '@winnow/io'
import { Option, type Command } from 'commander'
import { statSync } from 'node:fs'
import { CliError, EXIT, type ExitCode } from './errors.ts'
import { requireMapping } from './files.ts'
import { openProgress, type Progress } from './progress.ts'
import { openSink, refuseOverwriting, type Sink } from './sink.ts'
import { note, paint } from './terminal.ts'
import { printable } from './issues.ts'

export interface InputFlags {
  readonly mapping?: string
  readonly at?: string
  readonly badValues?: 'refuse-row' | 'leave-out'
  readonly delimiter?: string
  readonly encoding?: Encoding
  readonly rejects?: string
  readonly allowRefused?: boolean
}

export function withInputOptions(command: Command): Command {
  return command
    .option(
      '-m, --mapping <file>',
      'how columns become facts (docs/import.md); not needed where columns are called like attributes',
    )
    .option('--at <instant>', 'when the rows of a list of leads became known, where no column says so')
    .addOption(
      new Option(
        '--bad-values <how>',
        'cells that cannot be read: refuse the whole row, or leave the cell out',
      ).choices(['refuse-row', 'leave-out']),
    )
    .addOption(
      new Option('--delimiter <sign>', 'between the cells of a CSV file (told from the file)').argParser(readDelimiter),
    )
    .addOption(new Option('--encoding <name>', 'of a CSV file (told from the file)').choices([...ENCODINGS]))
    .option('--rejects <file>', 'write what was refused or left out to this CSV file, with line and reason')
    .option('--allow-refused', 'end with 0 although something was refused or left out')
}

function readDelimiter(text: string): string {
  const sign = text === 'tab' || text === String.raw`\t` ? '\t' : text
  if ([',', ';', '\t', '|'].includes(sign)) return sign
  throw new CliError('option_malformed', `--delimiter \`${text}\`: write one of , ; | tab`)
}

/** @throws CliError `option_malformed` */
export function readInstantOption(name: string, text: string): Instant {
  if (text === 'now') return Date.now()
  const instant = readInstant(text)
  if (instant !== undefined) return instant
  throw new CliError(
    'option_malformed',
    `--${name} \`${text}\` is not an instant`,
    'Write `now`, a date such as 2026-03-01 (midnight UTC), or 2026-03-01T10:00:00Z.',
  )
}

export interface InputContext {
  readonly definition: Definition
  readonly definitionFile: string
  /** Files that the command writes besides the one of refused rows. */
  readonly outputs?: readonly (string | undefined)[]
  readonly files: readonly string[]
  readonly flags: InputFlags
  readonly signal: AbortSignal
  /** When the rows of a list of leads became known, where nothing says so. */
  readonly at?: Instant | undefined
}

/** One run over the input files. */
export class InputRun {
  readonly inputs: Inputs
  readonly progress: Progress = openProgress()
  /** Entries of the reject file. */
  problems = 0
  private readonly rejects: Sink | undefined
  private readonly shown: InputRefusal[] = []
  private readonly flags: InputFlags
  private says = 'reading'

  constructor({ definition, definitionFile, outputs = [], files, flags, signal, at }: InputContext) {
    this.flags = flags
    refuseOverwriting([...outputs, flags.rejects], [...files, definitionFile, flags.mapping])
    this.rejects = flags.rejects === undefined ? undefined : openSink(flags.rejects)
    const sizes = new Map(files.map((file) => [file, sizeOf(file)]))
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    const read = new Map<string, number>()
    this.inputs = new Inputs({
      definition,
      mapping: requireMapping(flags.mapping, definition),
      at: flags.at === undefined ? at : readInstantOption('at', flags.at),
      delimiter: flags.delimiter,
      encoding: flags.encoding,
      badValues:
        flags.badValues === undefined ? undefined : flags.badValues === 'leave-out' ? 'leave_out' : 'refuse_row',
      signal,
      onProgress: (file, bytes) => {
        read.set(file, bytes)
        const done = [...read.values()].reduce((sum, each) => sum + each, 0)
        this.progress.update(
          total > 0 ? done / total : undefined,
          `${this.says} · ${this.rows().toLocaleString('en')} rows`,
        )
      },
    })
  }

  private rows(): number {
    return this.inputs.reports.reduce((sum, { rows }) => sum + rows, 0)
  }

  doing(what: string): void {
    this.says = what
  }

  readonly onRefusals = async (refusals: readonly InputRefusal[]): Promise<void> => {
    if (this.problems === 0 && this.rejects) await this.rejects.write(csvLine(REJECT_COLUMNS))
    this.problems += refusals.length
    for (const refusal of refusals) if (this.shown.length < SHOWN_MAX) this.shown.push(refusal)
    if (this.rejects) await this.rejects.write(refusals.map(rejectLine).join(''))
  }

  /** Closes the reject file, tells what was refused, and says how the command ends. */
  async finish(): Promise<ExitCode> {
    this.progress.end()
    if (this.problems > 0) await this.rejects?.close()
    else this.rejects?.discard()
    for (const report of this.inputs.reports) tellReport(report)
    if (this.problems === 0) return EXIT.ok
    for (const refusal of this.shown) note(formatRefusal(refusal))
    if (this.problems > this.shown.length)
      note(`  … and ${(this.problems - this.shown.length).toLocaleString('en')} more`)
    const where =
      this.flags.rejects === undefined ? 'see all of it with --rejects FILE' : `all of it is in ${this.flags.rejects}`
    note(`${this.losses()}; ${where}`)
    return this.flags.allowRefused ? EXIT.ok : EXIT.findings
  }

  /** "3 rows refused, 1 row read with cells left out" */
  private losses(): string {
    const sum = (of: (report: FileReport) => number) =>
      this.inputs.reports.reduce((total, report) => total + of(report), 0)
    return [
      lossText(
        sum(({ refusedRows }) => refusedRows),
        'refused',
      ),
      lossText(
        sum(({ incompleteRows }) => incompleteRows),
        'read with cells left out',
      ),
    ]
      .filter((part) => part !== '')
      .join(', ')
  }

  /** Leaves nothing half-written behind. */
  abandon(): void {
    this.progress.end()
    this.rejects?.discard()
  }
}

const SHOWN_MAX = 5
const REJECT_COLUMNS = ['file', 'line', 'what', 'code', 'column', 'reason', 'hint', 'row']

/** What became of it: a row or line is refused, a cell is left out of a row that is read. */
const fateOf = ({ isCellOnly }: InputRefusal) => (isCellOnly ? 'left out' : 'refused')

export const lossText = (rows: number, fate: string): string =>
  rows === 0 ? '' : `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'} ${fate}`

function rejectLine(refusal: InputRefusal): string {
  const { file, line, code, place, reason, row } = refusal
  const what = fateOf(refusal)
  return csvLine([file, line, what, code, place ?? '', reason, REFUSAL_HINTS[code], row.toWellFormed()])
}

function formatRefusal(refusal: InputRefusal): string {
  const { file, line, code, place, reason } = refusal
  const where = paint('bold', `${file}:${line}`, process.stderr)
  const fate = paint('yellow', fateOf(refusal), process.stderr)
  return `${where} ${fate} ${code}${place ? ` in ${printable(place)}` : ''}: ${printable(reason)}`
}

/** What people should know of a file although it was read. */
function tellReport(report: FileReport): void {
  if (report.isMixed)
    note(`${report.file}: mixed encodings; ${report.windowsLines} lines were read as Windows-1252, the others as UTF-8`)
  else if (report.windowsLines > 0) note(`${report.file}: read as Windows-1252`)
  if (report.duplicates > 0) note(`${report.file}: ${lossText(report.duplicates, 'repeated, and counted once')}`)
}

function sizeOf(file: string): number {
  try {
    return file === '-' ? 0 : statSync(file).size
  } catch {
    return 0 // reading it will say what is wrong
  }
}
