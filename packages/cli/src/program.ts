import { Command, CommanderError, Help, type Option } from 'commander'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addAdmin } from './commands/admin.ts'
import { addBacktest } from './commands/backtest.ts'
import { addBackup, addRestore } from './commands/backup.ts'
import { addBench } from './commands/bench.ts'
import { addCheck } from './commands/check.ts'
import { addDemo } from './commands/demo.ts'
import { addDiff } from './commands/diff.ts'
import { addExplain } from './commands/explain.ts'
import { addImport } from './commands/import.ts'
import { addRender } from './commands/render.ts'
import { addReplay } from './commands/replay.ts'
import { addSample } from './commands/sample.ts'
import { addSchema } from './commands/schema.ts'
import { addScore } from './commands/score.ts'
import { addServe } from './commands/serve.ts'
import { addTest } from './commands/test.ts'
import { EXIT, formatTold, tell, type ExitCode } from './errors.ts'
import type { Run } from './run.ts'
import { jsonText } from './terminal.ts'

const INTRODUCTION = `Lead qualification from a definition that marketing and sales have agreed on.

A definition is a YAML file: what we know of leads, what earns points, what is hot, who takes over when.
What works on files needs no server, and changes nothing but the files you name.`

const EXAMPLES = `
First steps:
  $ winnow check definition.yaml                     find mistakes, with line and hint
  $ winnow test definition.yaml                      run the examples that it carries
  $ winnow score definition.yaml leads.csv           whom to call first, and why
  $ winnow explain definition.yaml leads.csv --lead ada@example.com

A history instead of a list:
  $ winnow import events.csv.gz -d definition.yaml -m mapping.yaml --out facts.jsonl.gz
  $ winnow replay definition.yaml facts.jsonl.gz     what the definition would have done, week by week
  $ winnow backtest definition.yaml facts.jsonl.gz   how good it would have been, with intervals

Exit codes: 0 fine · 1 findings (issues, failed examples, refused rows) · 2 usage · 3 input rejected · 130 interrupted`

export async function main(argv: readonly string[]): Promise<ExitCode> {
  const controller = new AbortController()
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted) // the second Ctrl-C does not wait
    controller.abort()
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  let code: ExitCode = EXIT.ok
  let stopped: ExitCode = EXIT.interrupted
  try {
    const run: Run = {
      signal: controller.signal,
      end: (ended) => (code = ended),
      expectStop: () => (stopped = EXIT.ok),
    }
    await createProgram(run).parseAsync(argv, { from: 'user' })
    return controller.signal.aborted ? stopped : code
  } catch (error) {
    return failed(error, argv.includes('--json') || argv.includes('--format=json'))
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}

function failed(error: unknown, isJson: boolean): ExitCode {
  // Help and version end like this too, with code 0, and what is wrong in the usage has been said.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  const { told, exit } = tell(error)
  process.stderr.write(isJson ? jsonText({ error: told }) : formatTold(told))
  return exit
}

const { version: VERSION } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string
}

/** Paragraphs are broken by the width of the terminal, not where the source breaks them. */
const commandDescription = (command: Command): string => command.description().replaceAll(/(?<!\n)\n(?!\n)/g, ' ')

/** As the library words it, and whether the option must be given. */
const optionDescription = (option: Option): string =>
  `${new Help().optionDescription(option)}${option.mandatory ? ' (required)' : ''}`

function createProgram(run: Run): Command {
  const program = new Command('winnow')
    .description(INTRODUCTION)
    .addHelpText('after', EXAMPLES)
    .helpOption('-h, --help', 'show help')
    .version(VERSION, '-V, --version', 'show the version')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false, optionDescription, commandDescription })
    .showSuggestionAfterError()
    .showHelpAfterError('(winnow help shows what there is)')
    .exitOverride()
  for (const add of [
    addServe,
    addBackup,
    addRestore,
    addAdmin,
    addSample,
    addCheck,
    addTest,
    addDiff,
    addRender,
    addSchema,
    addImport,
    addScore,
    addExplain,
    addReplay,
    addBacktest,
    addDemo,
    addBench,
  ]) {
    add(program, run)
  }
  for (const command of program.commands)
    for (const each of [command, ...command.commands]) each.exitOverride().showSuggestionAfterError()
  return program
}
