/** With whatever looks at a time of which activities are forgotten by now: a number that is another than it was says so. */
import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../app/format.ts'

interface Props {
  readonly forgotten: { readonly before: string; readonly at: string } | null
}

export function ForgottenNote({ forgotten }: Props) {
  const { t } = useTranslation('common')
  const formats = useFormats()
  if (forgotten === null) return null
  return (
    <Alert color="yellow" p="xs" mb="sm" role="note">
      {t('forgotten', { before: formats.day(forgotten.before.slice(0, 10)), at: formats.date(forgotten.at) })}
    </Alert>
  )
}
