/** A question with numbered answers: a digit is enough, and so is a thumb. */
import { Button, Drawer, Group, Kbd, Modal, Stack, TextInput, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../../app/shortcuts.ts'
import classes from './queue.module.css'

export interface Answer {
  readonly label: string
  readonly note?: string
  readonly run: () => void
}

export function Choice({
  title,
  answers,
  close,
  children,
}: {
  readonly title: string
  readonly answers: readonly Answer[]
  readonly close: () => void
  readonly children?: ReactNode
}) {
  const { t } = useTranslation(['queue', 'common'])
  const isPhone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const keys = useMemo(
    () =>
      answers
        .slice(0, 9)
        .map(({ label, run }, index) => ({ key: String(index + 1), does: t('keys.choose', { what: label }), run })),
    [answers, t],
  )
  useKeys(keys)
  const body = (
    <Stack gap={4} mt="xs">
      {answers.map(({ label, note, run }, index) => (
        <UnstyledButton key={label} className={classes.answer} onClick={run} data-autofocus={index === 0 || undefined}>
          <span>{label}</span>
          {note !== undefined && <span className={classes.answerNote}>{note}</span>}
          {index < 9 && (
            <Kbd size="xs" visibleFrom="sm">
              {index + 1}
            </Kbd>
          )}
        </UnstyledButton>
      ))}
      {children}
    </Stack>
  )
  const shared = { opened: true, onClose: close, title, closeButtonProps: { 'aria-label': t('common:actions.close') } }
  return isPhone ? (
    <Drawer {...shared} position="bottom" size="auto">
      {body}
    </Drawer>
  ) : (
    <Modal {...shared} size="sm">
      {body}
    </Modal>
  )
}

/** An answer in one's own words. */
export function OwnAnswer({
  label,
  submit,
  type = 'text',
  give,
}: {
  readonly label: string
  readonly submit: string
  readonly type?: 'text' | 'datetime-local'
  readonly give: (answer: string) => void
}) {
  const [text, setText] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') give(text.trim())
      }}
    >
      <Group align="end" gap="xs" mt="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={label}
          type={type}
          maxLength={2_000}
          value={text}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        <Button type="submit" variant="default" disabled={text.trim() === ''}>
          {submit}
        </Button>
      </Group>
    </form>
  )
}
