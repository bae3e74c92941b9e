import { Button, Collapse, Group, Paper, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Moment } from '../../ui/moment.tsx'
import { SourceSnippet } from '../../ui/source-snippet.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'

type Source = Reply<'access', 'listSources'>['items'][number]
const LOOK_MS = 5_000
const GRACE_HOURS = 24
const refresh = () => queries.invalidateQueries({ queryKey: ['access', 'listSources'] })

export function SourcesTab() {
  const { t } = useTranslation('settings')
  const sources = useQuery(ask('access', 'listSources'))
  const health = useQuery({ ...ask('capture', 'listSourceHealth'), refetchInterval: LOOK_MS })
  const [name, setName] = useState('')
  const add = useMutation({
    mutationFn: () => send('access', 'addSource', { body: { name } }),
    onSuccess: () => setName(''),
    onSettled: refresh,
  })
  const error = sources.error ?? health.error ?? add.error
  const lastEvents = new Map(health.data?.items.map((each) => [each.source, each.lastEventAt]))
  return (
    <Stack gap="md">
      {error && <ErrorNote error={error} />}
      {sources.isPending && <RowsSkeleton count={3} />}
      {sources.data?.items.length === 0 && <Empty title={t('sources.none')}>{t('sources.noneHint')}</Empty>}
      {sources.data?.items.map((source) => (
        <SourceCard key={source.id} source={source} lastEventAt={lastEvents.get(source.id) ?? null} />
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Group align="end" gap="sm">
          <TextInput
            label={t('sources.name')}
            placeholder={t('sources.example')}
            required
            maxLength={200}
            value={name}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
          <Button type="submit" loading={add.isPending}>
            {t('sources.add')}
          </Button>
        </Group>
      </form>
    </Stack>
  )
}

function SourceCard({ source, lastEventAt }: { readonly source: Source; readonly lastEventAt: string | null }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const [isOpen, open] = useDisclosure()
  const change = useMutation({
    mutationFn: (isDisabled: boolean) =>
      send('access', 'changeSource', { params: { source: source.id }, body: { isDisabled } }),
    onSettled: refresh,
  })
  const rotate = useMutation({
    mutationFn: () =>
      send('access', 'rotateSource', { params: { source: source.id }, body: { graceHours: GRACE_HOURS } }),
    onSuccess: () => notifications.show({ message: t('sources.rotated', { hours: GRACE_HOURS }) }),
    onSettled: refresh,
  })
  const error = change.error ?? rotate.error
  return (
    <Paper withBorder p="md" bg="var(--w-surface)" component="section" aria-label={source.name}>
      <Group justify="space-between">
        <div>
          <Title order={2}>{source.name}</Title>
          <Text size="sm" c="dimmed">
            {lastEventAt === null ? (
              t('sources.never')
            ) : (
              <>
                {t('sources.last')} <Moment at={lastEventAt} />
              </>
            )}
          </Text>
        </div>
        <Group gap="sm">
          <Switch
            label={t('sources.on')}
            checked={!source.isDisabled}
            onChange={({ currentTarget: { checked } }) => change.mutate(!checked)}
          />
          <Button size="compact-sm" variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
            {t('sources.rotate')}
          </Button>
          <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={open.toggle}>
            {t('sources.connect')}
          </Button>
        </Group>
      </Group>
      {error && <ErrorNote error={error} />}
      <Stack gap="xs" mt="sm">
        <Text size="xs" c="dimmed">
          {t('sources.key')}
        </Text>
        <Copyable text={source.writeKey} />
        {source.oldKeyUntil !== null && (
          <Text size="xs" c="dimmed">
            {t('sources.oldKey', { at: formats.dateTime(source.oldKeyUntil) })}
          </Text>
        )}
        <Collapse expanded={isOpen}>{isOpen && <SourceSnippet writeKey={source.writeKey} />}</Collapse>
      </Stack>
    </Paper>
  )
}
