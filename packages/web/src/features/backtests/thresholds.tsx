/** Another threshold, while it is dragged: nothing is replayed, it is read from what the backtest has counted. */
import { NumberInput, Slider, Text } from '@mantine/core'
import { rateOf, type ThresholdCurve } from '@winnow/engine'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { tip } from '../../ui/chart-tip.ts'
import { Chart, type ChartColors, type ChartOption, type ChartPick } from '../../ui/chart.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './backtests.module.css'
import { axisStyle, columnTip, gridLines, markAt } from './chart-parts.ts'
import { DraftButton } from './draft-button.tsx'
import { pointsOf, readThreshold, stepOf, thresholdFor, type ThresholdReading } from './explorer.ts'
import { gateOf } from './headline.ts'
import { FigureButton } from './numbers.tsx'
import { useReport } from './report.ts'
import { Choice, Section } from './section.tsx'

export function Thresholds() {
  const { t } = useTranslation('backtests')
  const { version } = useReport()
  const words = useDefinition()
  const [chosen, choose] = useState<string>()
  const curve = version.thresholds.find(({ score }) => score === chosen) ?? version.thresholds[0]
  if (curve === undefined) return <Empty title={t('explorer.none')}>{t('explorer.noneSaid')}</Empty>
  return (
    <Section title={t('explorer.title')} said={t('explorer.said')} method={t('explorer.method')} download="thresholds">
      <Choice
        label={t('explorer.score')}
        value={curve.score}
        all={version.thresholds.map(({ score }) => ({ value: score, label: words.scoreLabel(score) }))}
        choose={choose}
      />
      <Explorer key={`${version.name} ${curve.score}`} curve={curve} />
    </Section>
  )
}

function Explorer({ curve }: { readonly curve: ThresholdCurve }) {
  const { t } = useTranslation('backtests')
  const { result, version, index } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const { bounds, score } = curve
  const [boundAt, setBoundAt] = useState(0)
  const bound = bounds[boundAt]
  const [step, setStep] = useState(stepOf(curve, bound?.at ?? pointsOf(curve, 50)))
  const totals = useMemo(() => ({ wins: result.wins, interval: rateOf }), [result.wins])
  const now = readThreshold(curve, step, totals)
  const { at } = now
  const then = bound === undefined ? undefined : readThreshold(curve, stepOf(curve, bound.at), totals)
  const capacity = gateOf(version)?.capacity
  const fitting = capacity === undefined ? undefined : thresholdFor(curve, capacity)
  const choose = (next: string | number) => {
    if (next !== '') setStep(stepOf(curve, Number(next)))
  }
  const levelOf = ({ category, level }: ThresholdCurve['bounds'][number]) =>
    category === 'stage' ? words.stageLabel(level) : words.level(category, level).level
  const label = t('explorer.threshold', { score: words.scoreLabel(score) })
  return (
    <div className={classes.explorer}>
      <Choice
        label={t('explorer.bound')}
        value={String(boundAt)}
        all={bounds.map((each, place) => ({
          value: String(place),
          label: t('explorer.boundOf', { level: levelOf(each), at: formats.number(each.at) }),
        }))}
        choose={(place) => {
          setBoundAt(Number(place))
          setStep(stepOf(curve, bounds[Number(place)]!.at))
        }}
      />
      <div className={classes.drag}>
        <Slider
          className={classes.slider}
          min={0}
          max={100}
          step={1}
          value={step}
          onChange={setStep}
          label={null}
          thumbLabel={label}
          marks={[
            ...bounds.map((each) => ({ value: stepOf(curve, each.at), label: levelOf(each) })),
            ...(fitting === undefined || fitting === 0 ? [] : [{ value: fitting }]),
          ].filter(({ value }, place, all) => all.findIndex((each) => each.value === value) === place)}
        />
        <NumberInput
          aria-label={label}
          min={curve.low}
          max={curve.high}
          step={(curve.high - curve.low) / 100}
          clampBehavior="strict"
          value={at}
          onChange={choose}
          w={84}
        />
      </div>
      <Readings now={now} then={then} curve={curve} capacity={capacity} />
      <CurveChart curve={curve} at={at} boundAt={bound?.at} capacity={capacity} choose={setStep} />
      <div className={classes.explorerFoot}>
        <Text size="sm">
          {bound === undefined
            ? t('explorer.noBound')
            : at === bound.at
              ? t('explorer.same', { level: levelOf(bound), at: formats.number(bound.at) })
              : t('explorer.other', { level: levelOf(bound), from: formats.number(bound.at), to: formats.number(at) })}
          {fitting !== undefined &&
            fitting > 0 &&
            ` ${t('explorer.fitting', { at: formats.number(pointsOf(curve, fitting)), capacity: formats.number(capacity!) })}`}
        </Text>
        {bound !== undefined && (
          <DraftButton
            version={index}
            bound={{ score, category: bound.category, level: bound.level, from: bound.at, to: at }}
          />
        )}
      </div>
    </div>
  )
}

