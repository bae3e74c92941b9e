import { formatInstant, type Definition, type Instant, type Transition } from '@winnow/engine'
import { csvLine, runCircles, TimeSpan, type LeadHistory } from '@winnow/io'
import { InvalidArgumentError, type Command } from 'commander'
import { openCircles } from '../circles.ts'
import { CliError, type ExitCode } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import { InputRun, readInstantOption, withInputOptions, type InputFlags } from '../input.ts'
import { stageLabel } from '../leads.ts'
import type { Run } from '../run.ts'
import { ReplaySummarizer, type Outcomes, type ReplaySummary, type Week } from '../replay-summary.ts'
import { plainTable, type Column } from '../tables.ts'
import { openSink, withSink, type Sink } from '../sink.ts'
import { jsonText, paint } from '../terminal.ts'

interface Flags extends InputFlags {
  readonly until?: string
  readonly from?: string
  readonly landmark?: readonly string[]
  readonly transitions?: string
  readonly json?: boolean
  readonly weeks?: string
  readonly out?: string
}

export function addReplay(program: Command, run: Run): void {
  const command = program
    .command('replay')
    .summary('a whole history: every transition at its instant, volumes, sizes, wins')
    .description(
      'Replays the facts in time order, as they became known: every change of a level or a stage at the very instant, decays\nincluded. Shows what entered each stage and level week by week, how many leads were there, and what became of them.',
    )
    .argument('<definition>', 'YAML or JSON file')
    .argument('<input...>', 'CSV or JSON lines, also gzipped; `-` reads standard input')
    .option('--until <instant>', '`last` (the last fact), `now` or an ISO 8601 instant', 'last')
    .option('--from <instant>', 'only leads whose first fact is not before this')
    .option(
      '-t, --transitions <file>',
      'write all transitions: .jsonl or .csv, packed if it ends in .gz; `-` prints them',
    )
    .option('--landmark <duration...>', 'also wins by the level so long after the first fact, such as 7d')
    .option('--weeks <count>', 'so many of the last weeks, or `all`', '12')
    .option('--json', 'print the summary as JSON')
    .option('-o, --out <file>', 'write the summary to this file')
  withInputOptions(command)
    .addHelpText('after', HELP)
    .action(async (definitionFile: string, files: string[], flags: Flags) => {
      const definition = requireDefinition(definitionFile)
      run.end(await new Replaying({ definition, definitionFile, files, flags, running: run }).run())
    })
}

const HELP = `
Examples:
  $ winnow replay definition.yaml facts.jsonl.gz
  $ winnow replay definition.yaml facts.jsonl.gz --transitions ledger.csv.gz --landmark 1d 7d
  $ winnow replay definition.yaml facts.jsonl.gz --transitions - | jq 'select(.to == "hot")'
  $ winnow replay definition.yaml facts.jsonl.gz --json | jq '.weeks[] | [.week, .flows.stage.mql.entered]'

Transitions come lead by lead, each lead's in time order. The table by stage counts all leads, those by level open ones only:
leads on the path that are not won. A win or a loss is a decision fact (win; lose, disqualify); a win rate is that of the leads
won or lost, with its 95 % interval (Wilson); the others are undecided.`

interface ReplayingContext {
  readonly definition: Definition
  readonly definitionFile: string
  readonly files: readonly string[]
  readonly flags: Flags
  readonly running: Run
}

class Replaying {
  private readonly definition: Definition
  private readonly definitionFile: string
  private readonly files: readonly string[]
  private readonly flags: Flags
  private readonly running: Run
  private span = new TimeSpan()

  constructor({ definition, definitionFile, files, flags, running }: ReplayingContext) {
    this.definition = definition
    this.definitionFile = definitionFile
    this.files = files
    this.flags = flags
    this.running = running
    checkLandmarks(flags.landmark ?? [])
    if (flags.weeks !== undefined && flags.weeks !== 'all' && !/^[1-9]\d{0,5}$/.test(flags.weeks)) {
      throw new InvalidArgumentError('--weeks takes a whole number, or `all`.')
    }
  }

