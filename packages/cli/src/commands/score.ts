import { formatInstant, type Definition, type Instant } from '@winnow/engine'
import { csvLine, runCircles, TimeSpan, type LeadScore } from '@winnow/io'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { openCircles } from '../circles.ts'
import { CliError, type ExitCode } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import { InputRun, readInstantOption, withInputOptions, type InputFlags } from '../input.ts'
import { compareLeads, isOver, leadJson, nextText, reasonsText, stageLabel } from '../leads.ts'
import type { Run } from '../run.ts'
import { leadsTable } from '../tables.ts'
import { withSink, type Sink } from '../sink.ts'
import { note } from '../terminal.ts'

interface Flags extends InputFlags {
  readonly asOf?: string
  readonly format?: 'table' | 'csv' | 'json'
  readonly json?: boolean
  readonly top?: number
  readonly out?: string
  readonly unsorted?: boolean
  readonly reasons: boolean
}

const TABLE_ROWS = 25

export function addScore(program: Command, run: Run): void {
  const command = program
    .command('score')
    .summary('apply a definition to leads: whom to call first, and why')
    .description(
      'Scores every lead at one instant: scores, levels, stage, why, and what changes soon if nothing happens. Reads lists\nof leads and fact logs alike. The order is that of calling: open leads whose stage has a clock (sla) first, then by worth\n(where the definition has a value), then the furthest along, then by levels, then by scores.',
    )
    .argument('<definition>', 'YAML or JSON file')
    .argument('<input...>', 'CSV or JSON lines, also gzipped; `-` reads standard input')
    .option('--as-of <instant>', '`now`, `last` (the last fact) or an ISO 8601 instant (default: now)')
    .addOption(
      new Option('-f, --format <format>', `of the result (default: table of the first ${TABLE_ROWS})`).choices([
        'table',
        'csv',
        'json',
      ]),
    )
    .option('--json', 'the same as --format json')
    .option('-n, --top <count>', 'only so many leads', readCount)
    .option('--unsorted', 'in the order of the input, as they come: for inputs of any size')
    .option('--no-reasons', 'without why and what changes next: several times as fast')
    .option('-o, --out <file>', 'write to this file')
  withInputOptions(command)
    .addHelpText('after', HELP)
    .action(async (definitionFile: string, files: string[], flags: Flags) => {
      const definition = requireDefinition(definitionFile)
      const scoring = new Scoring({ definition, definitionFile, files, flags, running: run })
      run.end(await scoring.run())
    })
}

const HELP = `
Examples:
  $ winnow score definition.yaml leads.csv --top 10
  $ winnow score definition.yaml facts.jsonl.gz --as-of last
  $ winnow score definition.yaml leads.csv --format csv --out scored.csv
  $ winnow score definition.yaml leads.csv --json | jq '.leads[] | select(.levels.temperature == "hot") | .lead'

The JSON is described in docs/cli.md. Ends with 0, with 1 when something was refused, with 3 when an input cannot be used.`

export function readCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('Write a whole number of at least 1.')
  return count
}

interface ScoringContext {
  readonly definition: Definition
  readonly definitionFile: string
  readonly files: readonly string[]
  readonly flags: Flags
  readonly running: Run
}

class Scoring {
  private readonly definition: Definition
  private readonly definitionFile: string
  private readonly files: readonly string[]
  private readonly flags: Flags
  private readonly running: Run
  private readonly format: 'table' | 'csv' | 'json'
  private asOf: Instant = 0
  private count = 0
  private span = new TimeSpan()

  constructor({ definition, definitionFile, files, flags, running }: ScoringContext) {
    this.definition = definition
    this.definitionFile = definitionFile
    this.files = files
    this.flags = flags
    this.running = running
    this.format = flags.json ? 'json' : (flags.format ?? 'table')
  }

  async run(): Promise<ExitCode> {
    const { definition, files, flags } = this
    const isLast = flags.asOf === 'last'
    if (!isLast) this.asOf = readInstantOption('as-of', flags.asOf ?? 'now')
    const input = new InputRun({
      definition,
      definitionFile: this.definitionFile,
      outputs: [flags.out],
      files,
      flags,
      signal: this.running.signal,
      at: isLast ? undefined : this.asOf,
    })
    try {
      await withSink(flags.out, (sink) => this.write(sink, this.scores(input, isLast)))
    } catch (error) {
      input.abandon()
      throw error
    }
    const ended = await input.finish()
    if (this.count === 0) {
      const hint = input.problems > 0 ? 'What was refused is told above: nothing else is there.' : undefined
      throw new CliError('facts_missing', `there is no lead in the input at ${formatInstant(this.asOf)}`, hint)
    }
    this.tellAge()
    return ended
  }

