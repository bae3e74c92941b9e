/**
 * One record of CSV text at a time (RFC 4180, with any delimiter and any line end).
 *
 * Our own, because uploads need what the packages do not give: the line on which a faulty quote opened, going on after
 * it, and a bound on what an unclosed quote can swallow. docs/adr tells the story; a test sets it against papaparse.
 */
import type { RefusalCode } from '../refusal.ts'

export interface Dialect {
  readonly delimiter: string
  /** Where lines end: at LF (and CRLF), or at CR, as old exports for the Mac do. */
  readonly lineEnd: '\n' | '\r'
}

export type ParsedRecord =
  | { readonly kind: 'record'; readonly cells: string[]; readonly end: number; readonly lines: number }
  | {
      readonly kind: 'refused'
      readonly code: Extract<RefusalCode, 'quote_unclosed' | 'quote_malformed' | 'row_too_long'>
      /** Lines between the start of the record and the line at fault. */
      readonly lineOffset: number
      /** Where reading goes on: after the line at fault. */
      readonly end: number
      readonly lines: number
    }
  /** The text ends within the record. */
  | { readonly kind: 'partial' }

/** Characters of one record. */
export const RECORD_MAX = 1024 * 1024

const QUOTE = '"'
const PARTIAL: ParsedRecord = { kind: 'partial' }

/** The record at `start`. `isLast`: no text follows, so the end of the text ends the record. */
export function parseRecord(text: string, start: number, dialect: Dialect, isLast: boolean): ParsedRecord {
  const cells: string[] = []
  let at = start
  let lines = 1
  for (;;) {
    if (at - start > RECORD_MAX) return tooLong(text, start, dialect, isLast)
    let end: number
    if (text.charAt(at) === QUOTE) {
      const close = closingQuote(text, at, isLast)
      if (close === undefined) {
        const isHopeless = isLast || text.length - start > RECORD_MAX
        return isHopeless ? refuseQuote(text, { start, open: at, lines }, dialect, isLast) : PARTIAL
      }
      end = close + 1
      if (!endsCell(text, end, dialect)) return refuseQuote(text, { start, open: at, lines, close }, dialect, isLast)
      const cell = text.slice(at + 1, close)
      lines += countLineEnds(cell, dialect)
      cells.push(cell.includes(QUOTE) ? cell.replaceAll('""', QUOTE) : cell)
    } else {
      end = plainEnd(text, at, dialect)
      if (end === text.length && !isLast)
        return text.length - start > RECORD_MAX ? tooLong(text, start, dialect, isLast) : PARTIAL
      cells.push(text.slice(at, isCrLf(text, end - 1, dialect) ? end - 1 : end))
    }
    if (text.charAt(end) === dialect.delimiter) {
      at = end + 1
      continue
    }
    if (text.charAt(end) === '\r' && dialect.lineEnd === '\n') end++ // CRLF after a closing quote
    if (end >= text.length && !isLast) return PARTIAL
    return { kind: 'record', cells, end: Math.min(end + 1, text.length), lines }
  }
}

/** Index of the quote that closes the cell opened at `open`; undefined when the text ends before one can be told. */
function closingQuote(text: string, open: number, isLast: boolean): number | undefined {
  let at = open + 1
  for (;;) {
    const quote = text.indexOf(QUOTE, at)
    if (quote < 0) return undefined
    if (text.charAt(quote + 1) !== QUOTE) {
      // A CR or nothing after it: what follows may still be on its way.
      const isOpenEnded = quote + 1 >= text.length || (text.charAt(quote + 1) === '\r' && quote + 2 >= text.length)
      return isOpenEnded && !isLast ? undefined : quote
    }
    at = quote + 2
  }
}

function endsCell(text: string, at: number, { delimiter, lineEnd }: Dialect): boolean {
  const next = text.charAt(at)
  if (next === '' || next === delimiter || next === lineEnd) return true
  return next === '\r' && lineEnd === '\n' && (text.charAt(at + 1) === '\n' || at + 1 === text.length)
}

function plainEnd(text: string, from: number, { delimiter, lineEnd }: Dialect): number {
  const delimiterCode = delimiter.charCodeAt(0)
  const lineEndCode = lineEnd.charCodeAt(0)
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === delimiterCode || code === lineEndCode) return at
  }
  return text.length
}

/** The CR of a CRLF belongs to the line end, also where the text ends after it. */
const isCrLf = (text: string, at: number, { lineEnd }: Dialect) =>
  lineEnd === '\n' && text.charCodeAt(at) === 13 && (text.charCodeAt(at + 1) === 10 || at + 1 === text.length)

function countLineEnds(cell: string, { lineEnd }: Dialect): number {
  let count = 0
  for (let at = cell.indexOf(lineEnd); at >= 0; at = cell.indexOf(lineEnd, at + 1)) count++
  return count
}

/**
 * A quote that never closes, or closes in the middle of a cell: then it is most likely the quote of a later row that
 * closed it. Either way the line on which it opened is at fault, and reading goes on with the next one.
 */
function refuseQuote(
  text: string,
  place: { start: number; open: number; lines: number; close?: number },
  dialect: Dialect,
  isLast: boolean,
): ParsedRecord {
  const next = text.indexOf(dialect.lineEnd, place.open)
  if (next < 0 && !isLast)
    return text.length - place.start > RECORD_MAX ? tooLong(text, place.start, dialect, isLast) : PARTIAL
  const end = next < 0 ? text.length : next + 1
  const isOneLine = place.close !== undefined && place.close < end
  return {
    kind: 'refused',
    code: isOneLine ? 'quote_malformed' : 'quote_unclosed',
    lineOffset: place.lines - 1,
    end,
    lines: place.lines,
  }
}

function tooLong(text: string, start: number, dialect: Dialect, isLast: boolean): ParsedRecord {
  const next = text.indexOf(dialect.lineEnd, start)
  // Without a line end in sight the whole text goes; the reader drops the rest of the line as it comes.
  const end = next < 0 ? text.length : next + 1
  return { kind: 'refused', code: 'row_too_long', lineOffset: 0, end, lines: next < 0 && !isLast ? 0 : 1 }
}
