/** What could not be read: its line as an editor counts, why, and what to do. */
import { Button, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type ApiError, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './import.module.css'
import type { Job, Preview } from './mapping.ts'

export function Refusals({ job }: { readonly job: Job }) {
  const { t } = useTranslation('import')
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery<
    Reply<'imports', 'listRefusals'>,
    ApiError
  >({
    queryKey: ['imports', 'listRefusals', { params: { import: job.id } }, job.startedAt],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam as string | undefined
      const query = { limit: 50, ...(cursor !== undefined && { cursor }) }
      return send('imports', 'listRefusals', { params: { import: job.id }, query }, { signal })
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
  })
  if (isPending) return <RowsSkeleton count={3} />
  if (data === undefined) return <ErrorNote error={error} retry={() => void refetch()} />
  return (
    <>
      <RefusalTable refusals={data.pages.flatMap(({ items }) => items)} />
      {hasNextPage && (
        <Button
          mt="xs"
          variant="default"
          size="compact-sm"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('actions.showMore', { ns: 'common' })}
        </Button>
      )}
    </>
  )
}

export function RefusalTable({ refusals }: { readonly refusals: Preview['refusals'] }) {
  const { t } = useTranslation('import')
  const formats = useFormats()
  return (
    <div className={classes.scrolls}>
      <table className={classes.list}>
        <thead>
          <tr>
            <th data-number>{t('refused.line')}</th>
            <th>{t('refused.column')}</th>
            <th>{t('refused.reason')}</th>
            <th>{t('refused.row')}</th>
          </tr>
        </thead>
        <tbody>
          {refusals.map(({ line, code, place, reason, hint, row }) => (
            <tr key={`${line} ${code} ${place ?? ''}`}>
              <td data-number>{formats.number(line, 0)}</td>
              <td>{place}</td>
              <td>
                {reason}
                <Text size="xs" c="dimmed">
                  {hint}
                </Text>
              </td>
              <td className={classes.raw} title={row}>
                {row}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
