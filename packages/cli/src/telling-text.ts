/** What is told of one lead, for people. */
import {
  type Assessment,
  formatDuration,
  formatInstant,
  type Definition,
  type Explanation,
  type Fact,
  type Instant,
  type Transition,
} from '@winnow/engine'
import { shareOut } from './arithmetic.ts'
import { printable } from './issues.ts'
import { changeText, isOver, stageLabel } from './leads.ts'
import { levelText, moneyText, plainTable } from './tables.ts'
import type { Told } from './telling.ts'
import { paint } from './terminal.ts'

export function asText(definition: Definition, told: Told, isAll: boolean): string {
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

function headText(definition: Definition, told: Told): string {
  const { assessment } = told.explanation
  const { account } = told
  const { lead, asOf, stage, levels, personas, value } = assessment
  const due =
    stage.sla &&
    (stage.sla.breached
      ? paint('red', `, overdue since ${formatInstant(stage.sla.dueAt)}`)
      : `, due in ${formatDuration(stage.sla.dueAt - asOf)}`)
  const rows: (readonly [string, string])[] = [
    ['stage', `${stageLabel(definition, stage.id)} since ${formatInstant(stage.since)}${due ?? ''}`],
    ...shutRows(definition, told),
    ...Object.entries(levels).map(([name, level]) => [name, levelText(definition, name, level)] as const),
    ['persona', personas.length === 0 ? paint('dim', 'none') : personas.join(', ')],
    ...(value === undefined || isOver(definition, assessment)
      ? []
      : [['worth', worthText(definition, value)] as const]),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const title = `${paint('bold', printable(lead))}${account === undefined ? '' : ` of ${printable(account)}`} at ${formatInstant(asOf)}`
  return `${title}\n${rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('')}`
}

/** "11,580 EUR = 21 % × 16,000 × 3.5 − 180" */
function worthText({ value: terms }: Definition, value: NonNullable<Assessment['value']>): string {
  const number = (each: number) => each.toLocaleString('en', { maximumFractionDigits: 2 })
  const chance = `${number(value.probability * 100)} % × ${number(value.amount)}`
  const repeats = terms?.repeats === undefined ? '' : ` × ${number(terms.repeats)}`
  const cost = terms?.cost === undefined ? '' : ` − ${number(terms.cost)}`
  return `${moneyText(value)} = ${chance}${repeats}${cost}`
}

/** After a step back: until when no stage is entered by itself. */
function shutRows(definition: Definition, { shut, explanation }: Told): (readonly [string, string])[] {
  const first = shut[0]
  if (first === undefined) return []
  const { asOf } = explanation.assessment
  if (first.until !== Infinity) {
    const inTime = `${formatInstant(first.until)}, in ${formatDuration(first.until - asOf)}`
    return [['cool-down', `no stage is entered by itself until ${inTime}`]]
  }
  const stages = shut.map(({ stage }) => stageLabel(definition, stage)).join(', ')
  return [['shut', `${stages}, until what enters there has once not been so`]]
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
  if (isOver(definition, assessment)) return ''
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

/**
 * One line for each change; what happened at one instant has it, and its cause, once. What the first fact brings is one line: there
 * is nothing before it to compare with.
 */
function historyLines(definition: Definition, { history, withoutEffect }: Told): string[] {
  const entries: Entry[] = [
    ...history.map(({ transition, facts }) => ({
      at: transition.at,
      what: changeText(definition, transition),
      why: causeText(transition, facts),
      isFirst: transition.from === null && transition.kind !== 'sla',
    })),
    ...withoutEffect.map(({ fact, because, missing }) => ({
      at: fact.at,
      what: `${fact.decision} without effect`,
      why: [because, ...(missing.length > 0 ? [`not known: ${missing.join(', ')}`] : [])].join('; '),
      isFirst: false,
    })),
  ].sort((a, b) => a.at - b.at) // stable: decisions without effect after what happened then
  const lines = folded(entries)
  const width = Math.max(0, ...lines.map(({ what }) => what.length).filter((length) => length <= WHAT_MAX))
  return lines.map(({ at, what, why }, index, all) => {
    const before = all[index - 1]
    const isSame = before?.at === at
    const when = isSame ? ' '.repeat(24) : formatInstant(at)
    const because = isSame && before.why === why ? '' : paint('dim', printable(why))
    return `${when}  ${what.padEnd(width)}  ${because}`.trimEnd()
  })
}

interface Entry {
  readonly at: Instant
  readonly what: string
  readonly why: string
  /** A first level or stage. */
  readonly isFirst: boolean
}

/** Longer ones stand out of the column, instead of pushing it away from all the others. */
const WHAT_MAX = 44

/** What the first fact brings, as one entry. */
function folded(entries: readonly Entry[]): readonly Entry[] {
  const first = entries.filter(({ at, isFirst }) => isFirst && at === entries[0]!.at)
  if (first.length < 2) return entries
  const what = first.map((entry) => entry.what.replace('→ ', '')).join(', ')
  return [{ ...first[0]!, what: `begins: ${what}` }, ...entries.filter((entry) => !first.includes(entry))]
}

const FACTS_SHOWN = 4

function causeText({ cause }: Transition, facts: readonly Fact[]): string {
  if (cause === 'time') return 'time passed'
  const counts = new Map<string, number>()
  for (const text of facts.map(factText)) counts.set(text, (counts.get(text) ?? 0) + 1)
  const causes = [...counts].map(([text, times]) => (times === 1 ? text : `${times} × ${text}`))
  const rest = causes.length - FACTS_SHOWN
  return [...causes.slice(0, FACTS_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
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
