/** Chance that is the same in every run: mulberry32 over a seed made of text. */
export class Chance {
  private state: number

  constructor(seed: string) {
    this.state = hash(seed)
  }

  /** 0 ≤ x < 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  is(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)]!
  }

  /** One of the names, each as often as its weight says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][]
    let rest = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      rest -= weight
      if (rest < 0) return name
    }
    return entries.at(-1)![0]
  }

  /** So many different ones, in the order of the list. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = items.map((_, at) => at)
    const taken = Array.from(
      { length: Math.min(count, items.length) },
      () => left.splice(this.between(0, left.length - 1), 1)[0]!,
    )
    return taken.sort((a, b) => a - b).map((at) => items[at]!)
  }
}

/** FNV-1a: a seed for every word. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0)!, 0x01000193)
  return value >>> 0
}
