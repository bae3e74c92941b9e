/** What every part of the form is made of: boxes of named things, rows that open, and ways to add and take out. */
import { ActionIcon, Button, Group, Menu, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import type { Path } from '../../../app/yaml-text.ts'
import classes from './form.module.css'
import type { NamedPart } from '../edit/rename-part.ts'
import { asName, freeName } from './names.ts'
import { RenameDialog } from './rename-dialog.tsx'

export const Box = ({
  title,
  beside,
  menu,
  children,
}: {
  readonly title: ReactNode
  readonly beside?: ReactNode
  readonly menu?: ReactNode
  readonly children: ReactNode
}) => (
  <section className={classes.box}>
    <div className={classes.boxHead}>
      <Text fw={620} size="sm">
        {title}
      </Text>
      {beside}
      <div style={{ marginLeft: 'auto' }}>{menu}</div>
    </div>
    <div className={classes.boxBody}>{children}</div>
  </section>
)

/** Renaming, talking about, taking out: what can be done with any part. @param part  where it has a name to refer to it by */
export function PartMenu({
  path,
  name,
  part,
  children,
}: {
  readonly path: Path
  readonly name: string
  readonly part?: NamedPart
  readonly children?: ReactNode
}) {
  const { t } = useTranslation('definition')
  const { set, discuss, mayWrite } = useEditor()
  const [isRenaming, renaming] = useDisclosure()
  if (!mayWrite) return null
  return (
    <>
      {isRenaming && part !== undefined && <RenameDialog part={part} label={name} close={renaming.close} />}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('form.more', { name })}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {part !== undefined && <Menu.Item onClick={renaming.open}>{t('rename.open')}</Menu.Item>}
          {children}
          <Menu.Item onClick={() => discuss(path)}>{t('talk.begin')}</Menu.Item>
          <Menu.Item color="red" onClick={() => set(path, undefined)}>
            {t('form.remove', { name })}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

/** Asks for a name and adds something called so. */
export function AddNamed({
  label,
  taken,
  add,
}: {
  readonly label: string
  readonly taken: readonly string[]
  readonly add: (name: string, typed: string) => void
}) {
  const { t } = useTranslation('definition')
  const { mayWrite } = useEditor()
  const [typed, setTyped] = useState<string>()
  if (!mayWrite) return null
  if (typed === undefined)
    return (
      <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setTyped('')}>
        {label}
      </Button>
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() === '') return
        add(freeName(asName(typed), taken), typed.trim())
        setTyped(undefined)
      }}
    >
      <Group gap="xs">
        <TextInput
          size="xs"
          aria-label={t('form.name')}
          placeholder={t('form.name')}
          data-autofocus
          ref={(input) => input?.focus()}
          value={typed}
          maxLength={60}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
        />
        <Button size="compact-sm" type="submit" disabled={typed.trim() === ''}>
          {t('form.add')}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setTyped(undefined)}>
          {t('form.takeBack')}
        </Button>
      </Group>
    </form>
  )
}

/** A sentence that opens to its fields. */
export function OpeningRow({
  sentence,
  label,
  beside,
  children,
}: {
  readonly sentence: ReactNode
  readonly label: string
  readonly beside?: ReactNode
  readonly children: ReactNode
}) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className={classes.row}>
      <Group gap="xs" wrap="nowrap" align="center">
        <button
          type="button"
          className={classes.sentence}
          aria-expanded={isOpen}
          aria-label={label}
          onClick={() => setIsOpen(!isOpen)}
        >
          {sentence}
        </button>
        {beside}
      </Group>
      {isOpen && <div className={classes.open}>{children}</div>}
    </div>
  )
}

/** The entry of a name that was typed: with a label where the two differ. */
export const labelled = (name: string, typed: string) =>
  typed === name || typed === name.replaceAll('_', ' ') ? {} : { label: typed }
