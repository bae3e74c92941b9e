/** A filter in the making: which field, then what is asked of it. */
import {
  ActionIcon,
  Autocomplete,
  Button,
  Checkbox,
  Group,
  Loader,
  Radio,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { type DefinitionWords, useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { type AttributeInput, dayBefore, useInputs } from './filter-words.ts'
import classes from './leads.module.css'
import {
  type ActivityTest,
  activityTestsOf,
  attributeTestsOf,
  type Excluded,
  type Field,
  fieldKey,
  type LeadSearch,
  levelsOf,
  type Operator,
  OPERATORS,
  present,
  stagesOf,
  withActivityTest,
  withAttributeTest,
  withLevels,
  withStages,
} from './search.ts'

// --- Which field -----------------------------------------------------------------------------------------------------

interface Offer {
  readonly field: Field
  readonly label: string
  readonly group: string
  readonly note?: string
}

export function FieldPicker({ pick }: { readonly pick: (field: Field) => void }) {
  const { t } = useTranslation('leads')
  const offers = useOffers()
  const [typed, setTyped] = useState('')
  const wanted = typed.trim().toLowerCase()
  const fitting = offers.filter(({ label }) => label.toLowerCase().includes(wanted))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (fitting[0]) pick(fitting[0].field)
      }}
    >
      <TextInput
        data-autofocus
        size="xs"
        mb={6}
        aria-label={t('filters.which')}
        placeholder={t('filters.which')}
        value={typed}
        onChange={({ currentTarget: { value } }) => setTyped(value)}
      />
      <div className={classes.options}>
        {fitting.map(({ field, label, group, note }, index) => (
          <div key={fieldKey(field)}>
            {group !== fitting[index - 1]?.group && (
              <Text size="xs" c="dimmed" px={8} pt={index === 0 ? 0 : 6}>
                {group}
              </Text>
            )}
            <button
              type="button"
              className={classes.option}
              data-active={(index === 0 && wanted !== '') || undefined}
              onClick={() => pick(field)}
            >
              <span>{label}</span>
              {note !== undefined && <span>{note}</span>}
            </button>
          </div>
        ))}
        {fitting.length === 0 && (
          <Text size="sm" c="dimmed" px={8}>
            {t('filters.noField')}
          </Text>
        )}
      </div>
    </form>
  )
}

function useOffers(): readonly Offer[] {
  const { t } = useTranslation('leads')
  const words = useDefinition()
  const formats = useFormats()
  const inputs = useInputs()
  const attributes = attributesOf(words, inputs?.attributes ?? [])
  const leads = Math.max(1, inputs?.leads ?? 1)
  const known = (count: number | undefined) =>
    count !== undefined && { note: t('filters.knownOf', { share: formats.percent(Math.min(1, count / leads)) }) }
  return [
    { field: { kind: 'stage' }, label: t('columns.stage'), group: t('groups.levels') },
    ...words.outline.categories.map(({ name, label }): Offer => ({
      field: { kind: 'level', category: name },
      label,
      group: t('groups.levels'),
    })),
    ...(['activity', 'source', 'account', 'created', 'excluded'] as const).map((kind): Offer => ({
      field: { kind },
      label: t(`filters.fields.${kind}`),
      group: t('groups.lead'),
    })),
    ...attributes.map(({ name, label, count }): Offer => ({
      field: { kind: 'attribute', name },
      label,
      group: t('groups.attributes'),
      ...known(count),
    })),
  ]
}

/** What the definition knows of, and then what leads have beyond it. */
function attributesOf({ outline }: DefinitionWords, inputs: readonly AttributeInput[]) {
  const found = new Map(inputs.filter(({ about }) => about === 'lead').map((input) => [input.name, input]))
  const defined = outline.attributes.filter(({ about }) => about === 'lead')
  const names = new Set(defined.map(({ name }) => name))
  return [
    ...defined.map(({ name, label }) => ({ name, label, count: found.get(name)?.known })),
    ...[...found.values()].flatMap(({ name, known }) => (names.has(name) ? [] : [{ name, label: name, count: known }])),
  ]
}

// --- What is asked of it ---------------------------------------------------------------------------------------------

