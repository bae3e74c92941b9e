/** Days in bars of one width: whole weeks, and more of them where it goes on for long. Pure. */
export interface Bar {
  readonly from: number
  /** Not included. */
  readonly to: number
  readonly count: number
}

const BARS_MAX = 24

export function histogramOf(days: readonly number[]): readonly Bar[] {
  if (days.length === 0) return []
  const longest = Math.max(...days)
  const width = 7 * Math.max(1, Math.ceil((longest + 1) / 7 / BARS_MAX))
  const counts = Array.from({ length: Math.floor(longest / width) + 1 }, () => 0)
  for (const each of days) counts[Math.floor(Math.max(0, each) / width)]! += 1
  return counts.map((count, at) => ({ from: at * width, to: (at + 1) * width, count }))
}
