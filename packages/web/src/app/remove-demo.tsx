import { Button, Group, Modal, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../ui/states.tsx'
import { send } from './api.ts'
import { queries } from './queries.ts'

/** It cannot be undone, so it asks. */
export default function RemoveDemo({ close }: { readonly close: () => void }) {
  const { t } = useTranslation()
  const removing = useMutation({
    mutationFn: () => send('demo', 'removeDemo'),
    onSuccess: async () => {
      close()
      await queries.invalidateQueries()
      notifications.show({ message: t('demo.removed') })
    },
  })
  return (
    <Modal opened onClose={close} title={t('demo.remove')}>
      <Text size="sm">{t('demo.removeAsk')}</Text>
      {removing.error && <ErrorNote error={removing.error} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>
          {t('actions.cancel')}
        </Button>
        <Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
          {t('actions.remove')}
        </Button>
      </Group>
    </Modal>
  )
}
