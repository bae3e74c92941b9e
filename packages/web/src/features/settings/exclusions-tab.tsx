import { Button, Group, Stack, Switch, Table, Text, Textarea, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { Moment } from '../../ui/moment.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'

type CaptureSettings = Reply<'capture', 'getCaptureSettings'>
const KINDS = ['internal', 'competitor', 'test'] as const
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

export function ExclusionsTab() {
  const settings = useQuery(ask('capture', 'getCaptureSettings'))
  if (settings.error) return <ErrorNote error={settings.error} />
  if (settings.data === undefined) return <RowsSkeleton count={5} />
  return (
    <Stack gap="xl">
      <Exclusions settings={settings.data} />
      <Warnings />
    </Stack>
  )
}

function Exclusions({ settings }: { readonly settings: CaptureSettings }) {
  const { t } = useTranslation(['settings', 'common'])
  const [emails, setEmails] = useState(() =>
    Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        (settings.excluded?.emails ?? [])
          .filter((each) => each.as === kind)
          .map(({ match }) => match)
          .join('\n'),
      ]),
    ),
  )
  const [addresses, setAddresses] = useState((settings.ignoredAddresses ?? []).join('\n'))
  const [ignoresBots, setIgnoresBots] = useState(settings.bots === 'ignore')
  const save = useMutation({
    mutationFn: () =>
      send('capture', 'putCaptureSettings', {
        body: {
          ...settings,
          excluded: {
            ...settings.excluded,
            emails: KINDS.flatMap((as) => linesOf(emails[as] ?? '').map((match) => ({ match, as }))),
          },
          ignoredAddresses: linesOf(addresses),
          bots: ignoresBots ? 'ignore' : 'keep',
        },
      }),
    onSuccess: () => {
      notifications.show({ message: t('exclusions.saved') })
      return queries.invalidateQueries({ queryKey: ['capture'] })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="md" maw={640}>
        <Text size="sm" c="dimmed">
          {t('exclusions.said')}
        </Text>
        {KINDS.map((kind) => (
          <Textarea
            key={kind}
            label={t(`exclusions.${kind}`)}
            description={t('exclusions.lines')}
            autosize
            minRows={2}
            maxRows={10}
            value={emails[kind] ?? ''}
            onChange={({ currentTarget: { value } }) => setEmails({ ...emails, [kind]: value })}
          />
        ))}
        <Textarea
          label={t('exclusions.addresses')}
          description={t('exclusions.addressesHint')}
          autosize
          minRows={2}
          value={addresses}
          onChange={({ currentTarget: { value } }) => setAddresses(value)}
        />
        <Switch
          label={t('exclusions.bots')}
          checked={ignoresBots}
          onChange={({ currentTarget: { checked } }) => setIgnoresBots(checked)}
        />
        {save.error && <ErrorNote error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('common:actions.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Warnings() {
  const { t } = useTranslation('settings')
  const warnings = useQuery(ask('capture', 'listCaptureWarnings'))
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t('warnings.title')}</Title>
      {warnings.error && <ErrorNote error={warnings.error} />}
      {warnings.data?.faults.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('warnings.none')}
        </Text>
      )}
      {warnings.data !== undefined && warnings.data.faults.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Tbody>
              {warnings.data.faults.map((fault) => (
                <Table.Tr key={`${fault.source} ${fault.day} ${fault.code}`}>
                  <Table.Td>{fault.source}</Table.Td>
                  <Table.Td>{t('warnings.count', { count: fault.count })}</Table.Td>
                  <Table.Td>
                    {fault.message}
                    <Text size="xs" c="dimmed">
                      {fault.hint}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Moment at={fault.lastAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  )
}
