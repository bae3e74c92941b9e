/** The same numbers on every machine: a 32-bit mixer (SplitMix) over a counter. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let mixed = this.#state ^ (this.#state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** A place in a list, the first ones more often: weight 1, 1/2, 1/3 … */
  early(length: number): number {
    return Math.min(length - 1, Math.floor(length ** this.next()) - 1)
  }
}
