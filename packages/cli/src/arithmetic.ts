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
