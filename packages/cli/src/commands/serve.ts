import { flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Option, type Command } from 'commander'
import type { Run } from '../run.ts'

interface Flags {
  readonly data?: string
  readonly port?: string
  readonly host?: string
}

export function addServe(program: Command, { signal, expectStop }: Run): void {
  program
    .command('serve')
    .summary('run the server, on a PostgreSQL of its own or yours')
    .description(
      'Runs Winnow: the API, live assessment and timers, on a PostgreSQL inside (its data in ./data) or on the one that\nDATABASE_URL names. Stops cleanly with Ctrl-C or SIGTERM: what was accepted is stored first.',
    )
    .addOption(new Option('--port <number>', 'port to listen on').env('WINNOW_PORT'))
    .addOption(new Option('--host <address>', 'address to listen on; 0.0.0.0 for all').env('WINNOW_HOST'))
    .addOption(new Option('--data <folder>', 'folder of the embedded database').env('WINNOW_DATA'))
    .addHelpText(
      'after',
      `
Examples:
  $ winnow serve
  $ winnow serve --port 8080 --data /var/lib/winnow
  $ DATABASE_URL=postgresql://winnow@db/winnow winnow serve

docs/server.md lists all settings.`,
    )
    .action(async ({ data, port, host }: Flags) => {
      // The server's hundreds of modules are nobody else's business.
      const { readConfig, startServer } = await import('@winnow/server')
      const settings = {
        ...process.env,
        ...(data !== undefined && { WINNOW_DATA: data }),
        ...(port !== undefined && { WINNOW_PORT: port }),
        ...(host !== undefined && { WINNOW_HOST: host }),
      }
      const server = await startServer({ config: readConfig(settings, process.cwd()) })
      giveBackMemory()
      expectStop()
      process.stdout.write(`Winnow is ready at ${server.url}\n`)
      flushCompileCache() // else a server that is killed leaves nothing for the next one's start
      const asked = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true })
        if (signal.aborted) resolve() // while it was starting
      })
      const database = server.failed.then(() => 'gone' as const)
      const end = await Promise.race([asked, database])
      await server.stop()
      if (end === 'gone') throw new Error('the embedded database has ended; its log lies in the data folder')
    })
}

type Collect = (options: { readonly execution: 'sync'; readonly type: 'major'; readonly flavor: 'last-resort' }) => void

/** Starting leaves fifty megabytes behind that an idle server would hold on to for ever. */
function giveBackMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  collect({ execution: 'sync', type: 'major', flavor: 'last-resort' })
}
