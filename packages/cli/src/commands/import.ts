import { formatInstant } from '@winnow/engine'
import { TimeSpan, writeFact, type FileReport } from '@winnow/io'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import { InputRun, lossText, withInputOptions, type InputFlags } from '../input.ts'
import { NotUnderstoodCounter, notUnderstoodText } from '../not-understood.ts'
import type { Run } from '../run.ts'
import { withSink } from '../sink.ts'
import { jsonText, note } from '../terminal.ts'

interface Flags extends InputFlags {
  readonly definition: string
  readonly out?: string
  readonly json?: boolean
}

export function addImport(program: Command, run: Run): void {
  const command = program
    .command('import')
    .summary('CSV files or fact logs → facts, with a file of what was refused')
    .description(
      'Reads lists of leads, event logs (CSV, also gzipped) and fact logs (JSON lines) and writes facts, one JSON object a\nline. What cannot be kept exactly is refused with its line and a reason; the rest goes on. Ids of facts come from the\nrows, so importing a file again gives the same facts. What the definition does not understand in them is counted.',
    )
    .argument('<file...>', 'CSV or JSON lines, also gzipped; `-` reads standard input')
    .requiredOption('-d, --definition <file>', 'the definition whose attributes the facts are about')
    .option('-o, --out <file>', 'write facts to this file (`.gz` packs it) instead of standard output')
    .option('--json', 'print the report as JSON (needs --out)')
  withInputOptions(command)
    .addHelpText('after', HELP)
    .action(async (files: string[], flags: Flags) => {
      if (flags.json && flags.out === undefined) {
        throw new CliError('option_malformed', '--json reports on a file of facts', 'Name it with --out FILE.')
      }
      const definition = requireDefinition(flags.definition)
      const input = new InputRun({
        definition,
        definitionFile: flags.definition,
        outputs: [flags.out],
        files,
        flags,
        signal: run.signal,
      })
      const span = new TimeSpan()
      const unclear = new NotUnderstoodCounter(definition)
      try {
        await withSink(flags.out, async (sink) => {
          for await (const { facts, refusals } of input.inputs.read(files)) {
            if (refusals.length > 0) await input.onRefusals(refusals)
            span.add(facts)
            unclear.add(facts)
            if (facts.length > 0) await sink.write(facts.map((fact) => `${writeFact(fact)}\n`).join(''))
          }
        })
      } catch (error) {
        input.abandon()
        throw error
      }
      run.end(await input.finish())
      if (flags.json) return void process.stdout.write(jsonText(summary({ input, span, unclear, flags })))
      for (const report of input.inputs.reports) note(describe(report))
      tellNotUnderstood(unclear)
    })
}

const HELP = `
A list of leads needs no mapping where its columns are called like the attributes of the definition (or their labels),
one is called id or email, and one created or created_at (otherwise give --at). Everything else: docs/import.md.

Examples:
  $ winnow import leads.csv -d definition.yaml --at 2026-03-01 --out facts.jsonl
  $ winnow import crm.csv web.csv.gz -d definition.yaml -m mapping.yaml --out facts.jsonl.gz --rejects rejects.csv
  $ zcat events.csv.gz | winnow import - -d definition.yaml -m mapping.yaml | wc -l

Ends with 0, with 1 when something was refused or left out (--allow-refused: 0), with 3 when a file cannot be used at all.`

interface Imported {
  readonly input: InputRun
  readonly span: TimeSpan
  readonly unclear: NotUnderstoodCounter
  readonly flags: Flags
}

function summary({ input, span: { first, last }, unclear, flags }: Imported) {
  const { reports } = input.inputs
  return {
    out: flags.out ?? null,
    rejects: input.problems > 0 ? (flags.rejects ?? null) : null,
    facts: reports.reduce((sum, { facts }) => sum + facts, 0),
    problems: input.problems,
    first: first === undefined ? null : formatInstant(first),
    last: last === undefined ? null : formatInstant(last),
    files: reports,
    notUnderstood: unclear.all(),
  }
}

const SHOWN_MAX = 10

function tellNotUnderstood(unclear: NotUnderstoodCounter): void {
  const all = unclear.all()
  if (all.length === 0) return
  note('The definition does not understand (facts are kept, and these parts of them not looked at):')
  for (const each of all.slice(0, SHOWN_MAX)) note(`  • ${notUnderstoodText(each)}`)
  const rest = all.slice(SHOWN_MAX).reduce((sum, { facts }) => sum + facts, unclear.others)
  if (rest > 0) note(`  … and more in ${rest.toLocaleString('en')} facts; --out FILE --json lists them`)
}

function describe(report: FileReport): string {
  const count = (value: number) => value.toLocaleString('en')
  const parts = [`${report.file}: ${count(report.rows)} rows → ${count(report.facts)} facts`]
  if (report.refusedRows > 0) parts.push(lossText(report.refusedRows, 'refused'))
  if (report.incompleteRows > 0) parts.push(lossText(report.incompleteRows, 'read with cells left out'))
  const matched = Object.entries(report.attributes)
  if (matched.length > 0) parts.push(matched.length === 1 ? '1 attribute' : `${matched.length} attributes`)
  if (report.unusedColumns.length > 0) parts.push(`not used: ${report.unusedColumns.join(', ')}`)
  return parts.join(' · ')
}
