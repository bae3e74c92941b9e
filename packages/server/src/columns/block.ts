/** Rows that were written together, as they lie in a file: those of an owner behind one another, in the total order of facts. */
import type { Instant } from '@winnow/engine'
import { readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { HEAD, HEAD_BYTES, layoutOf, ROW_BYTES, type Owner, type RowSet } from './rows.ts'

/** Where a block lies. */
export interface BlockPlace {
  readonly at: number
  readonly bytes: number
  readonly rows: number
}

/** A copy that is not what it says it is: it is thrown away and made anew. */
export class CopyDamaged extends Error {}

/** Behind the checksum itself. */
const CHECKED_FROM = (HEAD.checksum + 1) * 4

export function seal(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(CHECKED_FROM)), HEAD.checksum * 4)
  return bytes
}

type Words = readonly [number, number, number, number]

export class Block {
  private readonly fd: number
  private readonly place: BlockPlace
  private readonly layout: ReturnType<typeof layoutOf>
  private readonly ownerCount: number
  /** Four numbers each, in order. */
  private readonly owners: Uint32Array
  private readonly offsets: Uint32Array
  private readonly sayingOffsets: Uint32Array
  private readonly parsed: unknown[] = []
  /** The last instant at which any of its rows was received. */
  readonly latest: Instant
  /** All of it, while many of its owners are read. */
  private whole: ArrayBuffer | undefined

  /** @throws CopyDamaged */
  constructor(fd: number, place: BlockPlace) {
    this.fd = fd
    this.place = place
    const head = this.piece(0, Math.min(HEAD_BYTES, place.bytes))
    if (head.byteLength < HEAD_BYTES) throw new CopyDamaged('a block is too short')
    const [rows, owners, sayings, sayingBytes, idBytes] = new Uint32Array(head) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ]
    this.latest = new Float64Array(head)[HEAD.latest]!
    this.layout = layoutOf({ rows, owners, sayings, sayingBytes, idBytes })
    if (this.layout.bytes !== place.bytes || rows !== place.rows) throw new CopyDamaged('a block is not what it was')
    this.ownerCount = owners
    const { ownersAt, offsetsAt, sayingOffsetsAt, sayingsAt } = this.layout
    this.owners = new Uint32Array(this.piece(ownersAt, offsetsAt))
    this.offsets = new Uint32Array(this.piece(offsetsAt, sayingOffsetsAt))
    this.sayingOffsets = new Uint32Array(this.piece(sayingOffsetsAt, sayingsAt))
  }

  get owned(): number {
    return this.ownerCount
  }

  get bytes(): number {
    return this.place.bytes
  }

  /**
   * Reads all of it, and makes sure that it is what was written.
   * @throws CopyDamaged
   */
  load(): void {
    if (this.whole !== undefined) return
    const whole = this.piece(0, this.place.bytes)
    const bytes = Buffer.from(whole)
    if (crc32(bytes.subarray(CHECKED_FROM)) !== bytes.readUInt32LE(HEAD.checksum * 4))
      throw new CopyDamaged('a block is not what was written')
    this.whole = whole
  }

  /** As it was written. */
  toBytes(): Uint8Array {
    this.load()
    const bytes = new Uint8Array(this.whole!)
    this.release()
    return bytes
  }

  release(): void {
    this.whole = undefined
    this.parsed.length = 0
  }

  private piece(begin: number, end: number): ArrayBuffer {
    const bytes = new Uint8Array(end - begin)
    for (let read = 0; read < bytes.length;) {
      const more = readSync(this.fd, bytes, read, bytes.length - read, this.place.at + begin + read)
      if (more === 0) throw new CopyDamaged('a file is too short')
      read += more
    }
    return bytes.buffer
  }

  private text(begin: number, end: number): string {
    if (this.whole !== undefined) return Buffer.from(this.whole, begin, end - begin).toString()
    return Buffer.from(this.piece(begin, end)).toString()
  }

  /** @returns its place among the owners; −1 where nothing is said of it */
  find([a, b, c, d]: Words): number {
    const { owners } = this
    let [low, high] = [0, this.ownerCount - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const at = middle * 4
      const order = owners[at]! - a || owners[at + 1]! - b || owners[at + 2]! - c || owners[at + 3]! - d
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  rowsOf(owner: number): Rows {
    const [begin, end] = [this.offsets[owner]!, this.offsets[owner + 1]!]
    const from = this.layout.rowsAt + begin * ROW_BYTES
    const length = end - begin + 1
    const buffer = this.whole ?? this.piece(from, from + length * ROW_BYTES)
    const at = this.whole === undefined ? 0 : from
    return new Rows(
      new Float64Array(buffer, at, length * (ROW_BYTES / 8)),
      new Uint32Array(buffer, at, length * (ROW_BYTES / 4)),
    )
  }

  id(rows: Rows, row: number): string {
    return this.text(this.layout.idsAt + rows.idAt(row), this.layout.idsAt + rows.idAt(row + 1))
  }

  /** @returns the same for the same place, as often as it is asked for while the block is in memory */
  saying<Saying>(place: number, parse: (text: string) => Saying): Saying {
    return (this.parsed[place] ??= parse(this.sayingText(place))) as Saying
  }

  private sayingText(place: number): string {
    const { sayingsAt } = this.layout
    return this.text(sayingsAt + this.sayingOffsets[place]!, sayingsAt + this.sayingOffsets[place + 1]!)
  }

  /** Adds all rows but those of some owners. */
  pourInto(set: RowSet, without: ReadonlySet<Owner>): void {
    this.load()
    const texts = Array.from({ length: this.sayingOffsets.length - 1 }, (_, place) => this.sayingText(place))
    for (let index = 0; index < this.ownerCount; index++) {
      const owner = this.ownerAt(index)
      if (without.has(owner)) continue
      const rows = this.rowsOf(index)
      for (let row = 0; row < rows.count; row++) {
        const [at, receivedAt, saying] = [rows.at(row), rows.receivedAt(row), texts[rows.saying(row)]!]
        set.add({ owner, at, receivedAt, saying, id: this.id(rows, row) })
      }
    }
    this.release()
  }

  private ownerAt(index: number): Owner {
    const bytes = Buffer.alloc(16)
    for (let word = 0; word < 4; word++) bytes.writeUInt32BE(this.owners[index * 4 + word]!, word * 4)
    return bytes.toString('latin1')
  }
}

/** Rows of one owner; see `ROW_BYTES`. */
export class Rows {
  private readonly times: Float64Array
  private readonly wholes: Uint32Array
  readonly count: number

  /** @param times  with one more at the end, which says where the last id ends */
  constructor(times: Float64Array, wholes: Uint32Array) {
    this.times = times
    this.wholes = wholes
    this.count = times.length / 3 - 1
  }

  at(row: number): Instant {
    return this.times[row * 3]!
  }

  receivedAt(row: number): Instant {
    return this.times[row * 3 + 1]!
  }

  saying(row: number): number {
    return this.wholes[row * 6 + 4]!
  }

  idAt(row: number): number {
    return this.wholes[row * 6 + 5]!
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An id as it is looked for. */
export function wordsOf(id: string): Words {
  if (!UUID.test(id)) throw new TypeError('an id is no UUID')
  const hex = id.replaceAll('-', '')
  const word = (at: number) => Number.parseInt(hex.slice(at, at + 8), 16)
  return [word(0), word(8), word(16), word(24)]
}
