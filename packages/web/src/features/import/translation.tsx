/** What a file calls the values that the definition has other names for: `VP` is `executive`. */
import { Button, Group, Popover, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttributeOutline } from '../../app/definition.ts'
import type { Column, ColumnChoice } from './mapping.ts'

type Values = NonNullable<ColumnChoice['values']>

/** Types whose values are names, so that a file may have others. */
export const isTranslated = ({ type }: AttributeOutline): boolean =>
  type === 'choice' || type === 'choices' || type === 'boolean'

export function Translation({
  column,
  attribute,
  values,
  change,
}: {
  readonly column: Column
  readonly attribute: AttributeOutline
  readonly values: Values
  readonly change: (values: Values) => void
}) {
  const { t } = useTranslation('import')
  const [added, setAdded] = useState<readonly string[]>([])
  const own = attribute.type === 'boolean' ? ['true', 'false'] : attribute.choices
  const samples = column.samples.flatMap((cell) => (attribute.type === 'choices' ? cell.split(';') : [cell]))
  const cells = new Set([...samples.map((cell) => cell.trim()), ...Object.keys(values), ...added])
  const foreign = [...cells].filter((cell) => cell !== '' && !own.includes(cell))
  const count = Object.keys(values).length
  const set = (cell: string, value: string | null) => {
    const { [cell]: _, ...others } = values
    change(value === null ? others : { ...others, [cell]: attribute.type === 'boolean' ? value === 'true' : value })
  }
  return (
    <Popover position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <Button
          size="compact-xs"
          variant={count > 0 ? 'light' : 'default'}
          aria-label={t('values.of', { column: column.name })}
        >
          {count > 0 ? t('values.some', { count }) : t('values.open')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={320}>
          <Text size="xs" c="dimmed">
            {t('values.hint')}
          </Text>
          {foreign.map((cell) => (
            <Group key={cell} gap="xs" wrap="nowrap">
              <Text size="sm" flex={1} miw={0} truncate title={cell}>
                {cell}
              </Text>
              <Select
                size="xs"
                w={160}
                clearable
                aria-label={t('values.means', { cell })}
                placeholder={t('values.asIs')}
                comboboxProps={{ withinPortal: false }}
                data={own.map((value) => ({
                  value,
                  label: attribute.type === 'boolean' ? t(`values.${value as 'true'}`) : value,
                }))}
                value={cell in values ? String(values[cell]) : null}
                onChange={(value) => set(cell, value)}
              />
            </Group>
          ))}
          <Another add={(cell) => setAdded([...added, cell])} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** The first rows do not have every value. */
function Another({ add }: { readonly add: (cell: string) => void }) {
  const { t } = useTranslation('import')
  const [typed, setTyped] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() !== '') add(typed.trim())
        setTyped('')
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          flex={1}
          maxLength={500}
          aria-label={t('values.another')}
          placeholder={t('values.another')}
          value={typed}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
        />
        <Button size="compact-sm" variant="default" type="submit" disabled={typed.trim() === ''}>
          {t('values.add')}
        </Button>
      </Group>
    </form>
  )
}
