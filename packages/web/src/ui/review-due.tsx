import { Alert, Text } from '@mantine/core'
import { IconCalendarCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '../app/api.ts'
import { useFormats } from '../app/format.ts'

/** Colour alone does not tell a link within a sentence. */
const UNDERLINED = { textDecoration: 'underline' }

/** When the definition is to be looked at again, and where. */
export function ReviewDue() {
  const { t } = useTranslation()
  const formats = useFormats()
  const { data } = useQuery({ ...ask('reviews', 'getDue'), staleTime: 60_000 })
  if (data === undefined) return null
  const { isDue, dueAt } = data
  const at = dueAt === null ? '' : formats.date(dueAt)
  const links = (
    <>
      <Link to="/reviews" className="link" style={UNDERLINED}>
        {t('review.open')}
      </Link>
      {' · '}
      <Link to="/alignment" className="link" style={UNDERLINED}>
        {t('review.align')}
      </Link>
    </>
  )
  if (isDue)
    return (
      <Alert variant="light" color="yellow" icon={<IconCalendarCheck size={18} />} mb="md" className="no-print">
        <Text size="sm">
          <b>{t('review.due', { at })}</b> {links}
        </Text>
      </Alert>
    )
  return (
    <Text size="sm" c="dimmed" mb="md" className="no-print">
      {dueAt !== null && `${t('review.next', { at })} · `}
      {links}
    </Text>
  )
}
