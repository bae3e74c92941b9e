import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { PageSkeleton } from '../../ui/states.tsx'

export function ImportPage() {
  const { t } = useTranslation('import')
  return (
    <Page title={t('title')}>
      <PageSkeleton />
    </Page>
  )
}
