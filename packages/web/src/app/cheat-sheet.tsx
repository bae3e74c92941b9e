/** All keys that can be pressed here. */
import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Place } from './shell.tsx'
import { useShownKeys } from './shortcuts.ts'

export default function CheatSheet({
  isOpen,
  close,
  places,
}: {
  readonly isOpen: boolean
  readonly close: () => void
  readonly places: readonly Place[]
}) {
  const { t } = useTranslation()
  const here = useShownKeys()
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('shortcuts.title')}
      closeButtonProps={{ 'aria-label': t('shortcuts.close') }}
    >
      <Stack gap="xs">
        {here.map(({ key, does }) => (
          <Line key={key} keys={key.split('+')} does={does} />
        ))}
        {here.length > 0 && (
          <Text size="xs" c="dimmed" mt="sm">
            {t('shortcuts.everywhere')}
          </Text>
        )}
        <Line keys={['⌘', 'K']} does={t('shortcuts.palette')} />
        {places.map(({ key, name }) => (
          <Line key={name} keys={['g', key]} does={t('shortcuts.goTo', { page: t(`nav.${name}`) })} />
        ))}
        <Line keys={['?']} does={t('shortcuts.open')} />
      </Stack>
    </Modal>
  )
}

const Line = ({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) => (
  <Group justify="space-between" wrap="nowrap">
    <Text size="sm">{does}</Text>
    <Group gap={4} wrap="nowrap">
      {keys.map((key) => (
        <Kbd key={key} size="sm">
          {key}
        </Kbd>
      ))}
    </Group>
  </Group>
)
