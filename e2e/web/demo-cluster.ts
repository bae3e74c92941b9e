/** One PostgreSQL for a run, with a demo company and people in a template that each test copies. */
import { rm } from 'node:fs/promises'
import { createLog } from '../../packages/server/src/operation/log.ts'
import { hashPassword } from '../../packages/server/src/access/passwords.ts'
import { addPerson } from '../../packages/server/src/access/people.ts'
import { readConfig } from '../../packages/server/src/config.ts'
import { openDatabase, type Database } from '../../packages/server/src/db/database.ts'
import { startEmbedded } from '../../packages/server/src/db/embedded.ts'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import { readDemo, requestDemo } from '../../packages/server/src/demo/store.ts'
import { assemble } from '../../packages/server/src/server.ts'
import { passingFolder } from '../../packages/server/test/passing-folder.ts'
import { CLUSTER, DEMO, EMPTY, NOW, PEOPLE, databaseUrl } from './places.ts'

const LEADS = 400
/** Signing in is not what most tests are about. */
const QUICK = { N: 1024, r: 8, p: 1 }

export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await passingFolder()
  const cluster = await startEmbedded(folder, { isDurable: false })
  process.env[CLUSTER] = cluster.url
  await makeTemplate(EMPTY, addPeople)
  await makeTemplate(DEMO, async (database) => {
    await addPeople(database)
    await loadDemo(database)
  })
  return async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeTemplate(name: string, fill: (database: Database) => Promise<void>): Promise<void> {
  const main = await openDatabase(process.env[CLUSTER]!)
  await main.pool.query(`create database ${name}`)
  await main.close()
  const database = await openDatabase(databaseUrl(name))
  await migrate(database.pool)
  await fill(database)
  await database.close()
}

async function addPeople({ db }: Database): Promise<void> {
  for (const [role, { name, email, password: words }] of Object.entries(PEOPLE)) {
    const password = await hashPassword(words, QUICK)
    const person = { name, email, role: role as keyof typeof PEOPLE, password }
    await db.transaction().execute((tx) => addPerson(tx, person, NOW))
  }
}

async function loadDemo(database: Database): Promise<void> {
  const { app, serve, drain } = await assemble(database, {
    config: readConfig({}, '/nowhere'),
    log: createLog('error'),
    now: () => NOW,
  })
  await requestDemo(database.pool, { leads: LEADS, seed: '1', until: NOW }, NOW)
  await serve()
  for (;;) {
    const state = (await readDemo(database.pool))?.state
    if (state === 'loaded') break
    if (state !== 'waiting' && state !== 'running') throw new Error(`loading the demo company ended as ${state}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await drain()
  await app.close()
}
