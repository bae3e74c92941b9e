import { formatInstant, type Instant } from '@winnow/engine'
import { generateDemo, truthOf, type Demo, type DemoLead, type DemoOptions } from '@winnow/demo'
import { csvLine, writeFact } from '@winnow/io'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { demoReadme, demoSteps, type DemoTotals } from '../demo-readme.ts'
import { CliError } from '../errors.ts'
import { readInstantOption } from '../input.ts'
import { openProgress } from '../progress.ts'
import type { Run } from '../run.ts'
import { openSink, withSink, type Sink } from '../sink.ts'
import { jsonText } from '../terminal.ts'

interface Flags {
  readonly out?: string
  readonly into?: true
  readonly remove?: true
  readonly data?: string
  readonly leads: number
  readonly seed: string
  readonly until: string
  readonly json?: boolean
}

const LEADS_MAX = 100_000_000

export function addDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .summary('a synthetic company of any size, with its hidden truth')
    .description(
      'Writes eighteen months of a company that does not exist: leads, activities, decisions of sales, costs, the two\ndefinitions that were live, and beside them the truth that no fact says. Same seed, same bytes.',
    )
    .option('-o, --out <folder>', 'the folder to write to')
    .option('--into', 'instead of files: fill the server’s database, while it is empty')
    .option('--remove', 'take the demo company out of the server’s database')
    .addOption(
      new Option('--data <folder>', 'with --into and --remove: folder of the embedded database').env('WINNOW_DATA'),
    )
    .option('--leads <count>', 'how many leads', readCount, 6000)
    .option('--seed <text>', 'another seed, another company', '1')
    .option('--until <instant>', 'no fact is later: an ISO 8601 instant, `now`, or `today` (midnight UTC)', 'today')
    .option('--json', 'print a summary as JSON')
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => {
      const { out, into, remove } = flags
      if ([out, into, remove].filter((way) => way !== undefined).length !== 1)
        throw new CliError('option_malformed', 'give one of `--out <folder>`, `--into` and `--remove`')
      if (remove) return removeFromServer(flags)
      const until = flags.until === 'today' ? today() : readInstantOption('until', flags.until)
      const options = { seed: flags.seed, leads: flags.leads, until }
      if (out === undefined) return fillServer(flags, options, run.signal)
      const demo = companyOf(options)
      const totals = await writeDemo(demo, out, run.signal)
      if (totals === undefined) return // interrupted
      process.stdout.write(flags.json ? jsonText(summary(demo, out, totals)) : told(out, totals))
    })
}

const HELP = `
Everything in it is made up, and says so: addresses end in .example, companies are called “(synthetic)”, and every lead has the
attribute data_origin with the value synthetic. docs/demo.md describes the company and what is hidden in it.

Examples:
  $ winnow demo --out demo
  $ winnow demo --out demo --seed 2 --until 2027-01-01
  $ winnow demo --out load --leads 500000
  $ winnow demo --into`

const DAY_MS = 24 * 3600 * 1000
const today = (): Instant => Math.floor(Date.now() / DAY_MS) * DAY_MS

function readCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= LEADS_MAX) return count
  throw new InvalidArgumentError('It takes a whole number, 1 or more.')
}

function companyOf(options: DemoOptions): Demo {
  try {
    return generateDemo(options)
  } catch (error) {
    if (error instanceof RangeError) throw new CliError('option_malformed', error.message)
    throw error
  }
}

// --- A server's database ---------------------------------------------------------------------------------------------

async function configOf({ data }: Flags) {
  const { readConfig } = await import('@winnow/server')
  return readConfig({ ...process.env, ...(data !== undefined && { WINNOW_DATA: data }) }, process.cwd())
}

async function fillServer(flags: Flags, options: DemoOptions, signal: AbortSignal): Promise<void> {
  companyOf(options) // says what is wrong with them
  const { fillWithDemo } = await import('@winnow/server')
  const progress = openProgress()
  const { state, loaded_leads, loaded_facts } = await fillWithDemo(await configOf(flags), options, {
    signal,
    progress: ({ leads, facts }) =>
      progress.update(leads / options.leads, `loading · ${facts.toLocaleString('en')} facts`),
  })
  progress.end()
  const told = { state, synthetic: true, leads: loaded_leads, facts: loaded_facts }
  if (flags.json) process.stdout.write(jsonText(told))
  else
    process.stdout.write(
      `The demo company is ${state}: ${told.leads.toLocaleString('en')} leads, ${told.facts.toLocaleString('en')} facts. Nobody in it exists.\n`,
    )
}

async function removeFromServer(flags: Flags): Promise<void> {
  const { emptyOfDemo } = await import('@winnow/server')
  await emptyOfDemo(await configOf(flags))
  process.stdout.write(flags.json ? jsonText({ state: 'none' }) : 'The demo company is gone.\n')
}

// --- Files -----------------------------------------------------------------------------------------------------------

/** How many leads are made before they are written, and the process looks whether somebody wants it to end. */
const BATCH = 100