interface EditorProps {
  readonly search: LeadSearch
  readonly change: (search: LeadSearch) => void
  readonly close: () => void
}

export function FieldEditor({
  field,
  back,
  ...props
}: EditorProps & { readonly field: Field; readonly back?: () => void }) {
  const { t } = useTranslation('leads')
  const words = useDefinition()
  const title =
    field.kind === 'level'
      ? words.categoryLabel(field.category)
      : field.kind === 'attribute'
        ? words.attributeLabel(field.name)
        : t(`filters.fields.${field.kind}`)
  return (
    <Stack gap="xs">
      <Group gap={4} wrap="nowrap">
        {back && (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('filters.back')} onClick={back}>
            <IconArrowLeft size={15} />
          </ActionIcon>
        )}
        <Text size="sm" fw={580} truncate>
          {title}
        </Text>
      </Group>
      <EditorOf field={field} {...props} />
    </Stack>
  )
}

function EditorOf({ field, ...props }: EditorProps & { readonly field: Field }) {
  switch (field.kind) {
    case 'stage':
      return <StageEditor {...props} />
    case 'level':
      return <LevelEditor {...props} category={field.category} />
    case 'attribute':
      return <AttributeEditor {...props} name={field.name} index={field.index} />
    case 'activity':
      return <ActivityEditor {...props} index={field.index} />
    case 'created':
      return <CreatedEditor {...props} />
    case 'excluded':
      return <ExcludedEditor {...props} />
    case 'source':
      return <SourceEditor {...props} />
    case 'account':
      return <AccountEditor {...props} />
    case 'import':
      return null
  }
}

function StageEditor({ search, change }: EditorProps) {
  const words = useDefinition()
  const chosen = stagesOf(search)
  return (
    <AnyOf
      all={words.outline.stages}
      chosen={chosen}
      choose={(stages) => change(withStages(search, stages))}
      label={words.stageLabel}
    />
  )
}

function LevelEditor({ search, change, category }: EditorProps & { readonly category: string }) {
  const words = useDefinition()
  const levels = words.outline.categories.find(({ name }) => name === category)?.levels ?? []
  return (
    <AnyOf
      all={levels}
      chosen={levelsOf(search, category)}
      choose={(next) => change(withLevels(search, { category, levels: next }))}
      label={(level) => words.level(category, level).level}
    />
  )
}

/** Each tick is seen at once in the list behind. */
function AnyOf({
  all,
  chosen,
  choose,
  label,
}: {
  readonly all: readonly { readonly name: string }[]
  readonly chosen: readonly string[]
  readonly choose: (chosen: readonly string[]) => void
  readonly label: (name: string) => string
}) {
  const names = [...new Set([...all.map(({ name }) => name), ...chosen])]
  return (
    <Stack gap={6} px={4} pb={4}>
      {names.map((name, index) => (
        <Checkbox
          key={name}
          size="xs"
          data-autofocus={index === 0 || undefined}
          label={label(name)}
          checked={chosen.includes(name)}
          onChange={({ currentTarget: { checked } }) =>
            choose(names.filter((each) => (each === name ? checked : chosen.includes(each))))
          }
        />
      ))}
    </Stack>
  )
}

const OPERATORS_OF: Readonly<Record<string, readonly Operator[]>> = {
  number: ['at_least', 'at_most', 'is', 'known'],
  date: ['at_least', 'at_most', 'is', 'known'],
  boolean: ['is', 'known'],
  choice: ['is', 'known'],
  choices: ['is', 'known'],
  text: ['contains', 'is', 'known'],
}

