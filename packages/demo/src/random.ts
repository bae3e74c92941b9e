/** Chance that is the same in every run: sfc32 over a seed made of text. */
export class Chance {
  private a: number
  private b: number
  private c: number
  private counter = 1

  constructor(seed: string) {
    this.a = hash(seed, 0x811c9dc5)
    this.b = hash(seed, 0x9e3779b9)
    this.c = hash(seed, 0x85ebca6b)
    for (let round = 0; round < 12; round++) this.next() // until every bit of the seed has reached every word
  }

  /** 0 ≤ x < 1 */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }

  is(probability: number): boolean {
    return this.next() < probability
  }

  /** low ≤ x < high */
  within(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** Mean 0, standard deviation 1. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }

  /** Half of the draws are under the median; `spread` is the standard deviation of the logarithm. */
  logNormal({ median, spread }: { median: number; spread: number }): number {
    return median * Math.exp(spread * this.normal())
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  /** How often something happens that happens `mean` times on average (small means: draws one by one). */
  poisson(mean: number): number {
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = this.next(); product > limit; product *= this.next()) count++
    return count
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!
  }

  weighted<T>({ items, upTo }: Weights<T>): T {
    const at = this.next() * upTo.at(-1)!
    let index = 0
    while (upTo[index]! <= at) index++
    return items[index]!
  }
}

/** Things, and the running sum of their weights. */
export interface Weights<T> {
  readonly items: readonly T[]
  readonly upTo: readonly number[]
}

/** Each name as often as its weight says. */
export function weights<T extends string>(table: Readonly<Partial<Record<T, number>>>): Weights<T> {
  const entries = Object.entries(table) as [T, number][]
  let sum = 0
  return { items: entries.map(([name]) => name), upTo: entries.map(([, weight]) => (sum += weight)) }
}

/** FNV-1a from a basis, its bits mixed once more. */
function hash(text: string, basis: number): number {
  let value = basis
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  return (value ^ (value >>> 15)) | 0
}
