/** What was understood of a file, and what each of its columns becomes. */
import { Button, Group, SegmentedControl, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconListCheck, IconPlayerPlay } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, send } from '../../app/api.ts'
import { type DefinitionWords, useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './import.module.css'
import type { Reading } from './import-job-page.tsx'
import {
  choiceOf,
  choose,
  type Choices,
  type Column,
  type ColumnChoice,
  columnWith,
  type Job,
  mappingOf,
  missing,
  type Preview,
  readingOf,
  suggested,
  turned,
  type Use,
} from './mapping.ts'
import { RefusalTable } from './refusals.tsx'
import { isTranslated, Translation } from './translation.tsx'

interface FormProps {
  readonly job: Job
  readonly run: (reading: Reading, isTrial: boolean) => void
  readonly isStarting: boolean
}

const usePreview = (job: Job, reading: Reading) =>
  useQuery<Preview, ApiError>({
    queryKey: ['import-preview', job.id, reading],
    queryFn: ({ signal }) =>
      send('imports', 'previewImport', { params: { import: job.id }, body: reading }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })

/** The day on which the file came: the same file of one day is the same list. */
const dayOf = (job: Job) => job.createdAt.slice(0, 10)

export function MappingForm(props: FormProps) {
  const first = usePreview(props.job, { at: `${dayOf(props.job)}T00:00:00Z`, badValues: 'refuse_row' })
  const { t } = useTranslation('import')
  if (first.isPending) return <RowsSkeleton count={6} />
  if (first.error) {
    if (first.error.code === 'no_definition') return <NoDefinition />
    return <ErrorNote error={first.error} retry={() => void first.refetch()} />
  }
  const { kind, columns, problem } = first.data
  if (kind === 'facts') return <FactLog {...props} />
  if (columns.length === 0)
    return (
      <Empty title={t('map.noColumns')}>
        {problem === null ? t('map.noColumnsHint') : `${problem.message}. ${problem.hint}`}
      </Empty>
    )
  return <ColumnsForm {...props} first={first.data} />
}

function NoDefinition() {
  const { t } = useTranslation('import')
  return (
    <Empty
      title={t('states.noDefinition', { ns: 'common' })}
      action={
        <Button component={Link} to="/definition">
          {t('map.toDefinition')}
        </Button>
      }
    >
      {t('map.noDefinitionHint')}
    </Empty>
  )
}

/** A log of facts says itself what everything is. */
function FactLog({ run, isStarting, job }: FormProps) {
  const { t } = useTranslation('import')
  const reading = { at: `${dayOf(job)}T00:00:00Z` }
  return (
    <section className={classes.panel}>
      <Text mb="md">{t('map.facts')}</Text>
      <RunButtons tryIt={() => run(reading, true)} take={() => run(reading, false)} isStarting={isStarting} />
    </section>
  )
}

function ColumnsForm({ job, run, isStarting, first }: FormProps & { readonly first: Preview }) {
  const { t } = useTranslation('import')
  const [choices, setChoices] = useState<Choices>(() => suggested(first, dayOf(job)))
  const lacks = missing(choices)
  const written = readingOf(choices, first.columns, true)
  const { data: preview = first, error, isFetching } = usePreview(job, written)
  return (
    <Stack gap="md">
      <Understood preview={preview} choices={choices} change={setChoices} />
      <section className={classes.panel} aria-label={t('map.columns')}>
        <Group justify="space-between" mb="xs">
          <h2 className={classes.heading}>{t('map.columns')}</h2>
          <SegmentedControl
            size="xs"
            aria-label={t('map.rows')}
            value={choices.rows}
            onChange={(rows) => setChoices(turned(choices, rows === 'events' ? 'events' : 'leads'))}
            data={[
              { value: 'leads', label: t('map.rowsLeads') },
              { value: 'events', label: t('map.rowsEvents') },
            ]}
          />
        </Group>
        <ColumnTable
          columns={preview.columns.length > 0 ? preview.columns : first.columns}
          choices={choices}
          change={setChoices}
        />
        <Rest choices={choices} change={setChoices} />
      </section>
      {error && <ErrorNote error={error} />}
      {lacks === undefined ? (
        <FirstRows preview={preview} isBehind={isFetching} />
      ) : (
        <Text size="sm" component="output" c="var(--w-bad)">
          {choices.rows === 'leads' ? t('map.lacks.lead') : t(`map.lacks.event.${lacks}`)}
        </Text>
      )}
      <RunButtons
        isDisabled={lacks !== undefined || preview.problem !== null || error !== null}
        isStarting={isStarting}
        tryIt={() => run({ ...written, mapping: mappingOf(choices, first.columns) }, true)}
        take={() => run({ ...written, mapping: mappingOf(choices, first.columns) }, false)}
      />
    </Stack>
  )
}

function RunButtons({
  tryIt,
  take,
  isStarting,
  isDisabled = false,
}: {
  readonly tryIt: () => void
  readonly take: () => void
  readonly isStarting: boolean
  readonly isDisabled?: boolean
}) {
  const { t } = useTranslation('import')
  return (
    <Group gap="xs">
      <Button
        disabled={isDisabled}
        loading={isStarting}
        onClick={tryIt}
        leftSection={<IconListCheck size={16} aria-hidden />}
      >
        {t('map.try')}
      </Button>
      <Button
        variant="default"
        disabled={isDisabled || isStarting}
        onClick={take}
        leftSection={<IconPlayerPlay size={15} aria-hidden />}
      >
        {t('map.take')}
      </Button>
      <Text size="xs" c="dimmed">
        {t('map.tryHint')}
      </Text>
    </Group>
  )
}

// --- How the file is written -----------------------------------------------------------------------------------------

interface PartProps {
  readonly choices: Choices
  readonly change: (choices: Choices) => void
}

const ENCODINGS = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'] as const
const DELIMITERS = [',', ';', '\t', '|'] as const

function Understood({ preview, choices, change }: PartProps & { readonly preview: Preview }) {
  const { t } = useTranslation('import')
  const formats = useFormats()
  const delimiterName = (delimiter: string) =>
    t(`delimiters.${delimiter === '\t' ? 'tab' : delimiter}` as 'delimiters.,')
  return (
    <section className={classes.panel} aria-label={t('understood.label')}>
      <Group gap="md" align="end">
        <Select
          size="xs"
          w={170}
          label={t('understood.encoding')}
          data={ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))}
          value={choices.encoding ?? preview.encoding}
          onChange={(encoding) => change({ ...choices, ...(encoding !== null && { encoding }) })}
        />
        <Select
          size="xs"
          w={150}
          label={t('understood.delimiter')}
          data={DELIMITERS.map((value) => ({ value, label: delimiterName(value) }))}
          value={choices.delimiter ?? preview.delimiter}
          onChange={(delimiter) => change({ ...choices, ...(delimiter !== null && { delimiter }) })}
        />
        <Text size="sm" c="dimmed" pb={5}>
          {t('understood.columns', {
            count: preview.columns.length,
            number: formats.number(preview.columns.length, 0),
          })}
        </Text>
      </Group>
    </section>
  )
}

