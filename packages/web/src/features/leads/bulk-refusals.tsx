/** Leads that it could not be done to, each with the server's reason. */
import { Anchor, Button, Modal, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './leads.module.css'

type Bulk = Reply<'bulkActions', 'getBulk'>
type BulkLeads = Reply<'bulkActions', 'listBulkLeads'>

const SKELETONS_MAX = 6

export function BulkRefusals({ bulk, close }: { readonly bulk: Bulk; readonly close: () => void }) {
  const { t } = useTranslation(['leads', 'common'])
  const formats = useFormats()
  const refused = useInfiniteQuery({
    queryKey: ['bulk-refusals', bulk.id],
    queryFn: ({ pageParam, signal }) =>
      send(
        'bulkActions',
        'listBulkLeads',
        { params: { bulk: bulk.id }, query: { state: 'refused', ...(pageParam !== '' && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last: BulkLeads) => last.next,
  })
  const leads = refused.data?.pages.flatMap(({ items }) => items) ?? []
  const number = (count: number) => ({ count, number: formats.number(count, 0) })
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('bulk.refusedTitle', number(bulk.refused))}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('bulk.refusedSaid', number(bulk.changed))}
        </Text>
        {refused.error && <ErrorNote error={refused.error} retry={() => void refused.refetch()} />}
        {refused.isPending && <RowsSkeleton count={Math.min(bulk.refused, SKELETONS_MAX)} />}
        <ul className={classes.refused} aria-label={t('bulk.refusedList')}>
          {leads.map(({ lead, why }) => (
            <li key={lead.id}>
              <Anchor component={Link} to={`/leads/${lead.id}`} size="sm" fw={560} onClick={close}>
                {lead.name ?? lead.email ?? t('bulk.nameless')}
              </Anchor>
              <Text size="sm" c="dimmed" lang="en">
                {why}
              </Text>
            </li>
          ))}
        </ul>
        {refused.hasNextPage && (
          <Button variant="default" loading={refused.isFetchingNextPage} onClick={() => void refused.fetchNextPage()}>
            {t('common:actions.showMore')}
          </Button>
        )}
      </Stack>
    </Modal>
  )
}
