/** Scores over time, with what happened on it. */
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { tip, tooltipStyle } from '../../ui/chart-tip.ts'
import { Chart, type ChartColors, type ChartOption, type ChartPick } from '../../ui/chart.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ForgottenNote } from '../../ui/forgotten.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { propertyWords, spaced } from '../../ui/fact-words.ts'

type History = Reply<'leads', 'getHistory'>

/** So many of the latest activities are marked. */
const ACTIVITIES_MAX = 200
const ROWS_MAX = 60

export function HistoryPanel({
  lead,
  then,
  onPick,
}: {
  readonly lead: string
  /** The instant that is looked at. */
  readonly then: string | undefined
  readonly onPick: (at: string) => void
}) {
  const { t } = useTranslation('lead')
  const { data: history, error } = useQuery(ask('leads', 'getHistory', { params: { lead } }))
  const { data: done } = useQuery(
    ask('leads', 'listActivities', { params: { lead }, query: { kinds: 'activity', limit: ACTIVITIES_MAX } }),
  )
  return (
    <Panel title={t('history.title')}>
      {error && <ErrorNote error={error} />}
      {history === undefined && !error && <Skeleton h={HEIGHT} />}
      {history !== undefined && (
        <>
          <ForgottenNote forgotten={history.forgotten} />
          <HistoryChart history={history} activities={done?.items ?? []} then={then} onPick={onPick} />
        </>
      )}
    </Panel>
  )
}

const HEIGHT = 230
type Activities = Reply<'leads', 'listActivities'>['items']

