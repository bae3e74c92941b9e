/** A data folder as a server leaves it, with a definition live and a source to send to. */
import { addSource } from '../../src/access/sources.ts'
import { openDatabase } from '../../src/db/database.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { SMALL } from '../live/world.ts'

/** @returns the write key of the source */
export async function prepareFolder(folder: string): Promise<string> {
  const embedded = await startEmbedded(folder)
  const database = await openDatabase(embedded.url)
  await migrate(database.pool)
  await database.pool.query(
    "insert into definition_version (version, text, name, published_at, status) values (1, $1, 'small', now(), 'live')",
    [SMALL],
  )
  const { write_key } = await addSource(database.db, 'Website', Date.now())
  await database.close()
  await embedded.stop()
  return write_key
}
