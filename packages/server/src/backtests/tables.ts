import type { BacktestTable } from '@winnow/contract'
import type { BacktestResult } from '@winnow/engine'
import { backtestTable, csvLine } from '@winnow/io'

export function csvOf(result: BacktestResult, name: BacktestTable): string {
  const { columns, rows } = backtestTable(result, name)
  return [columns, ...rows].map((row) => csvLine(row)).join('')
}
