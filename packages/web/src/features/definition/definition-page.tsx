import { Alert, Button, Group, Progress, Stack, Tabs, Text } from '@mantine/core'
import { IconPencil, IconPrinter, IconSignature } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { useMay } from '../../app/session.ts'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { ReviewDue } from '../../ui/review-due.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { DraftsList } from './drafts-list.tsx'
import { useBeginDraft } from './begin-draft.ts'
import { useLive, useRestatement } from './queries.ts'
import { VersionsList } from './versions-list.tsx'

const Document = lazy(() => import('./document.tsx'))

/** The definition that leads are judged by now, as a document; its versions, and what is being prepared. */
export function DefinitionPage() {
  const { t } = useTranslation('definition')
  const may = useMay()
  const navigate = useNavigate()
  const { tab = 'document' } = useSearch({ from: '/inside/definition' })
  const { live, text, error, retry } = useLive()
  const begin = useBeginDraft()
  if (error !== null)
    return (
      <Page title={t('title')}>
        <ErrorNote error={error} retry={retry} />
      </Page>
    )
  return (
    <Page
      title={live?.name ?? t('title')}
      beside={live && t('versionNumber', { version: live.version })}
      actions={
        live && (
          <Group gap="xs" className="no-print">
            <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
              {t('actions.print')}
            </Button>
            {may('definitions:write') && (
              <Button
                leftSection={<IconPencil size={16} />}
                loading={begin.isPending}
                onClick={() => begin.mutate({ name: t('draft.nameOf', { name: live.name }), basedOn: live.version })}
              >
                {t('actions.edit')}
              </Button>
            )}
          </Group>
        )
      }
    >
      {begin.error && <ErrorNote error={begin.error} />}
      <RestatementNote />
      {live && <ReviewDue />}
      <OpenProposals />
      <Tabs
        value={tab}
        onChange={(next) =>
          void navigate({
            to: '/definition',
            search: next === 'versions' || next === 'drafts' ? { tab: next } : {},
            replace: true,
          })
        }
        keepMounted={false}
      >
        <Tabs.List mb="lg" className="no-print">
          <Tabs.Tab value="document">{t('tabs.document')}</Tabs.Tab>
          <Tabs.Tab value="drafts">{t('tabs.drafts')}</Tabs.Tab>
          <Tabs.Tab value="versions">{t('tabs.versions')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="document">
          {live === null ? (
            <NoDefinition />
          ) : text === undefined ? (
            <RowsSkeleton />
          ) : (
            <Suspense fallback={<RowsSkeleton />}>
              <PublishedLine at={live!.publishedAt} by={live!.publishedBy} note={live!.note} />
              <Document text={text} />
            </Suspense>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="drafts">
          <DraftsList />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <VersionsList />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

export function PublishedLine({
  at,
  by,
  note,
}: {
  readonly at: string
  readonly by: string | null
  readonly note: string | null
}) {
  const { t } = useTranslation('definition')
  return (
    <Text c="dimmed" size="sm" mb="lg" component="p" m={0}>
      {by === null ? t('published.plain') : t('published.by', { by })} <Moment at={at} />
      {note !== null && <> · {note}</>}
    </Text>
  )
}

/** What is being agreed on, for whoever reads what is live. */
function OpenProposals() {
  const { t } = useTranslation('definition')
  const { data } = useQuery(ask('proposals', 'listProposals', {}))
  return data?.items.map(({ id, name, step, proposedBy }) => (
    <Alert key={id} variant="light" mb="md" className="no-print" icon={<IconSignature size={18} />}>
      {t('proposal.isOpen', { name, by: proposedBy.name, state: t(`proposal.states.${step}`) })}{' '}
      <Link to="/definition/proposals/$proposal" params={{ proposal: id }} className="link">
        {t('proposal.open')}
      </Link>
    </Alert>
  ))
}

function NoDefinition() {
  const { t } = useTranslation('definition')
  const may = useMay()
  const begin = useBeginDraft()
  const start = async () =>
    begin.mutate({ name: t('draft.first'), text: (await import('../../../../../examples/starter.yaml?raw')).default })
  return (
    <Empty
      title={t('none.title')}
      action={
        may('definitions:write') && (
          <Button loading={begin.isPending} onClick={() => void start()}>
            {t('none.begin')}
          </Button>
        )
      }
    >
      {t('none.said')}
      {begin.error && <ErrorNote error={begin.error} />}
    </Empty>
  )
}

/** A version that is live already, but has not come through all leads. */
function RestatementNote() {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const restatement = useRestatement()
  if (restatement === undefined || restatement.isDone || restatement.version === null) return null
  const { done, total } = restatement
  return (
    <Alert variant="light" mb="md" aria-live="polite" className="no-print">
      <Stack gap={6}>
        <Text size="sm">
          {t('restating', {
            version: restatement.version,
            done: formats.number(done),
            total: formats.number(total),
          })}
        </Text>
        <Progress value={total === 0 ? 100 : (100 * done) / total} size="sm" aria-label={t('restatingLabel')} />
      </Stack>
    </Alert>
  )
}
