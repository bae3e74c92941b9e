/** Lists that somebody comes back to: filters, order and columns under a name, for oneself or for everybody. */
import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { useMe } from '../../app/session.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { offerReversal } from '../../app/undo.ts'
import type { ChosenColumns } from './kept-columns.ts'
import { fieldsOf, type LeadSearch, listAddress, readAddress } from './search.ts'

type Segment = Reply<'segments', 'listSegments'>['items'][number]

interface SegmentsProps {
  readonly search: LeadSearch
  readonly change: (search: LeadSearch) => void
  readonly chosen: ChosenColumns
}

const again = () => queries.invalidateQueries({ queryKey: ['segments'] })

export function Segments({ search, change, chosen }: SegmentsProps) {
  const { t } = useTranslation('leads')
  const [isSaving, setSaving] = useState(false)
  const { data } = useQuery(ask('segments', 'listSegments'))
  const segments = data?.items ?? []
  const here = segments.find(({ query }) => query === listAddress(search, ''))
  const isSaved = here !== undefined || (fieldsOf(search).length === 0 && search.sort === undefined)
  return (
    <>
      <Menu position="bottom-start" width={290} shadow="md">
        <Menu.Target>
          <Button variant="default" size="compact-md" leftSection={<IconBookmark size={15} aria-hidden />}>
            {here?.name ?? t('segments.open')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {segments.length === 0 && (
            <Text size="sm" c="dimmed" px="sm" py={6}>
              {t('segments.none')}
            </Text>
          )}
          {segments.map((segment) => (
            <SegmentItem key={segment.id} segment={segment} open={() => open(segment, change, chosen)} />
          ))}
          <Menu.Divider />
          <Menu.Item disabled={isSaved} onClick={() => setSaving(true)}>
            {t('segments.save')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isSaving}
        onClose={() => setSaving(false)}
        title={t('segments.save')}
        closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'common' }) }}
      >
        <SaveForm search={search} chosen={chosen} close={() => setSaving(false)} />
      </Modal>
    </>
  )
}

function open({ query, columns }: Segment, change: (search: LeadSearch) => void, chosen: ChosenColumns): void {
  change(readAddress(query))
  if (columns !== null) chosen.choose(columns)
}

async function restore({ name, query, columns, isShared }: Segment): Promise<void> {
  await send('segments', 'addSegment', { body: { name, query, isShared, ...(columns && { columns }) } })
  await again()
}

function SegmentItem({ segment, open }: { readonly segment: Segment; readonly open: () => void }) {
  const { t } = useTranslation('leads')
  const { role } = useMe()
  const removing = useMutation({
    mutationFn: () => send('segments', 'deleteSegment', { params: { segment: segment.id } }),
    onSuccess: async () => {
      await again()
      offerReversal(t('segments.removed', { name: segment.name }), () => restore(segment))
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
  const mayRemove = segment.isMine || (segment.isShared && role === 'admin')
  return (
    <Group gap={2} wrap="nowrap">
      <Menu.Item flex={1} onClick={open}>
        {segment.name}
        {!segment.isMine && (
          <Text size="xs" c="dimmed">
            {t('segments.by', { owner: segment.owner })}
          </Text>
        )}
      </Menu.Item>
      {mayRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('segments.remove', { name: segment.name })}
          onClick={() => removing.mutate()}
        >
          <IconTrash size={14} />
        </ActionIcon>
      )}
    </Group>
  )
}

function SaveForm({ search, chosen, close }: Omit<SegmentsProps, 'change'> & { readonly close: () => void }) {
  const { t } = useTranslation('leads')
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const [hasColumns, setColumns] = useState(chosen.isChosen)
  const saving = useMutation({
    mutationFn: () => {
      const columns = hasColumns ? { columns: chosen.shown.map(({ id }) => id) } : {}
      return send('segments', 'addSegment', { body: { name, query: listAddress(search, ''), isShared, ...columns } })
    },
    onSuccess: async () => {
      await again()
      close()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          required
          data-autofocus
          maxLength={200}
          label={t('segments.name')}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <Checkbox
          label={t('segments.shared')}
          checked={isShared}
          onChange={({ currentTarget: { checked } }) => setShared(checked)}
        />
        <Checkbox
          label={t('segments.columns')}
          checked={hasColumns}
          onChange={({ currentTarget: { checked } }) => setColumns(checked)}
        />
        {saving.error && <ErrorNote error={saving.error} />}
        <Button type="submit" loading={saving.isPending}>
          {t('actions.save', { ns: 'common' })}
        </Button>
      </Stack>
    </form>
  )
}
