import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { Page } from '../../ui/page.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { useLive } from './queries.ts'

const Editor = lazy(() => import('./editor/editor.tsx'))

/** A draft: fetched anew each time it is opened, then it belongs to the editor. */
export function DraftPage() {
  const { t } = useTranslation('definition')
  const { draft: id } = useParams({ from: '/inside/definition/drafts/$draft' })
  const draft = useQuery({
    ...ask('definitions', 'getDraft', { params: { draft: id } }),
    refetchOnWindowFocus: false,
    refetchOnMount: 'always',
  })
  const { live, text, error, retry } = useLive()
  const waiting = (
    <Page title={draft.data?.name ?? t('tabs.drafts')} isWide>
      <RowsSkeleton />
    </Page>
  )
  if (draft.error && draft.data === undefined)
    return (
      <Page title={t('tabs.drafts')}>
        <ErrorNote error={draft.error} retry={() => void draft.refetch()} />
      </Page>
    )
  if (error)
    return (
      <Page title={draft.data?.name ?? t('tabs.drafts')}>
        <ErrorNote error={error} retry={retry} />
      </Page>
    )
  const isReady = draft.data !== undefined && live !== undefined && (live === null || text !== undefined)
  // What is cached may be older than what somebody else saved.
  if (!isReady || !draft.isFetchedAfterMount) return waiting
  return (
    <Suspense fallback={waiting}>
      <Editor
        key={id}
        draft={draft.data}
        live={live === null ? null : { version: live.version, text: text!, name: live.name, renews: live.renews }}
      />
    </Suspense>
  )
}
