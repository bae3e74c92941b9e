/** In time, and who: how long before a win sales had the lead, who was missed, who was a false alarm, what went to and fro. */
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { tip } from '../../ui/chart-tip.ts'
import { Chart, type ChartColors, type ChartOption } from '../../ui/chart.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { axisStyle, columnShadow, columnTip, gridLines, markAt } from './chart-parts.ts'
import { writeFigure } from './figure.ts'
import { histogramOf } from './histogram.ts'
import { LeadRows } from './lead-rows.tsx'
import { useReport } from './report.ts'
import { Section } from './section.tsx'

export function Names() {
  const { version } = useReport()
  return (
    <>
      {version.leadTime.days.length > 0 && <LeadTime />}
      <Named kind="missed" count={version.missed.length} />
      <Named kind="falseAlarms" count={version.falseAlarms.length} />
      <Flapping />
    </>
  )
}

function LeadTime() {
  const { t } = useTranslation('backtests')
  const { version, says } = useReport()
  const formats = useFormats()
  const { median, quartiles, days } = version.leadTime
  const bars = useMemo(() => histogramOf(days), [days])
  const middle = bars.findIndex(({ from, to }) => median.value !== null && median.value >= from && median.value < to)
  const label = ({ from, to }: (typeof bars)[number]) => t('leadTime.bar', { from, to })
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 40, right: 16, top: 26, bottom: 44 },
      tooltip: {
        ...columnTip(colors, (index) => {
          const bar = bars[index]!
          return tip(label(bar), t('leadTime.wins', { count: bar.count }))
        }),
        axisPointer: columnShadow(colors),
      },
      xAxis: {
        type: 'category',
        data: bars.map(({ from }) => String(from)),
        name: t('leadTime.axis'),
        nameLocation: 'middle',
        nameGap: 28,
        ...axisStyle(colors),
      },
      yAxis: { type: 'value', minInterval: 1, ...axisStyle(colors), ...gridLines(colors) },
      series: [
        {
          name: t('leadTime.title'),
          type: 'bar',
          barCategoryGap: '8%',
          data: bars.map(({ count }) => ({ value: count, itemStyle: { borderRadius: [2, 2, 0, 0] } })),
          color: colors.medium,
          ...(middle >= 0 && {
            markLine: markAt(colors, [
              { xAxis: middle, label: t('leadTime.median', { days: formats.number(median.value ?? 0, 0) }) },
            ]),
          }),
        },
      ],
    }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [bars, median, middle, formats, t],
  )
  return (
    <Section
      title={t('leadTime.title')}
      said={t('leadTime.said', {
        days: says.amount(median),
        low: formats.number(quartiles?.[0] ?? 0, 0),
        high: formats.number(quartiles?.[1] ?? 0, 0),
      })}
      method={t('leadTime.method')}
      download="leadTime"
      table={{
        columns: [{ label: t('leadTime.days') }, { label: t('leadTime.count'), isNumber: true }],
        rows: bars.map((bar) => [{ text: label(bar) }, { text: formats.number(bar.count, 0) }]),
      }}
    >
      <Chart label={t('leadTime.label')} option={option} height={230} />
    </Section>
  )
}

const SHOWN = 8
const PRINTED = 25

function Named({ kind, count }: { readonly kind: 'missed' | 'falseAlarms'; readonly count: number }) {
  const { t } = useTranslation('backtests')
  const { backtest, index, show, isPrinted } = useReport()
  const figure = { kind, version: index } as const
  const leads = useQuery({
    ...ask('backtests', 'listBacktestLeads', {
      params: { backtest: backtest.id },
      query: { figure: writeFigure(figure), limit: PRINTED },
    }),
    enabled: count > 0,
    staleTime: Infinity,
  })
  const shown = (leads.data?.items ?? []).slice(0, isPrinted ? PRINTED : SHOWN)
  return (
    <Section
      title={t(`${kind}.title`)}
      said={count === 0 ? t(`${kind}.none`) : t(`${kind}.said`, { count: leads.data?.total ?? count })}
      method={t(`${kind}.method`)}
      download={kind}
    >
      {leads.error && <ErrorNote error={leads.error} retry={() => void leads.refetch()} />}
      {count > 0 && leads.data === undefined && !leads.error && <Skeleton h={120} />}
      <LeadRows leads={shown} label={t(`${kind}.title`)} version={index} />
      {(leads.data?.total ?? 0) > shown.length && (
        <Button mt="xs" size="compact-sm" variant="default" className="no-print" onClick={() => show(figure)}>
          {t('figure.all', { count: leads.data?.total ?? 0 })}
        </Button>
      )}
    </Section>
  )
}

function Flapping() {
  const { t } = useTranslation('backtests')
  const { result, says, version } = useReport()
  const formats = useFormats()
  return (
    <Section
      title={t('flapping.title')}
      said={t('flapping.said', {
        changes: says.amount(version.flapping.changes, 2),
        count: version.flapping.returning,
        number: formats.number(version.flapping.returning, 0),
      })}
      method={t('flapping.method')}
      download="flapping"
      isTableOpen
      table={{
        columns: [
          { label: t('flapping.version') },
          { label: t('flapping.changes'), isNumber: true },
          { label: t('flapping.returning'), isNumber: true },
        ],
        rows: result.versions.map(({ name, flapping: { changes, returning } }, at) => [
          { text: name },
          { text: says.amount(changes, 2) },
          { text: formats.number(returning, 0), figure: { kind: 'returning', version: at } },
        ]),
      }}
    />
  )
}
