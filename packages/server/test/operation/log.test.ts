import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../src/operation/log.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

test.each([
  [
    'a value that is there already',
    "insert into source (name, write_key, created_at) values ('a', 'ada@x.example', now())",
  ],
  ['a value of another type', "select 'ada@x.example'::integer"],
])('what PostgreSQL says of %s is told without the value', async (_name, statement) => {
  await database.pool.query("insert into source (name, write_key, created_at) values ('b', 'ada@x.example', now())")
  const lines: string[] = []
  const log = createLog('error', { write: (line) => lines.push(line) })
  const error: unknown = await database.pool.query(statement).catch((reason: unknown) => reason)
  log.error({ err: error }, 'a round failed')
  expect(lines.join('')).toMatch(/"code":"(?:23505|22P02)"/)
  expect(lines.join('')).not.toContain('ada')
})

test('errors of our own keep their message', () => {
  const lines: string[] = []
  createLog('error', { write: (line) => lines.push(line) }).error({ err: new Error('a bug') }, 'bug')
  expect(JSON.parse(lines[0]!)).toMatchObject({ err: { message: 'a bug' }, msg: 'bug' })
})
