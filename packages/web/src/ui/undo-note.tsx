import { Button, Group, Kbd, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useShownKeys } from '../app/shortcuts.ts'
import classes from './undo-note.module.css'

/** What was done, the offer to take it back, and how long that offer stands. */
export function UndoNote({
  message,
  ms,
  undo,
}: {
  readonly message: string
  readonly ms: number
  readonly undo: () => void
}) {
  const { t } = useTranslation()
  const hasKey = useShownKeys().some(({ key }) => key === 'Z')
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          flex="none"
          onClick={undo}
          rightSection={
            hasKey && (
              <Kbd size="xs" visibleFrom="sm">
                z
              </Kbd>
            )
          }
        >
          {t('actions.undo')}
        </Button>
      </Group>
      <div className={classes.left} style={{ animationDuration: `${ms}ms` }} aria-hidden />
    </>
  )
}
