import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { PageSkeleton } from '../../ui/states.tsx'

export function QueuePage() {
  const { t } = useTranslation('queue')
  return (
    <Page title={t('title')}>
      <PageSkeleton />
    </Page>
  )
}
