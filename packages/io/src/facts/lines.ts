import type { Fact } from '@winnow/engine'
import { decode, newEncodingReport } from '../decode.ts'
import { parseStrictJson } from '../json/strict.ts'
import type { Refusal } from '../refusal.ts'
import { readFact } from './door.ts'

export const LINE_MAX = 1024 * 1024
const ROW_SHOWN_MAX = 64 * 1024

export interface LineFact {
  readonly line: number
  readonly fact: Fact
  readonly row: string
}

export interface FactBatch {
  readonly facts: readonly LineFact[]
  readonly refusals: readonly Refusal[]
}

/**
 * Facts of a log with one JSON object a line (blank lines are skipped), each through the one door.
 * @param isArray  the log is one JSON array: its items are read like lines
 */
export async function* readFactLines(
  source: AsyncIterable<Uint8Array>,
  { isArray = false } = {},
): AsyncGenerator<FactBatch> {
  const splitter = isArray ? new ItemSplitter() : new LineSplitter()
  for await (const piece of decode(source, newEncodingReport(), { strict: true })) yield readLines(splitter.push(piece))
  yield readLines(splitter.finish())
}

function readLines(lines: readonly Line[]): FactBatch {
  const facts: LineFact[] = []
  const refusals: Refusal[] = []
  for (const { line, text } of lines) {
    if (text.trim() === '') continue
    const result = readLine(text)
    if ('fact' in result) facts.push({ line, fact: result.fact, row: text })
    else refusals.push({ line, ...result, row: text.slice(0, ROW_SHOWN_MAX) })
  }
  return { facts, refusals }
}

function readLine(text: string): { fact: Fact } | Omit<Refusal, 'line' | 'row'> {
  if (text.length > LINE_MAX || (text.length * 3 > LINE_MAX && Buffer.byteLength(text) > LINE_MAX)) {
    return { code: 'line_too_long', reason: 'the line is longer than 1 MiB' }
  }
  const json = parseStrictJson(text)
  if (!json.ok) return { code: json.code, place: json.place, reason: json.reason }
  const read = readFact(json.value)
  return read.ok ? { fact: read.fact } : { code: 'fact_malformed', place: read.place, reason: read.reason }
}

interface Line {
  readonly line: number
  readonly text: string
}

/** Lines of text that arrives in pieces. Of a line beyond the limit only its beginning is kept: it is refused anyway. */
class LineSplitter {
  private carry = ''
  private line = 1

  push(piece: string): Line[] {
    const parts = (this.carry + piece).split('\n')
    this.carry = parts.pop()!.slice(0, LINE_MAX + 1)
    return parts.map((text) => ({ line: this.line++, text }))
  }

  finish(): Line[] {
    return this.carry === '' ? [] : [{ line: this.line++, text: this.carry }]
  }
}

/**
 * Items of one JSON array of objects, each with the line on which it begins. What stands between items (the brackets, commas and
 * blanks) is taken for granted; anything else comes out as an item of its own, which the door refuses.
 */
class ItemSplitter {
  private item = ''
  private line = 1
  private startedAt = 1
  private depth = 0
  private isInText = false
  private isEscaped = false
  private isOpened = false

  push(piece: string): Line[] {
    const items: Line[] = []
    let from = 0
    for (let at = 0; at < piece.length; at++) {
      const sign = piece[at]!
      const isBetween = this.depth === 0 && !this.isInText && this.item === '' && from === at
      if (isBetween && this.isSkipped(sign)) from = at + 1
      else {
        if (isBetween) this.startedAt = this.line
        if (this.isEnding(sign)) {
          items.push(this.take(piece.slice(from, at + (sign === '}' ? 1 : 0))))
          from = at + 1
        }
      }
      if (sign === '\n') this.line++
    }
    this.item = (this.item + piece.slice(from)).slice(0, LINE_MAX + 1)
    return items
  }

  finish(): Line[] {
    return this.item.trim() === '' ? [] : [this.take('')]
  }

  private isSkipped(sign: string): boolean {
    if (sign === '[' && !this.isOpened) return (this.isOpened = true)
    return /[\s,\]\uFEFF]/.test(sign)
  }

  /** Whether the sign ends an item: the last bracket of an object, or a comma or line end after something that is none. */
  private isEnding(sign: string): boolean {
    if (this.isInText) {
      if (this.isEscaped) this.isEscaped = false
      else if (sign === '\\') this.isEscaped = true
      else if (sign === '"') this.isInText = false
      return false
    }
    if (sign === '"') this.isInText = true
    else if (sign === '{' || sign === '[') this.depth++
    else if (sign === '}' || sign === ']') {
      this.depth = Math.max(0, this.depth - 1)
      return this.depth === 0
    }
    return this.depth === 0 && (sign === ',' || sign === '\n')
  }

  private take(rest: string): Line {
    const text = (this.item + rest).slice(0, LINE_MAX + 1)
    this.item = ''
    return { line: this.startedAt, text }
  }
}
