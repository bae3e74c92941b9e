import { Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { Moment } from '../../ui/moment.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { ExclusionsForm } from './exclusions-form.tsx'

export function ExclusionsTab() {
  const settings = useQuery(ask('capture', 'getCaptureSettings'))
  if (settings.error) return <ErrorNote error={settings.error} />
  if (settings.data === undefined) return <RowsSkeleton count={5} />
  return (
    <Stack gap="xl">
      <ExclusionsForm settings={settings.data} />
      <Warnings />
    </Stack>
  )
}

function Warnings() {
  const { t } = useTranslation('settings')
  const warnings = useQuery(ask('capture', 'listCaptureWarnings'))
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t('warnings.title')}</Title>
      {warnings.error && <ErrorNote error={warnings.error} />}
      {warnings.data?.faults.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('warnings.none')}
        </Text>
      )}
      {warnings.data !== undefined && warnings.data.faults.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Tbody>
              {warnings.data.faults.map((fault) => (
                <Table.Tr key={`${fault.source} ${fault.day} ${fault.code}`}>
                  <Table.Td>{fault.source}</Table.Td>
                  <Table.Td>{t('warnings.count', { count: fault.count })}</Table.Td>
                  <Table.Td>
                    {fault.message}
                    <Text size="xs" c="dimmed">
                      {fault.hint}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Moment at={fault.lastAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  )
}
