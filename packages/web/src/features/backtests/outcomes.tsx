/** What became of leads: how far they came, which level won how much, and whether the score keeps its promise. */
import { Text } from '@mantine/core'
import type { ScoreBands } from '@winnow/engine'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { tip, tooltipStyle } from '../../ui/chart-tip.ts'
import { Chart, type ChartColors, type ChartOption, type ChartPick } from '../../ui/chart.tsx'
import classes from './backtests.module.css'
import { axisStyle, columnTip, gridLines, whiskers } from './chart-parts.ts'
import { FigureButton, Wide } from './numbers.tsx'
import { trendOf } from './trend.ts'
import { dashOfVersion, toneOfVersion, useReport, variableOfVersion } from './report.ts'
import { Choice, Section } from './section.tsx'

export function Outcomes() {
  const { version } = useReport()
  return (
    <>
      <Funnel />
      <WinRates />
      {version.bands.length > 0 && <Bands />}
      {version.calibration.length > 0 && <Promises />}
      {version.lift.length > 1 && <Lift />}
    </>
  )
}

function Funnel() {
  const { t } = useTranslation('backtests')
  const { result, index, says, version } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const stages = [...new Set([version, ...result.versions].flatMap(({ funnel }) => funnel.map(({ stage }) => stage)))]
  const most = Math.max(1, ...result.versions.flatMap(({ funnel }) => funnel.map(({ leads }) => leads)))
  const steps = version.funnel.filter(({ ofPrevious }, at) => at > 0 && ofPrevious.value !== null)
  const narrowest = steps.toSorted((a, b) => a.ofPrevious.value! - b.ofPrevious.value!)[0]
  return (
    <Section
      title={t('funnel.title')}
      said={
        narrowest === undefined
          ? t('funnel.plain', { name: version.name })
          : t('funnel.said', {
              name: version.name,
              stage: words.stageLabel(narrowest.stage),
              rate: says.rate(narrowest.ofPrevious),
            })
      }
      method={t('funnel.method')}
      download="funnel"
    >
      <Wide label={t('funnel.title')}>
        <table className={classes.funnel}>
          <thead className={classes.hidden}>
            <tr>
              <th scope="col">{t('funnel.stage')}</th>
              {result.versions.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage}>
                <th scope="row">{words.stageLabel(stage)}</th>
                <td>
                  {result.versions.map(({ name, funnel }, at) => {
                    const step = funnel.find((each) => each.stage === stage)
                    if (step === undefined) return null
                    return (
                      <div key={name} className={classes.step} data-chosen={at === index || undefined}>
                        <span className={classes.stepBar}>
                          <i
                            style={{
                              width: `${(100 * step.leads) / most}%`,
                              background: variableOfVersion(at, index),
                            }}
                          />
                          <FigureButton
                            figure={{ kind: 'stage', version: at, stage }}
                            about={`${words.stageLabel(stage)}, ${name}`}
                          >
                            <b className="tabular">{formats.number(step.leads, 0)}</b>
                          </FigureButton>
                        </span>
                        {result.versions.length > 1 && <small>{name}</small>}
                        {step.ofPrevious.value !== null && (
                          <small className="tabular">
                            {t('funnel.ofPrevious', { rate: says.rate(step.ofPrevious) })}
                          </small>
                        )}
                      </div>
                    )
                  })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  )
}

function WinRates() {
  const { t } = useTranslation('backtests')
  const { version, index, says, result } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const categories = [...new Set(version.levels.map(({ category }) => category))]
  const [chosen, choose] = useState<string>()
  const preferred = words.outline.categories.find(({ name, isMatrix }) => isMatrix && categories.includes(name))?.name
  const category = categories.find((each) => each === chosen) ?? preferred ?? categories[0] ?? ''
  const levels = version.levels.filter((each) => each.category === category)
  const seen = levels.filter(({ won }) => won.value !== null)
  const [best, worst] = [seen[0], seen.at(-1)]
  const isApart = best && worst && best !== worst && (best.won.low ?? 0) > (worst.won.high ?? 1)
  const name = (level: string) => words.level(category, level).level
  return (
    <Section
      title={t('levels.title')}
      said={
        best === undefined || worst === undefined || best === worst
          ? t('levels.nothing')
          : t(isApart ? 'levels.apart' : 'levels.together', {
              best: name(best.level),
              bestRate: says.rate(best.won),
              worst: name(worst.level),
              worstRate: says.rate(worst.won),
              days: result.options.horizonDays,
            })
      }
      method={t('levels.method', { days: result.options.horizonDays })}
      download="levels"
      isTableOpen
      table={{
        columns: [
          { label: words.categoryLabel(category) },
          { label: t('levels.won'), isNumber: true },
          { label: t('levels.accepted'), isNumber: true },
          { label: t('levels.entered'), isNumber: true },
          { label: t('levels.followed'), isNumber: true },
          { label: t('levels.revenue'), isNumber: true },
        ],
        rows: levels.map(({ level, entered, followed, won, accepted, revenue }) => {
          const figure = { kind: 'level', version: index, category, level } as const
          return [
            { text: name(level) },
            { text: says.rate(won), mark: won, figure: { ...figure, outcome: 'won' } },
            { text: says.rate(accepted), mark: accepted, figure: { ...figure, outcome: 'accepted' } },
            { text: formats.number(entered, 0), figure },
            { text: formats.number(followed, 0) },
            { text: formats.money(revenue, words.currency) },
          ]
        }),
      }}
    >
      <Choice
        label={t('levels.category')}
        value={category}
        all={categories.map((value) => ({ value, label: words.categoryLabel(value) }))}
        choose={choose}
      />
    </Section>
  )
}

function Bands() {
  const { t } = useTranslation('backtests')
  const { version, index, says, show } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const [chosen, choose] = useState<string>()
  const shown = version.bands.find(({ score }) => score === chosen) ?? version.bands[0]!
  const { score, bands } = shown
  const label = useCallback(
    ({ from, to }: ScoreBands['bands'][number]) => `${formats.number(from)}–${formats.number(to)}`,
    [formats],
  )
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 46, right: 46, top: 28, bottom: 44 },
      tooltip: columnTip(colors, (index) => {
        const band = bands[index]!
        return tip(
          t('bands.tip', { band: label(band) }),
          says.rate(band.won),
          t('bands.leadWeeks', { count: band.leadWeeks, number: formats.number(band.leadWeeks, 0) }),
        )
      }),
      xAxis: {
        type: 'category',
        data: bands.map(label),
        name: words.scoreLabel(score),
        nameLocation: 'middle',
        nameGap: 28,
        ...axisStyle(colors),
      },
      yAxis: [
        {
          type: 'value',
          min: 0,
          name: t('bands.won'),
          ...axisStyle(colors),
          ...gridLines(colors),
          axisLabel: { color: colors.soft, fontSize: 11, formatter: (share: number) => formats.percent(share, 1) },
        },
        { type: 'value', show: false, max: (range: { max: number }) => range.max * 2.6 },
      ],
      series: [
        {
          name: 'volume',
          type: 'bar',
          yAxisIndex: 1,
          silent: true,
          barCategoryGap: '12%',
          data: bands.map(({ leadWeeks }) => leadWeeks),
          color: colors.line,
        },
        {
          name: 'won',
          type: 'line',
          data: bands.map(({ won }) => won.value),
          color: colors.accent,
          symbol: 'circle',
          symbolSize: 9,
          lineStyle: { width: 2 },
          connectNulls: true,
          z: 4,
        },
        whiskers(
          bands.flatMap(({ won: { low, high, value } }, at) =>
            low === null || high === null || value === null ? [] : [[at, low, high] as const],
          ),
          colors.accent,
        ),
      ],
    }),
    [bands, label, formats, says, score, t, words],
  )
  const pick = useCallback(
    ({ index: at }: ChartPick) => {
      const band = bands[at]
      if (band) show({ kind: 'band', version: index, score, from: band.from, to: band.to })
    },
    [bands, index, score, show],
  )
  const known = bands.filter(({ won }) => won.value !== null)
  const [low, high] = [known[0], known.at(-1)]
  return (
    <Section
      title={t('bands.title')}
      said={
        low === undefined || high === undefined
          ? t('bands.nothing')
          : t(`bands.${trendOf(bands)}`, {
              low: label(low),
              lowRate: says.rate(low.won),
              high: label(high),
              highRate: says.rate(high.won),
              score: words.scoreLabel(score),
            })
      }
      method={t('bands.method')}
      download="bands"
      table={{
        columns: [
          { label: words.scoreLabel(score) },
          { label: t('bands.leadWeeksHead'), isNumber: true },
          { label: t('bands.won'), isNumber: true },
        ],
        rows: bands.map((band) => [
          { text: label(band) },
          {
            text: formats.number(band.leadWeeks, 0),
            figure: { kind: 'band', version: index, score, from: band.from, to: band.to },
          },
          {
            text: says.rate(band.won),
            mark: band.won,
            figure: { kind: 'band', version: index, score, from: band.from, to: band.to, outcome: 'won' },
          },
        ]),
      }}
    >
      <Choice
        label={t('bands.score')}
        value={score}
        all={version.bands.map((each) => ({ value: each.score, label: words.scoreLabel(each.score) }))}
        choose={choose}
      />
      <Chart label={t('bands.label', { score: words.scoreLabel(score) })} option={option} height={270} onPick={pick} />
    </Section>
  )
}

