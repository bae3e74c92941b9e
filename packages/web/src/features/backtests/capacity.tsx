/** Sales' week: how many come, how many can be taken, and what is won if only so many are. */
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { tip, tooltipStyle } from '../../ui/chart-tip.ts'
import { Chart, type ChartColors, type ChartOption, type ChartPick } from '../../ui/chart.tsx'
import { GateVerdict } from '../../ui/gate-line.tsx'
import classes from './backtests.module.css'
import { axisStyle, columnShadow, columnTip, gridLines, markAt, ribbon } from './chart-parts.ts'
import { DraftButton } from './draft-button.tsx'
import { Load } from './load.tsx'
import { Legend } from './outcomes.tsx'
import { dashOfVersion, toneOfVersion, useReport } from './report.ts'
import { Choice, Section } from './section.tsx'

export function Capacity() {
  const { version } = useReport()
  return (
    <>
      <Gate />
      {version.weeks.length > 0 && (version.handover !== null || version.gate.length > 0) && <Weeks />}
      <Load />
      {version.captured.length > 0 && <Captured />}
    </>
  )
}

function Gate() {
  const { t } = useTranslation('backtests')
  const { version, index } = useReport()
  const words = useDefinition()
  const tight = version.gate.filter(({ verdict }) => verdict === 'flooded' || verdict === 'starved')
  const { bottleneck } = version
  return (
    <Section
      title={t('gate.title')}
      said={
        version.gate.length === 0
          ? t('gate.none')
          : tight.length === 0
            ? t('gate.fits')
            : t('gate.tight', { stage: words.stageLabel(bottleneck?.stage ?? tight[0]!.stage), count: tight.length })
      }
      method={t('gate.method')}
      {...(version.gate.length > 0 && { download: 'gate' as const })}
    >
      <div className={classes.gates}>
        {version.gate.map((line) => (
          <GateVerdict
            key={`${line.team} ${line.stage}`}
            line={line}
            action={line.proposal !== null && <DraftButton bound={line.proposal} version={index} />}
          />
        ))}
      </div>
    </Section>
  )
}

function Weeks() {
  const { t } = useTranslation('backtests')
  const { version, index, show } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const stages = [
    ...new Set([...(version.handover === null ? [] : [version.handover]), ...version.gate.map(({ stage }) => stage)]),
  ]
  const [chosen, choose] = useState<string>()
  const stage = stages.find((each) => each === chosen) ?? stages[0]!
  const capacity = version.gate.find((line) => line.stage === stage)?.capacity
  const { weeks } = version
  const many = weeks.map(({ stages }) => stages[stage] ?? 0)
  const over = capacity === undefined ? 0 : many.filter((each) => each > capacity).length
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 40, right: 16, top: 24, bottom: 30 },
      tooltip: {
        ...columnTip(colors, (index) => {
          const week = weeks[index]!
          return tip(
            t('weeks.tip', { date: formats.date(week.begin) }),
            `${words.stageLabel(stage)}: ${formats.number(many[index] ?? 0, 0)}`,
            t('weeks.wins', { count: week.wins }),
          )
        }),
        axisPointer: columnShadow(colors),
      },
      xAxis: {
        type: 'category',
        data: weeks.map(({ begin }) => formats.date(begin)),
        ...axisStyle(colors),
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        max: ({ max }: { max: number }) => Math.ceil(Math.max(max, (capacity ?? 0) * 1.15)),
        ...axisStyle(colors),
        ...gridLines(colors),
      },
      series: [
        {
          name: words.stageLabel(stage),
          type: 'bar',
          barCategoryGap: '22%',
          data: many.map((value) => ({
            value,
            itemStyle: {
              color: capacity !== undefined && value > capacity ? colors.warm : colors.accent,
              borderRadius: [2, 2, 0, 0],
            },
          })),
          ...(capacity !== undefined && {
            markLine: markAt(colors, [
              { yAxis: capacity, label: t('weeks.capacity', { capacity: formats.number(capacity) }) },
            ]),
          }),
        },
      ],
    }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [weeks, stage, capacity, formats, words, t],
  )
  const pick = useCallback(
    ({ index: at }: ChartPick) => {
      const week = weeks[at]
      if (week) show({ kind: 'stage', version: index, stage, week: week.begin })
    },
    [weeks, index, stage, show],
  )
  return (
    <Section
      title={t('weeks.title')}
      said={
        capacity === undefined
          ? t('weeks.plain', { stage: words.stageLabel(stage), most: formats.number(Math.max(0, ...many), 0) })
          : t(over === 0 ? 'weeks.never' : 'weeks.said', {
              over: formats.number(over, 0),
              count: weeks.length,
              stage: words.stageLabel(stage),
              capacity: formats.number(capacity),
            })
      }
      method={t('weeks.method')}
      download="weeks"
      table={{
        columns: [
          { label: t('weeks.week') },
          { label: words.stageLabel(stage), isNumber: true },
          { label: t('weeks.winsHead'), isNumber: true },
        ],
        rows: weeks.map(({ begin, wins }, at) => [
          { text: formats.date(begin) },
          { text: formats.number(many[at]!, 0), figure: { kind: 'stage', version: index, stage, week: begin } },
          { text: formats.number(wins, 0), figure: { kind: 'wins', version: index, week: begin } },
        ]),
      }}
    >
      <Choice
        label={t('weeks.stage')}
        value={stage}
        all={stages.map((value) => ({ value, label: words.stageLabel(value) }))}
        choose={choose}
      />
      <Chart label={t('weeks.label', { stage: words.stageLabel(stage) })} option={option} height={230} onPick={pick} />
    </Section>
  )
}

