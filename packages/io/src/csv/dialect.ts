import { parseRecord, type Dialect } from './parse.ts'

export const DELIMITERS = [',', ';', '\t', '|'] as const

/** How a file is written, told from its beginning. `isWhole`: the sample is the whole file. */
export function detectDialect(sample: string, isWhole: boolean, delimiter?: string): Dialect {
  const lineEnd = detectLineEnd(sample)
  return { delimiter: delimiter ?? detectDelimiter(sample, isWhole, lineEnd), lineEnd }
}

/** The first line end outside quotes decides; a lone CR in a file with LF is a character like any other. */
function detectLineEnd(sample: string): Dialect['lineEnd'] {
  let isQuoted = false
  for (let at = 0; at < sample.length; at++) {
    const char = sample[at]
    if (char === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (char === '\n') return '\n'
    else if (char === '\r') return sample[at + 1] === '\n' ? '\n' : '\r'
  }
  return '\n'
}

const SAMPLE_RECORDS = 100

/** The delimiter with which most records have as many cells as the header; of equals the one with the most cells. */
function detectDelimiter(sample: string, isWhole: boolean, lineEnd: Dialect['lineEnd']): string {
  let best: { delimiter: string; agreement: number; columns: number } | undefined
  for (const delimiter of DELIMITERS) {
    const widths = recordWidths(sample, isWhole, { delimiter, lineEnd })
    const columns = widths[0] ?? 1
    if (columns < 2) continue
    const agreement = widths.filter((width) => width === columns).length / widths.length
    if (!best || agreement > best.agreement || (agreement === best.agreement && columns > best.columns)) {
      best = { delimiter, agreement, columns }
    }
  }
  return best?.delimiter ?? ','
}

function recordWidths(sample: string, isWhole: boolean, dialect: Dialect): number[] {
  const widths: number[] = []
  for (let at = 0; at < sample.length && widths.length < SAMPLE_RECORDS;) {
    const record = parseRecord(sample, at, dialect, isWhole)
    if (record.kind === 'partial') break
    const isBlank = record.kind === 'record' && record.cells.length === 1 && record.cells[0] === ''
    if (!isBlank) widths.push(record.kind === 'record' ? record.cells.length : 0)
    at = record.end
  }
  return widths
}
