/** What is new of the indexes of lists is merged in beside the events that bring it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Pending } from '../../src/live/pending.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const addLeads = (count: number) =>
  database.pool.query(
    `insert into lead (lead_id, circle_id, created_at, email, attributes, levels)
     select id, id, now(), id || '@a.example', jsonb_build_object('id', id), '{"temperature": "hot"}'
     from (select gen_random_uuid() as id from generate_series(1, $1)) as made`,
    [count],
  )

const merged = async () =>
  (
    await database.pool.query<{ pages: number }>(
      `select gin_clean_pending_list('lead_facets') + gin_clean_pending_list('lead_words')
         + gin_clean_pending_list('lead_standing_facets') as pages`,
    )
  ).rows[0]!.pages

test('what a server before this one has left is merged, and then what was told of', async () => {
  const pending = new Pending(database.pool)
  await addLeads(1000)
  await pending.merge()
  expect(await merged()).toBe(0)
  await addLeads(1000)
  pending.add()
  await pending.merge()
  expect(await merged()).toBe(0)
})

test('the database is left alone where nothing was written', async () => {
  const pending = new Pending(database.pool)
  await pending.merge()
  await addLeads(1000)
  await pending.merge()
  expect(await merged()).toBeGreaterThan(0)
})

test('an event does not merge: the collection has room for more than comes in a second', async () => {
  await merged()
  await addLeads(20_000)
  expect(await merged()).toBeGreaterThan(512) // 4 MB
})
