import { ActionIcon, Box, Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconFlask, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../ui/states.tsx'
import { ask, send } from './api.ts'
import { queries } from './queries.ts'
import { useMay } from './session.ts'

/** Nobody may take made-up numbers for real ones. */
export function DemoBanner() {
  const { t } = useTranslation()
  const may = useMay()
  const [isAsking, asking] = useDisclosure()
  const { data } = useQuery({ ...ask('operation', 'getReadiness'), staleTime: 60_000 })
  const removing = useMutation({
    mutationFn: () => send('demo', 'removeDemo'),
    onSuccess: async () => {
      asking.close()
      await queries.invalidateQueries()
      notifications.show({ message: t('demo.removed') })
    },
  })
  if (!data?.demo) return null
  return (
    <Group
      role="note"
      px={{ base: 'md', sm: 'lg' }}
      wrap="nowrap"
      py={6}
      gap="sm"
      className="no-print"
      style={{ background: 'var(--w-warm-soft)', borderBottom: '1px solid var(--w-line)' }}
    >
      <IconFlask size={16} aria-hidden color="var(--w-warm)" />
      <Text size="sm" flex={1} miw={0}>
        <Box component="span" visibleFrom="sm">
          {t('demo.banner')}
        </Box>
        <Box component="span" hiddenFrom="sm">
          {t('demo.bannerShort')}
        </Box>
      </Text>
      {may('settings:write') && (
        <>
          <Button size="compact-xs" variant="subtle" color="gray" visibleFrom="sm" onClick={asking.open}>
            {t('demo.remove')}
          </Button>
          <ActionIcon variant="subtle" color="gray" hiddenFrom="sm" aria-label={t('demo.remove')} onClick={asking.open}>
            <IconTrash size={18} stroke={1.8} aria-hidden />
          </ActionIcon>
        </>
      )}
      <Modal opened={isAsking} onClose={asking.close} title={t('demo.remove')}>
        <Text size="sm">{t('demo.removeAsk')}</Text>
        {removing.error && <ErrorNote error={removing.error} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={asking.close}>
            {t('actions.cancel')}
          </Button>
          <Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
            {t('actions.remove')}
          </Button>
        </Group>
      </Modal>
    </Group>
  )
}
