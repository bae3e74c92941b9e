/** What somebody wants to change, who would move, what others say of it, and who has signed. */
import { Alert, Badge, Button, Code, Group, Progress, Stack, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconClock, IconPrinter, IconSignature } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../../app/api.ts'
import { useFormats } from '../../../app/format.ts'
import { useMay } from '../../../app/session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { ErrorNote, RowsSkeleton } from '../../../ui/states.tsx'
import { ChangesList } from '../changes-list.tsx'
import { TrialResult } from '../editor/effect.tsx'
import { afterProposing, useProposal, type Proposal } from '../queries.ts'
import { GoLiveDialog, SignDialog } from './dialogs.tsx'
import { Discussion } from './discussion.tsx'
import classes from './proposal.module.css'
import { Signatures } from './signatures.tsx'
import { Steps } from './steps.tsx'

const Document = lazy(() => import('../document.tsx'))

export function ProposalPage() {
  const { t } = useTranslation('definition')
  const params = useParams({ from: '/inside/definition/proposals/$proposal' })
  const { tab = 'agreement' } = useSearch({ from: '/inside/definition/proposals/$proposal' })
  const navigate = useNavigate()
  const { data: proposal, error, refetch } = useProposal(params.proposal)
  if (proposal === undefined)
    return (
      <Page title={t('proposal.title')}>
        {error ? <ErrorNote error={error} retry={() => void refetch()} /> : <RowsSkeleton />}
      </Page>
    )
  return (
    <Page
      title={proposal.name}
      beside={<Badge variant="light">{t(`proposal.states.${proposal.step}`)}</Badge>}
      actions={<Actions proposal={proposal} />}
    >
      <Steps proposal={proposal} />
      <Ended proposal={proposal} />
      <Tabs
        keepMounted={false}
        value={tab}
        onChange={(next) =>
          void navigate({
            to: '/definition/proposals/$proposal',
            params,
            search: next === 'document' ? { tab: 'document' } : {},
            replace: true,
          })
        }
      >
        <Tabs.List mb="lg" className="no-print">
          <Tabs.Tab value="agreement">{t('proposal.agreement')}</Tabs.Tab>
          <Tabs.Tab value="document">{t('tabs.document')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="agreement">
          <Agreement proposal={proposal} />
        </Tabs.Panel>
        <Tabs.Panel value="document">
          <Suspense fallback={<RowsSkeleton />}>
            <Document text={proposal.text} />
            <details className="no-print">
              <summary>{t('tabs.text')}</summary>
              <Code block tabIndex={0}>
                {proposal.text}
              </Code>
            </details>
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Agreement({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('definition')
  const { rationale, proposedBy, proposedAt, backtest, base, changes, gateReason } = proposal
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <Panel title={t('publish.note')}>
          <Text className={classes.said}>{rationale}</Text>
          <Text size="xs" c="dimmed" mt="xs">
            {proposedBy.name} · <Moment at={proposedAt} />
            {backtest !== null && (
              <>
                {' · '}
                <Link to="/backtests/$backtest" params={{ backtest }} className="link">
                  {t('proposal.seeBacktest')}
                </Link>
              </>
            )}
          </Text>
          {gateReason !== null && (
            <Text size="sm" mt="xs">
              {t('proposal.againstGate', { reason: gateReason })}
            </Text>
          )}
        </Panel>
        <Panel
          title={t('publish.changes')}
          aside={
            base !== null && (
              <Text size="xs" c="dimmed">
                {t('proposal.against', { version: base })}
              </Text>
            )
          }
        >
          <ChangesList changes={changes} />
        </Panel>
        <Panel title={t('proposal.whoMoves')}>
          <WhoMoves proposal={proposal} />
        </Panel>
        <Panel title={t('proposal.discussion')}>
          <Discussion proposal={proposal} />
        </Panel>
      </div>
      <div className={`${classes.column} ${classes.beside}`}>
        <Signatures proposal={proposal} />
      </div>
    </div>
  )
}

function WhoMoves({ proposal: { id, trial, step } }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const may = useMay()
  const again = useMutation({
    mutationFn: () => send('proposals', 'tryProposalAgain', { params: { proposal: id } }),
    onSuccess: afterProposing,
  })
  const isOpen = step === 'proposed' || step === 'signed' || step === 'scheduled'
  if (trial.result !== null)
    return (
      <>
        <TrialResult trial={isOpen ? trial.id : null} result={trial.result} />
        <Text size="xs" c="dimmed" mt="sm">
          {t('proposal.asOf', { at: formats.dateTime(trial.asOf!) })}
        </Text>
      </>
    )
  if (trial.state === 'waiting' || trial.state === 'running')
    return (
      <Stack gap="xs">
        <Text size="sm">{t('proposal.trying')}</Text>
        <Progress
          size="sm"
          animated
          value={trial.total ? (100 * trial.done) / trial.total : 100}
          aria-label={t('trial.running')}
        />
      </Stack>
    )
  if (!isOpen)
    return (
      <Text size="sm" c="dimmed">
        {t('proposal.neverTried')}
      </Text>
    )
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">{t('trial.failed')}</Text>
      {may('definitions:write') && (
        <Button size="compact-sm" variant="default" loading={again.isPending} onClick={() => again.mutate()}>
          {t('trial.start')}
        </Button>
      )}
      {again.error && <ErrorNote error={again.error} />}
    </Stack>
  )
}

/** Why it is what it is now, where that is not plain. */
function Ended({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const { step, endedBecause, endedBy, draft, hasDraft, goesLiveAt, scheduledBy, openRequests, version } = proposal
  if (step === 'withdrawn')
    return (
      <Alert variant="light" color="yellow" mb="lg">
        {t(`proposal.ended.${endedBecause === 'live' ? 'person' : (endedBecause ?? 'person')}`, {
          name: endedBy ?? t('conflict.somebody'),
        })}{' '}
        {hasDraft && (
          <Link to="/definition/drafts/$draft" params={{ draft }} className="link">
            {t('proposal.openDraft')}
          </Link>
        )}
      </Alert>
    )
  if (step === 'scheduled')
    return (
      <Alert variant="light" mb="lg" icon={<IconClock size={18} />}>
        {t('proposal.scheduledSaid', { at: formats.dateTime(goesLiveAt!), name: scheduledBy })}
      </Alert>
    )
  if (version !== null)
    return (
      <Text size="sm" mb="lg">
        <Link to="/definition/versions/$version" params={{ version: String(version) }} className="link">
          {t('proposal.became', { version })}
        </Link>
      </Text>
    )
  if (openRequests > 0)
    return (
      <Alert variant="light" color="yellow" mb="lg">
        {t('proposal.heldUp', { count: openRequests })}
      </Alert>
    )
  return null
}

type Doing = 'takeBackSignature' | 'withdrawProposal' | 'unscheduleProposal'

function Actions({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('definition')
  const { may, draft, hasDraft, step } = proposal
  const [isSigning, signing] = useDisclosure()
  const [isGoing, going] = useDisclosure()
  const doing = useMutation({
    mutationFn: (what: Doing) => send('proposals', what, { params: { proposal: proposal.id } }),
    onSuccess: afterProposing,
  })
  const act = (what: Doing) => () => doing.mutate(what)
  return (
    <Group gap="xs" className="no-print">
      <Button variant="subtle" color="gray" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
        {t('actions.print')}
      </Button>
      {hasDraft && step !== 'live' && step !== 'retired' && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/definition/drafts/$draft" params={{ draft }} {...props} />}
        >
          {t('proposal.openDraft')}
        </Button>
      )}
      {may.withdraw && (
        <Button variant="default" loading={doing.isPending} onClick={act('withdrawProposal')}>
          {t('proposal.withdraw')}
        </Button>
      )}
      {may.takeBack && (
        <Button variant="default" loading={doing.isPending} onClick={act('takeBackSignature')}>
          {t('proposal.takeBack')}
        </Button>
      )}
      {may.unschedule && (
        <Button variant="default" loading={doing.isPending} onClick={act('unscheduleProposal')}>
          {t('proposal.unschedule')}
        </Button>
      )}
      {may.signAs.length > 0 && (
        <Button leftSection={<IconSignature size={16} />} onClick={signing.open}>
          {t('proposal.signOpen')}
        </Button>
      )}
      {may.goLive && step !== 'scheduled' && <Button onClick={going.open}>{t('proposal.goLiveOpen')}</Button>}
      {doing.error && <ErrorNote error={doing.error} />}
      {isSigning && may.signAs.length > 0 && <SignDialog proposal={proposal} close={signing.close} />}
      {isGoing && <GoLiveDialog proposal={proposal} close={going.close} />}
    </Group>
  )
}
