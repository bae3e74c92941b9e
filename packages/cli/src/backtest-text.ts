/** A backtest on a terminal. */
import { formatInstant, type BacktestResult, type NamedLead, type VersionResult } from '@winnow/engine'
import {
  count,
  differenceLine,
  figureLines,
  gateLine,
  loadLine,
  METHOD,
  percent,
  periodText,
} from './backtest-words.ts'
import { printable } from './issues.ts'
import { plainTable, shorten, type Column } from './tables.ts'
import { paint } from './terminal.ts'

const right = (head: string): Column => ({ head, align: 'right' })
const dayOf = (at: number) => formatInstant(at).slice(0, 10)
const title = (text: string) => `${paint('bold', text)}\n`

/** @param names  so many missed winners and false alarms of each version */
export function backtestText(result: BacktestResult, { names }: { names: number }): string {
  return [
    headText(result),
    ...result.versions.map((version) => figuresText(result, version)),
    ...comparisonsText(result),
    ...result.versions.flatMap((version) => gateText(result, version)),
    ...result.versions.flatMap((version) => loadText(result, version)),
    ...result.versions.flatMap((version) => namesText(result, version, names)),
    paint('dim', `${METHOD}\n`),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

const headText = (result: BacktestResult): string =>
  `Backtest from ${periodText(result, dayOf)}\n${count(result.leads)} leads · ${count(result.facts)} facts · ${count(result.wins)} won, worth ${count(result.revenue)}\n`

/** Which version, where there are several. */
const of = ({ versions }: BacktestResult, { name }: VersionResult): string =>
  versions.length === 1 ? '' : `${printable(name)}: `

function figuresText(result: BacktestResult, version: VersionResult): string {
  const rows = figureLines(version).map(({ says, value, interval, of: base }) => [
    says,
    value,
    paint('dim', interval),
    paint('dim', base === '' ? '' : `of ${base}`),
  ])
  const columns = [{ head: `${of(result, version)}figure` }, right('value'), right('95 %'), { head: '' }]
  const levels = version.levels.filter(({ entered }) => entered > 0)
  return `${plainTable(columns, rows)}${levels.length === 0 ? '' : `\n${levelsText(levels)}`}`
}

function levelsText(levels: VersionResult['levels']): string {
  const columns = [{ head: 'of' }, { head: 'level' }, right('entered'), right('followed'), right('won'), right('95 %')]
  const rows = levels.map(({ category, level, entered, followed, won }, at) => [
    levels[at - 1]?.category === category ? '' : category,
    level,
    count(entered),
    count(followed),
    won.value === null ? '–' : percent(won.value),
    won.low === null || won.high === null ? '' : paint('dim', `${percent(won.low)} – ${percent(won.high)}`),
  ])
  return plainTable(columns, rows)
}

const COLOURS = {
  better: 'green',
  worse: 'red',
  more: 'yellow',
  fewer: 'yellow',
  'not enough evidence': 'dim',
} as const

const comparisonsText = ({ comparisons }: BacktestResult): string[] =>
  comparisons.map(({ version, against, differences, migration }) => {
    const rows = differences.map((each) => {
      const { says, value, interval, verdict } = differenceLine(each)
      return [says, value, paint('dim', interval), paint(COLOURS[verdict], verdict)]
    })
    const moves = migration.flatMap(({ category, cells }) =>
      cells
        .filter(({ from, to, leads }) => from !== to && leads > 0)
        .map(({ from, to, leads }) => [category, from, to, count(leads)]),
    )
    const moved =
      moves.length === 0
        ? ''
        : `\nWho stands elsewhere at the end:\n${plainTable([{ head: 'of' }, { head: against }, { head: version }, right('leads')], moves)}`
    return `${title(`${printable(version)} against ${printable(against)}`)}${plainTable([{ head: 'figure' }, right('difference'), right('95 %'), { head: 'verdict' }], rows)}${moved}`
  })

const VERDICTS = { starved: 'yellow', balanced: 'green', flooded: 'red', unclear: 'dim' } as const

function gateText(result: BacktestResult, version: VersionResult): string[] {
  if (version.gate.length === 0) return []
  const columns = [
    { head: 'team' },
    { head: 'stage' },
    right('capacity'),
    right('expected'),
    right('95 %'),
    { head: '' },
  ]
  const lines = version.gate.map(gateLine)
  const rows = lines.map(({ team, stage, capacity, expected, interval, verdict }) => [
    team,
    stage,
    capacity,
    expected,
    paint('dim', interval),
    paint(VERDICTS[verdict], verdict),
  ])
  const proposals = lines
    .filter(({ proposal }) => proposal !== '')
    .map(({ proposal }) => `  would balance it: ${proposal}\n`)
  return [
    `${title(`${of(result, version)}can sales take it, a week?`)}${plainTable(columns, rows)}${proposals.join('')}`,
  ]
}

function loadText(result: BacktestResult, version: VersionResult): string[] {
  const lines = (version.load ?? []).map(loadLine)
  if (lines.length === 0) return []
  const columns = [
    { head: 'team' },
    { head: 'stage' },
    right('each'),
    right('95 %'),
    right('capacity'),
    right('above it'),
  ]
  const rows = lines.map(({ team, stage, perRep, interval, capacity, over }) => [
    team,
    stage,
    perRep,
    paint('dim', interval),
    capacity,
    over,
  ])
  return [`${title(`${of(result, version)}leads a week and person`)}${plainTable(columns, rows)}`]
}

const LEAD_MAX = 40

function namesText(result: BacktestResult, version: VersionResult, names: number): string[] {
  const lists = [
    { says: 'won, and not handed over before', leads: version.missed },
    { says: 'handed over, and not won', leads: version.falseAlarms },
  ]
  return lists
    .filter(({ leads }) => leads.length > 0 && names > 0)
    .map(({ says, leads }) => {
      const shown = leads.slice(0, names)
      const rest =
        leads.length > shown.length ? `  … and ${count(leads.length - shown.length)} more; --names shows so many\n` : ''
      return `${title(`${of(result, version)}${says}`)}${namedTable(shown)}${paint('dim', rest)}`
    })
}

function namedTable(leads: readonly NamedLead[]): string {
  const columns = [{ head: 'lead' }, { head: 'at' }, { head: 'levels' }, right('worth'), { head: '' }]
  const rows = leads.map(({ lead, at, level, amount, outcome }) => [
    shorten(printable(lead), LEAD_MAX),
    dayOf(at),
    Object.values(level).join(' · '),
    amount === null ? '' : count(amount),
    outcome ?? '',
  ])
  return plainTable(columns, rows)
}
