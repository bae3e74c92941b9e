/** Asks for another name of a part, and says what follows and what does not. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { namesBeside, renamingsOf, type NamedPart } from '../edit/rename-part.ts'
import { asName } from './names.ts'

const NAME = /^[a-z][a-z0-9_]{0,63}$/
const LEVEL = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

export function RenameDialog({
  part,
  label,
  close,
}: {
  readonly part: NamedPart
  readonly label: string
  readonly close: () => void
}) {
  const { t } = useTranslation('definition')
  const { document, inputs, rename } = useEditor()
  const [typed, setTyped] = useState(part.name)
  const isName = (part.kind === 'level' ? LEVEL : NAME).test(typed.trim())
  const name = isName ? typed.trim() : asName(typed)
  const isTaken = name !== part.name && namesBeside(document, part).includes(name)
  const others = renamingsOf(document, part, name).length - 1
  const known = part.kind === 'attribute' ? (inputs?.attributes.find((each) => each.name === part.name)?.known ?? 0) : 0
  const submit = () => {
    if (isTaken || typed.trim() === '') return
    if (name !== part.name) rename(part, name)
    close()
  }
  return (
    <Modal opened onClose={close} title={t('rename.title', { name: label })} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('form.name')}
            description={t('rename.said')}
            data-autofocus
            value={typed}
            maxLength={80}
            error={isTaken ? t('rename.taken', { name }) : undefined}
            onChange={({ currentTarget: { value } }) => setTyped(value)}
          />
          {!isName && typed.trim() !== '' && <Text size="sm">{t('rename.becomes', { name })}</Text>}
          <Text size="sm" c="dimmed">
            {t('rename.follow', { count: Math.max(0, others) })}
          </Text>
          {known > 0 && (
            <Text size="sm" c="var(--w-warm)">
              {t('rename.attribute', { name: part.name })}
            </Text>
          )}
          {(part.kind === 'stage' || part.kind === 'level' || part.kind === 'category') && (
            <Text size="sm" c="dimmed">
              {t('rename.kept')}
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t('form.takeBack')}
            </Button>
            <Button type="submit" disabled={isTaken || typed.trim() === ''}>
              {t('rename.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
