import { Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { useMay } from '../../app/session.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { auditQuery, type AuditSearch, readAuditSearch } from './audit-search.ts'

type AuditPage = Reply<'audit', 'listAudit'>
const TYPED_MS = 250

function useAuditSearch() {
  const navigate = useNavigate()
  const search = readAuditSearch(useSearch({ strict: false }))
  const change = (changed: Partial<Record<keyof AuditSearch, string>>) =>
    void navigate({
      to: '/settings/$tab',
      params: { tab: 'audit' },
      search: readAuditSearch({ ...search, ...changed }),
      replace: true,
    })
  return { search, change }
}

export function AuditTab() {
  const { t } = useTranslation(['settings', 'common'])
  const formats = useFormats()
  const { search, change } = useAuditSearch()
  const log = useInfiniteQuery({
    queryKey: ['audit', 'pages', search],
    queryFn: ({ pageParam, signal }) =>
      send(
        'audit',
        'listAudit',
        { query: { ...auditQuery(search), ...(pageParam !== '' && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last: AuditPage) => last.next,
  })
  return (
    <Stack gap="md">
      <Filters search={search} change={change} />
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

function Filters({ search, change }: ReturnType<typeof useAuditSearch>) {
  const { t } = useTranslation('settings')
  const may = useMay()
  const people = useQuery({ ...ask('access', 'listPeople'), enabled: may('people:write') })
  const [typed, setTyped] = useState(search.action ?? '')
  const changeAction = useDebouncedCallback((action: string) => change({ action }), TYPED_MS)
  return (
    <Group gap="sm" align="end">
      <TextInput
        label={t('audit.action')}
        placeholder="lead.decide"
        w={200}
        maxLength={60}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          changeAction(value.trim())
        }}
      />
      <Select
        label={t('audit.person')}
        placeholder={t('audit.anybody')}
        w={200}
        clearable
        allowDeselect
        searchable
        data={people.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={search.actor ?? null}
        onChange={(actor) => change({ actor: actor ?? '' })}
      />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          label={t(`audit.${end}`)}
          w={150}
          value={search[end] ?? ''}
          onChange={({ currentTarget: { value } }) => change({ [end]: value })}
        />
      ))}
    </Group>
  )
}
