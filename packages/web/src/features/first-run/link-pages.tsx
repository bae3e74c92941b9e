/** Pages that a link with a token opens: the first account, an invitation, a forgotten password. */
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../app/api.ts'
import { type Me, welcome } from '../../app/session.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { OpenPage } from './open-page.tsx'

export function SetUpPage() {
  const { t } = useTranslation('first-run')
  return (
    <LinkPage
      title={t('setUp.title')}
      said={t('setUp.said')}
      submit={t('setUp.submit')}
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
  if (invitation.error) {
    return (
      <OpenPage title={t('join.title')}>
        <ErrorNote error={invitation.error} />
      </OpenPage>
    )
  }
  const { email = '…', role } = invitation.data ?? {}
  return (
    <LinkPage
      title={t('join.title')}
      said={t('join.said', { email, role: role === undefined ? '…' : t(`common:roles.${role}`) })}
      submit={t('join.submit')}
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
      title={t('reset.title')}
      said={t('reset.said')}
      submit={t('reset.submit')}
      fields={['password']}
      to="/queue"
      send={(token, { password }) => send('access', 'resetPassword', { body: { token, password } })}
    />
  )
}

type Field = 'name' | 'email' | 'password'

function LinkPage({
  title,
  said,
  submit,
  fields,
  to,
  send: sendGiven,
}: {
  readonly title: string
  readonly said: string
  readonly submit: string
  readonly fields: readonly Field[]
  readonly to: '/welcome' | '/queue'
  readonly send: (token: string, given: Readonly<Record<Field, string>>) => Promise<Me>
}) {
  const { t } = useTranslation('first-run')
  const { token } = useSearch({ strict: false })
  const navigate = useNavigate()
  const [given, setGiven] = useState({ name: '', email: '', password: '' })
  const sending = useMutation({
    mutationFn: () => sendGiven(token ?? '', given),
    onSuccess: async (me) => {
      welcome(me)
      await navigate({ to, replace: true }) // the token is used up, and in no history
    },
  })
  if (token === undefined) return <OpenPage title={title}>{t('noToken')}</OpenPage>
  const set = (field: Field) => (event: { currentTarget: { value: string } }) =>
    setGiven({ ...given, [field]: event.currentTarget.value })
  return (
    <OpenPage title={title} said={said}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          sending.mutate()
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
              type="email"
              autoComplete="username"
              required
              maxLength={254}
              value={given.email}
              onChange={set('email')}
            />
          )}
          <PasswordInput
            label={t('fields.password')}
            description={t('fields.passwordHint')}
            autoComplete="new-password"
            required
            minLength={10}
            maxLength={128}
            value={given.password}
            onChange={set('password')}
          />
          {sending.error && <ErrorNote error={sending.error} />}
          <Button type="submit" fullWidth loading={sending.isPending} mt="xs">
            {submit}
          </Button>
        </Stack>
      </form>
    </OpenPage>
  )
}
