/** A database of its own for a test, with the whole schema in it. */
import { inject } from 'vitest'
import { openDatabase, type Database } from '../src/db/database.ts'
import { TEMPLATE, withDatabase } from './cluster.ts'

export interface TestDatabase extends Database {
  readonly url: string
  /** Closes the connections and removes the database. */
  readonly drop: () => Promise<void>
}

/** @param template  `template0` for one without the schema */
export async function createTestDatabase(template: string = TEMPLATE): Promise<TestDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  await administer(`create database ${name} template ${template} strategy file_copy`)
  const url = withDatabase(inject('clusterUrl'), name)
  const database = await openDatabase(url)
  return {
    ...database,
    url,
    drop: async () => {
      await database.close()
      await administer(`drop database ${name} with (force)`)
    },
  }
}

async function administer(statement: string): Promise<void> {
  const { pool, close } = await openDatabase(inject('clusterUrl'), { connectionsMax: 1 })
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await pool.query(statement)
        return
      } catch (error) {
        // Two copies at once: the template is in use for some milliseconds.
        if ((error as { code?: string }).code !== '55006' || attempt === 50) throw error
        await new Promise((resolve) => setTimeout(resolve, 20 + 40 * (attempt % 5)))
      }
    }
  } finally {
    await close()
  }
}
