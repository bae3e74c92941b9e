/**
 * A cell that a spreadsheet would take for a formula: it begins with one of the signs, also after blanks and after
 * the apostrophes that take the sign its power. Line ends and tabs at the beginning count as signs themselves.
 */
const FORMULA = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u
const ESCAPED_FORMULA = /^'+(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u

/** Text that a spreadsheet shows and does not run. `unescapeFormula` gives the very text back. */
export const escapeFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)

export const unescapeFormula = (cell: string): string =>
  cell.charCodeAt(0) === 0x27 && ESCAPED_FORMULA.test(cell) ? cell.slice(1) : cell

export type Cell = string | number | boolean | null | undefined

/** One line of CSV with its line end. Text is made safe for spreadsheets; numbers and true/false are written as they are. */
export function csvLine(cells: readonly Cell[], delimiter = ','): string {
  return `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`
}

function csvCell(cell: Cell, delimiter: string): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = escapeFormula(cell)
  const needsQuotes = safe.includes(delimiter) || /["\r\n]|^\s|\s$/.test(safe)
  return needsQuotes ? `"${safe.replaceAll('"', '""')}"` : safe
}
