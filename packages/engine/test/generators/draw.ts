/** Drawing of random choices, so that one and the same builder serves fast-check and a plain seeded loop. */

export class Draw {
  readonly #integer: (from: number, to: number) => number

  /** @param integer a whole number from `from` to `to`, both included */
  constructor(integer: (from: number, to: number) => number) {
    this.#integer = integer
  }

  integer(from: number, to: number): number {
    return this.#integer(from, to)
  }

  /** True in this share of cases, to the hundredth. */
  chance(share: number): boolean {
    return this.#integer(0, 99) < share * 100
  }

  pick<T>(from: readonly T[]): T {
    return from[this.#integer(0, from.length - 1)]
  }

  /** One of several, each as often as its weight says. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.#integer(
      1,
      from.reduce((sum, [weight]) => sum + weight, 0),
    )
    for (const [weight, value] of from) {
      left -= weight
      if (left <= 0) return value
    }
    throw new Error('the weights are whole and positive')
  }

  /** Some of a list, in random order, none twice. */
  some<T>(from: readonly T[], least: number, most: number): readonly T[] {
    return this.shuffle(from).slice(0, this.#integer(least, Math.min(most, from.length)))
  }

  shuffle<T>(from: readonly T[]): readonly T[] {
    const shuffled = [...from]
    for (let place = shuffled.length - 1; place > 0; place--) {
      const other = this.#integer(0, place)
      ;[shuffled[place], shuffled[other]] = [shuffled[other], shuffled[place]]
    }
    return shuffled
  }

  /** A key with a value in this share of cases, else nothing: to be spread into a map. */
  maybe<Key extends string, T>(share: number, key: Key, value: () => T): { readonly [K in Key]?: T } {
    return this.chance(share) ? ({ [key]: value() } as { readonly [K in Key]?: T }) : {}
  }

  /** A list of what a function makes, from `least` to `most` long. */
  list<T>(least: number, most: number, make: (place: number) => T): readonly T[] {
    return Array.from({ length: this.#integer(least, most) }, (_, place) => make(place))
  }
}

/** The same choices for the same seed, for ever: SplitMix32. */
export function seeded(seed: number): Draw {
  let state = seed | 0
  const next = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return new Draw((from, to) => {
    if (!Number.isInteger(to - from)) throw new RangeError(`whole numbers are drawn, not from ${from} to ${to}`)
    return from + (next() % (to - from + 1))
  })
}
