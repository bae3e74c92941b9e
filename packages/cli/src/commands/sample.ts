import { formatInstant, type Definition, type Instant } from '@winnow/engine'
import { runCircles, type LeadScore } from '@winnow/io'
import type { Command } from 'commander'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openCircles } from '../circles.ts'
import { CliError } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import { InputRun } from '../input.ts'
import { compareLeads, nextText, standingOf } from '../leads.ts'
import type { Run } from '../run.ts'
import { leadsTable } from '../tables.ts'
import { paint } from '../terminal.ts'

const SAMPLE = join(import.meta.dirname, '../../../../examples/b2b-software')
const DEFINITION = join(SAMPLE, 'definition.yaml')
const SHOWN = 10

export function addSample(program: Command, run: Run): void {
  program
    .command('sample')
    .summary('see it at work: a sample company’s leads, whom to call first, and why')
    .description(
      'Scores the leads of a sample company (made up) as of its last fact, and says whom to call first, why, and what\nchanges soon if nobody does.',
    )
    .action(async () => {
      const definition = requireDefinition(DEFINITION)
      process.stdout.write(asText(definition, await scoreSample(definition, run)))
    })
}

interface SampleScores {
  readonly scores: readonly LeadScore[]
  readonly facts: number
  readonly asOf: Instant
  readonly file: string
}

async function scoreSample(definition: Definition, { signal }: Run): Promise<SampleScores> {
  const file = ['facts.jsonl.gz', 'facts.jsonl'].map((name) => join(SAMPLE, name)).find(existsSync)
  if (file === undefined) throw new CliError('checkout_needed', 'the sample company is not beside this program')
  const input = new InputRun({ definition, definitionFile: DEFINITION, files: [file], flags: {}, signal })
  const opened = await openCircles(definition, [file], input, true)
  if (opened === undefined) throw new CliError('facts_missing', 'the sample company has no leads')
  const asOf = opened.last
  const scores: LeadScore[] = []
  const task = { kind: 'score', asOf, withReasons: true } as const
  for await (const batch of runCircles(definition, task, opened.circles, { signal })) scores.push(...batch)
  input.progress.end()
  return { scores: scores.sort(compareLeads(definition)), facts: opened.span.count, asOf, file }
}

function asText(definition: Definition, { scores, facts, asOf, file }: SampleScores): string {
  const first = scores
    .filter(({ assessment }) => standingOf(definition, assessment.stage.id) === 'open')
    .slice(0, SHOWN)
  const counts = `${scores.length.toLocaleString('en')} leads, ${facts.toLocaleString('en')} facts, as of ${formatInstant(asOf).slice(0, 16).replace('T', ' ')} UTC`
  return [
    `${paint('bold', `Whom to call first`)} — “${definition.name}”, a made-up company’s agreement (${counts})\n`,
    leadsTable(definition, first),
    soonText(definition, scores),
    goOn(first[0]?.assessment.lead, file),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

const SOON_SHOWN = 5

/** What happens next by itself, soonest first: a level that fades, a service level that ends. */
function soonText(definition: Definition, scores: readonly LeadScore[]): string {
  const soon = scores
    .filter((score) => nextText(definition, score) !== '')
    .sort((a, b) => a.next!.at - b.next!.at)
    .slice(0, SOON_SHOWN)
  if (soon.length === 0) return ''
  return `${paint('bold', 'What changes soon, if nobody does anything')}\n${soon.map((score) => `  ${score.assessment.lead}: ${nextText(definition, score)}\n`).join('')}`
}

/** Commands that work as they stand, from the root of the checkout. */
function goOn(lead: string | undefined, facts: string): string {
  const sample = 'examples/b2b-software'
  const explain =
    lead === undefined
      ? ''
      : `  npx winnow explain ${sample}/definition.yaml ${sample}/${basename(facts)} --as-of last --lead ${lead}\n`
  return `Go on with\n${explain}  npx winnow score examples/starter.yaml your-leads.csv\n  npx winnow help\n`
}
