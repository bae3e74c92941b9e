import { Badge, Button, Center, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { send } from '../../app/api.ts'
import { Moment } from '../../ui/moment.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import type { VersionListed } from './queries.ts'
import { LiveSpan, SignedBy } from './signed-by.tsx'

/** Everything that was ever agreed on, the latest first. */
export function VersionsList() {
  const { t } = useTranslation(['definition', 'common'])
  const versions = useInfiniteQuery({
    queryKey: ['definitions', 'listVersions', 'pages'],
    queryFn: ({ pageParam, signal }) =>
      send('definitions', 'listVersions', { query: pageParam === undefined ? {} : { before: pageParam } }, { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ items }) => {
      const oldest = items.at(-1)?.version
      return oldest === undefined || oldest === 1 ? undefined : oldest
    },
  })
  if (versions.error) return <ErrorNote error={versions.error} retry={() => void versions.refetch()} />
  if (versions.data === undefined) return <RowsSkeleton count={3} />
  const items = versions.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <Empty title={t('versions.none')}>{t('versions.noneSaid')}</Empty>
  return (
    <>
      <Table.ScrollContainer minWidth={860}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="18%">{t('versions.version')}</Table.Th>
              <Table.Th w="22%">{t('versions.published')}</Table.Th>
              <Table.Th w="20%">{t('proposal.signatures')}</Table.Th>
              <Table.Th>{t('versions.note')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((version) => (
              <Row key={version.version} version={version} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {versions.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
            {t('common:actions.showMore')}
          </Button>
        </Center>
      )}
    </>
  )
}

function Row({
  version: {
    version,
    name,
    status,
    publishedAt,
    publishedBy,
    note,
    rollsBackTo,
    renews,
    liveUntil,
    gateReason,
    ...agreed
  },
}: {
  readonly version: VersionListed
}) {
  const { t } = useTranslation('definition')
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/definition/versions/$version" params={{ version: String(version) }} className="link">
          {t('versionNumber', { version })}
        </Link>{' '}
        {status === 'live' && (
          <Badge variant="light" size="sm" ml={6}>
            {t('versions.live')}
          </Badge>
        )}
        <Text size="xs" c="dimmed">
          {name}
        </Text>
      </Table.Td>
      <Table.Td>
        <Moment at={publishedAt} />
        {publishedBy !== null && ` · ${publishedBy}`}
        <Text size="xs" c="dimmed">
          <LiveSpan from={publishedAt} until={liveUntil} />
        </Text>
      </Table.Td>
      <Table.Td>
        <SignedBy {...agreed} />
      </Table.Td>
      <Table.Td>
        {renews === null ? note : t('versions.renewed', { version: renews })}
        {gateReason !== null && <Text size="xs">{t('proposal.againstGate', { reason: gateReason })}</Text>}
        {rollsBackTo !== null && (
          <Text size="xs" c="dimmed">
            {t('versions.again', { version: rollsBackTo })}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {version > 1 && renews === null && (
          <Link
            to="/definition/versions/$version"
            params={{ version: String(version) }}
            search={{ tab: 'changes', against: version - 1 }}
            className="link"
          >
            {t('versions.changes')}
          </Link>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
