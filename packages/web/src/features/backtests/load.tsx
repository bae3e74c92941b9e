/** What the weeks come to for each of a team's people. */
import type { LoadLine } from '@winnow/engine'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { tip } from '../../ui/chart-tip.ts'
import { Chart, type ChartColors, type ChartOption, type ChartPick } from '../../ui/chart.tsx'
import { axisStyle, columnShadow, columnTip, gridLines, markAt } from './chart-parts.ts'
import { useReport } from './report.ts'
import { Section } from './section.tsx'

export function Load() {
  const { version } = useReport()
  return (version.load ?? []).map((line) => <LoadOf key={`${line.team} ${line.stage}`} line={line} />)
}

function LoadOf({ line }: { readonly line: LoadLine }) {
  const { t } = useTranslation(['backtests', 'gate'])
  const { index, show } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const { weeks, perRep, capacity, weeksOver, reps, stage } = line
  const team = t(`gate:teams.${line.team}`, { defaultValue: line.team })
  const one = (value: number) => formats.number(value, 1)
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 40, right: 16, top: 24, bottom: 30 },
      tooltip: {
        ...columnTip(colors, (at) => {
          const week = weeks[at]!
          const most =
            week.capacity === null ? [] : [t('load.tipCapacity', { capacity: formats.number(week.capacity, 1) })]
          return tip(
            t('weeks.tip', { date: formats.date(week.begin) }),
            t('load.tip', { each: formats.number(week.perRep, 1) }),
            ...most,
          )
        }),
        axisPointer: columnShadow(colors),
      },
      xAxis: { type: 'category', data: weeks.map(({ begin }) => formats.date(begin)), ...axisStyle(colors) },
      yAxis: {
        type: 'value',
        max: ({ max }: { max: number }) => Math.ceil(Math.max(max, (capacity ?? 0) * 1.15)),
        ...axisStyle(colors),
        ...gridLines(colors),
      },
      series: [
        {
          type: 'bar',
          barCategoryGap: '22%',
          data: weeks.map((week) => ({
            value: week.perRep,
            itemStyle: {
              color: week.capacity !== null && week.perRep > week.capacity ? colors.warm : colors.accent,
              borderRadius: [2, 2, 0, 0],
            },
          })),
          ...(capacity !== null && {
            markLine: markAt(colors, [
              { yAxis: capacity, label: t('weeks.capacity', { capacity: formats.number(capacity, 1) }) },
            ]),
          }),
        },
      ],
    }),
    [weeks, capacity, formats, t],
  )
  const pick = useCallback(
    ({ index: at }: ChartPick) => {
      const week = weeks[at]
      if (week) show({ kind: 'stage', version: index, stage, week: week.begin })
    },
    [weeks, index, stage, show],
  )
  const interval = perRep.low === null || perRep.high === null ? '' : ` (${one(perRep.low)}–${one(perRep.high)})`
  const numbers = {
    each: `${one(perRep.value ?? 0)}${interval}`,
    stage: words.stageLabel(stage),
    capacity: one(capacity ?? 0),
    over: formats.number(weeksOver, 0),
    count: weeks.length,
  }
  return (
    <Section
      title={t('load.title', { team, stage: words.stageLabel(stage), count: reps })}
      said={t(capacity === null ? 'load.plain' : weeksOver === 0 ? 'load.fits' : 'load.said', numbers)}
      method={t('load.method')}
      download="load"
      table={{
        columns: [
          { label: t('weeks.week') },
          { label: t('load.each'), isNumber: true },
          { label: t('load.capacity'), isNumber: true },
        ],
        rows: weeks.map((week) => [
          { text: formats.date(week.begin), figure: { kind: 'stage', version: index, stage, week: week.begin } },
          { text: one(week.perRep) },
          { text: week.capacity === null ? '–' : one(week.capacity) },
        ]),
      }}
    >
      <Chart
        label={t('load.label', { team, stage: words.stageLabel(stage) })}
        option={option}
        height={230}
        onPick={pick}
      />
    </Section>
  )
}
