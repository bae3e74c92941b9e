/**
 * Databases of older schemas come to the latest one with their data. Each migration that changes tables with data in them gets a
 * fixture: `fixtures/<migration>.sql` is data as they lay there when that migration was the latest.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate, migrations } from '../../src/db/migrate.ts'
import { describeSchema } from '../../src/db/schema.ts'
import { inconsistencies } from '../crash/consistency.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { DAY, email, T0, World } from '../live/world.ts'
import { Plans } from '../../src/live/plans.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.sql'))
const ADA = 'a0000000-0000-4000-8000-000000000001'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase('template0')
})
afterEach(() => database.drop())

/** Brings the database to where the fixture was taken, and puts its data there. */
async function restoreFixture(name: string): Promise<void> {
  const list = migrations()
  const last = list.findIndex((migration) => migration.name === name)
  if (last < 0) throw new Error(`${name} is not called like a migration`)
  await migrate(database.pool, list.slice(0, last + 1))
  await database.pool.query(readFileSync(join(FIXTURES, name), 'utf8'))
}

/** Everything that was there, table by table, without the columns that came later. */
async function contents(columns: ReadonlyMap<string, readonly string[]>): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const [table, kept] of columns) {
    const { rows } = await database.pool.query(
      `select to_jsonb(t) as row from (select ${kept.map((name) => `"${name}"`).join(', ')} from "${table}") t order by 1`,
    )
    found[table] = rows
  }
  return found
}

async function columnsNow(): Promise<Map<string, string[]>> {
  const { rows } = await database.pool.query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration'
       and a.attnum > 0 and not a.attisdropped
     group by 1`,
  )
  return new Map(rows.map(({ table, columns }) => [table, columns]))
}

describe.each(names)('data as of %s', (name) => {
  test('are there after the upgrade, in the latest schema', async () => {
    await restoreFixture(name)
    const columns = await columnsNow()
    const before = await contents(columns)
    for (const [table, rows] of Object.entries(before)) expect({ table, rows }).not.toEqual({ table, rows: [] })
    await migrate(database.pool)
    expect(await contents(columns)).toEqual(before)
    const checkedIn = readFileSync(join(import.meta.dirname, '../../schema.sql'), 'utf8')
    expect(await describeSchema(database.pool)).toBe(checkedIn)
  })

  test('are assessed, and go on being so', async () => {
    await restoreFixture(name)
    await migrate(database.pool)
    const world = new World(database)
    world.now = T0 + 30 * DAY
    await world.goTo(world.now)
    const { plan } = (await new Plans().live(database.pool))!
    expect(await inconsistencies(database.pool, plan)).toEqual([])
    const { leadId } = await world.say([email('ada@brightmill.example')], {
      kind: 'activity',
      type: 'demo',
      properties: {},
    })
    expect(leadId).toBe(ADA)
    expect(await world.lead(ADA)).toMatchObject({ levels: { temperature: 'hot' }, scores: { fit: 50 } })
    expect(await inconsistencies(database.pool, plan)).toEqual([])
  })
})

test('the first schema has a fixture', () => {
  expect(names).toContain('0001-core.sql')
})
