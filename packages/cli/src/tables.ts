/** Tables on a terminal. */
import type { Definition } from '@winnow/engine'
import type { LeadScore } from '@winnow/io'
import Table from 'cli-table3'
import { isOver, levelsOf, nextText, pointsText, reasonsText, stageLabel, standingOf } from './leads.ts'
import { printable } from './issues.ts'
import { columnsOf, paint } from './terminal.ts'

const LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const

export interface Column {
  readonly head: string
  readonly align?: 'left' | 'right'
}

/** A plain table: columns two blanks apart, a bold head, no lines to copy along. */
export function plainTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map(({ head }) => paint('bold', head)),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  })
  for (const row of rows) table.push([...row])
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`
}

const LEAD_MAX = 32

/** Leads in the order given, and under each one why, and what changes next. */
export function leadsTable(definition: Definition, leads: readonly LeadScore[]): string {
  const categories = Object.keys(definition.categories ?? {})
  const scores = Object.keys(definition.scores ?? {})
  const hasValue = leads.some(({ assessment }) => assessment.value !== undefined)
  const columns: Column[] = [
    { head: '#', align: 'right' },
    { head: 'lead' },
    { head: 'stage' },
    ...categories.map((head) => ({ head })),
    ...scores.map((head) => ({ head, align: 'right' }) as const),
    ...(hasValue ? [{ head: 'worth', align: 'right' } as const] : []),
  ]
  const rows = leads.map(({ assessment }, at) => [
    String(at + 1),
    paint('bold', shorten(printable(assessment.lead), LEAD_MAX)),
    stageText(definition, assessment),
    ...categories.map((name) => levelText(definition, name, assessment.levels[name]!)),
    ...scores.map((name) => pointsText(assessment.scores[name]!)),
    ...(hasValue ? [isOver(definition, assessment) ? '' : moneyText(assessment.value)] : []),
  ])
  const [head, ...lines] = plainTable(columns, rows).trimEnd().split('\n')
  const indent = ' '.repeat(String(leads.length).length + 2)
  return [head, ...lines.flatMap((line, at) => [line, ...detailLines(definition, leads[at]!, indent)])]
    .map((line) => `${line}\n`)
    .join('')
}

function detailLines(definition: Definition, lead: LeadScore, indent: string): string[] {
  const texts = [reasonsText(lead.reasons), nextText(definition, lead)].filter((text) => text !== '').map(printable)
  return texts
    .flatMap((text) => wrap(text, columnsOf() - indent.length))
    .map((line) => `${indent}${paint('dim', line)}`)
}

/** Lines of whole words. */
function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

export const shorten = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(1, width - 1))}…` : text

type Assessment = LeadScore['assessment']

function stageText(definition: Definition, { stage }: Assessment): string {
  const label = stageLabel(definition, stage.id)
  if (stage.sla?.breached) return paint('red', `${label} overdue`)
  return standingOf(definition, stage.id) === 'open' ? label : paint('dim', label)
}

/** The best level stands out, the worst steps back. */
export function levelText(definition: Definition, category: string, level: string): string {
  const levels = levelsOf(definition.categories ?? {}, category)
  if (level === levels[0] && levels.length > 1) return paint('green', level)
  return level === levels.at(-1) ? paint('dim', level) : level
}

export function moneyText(value: Assessment['value']): string {
  if (value === undefined) return ''
  const amount = Math.round(value.expected).toLocaleString('en')
  return value.currency === undefined ? amount : `${amount} ${value.currency}`
}
