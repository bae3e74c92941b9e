import {
  compileDefinition,
  formatInstant,
  measure,
  readInstant,
  selectTraces,
  Tracer,
  type BacktestOptions,
  type BacktestResult,
  type Definition,
  type Instant,
} from '@winnow/engine'
import { InputError } from '@winnow/io'
import { Option, type Command } from 'commander'
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { backtestReport } from '../backtest-report.ts'
import { backtestText } from '../backtest-text.ts'
import { openCircles } from '../circles.ts'
import { CliError, type ExitCode } from '../errors.ts'
import { readText, requireDefinition } from '../files.ts'
import { InputRun, readInstantOption, withInputOptions, type InputFlags } from '../input.ts'
import type { Run } from '../run.ts'
import { segmentOf, type Segment } from '../segment.ts'
import { refuseOverwriting, withSink } from '../sink.ts'
import { jsonText } from '../terminal.ts'

interface Flags extends InputFlags {
  readonly compare?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly horizon: string
  readonly known: 'received' | 'happened'
  readonly segment?: readonly string[]
  readonly handover?: string
  readonly splitBy?: readonly string[]
  readonly holidays?: readonly string[]
  readonly reps?: readonly string[]
  readonly seed: string
  readonly names: string
  readonly json?: boolean
  readonly html?: string
  readonly out?: string
}

export function addBacktest(program: Command, run: Run): void {
  const command = program
    .command('backtest')
    .summary('what definitions would have said of what really happened')
    .description(
      'Replays every lead by one or several definitions, knowing at each instant only what was known then, and counts what became\nof the leads that each of them would have handed to sales: how many were won, how many winners were missed, whether sales could\nhave taken them. Every figure has its interval.',
    )
    .argument('<definition>', 'YAML or JSON file')
    .argument('<input...>', 'CSV or JSON lines, also gzipped; `-` reads standard input')
    .option('-c, --compare <file...>', 'other definitions; each is compared with the first')
    .option('--from <instant>', 'beginning of the period: a year before its end where not given')
    .option('--to <instant>', 'end of the period: the last fact where not given')
    .option('--horizon <days>', 'an outcome counts for so many days after an entry', '90')
    .addOption(
      new Option('--known <when>', 'facts count from when they were received, or from when they happened')
        .choices(['received', 'happened'])
        .default('received'),
    )
    .option('--segment <attribute=value...>', 'only leads of which all of this is known in the end')
    .option('--handover <stage>', 'the stage that hands over to sales, where the definition does not show it')
    .option('--split-by <attribute...>', 'the main figures also by the values of these')
    .option('--holidays <date...>', 'days on which nobody takes leads, such as 2026-12-25')
    .option('--reps <team=people...>', 'what a week comes to for each of a team’s people, such as sales=4')
    .option('--seed <number>', 'of everything that is drawn', '1')
    .option('--names <count>', 'so many missed winners and false alarms by name', '5')
    .option('--json', 'print everything as JSON')
    .option('--html <file>', 'write a report to print')
    .option('-o, --out <file>', 'write to this file instead of standard output')
  withInputOptions(command)
    .addHelpText('after', HELP)
    .action(async (definitionFile: string, files: string[], flags: Flags) => {
      run.end(await new Backtesting(definitionFile, files, { flags, running: run }).run())
    })
}

const HELP = `
Examples:
  $ winnow backtest definition.yaml facts.jsonl.gz
  $ winnow backtest live.yaml facts.jsonl.gz --compare proposal.yaml --from 2026-01-01 --to 2026-07-01
  $ winnow backtest live.yaml facts.jsonl.gz --compare proposal.yaml --html report.html
  $ winnow backtest definition.yaml facts.jsonl.gz --segment industry=retail --json | jq '.result.versions[0].precision'
  $ winnow backtest definition.yaml history.csv -m mapping.yaml --known happened

\`--known happened\` is for history that was gathered later: by when it was received, nothing would have been known in time. A win or
a loss is a decision fact (win; lose, disqualify). Handed over is who reaches the first stage that sales owns.`

class Backtesting {
  private readonly versionFiles: readonly string[]
  private readonly files: readonly string[]
  private readonly flags: Flags
  private readonly running: Run
  private readonly segment: Segment

  constructor(definitionFile: string, files: readonly string[], { flags, running }: { flags: Flags; running: Run }) {
    this.versionFiles = [definitionFile, ...(flags.compare ?? [])]
    this.files = files
    this.flags = flags
    this.running = running
    this.segment = segmentOf(flags.segment ?? [])
    refuseOverwriting([flags.out, flags.html], [...files, ...this.versionFiles])
  }

