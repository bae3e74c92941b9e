import { createHash } from 'node:crypto'

/** What makes a mutant that one and no other, whatever its number. */
export interface Drawable {
  readonly mutatorName: string
  readonly replacement?: string | undefined
  readonly location: { readonly start: Place; readonly end: Place }
}
interface Place {
  readonly line: number
  readonly column: number
}

/** A share of all mutants, drawn by what they are: the same ones in every run. Columns and lines count from 0. */
export function isDrawn(share: number, file: string, { location, mutatorName, replacement }: Drawable): boolean {
  const { start, end } = location
  const text = JSON.stringify([file, start.line, start.column, end.line, end.column, mutatorName, replacement])
  return createHash('sha256').update(text).digest().readUInt32BE() < share * 2 ** 32
}

/**
 * Between which shares the true one lies in 19 of 20 samples, `found` of `drawn` having it (Wilson's interval; all there
 * are drawn from counts as without end, which makes it wider than it need be).
 */
export function interval(found: number, drawn: number): readonly [from: number, to: number] {
  const z = 1.96
  const share = found / drawn
  const middle = share + z ** 2 / (2 * drawn)
  const half = z * Math.sqrt((share * (1 - share)) / drawn + z ** 2 / (4 * drawn ** 2))
  const scale = 1 + z ** 2 / drawn
  return [(middle - half) / scale, (middle + half) / scale]
}
