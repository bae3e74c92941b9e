import { formatPath, type Issue } from '@winnow/engine'
import { paint } from './terminal.ts'

/**
 * Issues as compilers show them: `file:line:column`, the lines around with a caret, and what to do.
 *
 *     definition.yaml:12:9 error unknown_name: no attribute is called `employes`
 *       11 |   when:
 *     > 12 |     attribute: employes
 *          |                ^
 *       hint did you mean `employees`?
 */
export function formatIssues(
  { file, text, issues }: { file: string; text: string; issues: readonly Issue[] },
  stream: NodeJS.WriteStream,
): string {
  const lines = text.split(/\r\n|\n|\r/)
  return issues.map((issue) => `${formatIssue(file, lines, issue, stream)}\n`).join('\n')
}

function formatIssue(file: string, lines: readonly string[], issue: Issue, stream: NodeJS.WriteStream): string {
  const { severity, code, path, message, hint, line, column } = issue
  const colour = severity === 'error' ? 'red' : 'yellow'
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
  const parts = [`${paint('bold', place, stream)} ${paint(colour, severity, stream)} ${code}: ${printable(message)}`]
  if (line !== undefined) parts.push(...frame(lines, { line, column: column ?? 1 }, stream))
  else if (path.length > 0) parts.push(`  in ${formatPath(path)}`)
  if (hint !== undefined) parts.push(`  ${paint('cyan', 'hint', stream)} ${printable(hint)}`)
  return parts.join('\n')
}

/** Longer lines are cut around the place. */
const LINE_SHOWN_MAX = 120

function frame(
  lines: readonly string[],
  { line, column }: { line: number; column: number },
  stream: NodeJS.WriteStream,
): string[] {
  const width = String(line).length
  const shown: string[] = []
  if (line > 1) shown.push(`  ${String(line - 1).padStart(width)} | ${visible(lines[line - 2] ?? '', 0)}`)
  const from = column > LINE_SHOWN_MAX - 20 ? column - 60 : 0
  shown.push(`${paint('red', '>', stream)} ${line} | ${visible(lines[line - 1] ?? '', from)}`)
  shown.push(`  ${' '.repeat(width)} | ${' '.repeat(column - 1 - from)}${paint('red', '^', stream)}`)
  return shown
}

/** Without what would act on a terminal instead of being shown. */
const visible = (line: string, from: number) => printable(line.slice(from, from + LINE_SHOWN_MAX))

/** Text from a file, safe to show: control characters and those that turn the writing direction become visible. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, (character) => (character === '\t' ? ' ' : '·'))
