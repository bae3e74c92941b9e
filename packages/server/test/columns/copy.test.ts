/** Whatever has happened to the copy of the log, what is read from it is what the database says. */
import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBackup } from '../../src/backup/backup.ts'
import { restoreBackup } from '../../src/backup/restore.ts'
import { thinNotes } from '../../src/columns/notes.ts'
import { openDatabase } from '../../src/db/database.ts'
import { unmergeAccount } from '../../src/leads/unmerge-account.ts'
import { unmerge } from '../../src/leads/unmerge.ts'
import type { AccountName } from '../../src/live/intake.ts'
import type { Intake } from '../../src/live/intake.ts'
import { forgetDue } from '../../src/retention/forget.ts'
import { writeMonths } from '../../src/retention/store.ts'
import { companyOf } from '../backtests/random-company.ts'
import { createTestDatabase } from '../database.ts'
import { anonymous, DAY, HOUR, SMALL, T0, user, World } from '../live/world.ts'
import { Copying, unnamed } from './copying.ts'

let world: World
let copying: Copying
let messages: Intake[]

beforeEach(async () => {
  world = await World.open()
  await world.publish(SMALL)
  copying = await Copying.open(world.database)
  messages = companyOf(world, 11)
})

afterEach(async () => {
  await copying.remove()
  await world.database.drop()
})

async function live(some: readonly Intake[]): Promise<void> {
  for (const message of some) {
    world.now = message.receivedAt
    await world.batcher.take([message])
  }
}

async function expectTheSame(): Promise<void> {
  for (const looksAtAccount of [false, true]) {
    for (const knownAt of [Infinity, T0 + 9 * DAY]) {
      const said = await copying.readDatabase(looksAtAccount, knownAt)
      const copied = await copying.read(looksAtAccount, knownAt)
      expect(said.some(({ facts }) => facts.length > 0)).toBe(true)
      expect(copied.map(unnamed)).toEqual(said.map(unnamed))
    }
  }
}

const third = (part: number) =>
  messages.slice(Math.floor((messages.length * part) / 3), Math.floor((messages.length * (part + 1)) / 3))

const filesOf = async ({ folder }: Copying) => (await readdir(folder)).toSorted()

test('made anew, brought up to date again and again, and up to date already', async () => {
  await copying.follow() // of nothing
  for (const part of [0, 1, 2]) {
    await live(third(part))
    await expectTheSame()
  }
  const before = await filesOf(copying)
  await expectTheSame()
  expect(await filesOf(copying)).toEqual(before)
})

test('leads that turn out to be one, and to be two after all', async () => {
  await live(third(0))
  await copying.follow()
  world.now += HOUR
  for (const browser of ['first', 'second']) {
    await world.say([anonymous(browser)], { kind: 'activity', type: 'demo', properties: {} })
    world.now += HOUR
    await world.say([anonymous(browser), user('s11p0')], { kind: 'activity', type: 'page', properties: {} })
  }
  await live(third(1))
  const { rows } = await world.database.pool.query<{ lead_id: string }>(
    'select lead_id from lead where merged_into is not null',
  )
  expect(rows.length).toBe(2)
  await expectTheSame()
  for (const { lead_id } of rows) await unmerge(world.taking, lead_id, 'test')
  await live(third(2))
  await expectTheSame()
})

test('accounts that turn out to be one, and to be two after all', async () => {
  const groups = [0, 1].map((place) => ({ kind: 'group', value: `s11group${place}` }) as const)
  const [account, other] = groups as [AccountName, AccountName]
  await live(third(0))
  await copying.follow()
  await world.batcher.take([world.intake([], [], { accountsAreOne: { account, other, because: 'so', by: 'sam' } })])
  await live(third(1))
  await expectTheSame()
  const { rows } = await world.database.pool.query<{ account_id: string }>(
    'select account_id from account where merged_into is not null',
  )
  expect(rows).toHaveLength(1)
  await unmergeAccount(world.taking, rows[0]!.account_id, 'test')
  await live(third(2))
  await expectTheSame()
})

