/** A definition from a file, as one more version to compare. */
import { Button, FileButton, Group, Paper, Text } from '@mantine/core'
import { IconFileText, IconX } from '@tabler/icons-react'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../app/api.ts'
import { ErrorNote } from '../../ui/states.tsx'
import classes from './backtests.module.css'

export interface FromFile {
  readonly name: string
  readonly text: string
}

const BYTES_MAX = 1_048_576

/** Its own mistakes are told here, not by a backtest that fails. */
export function DroppedVersion({
  given,
  add,
  remove,
  isFull,
}: {
  readonly given: readonly FromFile[]
  readonly add: (version: FromFile) => void
  readonly remove: (at: number) => void
  readonly isFull: boolean
}) {
  const { t } = useTranslation('backtests')
  const [isOver, setOver] = useState(false)
  const [wrong, setWrong] = useState<string>()
  const [error, setError] = useState<Error>()
  const take = async (file: File | null | undefined) => {
    if (!file) return
    setWrong(undefined)
    setError(undefined)
    if (file.size > BYTES_MAX) {
      setWrong(t('file.tooLarge', { name: file.name }))
      return
    }
    const text = await file.text()
    try {
      const { issues } = await send('definitions', 'checkDefinition', { body: { text } })
      const errors = issues.filter(({ severity }) => severity === 'error')
      const [first] = errors
      if (first === undefined) add({ name: file.name.replace(/\.(ya?ml|json)$/i, ''), text })
      else setWrong(t('file.wrong', { name: file.name, count: errors.length, message: first.message }))
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)))
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files.item(0))
  }
  return (
    <div>
      {given.map(({ name }, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- files may be called alike
        <Group key={at} gap="xs" mb={6} wrap="nowrap">
          <IconFileText size={16} aria-hidden />
          <Text size="sm" truncate>
            {name}
          </Text>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={t('file.remove', { name })}
            onClick={() => remove(at)}
          >
            <IconX size={14} aria-hidden />
          </Button>
        </Group>
      ))}
      {!isFull && (
        <Paper
          className={classes.drop}
          data-over={isOver || undefined}
          onDragOver={(event: DragEvent) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <Text size="sm" c="dimmed">
            {t('file.drop')}
          </Text>
          <FileButton accept=".yaml,.yml,.json" onChange={(file) => void take(file)}>
            {(props) => (
              <Button {...props} size="compact-sm" variant="default">
                {t('file.choose')}
              </Button>
            )}
          </FileButton>
        </Paper>
      )}
      {wrong !== undefined && (
        <Text size="sm" c="var(--w-bad)" role="alert" mt={6}>
          {wrong}
        </Text>
      )}
      {error && <ErrorNote error={error} />}
    </div>
  )
}
