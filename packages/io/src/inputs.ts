/** Files of any kind that Winnow reads → facts, refusals and a report. */
import type { Definition, Fact, Instant } from '@winnow/engine'
import { basename } from 'node:path'
import { readBytes } from './bytes.ts'
import { openCsv, type CsvFile, type CsvRow } from './csv/read.ts'
import type { Encoding } from './decode.ts'
import { SeenIndex } from './dedupe.ts'
import { readFactLines, type LineFact } from './facts/lines.ts'
import { Columns } from './mapping/columns.ts'
import { compileEvents } from './mapping/events.ts'
import { inferLeads } from './mapping/infer.ts'
import type { FileMapping, LeadsMapping, Mapping } from './mapping/language.ts'
import { compileLeads } from './mapping/leads.ts'
import type { RowReader } from './mapping/rows.ts'
import { InputError, type Refusal } from './refusal.ts'

export interface InputOptions {
  readonly definition: Definition
  readonly mapping?: Mapping | undefined
  /** When the things became known, for a list of leads that does not say. */
  readonly at?: Instant | undefined
  readonly delimiter?: string | undefined
  readonly encoding?: Encoding | undefined
  /** What leads did before is refused; with the row, where it says more. */
  readonly activitiesFrom?: Instant | undefined
  /** Overrules the mapping. */
  readonly badValues?: LeadsMapping['bad_values'] | undefined
  readonly signal?: AbortSignal | undefined
  /** Bytes read of this file so far. */
  readonly onProgress?: ((file: string, bytes: number) => void) | undefined
}

export type InputKind = 'facts' | 'leads' | 'events'

/** What was found in one file. Complete when the file has been read to its end. */
export interface FileReport {
  readonly file: string
  readonly kind: InputKind
  /** Rows or lines with content. */
  rows: number
  facts: number
  /** Rows that repeat an earlier one and were counted once. */
  duplicates: number
  refusedRows: number
  /** Rows that were read with some of their cells left out. */
  incompleteRows: number
  readonly delimiter?: string
  readonly encoding?: Encoding
  /** Lines that were read as Windows-1252 because they are not UTF-8. */
  windowsLines: number
  isMixed: boolean
  readonly unusedColumns: readonly string[]
  /** No two rows are about the same lead or account. */
  readonly isRowWhole: boolean
  /** Attribute → column, of a list of leads. */
  readonly attributes: Readonly<Record<string, string>>
}

export interface InputRefusal extends Refusal {
  readonly file: string
  /** Only this cell is left out: the row is read without it. */
  readonly isCellOnly?: boolean
}

export interface InputBatch {
  readonly facts: readonly Fact[]
  readonly refusals: readonly InputRefusal[]
}

/** Reads files one after the other, as far as they are asked for. */
export class Inputs {
  readonly reports: FileReport[] = []
  private readonly options: InputOptions
  private readonly seen = new SeenIndex()

  constructor(options: InputOptions) {
    this.options = options
  }

  /** @throws InputError when a file cannot be used at all */
  async *read(files: readonly string[]): AsyncGenerator<InputBatch> {
    for (const file of files) yield* this.readFile(file)
  }

