/** What is told of one lead, for people. */
import { formatDuration, formatInstant, type Definition, type Explanation, type Fact } from '@winnow/engine'
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
    ...(value === undefined || isOver(definition, assessment)
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
