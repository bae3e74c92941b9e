/** The filters that are set, each to be changed or taken away, and the way to a new one. */
import { Button, Popover } from '@mantine/core'
import { IconFilter, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FieldEditor, FieldPicker } from './filter-editor.tsx'
import { useFilterWords } from './filter-words.ts'
import classes from './leads.module.css'
import { type Field, fieldKey, fieldsOf, type LeadSearch, without } from './search.ts'

export interface FilterBarProps {
  readonly search: LeadSearch
  readonly change: (search: LeadSearch) => void
}

export function FilterBar({ search, change }: FilterBarProps) {
  const { t } = useTranslation('leads')
  const fields = fieldsOf(search)
  return (
    <>
      <AddFilter search={search} change={change} />
      {fields.map((field) => (
        <FilterChip key={fieldKey(field)} field={field} search={search} change={change} />
      ))}
      {fields.length > 1 && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => change(fields.toReversed().reduce(without, search))}
        >
          {t('filters.clear')}
        </Button>
      )}
    </>
  )
}

function AddFilter({ search, change }: FilterBarProps) {
  const { t } = useTranslation('leads')
  const [isOpen, setOpen] = useState(false)
  const [field, setField] = useState<Field>()
  const close = () => {
    setOpen(false)
    setField(undefined)
  }
  return (
    <Popover
      opened={isOpen}
      onChange={(opened) => (opened ? setOpen(true) : close())}
      position="bottom-start"
      width={300}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconFilter size={15} aria-hidden />}
          onClick={() => (isOpen ? close() : setOpen(true))}
        >
          {t('filters.add')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={t('filters.add')}>
        {field === undefined ? (
          <FieldPicker pick={setField} />
        ) : (
          <FieldEditor field={field} search={search} change={change} close={close} back={() => setField(undefined)} />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function FilterChip({ field, search, change }: FilterBarProps & { readonly field: Field }) {
  const { t } = useTranslation('leads')
  const said = useFilterWords(search)(field)
  const [isOpen, setOpen] = useState(false)
  const name = [said.field, said.test, said.value].filter((each) => each !== '').join(' ')
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" width={300} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <fieldset className={classes.chip} aria-label={name}>
          <button
            type="button"
            onClick={() => setOpen(!isOpen)}
            aria-expanded={isOpen}
            disabled={field.kind === 'import'}
          >
            <span>
              <em>{said.field}</em> {said.test !== '' && <em>{said.test} </em>}
              {said.value}
            </span>
          </button>
          <button
            type="button"
            aria-label={t('filters.remove', { name })}
            onClick={() => change(without(search, field))}
          >
            <IconX size={13} aria-hidden />
          </button>
        </fieldset>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={said.field}>
        <FieldEditor field={field} search={search} change={change} close={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}