  private async *readFile(file: string): AsyncGenerator<InputBatch> {
    const { signal, onProgress } = this.options
    const bytes = readBytes(file, { signal, onRead: onProgress && ((count) => onProgress(file, count)) })
    const { head, rest } = await peek(bytes)
    const start = head.toString('utf8')
    if (looksLikeDefinition(start))
      throw new InputError('input_is_definition', `${file} is a definition, not leads or facts`, { at: file })
    if (looksLikeFacts(start)) yield* this.readFacts(file, rest, /^\uFEFF?\s*\[/.test(start))
    else yield* this.readCsv(file, rest)
  }

  // --- Fact logs -----------------------------------------------------------------------------------------------------

  private async *readFacts(
    file: string,
    bytes: AsyncIterable<Uint8Array>,
    isArray: boolean,
  ): AsyncGenerator<InputBatch> {
    const report = this.start({ file, kind: 'facts' })
    for await (const batch of readFactLines(bytes, { isArray })) {
      const refusals = batch.refusals.map((refusal) => ({ ...refusal, file }))
      report.rows += batch.facts.length + refusals.length
      const facts = batch.facts.filter((each) => this.isNewFact(each, report, refusals)).map(({ fact }) => fact)
      report.facts += facts.length
      report.refusedRows += refusals.length
      yield { facts, refusals }
    }
  }

  /** Two facts with one id are one fact; the first counts, and another content is reported. */
  private isNewFact({ fact, line, row }: LineFact, report: FileReport, refusals: InputRefusal[]): boolean {
    if (isTooOld(fact, this.options.activitiesFrom)) {
      refusals.push({ file: report.file, line, ...TOO_OLD, place: 'at', row })
      return false
    }
    const found = this.seen.add(fact.id, JSON.stringify(fact), line) // the door builds equal facts alike
    if (found === 'new') return true
    if (found === 'same') report.duplicates++
    else
      refusals.push({
        file: report.file,
        line,
        code: 'fact_conflict',
        place: 'id',
        reason: `\`${fact.id}\` says something else on line ${found}`,
        row,
      })
    return false
  }

  // --- CSV -----------------------------------------------------------------------------------------------------------

  private async *readCsv(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<InputBatch> {
    const part = this.partFor(file)
    const csv = await openCsv(bytes, {
      file,
      delimiter: this.options.delimiter ?? part?.mapping.delimiter,
      encoding: this.options.encoding ?? part?.mapping.encoding,
    })
    const { reader, kind, badValues } = this.readerFor(file, csv, part?.mapping)
    const report = this.start({
      file,
      kind,
      delimiter: csv.dialect.delimiter,
      encoding: csv.encoding.encoding,
      unusedColumns: reader.unused,
      attributes: reader.attributes,
      isRowWhole: reader.isRowWhole,
    })
    const rows = new CsvRows({
      report,
      reader,
      csv,
      seen: this.seen,
      scope: `${part?.index ?? -1}:`,
      isLeavingOut: badValues === 'leave_out',
      activitiesFrom: this.options.activitiesFrom,
    })
    for await (const batch of csv.batches) {
      const refusals = batch.refusals.map((refusal) => ({ ...refusal, file }))
      report.rows += batch.rows.length + refusals.length
      report.refusedRows += refusals.length
      const facts = rows.read(batch.rows, refusals)
      yield { facts, refusals: refusals.sort((a, b) => a.line - b.line) }
      report.windowsLines = csv.encoding.windowsLines
      report.isMixed = csv.encoding.windowsLines > 0 && csv.encoding.hasUtf8Lines
    }
  }

  private partFor(file: string): { mapping: FileMapping; index: number } | undefined {
    const { mapping } = this.options
    if (!mapping) return undefined
    const index = mapping.files.findIndex((each) => each.file === undefined || fitsName(each.file, basename(file)))
    if (index >= 0) return { mapping: mapping.files[index]!, index }
    throw new InputError('file_not_mapped', `no part of the mapping is for \`${basename(file)}\``, { at: file })
  }

  private readerFor(
    file: string,
    csv: CsvFile,
    part: FileMapping | undefined,
  ): { reader: RowReader; kind: InputKind; badValues: LeadsMapping['bad_values'] } {
    const { definition, at, badValues } = this.options
    const columns = new Columns(csv.header, file)
    if (part && 'events' in part) {
      return {
        reader: compileEvents(part.events, definition, columns),
        kind: 'events',
        badValues: badValues ?? part.events.bad_values,
      }
    }
    const leads = part ? part.leads : inferLeads(definition, columns, file)
    return {
      reader: compileLeads(leads, definition, columns, { at }),
      kind: 'leads',
      badValues: badValues ?? leads.bad_values,
    }
  }

  private start(known: Pick<FileReport, 'file' | 'kind'> & Partial<FileReport>): FileReport {
    const report: FileReport = {
      rows: 0,
      facts: 0,
      duplicates: 0,
      refusedRows: 0,
      incompleteRows: 0,
      windowsLines: 0,
      isMixed: false,
      unusedColumns: [],
      attributes: {},
      isRowWhole: false,
      ...known,
    }
    this.reports.push(report)
    return report
  }
}

/** Rows of one CSV file → facts. */
class CsvRows {
  private readonly from: {
    readonly report: FileReport
    readonly reader: RowReader
    readonly csv: CsvFile
    readonly seen: SeenIndex
    /** Rows are told apart within one part of the mapping: another part may say more about the same lead. */
    readonly scope: string
    readonly isLeavingOut: boolean
    readonly activitiesFrom: Instant | undefined
  }

  constructor(from: CsvRows['from']) {
    this.from = from
  }

  read(rows: readonly CsvRow[], refusals: InputRefusal[]): Fact[] {
    const facts: Fact[] = []
    for (const row of rows) for (const fact of this.readRow(row, refusals)) facts.push(fact)
    this.from.report.facts += facts.length
    return facts
  }

  private readRow(row: CsvRow, refusals: InputRefusal[]): readonly Fact[] {
    const { report, reader, seen, scope, isLeavingOut, csv } = this.from
    const { key, body, facts, faults } = reader.read(row.cells)
    const isReadWithout = faults.length > 0 && isLeavingOut && facts.length > 0
    const refuse = (refusal: Pick<InputRefusal, 'code' | 'place' | 'reason' | 'isCellOnly'>) =>
      refusals.push({
        file: report.file,
        line: row.line,
        ...refusal,
        row: row.cells.map(requote).join(csv.dialect.delimiter),
      })
    for (const { column, code, reason } of faults)
      refuse({ code, place: column, reason, ...(isReadWithout && { isCellOnly: true }) })
    if (isReadWithout) report.incompleteRows++
    else if (faults.length > 0) {
      report.refusedRows++
      return []
    }
    if (facts.some((fact) => isTooOld(fact, this.from.activitiesFrom))) {
      report.refusedRows++
      refuse(TOO_OLD)
      return []
    }
    const found = seen.add(scope + key, body, row.line)
    if (found === 'new') return facts
    if (found === 'same') report.duplicates++
    else {
      report.refusedRows++
      refuse({
        code: 'row_conflict',
        reason: `line ${found} says something else of the same ${report.kind === 'leads' ? 'lead' : 'event'}`,
      })
    }
    return []
  }
}

const isTooOld = ({ kind, at }: Fact, activitiesFrom: Instant | undefined) =>
  kind === 'activity' && activitiesFrom !== undefined && at < activitiesFrom

const TOO_OLD = { code: 'activity_forgotten', reason: 'activities of this time are forgotten' } as const

const requote = (cell: string) => (/[",;\t|\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

function fitsName(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('[^/]*')}$`, 'i').test(name)
}

const HEAD_BYTES = 4096

/** The first bytes, and all of them. */
async function peek(bytes: AsyncGenerator<Buffer>): Promise<{ head: Buffer; rest: AsyncGenerator<Buffer> }> {
  const chunks: Buffer[] = []
  let length = 0
  while (length < HEAD_BYTES) {
    const next = await bytes.next()
    if (next.done) break
    chunks.push(next.value)
    length += next.value.length
  }
  return { head: Buffer.concat(chunks).subarray(0, HEAD_BYTES), rest: concat(chunks, bytes) }
}

async function* concat(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first
  yield* rest
}

const looksLikeFacts = (start: string) => /^\uFEFF?\s*[{[]/.test(start)
/** `winnow: 1` (or `winnow_mapping: 1`) after nothing but comments, or as the first key of a JSON object. */
const looksLikeDefinition = (start: string) =>
  /^\uFEFF?(\s*#[^\n]*\n|\s*---[^\n]*\n)*\s*(\{\s*)?"?winnow(_mapping)?"?\s*:\s*\d/.test(start)
