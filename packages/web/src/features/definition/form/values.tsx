/** Fields for a value on its own: what it is kept as belongs to whoever uses them. */
import { ActionIcon, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import type { Path } from '../../../app/yaml-text.ts'
import { entering, useAt, useTyped } from './fields.tsx'
import { textOf } from './names.ts'

export type Scalar = string | number | boolean

interface Of<Value> {
  readonly value: Value
  readonly write: (value: Value) => void
  readonly label: string
  readonly w?: number
}

export function TextValue({
  value,
  write,
  label,
  w = 160,
  placeholder,
}: Of<string> & { readonly placeholder?: string }) {
  const { mayWrite } = useEditor()
  const { typed, setTyped, leave } = useTyped(value, (next) => write(next.trim()))
  return (
    <TextInput
      size="xs"
      w={w}
      aria-label={label}
      {...(placeholder !== undefined && { placeholder })}
      value={typed}
      disabled={!mayWrite}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={leave}
      onKeyDown={entering(leave)}
    />
  )
}

export function NumberValue({ value, write, label, w = 90 }: Of<number>) {
  const { mayWrite } = useEditor()
  const { typed, setTyped, leave } = useTyped<number | ''>(value, (next) => next !== '' && write(next))
  return (
    <NumberInput
      size="xs"
      w={w}
      aria-label={label}
      value={typed}
      disabled={!mayWrite}
      onChange={(next) => setTyped(typeof next === 'number' ? next : next === '' ? '' : Number(next))}
      onBlur={leave}
      onKeyDown={entering(leave)}
    />
  )
}

/** Several texts, each entered by Enter. */
export function WordsValue({
  value,
  write,
  label,
  known,
  w = 260,
}: Of<readonly string[]> & { readonly known?: readonly string[] }) {
  const { t } = useTranslation('definition')
  const { mayWrite } = useEditor()
  return (
    <TagsInput
      size="xs"
      w={w}
      maw="100%"
      aria-label={label}
      placeholder={mayWrite ? t('form.another') : ''}
      value={[...value]}
      data={known === undefined ? [] : [...known]}
      disabled={!mayWrite}
      acceptValueOnBlur
      onChange={write}
    />
  )
}

const KINDS = ['text', 'number', 'boolean'] as const
type Kind = (typeof KINDS)[number]
const kindOf = (value: unknown): Kind =>
  typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text'

const as: { readonly [K in Kind]: (value: Scalar) => Scalar } = {
  text: String,
  number: (value) => Number(value) || 0,
  boolean: (value) => value === true || value === 'true',
}

/** Yes or no. */
export function YesNoValue({ value, write, label }: Of<boolean>) {
  const { t } = useTranslation()
  const { mayWrite } = useEditor()
  return (
    <Select
      size="xs"
      w={80}
      aria-label={label}
      value={String(value)}
      disabled={!mayWrite}
      data={[
        { value: 'true', label: t('value.yes') },
        { value: 'false', label: t('value.no') },
      ]}
      onChange={(next) => next !== null && write(next === 'true')}
    />
  )
}

/** A text, a number, or yes or no: events tell these apart, so whoever writes a test says which it is. */
export function ScalarValue({ value, write, label }: Of<Scalar>) {
  const kind = kindOf(value)
  return (
    <>
      {typeof value === 'number' ? (
        <NumberValue value={value} write={write} label={label} />
      ) : typeof value === 'boolean' ? (
        <YesNoValue value={value} write={write} label={label} />
      ) : (
        <TextValue value={value} write={write} label={label} />
      )}
      <KindSelect kind={kind} change={(next) => write(as[next](value))} />
    </>
  )
}

/** Several of them, all of one kind. */
export function ScalarsValue({ value, write, label }: Of<readonly Scalar[]>) {
  const kind = kindOf(value[0])
  const read = (texts: readonly string[]) => texts.map((each) => as[kind](each))
  return (
    <>
      <WordsValue
        value={value.map(String)}
        write={(next) => next.length > 0 && write(read(next))}
        label={label}
        w={220}
      />
      <KindSelect kind={kind} change={(next) => write(value.map((each) => as[next](each)))} />
    </>
  )
}

function KindSelect({ kind, change }: { readonly kind: Kind; readonly change: (kind: Kind) => void }) {
  const { t } = useTranslation('definition')
  const { mayWrite } = useEditor()
  return (
    <Select
      size="xs"
      variant="unstyled"
      w={88}
      aria-label={t('condition.kindOfValue')}
      value={kind}
      disabled={!mayWrite}
      data={KINDS.map((value) => ({ value, label: t(`attributes.types.${value}`) }))}
      onChange={(next) => next !== null && next !== kind && change(next)}
    />
  )
}

/** A list of texts at a path; the last one stays. */
export function WordsField({ path, label, w }: { readonly path: Path; readonly label: string; readonly w?: number }) {
  const { set, mayWrite } = useEditor()
  const { t } = useTranslation('definition')
  const value = useAt(path)
  return (
    <TagsInput
      size="xs"
      w={w ?? '100%'}
      maw="100%"
      label={label}
      placeholder={mayWrite ? t('form.another') : ''}
      value={[value ?? []].flat().map(textOf)}
      disabled={!mayWrite}
      acceptValueOnBlur
      onChange={(next) => next.length > 0 && set(path, next)}
    />
  )
}

export function RemoveButton({ label, remove }: { readonly label: string; readonly remove: () => void }) {
  const { mayWrite } = useEditor()
  if (!mayWrite) return null
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={remove}>
      <IconTrash size={14} />
    </ActionIcon>
  )
}
