/** Erasing a person cannot be undone: it says what goes, and asks for their name. */
import { Anchor, Button, Group, List, Modal, Stack, Switch, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { ErrorNote } from '../../ui/states.tsx'
import type { Lead } from './lead-queries.ts'

interface Props {
  readonly lead: Lead
  readonly isOpen: boolean
  readonly close: () => void
}

export function EraseDialog({ lead, isOpen, close }: Props) {
  const { t } = useTranslation(['lead', 'common'])
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('erase.title')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <Form lead={lead} close={close} />
    </Modal>
  )
}

function Form({ lead, close }: Omit<Props, 'isOpen'>) {
  const { t } = useTranslation(['lead', 'common'])
  const may = useMay()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [keepsOut, setKeepsOut] = useState(true)
  // Nobody is without a word that one could type.
  const word = lead.email ?? lead.name ?? lead.id
  const erasing = useMutation({
    mutationFn: () => send('erasure', 'eraseLead', { params: { lead: lead.id }, body: { keepsOut } }),
    onSuccess: async () => {
      close()
      await navigate({ to: '/leads', replace: true })
      // Nothing of them stays in this browser either.
      queries.clear()
      notifications.show({ message: t('erase.done') })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() === word) erasing.mutate()
      }}
    >
      <Stack gap="md">
        <Text size="sm">{t('erase.goes')}</Text>
        <List size="sm" spacing={4}>
          <List.Item>{t('erase.colleagues')}</List.Item>
          <List.Item>{t('erase.files')}</List.Item>
          <List.Item>{t('erase.backups')}</List.Item>
        </List>
        {may('exports:read') && (
          <Anchor size="sm" href={addressOf('exports', 'exportFacts', { query: { lead: lead.id } })} download>
            {t('erase.export')}
          </Anchor>
        )}
        <Switch
          checked={keepsOut}
          onChange={({ currentTarget: { checked } }) => setKeepsOut(checked)}
          label={t('erase.keepsOut')}
          description={t('erase.keepsOutSaid')}
        />
        <TextInput
          label={t('erase.type', { word })}
          value={typed}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        {erasing.error && <ErrorNote error={erasing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common:actions.cancel')}
          </Button>
          <Button type="submit" color="red" disabled={typed.trim() !== word} loading={erasing.isPending}>
            {t('erase.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
