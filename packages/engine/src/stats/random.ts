/** Numbers drawn from a seed: the same seed, the same numbers, on every machine. */

/** SFC32 (Doty-Humphrey), seeded by SplitMix32. */
export class Random {
  private a: number
  private b: number
  private c: number
  private counter = 1

  constructor(seed: number) {
    let state = seed | 0
    const next = () => {
      state = (state + 0x9e3779b9) | 0
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
      return mixed ^ (mixed >>> 15)
    }
    this.a = next()
    this.b = next()
    this.c = next()
    for (let index = 0; index < 12; index++) this.uniform()
  }

  /** At least 0, under 1. */
  uniform(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum
    this.c |= 0
    return (sum >>> 0) / 4_294_967_296
  }

  /** A Poisson count; exact for every mean. */
  poisson(mean: number): number {
    if (mean === 1) return this.poissonOne()
    if (mean < TRANSFORMED_FROM) return this.poissonByProduct(mean)
    return this.poissonTransformed(mean)
  }

  private poissonOne(): number {
    const uniform = this.uniform()
    let count = 0
    while (count < POISSON_ONE.length && uniform >= POISSON_ONE[count]) count++
    return count
  }

  private poissonByProduct(mean: number): number {
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = this.uniform(); product > limit; product *= this.uniform()) count++
    return count
  }

  /** Transformed rejection (Hörmann 1993, PTRS). */
  private poissonTransformed(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean)
    const a = -0.059 + 0.02483 * b
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    const squeeze = 0.9277 - 3.6224 / (b - 2)
    for (;;) {
      const u = this.uniform() - 0.5
      const v = this.uniform()
      const us = 0.5 - Math.abs(u)
      const count = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
      if (us >= 0.07 && v <= squeeze) return count
      if (count < 0 || (us < 0.013 && v > us)) continue
      const bound = count * Math.log(mean) - mean - logFactorial(count)
      if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= bound) return count
    }
  }
}

const TRANSFORMED_FROM = 10

/** Cumulated probabilities of 0, 1, 2 … at mean 1. */
const POISSON_ONE = ((): Float64Array => {
  const cumulated = new Float64Array(18)
  let probability = Math.exp(-1)
  let sum = 0
  for (let count = 0; count < cumulated.length; count++) {
    sum += probability
    cumulated[count] = sum
    probability /= count + 1
  }
  return cumulated
})()

const SMALL_FACTORIALS = ((): Float64Array => {
  const logs = new Float64Array(32)
  for (let count = 2; count < logs.length; count++) logs[count] = logs[count - 1] + Math.log(count)
  return logs
})()

/** Stirling's series beyond a table. */
function logFactorial(count: number): number {
  if (count < SMALL_FACTORIALS.length) return SMALL_FACTORIALS[count]
  const n = count + 1
  return (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3)
}
