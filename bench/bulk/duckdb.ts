/** DuckDB with the same rows in its own tables, in memory. */
import { DOUBLE, DuckDBDataChunk, DuckDBInstance, BIGINT, BOOLEAN, INTEGER, VARCHAR } from '@duckdb/node-api'
import type { Column, Columns } from '@winnow/engine'
import { FLAGS, NUMBERS, TEXTS } from './data.ts'
import { QUERY } from './sql.ts'

const CHUNK_ROWS = 2048

export interface Duck {
  /** Fit and engagement of every lead. */
  readonly query: (sql?: string) => Promise<{ fit: Float64Array; engagement: Float64Array }>
  readonly close: () => void
}

type Read = (row: number) => unknown

export async function openDuck(columns: Columns, threads: number): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  const types = [
    ...Object.keys(TEXTS).map(() => VARCHAR),
    ...Object.keys(NUMBERS).map(() => DOUBLE),
    ...FLAGS.map(() => BOOLEAN),
  ]
  const names = [...Object.keys(TEXTS), ...Object.keys(NUMBERS), ...FLAGS]
  const reads = names.map((name) => readOf(columns.attributes.get(name)!))
  await fill(connection, 'lead', ['lead', ...names], [INTEGER, ...types], columns.count, [(row) => row, ...reads])
  const { offsets, at, type, types: typeNames, properties } = columns.activities!
  const leads = new Int32Array(at.length)
  for (let lead = 0; lead < columns.count; lead++) leads.fill(lead, offsets[lead], offsets[lead + 1])
  await fill(
    connection,
    'activity',
    ['lead', 'moment', 'type', 'path', 'minutes'],
    [INTEGER, BIGINT, VARCHAR, VARCHAR, DOUBLE],
    at.length,
    [
      (row) => leads[row],
      (row) => BigInt(at[row]!),
      (row) => typeNames[type[row]!],
      readOf(properties.get('path')!),
      readOf(properties.get('minutes')!),
    ],
  )
  return {
    query: async (sql = QUERY) => {
      const reader = await connection.runAndReadAll(sql)
      const [, fit, engagement] = reader.getColumns()
      return { fit: Float64Array.from(fit, Number), engagement: Float64Array.from(engagement, Number) }
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function readOf(column: Column): Read {
  if (column.kind === 'codes') return (row) => column.dictionary[column.codes[row]!] ?? null
  return (row) => (Number.isNaN(column.values[row]!) ? null : column.values[row])
}

/** What is used of a connection: the library's own types are not there when types are checked. */
interface Connection {
  readonly run: (sql: string) => Promise<unknown>
  readonly createAppender: (
    table: string,
  ) => Promise<{ appendDataChunk: (chunk: unknown) => void; closeSync: () => void }>
}

async function fill(
  connection: Connection,
  table: string,
  names: string[],
  types: readonly { toString: () => string }[],
  rows: number,
  reads: Read[],
): Promise<void> {
  await connection.run(
    `CREATE TABLE ${table} (${names.map((name, index) => `${name} ${types[index]!.toString()}`).join(', ')})`,
  )
  const appender = await connection.createAppender(table)
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - from)
    const chunk = DuckDBDataChunk.create(types, count)
    reads.forEach((read, index) =>
      chunk.setColumnValues(
        index,
        Array.from({ length: count }, (_, row) => read(from + row)),
      ),
    )
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}
