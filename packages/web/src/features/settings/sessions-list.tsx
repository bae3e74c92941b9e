/** Where somebody is signed in, each of them to be ended. */
import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Bowser from 'bowser'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type Reply, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { Moment } from '../../ui/moment.tsx'
import { ErrorNote } from '../../ui/states.tsx'

type Session = Reply<'access', 'listSessions'>['items'][number]

export function SessionsList({ sessions }: { readonly sessions: readonly Session[] }) {
  const { t } = useTranslation('settings')
  const end = useMutation({
    mutationFn: (session: string) => send('access', 'endSession', { params: { session } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['access'] }),
  })
  return (
    <>
      {end.error && <ErrorNote error={end.error} />}
      {sessions.map((session) => (
        <Group key={session.id} justify="space-between" wrap="nowrap" maw={640}>
          <div>
            <Text size="sm" title={session.userAgent ?? undefined}>
              {deviceOf(session.userAgent, t)}
            </Text>
            <Text size="xs" c="dimmed">
              {session.address} · <Moment at={session.createdAt} />
            </Text>
          </div>
          {session.isThis ? (
            <Text size="sm" flex="none">
              {t('account.this')}
            </Text>
          ) : (
            <Button size="compact-sm" variant="default" flex="none" onClick={() => end.mutate(session.id)}>
              {t('account.end')}
            </Button>
          )}
        </Group>
      ))}
    </>
  )
}

/** “Chrome on Windows”; what names neither is shown as it is. */
function deviceOf(userAgent: string | null, t: TFunction<'settings'>): string {
  if (userAgent === null || userAgent === '') return t('account.someDevice')
  const { browser, os } = Bowser.parse(userAgent)
  return browser.name && os.name ? t('account.device', { browser: browser.name, os: os.name }) : userAgent
}
