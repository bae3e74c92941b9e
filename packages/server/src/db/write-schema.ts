/** `npm run schema`: writes what the server's migrations come to into packages/server/schema.sql. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from './database.ts'
import { startEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { describeSchema } from './schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-schema-'))
const cluster = await startEmbedded(folder, { isDurable: false })
const { pool, close } = await openDatabase(cluster.url)
await migrate(pool)
writeFileSync(join(import.meta.dirname, '../../schema.sql'), await describeSchema(pool))
await close()
await cluster.stop()
rmSync(folder, { recursive: true })
