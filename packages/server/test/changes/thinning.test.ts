import { formatInstant } from '@winnow/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OUTBOX_KEPT_MS, thinOutbox } from '../../src/changes/thinning.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { DAY, T0 } from '../live/world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('lines that are a month old go, a few at a time, and no others', async () => {
  const ages = [50, 40, 31, 29, 1, 0]
  for (const days of ages) {
    const at = formatInstant(T0 - days * DAY)
    await database.db
      .insertInto('outbox')
      .values({
        lead_id: crypto.randomUUID(),
        at,
        topic: 'transition',
        payload: JSON.stringify({ days }),
        created_at: at,
      })
      .execute()
  }
  const left = async () => {
    const rows = await database.db.selectFrom('outbox').select('payload').orderBy('outbox_id').execute()
    return rows.map(({ payload }) => payload['days'])
  }
  expect(await thinOutbox(database.pool, T0, 2)).toBe(2)
  expect(await left()).toEqual([31, 29, 1, 0])
  expect(await thinOutbox(database.pool, T0, 2)).toBe(1)
  expect(await thinOutbox(database.pool, T0)).toBe(0)
  expect(await left()).toEqual([29, 1, 0])
  expect(await thinOutbox(database.pool, T0 + OUTBOX_KEPT_MS)).toBe(2)
  expect(await left()).toEqual([0])
})