function AttributeEditor({
  search,
  change,
  close,
  name,
  index,
}: EditorProps & { readonly name: string; readonly index: number | undefined }) {
  const { t } = useTranslation('leads')
  const { attribute } = useDefinition()
  const inputs = useInputs()
  const input = inputs?.attributes.find((each) => each.name === name && each.about === 'lead')
  const type = attribute(name)?.type ?? typeOf(input)
  const set = index === undefined ? undefined : attributeTestsOf(search)[index]
  const operators = type === undefined ? OPERATORS : OPERATORS_OF[type]!
  const [operator, setOperator] = useState<Operator>(set?.operator ?? operators[0]!)
  const [value, setValue] = useState(set?.value ?? '')
  const values = [...new Set([...(attribute(name)?.choices ?? []), ...(input?.values ?? []).map(asText)])].filter(
    (each) => each !== '',
  )
  const asked = operator === 'known' && value !== 'false' ? 'true' : value.trim()
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (asked === '') return
    change(withAttributeTest(search, index, { name, operator, value: asked }))
    close()
  }
  return (
    <form onSubmit={apply}>
      <Stack gap="xs">
        <Select
          size="xs"
          aria-label={t('filters.test')}
          comboboxProps={{ withinPortal: false }}
          data={operators.map((each) => ({ value: each, label: t(`filters.${each}`) }))}
          value={operator}
          onChange={(next) => setOperator(next ?? operator)}
        />
        {operator === 'known' ? (
          <Radio.Group aria-label={t('filters.value')} value={value === 'false' ? 'false' : 'true'} onChange={setValue}>
            <Group>
              <Radio size="xs" value="true" label={t('filters.known')} />
              <Radio size="xs" value="false" label={t('filters.unknown')} />
            </Group>
          </Radio.Group>
        ) : type === 'boolean' ? (
          <Radio.Group aria-label={t('filters.value')} value={value} onChange={setValue}>
            <Group>
              <Radio size="xs" value="true" label={t('values.yes')} />
              <Radio size="xs" value="false" label={t('values.no')} />
            </Group>
          </Radio.Group>
        ) : (
          <Autocomplete
            size="xs"
            data-autofocus
            aria-label={t('filters.value')}
            placeholder={t('filters.value')}
            comboboxProps={{ withinPortal: false }}
            maxDropdownHeight={180}
            inputMode={type === 'number' ? 'decimal' : 'text'}
            type={type === 'date' ? 'date' : 'text'}
            data={type === 'number' || type === 'date' ? [] : values}
            value={value}
            onChange={setValue}
            maxLength={500}
          />
        )}
        <Button type="submit" size="compact-sm" disabled={asked === ''}>
          {t('filters.apply')}
        </Button>
      </Stack>
    </form>
  )
}

const asText = ({ value }: AttributeInput['values'][number]): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

/** What most values of an attribute are that the definition does not know. */
function typeOf(input: AttributeInput | undefined): 'text' | 'number' | 'boolean' | undefined {
  const most = Object.entries(input?.types ?? {}).toSorted(([, a], [, b]) => b - a)[0]?.[0]
  return most === 'text' || most === 'number' || most === 'boolean' ? most : undefined
}

const DID = ['within', 'not_within', 'at_least'] as const satisfies readonly ActivityTest['operator'][]

function ActivityEditor({ search, change, close, index }: EditorProps & { readonly index: number | undefined }) {
  const { t } = useTranslation('leads')
  const inputs = useInputs()
  const { activityLabel } = useDefinition()
  const set = index === undefined ? undefined : activityTestsOf(search)[index]
  const [type, setType] = useState(set?.type ?? '')
  const [operator, setOperator] = useState<ActivityTest['operator']>(set?.operator ?? 'within')
  const [count, setCount] = useState(String(set?.count ?? 30))
  const isCount = /^[1-9]\d{0,3}$/.test(count)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    change(withActivityTest(search, index, { type, operator, count: Number(count) }))
    close()
  }
  return (
    <form onSubmit={apply}>
      <Stack gap="xs">
        <Select
          size="xs"
          searchable
          data-autofocus
          aria-label={t('filters.fields.activity')}
          placeholder={t('filters.fields.activity')}
          comboboxProps={{ withinPortal: false }}
          data={(inputs?.activities ?? []).map((each) => ({ value: each.type, label: activityLabel(each.type) }))}
          value={type === '' ? null : type}
          onChange={(next) => setType(next ?? '')}
        />
        <Select
          size="xs"
          aria-label={t('filters.test')}
          comboboxProps={{ withinPortal: false }}
          data={DID.map((each) => ({ value: each, label: t(`filters.didTest.${each}`) }))}
          value={operator}
          onChange={(next) => setOperator(next ?? operator)}
        />
        <TextInput
          size="xs"
          inputMode="numeric"
          label={t(operator === 'at_least' ? 'filters.times' : 'filters.days')}
          value={count}
          maxLength={4}
          onChange={({ currentTarget: { value } }) => setCount(value)}
        />
        <Button type="submit" size="compact-sm" disabled={type === '' || !isCount}>
          {t('filters.apply')}
        </Button>
      </Stack>
    </form>
  )
}

