/** A password that is being chosen: what it must be is said before it is refused. */
import { PasswordInput, Text } from '@mantine/core'
import { IconCheck, IconCircleDashed } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

const CHARACTERS_MIN = 10
const CHARACTERS_MAX = 128

export const isLongEnough = (password: string): boolean => password.length >= CHARACTERS_MIN

export function NewPassword({
  value,
  onChange,
  isWrong,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  /** Somebody tried to go on with it. */
  readonly isWrong: boolean
}) {
  const { t } = useTranslation('first-run')
  const isMet = isLongEnough(value)
  const color = isMet ? 'var(--w-good)' : isWrong ? 'var(--w-bad)' : 'var(--w-soft)'
  const Icon = isMet ? IconCheck : IconCircleDashed
  return (
    <div>
      <PasswordInput
        label={t('fields.password')}
        autoComplete="new-password"
        required
        maxLength={CHARACTERS_MAX}
        value={value}
        error={isWrong && !isMet}
        visibilityToggleButtonProps={{ 'aria-label': t('fields.showPassword') }}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <Text size="xs" mt={6} c={color} aria-live="polite">
        <Icon size={14} aria-hidden style={{ verticalAlign: '-2px', marginRight: 5 }} />
        {isMet
          ? t('fields.passwordMet')
          : t('fields.passwordRule', { count: CHARACTERS_MIN - value.length, min: CHARACTERS_MIN })}
      </Text>
      <Text size="xs" mt={2} c="dimmed">
        {t('fields.passwordHint')}
      </Text>
    </div>
  )
}
