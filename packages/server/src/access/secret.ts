import { randomBytes } from 'node:crypto'
import type { Db } from '../db/database.ts'

/** The secret that all servers of a database share, made by the first of them. */
export async function readSecret(db: Db): Promise<string> {
  const value = randomBytes(32).toString('base64url')
  await db
    .insertInto('secret')
    .values({ name: 'signing', value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const kept = await db.selectFrom('secret').select('value').where('name', '=', 'signing').executeTakeFirstOrThrow()
  return kept.value
}
