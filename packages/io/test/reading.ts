import { openCsv, type Refusal } from '../src/index.ts'

type CsvOptions = NonNullable<Parameters<typeof openCsv>[1]>

/** Bytes in pieces of `size`. */
export async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A whole CSV: header, cells of the rows, refusals. */
export async function readAll(source: string | Uint8Array | AsyncIterable<Uint8Array>, options: CsvOptions = {}) {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  const csv = await openCsv(bytes instanceof Uint8Array ? chunked(bytes, 64 * 1024) : bytes, options)
  const rows: (readonly string[])[] = []
  const lines: number[] = []
  const refusals: Refusal[] = []
  for await (const batch of csv.batches) {
    for (const row of batch.rows) {
      rows.push(row.cells)
      lines.push(row.line)
    }
    refusals.push(...batch.refusals)
  }
  return { header: csv.header, rows, refusals, file: { encoding: csv.encoding, dialect: csv.dialect, lines } }
}
