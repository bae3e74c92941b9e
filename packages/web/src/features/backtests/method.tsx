/** What was asked, of what, and how it was counted: enough to do it again and to doubt it. */
import { Anchor, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import classes from './backtests.module.css'
import { useReport } from './report.ts'
import { Section } from './section.tsx'

export function Method() {
  const { t } = useTranslation('backtests')
  const { backtest, result } = useReport()
  const formats = useFormats()
  const { request, versions, watermark } = backtest
  const { options } = result
  const facts: readonly (readonly [string, string])[] = [
    [t('method.period'), `${formats.date(request.from)} – ${formats.date(request.to)}`],
    [t('method.horizon'), t('method.days', { count: request.horizonDays })],
    [t('method.known'), t(`known.${request.known}.title`)],
    [
      t('method.segment'),
      request.segment === null ? t('method.everybody') : (request.segment.name ?? request.segment.query),
    ],
    [t('method.source'), request.source ?? t('method.everySource')],
    [t('method.watermark'), formats.dateTime(watermark)],
    [t('method.seed'), `${options.seed} · ${t('method.replicates', { count: options.replicates })}`],
    [
      t('method.counted'),
      t('method.countedSaid', { leads: formats.number(result.leads, 0), facts: formats.number(result.facts, 0) }),
    ],
    ...versions.map(
      ({ name, hash, revision }) =>
        [name, revision === null ? hash : `${hash} · ${t('method.revision', { revision })}`] as const,
    ),
  ]
  return (
    <Section title={t('method.title')} method={t('method.again')}>
      <dl className={classes.method}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <List size="sm" spacing={6} mt="md" className={classes.prose}>
        {(['replay', 'knowledge', 'horizon', 'wilson', 'bootstrap', 'paired', 'evidence'] as const).map((each) => (
          <List.Item key={each}>
            {t(`method.how.${each}`, { replicates: options.replicates, days: request.horizonDays })}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt="md" className="no-print">
        <Anchor href={addressOf('backtests', 'downloadBacktest', { params: { backtest: backtest.id } })} download>
          {t('method.download')}
        </Anchor>
      </Text>
    </Section>
  )
}
