/** Typed arrays that grow at their end. */
type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

export class Growing<T extends Numbers> {
  private values: T
  private readonly make: (length: number) => T
  length = 0

  constructor(make: (length: number) => T) {
    this.make = make
    this.values = make(64)
  }

  push(value: number): void {
    if (this.length === this.values.length) this.grow(this.length + 1)
    this.values[this.length++] = value
  }

  pushAll(values: ArrayLike<number>, count = values.length): void {
    if (this.length + count > this.values.length) this.grow(this.length + count)
    for (let index = 0; index < count; index++) this.values[this.length + index] = values[index]
    this.length += count
  }

  private grow(least: number): void {
    const longer = this.make(Math.max(least, Math.ceil(this.values.length * 1.5)))
    longer.set(this.values)
    this.values = longer
  }

  /** What has been pushed, in memory of its own and no longer than that. */
  close(): T {
    return this.values.slice(0, this.length) as T
  }
}

export const growingFloats = () => new Growing((length) => new Float64Array(length))
export const growingInts = () => new Growing((length) => new Uint32Array(length))
export const growingShorts = () => new Growing((length) => new Uint16Array(length))
export const growingBytes = () => new Growing((length) => new Uint8Array(length))
