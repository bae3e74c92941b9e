import { Button, Checkbox, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, send } from '../../app/api.ts'
import { welcome } from '../../app/session.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { OpenPage } from './open-page.tsx'

export function SignInPage() {
  const { t } = useTranslation('first-run')
  const { next } = useSearch({ from: '/open/sign-in' })
  const router = useRouter()
  const [given, setGiven] = useState({ email: '', password: '', remember: true })
  const signingIn = useMutation({
    mutationFn: () => send('access', 'signIn', { body: given }),
    onSuccess: (me) => {
      welcome(me)
      router.history.push(next ?? '/queue')
    },
  })
  const { error } = signingIn
  const isWrong = error instanceof ApiError && error.code === 'sign_in_failed'
  const isSlowed = error instanceof ApiError && error.code === 'rate_limited'
  return (
    <OpenPage title={t('signIn.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          signingIn.mutate()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('signIn.email')}
            type="email"
            autoComplete="username"
            required
            error={isWrong}
            maxLength={254}
            value={given.email}
            onChange={({ currentTarget: { value } }) => setGiven({ ...given, email: value })}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            required
            error={isWrong ? t('signIn.wrong') : isSlowed ? t('signIn.slowed') : undefined}
            visibilityToggleButtonProps={{ 'aria-label': t('fields.showPassword') }}
            maxLength={128}
            value={given.password}
            onChange={({ currentTarget: { value } }) => setGiven({ ...given, password: value })}
          />
          <Checkbox
            label={t('signIn.remember')}
            checked={given.remember}
            onChange={({ currentTarget: { checked } }) => setGiven({ ...given, remember: checked })}
          />
          {error && !isWrong && !isSlowed && <ErrorNote error={error} />}
          <Button type="submit" fullWidth loading={signingIn.isPending} mt="xs">
            {t('signIn.submit')}
          </Button>
          <Text size="xs" c="dimmed">
            {t('signIn.forgot')}
          </Text>
        </Stack>
      </form>
    </OpenPage>
  )
}