// --- Columns ---------------------------------------------------------------------------------------------------------

/** Known by everybody, whatever the definition says. */
const WHO = ['email', 'name', 'first_name', 'last_name', 'phone'] as const

interface UseGroup {
  readonly group: string
  readonly items: { readonly value: string; readonly label: string }[]
}

function useUses(rows: Choices['rows']): UseGroup[] {
  const { t } = useTranslation('import')
  const words = useDefinition()
  const use = (value: Exclude<Use, `attribute:${string}`>) => ({ value, label: t(`uses.${value}`) })
  if (rows === 'events')
    return [
      { group: t('uses.ofRows'), items: (['nothing', 'lead', 'at', 'type', 'property', 'event_id'] as const).map(use) },
    ]
  return [
    { group: t('uses.ofRows'), items: (['nothing', 'id', 'created_at', 'account'] as const).map(use) },
    { group: t('uses.attributes'), items: attributesOf(words, (name) => t(`uses.who.${name}`)) },
    { group: t('uses.ofAccount'), items: words.outline.attributes.filter(isOfAccount).map(asUse) },
  ]
}

function attributesOf({ outline }: DefinitionWords, who: (name: (typeof WHO)[number]) => string) {
  const defined = outline.attributes.filter((each) => !isOfAccount(each))
  const names = new Set(defined.map(({ name }) => name))
  return [
    ...WHO.filter((name) => !names.has(name)).map((name) => ({ value: `attribute:${name}`, label: who(name) })),
    ...defined.map(asUse),
  ]
}
type Attribute = DefinitionWords['outline']['attributes'][number]
const isOfAccount = ({ about }: Attribute) => about === 'account'
const asUse = ({ name, label }: Attribute) => ({ value: `attribute:${name}`, label })

