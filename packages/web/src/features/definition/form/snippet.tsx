import { Button, Group, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { snippetAt, type Path } from '../../../app/yaml-text.ts'
import { useFollowing } from './fields.tsx'

/** What the form has no fields for, as it is written: to be read and changed in place, never lost. */
export function Snippet({ path, label }: { readonly path: Path; readonly label?: string }) {
  const { t } = useTranslation('definition')
  const { text, mayWrite, writeSnippet } = useEditor()
  const now = readSnippet(text, path)
  const [typed, setTyped] = useFollowing(now)
  const [error, setError] = useState<string>()
  return (
    <div>
      <Textarea
        size="xs"
        label={label}
        aria-label={label ?? t('form.asText')}
        autosize
        minRows={1}
        maxRows={16}
        value={typed}
        readOnly={!mayWrite}
        error={typed === now ? undefined : error}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', whiteSpace: 'pre', overflowX: 'auto' } }}
        onChange={({ currentTarget: { value } }) => setTyped(value)}
      />
      {typed !== now && (
        <Group gap="xs" mt={4}>
          <Button size="compact-xs" onClick={() => setError(writeSnippet(path, typed))}>
            {t('form.apply')}
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setTyped(now)}>
            {t('form.takeBack')}
          </Button>
          <Text size="xs" c="dimmed">
            {t('form.notWritten')}
          </Text>
        </Group>
      )}
    </div>
  )
}

function readSnippet(text: string, path: Path): string {
  try {
    return snippetAt(text, path)
  } catch {
    return ''
  }
}
