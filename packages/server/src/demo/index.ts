/** The demo company from the command line: into a server that runs, or into a data folder that nobody uses. */
import type { Config } from '../config.ts'
import { openDatabase, type Database } from '../db/database.ts'
import { runningUrl, startEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import { ServerError } from '../errors.ts'
import { Partitions } from '../live/log.ts'
import { Plans } from '../live/plans.ts'
import { createLive } from '../live/runtime.ts'
import type { Taking } from '../live/take.ts'
import { createLog } from '../operation/log.ts'
import type { Loading } from './load.ts'
import { runDemo } from './run.ts'
import { KeptOut } from '../erasure/kept-out.ts'
import { endDemo, readDemo, removeDemo, requestDemo, type DemoChoice, type DemoRow } from './store.ts'

/** @throws ServerError `conflict` where there is anything that is not this demo's */
export async function fillWithDemo(config: Config, choice: DemoChoice, loading: Loading): Promise<DemoRow> {
  return withDatabase(config, async ({ pool }) => {
    const taking: Taking = {
      pool,
      plans: new Plans(),
      partitions: new Partitions(),
      now: Date.now,
      newId: () => crypto.randomUUID(),
      keptOut: new KeptOut(),
      log: createLog('error', process.stderr),
    }
    await requestDemo(pool, choice, Date.now())
    const live = createLive(taking)
    live.start()
    try {
      // A server on the same database may have been quicker.
      const end = (await runDemo(taking, loading)) ?? (await untilEnded(pool, loading))
      if (end === 'waiting') await endDemo(pool, 'cancelled', Date.now())
      if (end === 'failed') throw new ServerError('internal', 'the demo company could not be loaded')
    } finally {
      await live.stop()
    }
    return (await readDemo(pool))!
  })
}

async function untilEnded(pool: Database['pool'], { signal, progress }: Loading): Promise<DemoRow['state']> {
  for (;;) {
    const row = await readDemo(pool)
    if (row === undefined || !['waiting', 'running'].includes(row.state) || signal.aborted)
      return row?.state ?? 'cancelled'
    progress?.({ leads: row.loaded_leads, facts: row.loaded_facts })
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** @throws ServerError `conflict` while it is being loaded */
export async function emptyOfDemo(config: Config): Promise<void> {
  await withDatabase(config, ({ pool }) => removeDemo(pool))
}

async function withDatabase<T>({ databaseUrl, folder }: Config, run: (database: Database) => Promise<T>): Promise<T> {
  const running = databaseUrl ?? (await runningUrl(folder))
  const embedded = running === undefined ? await startEmbedded(folder) : undefined
  try {
    const database = await openDatabase(running ?? embedded!.url)
    try {
      await migrate(database.pool)
      return await run(database)
    } finally {
      await database.close()
    }
  } finally {
    await embedded?.stop()
  }
}
