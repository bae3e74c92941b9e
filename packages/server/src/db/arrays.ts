/**
 * Arrays as parameters of statements, in the binary form of the database: for the hot path, where writing and reading them as text
 * takes longer than many a statement. What a column may not hold, the database refuses as it does for text.
 */
import type { Instant } from '@winnow/engine'

type Maybe<T> = T | null | undefined

/** A length in front of each element. */
const LENGTH_BYTES = 4
const NULL_LENGTH = -1

const ROOM_BYTES = 256 * 1024
/** Where arrays are written before they are copied out: how long they become is not known before. */
let bytes = Buffer.allocUnsafeSlow(ROOM_BYTES)
let end = 0

/** Room for so many bytes more. */
function reserve(count: number): void {
  if (end + count <= bytes.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, end + count))
  bytes.copy(larger, 0, 0, end)
  bytes = larger
}

/** By hand: four calls of `writeInt32BE` would take as long as the rest of a short element. */
function writeWhole(value: number): void {
  bytes[end] = value >>> 24
  bytes[end + 1] = value >>> 16
  bytes[end + 2] = value >>> 8
  bytes[end + 3] = value
  end += 4
}

/**
 * In front: dimensions, whether there are nulls, the type of the elements, how many there are, and that they are counted from 1.
 * @param write  an element, its length first
 */
function arrayOf<T>(type: number, write: (value: T) => void): (values: readonly Maybe<T>[]) => Buffer {
  return (values) => {
    end = 0
    for (const part of [1, values.includes(null) || values.includes(undefined) ? 1 : 0, type, values.length, 1]) {
      writeWhole(part)
    }
    for (const value of values) {
      if (value === null || value === undefined) {
        reserve(LENGTH_BYTES)
        writeWhole(NULL_LENGTH)
      } else write(value)
    }
    const written = Buffer.from(bytes.subarray(0, end))
    if (bytes.length > ROOM_BYTES) bytes = Buffer.allocUnsafeSlow(ROOM_BYTES) // one large array must not hold memory for ever
    return written
  }
}

/** The longest that a character of a text becomes. */
const UTF8_BYTES_MAX = 3

/** @param before  bytes to leave free in front of it */
function writeText(text: string, before: number): void {
  reserve(LENGTH_BYTES + before + text.length * UTF8_BYTES_MAX)
  const begin = end + LENGTH_BYTES + before
  const length = before + bytes.write(text, begin)
  writeWhole(length)
  end += length
}

export const texts = arrayOf<string>(25, (text) => writeText(text, 0))

/** JSON as text, behind the version of its form. */
export const jsons = arrayOf<string>(3802, (text) => {
  const begin = end + LENGTH_BYTES
  writeText(text, 1)
  bytes[begin] = 1
})

export const binaries = arrayOf<Uint8Array>(17, (value) => {
  reserve(LENGTH_BYTES + value.length)
  writeWhole(value.length)
  bytes.set(value, end)
  end += value.length
})

export const wholes = arrayOf<number>(23, (value) => {
  reserve(LENGTH_BYTES + 4)
  writeWhole(4)
  writeWhole(value)
})

export const truths = arrayOf<boolean>(16, (value) => {
  reserve(LENGTH_BYTES + 1)
  writeWhole(1)
  bytes[end++] = value ? 1 : 0
})

export const numbers = arrayOf<number>(701, (value) => {
  reserve(LENGTH_BYTES + 8)
  writeWhole(8)
  end = bytes.writeDoubleBE(value, end)
})

/** PostgreSQL counts microseconds from 2000 on. */
const EPOCH_MS = Date.UTC(2000, 0, 1)
const HALF = 2 ** 32

export const instants = arrayOf<Instant>(1184, (instant) => {
  reserve(LENGTH_BYTES + 8)
  writeWhole(8)
  const micros = (instant - EPOCH_MS) * 1000
  if (Number.isSafeInteger(micros)) {
    writeWhole(Math.floor(micros / HALF))
    writeWhole(micros)
  } else end = bytes.writeBigInt64BE(farMicros(instant), end)
})

/** Of instants that a number cannot count in microseconds, infinite ones included. */
function farMicros(instant: Instant): bigint {
  if (Number.isNaN(instant)) throw new TypeError('an instant is no number')
  if (!Number.isFinite(instant)) return instant > 0 ? 2n ** 63n - 1n : -(2n ** 63n)
  return BigInt(Math.round(instant) - EPOCH_MS) * 1000n
}

const HYPHEN = 45
/** What a hexadecimal digit stands for, by its character; 255 for no digit. */
const DIGITS = new Uint8Array(128).fill(255)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  DIGITS[digit.charCodeAt(0)] = value
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value
}

/** @throws TypeError for a text that is no id of the database */
export const uuids = arrayOf<string>(2950, (id) => {
  reserve(LENGTH_BYTES + 16)
  writeWhole(16)
  const begin = end
  for (let place = 0; place < id.length && end < begin + 16;) {
    const first = id.charCodeAt(place)
    if (first === HYPHEN) {
      place += 1
      continue
    }
    const [high, low] = [DIGITS[first] ?? 255, DIGITS[id.charCodeAt(place + 1)] ?? 255]
    if ((high | low) > 15) break
    bytes[end++] = high * 16 + low
    place += 2
  }
  if (end !== begin + 16 || id.length !== 36) throw new TypeError('an id is no UUID')
})