function Promises() {
  const { t } = useTranslation('backtests')
  const { version, index, says } = useReport()
  const words = useDefinition()
  const isKept = ({ promised, won: { low, high } }: (typeof version.calibration)[number]) =>
    low === null || high === null || (promised >= low && promised <= high)
  const broken = version.calibration.filter((each) => !isKept(each))
  const name = ({ category, level }: { category: string; level: string }) => words.level(category, level).level
  return (
    <Section
      title={t('promises.title')}
      said={
        broken.length === 0
          ? t('promises.kept')
          : t('promises.broken', { count: broken.length, of: version.calibration.length, level: name(broken[0]!) })
      }
      method={t('promises.method')}
      download="calibration"
      isTableOpen
      table={{
        columns: [
          { label: t('promises.level') },
          { label: t('promises.promised'), isNumber: true },
          { label: t('promises.won'), isNumber: true },
          { label: t('promises.verdict') },
        ],
        rows: version.calibration.map((each) => {
          const isGood = isKept(each)
          const isMore = (each.won.value ?? 0) > each.promised
          return [
            { text: name(each) },
            { text: says.rateAlone(each.promised) },
            {
              text: says.rate(each.won),
              mark: each.won,
              figure: { kind: 'level', version: index, category: each.category, level: each.level, outcome: 'won' },
            },
            {
              text: t(`promises.verdicts.${isGood ? 'kept' : isMore ? 'more' : 'less'}`),
              tone: isGood ? 'soft' : isMore ? 'good' : 'bad',
            },
          ]
        }),
      }}
    />
  )
}

