/** Results for people. */
import type { Line } from './measure.ts'

const number = (value: number) =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

const cellsOf = ({ name, value, unit, beside, ratio, goal, met }: Line): string[] => [
  name,
  `${number(value)} ${unit}`,
  beside === null ? '' : `${beside.name}: ${number(beside.value)}`,
  ratio === null ? '' : `${number(ratio)} ×`,
  goal ?? '',
  met === null ? '' : met ? 'yes' : 'NO',
]

const HEAD = ['', 'Winnow', 'beside it, same run', 'ratio', 'goal', 'met']

export function tableOf(lines: readonly Line[]): string {
  const rows = [HEAD, ...lines.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n')
}
