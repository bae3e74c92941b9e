/** A server as a process of its own, to be killed. Says `ready <url>` when it serves. */
import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/server.ts'

const server = await startServer({ config: readConfig(process.env, process.cwd()) })
process.stdout.write(`ready ${server.url}\n`)
