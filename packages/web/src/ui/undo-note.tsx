import { Button, Group, Kbd, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What was done, and the offer to take it back. */
export function UndoNote({ message, undo }: { readonly message: string; readonly undo: () => void }) {
  const { t } = useTranslation()
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm">{message}</Text>
      <Button
        size="compact-sm"
        variant="subtle"
        flex="none"
        onClick={undo}
        rightSection={
          <Kbd size="xs" visibleFrom="sm">
            z
          </Kbd>
        }
      >
        {t('actions.undo')}
      </Button>
    </Group>
  )
}
