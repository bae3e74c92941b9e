/** One value of an attribute, as its type is entered. */
import { Button, Group, MultiSelect, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttributeOutline } from '../app/definition.ts'
import { spaced } from './fact-words.ts'

export type Value = string | number | boolean | string[] | null

export interface FieldProps {
  readonly attribute: Pick<AttributeOutline, 'type' | 'choices' | 'unit'>
  readonly label: string
  readonly value: Value
  readonly onChange: (value: Value) => void
}

const CHOICES_IN_A_ROW = 3

/** Says each change at once; whoever uses it decides when it is kept. */
export function ValueField({ attribute: { type, choices, unit }, label, value, onChange }: FieldProps) {
  const { t } = useTranslation()
  const common = { 'aria-label': label, size: 'xs' as const }
  const data = choices.map((choice) => ({ value: choice, label: spaced(choice) }))
  switch (type) {
    case 'boolean':
      return (
        <SegmentedControl
          {...common}
          data={[
            { value: 'true', label: t('value.yes') },
            { value: 'false', label: t('value.no') },
          ]}
          value={value === null ? '' : String(value)}
          onChange={(chosen) => onChange(chosen === 'true')}
        />
      )
    case 'choice':
      return choices.length <= CHOICES_IN_A_ROW ? (
        <SegmentedControl {...common} data={data} value={typeof value === 'string' ? value : ''} onChange={onChange} />
      ) : (
        <Select
          {...common}
          data={data}
          placeholder={t('value.choose')}
          value={typeof value === 'string' ? value : null}
          onChange={(chosen) => chosen !== null && onChange(chosen)}
        />
      )
    case 'choices':
      return (
        <MultiSelect
          {...common}
          data={data}
          placeholder={Array.isArray(value) && value.length > 0 ? '' : t('value.chooseSome')}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          thousandSeparator=" "
          suffix={unit === null ? '' : ` ${unit}`}
          value={typeof value === 'number' ? value : ''}
          onChange={(entered) => onChange(typeof entered === 'number' ? entered : null)}
        />
      )
    case 'date':
    case 'text':
      return (
        <TextInput
          {...common}
          type={type}
          maxLength={10_000}
          value={typeof value === 'string' ? (type === 'date' ? value.slice(0, 10) : value) : ''}
          onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? null : currentTarget.value)}
        />
      )
  }
}

/** Kept at once where a click says all, otherwise by Enter or a button. */
export function SavedField({
  attribute,
  label,
  value,
  onSave,
  onCancel,
}: {
  readonly attribute: FieldProps['attribute']
  readonly label: string
  readonly value: Value
  readonly onSave: (value: Value) => void
  readonly onCancel?: () => void
}) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(value)
  const isOneClick = attribute.type === 'boolean' || attribute.type === 'choice'
  const isChanged = JSON.stringify(draft) !== JSON.stringify(value)
  if (isOneClick) return <ValueField attribute={attribute} label={label} value={value} onChange={onSave} />
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isChanged) onSave(draft)
        else onCancel?.()
      }}
    >
      <Group gap={6} align="flex-start" wrap="nowrap">
        <div style={{ flex: 1, minWidth: 0 }}>
          <ValueField attribute={attribute} label={label} value={draft} onChange={setDraft} />
        </div>
        {(isChanged || onCancel !== undefined) && (
          <Button type="submit" size="xs" variant={isChanged ? 'filled' : 'default'}>
            {t(isChanged ? 'actions.save' : 'actions.close')}
          </Button>
        )}
      </Group>
    </form>
  )
}
