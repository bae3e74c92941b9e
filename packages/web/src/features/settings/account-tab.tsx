import {
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  Title,
  useMantineColorScheme,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { useMe } from '../../app/session.ts'
import { chooseLanguage, type Language, LANGUAGES } from '../../app/text.ts'
import { Person } from '../../ui/person.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { SessionsList } from './sessions-list.tsx'

export function AccountTab() {
  const { t } = useTranslation()
  const { name, email, role } = useMe()
  return (
    <Stack gap="xl">
      <Group gap="sm">
        <Person name={name} size={44} />
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {email} · {t(`roles.${role}`)}
          </Text>
        </div>
      </Group>
      <Looks />
      <Password />
      <Sessions />
    </Stack>
  )
}

function Looks() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Group gap="xl">
      <Stack gap={4}>
        <Text size="sm" fw={550}>
          {t('language')}
        </Text>
        <SegmentedControl
          aria-label={t('language')}
          value={i18n.language as Language}
          onChange={(language) => void chooseLanguage(language)}
          data={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
        />
      </Stack>
      <Stack gap={4}>
        <Text size="sm" fw={550}>
          {t('theme.label')}
        </Text>
        <SegmentedControl
          aria-label={t('theme.label')}
          value={colorScheme}
          onChange={setColorScheme}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </Stack>
    </Group>
  )
}

const NOTHING = { current: '', next: '' }

function Password() {
  const { t } = useTranslation('settings')
  const [given, setGiven] = useState(NOTHING)
  const change = useMutation({
    mutationFn: () => send('access', 'changePassword', { body: given }),
    onSuccess: () => {
      setGiven(NOTHING)
      notifications.show({ message: t('account.passwordChanged') })
      return queries.invalidateQueries({ queryKey: ['access'] })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <Stack gap="sm" maw={360}>
        <Title order={2}>{t('account.password')}</Title>
        <PasswordInput
          label={t('account.current')}
          autoComplete="current-password"
          required
          maxLength={128}
          value={given.current}
          onChange={({ currentTarget: { value } }) => setGiven({ ...given, current: value })}
        />
        <PasswordInput
          label={t('account.next')}
          autoComplete="new-password"
          required
          minLength={10}
          maxLength={128}
          value={given.next}
          onChange={({ currentTarget: { value } }) => setGiven({ ...given, next: value })}
        />
        {change.error && <ErrorNote error={change.error} />}
        <Button type="submit" variant="default" loading={change.isPending} w="fit-content">
          {t('account.change')}
        </Button>
      </Stack>
    </form>
  )
}

function Sessions() {
  const { t } = useTranslation('settings')
  const sessions = useQuery(ask('access', 'listSessions'))
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t('account.sessions')}</Title>
      {sessions.error && <ErrorNote error={sessions.error} />}
      <SessionsList sessions={sessions.data?.items ?? []} />
    </Stack>
  )
}