test('a transaction that was open while the copy was written is not missed', async () => {
  await live(third(0))
  const { pool } = world.database
  const { rows } = await pool.query<{ lead_id: string }>('select lead_id from lead limit 1')
  const slow = await pool.connect()
  await slow.query('begin')
  await slow.query(
    `insert into activity (lead_id, at, fact_id, received_at, type, properties) values ($1, $2, 'slow/0', $2, 'demo', '{}')`,
    [rows[0]!.lead_id, new Date(T0 + 8 * DAY)],
  )
  await live(third(1)) // later transactions that end before it
  await expectTheSame()
  await slow.query('commit')
  slow.release()
  await expectTheSame()
})

test('who is erased is in no file once the copy is up to date, and others are as before', async () => {
  await live(messages)
  const { pool } = world.database
  await world.say([user('s11p0')], { kind: 'attribute', name: 'secret', value: 'Zebedee Quince' })
  await world.say([user('s11p1')], { kind: 'activity', type: 'page', properties: { path: '/zebedee-quince' } })
  await copying.follow()
  const holds = async (text: string) => {
    const files = await Promise.all((await filesOf(copying)).map((name) => readFile(join(copying.folder, name))))
    return files.some((bytes) => bytes.includes(text))
  }
  expect(await holds('Zebedee Quince')).toBe(true)
  await pool.query(`delete from fact where body ->> 'value' = 'Zebedee Quince'`)
  await pool.query(`update activity set properties = '{}' where properties ->> 'path' = '/zebedee-quince'`)
  await expectTheSame()
  expect(await holds('Zebedee Quince')).toBe(false)
  expect(await holds('zebedee-quince')).toBe(false)
  const { rows } = await pool.query<{ lead_id: string }>('select lead_id from lead limit 1')
  for (const table of ['activity', 'fact'])
    await pool.query(`delete from ${table} where lead_id = $1`, [rows[0]!.lead_id])
  await expectTheSame()
  const word = Buffer.from(rows[0]!.lead_id.slice(0, 8), 'hex').swap32().toString('latin1')
  const files = await Promise.all(
    (await filesOf(copying)).map((name) => readFile(join(copying.folder, name), 'latin1')),
  )
  expect(files.some((bytes) => bytes.includes(word))).toBe(false)
  await pool.query('truncate fact')
  await expectTheSame()
})

test('what is forgotten is in no file once the copy is up to date', async () => {
  await live(messages)
  const { pool } = world.database
  await world.say([user('s11p1')], { kind: 'activity', type: 'page', properties: { path: '/long-ago' } })
  const holds = async () => {
    const files = await Promise.all((await filesOf(copying)).map((name) => readFile(join(copying.folder, name))))
    return files.some((bytes) => bytes.includes('/long-ago'))
  }
  await copying.follow()
  expect(await holds()).toBe(true)
  await world.goTo(T0 + 400 * DAY)
  await writeMonths(pool, 3)
  expect(await forgetDue({ taking: world.taking, changed: () => {} })).toMatchObject({ version: 2 })
  await world.say([user('s11p1')], { kind: 'activity', type: 'page', properties: { path: '/now' } })
  await expectTheSame()
  expect(await holds()).toBe(false)
})

test('notes of what was removed go after a day, and a copy that knows of none is made anew', async () => {
  await live(messages)
  const { pool } = world.database
  const behind = await Copying.open(world.database)
  await copying.follow()
  await behind.follow()
  const noted = async () => (await pool.query('select from log_rewritten')).rowCount
  expect(await thinNotes(pool, T0)).toBe(0) // looks for the first time
  await pool.query(`delete from activity where type = 'page'`)
  await copying.follow()
  const buckets = await bucketsIn(copying.folder)
  expect(await noted()).toBeGreaterThan(0)
  expect(await thinNotes(pool, T0 + DAY - 1)).toBe(0)
  expect(await thinNotes(pool, T0 + DAY)).toBe(0) // they are younger than that
  expect(await thinNotes(pool, T0 + 2 * DAY)).toBeGreaterThan(0)
  expect(await noted()).toBe(0)
  await expectTheSame()
  expect(await bucketsIn(copying.folder)).toEqual(buckets)
  copying = await exchanged(behind)
  await expectTheSame()
})

