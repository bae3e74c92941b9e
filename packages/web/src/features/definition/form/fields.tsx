/** Fields that write into the text when somebody is done with them, not with every letter. */
import { MultiSelect, NumberInput, Select, TextInput, Textarea, type TextInputProps } from '@mantine/core'
import { useState } from 'react'
import { useEditor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { textOf } from './names.ts'

/** The value at a path of the document, whatever it is. */
export function useAt(path: Path): unknown {
  return valueIn(useEditor().document, path)
}

type Bare = Pick<TextInputProps, 'label' | 'description' | 'placeholder' | 'aria-label' | 'w' | 'size' | 'required'>

/** State of one's own that begins anew when the value it began as changes. */
export function useFollowing<Value>(value: Value) {
  const [own, setOwn] = useState(value)
  const [followed, setFollowed] = useState(value)
  if (followed !== value) {
    setFollowed(value)
    setOwn(value)
  }
  return [followed === value ? own : value, setOwn] as const
}

/** What is being typed, until it is left or entered. */
export function useTyped<Value>(value: Value, commit: (value: Value) => void) {
  const [typed, setTyped] = useFollowing(value)
  return {
    typed,
    setTyped,
    leave: () => {
      if (typed !== value) commit(typed)
    },
  }
}

export const entering = (leave: () => void) => (event: { key: string }) => {
  if (event.key === 'Enter') leave()
}

export function TextField({
  path,
  isLong = false,
  ...bare
}: Bare & { readonly path: Path; readonly isLong?: boolean }) {
  const { set, mayWrite } = useEditor()
  const value = useAt(path)
  const { typed, setTyped, leave } = useTyped(textOf(value), (next) => set(path, next === '' ? undefined : next))
  const onChange = ({ currentTarget }: { currentTarget: { value: string } }) => setTyped(currentTarget.value)
  const common = { size: 'xs', value: typed, disabled: !mayWrite, onBlur: leave } as const
  if (isLong) return <Textarea {...bare} {...common} autosize minRows={1} onChange={onChange} />
  return <TextInput {...bare} {...common} onChange={onChange} onKeyDown={entering(leave)} />
}

/** `14d`, `4h`: the engine says when one is none. */
export const DurationField = (props: Bare & { readonly path: Path }) => (
  <TextField placeholder="14d" w={110} {...props} />
)

export function NumberField({
  path,
  isNeeded = false,
  ...bare
}: Bare & { readonly path: Path; readonly isNeeded?: boolean; readonly min?: number; readonly suffix?: string }) {
  const { set, mayWrite } = useEditor()
  const value = useAt(path)
  const { typed, setTyped, leave } = useTyped<number | ''>(typeof value === 'number' ? value : '', (next) => {
    if (next !== '') set(path, next)
    else if (!isNeeded) set(path, undefined)
  })
  return (
    <NumberInput
      size="xs"
      w={90}
      {...bare}
      value={typed}
      disabled={!mayWrite}
      onChange={(next) => setTyped(typeof next === 'number' ? next : next === '' ? '' : Number(next))}
      onBlur={leave}
      onKeyDown={entering(leave)}
    />
  )
}

export interface Choice {
  readonly value: string
  readonly label: string
}

/** One of several; what the text has and the list has not is kept and shown. */
export function ChoiceField({
  path,
  choices,
  none,
  ...bare
}: Bare & { readonly path: Path; readonly choices: readonly Choice[]; readonly none?: string }) {
  const { set, mayWrite } = useEditor()
  const value = useAt(path)
  const now = textOf(value)
  return (
    <Select
      size="xs"
      {...bare}
      value={now}
      disabled={!mayWrite}
      data={[...(none === undefined ? [] : [{ value: '', label: none }]), ...withOwn(choices, now === '' ? [] : [now])]}
      onChange={(next) => set(path, next === '' || next === null ? undefined : next)}
      searchable={choices.length > 8}
    />
  )
}

/** Several of a list. One alone is written without a list where the text has it so. */
export function ChoicesField({
  path,
  choices,
  isSingle = false,
  ...bare
}: Bare & { readonly path: Path; readonly choices: readonly Choice[]; readonly isSingle?: boolean }) {
  const { set, mayWrite } = useEditor()
  const value = useAt(path)
  const now = value === undefined ? [] : [value].flat().map(String)
  return (
    <MultiSelect
      size="xs"
      {...bare}
      value={now}
      disabled={!mayWrite}
      data={withOwn(choices, now)}
      searchable
      hidePickedOptions
      onChange={(next) => {
        if (next.length > 0) set(path, isSingle && next.length === 1 ? next[0] : next)
      }}
    />
  )
}

function withOwn(choices: readonly Choice[], own: readonly string[]): Choice[] {
  const missing = own.filter((each) => !choices.some(({ value }) => value === each))
  return [...choices, ...missing.map((value) => ({ value, label: value }))]
}
