/**
 * Remembers what has been read, by key, to tell repeats from contradictions. Typed arrays hold a hash of 64 bits for each
 * key (two of a million keys collide once in 37 million files) and one of 32 bits for its body.
 */
export class SeenIndex {
  private size = 0
  private capacity = 1024
  private keys = new Uint32Array(this.capacity * 2)
  private bodies = new Uint32Array(this.capacity)
  private lines = new Uint32Array(this.capacity)

  /** `new`, `same` as before, or the line on which the same key had another body. */
  add(key: string, body: string, line: number): 'new' | 'same' | number {
    const [high, low] = words(key)
    const bodyHash = words(body)[0]
    const slot = this.slotOf(high, low)
    if (this.lines[slot] !== 0) return this.bodies[slot] === bodyHash ? 'same' : this.lines[slot]!
    this.set(slot, high, low, bodyHash, line)
    if (++this.size * 3 > this.capacity * 2) this.grow()
    return 'new'
  }

  private slotOf(high: number, low: number): number {
    const mask = this.capacity - 1
    let slot = low & mask
    while (this.lines[slot] !== 0 && (this.keys[slot * 2] !== high || this.keys[slot * 2 + 1] !== low))
      slot = (slot + 1) & mask
    return slot
  }

  private set(slot: number, high: number, low: number, body: number, line: number): void {
    this.keys[slot * 2] = high
    this.keys[slot * 2 + 1] = low
    this.bodies[slot] = body
    this.lines[slot] = line
  }

  private grow(): void {
    const { keys, bodies, lines } = this
    this.capacity *= 2
    this.keys = new Uint32Array(this.capacity * 2)
    this.bodies = new Uint32Array(this.capacity)
    this.lines = new Uint32Array(this.capacity)
    for (let slot = 0; slot < lines.length; slot++) {
      if (lines[slot] === 0) continue
      const [high, low] = [keys[slot * 2]!, keys[slot * 2 + 1]!]
      this.set(this.slotOf(high, low), high, low, bodies[slot]!, lines[slot]!)
    }
  }
}

/** Two lanes of multiply and shift, mixed at the end: fast, and good enough where nobody gains by a collision. */
function words(text: string): [number, number] {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return [high >>> 0, low >>> 0]
}
