/** How to begin: with a made-up company, with a file, or with a source. */
import { Button, List, Loader, Paper, Progress, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import {
  IconBuildingStore,
  IconCircleCheck,
  IconFileImport,
  IconPlugConnected,
  type TablerIcon,
} from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Page } from '../../ui/page.tsx'
import { SourceSnippet } from '../../ui/source-snippet.tsx'
import { ErrorNote } from '../../ui/states.tsx'

const LOOK_MS = 1_000

export function WelcomePage() {
  const { t } = useTranslation('first-run')
  const may = useMay()
  const [isConnecting, setConnecting] = useState(false)
  return (
    <Page title={t('title')}>
      <Text c="dimmed" mb="lg" maw={640}>
        {t('welcome.said')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        <Way icon={IconBuildingStore} title={t('welcome.demo.title')} said={t('welcome.demo.said')}>
          <Demo isAllowed={may('settings:write')} />
        </Way>
        <Way icon={IconFileImport} title={t('welcome.import.title')} said={t('welcome.import.said')}>
          <Button component={Link} to="/import" variant="default" disabled={!may('imports:write')}>
            {t('welcome.import.submit')}
          </Button>
        </Way>
        <Way icon={IconPlugConnected} title={t('welcome.connect.title')} said={t('welcome.connect.said')}>
          <Button variant="default" disabled={!may('settings:write')} onClick={() => setConnecting(true)}>
            {t('welcome.connect.submit')}
          </Button>
        </Way>
      </SimpleGrid>
      {isConnecting && <Connect />}
    </Page>
  )
}

const Way = ({
  icon: Icon,
  title,
  said,
  children,
}: {
  readonly icon: TablerIcon
  readonly title: string
  readonly said: string
  readonly children: ReactNode
}) => (
  <Paper withBorder p="lg" bg="var(--w-surface)" component="section">
    <Stack gap="sm" h="100%" align="flex-start">
      <Icon size={26} stroke={1.5} color="var(--w-accent)" aria-hidden />
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" flex={1}>
        {said}
      </Text>
      {children}
    </Stack>
  </Paper>
)

const isUnderWay = (state: Reply<'demo', 'getDemo'>['state'] | undefined) => state === 'waiting' || state === 'running'

function Demo({ isAllowed }: { readonly isAllowed: boolean }) {
  const { t } = useTranslation('first-run')
  const formats = useFormats()
  const demo = useQuery({
    ...ask('demo', 'getDemo'),
    refetchInterval: ({ state: { data } }) => (isUnderWay(data?.state) ? LOOK_MS : false),
  })
  const load = useMutation({
    mutationFn: () => send('demo', 'loadDemo', { body: {} }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['demo'] }),
  })
  const { data } = demo
  if (data?.state === 'loaded') {
    return (
      <Button component={Link} to="/queue" onClick={() => void queries.invalidateQueries()}>
        {t('welcome.demo.open')}
      </Button>
    )
  }
  if (data !== undefined && isUnderWay(data.state)) {
    const share = data.leads === 0 ? 0 : data.loadedLeads / data.leads
    return (
      <Stack gap={4} w="100%">
        <Progress value={share * 100} aria-label={t('welcome.demo.loading')} />
        <Text size="xs" c="dimmed">
          {t('welcome.demo.progress', { done: formats.number(data.loadedLeads), total: formats.number(data.leads) })}
        </Text>
      </Stack>
    )
  }
  return (
    <>
      {load.error && <ErrorNote error={load.error} />}
      <Button disabled={!isAllowed} loading={load.isPending} onClick={() => load.mutate()}>
        {t('welcome.demo.submit')}
      </Button>
    </>
  )
}

function Connect() {
  const { t } = useTranslation('first-run')
  const [name, setName] = useState(() => t('welcome.connect.example'))
  const add = useMutation({ mutationFn: () => send('access', 'addSource', { body: { name } }) })
  if (add.data !== undefined) return <Waiting source={add.data} />
  return (
    <Paper withBorder p="lg" mt="lg" bg="var(--w-surface)" component="section">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Stack gap="sm" maw={420}>
          <TextInput
            label={t('welcome.connect.name')}
            required
            maxLength={200}
            value={name}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
          {add.error && <ErrorNote error={add.error} />}
          <Button type="submit" loading={add.isPending} w="fit-content">
            {t('welcome.connect.make')}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}

function Waiting({ source }: { readonly source: Reply<'access', 'addSource'> }) {
  const { t } = useTranslation('first-run')
  const health = useQuery({ ...ask('capture', 'listSourceHealth'), refetchInterval: LOOK_MS })
  const hasCome = health.data?.items.some((each) => each.source === source.id && each.lastEventAt !== null) === true
  return (
    <Paper withBorder p="lg" mt="lg" bg="var(--w-surface)" component="section">
      <Stack gap="md">
        <List type="ordered" spacing="md" size="sm" styles={{ itemWrapper: { display: 'block' } }}>
          <List.Item>
            {t('welcome.connect.key')}
            <Copyable text={source.writeKey} />
          </List.Item>
          <List.Item>
            {t('welcome.connect.send')}
            <SourceSnippet writeKey={source.writeKey} />
          </List.Item>
        </List>
        <output>
          {hasCome ? (
            <Text fw={560} c="var(--w-good)">
              <IconCircleCheck size={18} aria-hidden style={{ verticalAlign: '-3px' }} />{' '}
              {t('welcome.connect.received')}
            </Text>
          ) : (
            <Text c="dimmed">
              <Loader size={14} mr={8} aria-hidden /> {t('welcome.connect.waiting')}
            </Text>
          )}
        </output>
        {hasCome && (
          <Button component={Link} to="/leads" w="fit-content">
            {t('welcome.connect.see')}
          </Button>
        )}
      </Stack>
    </Paper>
  )
}