/** Of those that a version would have called first. */
const FIRST = 0.2

function Lift() {
  const { t } = useTranslation('backtests')
  const { result, index, version } = useReport()
  const formats = useFormats()
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 46, right: 20, top: 20, bottom: 44 },
      tooltip: {
        ...tooltipStyle(colors),
        trigger: 'item',
        formatter: (given) => {
          const { value, seriesName } = given as unknown as { value: [number, number]; seriesName: string }
          return tip(seriesName, t('lift.point', { leads: formats.percent(value[0]), wins: formats.percent(value[1]) }))
        },
      },
      xAxis: {
        type: 'value',
        min: 0,
        max: 1,
        name: t('lift.leads'),
        nameLocation: 'middle',
        nameGap: 28,
        ...axisStyle(colors),
        splitLine: { show: false },
        axisLabel: { color: colors.soft, fontSize: 11, formatter: (share: number) => formats.percent(share) },
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: 1,
        name: t('lift.wins'),
        ...axisStyle(colors),
        ...gridLines(colors),
        axisLabel: { color: colors.soft, fontSize: 11, formatter: (share: number) => formats.percent(share) },
      },
      series: [
        {
          name: t('lift.chance'),
          type: 'line',
          data: [
            [0, 0],
            [1, 1],
          ],
          symbol: 'none',
          silent: true,
          color: colors.soft,
          lineStyle: { type: 'dashed', width: 1 },
        },
        ...result.versions.map(({ name, lift }, at) => ({
          name,
          type: 'line' as const,
          data: [[0, 0], ...lift.map(({ leads, wins }) => [leads, wins])],
          symbol: 'circle',
          symbolSize: 5,
          color: toneOfVersion(colors, at, index),
          lineStyle: { width: at === index ? 2.5 : 1.8, type: dashOfVersion(at, index) },
          ...(result.versions.length > 1 && {
            endLabel: { show: false },
          }),
        })),
      ],
    }),
    [formats, index, result, t],
  )
  const first = version.lift.findLast(({ leads }) => leads <= FIRST + 1e-9)
  return (
    <Section
      title={t('lift.title')}
      said={
        first === undefined
          ? undefined
          : t('lift.said', {
              leads: formats.percent(first.leads),
              wins: formats.percent(first.wins),
              name: version.name,
            })
      }
      method={t('lift.method')}
      download="lift"
      table={{
        columns: [{ label: t('lift.leads') }, ...result.versions.map(({ name }) => ({ label: name, isNumber: true }))],
        rows: version.lift.map(({ leads }, at) => [
          { text: formats.percent(leads) },
          ...result.versions.map(({ lift }) => ({ text: lift[at] ? formats.percent(lift[at].wins) : '–' })),
        ]),
      }}
    >
      <Legend />
      <Chart label={t('lift.label')} option={option} height={270} />
    </Section>
  )
}

/** Which line is whose; with one version there is nothing to tell apart. */
export function Legend() {
  const { result, index } = useReport()
  const items = useMemo(() => result.versions.map(({ name }, at) => ({ name, at })), [result])
  if (items.length < 2) return null
  return (
    <ul className={classes.legend}>
      {items.map(({ name, at }) => (
        <li key={at}>
          <i
            style={{ borderTopColor: variableOfVersion(at, index), borderTopStyle: dashOfVersion(at, index) }}
            aria-hidden
          />
          <Text span size="xs">
            {name}
          </Text>
        </li>
      ))}
    </ul>
  )
}
