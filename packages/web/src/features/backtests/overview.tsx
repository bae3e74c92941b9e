/** What a backtest comes to, before any chart: in a sentence, in a few figures, and version against version. */
import { Badge, Text, Title } from '@mantine/core'
import { IconArrowDownRight, IconArrowUpRight, IconEqual, IconMinus } from '@tabler/icons-react'
import type { Comparison, VersionResult } from '@winnow/engine'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import classes from './backtests.module.css'
import { GateVerdict } from '../../ui/gate-line.tsx'
import { gateOf, headlineOf, meanPerWeek, type Headline } from './headline.ts'
import { DifferenceMark, FigureButton, Wide } from './numbers.tsx'
import { useReport, variableOfVersion } from './report.ts'
import { Section } from './section.tsx'

export function Overview() {
  const { result } = useReport()
  const headline = headlineOf(result)
  return (
    <>
      {headline !== undefined && <HeadlineWords headline={headline} />}
      <div className={classes.cards} data-count={result.versions.length}>
        {result.versions.map((version, index) => (
          <VersionCard key={version.name} version={version} index={index} />
        ))}
      </div>
      {result.comparisons.map((comparison) => (
        <Compared key={comparison.version} comparison={comparison} />
      ))}
    </>
  )
}

function HeadlineWords({ headline: { main, others, capacity, verdict } }: { readonly headline: Headline }) {
  const { t } = useTranslation('backtests')
  const formats = useFormats()
  const { says, result } = useReport()
  const perWeek = (value: number | null) => (value === null ? '–' : formats.number(value, value < 10 ? 1 : 0))
  const sentences = [
    main.recall.value === null
      ? t('headline.noWins', { name: main.name, perWeek: perWeek(main.perWeek) })
      : t('headline.main', { name: main.name, recall: says.rate(main.recall), perWeek: perWeek(main.perWeek) }),
    ...others.map(({ name, recall, perWeek: many }) =>
      t('headline.other', { name, recall: says.rateAlone(recall.value), perWeek: perWeek(many) }),
    ),
    ...(capacity === null ? [] : [t('headline.capacity', { capacity: formats.number(capacity, 1) })]),
  ]
  return (
    <section className={classes.headline} aria-label={t('headline.label')}>
      <p className={classes.headlineMain}>{sentences.join(' ')}</p>
      {verdict !== undefined && (
        <p className={classes.headlineVerdict} data-kind={verdict.kind}>
          {verdict.kind === 'better' && <IconArrowUpRight size={19} aria-hidden />}
          {verdict.kind === 'worse' && <IconArrowDownRight size={19} aria-hidden />}
          {(verdict.kind === 'unclear' || verdict.kind === 'mixed') && <IconEqual size={19} aria-hidden />}
          {t(`headline.verdict.${verdict.kind}`, { name: main.name, other: others[0]?.name ?? '' })}
          {verdict.recall !== undefined && verdict.kind !== 'mixed' && (
            <span>{t('headline.difference', { difference: says.ratePoints(verdict.recall) })}</span>
          )}
        </p>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {t('headline.how', { wins: formats.number(result.wins, 0) })}
      </Text>
    </section>
  )
}

function VersionCard({ version, index }: { readonly version: VersionResult; readonly index: number }) {
  const { t } = useTranslation('backtests')
  const { says, result, index: chosen, backtest } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const gate = gateOf(version)
  const weekly = gate?.expected.value ?? meanPerWeek(version)
  const capacity = version.captured.find(({ isCapacity }) => isCapacity)
  const handover = words.stageLabel(version.handover ?? '')
  return (
    <article
      className={classes.card}
      style={{ borderTopColor: variableOfVersion(index, chosen) }}
      aria-label={version.name}
    >
      <Title order={2} size="h3">
        {version.name}
      </Title>
      <Text size="xs" c="dimmed">
        {t('card.hash', { hash: backtest.versions[index]?.hash.slice(0, 10) ?? '' })}
      </Text>
      <div className={classes.big}>
        <FigureButton figure={{ kind: 'wins', version: index, handedOver: true }} about={t('card.recall')}>
          <span className={classes.bigNumber}>{says.rateAlone(version.recall.value)}</span>
        </FigureButton>
        <span>{t('card.recall')}</span>
        <Whole
          share={version.recall.value}
          low={version.recall.low}
          high={version.recall.high}
          tone={variableOfVersion(index, chosen)}
        />
        <small>{t('card.between', { range: says.rate(version.recall), count: version.recall.count })}</small>
      </div>
      <dl className={classes.facts}>
        <div>
          <dt>{t('card.precision', { stage: handover })}</dt>
          <dd>
            <FigureButton
              figure={{ kind: 'handover', version: index, outcome: 'won' }}
              about={t('card.precision', { stage: handover })}
            >
              {says.rate(version.precision)}
            </FigureButton>
          </dd>
        </div>
        <div>
          <dt>{t('card.acceptance')}</dt>
          <dd>
            <FigureButton
              figure={{ kind: 'handover', version: index, outcome: 'accepted' }}
              about={t('card.acceptance')}
            >
              {says.rate(version.acceptance)}
            </FigureButton>
          </dd>
        </div>
        <div>
          <dt>{t('card.weekly')}</dt>
          <dd>
            <FigureButton figure={{ kind: 'handover', version: index }} about={t('card.weekly')}>
              {weekly === null ? '–' : gate === undefined ? formats.number(weekly) : says.amount(gate.expected, 1)}
            </FigureButton>
          </dd>
        </div>
        {capacity !== undefined && (
          <div>
            <dt>{t('card.captured', { count: capacity.perWeek })}</dt>
            <dd>
              <FigureButton
                figure={{ kind: 'captured', version: index, perWeek: capacity.perWeek }}
                about={t('card.captured', { count: capacity.perWeek })}
              >
                {says.rate(result.revenue > 0 ? capacity.revenue : capacity.wins)}
              </FigureButton>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('card.leadTime')}</dt>
          <dd>
            {version.leadTime.median.value === null
              ? '–'
              : t('card.days', { days: says.amount(version.leadTime.median) })}
          </dd>
        </div>
      </dl>
      {gate !== undefined && <GateVerdict line={gate} isShort />}
    </article>
  )
}

/** A whole, and how much of it: with the part that nobody can be sure of paler. */
const Whole = ({
  share,
  low,
  high,
  tone,
}: {
  readonly share: number | null
  readonly low: number | null
  readonly high: number | null
  readonly tone: string
}) => (
  <span className={classes.whole} aria-hidden>
    {share !== null && (
      <>
        <i style={{ width: `${100 * share}%`, background: tone }} />
        {low !== null && high !== null && <b style={{ left: `${100 * low}%`, width: `${100 * (high - low)}%` }} />}
      </>
    )}
  </span>
)

const RATES = ['precision', 'acceptance', 'recall', 'revenueAtCapacity', 'winsAtCapacity']

function Compared({ comparison: { version, against, differences } }: { readonly comparison: Comparison }) {
  const { t } = useTranslation('backtests')
  const { says } = useReport()
  const sure = differences.filter(({ verdict }) => verdict !== 'not enough evidence').length
  return (
    <Section
      title={t('compare.title', { version, against })}
      said={sure === 0 ? t('compare.unclear') : t('compare.said', { count: sure, of: differences.length })}
      method={t('compare.method')}
      download="comparison"
    >
      <Wide label={t('compare.title', { version, against })}>
        <table className={classes.numbers}>
          <thead>
            <tr>
              <th scope="col">{t('compare.figure')}</th>
              <th scope="col">{t('compare.verdict')}</th>
              <th scope="col" data-number>
                {t('compare.difference')}
              </th>
              <th scope="col">
                {t('compare.less')}
                <span className={classes.end}>{t('compare.more')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ figure, difference, verdict }) => (
              <tr key={figure}>
                <th scope="row">{t(`compare.figures.${figure}`)}</th>
                <td>
                  <VerdictChip verdict={verdict} />
                </td>
                <td data-number className="tabular">
                  {RATES.includes(figure)
                    ? says.ratePoints(difference)
                    : says.signed(difference, figure === 'flapping' ? 2 : 1)}
                </td>
                <td className={classes.wide}>
                  <DifferenceMark estimate={difference} verdict={verdict} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  )
}

const COLORS = { better: 'spruce', worse: 'red', more: 'gray', fewer: 'gray', 'not enough evidence': 'gray' } as const
const WORDS = {
  better: 'better',
  worse: 'worse',
  more: 'more',
  fewer: 'fewer',
  'not enough evidence': 'unclear',
} as const

function VerdictChip({ verdict }: { readonly verdict: Comparison['differences'][number]['verdict'] }) {
  const { t } = useTranslation('backtests')
  const Icon = verdict === 'better' ? IconArrowUpRight : verdict === 'worse' ? IconArrowDownRight : IconMinus
  return (
    <Badge
      variant={verdict === 'not enough evidence' ? 'outline' : 'light'}
      color={COLORS[verdict]}
      leftSection={<Icon size={12} aria-hidden />}
      tt="none"
    >
      {t(`compare.verdicts.${WORDS[verdict]}`)}
    </Badge>
  )
}
