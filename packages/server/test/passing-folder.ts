/** Where a cluster lies that need not outlive its run. */
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../src/db/embedded.ts'

/** A file system in memory: each test copies a database, which is hundreds of files, and takes a twentieth of the time there. */
const MEMORY = '/dev/shm'
const ROOM_BYTES = 4 * 2 ** 30
const NAME = 'winnow-passing-'

export async function passingFolder(): Promise<string> {
  if (!(await hasRoom())) return mkdtemp(join(tmpdir(), NAME))
  await sweep()
  return mkdtemp(join(MEMORY, `${NAME}${process.pid}-`))
}

const hasRoom = async (): Promise<boolean> =>
  statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize >= ROOM_BYTES,
    () => false,
  )

/** What runs that were killed have left, which would hold memory for ever. Their databases end when their folders are gone. */
async function sweep(): Promise<void> {
  for (const name of await readdir(MEMORY)) {
    const [, owner] = new RegExp(`^${NAME}(\\d+)-`).exec(name) ?? []
    if (owner !== undefined && !isAlive(Number(owner))) await rm(join(MEMORY, name), { recursive: true, force: true })
  }
}
