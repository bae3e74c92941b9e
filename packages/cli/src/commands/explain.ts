import { leadId, type Definition, type Instant } from '@winnow/engine'
import type { CircleWork } from '@winnow/io'
import type { Command } from 'commander'
import { openCircles } from '../circles.ts'
import { CliError } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import { InputRun, readInstantOption, withInputOptions, type InputFlags } from '../input.ts'
import type { Run } from '../run.ts'
import { withSink } from '../sink.ts'
import { asText } from '../telling-text.ts'
import { asJson, tellAll } from '../telling.ts'

interface Flags extends InputFlags {
  readonly lead: string
  readonly asOf?: string
  readonly json?: boolean
  readonly all?: boolean
  readonly out?: string
}

export function addExplain(program: Command, run: Run): void {
  const command = program
    .command('explain')
    .summary('why one lead has its scores, levels and stage, and what would change them')
    .description(
      'Shows the arithmetic of every score (it adds up), personas, levels and stage, what changes next by itself, what is\nmissing for the next level, and how the lead came to where it is. With --as-of, the same for any instant of the past.',
    )
    .argument('<definition>', 'YAML or JSON file')
    .argument('<input...>', 'CSV or JSON lines, also gzipped; `-` reads standard input')
    .requiredOption('-l, --lead <id>', 'the lead to explain')
    .option('--as-of <instant>', '`now`, `last` (the last fact) or an ISO 8601 instant (default: now)')
    .option('-a, --all', 'also criteria that gave nothing')
    .option('--json', 'print as JSON')
    .option('-o, --out <file>', 'write to this file')
  withInputOptions(command)
    .addHelpText('after', HELP)
    .action(async (definitionFile: string, files: string[], flags: Flags) => {
      const definition = requireDefinition(definitionFile)
      const asOf = flags.asOf === 'last' ? undefined : readInstantOption('as-of', flags.asOf ?? 'now')
      const input = new InputRun({
        definition,
        definitionFile,
        outputs: [flags.out],
        files,
        flags,
        signal: run.signal,
        at: asOf,
      })
      const { circle, last } = await findCircle(definition, files, input, flags)
      run.end(await input.finish())
      const told = tellAll(definition, circle, leadId(flags.lead), asOf ?? last)
      await withSink(flags.out, (sink) =>
        sink.write(flags.json ? asJson(definition, told) : asText(definition, told, flags.all ?? false)),
      )
    })
}

const HELP = `
Examples:
  $ winnow explain definition.yaml leads.csv --lead ada@example.com
  $ winnow explain definition.yaml facts.jsonl.gz --lead 173688 --as-of 2011-10-08
  $ winnow explain definition.yaml facts.jsonl.gz --lead 173688 --as-of last --json | jq '.gaps[].sentence'`

/** The lead and everybody it has to be looked at with. */
async function findCircle(
  definition: Definition,
  files: readonly string[],
  input: InputRun,
  { lead, asOf }: Flags,
): Promise<{ circle: CircleWork; last: Instant }> {
  const near: string[] = []
  try {
    const opened = await openCircles(definition, files, input, asOf === 'last')
    for await (const circle of opened?.circles ?? []) {
      if (circle.leads.includes(leadId(lead))) return { circle, last: opened!.last }
      if (near.length < NEAR_MAX)
        near.push(...circle.leads.filter((each) => each.toLowerCase().includes(lead.toLowerCase())))
    }
  } catch (error) {
    input.abandon()
    throw error
  }
  await input.finish()
  const hint =
    near.length === 0
      ? undefined
      : `Did you mean ${near
          .slice(0, NEAR_MAX)
          .map((each) => `\`${each}\``)
          .join(', ')}?`
  throw new CliError('lead_missing', `there is no lead \`${lead}\` in the input`, hint)
}

const NEAR_MAX = 5
