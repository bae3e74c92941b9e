import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBackup } from '../../src/backup/backup.ts'
import { restoreBackup } from '../../src/backup/restore.ts'
import { openDatabase } from '../../src/db/database.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { DAY, email, SMALL, World } from '../live/world.ts'

let world: World
let empty: TestDatabase
beforeEach(async () => {
  world = await World.open()
  empty = await createTestDatabase('template0')
})
afterEach(async () => {
  await world.database.drop()
  await empty.drop()
})

const DEMO = { kind: 'activity', type: 'demo', properties: { note: 'tab\there, \\. and\nnew line, “Zoë” 🎉' } } as const

/** As the commands open it, which copy whole tables. */
async function opened<T>({ url }: TestDatabase, run: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const { pool, close } = await openDatabase(url, { isPipelined: false })
  try {
    return await run(pool)
  } finally {
    await close()
  }
}

async function backupOf({ database, now }: World): Promise<Buffer> {
  const out = new PassThrough()
  const packed = buffer(out)
  await opened(database, (pool) => writeBackup(pool, out, { now }))
  return packed
}

const restore = (database: TestDatabase, packed: Buffer) =>
  opened(database, (pool) => restoreBackup(pool, Readable.from([packed])))

const everything = async ({ pool }: TestDatabase) => {
  const tables = [
    'lead',
    'circle',
    'identity',
    'activity',
    'fact',
    'transition',
    'outbox',
    'message',
    'definition_version',
  ]
  return Promise.all(
    tables.map(
      async (table) =>
        (await pool.query(`select to_jsonb(t) - 'transaction_id' as row from ${table} t order by 1`)).rows,
    ),
  )
}

test('what is restored is what was there, and goes on from there', async () => {
  await world.publish(SMALL)
  await world.say([email('a@x.example')], DEMO)
  const { leadId } = await world.say([email('b@x.example')], { ...DEMO, at: world.now - 800 * DAY }, DEMO)
  const packed = await backupOf(world)
  await restore(empty, packed)
  expect(await everything(empty)).toEqual(await everything(world.database))
  const restored = new World(empty)
  restored.now = world.now + 100 * DAY
  await restored.goTo(restored.now)
  await world.goTo(world.now + 100 * DAY)
  expect(await restored.ledger(leadId!)).toEqual(await world.ledger(leadId!))
  expect((await restored.say([email('b@x.example')], DEMO)).leadId).toBe(leadId)
})

test('sessions and links of then open nothing, people and keys are as they were', async () => {
  const { pool } = world.database
  const { rows } = await pool.query<{ id: string }>(
    "insert into person (name, email, role) values ('Ada', 'ada@x.example', 'admin') returning id",
  )
  const id = rows[0]!.id
  await pool.query(`insert into session (person_id, token, expires_at) values ($1, 't', 'infinity')`, [id])
  await pool.query(`insert into setup_link (token_hash, expires_at) values ('a', 'infinity')`)
  await pool.query(`insert into password_link (person_id, token_hash, expires_at) values ($1, 'b', 'infinity')`, [id])
  await pool.query(
    `insert into invitation (invitation_id, token_hash, email, role, created_at, expires_at)
     values (gen_random_uuid(), 'c', 'b@x.example', 'sales', now(), 'infinity')`,
  )
  await restore(empty, await backupOf(world))
  const left = await empty.pool.query(
    `select (select count(*) from person) as people, (select count(*) from session) as sessions,
       (select count(*) from setup_link) + (select count(*) from password_link) as links,
       (select count(*) from invitation where revoked_at is null) as invitations`,
  )
  expect(left.rows).toEqual([{ people: 1, sessions: 0, links: 0, invitations: 0 }])
})

test('nothing is restored over what is there', async () => {
  const packed = await backupOf(world)
  await expect(restore(world.database, packed)).rejects.toMatchObject({
    code: 'database_not_empty',
  })
})

test.each([
  ['no backup at all', () => Buffer.from('hello')],
  ['cut short', (packed: Buffer) => packed.subarray(0, packed.length - 40)],
  ['cut in the middle', (packed: Buffer) => packed.subarray(0, packed.length / 2)],
])('a file that is %s leaves the database empty', async (_name, damage) => {
  await world.say([email('a@x.example')], DEMO)
  const packed = damage(await backupOf(world))
  await expect(restore(empty, packed)).rejects.toMatchObject({ code: 'backup_damaged' })
  const { rows } = await empty.pool.query("select count(*) as count from pg_tables where schemaname = 'public'")
  expect(rows).toEqual([{ count: 0 }])
})
