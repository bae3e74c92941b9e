import { formatInstant, type Definition } from '@winnow/engine'
import { readCircles, runCircles, TimeSpan, type LeadScore } from '@winnow/io'
import type { Command } from 'commander'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import { InputRun } from '../input.ts'
import { resume } from '../iterate.ts'
import { compareLeads, isSideStage, isWonStage, nextText } from '../leads.ts'
import type { Run } from '../run.ts'
import { leadsTable } from '../tables.ts'
import { paint } from '../terminal.ts'

const SAMPLE = join(import.meta.dirname, '../../../../examples/b2b-software')
const SHOWN = 10

export function addStart(program: Command, run: Run): void {
  program
    .command('start')
    .summary('see it at work: a sample company’s leads, whom to call first, and why')
    .description(
      'Scores the leads of a sample company (made up) as of its last fact, and says whom to call first, why, and what\nchanges soon if nobody does.',
    )
    .action(async () => {
      const definition = requireDefinition(join(SAMPLE, 'definition.yaml'))
      const { scores, facts, asOf } = await scoreSample(definition, run)
      process.stdout.write(asText(definition, scores, { facts, asOf }))
    })
}

async function scoreSample(definition: Definition, { signal }: Run) {
  const file = ['facts.jsonl.gz', 'facts.jsonl'].map((name) => join(SAMPLE, name)).find(existsSync)
  if (file === undefined) throw new CliError('checkout_needed', 'the sample company is not beside this program')
  const span = new TimeSpan()
  let facts = 0
  const input = new InputRun({ definition, files: [file], flags: {}, signal })
  const onFacts = (batch: Parameters<TimeSpan['add']>[0]) => {
    facts += batch.length
    span.add(batch)
  }
  const circles = readCircles(input.inputs, [file], { definition, isGathering: true, onFacts })
  const ahead = await circles.next()
  if (ahead.done) throw new CliError('facts_missing', 'the sample company has no leads')
  const asOf = span.last!
  const scores: LeadScore[] = []
  for await (const batch of runCircles(
    definition,
    { kind: 'score', asOf, withReasons: true },
    resume(ahead.value, circles),
    { signal },
  ))
    scores.push(...batch)
  input.progress.end()
  return { scores: scores.sort(compareLeads(definition)), facts, asOf }
}

function asText(
  definition: Definition,
  scores: readonly LeadScore[],
  { facts, asOf }: { facts: number; asOf: number },
): string {
  const open = new Set(
    (definition.stages ?? []).filter((stage) => !isSideStage(stage) && !isWonStage(stage)).map(({ id }) => id),
  )
  const first = scores.filter(({ assessment }) => open.has(assessment.stage.id)).slice(0, SHOWN)
  const counts = `${scores.length.toLocaleString('en')} leads, ${facts.toLocaleString('en')} facts, as of ${formatInstant(asOf).slice(0, 16).replace('T', ' ')} UTC`
  return [
    `${paint('bold', `Whom to call first`)} — “${definition.name}”, a made-up company’s agreement (${counts})\n`,
    leadsTable(definition, first),
    soonText(definition, scores),
    HINTS,
  ]
    .filter((part) => part !== '')
    .join('\n')
}

const SOON_SHOWN = 5

/** What happens next by itself, soonest first: a level that fades, a service level that ends. */
function soonText(definition: Definition, scores: readonly LeadScore[]): string {
  const soon = scores
    .filter(({ next, assessment }) => next?.transitions.some(({ lead }) => lead === assessment.lead))
    .sort((a, b) => a.next!.at - b.next!.at)
    .slice(0, SOON_SHOWN)
  if (soon.length === 0) return ''
  return `${paint('bold', 'What changes soon, if nobody does anything')}\n${soon.map((score) => `  ${score.assessment.lead}: ${nextText(definition, score)}\n`).join('')}`
}

const HINTS = `Go on with
  npx winnow explain examples/b2b-software/definition.yaml examples/b2b-software/facts.jsonl.gz --as-of last --lead <lead>
  npx winnow score examples/starter.yaml your-leads.csv
  npx winnow help
`