  async run(): Promise<ExitCode> {
    const { flags, files, versionFiles } = this
    const definitions = versionFiles.map(requireDefinition)
    const input = new InputRun({
      definition: definitions[0]!,
      definitionFile: versionFiles[0]!,
      outputs: [flags.out, flags.html],
      files,
      flags,
      signal: this.running.signal,
    })
    try {
      const result = await this.count(input, definitions)
      const ended = await input.finish()
      if (result === undefined) throw new CliError('facts_missing', 'there is no lead in the input')
      await this.show(result)
      return ended
    } catch (error) {
      input.abandon()
      throw error
    }
  }

  private async count(input: InputRun, definitions: readonly Definition[]): Promise<BacktestResult | undefined> {
    // Circles are those of the definition that looks at accounts, if any does.
    const widest = definitions.find((each) => compileDefinition(each).looksAtAccount) ?? definitions[0]!
    const opened = await openCircles(widest, this.files, input, true) // the last fact says until when
    if (opened === undefined) return undefined
    const names = namesOf(this.versionFiles)
    const versions = definitions.map((definition, index) => ({ name: names[index]!, definition }))
    const options = this.optionsUntil(opened.last)
    const tracer = new Tracer(versions, options)
    let leads = 0
    for await (const circle of opened.circles) {
      if (this.running.signal.aborted) throw new InputError('input_cancelled', 'cancelled')
      this.segment.look(circle)
      tracer.add(circle.leads, circle.facts)
      leads += circle.leads.length
      input.progress.update(undefined, `replaying · ${leads.toLocaleString('en')} leads`)
    }
    input.progress.update(undefined, 'counting')
    const traces = tracer.finish()
    return measure(this.segment.isEverybody ? traces : selectTraces(traces, this.segment.has), options)
  }

  private optionsUntil(last: Instant): BacktestOptions {
    const { flags } = this
    const to = flags.to === undefined ? last + 1 : readInstantOption('to', flags.to)
    const from = flags.from === undefined ? to - YEAR_MS : readInstantOption('from', flags.from)
    if (from >= to)
      throw new CliError('option_malformed', '--to is not after --from', 'Give a period with a beginning and an end.')
    return {
      from,
      to,
      horizonDays: wholeOption('horizon', flags.horizon, 1, 1000),
      known: flags.known,
      watermark: Math.max(last, to),
      seed: wholeOption('seed', flags.seed, 0, 4_294_967_295),
      ...(flags.handover !== undefined && { handover: flags.handover }),
      ...(flags.splitBy !== undefined && { splitBy: flags.splitBy }),
      ...(flags.holidays !== undefined && { holidays: flags.holidays.map(dateOption) }),
      ...(flags.reps !== undefined && { reps: Object.fromEntries(flags.reps.map(repsOption)) }),
    }
  }

  private async show(result: BacktestResult): Promise<void> {
    const { flags, versionFiles } = this
    const hashes = versionFiles.map((file) => createHash('sha256').update(readText(file)).digest('hex'))
    if (flags.html !== undefined) await withSink(flags.html, (sink) => sink.write(backtestReport(result, { hashes })))
    const names = wholeOption('names', flags.names, 0, 100_000)
    const versions = versionFiles.map((file, index) => ({
      file,
      name: result.versions[index]!.name,
      sha256: hashes[index],
    }))
    const text = flags.json ? jsonText({ versions, result }) : backtestText(result, { names })
    await withSink(flags.out, (sink) => sink.write(text))
  }
}

const YEAR_MS = 365 * 86_400_000

/** Files by their names, as long as those differ. */
function namesOf(files: readonly string[]): string[] {
  const short = files.map((file) => basename(file).replace(/\.(?:ya?ml|json)$/, ''))
  return new Set(short).size === files.length ? short : files.map((file, index) => `${index + 1}: ${file}`)
}

function wholeOption(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new CliError(
    'option_malformed',
    `--${name} \`${text}\` is no whole number from ${least} to ${most}`,
    'Write digits only.',
  )
}

function dateOption(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? readInstant(text) : undefined
  if (at !== undefined && formatInstant(at).startsWith(text)) return text
  throw new CliError('option_malformed', `--holidays \`${text}\` is no date`, 'Write dates such as 2026-12-25.')
}

function repsOption(text: string): readonly [team: string, people: number] {
  const [, team, people] = /^([^=]+)=([1-9]\d{0,4})$/.exec(text) ?? []
  if (team !== undefined) return [team, Number(people)]
  throw new CliError('option_malformed', `--reps \`${text}\` is no team with its people`, 'Write it such as sales=4.')
}
