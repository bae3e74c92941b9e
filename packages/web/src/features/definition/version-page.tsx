import { Badge, Button, Code, Group, Select, Stack, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowBackUp, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useMay } from '../../app/session.ts'
import { Page } from '../../ui/page.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { useBeginDraft } from './begin-draft.ts'
import { ChangesList } from './changes-list.tsx'
import { PublishedLine } from './definition-page.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { useLive, useNeedsSignatures, versionQuery, versionsQuery, type Version } from './queries.ts'
import { LiveSpan, SignedBy } from './signed-by.tsx'

const Document = lazy(() => import('./document.tsx'))

/** One version as it was published: to read, to compare, to bring back. */
export function VersionPage() {
  const { t } = useTranslation('definition')
  const may = useMay()
  const navigate = useNavigate()
  const params = useParams({ from: '/inside/definition/versions/$version' })
  const search = useSearch({ from: '/inside/definition/versions/$version' })
  const number = Number(params.version)
  const version = useQuery(versionQuery(number))
  const { live } = useLive()
  const begin = useBeginDraft()
  const needsSignatures = useNeedsSignatures()
  const [isPublishing, publishing] = useDisclosure()
  const title = t('versionNumber', { version: number })
  if (version.error)
    return (
      <Page title={title}>
        <ErrorNote error={version.error} retry={() => void version.refetch()} />
      </Page>
    )
  if (version.data === undefined)
    return (
      <Page title={title}>
        <RowsSkeleton />
      </Page>
    )
  const { text, name, publishedAt, publishedBy, note, renews } = version.data
  const isLive = live?.version === number
  return (
    <Page
      title={title}
      beside={
        <Group gap="xs">
          {name} {isLive && <Badge variant="light">{t('versions.live')}</Badge>}
        </Group>
      }
      actions={
        <Group gap="xs" className="no-print">
          <Button component={Link} to="/definition" search={{ tab: 'versions' } as never} variant="subtle" color="gray">
            {t('actions.allVersions')}
          </Button>
          <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {t('actions.print')}
          </Button>
          {may('definitions:write') && (
            <Button
              variant="default"
              loading={begin.isPending}
              onClick={() => begin.mutate({ name: t('draft.nameOf', { name }), basedOn: number })}
            >
              {t('actions.draftFrom')}
            </Button>
          )}
          {!isLive && needsSignatures === false && may('definitions:publish') && (
            <Button leftSection={<IconArrowBackUp size={16} />} onClick={publishing.open}>
              {t('actions.rollBack')}
            </Button>
          )}
        </Group>
      }
    >
      {begin.error && <ErrorNote error={begin.error} />}
      <PublishedLine
        at={publishedAt}
        by={publishedBy}
        note={renews === null ? note : t('versions.renewed', { version: renews })}
      />
      <Agreed version={version.data} />
      <Tabs
        keepMounted={false}
        value={search.tab ?? 'document'}
        onChange={(tab) =>
          void navigate({
            to: '/definition/versions/$version',
            params,
            search: tab === 'text' || tab === 'changes' ? { tab } : {},
            replace: true,
          })
        }
      >
        <Tabs.List mb="lg" className="no-print">
          <Tabs.Tab value="document">{t('tabs.document')}</Tabs.Tab>
          <Tabs.Tab value="changes">{t('tabs.changes')}</Tabs.Tab>
          <Tabs.Tab value="text">{t('tabs.text')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="document">
          <Suspense fallback={<RowsSkeleton />}>
            <Document text={text} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="text">
          <Code block tabIndex={0}>
            {text}
          </Code>
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          <Compared version={number} against={search.against ?? (number > 1 ? number - 1 : live?.version)} />
        </Tabs.Panel>
      </Tabs>
      {live !== undefined && (
        <PublishDialog
          title={t('rollBack.title', { version: number })}
          said={t('rollBack.said')}
          suggestion={t('rollBack.note', { version: number })}
          isOpen={isPublishing}
          close={publishing.close}
          compare={{ from: 'live', to: `version:${number}` }}
          publish={async (note) =>
            send('definitions', 'rollBack', {
              params: { version: number },
              body: { replaces: live?.version ?? null, note },
            })
          }
        />
      )}
    </Page>
  )
}

/** Under the title, and on paper: who has agreed to it, and when it was what leads were judged by. */
function Agreed({ version }: { readonly version: Version }) {
  const { t } = useTranslation('definition')
  const { publishedAt, liveUntil, gateReason } = version
  return (
    <Stack component="section" gap={2} mb="lg" aria-label={t('proposal.signatures')}>
      <Text size="sm" c="dimmed">
        <LiveSpan from={publishedAt} until={liveUntil} />
      </Text>
      {version.signedAs !== null && <SignedBy {...version} />}
      {gateReason !== null && <Text size="sm">{t('proposal.againstGate', { reason: gateReason })}</Text>}
    </Stack>
  )
}

/** What this version changed against any other. */
function Compared({ version, against }: { readonly version: number; readonly against: number | undefined }) {
  const { t } = useTranslation('definition')
  const navigate = useNavigate()
  const versions = useQuery(versionsQuery())
  const isAlone = against === undefined || against === version
  const changes = useQuery({
    ...ask('definitions', 'diffDefinitions', {
      query: { from: `version:${against ?? version}`, to: `version:${version}` },
    }),
    enabled: !isAlone,
  })
  const others = (versions.data?.items ?? []).filter((each) => each.version !== version)
  return (
    <>
      <Group mb="lg" gap="xs">
        <Text size="sm">{t('changes.against')}</Text>
        <Select
          aria-label={t('changes.against')}
          w={260}
          value={against === undefined ? null : String(against)}
          data={others.map((each) => ({
            value: String(each.version),
            label: `${t('versionNumber', { version: each.version })} · ${each.name}`,
          }))}
          onChange={(value) =>
            void navigate({
              to: '/definition/versions/$version',
              params: { version: String(version) },
              search: { tab: 'changes', against: Number(value) },
              replace: true,
            })
          }
        />
      </Group>
      {changes.error && <ErrorNote error={changes.error} />}
      {isAlone ? (
        <Text c="dimmed">{t('changes.alone')}</Text>
      ) : changes.data === undefined ? (
        !changes.error && <RowsSkeleton count={4} />
      ) : (
        <ChangesList changes={changes.data.changes} />
      )}
    </>
  )
}
