import { Button, Collapse, Group, Paper, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Moment } from '../../ui/moment.tsx'
import { SourceSnippet } from '../../ui/source-snippet.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'

type Source = Reply<'access', 'listSources'>['items'][number]
type Health = Reply<'capture', 'listSourceHealth'>['items'][number]
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
  const healths = new Map(health.data?.items.map((each) => [each.source, each]))
  return (
    <Stack gap="md">
      {error && <ErrorNote error={error} />}
      {sources.isPending && <RowsSkeleton count={3} />}
      {sources.data?.items.length === 0 && <Empty title={t('sources.none')}>{t('sources.noneHint')}</Empty>}
      {sources.data?.items.map((source) => (
        <SourceCard key={source.id} source={source} health={healths.get(source.id)} />
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

function SourceCard({ source, health }: { readonly source: Source; readonly health: Health | undefined }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const [isOpen, open] = useDisclosure()
  const [isNaming, naming] = useDisclosure()
  const lastEventAt = health?.lastEventAt ?? null
  const change = useMutation({
    mutationFn: (body: { name?: string; isDisabled?: boolean }) =>
      send('access', 'changeSource', { params: { source: source.id }, body }),
    onSuccess: naming.close,
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
          {isNaming ? (
            <NameForm name={source.name} save={(name) => change.mutate({ name })} close={naming.close} />
          ) : (
            <Title order={2} style={{ overflowWrap: 'anywhere' }}>
              {source.name}
            </Title>
          )}
          <Text size="sm" c="dimmed">
            {lastEventAt === null ? (
              t('sources.never')
            ) : (
              <>
                {t('sources.last')} <Moment at={lastEventAt} />
              </>
            )}
          </Text>
          {health !== undefined && lastEventAt !== null && <Traffic health={health} />}
        </div>
        <Group gap="sm">
          <Switch
            label={t('sources.on')}
            checked={!source.isDisabled}
            onChange={({ currentTarget: { checked } }) => change.mutate({ isDisabled: !checked })}
          />
          <Button size="compact-sm" variant="default" aria-expanded={isNaming} onClick={naming.toggle}>
            {t('sources.rename')}
          </Button>
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

/** How much has come lately, and how much of it was refused. */
function Traffic({ health }: { readonly health: Health }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  return (
    <>
      {(['lastHour', 'lastDay'] as const).map((span) => {
        const { stored, refused } = health[span]
        return (
          <Text key={span} size="sm" c="dimmed" className="tabular">
            {t(`sources.${span}`, { stored: formats.number(stored) })}
            {refused > 0 && (
              <Text span fz="inherit" c="var(--w-bad)" fw={560}>
                {' · '}
                {t('sources.refused', { refused: formats.number(refused) })}
              </Text>
            )}
          </Text>
        )
      })}
    </>
  )
}

function NameForm({
  name,
  save,
  close,
}: {
  readonly name: string
  readonly save: (name: string) => void
  readonly close: () => void
}) {
  const { t } = useTranslation(['settings', 'common'])
  const [typed, setTyped] = useState(name)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() === name) close()
        else save(typed.trim())
      }}
    >
      <Group gap="xs">
        <TextInput
          aria-label={t('sources.newName', { name })}
          ref={input}
          required
          maxLength={200}
          value={typed}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
        />
        <Button type="submit" variant="default">
          {t('common:actions.save')}
        </Button>
      </Group>
    </form>
  )
}
