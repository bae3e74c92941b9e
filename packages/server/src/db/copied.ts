/** What `COPY … to stdout (format binary)` sends: a head, then rows of fields, each behind its length. */

/** Signature, flags, and the length of an extension that there is none of. */
export const HEAD_BYTES = 19
/** PostgreSQL counts from 2000 on. */
const EPOCH_MS = Date.UTC(2000, 0, 1)

/** @param begin  where the eight bytes of a `bigint` begin */
export const wholeAt = (bytes: Buffer, begin: number): number =>
  bytes.readInt32BE(begin) * 2 ** 32 + bytes.readUInt32BE(begin + 4)

/** @param begin  where the eight bytes of a `timestamptz` begin */
export const instantAt = (bytes: Buffer, begin: number): number => EPOCH_MS + Math.floor(wholeAt(bytes, begin) / 1000)

/** Cuts the pieces in which a copy comes into rows. */
export class CopiedPieces {
  private readonly row: (bytes: Buffer, begin: number, end: number) => void
  /** What is left of the piece before, where a row does not end with it. */
  private rest: Buffer = Buffer.alloc(0)
  private isBegun = false

  /** @param row  gets each whole row: two bytes that say how many fields there are, and the fields */
  constructor(row: (bytes: Buffer, begin: number, end: number) => void) {
    this.row = row
  }

  take(piece: Buffer): void {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece])
    let begin = 0
    if (!this.isBegun) {
      if (bytes.length < HEAD_BYTES) {
        this.rest = bytes
        return
      }
      begin = HEAD_BYTES
      this.isBegun = true
    }
    for (let end = endOfRow(bytes, begin); end > 0; end = endOfRow(bytes, begin)) {
      this.row(bytes, begin, end)
      begin = end
    }
    this.rest = bytes.subarray(begin)
  }
}

/** @returns −1 where the row is not whole yet, and behind the last one */
function endOfRow(bytes: Buffer, begin: number): number {
  if (begin + 2 > bytes.length) return -1
  const fields = bytes.readInt16BE(begin)
  if (fields < 0) return -1
  let end = begin + 2
  for (let field = 0; field < fields; field++) {
    if (end + 4 > bytes.length) return -1
    end += 4 + bytes.readInt32BE(end)
    if (end > bytes.length) return -1
  }
  return end
}