/** Another copy takes the place of the one of the test. */
async function exchanged(other: Copying): Promise<Copying> {
  await copying.remove()
  return other
}

test.each([
  {
    name: 'no manifest',
    harm: async (folder: string) => rm(join(folder, 'manifest.json')),
  },
  {
    name: 'half a manifest',
    harm: async (folder: string) => truncate(join(folder, 'manifest.json'), 100),
  },
  {
    name: 'another format',
    harm: async (folder: string) => {
      const path = join(folder, 'manifest.json')
      await writeFile(path, (await readFile(path, 'utf8')).replace('"format":1', '"format":0'))
    },
  },
  {
    name: 'a file that is gone',
    harm: async (folder: string) => rm(join(folder, (await bucketsIn(folder))[0]!)),
  },
  {
    name: 'a file that is too short',
    harm: async (folder: string) => truncate(join(folder, (await bucketsIn(folder))[0]!), 40),
  },
  {
    name: 'what a killed process had not finished',
    harm: async (folder: string) => {
      for (const name of await bucketsIn(folder)) await writeFile(join(folder, name), 'unfinished', { flag: 'a' })
      await writeFile(join(folder, 'bucket-3-abcdef01'), 'unfinished')
      await writeFile(join(folder, 'manifest.json.new'), '{"form')
    },
  },
  {
    name: 'nothing at all',
    harm: async (folder: string) => rm(folder, { recursive: true }),
  },
])('mends itself: $name', async ({ harm }) => {
  await live([...third(0), ...third(1)])
  await copying.follow()
  await harm(copying.folder)
  await live(third(2))
  await expectTheSame()
  const manifest = await readFile(join(copying.folder, 'manifest.json'), 'utf8')
  for (const name of await bucketsIn(copying.folder)) expect(manifest).toContain(name)
})

const bucketsIn = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith('bucket-'))

test('what was changed on disk is not taken for what was written', async () => {
  await live(messages)
  await copying.follow()
  await copying.damage()
  await expect(copying.read(false)).rejects.toThrow('not what was written')
})

test('a restored database has a copy of its own', async () => {
  await live(third(0))
  await copying.follow()
  const packed = new PassThrough()
  const restored = await createTestDatabase('template0')
  const [from, into] = await Promise.all(
    [world.database.url, restored.url].map((url) => openDatabase(url, { isPipelined: false })),
  )
  try {
    await Promise.all([restoreBackup(into!.pool, packed), writeBackup(from!.pool, packed, { now: world.now })])
    await live(third(1)) // of which the restored one knows nothing
    await copying.follow()
    const other = new Copying(restored, copying.folder)
    const said = await other.readDatabase(false)
    expect((await other.read(false)).map(unnamed)).toEqual(said.map(unnamed))
    await other.follow() // a second time: no transaction of the other database counts as new
    expect((await other.read(false)).map(unnamed)).toEqual(said.map(unnamed))
    await expectTheSame()
  } finally {
    await from!.close()
    await into!.close()
    await restored.drop()
  }
})

test('two at once wait for each other', async () => {
  await live(third(0))
  const reads = await Promise.all([copying.read(false), copying.read(false), copying.read(true)])
  const said = await copying.readDatabase(false)
  expect(reads[0].map(unnamed)).toEqual(said.map(unnamed))
  expect(reads[1].map(unnamed)).toEqual(said.map(unnamed))
})

test('nobody else can look into it', async () => {
  await live(third(0))
  await copying.follow()
  expect((await stat(copying.folder)).mode & 0o777).toBe(0o700)
  for (const name of await filesOf(copying)) expect((await stat(join(copying.folder, name))).mode & 0o077).toBe(0)
})

test('where it cannot be written, that is said', async () => {
  await mkdir(copying.folder, { recursive: true })
  await rm(copying.folder, { recursive: true })
  await writeFile(copying.folder, 'a file where the folder should be')
  await chmod(copying.folder, 0o600)
  await expect(copying.follow()).rejects.toThrow('EEXIST')
})
