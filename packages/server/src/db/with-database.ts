/** The database of a server, for commands beside it: of one that runs, of a data folder that nobody uses, or DATABASE_URL. */
import type { Config } from '../config.ts'
import { openDatabase, type Database } from './database.ts'
import { runningUrl, startEmbedded } from './embedded.ts'

/** @param isAlone  nobody else may use the folder meanwhile */
export async function withDatabase<T>(
  { databaseUrl, folder }: Pick<Config, 'databaseUrl' | 'folder'>,
  run: (database: Database) => Promise<T>,
  { isAlone = false } = {},
): Promise<T> {
  const running = databaseUrl ?? (isAlone ? undefined : await runningUrl(folder))
  const embedded = running === undefined ? await startEmbedded(folder) : undefined
  try {
    const database = await openDatabase(running ?? embedded!.url, { connectionsMax: 2, isPipelined: false })
    try {
      return await run(database)
    } finally {
      await database.close()
    }
  } finally {
    await embedded?.stop()
  }
}
