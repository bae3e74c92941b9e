import { decode, newEncodingReport, type Encoding, type EncodingReport } from '../decode.ts'
import { InputError, type Refusal, type RefusalCode } from '../refusal.ts'
import { detectDialect } from './dialect.ts'
import { parseRecord, type Dialect } from './parse.ts'

export const COLUMNS_MAX = 500
const SAMPLE_CHARS = 64 * 1024
/** Of a refused row, what the reject file shows. */
const ROW_SHOWN_MAX = 64 * 1024

export interface CsvOptions {
  /** For messages. */
  readonly file?: string | undefined
  readonly encoding?: Encoding | undefined
  readonly delimiter?: string | undefined
}

export interface CsvRow {
  /** 1-based line of the file on which the row begins. */
  readonly line: number
  /** As many as the header has. */
  readonly cells: readonly string[]
}

export interface CsvBatch {
  readonly rows: readonly CsvRow[]
  readonly refusals: readonly Refusal[]
}

export interface CsvFile {
  /** Column names, without surrounding blanks. */
  readonly header: readonly string[]
  readonly dialect: Dialect
  readonly encoding: EncodingReport
  /** The rows after the header, once, in batches of what was read at a time. */
  readonly batches: AsyncIterable<CsvBatch>
}

/**
 * Reads the header and tells how the file is written; the rows follow as they are asked for.
 * @throws InputError when nothing of the file can be used
 */
export async function openCsv(source: AsyncIterable<Uint8Array>, options: CsvOptions = {}): Promise<CsvFile> {
  const encoding = newEncodingReport()
  const text = decode(source, encoding, { encoding: options.encoding })
  const { sample, isWhole } = await readSample(text)
  refuseBinary(sample, options.file)
  const { start, delimiter } = readSeparatorLine(sample)
  const dialect = detectDialect(sample.slice(start), isWhole, options.delimiter ?? delimiter)
  const reader = new RecordReader(sample.slice(start), start > 0 ? 2 : 1, dialect)
  const header = await readHeader(reader, text, isWhole, options.file)
  return { header, dialect, encoding, batches: readBatches(reader, text, header.length) }
}

async function readSample(text: AsyncGenerator<string>): Promise<{ sample: string; isWhole: boolean }> {
  let sample = ''
  while (sample.length < SAMPLE_CHARS) {
    const next = await text.next()
    if (next.done) return { sample, isWhole: true }
    sample += next.value
  }
  return { sample, isWhole: false }
}

function refuseBinary(sample: string, file: string | undefined): void {
  const nuls = sample.split('\0').length - 1
  if (nuls * 4 < sample.length || nuls === 0) return
  throw new InputError('input_binary', 'this is not text, or UTF-16 without a byte order mark', {
    at: file,
    hint: 'Export it as CSV (UTF-8), or read it with --encoding utf-16le.',
  })
}

/** Excel's own first line, `sep=;`. */
function readSeparatorLine(sample: string): { start: number; delimiter?: string } {
  const match = /^sep=([,;\t|])(?:\r\n|\n|\r)/i.exec(sample)
  return match ? { start: match[0].length, delimiter: match[1]! } : { start: 0 }
}

async function readHeader(
  reader: RecordReader,
  text: AsyncGenerator<string>,
  isWhole: boolean,
  file: string | undefined,
): Promise<string[]> {
  let isLast = isWhole
  for (;;) {
    const record = reader.next(isLast)
    if (record === 'end' && isLast) throw new InputError('input_empty', 'there is nothing in the file', { at: file })
    if (record === 'end' || record === 'more') {
      const piece = await text.next()
      if (piece.done) isLast = true
      else reader.add(piece.value)
    } else if ('code' in record) {
      throw new InputError('header_malformed', `the line of column names cannot be read (${record.code})`, {
        at: place(file, record.line),
      })
    } else if (!isBlank(record.cells)) return checkHeader(record.cells, place(file, record.line))
  }
}

const place = (file: string | undefined, line: number) => (file === undefined ? `line ${line}` : `${file}:${line}`)
const isBlank = (cells: readonly string[]) => cells.every((cell) => cell === '')

