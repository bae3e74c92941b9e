import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate, migrations } from '../../src/db/migrate.ts'
import { describeSchema } from '../../src/db/schema.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase('template0')
})
afterEach(() => database.drop())

test('migrations come to the checked-in schema', async () => {
  await migrate(database.pool)
  const checkedIn = await readFile(join(import.meta.dirname, '../../schema.sql'), 'utf8')
  expect(await describeSchema(database.pool)).toBe(checkedIn)
})

test('each is applied once, also when two servers start together', async () => {
  const [one, other] = await Promise.all([migrate(database.pool), migrate(database.pool)])
  expect([...one, ...other].sort()).toEqual(migrations().map(({ name }) => name))
})

test('one that fails leaves nothing behind', async () => {
  const broken = { name: '9999-broken.sql', text: 'create table half (); select nonsense' }
  await expect(migrate(database.pool, [broken])).rejects.toThrow('nonsense')
  expect((await database.pool.query("select to_regclass('half') as found")).rows).toEqual([{ found: null }])
})

test('a database that a newer Winnow has used is left alone', async () => {
  await migrate(database.pool)
  await database.pool.query("insert into migration (name, digest) values ('9999-future.sql', 'x')")
  await expect(migrate(database.pool)).rejects.toMatchObject({ code: 'schema_newer' })
})
