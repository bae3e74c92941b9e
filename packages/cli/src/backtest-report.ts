/** A backtest as a page to print: one file, no script. */
import {
  formatInstant,
  renderPage,
  type BacktestResult,
  type Block,
  type Drawing,
  type NamedLead,
  type VersionResult,
} from '@winnow/engine'
import { bandDrawings, capturedDrawing, liftDrawing, weeklyDrawing } from './backtest-drawings.ts'
import {
  count,
  differenceLine,
  figureLines,
  gateLine,
  intervalText,
  loadLine,
  METHOD,
  percent,
  periodText,
  valueText,
} from './backtest-words.ts'

type Part = Block | Drawing

const heading = (level: 1 | 2 | 3, text: string): Part => ({ kind: 'heading', level, text })
const paragraph = (text: string): Part => ({ kind: 'paragraph', text })
const list = (items: readonly string[]): Part => ({ kind: 'list', ordered: false, items })
const table = (head: readonly string[], rows: readonly (readonly string[])[]): Part[] =>
  rows.length === 0 ? [] : [{ kind: 'table', head, rows }]
const section = (title: string, parts: readonly Part[]): Part[] =>
  parts.length === 0 ? [] : [heading(2, title), ...parts]

const dayOf = (at: number) => formatInstant(at).slice(0, 10)

export interface ReportSource {
  /** SHA-256 of each definition, in the order of the versions. */
  readonly hashes: readonly string[]
}

export function backtestReport(result: BacktestResult, { hashes }: ReportSource): string {
  const names = result.versions.map(({ name }) => name)
  const title = `Backtest: ${names.join(' and ')}`
  return renderPage(title, [
    heading(1, title),
    paragraph(`${periodText(result, dayOf)}.`),
    paragraph(
      `${count(result.leads)} leads, ${count(result.facts)} facts, ${count(result.wins)} wins worth ${count(result.revenue)}.`,
    ),
    ...section(
      'Main figures',
      result.versions.flatMap((version) => [...named(result, version), figures(version)].flat()),
    ),
    ...section('Compared', comparisons(result)),
    ...section(
      'Capacity',
      result.versions.flatMap((version) => [...named(result, version), ...gate(version), ...load(version)]),
    ),
    ...section(
      'Week by week',
      result.versions.flatMap((version) => [...named(result, version), ...weeklyDrawing(version)]),
    ),
    ...section(
      'What points are worth',
      result.versions.flatMap((version) => [...named(result, version), ...worth(version)]),
    ),
    ...section(
      'Levels and stages',
      result.versions.flatMap((version) => [...named(result, version), ...levels(version)]),
    ),
    ...section(
      'By name',
      result.versions.flatMap((version) => [...named(result, version), ...byName(version)]),
    ),
    ...section('How this was counted', [
      paragraph(METHOD.replaceAll('\n', ' ')),
      list([
        `What was received up to ${formatInstant(result.options.watermark)} counts.`,
        `Seed ${result.options.seed}, ${count(result.options.replicates)} draws.`,
        ...names.map((name, index) => `${name}: SHA-256 ${hashes[index]}`),
      ]),
    ]),
  ])
}

/** Which version it is about, where there are several. */
const named = ({ versions }: BacktestResult, { name }: VersionResult): Part[] =>
  versions.length === 1 ? [] : [heading(3, name)]

const figures = (version: VersionResult): Part[] =>
  table(
    ['figure', 'value', '95 %', 'of'],
    figureLines(version).map(({ says, value, interval, of }) => [says, value, interval, of]),
  )

const comparisons = ({ comparisons: all }: BacktestResult): Part[] =>
  all.flatMap(({ version, against, differences, migration }) => [
    heading(3, `${version} against ${against}`),
    ...table(
      ['figure', 'difference', '95 %', 'verdict'],
      differences.map(differenceLine).map(({ says, value, interval, verdict }) => [says, value, interval, verdict]),
    ),
    ...migration.flatMap(({ category, cells }) => {
      const moved = cells.filter(({ from, to, leads }) => from !== to && leads > 0)
      return [
        paragraph(`Who stands elsewhere at the end of the period, by ${category}:`),
        ...table(
          [against, version, 'leads'],
          moved.map(({ from, to, leads }) => [from, to, count(leads)]),
        ),
      ]
    }),
  ])

const load = ({ load: lines = [] }: VersionResult): Part[] =>
  table(
    ['team (people)', 'stage', 'each, a week', '95 %', 'capacity of each', 'above it'],
    lines
      .map(loadLine)
      .map(({ team, stage, perRep, interval, capacity, over }) => [team, stage, perRep, interval, capacity, over]),
  )

const gate = (version: VersionResult): Part[] => [
  ...table(
    ['team', 'stage', 'capacity a week', 'expected', '95 %', 'verdict', 'would balance it'],
    version.gate
      .map(gateLine)
      .map(({ team, stage, capacity, expected, interval, verdict, proposal }) => [
        team,
        stage,
        capacity,
        expected,
        interval,
        verdict,
        proposal,
      ]),
  ),
  ...(version.bottleneck === null
    ? []
    : [paragraph(`The bottleneck is ${version.bottleneck.team}, with ${version.bottleneck.stage}.`)]),
]

const worth = (version: VersionResult): Part[] => [
  ...bandDrawings(version),
  ...capturedDrawing(version),
  ...liftDrawing(version),
]

const levels = ({ levels: all, funnel }: VersionResult): Part[] => [
  ...table(
    ['of', 'level', 'entered', 'followed', 'won', '95 %', 'accepted', '95 %', 'revenue'],
    all.map(({ category, level, entered, followed, won, accepted, revenue }) => [
      category,
      level,
      count(entered),
      count(followed),
      valueText(won, percent),
      intervalText(won, percent),
      valueText(accepted, percent),
      intervalText(accepted, percent),
      count(revenue),
    ]),
  ),
  ...table(
    ['stage', 'leads', 'of the one before', '95 %'],
    funnel.map(({ stage, leads, ofPrevious }) => [
      stage,
      count(leads),
      valueText(ofPrevious, percent),
      intervalText(ofPrevious, percent),
    ]),
  ),
]

const byName = ({ missed, falseAlarms }: VersionResult): Part[] => [
  ...(missed.length === 0 ? [] : [paragraph('Won, and not handed over before:'), ...namedTable(missed)]),
  ...(falseAlarms.length === 0 ? [] : [paragraph('Handed over, and not won:'), ...namedTable(falseAlarms)]),
]

const namedTable = (leads: readonly NamedLead[]): Part[] =>
  table(
    ['lead', 'at', 'levels', 'worth', 'outcome'],
    leads.map(({ lead, at, level, amount, outcome }) => [
      lead,
      dayOf(at),
      Object.values(level).join(' · '),
      amount === null ? '' : count(amount),
      outcome ?? '',
    ]),
  )
