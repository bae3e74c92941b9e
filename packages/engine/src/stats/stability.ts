/** How far a distribution has moved. */

export interface Stability {
  /** null where one of the two is empty. */
  readonly index: number | null
  /** What each part adds to the index; they are never negative. */
  readonly parts: readonly number[]
}

/**
 * The population stability index of counts by the same parts: Σ (a − b)·ln(a / b) over shares, the sum of both
 * Kullback-Leibler divergences. Half a case is added to every part of both, so that a part that was empty does not make it infinite.
 * By habit: under 0.1 stable, from 0.25 shifted. With few cases chance alone moves it: see `stabilityByChance`.
 */
export function stabilityIndex(before: readonly number[], now: readonly number[]): Stability {
  const [then, today] = [sharesOf(before), sharesOf(now)]
  if (then === undefined || today === undefined) return { index: null, parts: before.map(() => 0) }
  const parts = then.map((share, index) => (today[index] - share) * Math.log(today[index] / share))
  return { index: parts.reduce((sum, part) => sum + part, 0), parts }
}

/**
 * The index that two samples of the same distribution come to on average: (parts − 1)·(1/m + 1/n), as it is then distributed like
 * χ² with parts − 1 degrees of freedom times (1/m + 1/n) (Yurdakul & Naranjo 2020). An index is a sign of change only well above it.
 */
export function stabilityByChance({ parts, before, now }: { parts: number; before: number; now: number }): number {
  return (parts - 1) * (1 / before + 1 / now)
}

function sharesOf(counts: readonly number[]): number[] | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  return counts.map((count) => (count + 0.5) / (total + counts.length / 2))
}