  async run(): Promise<ExitCode> {
    const { definition, files, flags } = this
    const until =
      flags.until === undefined || flags.until === 'last' ? undefined : readInstantOption('until', flags.until)
    const input = new InputRun({
      definition,
      definitionFile: this.definitionFile,
      outputs: [flags.out, flags.transitions],
      files,
      flags,
      signal: this.running.signal,
    })
    const ledger = flags.transitions === undefined ? undefined : new Ledger(flags.transitions)
    try {
      const result = await this.replay(input, until, ledger)
      await ledger?.close()
      const ended = await input.finish()
      if (result === undefined) throw new CliError('facts_missing', 'there is no lead in the input')
      if (flags.transitions !== '-')
        await withSink(flags.out, (sink) => sink.write(this.show(result.summary, result.until)))
      return ended
    } catch (error) {
      input.abandon()
      ledger?.discard()
      throw error
    }
  }

  private async replay(input: InputRun, given: Instant | undefined, ledger: Ledger | undefined) {
    const { definition } = this
    const opened = await openCircles(definition, this.files, input, true) // the last fact says until when
    if (opened === undefined) return undefined
    this.span = opened.span
    const until = given ?? opened.last
    const summarizer = new ReplaySummarizer(definition, { until, landmarks: this.flags.landmark ?? [] })
    const from = this.flags.from === undefined ? -Infinity : readInstantOption('from', this.flags.from)
    let leads = 0
    for await (const all of runCircles(definition, { kind: 'replay', until }, opened.circles, {
      signal: this.running.signal,
    })) {
      const histories = all.filter(({ firstAt }) => firstAt >= from)
      for (const history of histories) summarizer.add(history)
      await ledger?.write(histories)
      leads += histories.length
      input.progress.update(undefined, `replaying · ${leads.toLocaleString('en')} leads`)
    }
    return leads === 0 ? undefined : { summary: summarizer.summary(), until }
  }

  private show(summary: ReplaySummary, until: Instant): string {
    const { definition, span } = this
    const facts = span.count
    if (this.flags.json) {
      const { first, last } = span
      const head = {
        definition: definition.name,
        until: formatInstant(until),
        facts,
        first: formatInstant(first!),
        last: formatInstant(last!),
      }
      return jsonText({ ...head, ...summary })
    }
    const weeks = this.flags.weeks === 'all' ? Infinity : Number(this.flags.weeks ?? 12)
    return asText(definition, { summary, until, facts, weeks })
  }
}

function checkLandmarks(landmarks: readonly string[]): void {
  for (const landmark of landmarks) {
    if (!/^\d{1,5}(s|m|h|d|w)$/.test(landmark))
      throw new CliError(
        'option_malformed',
        `--landmark \`${landmark}\` is not a duration`,
        'Write a whole number and a unit: 30m, 4h, 7d, 2w.',
      )
  }
}

// --- The ledger ------------------------------------------------------------------------------------------------------

/** All transitions, as they come. */
class Ledger {
  private readonly sink: Sink
  private readonly isCsv: boolean
  private isEmpty = true

  constructor(path: string) {
    this.sink = openSink(path)
    this.isCsv = /\.csv(\.gz)?$/.test(path)
  }

  async write(histories: readonly LeadHistory[]): Promise<void> {
    const head = this.isEmpty && this.isCsv ? csvLine(['lead', 'at', 'kind', 'name', 'from', 'to', 'cause']) : ''
    this.isEmpty = false
    const line = this.isCsv ? csvTransition : jsonTransition
    await this.sink.write(head + histories.flatMap(({ transitions }) => transitions.map(line)).join(''))
  }

  close(): Promise<void> {
    return this.sink.close()
  }

  discard(): void {
    this.sink.discard()
  }
}

