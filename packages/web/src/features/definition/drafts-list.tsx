import { ActionIcon, Badge, Group, Table, Text, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { offerReversal } from '../../app/undo.ts'
import { Moment } from '../../ui/moment.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { draftsQuery, type DraftListed } from './queries.ts'

export function DraftsList() {
  const { t } = useTranslation('definition')
  const may = useMay()
  const drafts = useQuery(draftsQuery())
  const removing = useRemoval()
  if (drafts.error) return <ErrorNote error={drafts.error} retry={() => void drafts.refetch()} />
  if (drafts.data === undefined) return <RowsSkeleton count={3} />
  if (drafts.data.items.length === 0) return <Empty title={t('drafts.none')}>{t('drafts.noneSaid')}</Empty>
  return (
    <>
      {removing.error && <ErrorNote error={removing.error} />}
      <Table.ScrollContainer minWidth={520}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('drafts.name')}</Table.Th>
              <Table.Th>{t('drafts.basedOn')}</Table.Th>
              <Table.Th>{t('drafts.changed')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {drafts.data.items.map((draft) => (
              <Table.Tr key={draft.id}>
                <Table.Td>
                  <Link to="/definition/drafts/$draft" params={{ draft: draft.id }}>
                    {draft.name}
                  </Link>
                  {draft.proposal !== null && (
                    <Badge
                      size="sm"
                      variant="light"
                      ml={8}
                      renderRoot={(props) => (
                        <Link
                          to="/definition/proposals/$proposal"
                          params={{ proposal: draft.proposal!.id }}
                          {...props}
                        />
                      )}
                    >
                      {t(`proposal.states.${draft.proposal.state}`)}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  {draft.basedOn === null ? (
                    <Text size="sm" c="dimmed">
                      {t('drafts.ofItsOwn')}
                    </Text>
                  ) : (
                    t('versionNumber', { version: draft.basedOn })
                  )}
                </Table.Td>
                <Table.Td>
                  <Moment at={draft.updatedAt} />
                  {draft.updatedBy !== null && ` · ${draft.updatedBy}`}
                </Table.Td>
                <Table.Td>
                  <Group justify="flex-end">
                    {may('definitions:write') && draft.proposal === null && (
                      <Tooltip label={t('drafts.remove')}>
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          aria-label={t('drafts.removeOf', { name: draft.name })}
                          onClick={() => removing.mutate(draft)}
                        >
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Tooltip>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}

/** What is thrown away is kept in hand for as long as it can be taken back. */
function useRemoval() {
  const { t } = useTranslation('definition')
  const renew = () => queries.invalidateQueries({ queryKey: draftsQuery().queryKey })
  return useMutation({
    mutationFn: async ({ id }: DraftListed) => {
      const kept = await send('definitions', 'getDraft', { params: { draft: id } })
      await send('definitions', 'deleteDraft', { params: { draft: id } })
      return kept
    },
    onSuccess: async ({ name, text }) => {
      await renew()
      offerReversal(t('drafts.removed', { name }), async () => {
        await send('definitions', 'createDraft', { body: { name, text } })
        await renew()
        notifications.show({ message: t('drafts.restored', { name }) })
      })
    },
  })
}
