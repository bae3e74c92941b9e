/** A Winnow as it is started by `winnow serve`, on a PostgreSQL of its own that the test can look into. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openDatabase, type Database } from '../packages/server/src/db/database.ts'
import { startEmbedded } from '../packages/server/src/db/embedded.ts'
import { passingFolder } from '../packages/server/test/passing-folder.ts'

export interface RunningWinnow {
  readonly url: string
  readonly database: Database
  /** Of a source that was made for the test. */
  readonly writeKey: string
  readonly stop: () => Promise<void>
}

const ROOT = join(import.meta.dirname, '..')

export async function startWinnow(): Promise<RunningWinnow> {
  const folder = await passingFolder()
  const postgres = await startEmbedded(folder, { isDurable: false })
  const { child, url, token } = await serve(postgres.url)
  const database = await openDatabase(postgres.url)
  return {
    url,
    database,
    writeKey: await addSource(url, token),
    stop: async () => {
      await database.close()
      child.kill('SIGTERM')
      await once(child, 'exit')
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Served {
  readonly child: ChildProcess
  readonly url: string
  /** Makes the first administrator. */
  readonly token: string
}

async function serve(databaseUrl: string): Promise<Served> {
  const child = spawn(process.execPath, ['packages/cli/src/main.ts', 'serve', '--port', '0'], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: databaseUrl, WINNOW_LOG: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let token: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    token ??= /token=([\w-]+)/.exec(line)?.[1]
    const url = /Winnow is ready at (\S+)/.exec(line)?.[1]
    if (url !== undefined && token !== undefined) return { child, url, token }
  }
  throw new Error('winnow serve ended before it was ready')
}

async function addSource(url: string, token: string): Promise<string> {
  const send = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, ...headers },
      body: JSON.stringify(body),
    })
  const ada = { token, name: 'Ada', email: 'ada@example.com', password: 'a long one, please' }
  const cookie = (await send('/api/setup', ada)).headers.getSetCookie().map((each) => each.split(';')[0])
  const reply = await send('/api/sources', { name: 'Website' }, { cookie: cookie.join('; ') })
  const { writeKey } = (await reply.json()) as { writeKey: string }
  return writeKey
}