function Readings({
  now,
  then,
  curve: { score },
  capacity,
}: {
  readonly now: ThresholdReading
  readonly then: ThresholdReading | undefined
  readonly curve: ThresholdCurve
  readonly capacity: number | undefined
}) {
  const { t } = useTranslation('backtests')
  const { says, index } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const points = (share: number | null, before: number | null | undefined) => {
    const change = changed(share, before, (difference) => formats.number(100 * difference, 1))
    return change && `${change} ${t('explorer.points')}`
  }
  const fit = capacity === undefined ? undefined : now.perWeek > capacity ? 'over' : 'under'
  return (
    <section className={classes.readings} aria-live="polite" aria-label={t('explorer.readings')}>
      <Reading
        label={t('explorer.perWeek')}
        change={changed(now.perWeek, then?.perWeek, (difference) => formats.number(difference))}
        note={
          <small data-fit={fit}>
            {fit === undefined
              ? t('explorer.busy', { count: now.perBusyWeek })
              : t(`explorer.${fit}`, { capacity: formats.number(capacity!), busy: formats.number(now.perBusyWeek, 0) })}
          </small>
        }
      >
        <FigureButton figure={{ kind: 'threshold', version: index, score, at: now.step }} about={t('explorer.perWeek')}>
          {formats.number(now.perWeek)}
        </FigureButton>
      </Reading>
      <Reading
        label={t('explorer.winRate')}
        change={points(now.winRate.value, then?.winRate.value)}
        note={<small>{t('explorer.between', { range: says.rate(now.winRate), count: now.winRate.count })}</small>}
      >
        <FigureButton
          figure={{ kind: 'threshold', version: index, score, at: now.step, outcome: 'won' }}
          about={t('explorer.winRate')}
        >
          {says.rateAlone(now.winRate.value)}
        </FigureButton>
      </Reading>
      <Reading
        label={t('explorer.captured')}
        change={points(now.captured.value, then?.captured.value)}
        note={<small>{t('explorer.between', { range: says.rate(now.captured), count: now.captured.count })}</small>}
      >
        {says.rateAlone(now.captured.value)}
      </Reading>
      <Reading
        label={t('explorer.revenue')}
        change={changed(now.revenue, then?.revenue, (difference) => formats.money(difference, words.currency))}
        note={<small>{t('explorer.entered', { count: now.entered, number: formats.number(now.entered, 0) })}</small>}
      >
        {formats.money(now.revenue, words.currency)}
      </Reading>
    </section>
  )
}

/** What a figure has gained against another, with its sign; nothing where it has not. */
function changed(
  now: number | null,
  before: number | null | undefined,
  write: (difference: number) => string,
): string | undefined {
  if (now === null || before === null || before === undefined || now === before) return undefined
  return now > before ? `+${write(now - before)}` : `−${write(before - now)}`
}

const Reading = ({
  label,
  change,
  children,
  note,
}: {
  readonly label: string
  readonly change: string | undefined
  readonly children: ReactNode
  readonly note: ReactNode
}) => (
  <div className={classes.reading}>
    <span>{label}</span>
    <div className={classes.readingValue}>
      {children}
      {change !== undefined && <em>{change}</em>}
    </div>
    {note}
  </div>
)