function Captured() {
  const { t } = useTranslation('backtests')
  const { result, version, index, says, show } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const [measure, setMeasure] = useState<'revenue' | 'wins'>(result.revenue > 0 ? 'revenue' : 'wins')
  const capacity = version.captured.find(({ isCapacity }) => isCapacity)
  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const points = version.captured.flatMap((each) => {
        const { low, high } = each[measure]
        return low === null || high === null ? [] : [[each.perWeek, low, high] as const]
      })
      return {
        grid: { left: 46, right: 24, top: 26, bottom: 44 },
        tooltip: {
          ...tooltipStyle(colors),
          trigger: 'item',
          formatter: (given) => {
            const { seriesIndex, dataIndex } = given as unknown as { seriesIndex: number; dataIndex: number }
            const shown = result.versions[seriesIndex - 2]
            const point = shown?.captured[dataIndex]
            if (shown === undefined || point === undefined) return ''
            return tip(
              shown.name,
              t('captured.tip', { perWeek: formats.number(point.perWeek), rate: says.rate(point[measure]) }),
            )
          },
        },
        xAxis: {
          type: 'value',
          min: 0,
          name: t('captured.perWeek'),
          nameLocation: 'middle',
          nameGap: 28,
          ...axisStyle(colors),
          splitLine: { show: false },
        },
        yAxis: {
          type: 'value',
          min: 0,
          max: 1,
          ...axisStyle(colors),
          ...gridLines(colors),
          axisLabel: { color: colors.soft, fontSize: 11, formatter: (share: number) => formats.percent(share) },
        },
        series: [
          ...(points.length > 0 ? ribbon('sure', points, colors.accent) : ribbon('sure', [], colors.accent)),
          ...result.versions.map(({ name, captured }, at) => ({
            name,
            type: 'line' as const,
            data: captured.map((each) => [each.perWeek, each[measure].value]),
            symbol: 'circle',
            symbolSize: 6,
            connectNulls: true,
            color: toneOfVersion(colors, at, index),
            lineStyle: { width: at === index ? 2.5 : 1.8, type: dashOfVersion(at, index) },
            ...(at === index &&
              capacity !== undefined && {
                markLine: markAt(colors, [
                  { xAxis: capacity.perWeek, label: t('captured.capacity', { count: capacity.perWeek }) },
                ]),
              }),
          })),
        ],
      }
    },
    [version, measure, result, index, capacity, formats, says, t],
  )
  const pick = useCallback(
    ({ series, index: at }: ChartPick) => {
      const place = result.versions.findIndex(({ name }) => name === series)
      const point = result.versions[place]?.captured[at]
      if (point) show({ kind: 'captured', version: place, perWeek: point.perWeek })
    },
    [result, show],
  )
  return (
    <Section
      title={t('captured.title')}
      said={
        capacity === undefined
          ? t('captured.plain')
          : t(`captured.said.${measure}`, {
              count: capacity.perWeek,
              rate: says.rate(capacity[measure]),
              name: version.name,
            })
      }
      method={t('captured.method')}
      download="captured"
      table={{
        columns: [
          { label: t('captured.perWeek') },
          { label: t('captured.wins'), isNumber: true },
          { label: t('captured.revenue'), isNumber: true },
        ],
        rows: version.captured.map(({ perWeek, wins, revenue, isCapacity }) => [
          {
            text: isCapacity ? t('captured.atCapacity', { perWeek: formats.number(perWeek) }) : formats.number(perWeek),
          },
          { text: says.rate(wins), mark: wins, figure: { kind: 'captured', version: index, perWeek } },
          { text: says.rate(revenue), mark: revenue },
        ]),
      }}
    >
      <Choice
        label={t('captured.measure')}
        value={measure}
        all={[
          { value: 'revenue', label: t('captured.byRevenue', { currency: words.currency ?? '' }) },
          { value: 'wins', label: t('captured.byWins') },
        ]}
        choose={setMeasure}
      />
      <Legend />
      <Chart label={t('captured.label')} option={option} height={280} onPick={pick} />
    </Section>
  )
}
