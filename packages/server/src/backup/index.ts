/** Backups from the command line: of a server that runs, or of a data folder that nobody uses. */
import type { Readable, Writable } from 'node:stream'
import type { Config } from '../config.ts'
import { withDatabase } from '../db/with-database.ts'
import { writeBackup, type BackupProgress } from './backup.ts'
import { restoreBackup, type Restored } from './restore.ts'

export interface BackupOptions {
  readonly config: Config
  readonly progress?: (at: BackupProgress) => void
}

/** @returns bytes before packing */
export async function backup(out: Writable, { config, progress }: BackupOptions): Promise<number> {
  return withDatabase(config, ({ pool }) => writeBackup(pool, out, { now: Date.now(), ...(progress && { progress }) }))
}

/** @throws ServerError, see `restoreBackup`; also `data_folder_busy` */
export async function restore(packed: Readable, { config }: Pick<BackupOptions, 'config'>): Promise<Restored> {
  return withDatabase(config, ({ pool }) => restoreBackup(pool, packed), { isAlone: true })
}
