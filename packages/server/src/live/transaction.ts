import type pg from 'pg'

/** Tells of statements that are on their way: nothing need be known of them before the commit is sent. */
export type Last = (sent: Promise<unknown>) => void

/**
 * Begins a transaction that judges leads. It holds the log from before it knows which version is live: whoever forgets
 * activities waits for it, so that nobody judges what is left of them by the version of before.
 */
export const JUDGING = 'begin; lock table only activity in access share mode'

/**
 * Begins a transaction that reads the whole log as it is at one instant: dropped partitions are gone for every snapshot, so that
 * they have to be held before there is one.
 */
export const READING_ALL = 'begin isolation level repeatable read read only; lock table activity in access share mode'

/**
 * Runs something in a transaction of its own, on a connection of its own.
 * @param run  a statement of `last` that fails makes the commit a rollback, and the whole fail
 * @param begin  what it begins with, in one round trip
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  run: (client: pg.PoolClient, last: Last) => Promise<T>,
  begin = 'begin',
): Promise<T> {
  const client = await pool.connect()
  const sent: Promise<unknown>[] = []
  let cause: unknown
  const last: Last = (statements) => {
    statements.catch((error: unknown) => (cause = causeOf(cause, error)))
    sent.push(statements)
  }
  let isBroken = false
  try {
    const [, result] = await Promise.all([client.query(begin), run(client, last)])
    await Promise.all([...sent, client.query('commit')])
    return result
  } catch (error) {
    await client.query('rollback').catch(() => (isBroken = true))
    throw causeOf(cause, error)
  } finally {
    client.release(isBroken)
  }
}

/**
 * Those behind the one that failed only say that one has failed; whoever hears of them in one piece with it may hear of them
 * before it.
 */
const causeOf = (known: unknown, error: unknown): unknown => (known === undefined || isBehind(known) ? error : known)

const isBehind = (error: unknown): boolean => (error as { code?: string }).code === '25P02'
