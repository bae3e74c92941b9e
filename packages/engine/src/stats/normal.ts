/**
 * How many standard deviations around the mean hold `confidence` of a normal distribution: 1.96 for 0.95.
 * @param confidence  above 0, under 1
 */
export function deviationsAround(confidence: number): number {
  let [low, high] = [0, DEVIATIONS_MAX]
  while (high - low > 1e-13) {
    const middle = (low + high) / 2
    if (shareWithin(middle) < confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Beyond that a double cannot tell the share from 1. */
const DEVIATIONS_MAX = 8

/** Share of a normal distribution within ±z, by the series 2φ(z)·(z + z³/3 + z⁵/(3·5) + …), of which every term is positive. */
function shareWithin(z: number): number {
  let sum = 0
  for (let term = z, odd = 1; term > sum * 1e-17; odd += 2) {
    sum += term
    term *= (z * z) / (odd + 2)
  }
  return 2 * sum * (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI))
}
