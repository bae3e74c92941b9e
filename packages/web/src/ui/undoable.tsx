import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'

const UNDO_MS = 10_000

/** Says what was done and offers to take it back, for ten seconds. */
export function undoable(message: string, undo: () => void | Promise<void>): void {
  const id = notifications.show({
    autoClose: UNDO_MS,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id)
            Promise.resolve(undo()).catch((error: unknown) =>
              notifications.show({ color: 'red', message: error instanceof Error ? error.message : String(error) }),
            )
          }}
        >
          {i18next.t('actions.undo')}
        </Button>
      </Group>
    ),
  })
}
