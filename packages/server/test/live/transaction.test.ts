import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../src/live/transaction.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const DIVISION_BY_ZERO = '22012'

/** Heard of later the deeper it is. */
async function failing(client: pg.PoolClient, depth: number): Promise<void> {
  if (depth === 0) await client.query('select 1 / 0')
  else await failing(client, depth - 1)
}

test.each([0, 1, 5, 20])(
  'a statement that fails is the reason, however soon others say that one has failed (%i)',
  async (depth) => {
    const attempt = inTransaction(database.pool, async (client, last) => {
      last(failing(client, depth))
      last(client.query('select 1'))
      await client.query('select 2')
    })
    await expect(attempt).rejects.toMatchObject({ code: DIVISION_BY_ZERO })
    expect((await database.pool.query('select 3 as three')).rows).toEqual([{ three: 3 }])
  },
)
