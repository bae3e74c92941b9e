/** Compact binary numbers and texts. */
import { WinnowError } from '../errors.ts'

/** Small numbers, common in latches, take one byte: tag `SMALL + x + 1` for −1 … 200. */
const TAG = { negativeInfinity: 0, infinity: 1, whole: 2, ago: 3, ahead: 4, float: 5 } as const
const SMALL = 8
const SMALL_MAX = 200

/**
 * Where states are written before they are copied out: how long they become is not known before. INVARIANT: whoever makes a
 * writer is done with it before the next is made.
 */
let scratch = new Uint8Array(4096)

export class Writer {
  private bytes = scratch
  private length = 0
  private readonly clock: number

  /** @param clock  instants are written as distances from it */
  constructor(clock: number) {
    this.clock = clock
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(this.length * 2)
    this.bytes[this.length++] = value
  }

  /** A whole number from 0 to 2⁵³ in groups of seven bits. */
  whole(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** Any number; whole ones near zero or near the clock are short. */
  number(value: number): void {
    if (value === -Infinity) this.byte(TAG.negativeInfinity)
    else if (value === Infinity) this.byte(TAG.infinity)
    else if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.integer(value)
    else {
      this.byte(TAG.float)
      this.float(value)
    }
  }

  private integer(value: number): void {
    if (value >= -1 && value <= SMALL_MAX) return this.byte(SMALL + value + 1)
    const ago = this.clock - value
    if (Math.abs(ago) < Math.abs(value) / 4) {
      this.byte(ago >= 0 ? TAG.ago : TAG.ahead)
      this.whole(Math.abs(ago))
    } else if (value >= 0) {
      this.byte(TAG.whole)
      this.whole(value)
    } else {
      this.byte(TAG.float)
      this.float(value)
    }
  }

  float(value: number): void {
    this.grow(this.length + 8)
    new DataView(this.bytes.buffer).setFloat64(this.length, value)
    this.length += 8
  }

  /** UTF-16 code units: ids and texts come back exactly, whatever they hold. */
  text(value: string): void {
    this.whole(value.length)
    this.grow(this.length + value.length)
    for (let index = 0; index < value.length; index++) this.whole(value.charCodeAt(index))
  }

  /** Whole numbers that never fall, newest last, near the clock. */
  instants(values: readonly number[]): void {
    this.whole(values.length)
    let after = this.clock
    for (let index = values.length - 1; index >= 0; index--) {
      this.whole(after - values[index])
      after = values[index]
    }
  }

  private grow(least: number): void {
    if (least <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(least, this.bytes.length * 2))
    larger.set(this.bytes)
    this.bytes = scratch = larger
  }
}

/** A function takes only so many arguments. */
const PLAIN_MAX = 1000

export class Reader {
  private at = 0
  private readonly bytes: Uint8Array
  clock = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get isDone(): boolean {
    return this.at === this.bytes.length
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw malformed()
    return this.bytes[this.at++]
  }

  whole(): number {
    // Most are below 128.
    if (this.bytes[this.at] < 128) return this.bytes[this.at++]
    let value = 0
    for (let scale = 1; scale <= 2 ** 53; scale *= 128) {
      const byte = this.byte()
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw malformed()
  }

  number(): number {
    const tag = this.byte()
    switch (tag) {
      case TAG.negativeInfinity:
        return -Infinity
      case TAG.infinity:
        return Infinity
      case TAG.whole:
        return this.whole()
      case TAG.ago:
        return this.clock - this.whole()
      case TAG.ahead:
        return this.clock + this.whole()
      case TAG.float:
        return this.float()
      default:
        if (tag < SMALL) throw malformed()
        return tag - SMALL - 1
    }
  }

  float(): number {
    if (this.at + 8 > this.bytes.length) throw malformed()
    const value = new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat64(this.at)
    this.at += 8
    return value
  }

  text(): string {
    const length = this.count()
    if (this.isPlain(length)) return this.plain(length)
    let text = ''
    for (let index = 0; index < length; index++) text += String.fromCharCode(this.whole())
    return text
  }

  /** Whether each of the next characters has one byte: nearly every text there is. */
  private isPlain(length: number): boolean {
    if (length > PLAIN_MAX) return false
    let all = 0
    for (let at = this.at; at < this.at + length; at++) all |= this.bytes[at]
    return all < 128
  }

  private plain(length: number): string {
    const from = this.at
    this.at += length
    return String.fromCharCode.apply(undefined, this.bytes.subarray(from, this.at) as unknown as number[])
  }

  instants(): number[] {
    const values: number[] = []
    let after = this.clock
    for (let left = this.count(); left > 0; left--) {
      after -= this.whole()
      values.push(after)
    }
    return values.reverse()
  }

  /** A length, which cannot be more than there are bytes left. */
  count(): number {
    const count = this.whole()
    if (count > this.bytes.length - this.at) throw malformed()
    return count
  }
}

export const malformed = () => new WinnowError('state_malformed', 'the stored state cannot be read')
