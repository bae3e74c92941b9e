import { Alert, Button, Checkbox, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Right } from '@winnow/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { useRightWords } from './right-words.ts'
import stacked from './stacked.module.css'

const RIGHTS: readonly Right[] = [
  'leads:read',
  'leads:write',
  'leads:erase',
  'decisions:write',
  'definitions:read',
  'definitions:write',
  'imports:write',
  'exports:read',
  'settings:write',
  'audit:read',
  'metrics:read',
]
const refresh = () => queries.invalidateQueries({ queryKey: ['access', 'listKeys'] })

export function KeysTab() {
  const { t } = useTranslation(['settings', 'common'])
  const inWords = useRightWords()
  const keys = useQuery(ask('access', 'listKeys'))
  const revoke = useMutation({
    mutationFn: (key: string) => send('access', 'revokeKey', { params: { key } }),
    onSettled: refresh,
  })
  const error = keys.error ?? revoke.error
  return (
    <Stack gap="lg">
      {error && <ErrorNote error={error} />}
      {keys.isPending && <RowsSkeleton count={3} />}
      {keys.data?.items.length === 0 && <Text c="dimmed">{t('keys.none')}</Text>}
      {keys.data !== undefined && keys.data.items.length > 0 && (
        <Table className={stacked.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('keys.name')}</Table.Th>
              <Table.Th>{t('keys.rights')}</Table.Th>
              <Table.Th>{t('keys.lastUsed')}</Table.Th>
              <Table.Th aria-label={t('keys.revoke')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.data.items.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Td>
                  {key.name}
                  <Text size="xs" c="dimmed">
                    {key.prefix}…
                  </Text>
                </Table.Td>
                <Table.Td>
                  {key.rights.map((right) => (
                    <Text key={right} size="sm" title={right}>
                      {inWords(right)}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td>{key.lastUsedAt === null ? t('common:none') : <Moment at={key.lastUsedAt} />}</Table.Td>
                <Table.Td>
                  <Button size="compact-sm" variant="default" onClick={() => revoke.mutate(key.id)}>
                    {t('keys.revoke')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <NewKey />
    </Stack>
  )
}

function NewKey() {
  const { t } = useTranslation('settings')
  const [name, setName] = useState('')
  const inWords = useRightWords()
  const [rights, setRights] = useState<string[]>(['leads:read'])
  const make = useMutation({
    mutationFn: () =>
      send('access', 'makeKey', { body: { name, rights: RIGHTS.filter((each) => rights.includes(each)) } }),
    onSuccess: () => setName(''),
    onSettled: refresh,
  })
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t('keys.new')}</Title>
      {make.data && (
        <Alert color="spruce" title={t('keys.once')}>
          <Copyable text={make.data.key} />
        </Alert>
      )}
      {make.error && <ErrorNote error={make.error} />}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <Stack gap="sm" maw={520}>
          <TextInput
            label={t('keys.name')}
            placeholder={t('keys.example')}
            required
            maxLength={200}
            value={name}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
          <Checkbox.Group label={t('keys.rights')} value={rights} onChange={setRights}>
            <Stack gap="xs" mt={6}>
              {RIGHTS.map((right) => (
                <Checkbox key={right} value={right} label={inWords(right)} description={right} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Button type="submit" loading={make.isPending} disabled={rights.length === 0} w="fit-content">
            {t('keys.make')}
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}
