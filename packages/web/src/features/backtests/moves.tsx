/** Who stands elsewhere: leads by level under the first version and under the one that is looked at. */
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { tip, tooltipStyle } from '../../ui/chart-tip.ts'
import { Chart, type ChartColors, type ChartOption, type ChartPick } from '../../ui/chart.tsx'
import { toneOf } from '../../ui/level-chip.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './backtests.module.css'
import { useReport } from './report.ts'
import { Choice, Section } from './section.tsx'

export function Moves() {
  const { t } = useTranslation('backtests')
  const { result, version } = useReport()
  const comparison = result.comparisons.find((each) => each.version === version.name) ?? result.comparisons[0]
  const index = result.versions.findIndex(({ name }) => name === comparison?.version)
  if (comparison === undefined || comparison.migration.length === 0)
    return <Empty title={t('moves.alone')}>{t('moves.aloneSaid')}</Empty>
  return <Migration key={comparison.version} comparison={comparison} index={index} />
}

const TONES = { up: 'accent', down: 'warm', stay: 'line' } as const
const AGAINST = ['reject', 'recycle', 'disqualify', 'lose']
const BEFORE = 'before '
const AFTER = 'after '

function Migration({
  comparison: { version, against, migration },
  index,
}: {
  readonly comparison: NonNullable<ReturnType<typeof useReport>['result']['comparisons'][number]>
  readonly index: number
}) {
  const { t } = useTranslation('backtests')
  const { show } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const [chosen, choose] = useState<string>()
  const preferred = words.outline.categories.find(({ isMatrix }) => isMatrix)?.name
  const shown =
    migration.find(({ category }) => category === chosen) ??
    migration.find(({ category }) => category === preferred) ??
    migration[0]!
  const { category, cells } = shown
  const isStage = category === 'stage'
  const label = (name: string) =>
    name === '' ? t('moves.nowhere') : isStage ? words.stageLabel(name) : words.level(category, name).level
  const order = (name: string) =>
    isStage ? words.outline.stages.findIndex((stage) => stage.name === name) : words.level(category, name).rank
  /** How much it is to be there: stages that people are sent to for a reason against them are less than any other. */
  const worth = (name: string) =>
    !isStage ? -order(name) : (words.stage(name)?.by ?? []).some((each) => AGAINST.includes(each)) ? -1 : order(name)
  const levels = [...new Set(cells.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => order(a) - order(b))
  const moved = cells.filter(({ from, to }) => from !== to).reduce((sum, { leads }) => sum + leads, 0)
  const all = cells.reduce((sum, { leads }) => sum + leads, 0)
  const biggest = cells.filter(({ from, to }) => from !== to).toSorted((a, b) => b.leads - a.leads)[0]
  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const tone = (name: string) =>
        isStage || name === '' ? colors.accent : colors[toneOf(words.level(category, name))]
      const node = (side: string, name: string) => ({
        name: side + name,
        itemStyle: { color: tone(name), borderWidth: 0 },
        label: { formatter: label(name), position: side === BEFORE ? ('left' as const) : ('right' as const) },
      })
      const toward = (from: string, to: string) => {
        const up = worth(to) - worth(from)
        return up > 0 ? colors.accent : up < 0 ? colors.warm : colors.soft
      }
      const has = (side: 'from' | 'to', name: string) => cells.some((cell) => cell[side] === name && cell.leads > 0)
      return {
        tooltip: {
          ...tooltipStyle(colors),
          trigger: 'item',
          formatter: (given) => {
            const { data } = given as unknown as { data: { source?: string; target?: string; value?: number } }
            if (data.source === undefined || data.target === undefined) return ''
            return tip(
              t('moves.tip', {
                from: label(data.source.slice(BEFORE.length)),
                to: label(data.target.slice(AFTER.length)),
              }),
              t('moves.leads', { count: data.value ?? 0 }),
            )
          },
        },
        series: [
          {
            type: 'sankey',
            left: 110,
            right: 110,
            top: 12,
            bottom: 12,
            nodeWidth: 12,
            nodeGap: 12,
            draggable: false,
            layoutIterations: 0,
            label: { color: colors.text, fontSize: 12 },
            lineStyle: { curveness: 0.5 },
            emphasis: { disabled: true },
            data: [
              ...levels.filter((each) => has('from', each)).map((each) => node(BEFORE, each)),
              ...levels.filter((each) => has('to', each)).map((each) => node(AFTER, each)),
            ],
            links: cells
              .filter(({ leads }) => leads > 0)
              .map(({ from, to, leads }) => ({
                source: BEFORE + from,
                target: AFTER + to,
                value: leads,
                lineStyle: { color: toward(from, to), opacity: from === to ? 0.16 : 0.55 },
              })),
          },
        ],
      }
    },
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [category, cells, words, t],
  )
  const pick = useCallback(
    ({ data }: ChartPick) => {
      const { source, target } = (data ?? {}) as { source?: string; target?: string }
      if (source === undefined || target === undefined) return
      const [from, to] = [source.slice(BEFORE.length), target.slice(AFTER.length)]
      show({ kind: 'migration', version: index, category, from, to })
    },
    [category, index, show],
  )
  return (
    <Section
      title={t('moves.title', { version, against })}
      said={
        biggest === undefined
          ? t('moves.none')
          : t('moves.said', {
              moved: formats.number(moved, 0),
              all: formats.number(all, 0),
              from: label(biggest.from),
              to: label(biggest.to),
              count: biggest.leads,
              number: formats.number(biggest.leads, 0),
            })
      }
      method={t('moves.method')}
      download="migration"
      isTableOpen
      table={{
        columns: [
          { label: t('moves.fromTo', { version, against }) },
          ...levels.map((each) => ({ label: label(each), isNumber: true })),
          { label: t('moves.sum'), isNumber: true },
        ],
        rows: levels
          .map((from) => {
            const row = levels.map((to) => cells.find((cell) => cell.from === from && cell.to === to)?.leads ?? 0)
            return { from, row, sum: row.reduce((total, leads) => total + leads, 0) }
          })
          .filter(({ sum }) => sum > 0)
          .map(({ from, row, sum }) => [
            { text: label(from) },
            ...row.map((leads, at) => ({
              text: leads === 0 ? '·' : formats.number(leads, 0),
              ...(leads > 0 && {
                figure: { kind: 'migration' as const, version: index, category, from, to: levels[at]! },
              }),
              ...(levels[at] === from && { tone: 'soft' as const }),
            })),
            { text: formats.number(sum, 0) },
          ]),
      }}
    >
      <Choice
        label={t('levels.category')}
        value={category}
        all={migration.map((each) => ({
          value: each.category,
          label: each.category === 'stage' ? t('moves.stage') : words.categoryLabel(each.category),
        }))}
        choose={choose}
      />
      <ul className={classes.legend}>
        {(['up', 'down', 'stay'] as const).map((each) => (
          <li key={each}>
            <i style={{ borderTopColor: `var(--w-${TONES[each]})`, borderTopWidth: 8 }} aria-hidden />
            {t(`moves.${each}`)}
          </li>
        ))}
      </ul>
      <Chart label={t('moves.label', { version, against })} option={option} height={300} onPick={pick} />
    </Section>
  )
}
