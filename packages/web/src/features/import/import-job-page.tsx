import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { PageSkeleton } from '../../ui/states.tsx'

export function ImportJobPage() {
  const { t } = useTranslation('import')
  return (
    <Page title={t('title')}>
      <PageSkeleton />
    </Page>
  )
}
