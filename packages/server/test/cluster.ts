/** One PostgreSQL for a whole test run, with the schema in a template that each test file copies. */
import { rm } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../src/db/database.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { passingFolder } from './passing-folder.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    clusterUrl: string
  }
}

export const TEMPLATE = 'winnow_template'

export const withDatabase = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await passingFolder()
  const cluster = await startEmbedded(folder, { isDurable: false })
  const main = await openDatabase(cluster.url)
  await main.pool.query(`create database ${TEMPLATE}`)
  await main.close()
  const template = await openDatabase(withDatabase(cluster.url, TEMPLATE))
  await migrate(template.pool)
  await template.close()
  project.provide('clusterUrl', cluster.url)
  return async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
