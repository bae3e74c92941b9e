import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { useMay } from '../../app/session.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { ACTIONS, actionWords } from './audit-actions.ts'
import { AuditEntryRow } from './audit-entry.tsx'
import classes from './audit.module.css'
import { auditQuery, type AuditSearch, readAuditSearch } from './audit-search.ts'

type AuditPage = Reply<'audit', 'listAudit'>

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
      <ol className={classes.log}>
        {log.data?.pages
          .flatMap(({ items }) => items)
          .map((entry) => (
            <AuditEntryRow key={entry.id} entry={entry} />
          ))}
      </ol>
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
  return (
    <Group gap="sm" align="end">
      <Select
        label={t('audit.action')}
        placeholder={t('audit.anything')}
        w={260}
        clearable
        allowDeselect
        searchable
        data={ACTIONS.map((value) => ({ value, label: actionWords(t, value) }))}
        value={search.action ?? null}
        onChange={(action) => change({ action: action ?? '' })}
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
