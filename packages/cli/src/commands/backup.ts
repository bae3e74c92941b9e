import { Option, type Command } from 'commander'
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { CliError } from '../errors.ts'
import { openProgress } from '../progress.ts'
import type { Run } from '../run.ts'
import { jsonText } from '../terminal.ts'

interface Flags {
  readonly data?: string
  readonly json?: true
}

const dataOption = () => new Option('--data <folder>', 'folder of the embedded database').env('WINNOW_DATA')

const configOf = async ({ data }: Flags) => {
  const { readConfig } = await import('@winnow/server')
  return readConfig({ ...process.env, ...(data !== undefined && { WINNOW_DATA: data }) }, process.cwd())
}

export function addBackup(program: Command, _run: Run): void {
  program
    .command('backup <file>')
    .summary('write everything that a server holds into one file')
    .description(
      'Writes everything of one instant into a packed file, while the server goes on working: facts, leads, assessments,\nthe ledger, definitions, people and keys. Keep it as safe as the server.',
    )
    .addOption(dataOption())
    .option('--json', 'say what was written as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow backup monday.winnow.gz\n  $ winnow restore monday.winnow.gz --data ./new-data',
    )
    .action(async (file: string, flags: Flags) => {
      const { backup } = await import('@winnow/server')
      const progress = openProgress()
      const aside = `${file}.${process.pid}.part`
      try {
        const config = await configOf(flags)
        const bytes = await backup(createWriteStream(aside, { mode: 0o600 }), {
          config,
          progress: ({ table, bytes: done }) => progress.update(undefined, `${table} · ${(done / 1e6).toFixed(0)} MB`),
        })
        renameSync(aside, file)
        progress.end()
        const packed = statSync(file).size
        if (flags.json) process.stdout.write(jsonText({ file, bytes, packed }))
        else process.stderr.write(`${file}: ${(packed / 1e6).toFixed(1)} MB\n`)
      } finally {
        rmSync(aside, { force: true })
      }
    })
}

export function addRestore(program: Command, _run: Run): void {
  program
    .command('restore <file>')
    .summary('fill an empty server from a backup')
    .description(
      'Fills a new data folder, or an empty database that DATABASE_URL names, from a backup. Every assessment is as it was; timers\nthat came due meanwhile are made up for when the server starts.',
    )
    .addOption(dataOption())
    .option('--json', 'say what was restored as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow restore monday.winnow.gz --data ./new-data\n  $ winnow serve --data ./new-data',
    )
    .action(async (file: string, flags: Flags) => {
      if (!existsSync(file)) throw new CliError('backup_missing', `there is no file \`${file}\``)
      const { restore } = await import('@winnow/server')
      const { madeAt, rows } = await restore(createReadStream(file), { config: await configOf(flags) })
      if (flags.json) process.stdout.write(jsonText({ madeAt, rows }))
      else
        process.stderr.write(
          `restored what was there at ${madeAt}: ${rows['lead'] ?? 0} leads, ${rows['activity'] ?? 0} activities\n`,
        )
    })
}
