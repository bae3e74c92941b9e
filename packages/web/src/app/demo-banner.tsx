import { ActionIcon, Box, Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFlask, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from './api.ts'
import { useMay } from './session.ts'

const RemoveDemo = lazy(() => import('./remove-demo.tsx'))

/** Nobody may take made-up numbers for real ones. */
export function DemoBanner() {
  const { t } = useTranslation()
  const may = useMay()
  const [isAsking, asking] = useDisclosure()
  const { data } = useQuery({ ...ask('operation', 'getReadiness'), staleTime: 60_000 })
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
      {isAsking && (
        <Suspense>
          <RemoveDemo close={asking.close} />
        </Suspense>
      )}
    </Group>
  )
}
