import {
  compileDefinition,
  cooling,
  explain,
  formatDuration,
  formatInstant,
  gaps,
  leadId,
  nextChange,
  replay,
  type Cooling,
  type Definition,
  type Explanation,
  type Fact,
  type Gap,
  type Instant,
  type LeadId,
  type NextChange,
  type Transition,
} from '@winnow/engine'
import { readCircles, TimeSpan, type CircleWork } from '@winnow/io'
import type { Command } from 'commander'
import { shareOut } from '../arithmetic.ts'
import { CliError } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import { InputRun, readInstantOption, withInputOptions, type InputFlags } from '../input.ts'
import { printable } from '../issues.ts'
import { changeJson, changeText, leadJson, stageLabel } from '../leads.ts'
import type { Run } from '../run.ts'
import { levelText, moneyText, plainTable } from '../tables.ts'
import { withSink } from '../sink.ts'
import { jsonText, paint } from '../terminal.ts'

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
      const input = new InputRun({ definition, files, flags, signal: run.signal, at: asOf })
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
  const span = new TimeSpan()
  const isGathering = asOf === 'last'
  const circles = readCircles(input.inputs, files, {
    definition,
    isGathering,
    onRefusals: input.onRefusals,
    onFacts: (facts) => span.add(facts),
  })
  const near: string[] = []
  try {
    for await (const circle of circles) {
      if (circle.leads.includes(leadId(lead))) return { circle, last: span.last! }
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

interface Told {
  readonly explanation: Explanation
  readonly account: string | undefined
  readonly next: NextChange | undefined
  readonly gaps: readonly Gap[]
  readonly cooling: Cooling | undefined
  readonly history: readonly { readonly transition: Transition; readonly facts: readonly Fact[] }[]
}

function tellAll(definition: Definition, { facts }: CircleWork, lead: LeadId, asOf: Instant): Told {
  const plan = compileDefinition(definition)
  const { circle, transitions } = replay(plan, facts, { until: asOf, withEvidence: true })
  if (!circle.leads.has(lead)) {
    throw new CliError(
      'lead_missing',
      `nothing is known of \`${lead}\` at ${formatInstant(asOf)} yet`,
      'Ask for a later instant with --as-of.',
    )
  }
  const account = circle.leads.get(lead)?.account?.id
  const history = transitions
    .filter((transition) => transition.lead === lead)
    .map((transition) => ({ transition, facts: causesOf(transition, facts, { lead, account }) }))
  return {
    explanation: explain(plan, circle, lead, asOf),
    account,
    next: nextChange(plan, circle, lead, asOf),
    gaps: gaps(plan, circle, lead, asOf),
    cooling: cooling(plan, circle, lead, asOf),
    history,
  }
}

/** Facts of the lead and its account at the instant of a transition; those of colleagues where there are no others. */
function causesOf(
  { at, cause }: Transition,
  facts: readonly Fact[],
  { lead, account }: { lead: string; account: string | undefined },
): Fact[] {
  if (cause === 'time') return []
  const then = facts.filter((fact) => fact.at === at)
  const own = then.filter((fact) => (fact.kind === 'account_attribute' ? fact.account === account : fact.lead === lead))
  return own.length > 0 ? own : then
}

// --- JSON ------------------------------------------------------------------------------------------------------------

function asJson(definition: Definition, { explanation, account, next, gaps, cooling, history }: Told): string {
  const { assessment, contributions, questions, playbooks } = explanation
  const { reasons: _, ...lead } = leadJson({ assessment, account, next, reasons: [] })
  return jsonText({
    definition: definition.name,
    asOf: formatInstant(assessment.asOf),
    ...lead,
    contributions,
    gaps,
    cooling:
      cooling === undefined
        ? null
        : {
            ...cooling,
            at: formatInstant(cooling.at),
            keptBy: cooling.keptBy.map((each) => ({
              ...each,
              until: each.until === undefined ? null : formatInstant(each.until),
            })),
          },
    questions,
    playbooks,
    history: history.map(({ transition, facts }) => ({
      at: formatInstant(transition.at),
      ...changeJson(transition),
      cause: transition.cause,
      facts: facts.map(({ id }) => id),
    })),
  })
}

// --- Text ------------------------------------------------------------------------------------------------------------

function asText(definition: Definition, told: Told, isAll: boolean): string {
  const { explanation } = told
  const parts = [
    headText(definition, told),
    ...Object.keys(definition.scores ?? {}).map((score) => scoreText(score, explanation, isAll)),
    nextTextOf(definition, told),
    section(
      'What is missing',
      told.gaps.map(({ sentence }) => `• ${printable(sentence)}`),
    ),
    section(
      'What to ask',
      explanation.questions.map(
        ({ question, attribute }) => `• ${printable(question)} ${paint('dim', `(${attribute})`)}`,
      ),
    ),
    section(
      'What to do',
      explanation.playbooks.flatMap((name) => playbookLines(definition, name)),
    ),
    section('How it came to this', historyLines(definition, told)),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${paint('bold', title)}\n${lines.map((line) => `  ${line}\n`).join('')}`

function headText(definition: Definition, { explanation: { assessment }, account }: Told): string {
  const { lead, asOf, stage, levels, personas, value } = assessment
  const due =
    stage.sla &&
    (stage.sla.breached
      ? paint('red', `, overdue since ${formatInstant(stage.sla.dueAt)}`)
      : `, due in ${formatDuration(stage.sla.dueAt - asOf)}`)
  const rows: (readonly [string, string])[] = [
    ['stage', `${stageLabel(definition, stage.id)} since ${formatInstant(stage.since)}${due ?? ''}`],
    ...Object.entries(levels).map(([name, level]) => [name, levelText(definition, name, level)] as const),
    ['persona', personas.length === 0 ? paint('dim', 'none') : personas.join(', ')],
    ...(value === undefined
      ? []
      : [
          [
            'worth',
            `${moneyText(value)} = ${(value.probability * 100).toFixed(1)} % × ${value.amount.toLocaleString('en')} …`,
          ] as const,
        ]),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const title = `${paint('bold', printable(lead))}${account === undefined ? '' : ` of ${printable(account)}`} at ${formatInstant(asOf)}`
  return `${title}\n${rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('')}`
}

/** The lines of a score, rounded so that what is shown adds up to what is shown. */
function scoreText(score: string, { assessment, contributions }: Explanation, isAll: boolean): string {
  const lines = contributions.filter((each) => each.score === score)
  const total = assessment.scores[score]!
  const shown = shareOut(
    lines.map(({ points }) => points),
    total,
    2,
  )
  const rows = lines.flatMap((line, at) => {
    if (!isAll && line.points === 0 && line.outcome === 'not_matched') return []
    const name = line.criterion ?? (line.group === '' ? 'range' : `${line.group}, limit`)
    return [[`  ${name}`, signed(shown.parts[at]!), printable(line.because)]]
  })
  rows.push([paint('bold', `  = ${score}`), paint('bold', String(shown.total)), ''])
  return plainTable([{ head: score }, { head: 'points', align: 'right' }, { head: 'because' }], rows)
}

const signed = (points: number) => (points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0')

function nextTextOf(definition: Definition, { next, cooling, explanation: { assessment } }: Told): string {
  if (next === undefined) return section('What changes next', ['Nothing, unless something happens.'])
  const inTime = `in ${formatDuration(next.at - assessment.asOf)}, at ${formatInstant(next.at)}`
  const own = next.transitions.filter(({ lead }) => lead === assessment.lead)
  const lines =
    own.length === 0
      ? [`Nothing ${inTime.replace('in', 'within')}.`]
      : own.map((change) => `${changeText(definition, change)} ${inTime}`)
  return section('What changes next, if nothing happens', [
    ...lines,
    ...(cooling?.keptBy.map(({ sentence }) => `• ${printable(sentence)}`) ?? []),
  ])
}

function playbookLines(definition: Definition, name: string): string[] {
  const playbook = definition.playbooks?.[name]
  return playbook === undefined
    ? []
    : [printable(playbook.title), ...playbook.steps.map((step, at) => `  ${at + 1}. ${printable(step.trim())}`)]
}

const FACTS_SHOWN = 4

function historyLines(definition: Definition, { history }: Told): string[] {
  return history.map(({ transition, facts }) => {
    const causes = facts.slice(0, FACTS_SHOWN).map(factText)
    if (facts.length > FACTS_SHOWN) causes.push(`${facts.length - FACTS_SHOWN} more`)
    const why = transition.cause === 'time' ? 'time passed' : causes.join(', ')
    return `${formatInstant(transition.at)}  ${changeText(definition, transition).padEnd(28)} ${paint('dim', printable(why))}`
  })
}

function factText(fact: Fact): string {
  switch (fact.kind) {
    case 'link':
      return fact.account === null ? 'left the account' : `belongs to ${fact.account}`
    case 'attribute':
    case 'account_attribute':
      return fact.value === null
        ? `${fact.name} is no longer known`
        : `${fact.name} = ${Array.isArray(fact.value) ? fact.value.join(', ') : String(fact.value)}`
    case 'activity':
      return fact.type
    case 'decision':
      return fact.reason === undefined ? fact.decision : `${fact.decision} (${fact.reason})`
  }
}