/** Days in the reader's time zone; the last one counts. */
function CreatedEditor({ search, change, close }: EditorProps) {
  const { t } = useTranslation('leads')
  const [from, setFrom] = useState(dayOf(search.createdFrom))
  const [to, setTo] = useState(search.createdTo === undefined ? '' : dayOf(dayBefore(search.createdTo)))
  const apply = (event: FormEvent) => {
    event.preventDefault()
    change(present({ ...search, createdFrom: startOf(from, 0), createdTo: startOf(to, 1) }))
    close()
  }
  return (
    <form onSubmit={apply}>
      <Stack gap="xs">
        <TextInput
          type="date"
          size="xs"
          data-autofocus
          label={t('filters.from')}
          value={from}
          max={to === '' ? undefined : to}
          onChange={({ currentTarget: { value } }) => setFrom(value)}
        />
        <TextInput
          type="date"
          size="xs"
          label={t('filters.to')}
          value={to}
          min={from === '' ? undefined : from}
          onChange={({ currentTarget: { value } }) => setTo(value)}
        />
        <Button type="submit" size="compact-sm">
          {t('filters.apply')}
        </Button>
      </Stack>
    </form>
  )
}

function dayOf(at: string | undefined): string {
  if (at === undefined) return ''
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

function startOf(day: string, daysLater: number): string | undefined {
  const [year, month, date] = day.split('-').map(Number)
  return year === undefined || month === undefined || date === undefined
    ? undefined
    : new Date(year, month - 1, date + daysLater).toISOString()
}

function ExcludedEditor({ search, change }: EditorProps) {
  const { t } = useTranslation('leads')
  const choose = (value: string) =>
    change(present({ ...search, excluded: value === 'without' ? undefined : (value as Excluded) }))
  return (
    <Radio.Group value={search.excluded ?? 'without'} onChange={choose} aria-label={t('filters.fields.excluded')}>
      <Stack gap={6} px={4} pb={4}>
        {(['without', 'only', 'with'] as const).map((each, index) => (
          <Radio
            key={each}
            size="xs"
            value={each}
            data-autofocus={index === 0 || undefined}
            label={t(`filters.excludedAs.${each}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}

function SourceEditor({ search, change, close }: EditorProps) {
  const { t } = useTranslation('leads')
  const [value, setValue] = useState(search.source ?? '')
  const apply = (event: FormEvent) => {
    event.preventDefault()
    change(present({ ...search, source: value.trim() === '' ? undefined : value.trim() }))
    close()
  }
  return (
    <form onSubmit={apply}>
      <Stack gap="xs">
        <TextInput
          size="xs"
          data-autofocus
          aria-label={t('filters.fields.source')}
          placeholder={t('filters.sourceExample')}
          value={value}
          maxLength={1000}
          onChange={({ currentTarget }) => setValue(currentTarget.value)}
        />
        <Button type="submit" size="compact-sm">
          {t('filters.apply')}
        </Button>
      </Stack>
    </form>
  )
}

function AccountEditor({ search, change, close }: EditorProps) {
  const { t } = useTranslation('leads')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 150)
  const { data, isFetching } = useQuery(
    ask('accounts', 'listAccounts', { query: { limit: 20, ...(q !== '' && { q }) } }),
  )
  return (
    <>
      <TextInput
        size="xs"
        data-autofocus
        aria-label={t('filters.fields.account')}
        placeholder={t('filters.accountExample')}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        rightSection={isFetching ? <Loader size={12} /> : null}
      />
      <div className={classes.options}>
        {data?.items.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className={classes.option}
            onClick={() => {
              change(present({ ...search, account: id }))
              close()
            }}
          >
            <span>{name ?? id.slice(0, 8)}</span>
          </button>
        ))}
      </div>
    </>
  )
}
