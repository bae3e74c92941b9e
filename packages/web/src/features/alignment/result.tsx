/** What a session came to: how far all agree, and the leads to talk about. */
import { Button, Group, Text } from '@mantine/core'
import { IconPrinter, IconSchool } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { LevelChip } from '../../ui/level-chip.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './alignment.module.css'
import { RevealedLead } from './revealed-lead.tsx'
import type { SessionSeen } from './session-page.tsx'

type ResultSeen = Reply<'alignment', 'getResult'>
type Agreement = ResultSeen['levels']['all']
type Share = ResultSeen['outcome'][number]['called']

export default function Result({ session }: { readonly session: SessionSeen }) {
  const { t } = useTranslation('alignment')
  const formats = useFormats()
  const result = useQuery(ask('alignment', 'getResult', { params: { session: session.id } }))
  return (
    <Page
      title={session.title}
      beside={t('result.subtitle', {
        leads: t('leads', { count: session.leads }),
        people: session.members.length,
        at: formats.date(session.revealedAt!),
      })}
      actions={
        <Group gap="xs" className="no-print">
          <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {t('result.print')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconSchool size={16} />}
            renderRoot={(props) => (
              <Link {...props} to="/alignment/$session" params={{ session: session.id }} search={{ practise: true }} />
            )}
          >
            {t('result.practise')}
          </Button>
        </Group>
      }
    >
      {result.error && <ErrorNote error={result.error} retry={() => void result.refetch()} />}
      {result.isPending && <RowsSkeleton count={6} />}
      {result.data !== undefined && <Figures session={session} result={result.data} />}
    </Page>
  )
}

interface Seen {
  readonly session: SessionSeen
  readonly result: ResultSeen
}

const Figures = ({ session, result }: Seen) => {
  const { t } = useTranslation('alignment')
  const words = useDefinition()
  return (
    <div className={classes.panels}>
      <AgreementPanel session={session} result={result} />
      <div className={classes.pair}>
        <Panel title={t('result.definition')}>
          <Text size="sm" c="dimmed" mb="sm">
            {t('result.definitionSaid')}
          </Text>
          <table className={classes.figures}>
            <tbody>
              {result.definition.map(({ side, agreement }) => (
                <tr key={side}>
                  <th scope="row">{t(`teams.${side}`)}</th>
                  <td>
                    <Kappa agreement={agreement} />
                  </td>
                </tr>
              ))}
              {result.definitionOutcome.map(({ level, good }) => (
                <tr key={level}>
                  <th scope="row">
                    {t('result.byLevel')} <LevelChip {...words.level(session.category, level)} />
                  </th>
                  <td>
                    <Good share={good} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
        <OutcomePanel result={result} />
      </div>
      <Panel title={t('result.talk')}>
        <Text size="sm" c="dimmed" mb="sm">
          {t('result.talkSaid')}
        </Text>
        <ol className={classes.talk}>
          {result.leads.map((lead) => (
            <RevealedLead key={lead.place} session={session} lead={lead} />
          ))}
        </ol>
      </Panel>
    </div>
  )
}

function AgreementPanel({ session, result: { levels, calls } }: Seen) {
  const { t } = useTranslation('alignment')
  const { categoryLabel } = useDefinition()
  const rows = [
    ['between', t('result.between')],
    ['all', t('result.everybody')],
    ['marketing', t('result.within', { team: t('teams.marketing') })],
    ['sales', t('result.within', { team: t('teams.sales') })],
  ] as const
  return (
    <Panel title={t('result.agree')}>
      <table className={classes.figures}>
        <thead>
          <tr>
            <th scope="col">{t('result.who')}</th>
            <th scope="col">{t('result.onLevels', { category: categoryLabel(session.category) })}</th>
            <th scope="col">{t('result.onCalls')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([side, label]) => (
            <tr key={side}>
              <th scope="row">{label}</th>
              <td>
                <Kappa agreement={levels[side]} />
              </td>
              <td>
                <Kappa agreement={calls[side]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt="sm">
        {t('result.kappa')}
      </Text>
    </Panel>
  )
}

/** κ in words and figures, and where it lies on the way from −1 to 1. */
function Kappa({ agreement: { kappa, low, high, band, observed } }: { readonly agreement: Agreement }) {
  const { t } = useTranslation('alignment')
  const formats = useFormats()
  if (kappa === null || band === null || observed === null)
    return (
      <Text span size="sm" c="dimmed">
        {t(observed === 1 ? 'result.same' : 'result.few')}
      </Text>
    )
  const range = t('result.range', { low: formats.number(low, 2), high: formats.number(high, 2) })
  const alike = t('result.alike', { share: formats.percent(observed) })
  return (
    <span className={classes.kappa}>
      <span>
        <b>{t(`result.bands.${band}`)}</b> <span className="tabular">κ {formats.number(kappa, 2)}</span>
      </span>
      <Whisker low={(low + 1) / 2} at={(kappa + 1) / 2} high={(high + 1) / 2} zero={0.5} />
      <Text span size="xs" c="dimmed" className="tabular">
        {range} · {alike}
      </Text>
    </span>
  )
}

const Whisker = ({ low, at, high, zero }: { low: number; at: number; high: number; zero?: number }) => (
  <svg className={classes.whisker} viewBox="0 0 200 10" aria-hidden preserveAspectRatio="none">
    <rect x={0} y={4} width={200} height={2} className={classes.track} />
    {zero !== undefined && <rect x={zero * 200} y={0} width={1} height={10} className={classes.zero} />}
    <rect x={low * 200} y={3} width={Math.max(2, (high - low) * 200)} height={4} className={classes.spread} />
    <rect x={at * 200 - 2} y={0} width={4} height={10} className={classes.dot} />
  </svg>
)

function OutcomePanel({ result: { outcome } }: Pick<Seen, 'result'>) {
  const { t } = useTranslation('alignment')
  return (
    <Panel title={t('result.outcome')}>
      <table className={classes.figures}>
        <tbody>
          {outcome.map(({ side, agreement, called, notCalled }) => (
            <Fragment key={side}>
              <tr>
                <th scope="row">{t(`teams.${side}`)}</th>
                <td>
                  <Kappa agreement={agreement} />
                </td>
              </tr>
              {([called, notCalled] as const).map((share, index) => (
                <tr key={index === 0 ? 'called' : 'notCalled'} className={classes.under}>
                  <th scope="row">{t(index === 0 ? 'result.called' : 'result.notCalled')}</th>
                  <td>
                    <Good share={share} />
                  </td>
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt="sm">
        {t('result.goodMeans')}
      </Text>
    </Panel>
  )
}

function Good({ share: { successes, trials, rate, low, high } }: { readonly share: Share }) {
  const { t } = useTranslation('alignment')
  const formats = useFormats()
  if (rate === null)
    return (
      <Text span size="sm" c="dimmed">
        –
      </Text>
    )
  return (
    <span className={classes.kappa}>
      <span className="tabular">
        <b>{formats.percent(rate)}</b> {t('result.good')}
      </span>
      <Whisker low={low} at={rate} high={high} />
      <Text span size="xs" c="dimmed" className="tabular">
        {t('result.of', { n: successes, total: trials })} ·{' '}
        {t('result.range', { low: formats.percent(low), high: formats.percent(high) })}
      </Text>
    </span>
  )
}
