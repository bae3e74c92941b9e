import { Alert, Button, Group, Modal, Select, Stack, Switch, Table, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Role } from '@winnow/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { useMe } from '../../app/session.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Person } from '../../ui/person.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { SessionsList } from './sessions-list.tsx'
import stacked from './stacked.module.css'

type Somebody = Reply<'access', 'listPeople'>['items'][number]
const ROLES: readonly Role[] = ['admin', 'marketing', 'sales', 'analyst', 'reader']
const refresh = () => queries.invalidateQueries({ queryKey: ['access'] })

function useRoles() {
  const { t } = useTranslation()
  return ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))
}

export function PeopleTab() {
  const { t } = useTranslation('settings')
  const people = useQuery(ask('access', 'listPeople'))
  const [link, setLink] = useState<string>()
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string; role?: Role; isDisabled?: boolean }) =>
      send('access', 'changePerson', { params: { person: id }, body }),
    onSettled: refresh,
  })
  const makeLink = useMutation({
    mutationFn: (person: string) => send('access', 'makePasswordLink', { params: { person } }),
    onSuccess: (made) => setLink(made.link),
  })
  const [seen, setSeen] = useState<Somebody>()
  const error = people.error ?? change.error ?? makeLink.error
  return (
    <Stack gap="lg">
      {error && <ErrorNote error={error} />}
      {link !== undefined && (
        <Alert color="spruce" title={t('people.linkTitle')} withCloseButton onClose={() => setLink(undefined)}>
          <Copyable text={link} />
        </Alert>
      )}
      {people.isPending ? (
        <RowsSkeleton count={4} />
      ) : (
        <Table className={stacked.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('people.name')}</Table.Th>
              <Table.Th>{t('people.role')}</Table.Th>
              <Table.Th>{t('people.mayEnter')}</Table.Th>
              <Table.Th>{t('people.password')}</Table.Th>
              <Table.Th>{t('people.sessions')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {people.data?.items.map((each) => (
              <PersonRow
                key={each.id}
                person={each}
                change={(body) => change.mutate({ id: each.id, ...body })}
                makeLink={() => makeLink.mutate(each.id)}
                see={() => setSeen(each)}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {seen !== undefined && <SessionsDialog person={seen} close={() => setSeen(undefined)} />}
      <Invitations />
    </Stack>
  )
}

function PersonRow({
  person,
  change,
  makeLink,
  see,
}: {
  readonly person: Somebody
  readonly change: (body: { role?: Role; isDisabled?: boolean }) => void
  readonly makeLink: () => void
  readonly see: () => void
}) {
  const { t } = useTranslation('settings')
  const { id } = useMe()
  const roles = useRoles()
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Person name={person.name} />
          <div>
            <Text size="sm" fw={550}>
              {person.name}
            </Text>
            <Text size="xs" c="dimmed">
              {person.email}
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td>
        <Select
          aria-label={t('people.roleOf', { name: person.name })}
          w={150}
          data={roles}
          value={person.role}
          onChange={(role) => role !== null && change({ role })}
        />
      </Table.Td>
      <Table.Td>
        <Switch
          aria-label={t('people.mayEnterOf', { name: person.name })}
          checked={!person.isDisabled}
          disabled={person.id === id}
          onChange={({ currentTarget: { checked } }) => change({ isDisabled: !checked })}
        />
      </Table.Td>
      <Table.Td>
        <Button size="compact-sm" variant="default" onClick={makeLink}>
          {t('people.makeLink')}
        </Button>
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('people.sessionsOf', { name: person.name })}
          onClick={see}
        >
          {t('people.see')}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

function SessionsDialog({ person, close }: { readonly person: Somebody; readonly close: () => void }) {
  const { t } = useTranslation(['settings', 'common'])
  const sessions = useQuery(ask('access', 'listSessionsOfPerson', { params: { person: person.id } }))
  const endAll = useMutation({
    mutationFn: () => send('access', 'endSessionsOfPerson', { params: { person: person.id } }),
    onSettled: refresh,
  })
  const error = sessions.error ?? endAll.error
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('people.sessionsOf', { name: person.name })}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <Stack gap="sm">
        {error && <ErrorNote error={error} />}
        {sessions.isPending && <RowsSkeleton count={2} />}
        {sessions.data?.items.length === 0 && <Text c="dimmed">{t('people.noSessions')}</Text>}
        <SessionsList sessions={sessions.data?.items ?? []} />
        {sessions.data !== undefined && sessions.data.items.length > 0 && (
          <Button
            color="red"
            variant="light"
            w="fit-content"
            loading={endAll.isPending}
            onClick={() => endAll.mutate()}
          >
            {t('people.endAll')}
          </Button>
        )}
      </Stack>
    </Modal>
  )
}

function Invitations() {
  const { t } = useTranslation('settings')
  const roles = useRoles()
  const invitations = useQuery(ask('access', 'listInvitations'))
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('sales')
  const invite = useMutation({
    mutationFn: () => send('access', 'invite', { body: { email, role } }),
    onSuccess: () => setEmail(''),
    onSettled: refresh,
  })
  const revoke = useMutation({
    mutationFn: (invitation: string) => send('access', 'revokeInvitation', { params: { invitation } }),
    onSettled: refresh,
  })
  const error = invitations.error ?? invite.error ?? revoke.error
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t('invite.title')}</Title>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          invite.mutate()
        }}
      >
        <Group align="end" gap="sm">
          <TextInput
            label={t('invite.email')}
            type="email"
            required
            value={email}
            onChange={({ currentTarget: { value } }) => setEmail(value)}
          />
          <Select
            label={t('people.role')}
            data={roles}
            value={role}
            onChange={(value) => value !== null && setRole(value)}
          />
          <Button type="submit" loading={invite.isPending}>
            {t('invite.submit')}
          </Button>
        </Group>
      </form>
      {error && <ErrorNote error={error} />}
      {invite.data && (
        <Alert color="spruce" title={t('invite.made', { email: invite.data.email })}>
          <Copyable text={invite.data.link} />
        </Alert>
      )}
      {invitations.data?.items.map((each) => (
        <Group key={each.id} gap="sm">
          <Text size="sm">{each.email}</Text>
          <Text size="sm" c="dimmed">
            {t('invite.until')} <Moment at={each.expiresAt} />
          </Text>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => revoke.mutate(each.id)}>
            {t('invite.revoke')}
          </Button>
        </Group>
      ))}
    </Stack>
  )
}
