import { Option, type Command } from 'commander'
import type { Run } from '../run.ts'
import { jsonText } from '../terminal.ts'

interface Flags {
  readonly data?: string
  readonly json?: true
}

export function addAdmin(program: Command, _run: Run): void {
  const admin = program.command('admin').summary('look after a server from its own machine')
  admin
    .command('reset-link <email>')
    .summary('make a link with which somebody sets a new password')
    .description(
      'Makes a link that works once, for a day, and sets a new password: for an administrator who forgot theirs. Works beside a\nserver that runs, and is noted in its audit log.',
    )
    .addOption(new Option('--data <folder>', 'folder of the embedded database').env('WINNOW_DATA'))
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  $ winnow admin reset-link ada@example.com')
    .action(async (email: string, { data, json }: Flags) => {
      const { makeResetLink, readConfig } = await import('@winnow/server')
      const config = readConfig({ ...process.env, ...(data !== undefined && { WINNOW_DATA: data }) }, process.cwd())
      const { link, expiresAt } = await makeResetLink(config, email)
      const until = new Date(expiresAt).toISOString()
      process.stdout.write(json ? jsonText({ link, expiresAt: until }) : `${link}\n`)
      if (!json) process.stderr.write(`Works once, until ${until}.\n`)
    })
}
