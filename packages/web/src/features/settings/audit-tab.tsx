import { Button, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'

type AuditPage = Reply<'audit', 'listAudit'>
const isAction = (text: string) => /^[a-z_]+(?:\.[a-z_]+)*$/.test(text)

export function AuditTab() {
  const { t } = useTranslation(['settings', 'common'])
  const formats = useFormats()
  const [typed, setTyped] = useState('')
  const [action] = useDebouncedValue(typed.trim(), 250)
  const log = useInfiniteQuery({
    queryKey: ['audit', 'pages', action],
    queryFn: ({ pageParam, signal }) =>
      send(
        'audit',
        'listAudit',
        { query: { ...(isAction(action) && { action }), ...(pageParam !== '' && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last: AuditPage) => last.next,
  })
  return (
    <Stack gap="md">
      <TextInput
        label={t('audit.action')}
        placeholder="lead.decide"
        maw={320}
        maxLength={60}
        value={typed}
        onChange={({ currentTarget: { value } }) => setTyped(value)}
      />
      {log.error && <ErrorNote error={log.error} />}
      {log.isPending && <RowsSkeleton />}
      {log.data?.pages[0]?.items.length === 0 && <Text c="dimmed">{t('audit.none')}</Text>}
      <Table.ScrollContainer minWidth={640}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('audit.at')}</Table.Th>
              <Table.Th>{t('audit.who')}</Table.Th>
              <Table.Th>{t('audit.what')}</Table.Th>
              <Table.Th>{t('audit.on')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {log.data?.pages
              .flatMap(({ items }) => items)
              .map((entry) => (
                <Table.Tr key={entry.id}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{formats.dateTime(entry.at)}</Table.Td>
                  <Table.Td>{entry.actor.name ?? t(`audit.kinds.${entry.actor.kind}`)}</Table.Td>
                  <Table.Td>{entry.action}</Table.Td>
                  <Table.Td>
                    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                      {Object.entries(entry.targets)
                        .map(([name, value]) => `${name} ${value}`)
                        .join(', ')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {log.hasNextPage && (
        <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t('common:actions.showMore')}
        </Button>
      )}
    </Stack>
  )
}
