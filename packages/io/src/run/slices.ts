/** Columns are worked off slice by slice, so that no thread waits for a slower one. */
import type { Kernel, Results } from '@winnow/engine'
import type { Control } from './control.ts'

/** Rows claimed at a time: some milliseconds of work. */
const SLICE = 4096

/** Works off one slice. @returns whether there was one */
export function takeSlice(control: Control, kernel: Kernel, results: Results, rows: number): boolean {
  if (control.isStopped) return false
  const from = control.claim(SLICE)
  if (from >= rows) return false
  const end = Math.min(from + SLICE, rows)
  for (let row = from; row < end;) row = kernel.run(row, end, results)
  control.advance(end - from)
  return true
}