function ColumnTable({ columns, choices, change }: PartProps & { readonly columns: readonly Column[] }) {
  const { t } = useTranslation('import')
  const uses = useUses(choices.rows)
  return (
    <div className={classes.scrolls}>
      <table className={classes.list}>
        <thead>
          <tr>
            <th>{t('map.column')}</th>
            <th>{t('map.looksLike')}</th>
            <th>{t('map.samples')}</th>
            <th>{t('map.becomes')}</th>
            <th>{t('map.how')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => {
            const choice = choiceOf(choices, column.name)
            const set = (next: ColumnChoice) => change(choose(choices, column.name, next))
            return (
              <tr key={column.name}>
                <td>{column.name}</td>
                <td>{t(`looks.${column.looksLike}`)}</td>
                <td className={classes.sample}>{column.samples.join(' · ')}</td>
                <td>
                  <Select
                    size="xs"
                    w={210}
                    searchable
                    aria-label={t('map.becomesOf', { column: column.name })}
                    data={uses}
                    value={choice.use}
                    onChange={(use) => use !== null && set({ use: use as Use })}
                  />
                </td>
                <td>
                  <HowRead column={column} choice={choice} set={set} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const FORMATS = ['DD/MM/YYYY', 'MM/DD/YYYY', 'DD.MM.YYYY', 'YYYY-MM-DD HH:mm:ss', 'excel', 'unix', 'unix_ms'] as const

/** Only where the definition's type leaves more than one way to read a cell. */
function HowRead({
  column,
  choice,
  set,
}: {
  readonly column: Column
  readonly choice: ColumnChoice
  readonly set: (choice: ColumnChoice) => void
}) {
  const { t } = useTranslation('import')
  const { attribute } = useDefinition()
  const { use, format, decimal } = choice
  const outline = use.startsWith('attribute:') ? attribute(use.slice('attribute:'.length)) : undefined
  const type = outline?.type
  const isTime = use === 'created_at' || use === 'at' || type === 'date'
  if (isTime && column.looksLike !== 'date')
    return (
      <Select
        size="xs"
        w={170}
        clearable
        aria-label={t('map.formatOf', { column: column.name })}
        placeholder={t('map.format')}
        data={[...FORMATS]}
        value={format ?? null}
        onChange={(next) => set({ use, ...(next !== null && { format: next }) })}
      />
    )
  if (type === 'number' && column.looksLike === 'text')
    return (
      <Switch
        size="xs"
        label={t('map.decimalComma')}
        checked={decimal === ','}
        onChange={({ currentTarget: { checked } }) => set({ use, ...(checked && { decimal: ',' as const }) })}
      />
    )
  if (outline !== undefined && isTranslated(outline))
    return (
      <Translation
        column={column}
        attribute={outline}
        values={choice.values ?? {}}
        change={(values) => set({ ...choice, values })}
      />
    )
  return null
}

const ZONES = [
  ...new Set([Intl.DateTimeFormat().resolvedOptions().timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')]),
]
const ZONES_SHOWN = 30

function Rest({ choices, change }: PartProps) {
  const { t } = useTranslation('import')
  const isDated = columnWith(choices, 'created_at') !== undefined
  return (
    <Group mt="md" gap="lg" align="end">
      {choices.rows === 'leads' && !isDated && (
        <TextInput
          size="xs"
          type="date"
          label={t('map.day')}
          description={t('map.dayHint')}
          value={choices.day}
          onChange={({ currentTarget: { value } }) => change({ ...choices, day: value })}
        />
      )}
      {(isDated || columnWith(choices, 'at') !== undefined) && (
        <Select
          size="xs"
          w={220}
          searchable
          clearable
          limit={ZONES_SHOWN}
          label={t('map.zone')}
          description={t('map.zoneHint')}
          placeholder={t('map.noZone')}
          data={ZONES}
          value={choices.zone ?? null}
          onChange={(zone) => {
            const { zone: _, ...others } = choices
            change(zone === null ? others : { ...others, zone })
          }}
        />
      )}
      {choices.rows === 'events' && columnWith(choices, 'type') === undefined && (
        <TextInput
          size="xs"
          label={t('map.eventType')}
          placeholder={t('map.eventTypeExample')}
          maxLength={200}
          value={choices.eventType}
          onChange={({ currentTarget: { value } }) => change({ ...choices, eventType: value })}
        />
      )}
      <Switch
        size="xs"
        label={t('map.leaveOut')}
        checked={choices.leavesOut}
        onChange={({ currentTarget: { checked } }) => change({ ...choices, leavesOut: checked })}
      />
    </Group>
  )
}

// --- What comes of the first rows ------------------------------------------------------------------------------------

interface Fact {
  readonly lead?: string
  readonly kind: string
  readonly name?: string
  readonly type?: string
  readonly account?: string
  readonly value?: unknown
}

const LEADS_SHOWN = 5

function FirstRows({ preview, isBehind }: { readonly preview: Preview; readonly isBehind: boolean }) {
  const { t } = useTranslation('import')
  const words = useDefinition()
  const facts = (preview.facts as unknown as readonly Fact[]).filter(({ lead }) => lead !== undefined)
  const byLead = Map.groupBy(facts, ({ lead }) => lead)
  const said = (fact: Fact) => {
    if (fact.kind === 'attribute') return `${words.attributeLabel(fact.name ?? '')}: ${String(fact.value)}`
    if (fact.kind === 'link') return `${t('uses.account')}: ${fact.account ?? ''}`
    return fact.kind === 'activity' && !String(fact.type).startsWith('lead_')
      ? words.activityLabel(fact.type ?? '')
      : ''
  }
  return (
    <section className={classes.panel} aria-label={t('first.label')} aria-busy={isBehind}>
      <h2 className={classes.heading}>{t('first.title')}</h2>
      {preview.problem !== null && (
        <Text size="sm" role="alert" c="var(--w-bad)" mt="xs">
          {preview.problem.message}. {preview.problem.hint}
        </Text>
      )}
      {byLead.size > 0 && (
        <div className={classes.scrolls}>
          <table className={classes.list}>
            <tbody>
              {[...byLead].slice(0, LEADS_SHOWN).map(([lead, facts]) => (
                <tr key={lead}>
                  <td>
                    <b>{lead}</b>
                  </td>
                  <td>
                    {facts
                      .map(said)
                      .filter((each) => each !== '')
                      .join(' · ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {preview.refusals.length > 0 && (
        <>
          <Text size="sm" fw={560} mt="sm">
            {t('first.refused')}
          </Text>
          <RefusalTable refusals={preview.refusals} />
        </>
      )}
    </section>
  )
}
