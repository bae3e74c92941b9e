/** A database that ends under load and comes back, as after an error of fsync: PostgreSQL ends, and recovers from its log. */
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { startEmbedded, type Embedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { compileText } from '../../src/live/plans.ts'
import { inconsistencies } from '../crash/consistency.ts'
import { SMALL } from '../live/world.ts'
import { passingFolder } from '../passing-folder.ts'
import { addTestSource, openTestServer, type TestServer } from '../server.ts'

/** As many as one likes: `WINNOW_CRASHES=100 npx vitest run packages/server/test/trust/database-crash`. */
const CRASHES = Number(process.env['WINNOW_CRASHES'] ?? 2)

let folder: string
let cluster: Embedded
let server: TestServer
beforeAll(async () => {
  folder = await passingFolder()
  cluster = await startEmbedded(folder)
  const database = await openDatabase(cluster.url)
  await migrate(database.pool)
  await database.pool.query(
    "insert into definition_version (version, text, name, published_at, status) values (1, $1, 'small', now(), 'live')",
    [SMALL],
  )
  server = await openTestServer({
    settings: { WINNOW_RATE_CAPTURE: '1000000/s' },
    database: { ...database, url: cluster.url, drop: database.close },
  })
})
afterAll(async () => {
  await server.close()
  await server.database.close()
  await cluster.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Whoever brings everything to the disk meets its errors, and ends on them: so does all of PostgreSQL then. */
async function endCheckpointer(): Promise<void> {
  const { rows } = await server.database.pool.query<{ pid: number }>(
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  )
  process.kill(rows[0]!.pid, 'SIGKILL')
}

const isReady = async () => (await server.app.inject('/readyz')).statusCode === 200

test(
  `${CRASHES} times under load: nothing that was acknowledged is lost, nothing counts twice`,
  async () => {
    const { headers } = await addTestSource(server)
    const acknowledged = new Set<string>()
    const others: number[] = []
    const ending = new AbortController()
    let count = 0
    const send = (messageId: string) => {
      const payload = { messageId, userId: `p${messageId.length}${messageId.at(-1)}`, event: 'demo' }
      return server.app.inject({ method: 'POST', url: '/v1/track', headers, payload })
    }
    const sender = async () => {
      while (!ending.signal.aborted) {
        const messageId = `m${count++}`
        const { statusCode } = await send(messageId)
        if (statusCode === 200) acknowledged.add(messageId)
        else {
          others.push(statusCode)
          await sleep(20)
        }
      }
    }
    const senders = Array.from({ length: 8 }, sender)
    for (let crash = 0; crash < CRASHES; crash++) {
      const before = acknowledged.size
      await expect.poll(() => acknowledged.size > before + 50, { timeout: 30_000 }).toBe(true)
      await endCheckpointer()
      const refused = others.length
      await expect.poll(() => others.length > refused, { timeout: 30_000 }).toBe(true)
      await expect.poll(isReady, { timeout: 30_000 }).toBe(true)
    }
    ending.abort()
    await Promise.all(senders)
    expect(new Set(others)).toEqual(new Set([503]))

    const { pool } = server.database
    const { rows } = await pool.query<{ id: string }>("select split_part(message_id, ':', 2) as id from message")
    const stored = new Set(rows.map(({ id }) => id))
    expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([])
    // What was not answered comes again: it counts once, whether it had been stored or not.
    for (let number = 0; number < count; number++) {
      if (!acknowledged.has(`m${number}`)) expect((await send(`m${number}`)).statusCode).toBe(200)
    }
    const activities = await pool.query<{ count: number }>('select count(*) as count from activity')
    expect(activities.rows).toEqual([{ count }])
    expect(await inconsistencies(pool, compileText(SMALL))).toEqual([])
  },
  60_000 + CRASHES * 60_000,
)
