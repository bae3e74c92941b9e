import { isAscii, isUtf8 } from 'node:buffer'
import { InputError } from './refusal.ts'

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** How the bytes were read; complete when the text has been read to its end. */
export interface EncodingReport {
  encoding: Encoding
  /** Lines that were not UTF-8 and were read as Windows-1252. */
  windowsLines: number
  /** Lines beyond ASCII that were UTF-8. Both counts above 0: the file is mixed. */
  hasUtf8Lines: boolean
}

export interface DecodeOptions {
  /** Taken as it is. Without it the byte order mark decides, then each line for itself: UTF-8 if it can be, else Windows-1252. */
  readonly encoding?: Encoding | undefined
  /** UTF-8 and nothing else, for formats that are defined so. */
  readonly strict?: boolean | undefined
}

/**
 * Text of the bytes, in pieces that end at line ends (the last one excepted, and lines of megabytes).
 *
 * A byte that fits no encoding becomes a lone surrogate U+DC80 … U+DCFF. No valid text holds one, so the reader of the
 * text can refuse the very row, and nothing is ever changed silently.
 */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  report: EncodingReport,
  options: DecodeOptions = {},
): AsyncGenerator<string> {
  const chunks = source[Symbol.asyncIterator]()
  const head = await readHead(chunks)
  const mark = markOf(head)
  report.encoding = options.encoding ?? mark?.encoding ?? 'utf-8'
  const rest = prepend(head.subarray(mark && mark.encoding === report.encoding ? mark.length : 0), chunks)
  if (report.encoding === 'utf-16le' || report.encoding === 'utf-16be') yield* decodeUtf16(rest, report.encoding)
  else if (options.strict) yield* mapLines(rest, (bytes) => (isUtf8(bytes) ? utf8(bytes) : escapeInvalid(bytes)))
  else if (report.encoding === 'windows-1252') yield* mapLines(rest, windows1252)
  else yield* mapLines(rest, (bytes) => decodeLines(bytes, report))
}

export const newEncodingReport = (): EncodingReport => ({ encoding: 'utf-8', windowsLines: 0, hasUtf8Lines: false })

const utf8 = (bytes: Uint8Array) => asBuffer(bytes).toString('utf8')
const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The first bytes, at least enough to see a byte order mark. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 4) {
    const next = await chunks.next()
    if (next.done) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  return head
}

function markOf(head: Uint8Array): { encoding: Encoding; length: number } | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', length: 2 }
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3) {
    throw new InputError('input_binary', 'this is a ZIP archive or an Excel workbook, not text')
  }
  return undefined
}

async function* prepend(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head
  for (;;) {
    const next = await chunks.next()
    if (next.done) return
    yield next.value
  }
}

async function* decodeUtf16(source: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  let odd: Uint8Array = new Uint8Array(0)
  for await (const chunk of source) {
    const bytes = Buffer.concat([odd, chunk])
    const even = bytes.subarray(0, bytes.length & ~1)
    odd = bytes.subarray(even.length)
    if (encoding === 'utf-16be') even.swap16()
    yield even.toString('utf16le')
  }
  if (odd.length > 0) yield String.fromCharCode(0xdc80 | (odd[0]! & 0x7f))
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const PIECE_MAX_BYTES = 2 * 1024 * 1024

/** Decodes pieces that end at a line end, so that no character is ever cut in two. */
async function* mapLines(
  source: AsyncIterable<Uint8Array>,
  toText: (bytes: Uint8Array) => string,
): AsyncGenerator<string> {
  let carry: Uint8Array = new Uint8Array(0)
  for await (const chunk of source) {
    const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk])
    const end = cutAfter(bytes)
    if (end > 0) yield toText(bytes.subarray(0, end))
    carry = bytes.subarray(end)
  }
  if (carry.length > 0) yield toText(carry)
}

function cutAfter(bytes: Uint8Array): number {
  const lineEnd = Math.max(bytes.lastIndexOf(LINE_FEED), bytes.lastIndexOf(CARRIAGE_RETURN)) + 1
  if (lineEnd > 0 || bytes.length < PIECE_MAX_BYTES) return lineEnd
  // A line of megabytes: after the last ASCII byte no character is under way.
  let end = bytes.length
  while (end > 0 && bytes[end - 1]! >= 0x80) end--
  return end > 0 ? end : bytes.length
}

function decodeLines(bytes: Uint8Array, report: EncodingReport): string {
  if (isAscii(bytes)) return asBuffer(bytes).toString('latin1')
  if (isUtf8(bytes)) {
    report.hasUtf8Lines = true
    return utf8(bytes)
  }
  let text = ''
  for (let from = 0; from < bytes.length;) {
    const end = lineEndAfter(bytes, from)
    text += decodeLine(bytes.subarray(from, end), report)
    from = end
  }
  return text
}

function lineEndAfter(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) return at + 1
  }
  return bytes.length
}

function decodeLine(line: Uint8Array, report: EncodingReport): string {
  if (isAscii(line)) return asBuffer(line).toString('latin1')
  if (isUtf8(line)) {
    report.hasUtf8Lines = true
    return utf8(line)
  }
  if (hasMultibyte(line)) return escapeInvalid(line)
  report.windowsLines++
  return windows1252(line)
}

/** Length of the well-formed UTF-8 sequence of several bytes that begins at `at`, or 0. */
function multibyteLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

function hasMultibyte(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0x80 && multibyteLength(bytes, at) > 0) return true
  return false
}

function escapeInvalid(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!
    const length = byte < 0x80 ? 1 : multibyteLength(bytes, at)
    text += length === 0 ? String.fromCharCode(0xdc00 | byte) : utf8(bytes.subarray(at, at + length))
    at += Math.max(1, length)
  }
  return text
}

/** 0x80 … 0x9f of Windows-1252, where it is not Latin-1; the five that mean nothing become lone surrogates. */
const WINDOWS_80_TO_9F = '€\udc81‚ƒ„…†‡ˆ‰Š‹Œ\udc8dŽ\udc8f\udc90‘’“”•–—˜™š›œ\udc9džŸ'

function windows1252(bytes: Uint8Array): string {
  return asBuffer(bytes)
    .toString('latin1')
    .replaceAll(/[\u0080-\u009f]/g, (control) => WINDOWS_80_TO_9F[control.charCodeAt(0) - 0x80]!)
}