/** Writes the files of the folder; nothing of it where somebody interrupts. */
async function writeDemo(demo: Demo, out: string, signal: AbortSignal): Promise<DemoTotals | undefined> {
  makeFolder(out)
  const [facts, truth] = ['facts.jsonl.gz', 'truth.jsonl.gz'].map((name) => openSink(join(out, name))) as [Sink, Sink]
  try {
    const totals = await writeLeads(demo, { facts, truth, signal })
    if (totals === undefined) {
      for (const sink of [facts, truth]) sink.discard()
      return undefined
    }
    for (const sink of [facts, truth]) await sink.close()
    await writeBesides(demo, out, totals)
    return totals
  } catch (error) {
    for (const sink of [facts, truth]) sink.discard()
    throw error
  }
}

function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true })
  } catch (error) {
    throw new CliError('output_unwritable', `${out} cannot be made: ${(error as Error).message}`)
  }
}

interface Writing {
  readonly facts: Sink
  readonly truth: Sink
  readonly signal: AbortSignal
}

async function writeLeads(demo: Demo, { facts, truth, signal }: Writing): Promise<DemoTotals | undefined> {
  const progress = openProgress()
  const totals = { leads: 0, accounts: 0, facts: 0, activities: 0, decisions: 0, won: 0 }
  for (const batch of batchesOf(demo.leads)) {
    await facts.write(batch.flatMap((lead) => lead.facts.map((fact) => `${writeFact(fact)}\n`)).join(''))
    await truth.write(batch.map(truthLine).join(''))
    for (const lead of batch) count(totals, lead)
    await setImmediate() // the turn in which an interrupt is heard
    if (signal.aborted) break
    progress.update(totals.leads / demo.world.leads, `writing · ${totals.facts.toLocaleString('en')} facts`)
  }
  progress.end()
  return signal.aborted ? undefined : totals
}

function* batchesOf(leads: Iterable<DemoLead>): Generator<DemoLead[]> {
  let batch: DemoLead[] = []
  for (const lead of leads) {
    if (batch.push(lead) < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function truthLine(lead: DemoLead): string {
  const truth = truthOf(lead)
  return `${JSON.stringify({ ...truth, arrivedAt: formatInstant(truth.arrivedAt) })}\n`
}

/** An account is counted with the lead that tells its name, the first of it. */
function count(totals: { -readonly [K in keyof DemoTotals]: DemoTotals[K] }, { facts }: DemoLead): void {
  totals.leads++
  totals.facts += facts.length
  let isWon = false
  for (const fact of facts) {
    if (fact.kind === 'activity') totals.activities++
    else if (fact.kind === 'account_attribute' && fact.name === 'name') totals.accounts++
    else if (fact.kind === 'decision') {
      totals.decisions++
      isWon ||= fact.decision === 'win'
    }
  }
  if (isWon) totals.won++
}

async function writeBesides(demo: Demo, out: string, totals: DemoTotals): Promise<void> {
  const costs = demo.costs.map(({ month, source, campaign, cost }) => csvLine([month, source, campaign, cost, 'EUR']))
  const files: Readonly<Record<string, string>> = {
    'costs.csv': [csvLine(['month', 'source', 'campaign', 'cost', 'currency']), ...costs].join(''),
    'world.json': jsonText(worldOf(demo)),
    'README.md': demoReadme(demo, totals),
    ...Object.fromEntries(demo.versions.map(({ number, text }) => [`definition-v${number}.yaml`, text])),
  }
  for (const [name, text] of Object.entries(files)) await withSink(join(out, name), (sink) => sink.write(text))
}

/** The world with instants as people read them, and the versions' reasons. */
function worldOf({ world, versions }: Demo) {
  const { drift, secondVersionAt: _, start, until, ...tables } = world
  return {
    note: 'Synthetic: the hidden truth of a company that does not exist.',
    start: formatInstant(start),
    until: formatInstant(until),
    drift: { ...drift, at: formatInstant(drift.at) },
    versions: versions.map(({ number, publishedAt, publishedBy, rationale }) => ({
      number,
      publishedAt: formatInstant(publishedAt),
      publishedBy,
      rationale,
    })),
    ...tables,
  }
}

const FILES = [
  'facts.jsonl.gz',
  'definition-v1.yaml',
  'definition-v2.yaml',
  'costs.csv',
  'truth.jsonl.gz',
  'world.json',
  'README.md',
] as const

function summary({ world, versions }: Demo, out: string, totals: DemoTotals) {
  const { seed, start, until, drift } = world
  return {
    out,
    synthetic: true,
    seed,
    start: formatInstant(start),
    until: formatInstant(until),
    drift: formatInstant(drift.at),
    versions: versions.map(({ number, publishedAt }) => ({ number, publishedAt: formatInstant(publishedAt) })),
    ...totals,
    files: FILES,
  }
}

function told(out: string, totals: DemoTotals): string {
  const number = (value: number) => value.toLocaleString('en')
  return `Wrote a synthetic company to ${out}: ${number(totals.leads)} leads of ${number(totals.accounts)} accounts, ${number(totals.facts)} facts
(${number(totals.activities)} activities, ${number(totals.decisions)} decisions), ${number(totals.won)} leads won. Nobody in it exists.

Go on with
${demoSteps(out)
  .map((step) => `  ${step}\n`)
  .join('')}`
}