const csvTransition = ({ lead, at, kind, name, from, to, cause }: Transition) =>
  csvLine([lead, formatInstant(at), kind, name, from, to, cause])
const jsonTransition = ({ lead, at, kind, name, from, to, cause }: Transition) =>
  `${JSON.stringify({ lead, at: formatInstant(at), kind, name, from, to, cause })}\n`

// --- Text ------------------------------------------------------------------------------------------------------------

interface Shown {
  readonly summary: ReplaySummary
  readonly until: Instant
  readonly facts: number
  readonly weeks: number
}

const count = (value: number) => value.toLocaleString('en')

function asText(definition: Definition, { summary, until, facts, weeks }: Shown): string {
  const title = `“${definition.name}” replayed until ${formatInstant(until)}\n${count(summary.leads)} leads · ${count(facts)} facts · ${count(summary.transitions)} transitions\n`
  const shown = summary.weeks.slice(-weeks)
  const hidden = summary.weeks.length - shown.length
  const rest = hidden === 0 ? '' : paint('dim', `${hidden} earlier weeks are not shown; --weeks all shows them\n`)
  const axes = Object.keys(summary.weeks[0]?.flows ?? {})
  const flows = axes.map((axis) => flowTable(definition, axis, shown))
  return [title, COUNTED, ...flows, rest, ...winTables(definition, summary.wins)]
    .filter((part) => part !== '')
    .join('\n')
}

const COUNTED = `Each week: how many leads are there when it ends, and + how many entered during it.
Open leads are those on the path that are not won; only they count by level.
`

function flowTable(definition: Definition, axis: string, weeks: readonly Week[]): string {
  const places = Object.keys(weeks[0]?.flows[axis] ?? {})
  if (places.length === 0) return ''
  const columns: Column[] = [
    { head: axis },
    { head: 'new leads', align: 'right' },
    ...places.map(
      (place) => ({ head: axis === 'stage' ? stageLabel(definition, place) : place, align: 'right' }) as const,
    ),
  ]
  const rows = weeks.map(({ week, newLeads, flows }) => [
    week,
    count(newLeads),
    ...places.map((place) => {
      const flow = flows[axis]![place]!
      const { entered, size } = axis === 'stage' ? flow : flow.open
      return `${count(size)}${entered > 0 ? paint('dim', ` +${count(entered)}`) : ''}`
    }),
  ])
  return `${paint('bold', axis === 'stage' ? 'All leads, by stage' : `Open leads, by ${axis}`)}\n${plainTable(columns, rows)}`
}

function winTables(definition: Definition, wins: ReplaySummary['wins']): string[] {
  if (wins === null) return []
  return [
    winTable(definition, 'What became of the leads that reached it before they were won or lost', wins.reached),
    ...Object.entries(wins.landmarks).map(([says, outcomes]) =>
      winTable(
        definition,
        `What became of the leads that were there, undecided, ${says} after their first fact`,
        outcomes,
      ),
    ),
  ]
}

function winTable(definition: Definition, title: string, outcomes: Outcomes): string {
  const columns: Column[] = [
    { head: 'of' },
    { head: 'level' },
    ...['leads', 'won', 'lost', 'undecided', 'win rate', '95 %'].map((head) => ({ head, align: 'right' }) as const),
  ]
  const rows = Object.entries(outcomes).flatMap(([axis, places]) =>
    Object.entries(places)
      .filter(([, { leads }]) => leads > 0)
      .map(([place, { leads, won, lost, undecided, winRate }], at) => [
        at === 0 ? axis : '',
        axis === 'stage' ? stageLabel(definition, place) : place,
        ...[leads, won, lost, undecided].map(count),
        winRate === null || winRate.rate === null ? '' : percent(winRate.rate),
        winRate === null ? '' : `${percent(winRate.low)} – ${percent(winRate.high)}`,
      ]),
  )
  return rows.length === 0 ? '' : `${paint('bold', title)}\n${plainTable(columns, rows)}`
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
