import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { startEmbedded } from '../../src/db/embedded.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-embedded-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A process of its own that starts the folder's server, and then waits to be killed. */
async function startElsewhere() {
  const module = join(import.meta.dirname, '../../src/db/embedded.ts')
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(module)})
    await startEmbedded(${JSON.stringify(folder)})
    console.log('up')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('what was committed is there after a clean stop and another start', async () => {
  const first = await startEmbedded(folder)
  const before = await openDatabase(first.url)
  await before.pool.query('create table kept (value int)')
  await before.pool.query('insert into kept values (42)')
  await before.close()
  await first.stop()
  const second = await startEmbedded(folder)
  const after = await openDatabase(second.url)
  expect((await after.pool.query('select value from kept')).rows).toEqual([{ value: 42 }])
  expect((await after.pool.query('show fsync')).rows).toEqual([{ fsync: 'on' }])
  await after.close()
  await second.stop()
}, 60_000)

test('a second Winnow on the folder is refused while the first lives, and takes over when it was killed', async () => {
  const child = await startElsewhere()
  await expect(startEmbedded(folder)).rejects.toMatchObject({ code: 'data_folder_busy' })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const server = await startEmbedded(folder)
  expect(server.wasAdopted).toBe(true)
  const { pool, close } = await openDatabase(server.url)
  expect((await pool.query('select value from kept')).rows).toEqual([{ value: 42 }])
  await close()
  await server.stop()
}, 60_000)

test('its password lies in a file that others cannot read', async () => {
  const { mode } = await import('node:fs').then(({ statSync }) => statSync(join(folder, 'postgres', 'winnow-password')))
  expect(mode & 0o077).toBe(0)
})

test('data of another major version are left alone', async () => {
  const file = join(folder, 'postgres', 'PG_VERSION')
  const version = await readFile(file, 'utf8')
  await writeFile(file, '12\n')
  await expect(startEmbedded(folder)).rejects.toMatchObject({ code: 'data_folder_version' })
  await writeFile(file, version)
})

test('a folder that cannot be written is said to be so', async () => {
  const file = join(folder, 'plain-file')
  await writeFile(file, '')
  await expect(startEmbedded(join(file, 'data'))).rejects.toMatchObject({ code: 'data_folder_unreachable' })
})