function CurveChart({
  curve,
  at,
  boundAt,
  capacity,
  choose,
}: {
  readonly curve: ThresholdCurve
  readonly at: number
  readonly boundAt: number | undefined
  readonly capacity: number | undefined
  readonly choose: (step: number) => void
}) {
  const { t } = useTranslation('backtests')
  const { result, says } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const all = useMemo(
    () => curve.entered.map((_, step) => readThreshold(curve, step, { wins: result.wins, interval: rateOf })),
    [curve, result.wins],
  )
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 46, right: 48, top: 30, bottom: 44 },
      tooltip: columnTip(colors, (index) => {
        const reading = all[index]!
        return tip(
          t('explorer.tip', { at: formats.number(reading.at) }),
          `${t('explorer.perWeek')}: ${formats.number(reading.perWeek)}`,
          `${t('explorer.winRate')}: ${says.rate(reading.winRate)}`,
          `${t('explorer.captured')}: ${says.rateAlone(reading.captured.value)}`,
        )
      }),
      xAxis: {
        type: 'value',
        min: curve.low,
        max: curve.high,
        name: t('explorer.threshold', { score: words.scoreLabel(curve.score) }),
        nameLocation: 'middle',
        nameGap: 28,
        ...axisStyle(colors),
        splitLine: { show: false },
      },
      yAxis: [
        {
          type: 'value',
          min: 0,
          max: 1,
          ...axisStyle(colors),
          ...gridLines(colors),
          axisLabel: { color: colors.soft, fontSize: 11, formatter: (share: number) => formats.percent(share) },
        },
        {
          type: 'value',
          min: 0,
          name: t('explorer.axisWeek'),
          ...axisStyle(colors),
          splitLine: { show: false },
        },
      ],
      series: [
        {
          name: t('explorer.perWeek'),
          type: 'line',
          yAxisIndex: 1,
          data: all.map((reading) => [reading.at, reading.perWeek]),
          symbol: 'none',
          color: colors.soft,
          lineStyle: { width: 1 },
          areaStyle: { color: colors.line, opacity: 0.7 },
          ...(capacity !== undefined && {
            markLine: markAt(colors, [
              {
                yAxis: capacity,
                label: t('explorer.room', { capacity: formats.number(capacity) }),
                color: colors.soft,
              },
            ]),
          }),
        },
        {
          name: t('explorer.captured'),
          type: 'line',
          data: all.map((reading) => [reading.at, reading.captured.value]),
          symbol: 'none',
          color: colors.accent,
          lineStyle: { width: 2.5 },
          markLine: {
            ...markAt(colors, [
              ...(boundAt === undefined || boundAt === at
                ? []
                : [{ xAxis: boundAt, label: t('explorer.now'), color: colors.soft }]),
              { xAxis: at, label: formats.number(at), color: colors.accent },
            ]),
          },
        },
        {
          name: t('explorer.winRate'),
          type: 'line',
          data: all.map((reading) => [reading.at, reading.winRate.value]),
          symbol: 'none',
          connectNulls: true,
          color: colors.high,
          lineStyle: { width: 2, type: 'dashed' },
        },
      ],
    }),
    [all, at, boundAt, capacity, curve, formats, says, t, words],
  )
  const pick = useCallback(({ index }: ChartPick) => choose(index), [choose])
  const table = useMemo(
    () => ({
      head: [t('explorer.at'), t('explorer.perWeek'), t('explorer.winRate'), t('explorer.captured')],
      rows: all
        .filter(({ step }) => step % 5 === 0)
        .map(({ at, perWeek, winRate, captured }) => [
          formats.number(at),
          formats.number(perWeek),
          says.rate(winRate),
          says.rate(captured),
        ]),
    }),
    [all, formats, says, t],
  )
  return (
    <>
      <ul className={classes.legend}>
        <li>
          <i style={{ borderTopColor: 'var(--w-accent)' }} aria-hidden />
          {t('explorer.captured')}
        </li>
        <li>
          <i style={{ borderTopColor: 'var(--w-high)', borderTopStyle: 'dashed' }} aria-hidden />
          {t('explorer.winRate')}
        </li>
        <li>
          <i style={{ borderTopColor: 'var(--w-line)', borderTopWidth: 8 }} aria-hidden />
          {t('explorer.perWeek')}
        </li>
      </ul>
      <Chart label={t('explorer.label')} option={option} height={270} onPick={pick} table={table} />
    </>
  )
}