  private async *scores(input: InputRun, isLast: boolean): AsyncGenerator<LeadScore[]> {
    const { definition, flags, running } = this
    const opened = await openCircles(definition, this.files, input, isLast)
    if (opened === undefined) return
    this.span = opened.span
    if (isLast) this.asOf = opened.last
    const task = { kind: 'score', asOf: this.asOf, withReasons: flags.reasons } as const
    for await (const scores of runCircles(definition, task, opened.circles, { signal: running.signal })) {
      this.count += scores.length
      input.doing(`scoring · ${this.count.toLocaleString('en')} leads`)
      yield scores
    }
  }

  private async write(sink: Sink, scores: AsyncGenerator<LeadScore[]>): Promise<void> {
    const ordered = this.flags.unsorted ? first(scores, this.flags.top) : this.sorted(scores)
    if (this.format === 'table') return this.writeTable(sink, ordered)
    const writer =
      this.format === 'csv'
        ? csvWriter(this.definition)
        : jsonWriter(this.definition, () => ({ definition: this.definition.name, asOf: formatInstant(this.asOf) }))
    let isFirst = true
    for await (const batch of ordered) {
      const rows = batch.map((score, at) => writer.row(score, isFirst && at === 0)).join('')
      await sink.write(`${isFirst ? writer.head() : ''}${rows}`)
      isFirst = false
    }
    await sink.write(`${isFirst ? writer.head() : ''}${writer.foot}`)
  }

  /** All of them in memory, or the best so many. */
  private async *sorted(scores: AsyncGenerator<LeadScore[]>): AsyncGenerator<LeadScore[]> {
    const top = this.flags.top ?? (this.format === 'table' ? TABLE_ROWS : Infinity)
    const compare = compareLeads(this.definition)
    let best: LeadScore[] = []
    for await (const batch of scores) {
      for (const score of batch) best.push(score)
      if (best.length > 4 * top + 10_000) best = best.sort(compare).slice(0, top)
    }
    yield best.sort(compare).slice(0, top)
  }

  private async writeTable(sink: Sink, ordered: AsyncGenerator<LeadScore[]>): Promise<void> {
    const rows: LeadScore[] = []
    for await (const batch of ordered) rows.push(...batch)
    if (rows.length === 0) return
    await sink.write(leadsTable(this.definition, rows))
    const shown =
      rows.length < this.count
        ? `${rows.length} of ${this.count.toLocaleString('en')} leads`
        : rows.length === 1
          ? '1 lead'
          : `${rows.length} leads`
    await sink.write(`${shown} · “${this.definition.name}” at ${formatInstant(this.asOf)}\n`)
  }

  private tellAge(): void {
    const { last } = this.span
    const days = last === undefined || this.flags.asOf !== undefined ? 0 : Math.floor((this.asOf - last) / 86_400_000)
    if (days > 90)
      note(`The last fact is ${days} days old, so what leads did has faded. --as-of last looks at that day instead.`)
  }
}

async function* first(scores: AsyncGenerator<LeadScore[]>, count = Infinity): AsyncGenerator<LeadScore[]> {
  let left = count
  for await (const batch of scores) {
    yield batch.slice(0, left)
    left -= batch.length
    if (left <= 0) return
  }
}

interface Writer {
  /** Asked for when the first lead has been scored. */
  readonly head: () => string
  readonly row: (score: LeadScore, isFirst: boolean) => string
  readonly foot: string
}

/** One object a line inside one document: whoever parses all of it can, and whoever cannot reads lines. */
function jsonWriter(definition: Definition, head: () => Record<string, unknown>): Writer {
  return {
    head: () => `${JSON.stringify(head()).slice(0, -1)},"leads":[`,
    row: (score, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(leadJson(definition, score))}`,
    foot: '\n]}\n',
  }
}

function csvWriter(definition: Definition): Writer {
  const categories = Object.keys(definition.categories ?? {})
  const scores = Object.keys(definition.scores ?? {})
  const head = [
    'lead',
    'account',
    'stage',
    'stage_since',
    'stage_due',
    ...categories,
    ...scores,
    'personas',
    'expected_value',
    'why',
    'next',
    'next_at',
  ]
  return {
    head: () => csvLine(head),
    row(score) {
      const { assessment, account, reasons } = score
      const { lead, stage, levels, personas } = assessment
      const [value, next] = isOver(definition, assessment) ? [] : [assessment.value, score.next]
      return csvLine([
        lead,
        account,
        stageLabel(definition, stage.id),
        formatInstant(stage.since),
        stage.sla && formatInstant(stage.sla.dueAt),
        ...categories.map((name) => levels[name]),
        ...scores.map((name) => assessment.scores[name]),
        personas.join('; '),
        value?.expected,
        reasonsText(reasons),
        nextText(definition, score),
        next && formatInstant(next.at),
      ])
    },
    foot: '',
  }
}
