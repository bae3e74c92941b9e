/** Who was erased nobody knows any more; that somebody was, and letting one in again who comes back. */
import { Alert, Button, Group, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type InputOf, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { Moment } from '../../ui/moment.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { RetentionForm } from './retention-form.tsx'

export function ErasuresTab() {
  return (
    <Stack gap="xl">
      <RetentionForm />
      <Erasures />
      <LetIn />
    </Stack>
  )
}

type ErasurePage = Reply<'erasure', 'listErasures'>

function Erasures() {
  const { t } = useTranslation(['settings', 'common'])
  const formats = useFormats()
  const list = useInfiniteQuery({
    queryKey: ['erasure', 'listErasures', 'pages'],
    queryFn: ({ pageParam, signal }) =>
      send('erasure', 'listErasures', { query: pageParam === '' ? {} : { cursor: pageParam } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last: ErasurePage) => last.next,
  })
  const items = list.data?.pages.flatMap((page) => page.items)
  return (
    <Stack gap="md" component="section">
      <Title order={2}>{t('erasures.title')}</Title>
      <Text size="sm" c="dimmed" maw={640}>
        {t('erasures.said')}
      </Text>
      {list.error && <ErrorNote error={list.error} />}
      {list.isPending && <RowsSkeleton count={3} />}
      {items?.length === 0 && <Text size="sm">{t('erasures.none')}</Text>}
      {items !== undefined && items.length > 0 && (
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('erasures.at')}</Table.Th>
                <Table.Th>{t('erasures.by')}</Table.Th>
                <Table.Th ta="right">{t('erasures.removed')}</Table.Th>
                <Table.Th ta="right">{t('erasures.keptOut')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ id, at, by, removed, keptOut }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <Moment at={at} />
                  </Table.Td>
                  <Table.Td>{by}</Table.Td>
                  <Table.Td ta="right">{formats.number(removed, 0)}</Table.Td>
                  <Table.Td ta="right">{formats.number(keptOut, 0)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common:actions.showMore')}
        </Button>
      )}
    </Stack>
  )
}

type Name = InputOf<'erasure', 'letIn'>['body']
const KINDS: readonly Name['kind'][] = ['email', 'user', 'anonymous']

function LetIn() {
  const { t } = useTranslation('settings')
  const [name, setName] = useState<Name>({ kind: 'email', value: '' })
  const letting = useMutation({
    mutationFn: (body: Name) => send('erasure', 'letIn', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['erasure'] }),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        letting.mutate(name)
      }}
    >
      <Stack gap="sm" maw={640} component="section">
        <Title order={2}>{t('erasures.letIn')}</Title>
        <Text size="sm" c="dimmed">
          {t('erasures.letInSaid')}
        </Text>
        <Group align="flex-end" gap="sm">
          <Select
            label={t('erasures.kind')}
            data={KINDS.map((kind) => ({ value: kind, label: t(`erasures.kinds.${kind}`) }))}
            value={name.kind}
            onChange={(kind) => kind !== null && setName({ ...name, kind })}
            allowDeselect={false}
            w={180}
          />
          <TextInput
            label={t('erasures.value')}
            value={name.value}
            onChange={({ currentTarget: { value } }) => setName({ ...name, value })}
            required
            flex={1}
            miw={180}
          />
          <Button type="submit" variant="default" loading={letting.isPending}>
            {t('erasures.letInDo')}
          </Button>
        </Group>
        {letting.error && <ErrorNote error={letting.error} />}
        {letting.data !== undefined && (
          <output>
            <Alert color={letting.data.wasKeptOut ? 'green' : 'gray'}>
              {t(letting.data.wasKeptOut ? 'erasures.isIn' : 'erasures.wasIn')}
            </Alert>
          </output>
        )}
      </Stack>
    </form>
  )
}
