/** One session: to judge while it is open, to read when it is revealed, to practise on afterwards. */
import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { DefinitionVersion } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Person } from '../../ui/person.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { Rating } from './rating.tsx'

const Result = lazy(() => import('./result.tsx'))
const Practice = lazy(() => import('./practice.tsx'))

const LOOK_MS = 5_000

export type SessionSeen = Reply<'alignment', 'getSession'>

export function SessionPage() {
  const { t } = useTranslation('alignment')
  const { session: id } = useParams({ from: '/inside/alignment/$session' })
  const { practise } = useSearch({ from: '/inside/alignment/$session' })
  const {
    data: session,
    error,
    refetch,
  } = useQuery({
    ...ask('alignment', 'getSession', { params: { session: id } }),
    // How far others are, and when somebody reveals it.
    refetchInterval: ({ state }) => (state.data?.revealedAt === null ? LOOK_MS : false),
  })
  if (session === undefined)
    return (
      <Page title={t('title')}>
        {error ? <ErrorNote error={error} retry={() => void refetch()} /> : <RowsSkeleton count={5} />}
      </Page>
    )
  return (
    <DefinitionVersion value={session.version}>
      <Suspense fallback={<RowsSkeleton />}>
        {session.revealedAt === null ? (
          <OpenSession key={id} session={session} />
        ) : practise ? (
          <Practice key={id} session={session} />
        ) : (
          <Result session={session} />
        )}
      </Suspense>
    </DefinitionVersion>
  )
}

function OpenSession({ session }: { readonly session: SessionSeen }) {
  const { t } = useTranslation('alignment')
  return (
    <Page
      title={session.title}
      beside={session.isMember && t('rate.done', { done: session.mine.length, total: session.leads })}
      actions={session.mayReveal && <Reveal session={session} />}
    >
      {session.isMember ? <Rating session={session} /> : <Text mb="lg">{t('wait.notYours')}</Text>}
      <Progresses session={session} />
    </Page>
  )
}

function Progresses({ session }: { readonly session: SessionSeen }) {
  const { t } = useTranslation('alignment')
  return (
    <Panel title={t('wait.title')}>
      <Stack gap="xs">
        {session.members.map(({ id, name, team, rated }) => (
          <Group key={id} gap="sm" wrap="nowrap">
            <Person name={name} size={24} />
            <Text size="sm" w={170} truncate>
              {name}{' '}
              <Text span size="xs" c="dimmed">
                {t(`teams.${team}`)}
              </Text>
            </Text>
            <Progress
              flex={1}
              maw={260}
              size="sm"
              value={(100 * rated) / session.leads}
              aria-label={t('rate.done', { done: rated, total: session.leads })}
            />
            <Text size="sm" c="dimmed" className="tabular">
              {rated}/{session.leads}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}

function Reveal({ session }: { readonly session: SessionSeen }) {
  const { t } = useTranslation(['alignment', 'common'])
  const formats = useFormats()
  const [isAsked, setIsAsked] = useState(false)
  const waiting = session.members.filter(({ rated }) => rated < session.leads).map(({ name }) => name)
  const isEarly = waiting.length > 0
  const reveal = useMutation({
    mutationFn: () => send('alignment', 'revealSession', { params: { session: session.id }, body: { isEarly } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['alignment'] }),
  })
  return (
    <>
      <Button
        variant={isEarly ? 'default' : 'filled'}
        leftSection={<IconEye size={16} />}
        onClick={() => setIsAsked(true)}
      >
        {t('wait.reveal')}
      </Button>
      <Modal
        opened={isAsked}
        onClose={() => setIsAsked(false)}
        title={t('wait.reveal')}
        closeButtonProps={{ 'aria-label': t('common:actions.close') }}
      >
        <Stack gap="md">
          {reveal.error && <ErrorNote error={reveal.error} />}
          <Text size="sm">{t('wait.revealSaid')}</Text>
          {isEarly && <Text size="sm">{t('wait.early', { names: formats.list(waiting) })}</Text>}
          <Group justify="end">
            <Button variant="default" onClick={() => setIsAsked(false)}>
              {t('common:actions.cancel')}
            </Button>
            <Button loading={reveal.isPending} onClick={() => reveal.mutate()}>
              {t(isEarly ? 'wait.revealEarly' : 'wait.reveal')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
