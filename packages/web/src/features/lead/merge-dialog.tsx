/** Two leads that are one person: found, looked at side by side, joined, and told apart again by one click. */
import { Button, Group, Modal, Stack, Table, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { offerReversal } from '../../app/undo.ts'
import { valueWords } from '../../ui/fact-words.ts'
import { refreshLead } from '../../app/refresh.ts'
import { type Lead, leadQuery } from './lead-queries.ts'
import classes from './merge-dialog.module.css'

export function MergeDialog({
  lead,
  isOpen,
  close,
}: {
  readonly lead: Lead
  readonly isOpen: boolean
  readonly close: () => void
}) {
  const { t } = useTranslation(['lead', 'common'])
  const [other, setOther] = useState<string>()
  const leave = () => {
    setOther(undefined)
    close()
  }
  return (
    <Modal
      opened={isOpen}
      onClose={leave}
      size="lg"
      title={t('merge.title')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      {other === undefined ? (
        <Search lead={lead} choose={setOther} />
      ) : (
        <Preview lead={lead} other={other} back={() => setOther(undefined)} close={leave} />
      )}
    </Modal>
  )
}

function Search({ lead, choose }: { readonly lead: Lead; readonly choose: (lead: string) => void }) {
  const { t } = useTranslation('lead')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 150)
  const { data, error } = useQuery({
    ...ask('leads', 'listLeads', { query: { q, limit: 10, excluded: 'with' } }),
    enabled: q.length >= 2,
  })
  const found = (data?.items ?? []).filter(({ id }) => id !== lead.id)
  return (
    <Stack gap="sm">
      <TextInput
        label={t('merge.find')}
        leftSection={<IconSearch size={15} />}
        data-autofocus
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {error && <ErrorNote error={error} />}
      <div>
        {found.map(({ id, name, email, account }) => (
          <UnstyledButton key={id} className={classes.found} onClick={() => choose(id)}>
            <span>{name ?? email ?? id}</span>
            <Text span size="xs" c="dimmed">
              {[name === null ? undefined : email, account?.name].filter(Boolean).join(' · ')}
            </Text>
          </UnstyledButton>
        ))}
      </div>
      {q.length >= 2 && data !== undefined && found.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('merge.nobody')}
        </Text>
      )}
    </Stack>
  )
}

function Preview({
  lead,
  other,
  back,
  close,
}: {
  readonly lead: Lead
  readonly other: string
  readonly back: () => void
  readonly close: () => void
}) {
  const { t } = useTranslation(['lead', 'common'])
  const navigate = useNavigate()
  const [because, setBecause] = useState('')
  const { data: second, error } = useQuery(leadQuery(other))
  const merging = useMutation({
    mutationFn: () =>
      send('leads', 'mergeLeads', {
        params: { lead: lead.id },
        body: { other, ...(because.trim() && { because: because.trim() }) },
      }),
    onSuccess: async ({ id }) => {
      const gone = id === lead.id ? other : lead.id
      close()
      await refreshLead()
      if (id !== lead.id) await navigate({ to: '/leads/$lead', params: { lead: id } })
      offerReversal(t('merge.done'), async () => {
        await send('leads', 'unmergeLead', { params: { lead: gone } })
        await refreshLead()
      })
    },
  })
  if (error) return <ErrorNote error={error} />
  if (second === undefined) return <RowsSkeleton count={5} />
  return (
    <Stack gap="sm">
      <SideBySide first={lead} second={second} />
      <Text size="xs" c="dimmed">
        {t('merge.hint')}
      </Text>
      <TextInput
        label={t('merge.because')}
        maxLength={1_000}
        value={because}
        onChange={({ currentTarget }) => setBecause(currentTarget.value)}
      />
      {merging.error && <ErrorNote error={merging.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={back}>
          {t('common:actions.back')}
        </Button>
        <Button loading={merging.isPending} onClick={() => merging.mutate()}>
          {t('merge.confirm')}
        </Button>
      </Group>
    </Stack>
  )
}

/** Of two values the later one counts; it is in bold. */
function SideBySide({ first, second }: { readonly first: Lead; readonly second: Lead }) {
  const { t } = useTranslation('lead')
  const words = useDefinition()
  const formats = useFormats()
  const names = [...new Set([...Object.keys(first.attributes), ...Object.keys(second.attributes)])].toSorted()
  const later = (name: string) =>
    Date.parse(second.attributeTimes[name] ?? '') > Date.parse(first.attributeTimes[name] ?? '') ||
    first.attributes[name] === undefined
      ? second
      : first
  return (
    <Table.ScrollContainer minWidth={420} mah={380}>
      <Table fz="sm" className="tabular">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th scope="col">{first.name ?? first.email ?? t('merge.unnamed')}</Table.Th>
            <Table.Th scope="col">{second.name ?? second.email ?? t('merge.unnamed')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Th scope="row">{t('merge.stage')}</Table.Th>
            {[first, second].map((each) => (
              <Table.Td key={each.id}>{each.stage === null ? '–' : words.stageLabel(each.stage)}</Table.Td>
            ))}
          </Table.Tr>
          <Table.Tr>
            <Table.Th scope="row">{t('merge.since')}</Table.Th>
            {[first, second].map((each) => (
              <Table.Td key={each.id}>{formats.date(each.createdAt)}</Table.Td>
            ))}
          </Table.Tr>
          {names.map((name) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={450}>
                {words.attributeLabel(name)}
              </Table.Th>
              {[first, second].map((each) => (
                <Table.Td key={each.id} fw={later(name) === each ? 600 : 400} className={classes.value}>
                  {each.attributes[name] === undefined ? '–' : valueWords(each.attributes[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
