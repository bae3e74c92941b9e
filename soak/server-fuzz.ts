/**
 * Wrong requests over every route of a whole server on a PostgreSQL of its own.
 *
 *     node soak/server-fuzz.ts [--requests 1000000] [--seed 1]
 *
 * Ends with 1 where an answer was 5xx, a refusal had no code, hint or place, or a refusal has changed a row. A failure is told
 * with the seed and the number of its request.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../packages/server/src/db/database.ts'
import { startEmbedded } from '../packages/server/src/db/embedded.ts'
import { migrate } from '../packages/server/src/db/migrate.ts'
import { openTestServer } from '../packages/server/test/server.ts'
import { fuzz, FUZZ_SETTINGS } from '../packages/server/test/trust/fuzzing/fuzz.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
  },
})
const AT = Date.parse('2026-03-02T09:00:00Z')
const REPORT_EVERY = 10_000

const folder = mkdtempSync(join(tmpdir(), 'winnow-fuzz-'))
const cluster = await startEmbedded(folder, { isDurable: false })
try {
  const database = await openDatabase(cluster.url)
  await migrate(database.pool)
  const own = { ...database, url: cluster.url, drop: database.close }
  const server = await openTestServer({ settings: FUZZ_SETTINGS, now: () => AT, database: own })
  console.log(`seed ${values.seed}, ${Number(values.requests).toLocaleString('en')} requests`)
  const { failures, statuses, routes } = await fuzz(server, {
    seed: Number(values.seed),
    requests: Number(values.requests),
    onProgress: (done) => {
      if (done > 0 && done % REPORT_EVERY === 0) console.log(`${done.toLocaleString('en')} requests`)
    },
  })
  console.log(`${routes} routes, answers by status: ${JSON.stringify(statuses)}`)
  for (const failure of failures) console.log(`FAILED: ${failure}`)
  console.log(failures.length === 0 ? 'nothing wrong' : `${failures.length} failures`)
  process.exitCode = failures.length === 0 ? 0 : 1
  await server.close()
  await database.close()
} finally {
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
}
