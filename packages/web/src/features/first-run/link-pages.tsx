/** Pages that a link with a token opens: the first account, an invitation, a forgotten password. */
import { Button, Code, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, send } from '../../app/api.ts'
import { type Me, welcome } from '../../app/session.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { isLongEnough, NewPassword } from './new-password.tsx'
import { OpenPage } from './open-page.tsx'

type Kind = 'setUp' | 'join' | 'reset'

export function SetUpPage() {
  const { t } = useTranslation('first-run')
  return (
    <LinkPage
      kind="setUp"
      said={t('setUp.said')}
      fields={['name', 'email', 'password']}
      to="/welcome"
      send={(token, { name, email, password }) => send('access', 'setUp', { body: { token, name, email, password } })}
    />
  )
}

export function JoinPage() {
  const { t } = useTranslation(['first-run', 'common'])
  const { token = '' } = useSearch({ strict: false })
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => send('access', 'lookAtInvitation', { body: { token } }),
    enabled: token !== '',
    retry: false,
  })
  if (isDead(invitation.error)) return <DeadLink kind="join" />
  if (invitation.error !== null)
    return (
      <OpenPage title={t('join.title')}>
        <ErrorNote error={invitation.error} retry={() => void invitation.refetch()} />
      </OpenPage>
    )
  if (invitation.data === undefined && token !== '')
    return (
      <OpenPage title={t('join.title')}>
        <RowsSkeleton count={3} />
      </OpenPage>
    )
  const { email = '', role = 'reader' } = invitation.data ?? {}
  return (
    <LinkPage
      kind="join"
      said={t('join.said', { email, role: t(`common:roles.${role}`) })}
      fields={['name', 'password']}
      to="/queue"
      send={(given, { name, password }) =>
        send('access', 'acceptInvitation', { body: { token: given, name, password } })
      }
    />
  )
}

export function ResetPage() {
  const { t } = useTranslation('first-run')
  return (
    <LinkPage
      kind="reset"
      said={t('reset.said')}
      fields={['password']}
      to="/queue"
      send={(token, { password }) => send('access', 'resetPassword', { body: { token, password } })}
    />
  )
}

type Field = 'name' | 'email' | 'password'

const isDead = (error: Error | null): boolean => error instanceof ApiError && error.code === 'link_invalid'

/** A link that has been used, has expired or was never one: what it was for, and where another one comes from. */
function DeadLink({ kind, isMissing = false }: { readonly kind: Kind; readonly isMissing?: boolean }) {
  const { t } = useTranslation('first-run')
  return (
    <OpenPage title={t(isMissing ? 'dead.missing' : 'dead.title')}>
      <Stack gap="sm">
        <Text size="sm">{t(`dead.${kind}`)}</Text>
        {kind !== 'join' && (
          <Code block>{kind === 'setUp' ? 'winnow serve' : 'winnow admin reset-link you@example.com'}</Code>
        )}
        <Button component={Link} to="/sign-in" variant="default" fullWidth mt="xs">
          {t('dead.signIn')}
        </Button>
      </Stack>
    </OpenPage>
  )
}

function LinkPage({
  kind,
  said,
  fields,
  to,
  send: sendGiven,
}: {
  readonly kind: Kind
  readonly said: string
  readonly fields: readonly Field[]
  readonly to: '/welcome' | '/queue'
  readonly send: (token: string, given: Readonly<Record<Field, string>>) => Promise<Me>
}) {
  const { t } = useTranslation('first-run')
  const { token } = useSearch({ strict: false })
  const navigate = useNavigate()
  const [given, setGiven] = useState({ name: '', email: '', password: '' })
  const [hasTried, setTried] = useState(false)
  const sending = useMutation({
    mutationFn: () => sendGiven(token ?? '', given),
    onSuccess: async (me) => {
      welcome(me)
      await navigate({ to, replace: true }) // the token is used up, and in no history
    },
  })
  if (token === undefined || token === '') return <DeadLink kind={kind} isMissing />
  if (isDead(sending.error)) return <DeadLink kind={kind} />
  const set = (field: Field) => (event: { currentTarget: { value: string } }) =>
    setGiven({ ...given, [field]: event.currentTarget.value })
  const { error } = sending
  const emailError = error instanceof ApiError && error.at === '/email' ? error.message : undefined
  return (
    <OpenPage title={t(`${kind}.title`)} said={said}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (isLongEnough(given.password)) sending.mutate()
        }}
      >
        <Stack gap="sm">
          {fields.includes('name') && (
            <TextInput
              label={t('fields.name')}
              autoComplete="name"
              required
              maxLength={200}
              value={given.name}
              onChange={set('name')}
            />
          )}
          {fields.includes('email') && (
            <TextInput
              label={t('fields.email')}
              description={t('fields.emailHint')}
              type="email"
              autoComplete="username"
              required
              maxLength={254}
              value={given.email}
              error={emailError}
              onChange={set('email')}
            />
          )}
          <NewPassword
            value={given.password}
            isWrong={hasTried}
            onChange={(password) => setGiven({ ...given, password })}
          />
          {error && emailError === undefined && <ErrorNote error={error} />}
          <Button type="submit" fullWidth loading={sending.isPending} mt="xs">
            {t(`${kind}.submit`)}
          </Button>
        </Stack>
      </form>
    </OpenPage>
  )
}
