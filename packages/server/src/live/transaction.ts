import type { Writable } from 'node:stream'
import type pg from 'pg'

/**
 * Runs something in a transaction of its own, on a connection of its own.
 * @param begin  what it begins with, in one round trip
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  run: (client: pg.PoolClient) => Promise<T>,
  begin = 'begin',
): Promise<T> {
  const client = await pool.connect()
  let isBroken = false
  try {
    const [, result] = await Promise.all([client.query(begin), run(client)])
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => (isBroken = true))
    throw error
  } finally {
    client.release(isBroken)
  }
}

/**
 * Sends the first statement of each in one go: they run in this order, and nothing waits for an answer in between. After one
 * that fails the others fail too, and the transaction has to be given up.
 */
export function together<const T extends readonly unknown[]>(
  client: pg.PoolClient,
  send: () => T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  stream.cork()
  try {
    return Promise.all(send())
  } finally {
    stream.uncork()
  }
}
