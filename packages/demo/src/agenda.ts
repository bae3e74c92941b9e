/** What is still to happen, the earliest first; of things planned for one instant, the one planned first. */
export class Agenda<T> {
  private readonly entries: { readonly at: number; readonly turn: number; readonly what: T }[] = []
  private turns = 0

  add(at: number, what: T): void {
    const { entries } = this
    let index = entries.push({ at, turn: this.turns++, what }) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.isBefore(index, parent)) break
      this.swap(index, parent)
      index = parent
    }
  }

  /** Infinity when nothing is left. */
  get nextAt(): number {
    return this.entries[0]?.at ?? Infinity
  }

  take(): T {
    const { entries } = this
    const { what } = entries[0]!
    const last = entries.pop()!
    if (entries.length > 0) {
      entries[0] = last
      this.sink()
    }
    return what
  }

  private sink(): void {
    let index = 0
    for (;;) {
      let first = index
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.entries.length && this.isBefore(child, first)) first = child
      }
      if (first === index) return
      this.swap(index, first)
      index = first
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [left, right] = [this.entries[a]!, this.entries[b]!]
    return left.at < right.at || (left.at === right.at && left.turn < right.turn)
  }

  private swap(a: number, b: number): void {
    const kept = this.entries[a]!
    this.entries[a] = this.entries[b]!
    this.entries[b] = kept
  }
}
