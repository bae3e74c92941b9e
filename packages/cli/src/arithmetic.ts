/**
 * Rounds parts so that what is shown adds up to the rounded total: each part is rounded down, and what is left over goes to
 * those that lost most (largest remainder).
 */
export function shareOut(
  parts: readonly number[],
  total: number,
  decimals: number,
): { parts: number[]; total: number } {
  const scale = 10 ** decimals
  const exact = parts.map((part) => part * scale)
  const floors = exact.map((part) => Math.floor(part + 1e-7))
  const target = Math.round(total * scale)
  const left = target - floors.reduce((sum, part) => sum + part, 0)
  const byLoss = exact.map((part, at) => ({ at, loss: part - floors[at]! })).sort((a, b) => b.loss - a.loss)
  for (const { at } of byLoss.slice(0, Math.max(0, left))) floors[at]!++
  return { parts: floors.map((part) => part / scale), total: target / scale }
}

export interface Interval {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** Wilson's score interval of a share, 95 %: honest for small numbers and for shares near 0 and 1. */
export function wilson(hits: number, of: number): Interval | undefined {
  if (of === 0) return undefined
  const z = 1.959963984540054
  const rate = hits / of
  const centre = (rate + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z * Math.sqrt((rate * (1 - rate)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  return { rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