function checkHeader(cells: readonly string[], at: string): string[] {
  if (cells.length > COLUMNS_MAX) throw new InputError('columns_too_many', `${cells.length} columns`, { at })
  const broken = cells.find((cell) => !cell.isWellFormed() || cell.includes('\0'))
  if (broken !== undefined)
    throw new InputError('header_malformed', 'a column name is not text in one encoding', { at })
  return cells.map((cell) => cell.trim())
}

async function* readBatches(
  reader: RecordReader,
  text: AsyncGenerator<string>,
  columns: number,
): AsyncGenerator<CsvBatch> {
  for (let isLast = false; !isLast;) {
    const piece = await text.next()
    if (piece.done) isLast = true
    else reader.add(piece.value)
    yield readRows(reader, isLast, columns)
  }
}

function readRows(reader: RecordReader, isLast: boolean, columns: number): CsvBatch {
  const rows: CsvRow[] = []
  const refusals: Refusal[] = []
  for (;;) {
    const record = reader.next(isLast)
    if (record === 'more' || record === 'end') return { rows, refusals }
    if ('code' in record) refusals.push(refusalOf(record))
    else if (isBlank(record.cells)) continue
    else if (record.cells.length === columns) rows.push(record)
    else refusals.push(raggedRow(record, columns, reader.lastText()))
  }
}

interface RecordFault {
  readonly line: number
  readonly code: Extract<
    RefusalCode,
    'quote_unclosed' | 'quote_malformed' | 'row_too_long' | 'encoding_mixed' | 'text_nul'
  >
  readonly row: string
}

const FAULTS: Record<RecordFault['code'], string> = {
  quote_unclosed: 'a quote opens on this line and is not closed',
  quote_malformed: 'text follows the closing quote of a cell',
  row_too_long: 'the row is longer than 1 MiB',
  encoding_mixed: 'a character is in no encoding that fits the rest of the line',
  text_nul: 'the row holds the character U+0000',
}
const refusalOf = ({ line, code, row }: RecordFault): Refusal => ({ line, code, reason: FAULTS[code], row })

const raggedRow = ({ line, cells }: CsvRow, columns: number, row: string): Refusal => ({
  line,
  code: 'row_ragged',
  reason: `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${columns}`,
  row,
})

/** Cuts records out of text that arrives in pieces, and counts lines. */
class RecordReader {
  private text: string
  private at = 0
  private line: number
  private readonly dialect: Dialect
  /** Where the last record began. */
  private lastAt = 0
  /** The rest of a line that was too long is dropped as it comes. */
  private isSkippingLine = false
  private isClean: boolean

  constructor(text: string, line: number, dialect: Dialect) {
    this.text = text
    this.line = line
    this.dialect = dialect
    this.isClean = isCleanText(text)
  }

  add(piece: string): void {
    this.text = this.text.slice(this.at) + piece
    this.at = 0
    this.isClean = isCleanText(this.text)
  }

  next(isLast: boolean): CsvRow | RecordFault | 'more' | 'end' {
    if (this.isSkippingLine && !this.skipLine()) return isLast ? 'end' : 'more'
    if (this.at >= this.text.length) return isLast ? 'end' : 'more'
    const record = parseRecord(this.text, this.at, this.dialect, isLast)
    if (record.kind === 'partial') return 'more'
    const line = this.line
    this.lastAt = this.at
    this.at = record.end
    this.line += record.lines
    if (record.kind === 'refused') {
      this.isSkippingLine = record.lines === 0
      return { line: line + record.lineOffset, code: record.code, row: this.lastText() }
    }
    const fault = this.isClean ? undefined : faultOf(this.text.slice(this.lastAt, this.at))
    return fault ? { line, code: fault, row: this.lastText() } : { line, cells: record.cells }
  }

  /** The last record as it stands in the file, without its line end. */
  lastText(): string {
    return this.text.slice(this.lastAt, Math.min(this.at, this.lastAt + ROW_SHOWN_MAX)).replace(/[\r\n]+$/, '')
  }

  private skipLine(): boolean {
    const end = this.text.indexOf(this.dialect.lineEnd, this.at)
    this.isSkippingLine = end < 0
    this.at = end < 0 ? this.text.length : end + 1
    if (end >= 0) this.line++
    return end >= 0
  }
}

const isCleanText = (text: string) => text.isWellFormed() && !text.includes('\0')
const faultOf = (row: string) => (row.includes('\0') ? 'text_nul' : row.isWellFormed() ? undefined : 'encoding_mixed')
