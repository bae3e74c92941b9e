/** A server as a process of its own, to be killed. Says `ready <url>` when it serves. */
import { enableCompileCache, flushCompileCache } from 'node:module'

enableCompileCache()
const { readConfig } = await import('../../src/config.ts')
const { startServer } = await import('../../src/server.ts')
const server = await startServer({ config: readConfig(process.env, process.cwd()) })
process.stdout.write(`ready ${server.url}\n`)
flushCompileCache() // by itself it is written when a process ends, and this one never does
