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

/** Facts of a log with one JSON object a line (blank lines are skipped), each through the one door. */
export async function* readFactLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<FactBatch> {
  const splitter = new LineSplitter()
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