function HistoryChart({
  history,
  activities,
  then,
  onPick,
}: {
  readonly history: History
  readonly then: string | undefined
  readonly activities: Activities
  readonly onPick: (at: string) => void
}) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const words = useDefinition()
  const scores = useMemo(
    () => Object.entries(history.scores).map(([name, values]) => ({ name, label: words.scoreLabel(name), values })),
    [history, words],
  )
  const moves = useMemo(() => movesOf(history), [history])
  const marks = useMemo(
    () =>
      activities
        .filter(({ at }) => at >= history.from)
        .map(({ at, type = '', properties = {} }) => ({
          at,
          words: [spaced(type), propertyWords(properties)].filter(Boolean).join(' · '),
        })),
    [activities, history.from],
  )
  const top = Math.max(100, ...scores.flatMap(({ values }) => values))
  const bottom = Math.min(0, ...scores.flatMap(({ values }) => values))
  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const tones = [colors.accent, colors.high, colors.cold, colors.warm, colors.hot]
      const axis = { axisLabel: { color: colors.soft, fontSize: 11 }, axisLine: { lineStyle: { color: colors.line } } }
      return {
        grid: { left: 34, right: 76, top: 36, bottom: 40 },
        tooltip: {
          ...tooltipStyle(colors),
          trigger: 'axis',
          axisPointer: { lineStyle: { color: colors.soft } },
          formatter: (given) => {
            const all = [given].flat() as { seriesId?: string; dataIndex: number; axisValue?: string | number }[]
            const at = Number(all[0]?.axisValue ?? 0)
            const lines = all.flatMap(({ seriesId, dataIndex }) => {
              const score = scores.find(({ name }) => name === seriesId)
              if (score !== undefined) return [`${score.label}: ${formats.number(score.values[dataIndex] ?? 0)}`]
              return seriesId === ACTIVITIES ? [marks[dataIndex]?.words ?? ''] : []
            })
            return tip(formats.dateTime(at), ...lines.slice(0, 8))
          },
        },
        xAxis: {
          type: 'time',
          min: history.from,
          max: history.to,
          splitNumber: 5,
          ...axis,
          axisLabel: { ...axis.axisLabel, hideOverlap: true, formatter: (at: number) => formats.date(at) },
          splitLine: { show: false },
        },
        yAxis: {
          type: 'value',
          min: bottom,
          max: top,
          ...axis,
          splitLine: { lineStyle: { color: colors.line } },
        },
        series: [
          ...scores.map(({ name, label, values }, index) => ({
            id: name,
            name: label,
            type: 'line' as const,
            data: values.map((value, point) => [history.at[point]!, value]),
            color: tones[index % tones.length]!,
            showSymbol: false,
            lineStyle: { width: 2, type: index % 2 === 0 ? ('solid' as const) : ('dashed' as const) },
            endLabel: { show: true, formatter: label, color: tones[index % tones.length]!, fontSize: 11 },
            labelLayout: { moveOverlap: 'shiftY' as const },
            ...(index === 0 && {
              markLine: {
                symbol: 'none',
                silent: true,
                lineStyle: { color: colors.soft, type: 'dotted' as const },
                label: { color: colors.soft, fontSize: 10, position: 'end' as const, rotate: 0 },
                data: [
                  ...(then !== undefined && then >= history.from
                    ? [
                        {
                          xAxis: then,
                          lineStyle: { color: colors.accent, type: 'solid' as const, width: 2 },
                          label: { show: false },
                        },
                      ]
                    : []),
                  ...moves
                    .filter(({ kind }) => kind === 'stage')
                    // Stages soon after one another: their labels stand at two heights.
                    .map(({ at, to }, place) => ({
                      xAxis: at,
                      label: { formatter: words.stageLabel(to), distance: place % 2 === 0 ? 4 : 16 },
                    })),
                ],
              },
            }),
          })),
          {
            id: ACTIVITIES,
            name: ACTIVITIES,
            type: 'scatter' as const,
            symbolSize: 7,
            data: marks.map(({ at }) => [at, bottom]),
            color: colors.soft,
            itemStyle: { opacity: 0.75, borderColor: colors.surface, borderWidth: 1 },
            clip: false,
          },
        ],
      }
    },
    [history, then, scores, moves, marks, top, bottom, formats, words],
  )
  const table = useMemo(
    () => ({
      head: [t('history.at'), ...scores.map(({ label }) => label), t('history.what')],
      rows: eventsOf(history, [...moves, ...marks]).map(({ at, index }) => [
        formats.dateTime(at),
        ...scores.map(({ values }) => formats.number(values[index] ?? 0)),
        [
          ...moves
            .filter((move) => move.at === at)
            .map(({ name, kind, to }) =>
              kind === 'stage' ? words.stageLabel(to) : `${words.categoryLabel(name)}: ${words.level(name, to).level}`,
            ),
          ...marks.filter((mark) => mark.at === at).map((mark) => mark.words),
        ].join(', '),
      ]),
    }),
    [history, scores, moves, marks, formats, words, t],
  )
  const pick = useCallback(
    ({ series, index }: ChartPick) => {
      const at = series === ACTIVITIES ? marks[index]?.at : history.at[index]
      if (at !== undefined) onPick(at)
    },
    [marks, history, onPick],
  )
  const last = scores.map(({ label, values }) => `${label} ${formats.number(values.at(-1) ?? 0)}`)
  return (
    <Chart
      label={t('history.label', { from: formats.date(history.from), scores: formats.list(last) })}
      option={option}
      table={table}
      height={HEIGHT}
      onPick={pick}
    />
  )
}

const ACTIVITIES = 'activities'

interface Move {
  readonly at: string
  readonly kind: 'category' | 'stage'
  readonly name: string
  readonly to: string
}

const movesOf = ({ bands }: History): readonly Move[] =>
  bands.map(({ from, kind, name, level }) => ({ at: from, kind, name, to: level }))

/** Instants at which something happened, the latest first, and the point of the curve that each is at. */
function eventsOf({ at, to }: History, events: readonly { readonly at: string }[]) {
  const instants = [...new Set([to, ...events.map((event) => event.at)])].toSorted().toReversed()
  return instants.slice(0, ROWS_MAX).map((instant) => ({
    at: instant,
    index: Math.max(
      0,
      at.findLastIndex((each) => each <= instant),
    ),
  }))
}
