import { ActionIcon, Button, Kbd, TextInput, Title, Tooltip } from '@mantine/core'
import { useDocumentTitle, useMediaQuery } from '@mantine/hooks'
import { IconDownload, IconPlus, IconSearch, IconX } from '@tabler/icons-react'
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { type ComponentProps, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { useMay } from '../../app/session.ts'
import { useKeys } from '../../app/shortcuts.ts'
import { Empty, ErrorNote } from '../../ui/states.tsx'
import { AddLead } from './add-lead.tsx'
import { type LeadColumn, useLeadColumns } from './columns.tsx'
import { BulkBar } from './bulk.tsx'
import { BulkRefusals } from './bulk-refusals.tsx'
import { ColumnsMenu } from './columns-menu.tsx'
import { CountStrip, type Counted, useCounts } from './counts.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type ChosenColumns, useChosenColumns } from './kept-columns.ts'
import { LeadCards } from './lead-cards.tsx'
import { LeadTable } from './lead-table.tsx'
import classes from './leads.module.css'
import { fieldsOf, filterQuery, type LeadSearch, present } from './search.ts'
import { Segments } from './segments.tsx'
import { type Selection, useSelection } from './selection.ts'
import { leadListKey, type Leads, useLeads } from './use-leads.ts'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** What was searched for on the list of leads: kept beside the address, since it may name a person. */
    leadText?: string
  }
}

export function LeadsPage() {
  const { t } = useTranslation('leads')
  useDocumentTitle(`${t('title')} · Winnow`)
  const may = useMay()
  const { search, q, change, find } = useAsked()
  const counted = useCounts(search, q)
  const leads = useLeads(search, q, counted.all)
  const selection = useSelection(leads.rows, JSON.stringify(leadListKey(search, q)))
  const all = useLeadColumns()
  const chosen = useChosenColumns(all)
  const isPhone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const [active, setActive] = useState<number>()
  const [isAdding, setAdding] = useState(false)
  const [isPicking, setPicking] = useState(false)
  const [refused, setRefused] = useState<ComponentProps<typeof BulkRefusals>['bulk']>()
  const searchBox = useRef<HTMLInputElement>(null)
  useListKeys({ leads, selection, active, setActive, searchBox })
  const sortBy: React.ComponentProps<typeof LeadTable>['sortBy'] = (sort, order) =>
    change(present({ ...search, sort: sort === 'createdAt' && order === 'desc' ? undefined : sort, order }))
  return (
    <div className={classes.page} data-fills>
      <Top
        {...{ all, chosen, search, q, counted, isPhone, isPicking }}
        pick={(next) => {
          setPicking(next)
          if (!next) selection.clear()
        }}
        add={() => setAdding(true)}
      />
      <CountStrip search={search} counted={counted} />
      <div className={classes.bar}>
        <SearchBox key={String(q === '')} box={searchBox} q={q} find={find} />
        <Segments search={search} change={change} chosen={chosen} />
        <FilterBar search={search} change={change} />
      </div>
      <Changed leads={leads} />
      <List
        {...{ leads, search, q, change, find, selection, isPhone, isPicking, sortBy, active, setActive }}
        columns={chosen.shown}
      />
      {selection.count > 0 && may('leads:write') && (
        <BulkBar selection={selection} search={search} q={q} total={counted.all?.total} showRefusals={setRefused} />
      )}
      {refused !== undefined && <BulkRefusals bulk={refused} close={() => setRefused(undefined)} />}
      <AddLead isOpen={isAdding} close={() => setAdding(false)} />
    </div>
  )
}

/** What is asked for: the address, and beside it what is searched for. */
function useAsked() {
  const search = useSearch({ from: '/inside/leads' })
  const q = useLocation({ select: ({ state }) => state.leadText ?? '' })
  const navigate = useNavigate()
  return {
    search,
    q,
    change: (next: LeadSearch) => void navigate({ to: '/leads', search: next, state: true }),
    find: (text: string) => void navigate({ to: '/leads', search, state: { leadText: text }, replace: true }),
  }
}
type Asked = ReturnType<typeof useAsked>

function Top({
  all,
  chosen,
  search,
  q,
  counted,
  isPhone,
  isPicking,
  pick,
  add,
}: Pick<Asked, 'search' | 'q'> & {
  readonly all: readonly LeadColumn[]
  readonly chosen: ChosenColumns
  readonly counted: Counted
  readonly isPhone: boolean | undefined
  /** On a phone a touch opens a lead, or picks it. */
  readonly isPicking: boolean
  readonly pick: (isPicking: boolean) => void
  readonly add: () => void
}) {
  const { t } = useTranslation('leads')
  const may = useMay()
  return (
    <header className={classes.top}>
      <Title order={1}>{t('title')}</Title>
      <Total counted={counted} />
      <div className={classes.actions}>
        {isPhone !== true && <ColumnsMenu all={all} chosen={chosen} />}
        {isPhone === true && may('leads:write') && (
          <Button
            size="compact-md"
            variant={isPicking ? 'light' : 'default'}
            aria-pressed={isPicking}
            onClick={() => pick(!isPicking)}
          >
            {t('bulk.pick')}
          </Button>
        )}
        {may('exports:read') && <ExportButton columns={chosen.shown} search={search} q={q} />}
        {may('leads:write') && (
          <Button size="compact-md" leftSection={<IconPlus size={15} aria-hidden />} onClick={add}>
            {t('add.open')}
          </Button>
        )}
      </div>
    </header>
  )
}

function Total({ counted: { all } }: { readonly counted: Counted }) {
  const { t } = useTranslation('leads')
  const formats = useFormats()
  if (all === undefined) return null
  const total = formats.number(all.total, 0)
  return (
    <output className={`${classes.total} tabular`}>
      {all.isEstimate ? t('counts.about', { count: total }) : total}
    </output>
  )
}

/** The same filters, order and columns as on the screen. */
function ExportButton({
  columns,
  search,
  q,
}: Pick<Asked, 'search' | 'q'> & { readonly columns: readonly LeadColumn[] }) {
  const { t } = useTranslation('leads')
  const address = addressOf('exports', 'exportLeads', {
    query: {
      ...filterQuery(search, q),
      excluded: search.excluded ?? 'without',
      sort: search.sort ?? 'createdAt',
      ...(search.order !== undefined && { order: search.order }),
      columns: columns.map(({ id }) => id).join(','),
    },
  })
  return (
    <Tooltip label={t('export.hint')}>
      <Button
        component="a"
        href={address}
        download="leads.csv"
        variant="default"
        size="compact-md"
        leftSection={<IconDownload size={15} aria-hidden />}
      >
        {t('export.open')}
      </Button>
    </Tooltip>
  )
}

const TYPING_MS = 200

function SearchBox({
  box,
  q,
  find,
}: Pick<Asked, 'q' | 'find'> & { readonly box: React.RefObject<HTMLInputElement | null> }) {
  const { t } = useTranslation('leads')
  const [typed, setTyped] = useState(q)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (text: string, waitMs = TYPING_MS) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => find(text.trim()), waitMs)
  }
  return (
    <TextInput
      ref={box}
      size="xs"
      className={classes.searchBox}
      aria-label={t('search.label')}
      placeholder={t('search.placeholder')}
      maxLength={200}
      value={typed}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        typed === '' ? (
          <Kbd size="xs">/</Kbd>
        ) : (
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t('search.clear')}
            onClick={() => type('', 0)}
          >
            <IconX size={12} />
          </ActionIcon>
        )
      }
      onChange={({ currentTarget: { value } }) => type(value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          if (typed !== '') type('', 0)
          event.currentTarget.blur()
        }
      }}
    />
  )
}

/** What somebody looks at does not move by itself. */
function Changed({ leads: { changed, renew } }: { readonly leads: Leads }) {
  const { t } = useTranslation('leads')
  if (changed === 0) return null
  return (
    <output className={classes.changed}>
      {t('changed.said', { count: changed })}
      <Button size="compact-xs" variant="default" onClick={renew}>
        {t('changed.renew')}
      </Button>
    </output>
  )
}

function List({
  leads,
  search,
  q,
  change,
  find,
  isPhone,
  isPicking,
  ...rest
}: Asked &
  Omit<React.ComponentProps<typeof LeadTable>, 'leads' | 'search'> & {
    readonly leads: Leads
    readonly isPhone: boolean | undefined
    readonly isPicking: boolean
  }) {
  if (leads.error !== null && leads.rows.length === 0) return <ErrorNote error={leads.error} retry={leads.retry} />
  if (!leads.isLoading && leads.rows.length === 0) return <Nobody search={search} q={q} change={change} find={find} />
  return (
    <>
      {leads.error !== null && <ErrorNote error={leads.error} retry={leads.retry} />}
      {isPhone === true ? (
        <LeadCards leads={leads} selection={isPicking ? rest.selection : undefined} />
      ) : (
        <LeadTable leads={leads} search={search} {...rest} />
      )}
    </>
  )
}

function Nobody({ search, q, change, find }: Asked) {
  const { t } = useTranslation('leads')
  const navigate = useNavigate()
  const may = useMay()
  const isFiltered = q !== '' || fieldsOf(search).length > 0
  if (isFiltered)
    return (
      <Empty
        title={t('empty.filtered')}
        action={
          <Button
            variant="default"
            onClick={() => {
              if (q !== '') find('')
              change({})
            }}
          >
            {t('empty.clear')}
          </Button>
        }
      >
        {t('empty.filteredHint')}
      </Empty>
    )
  return (
    <Empty
      title={t('empty.title')}
      action={
        may('imports:write') && <Button onClick={() => void navigate({ to: '/import' })}>{t('empty.import')}</Button>
      }
    >
      {t('empty.hint')}
    </Empty>
  )
}

function useListKeys({
  leads,
  selection,
  active,
  setActive,
  searchBox,
}: {
  readonly leads: Leads
  readonly selection: Selection
  readonly active: number | undefined
  readonly setActive: (index: number) => void
  readonly searchBox: React.RefObject<HTMLInputElement | null>
}) {
  const { t } = useTranslation('leads')
  const now = useRef({ leads, selection, active })
  useEffect(() => {
    now.current = { leads, selection, active }
  })
  const keys = useMemo(() => {
    const move = (by: number) => {
      const { leads, active } = now.current
      setActive(Math.min(Math.max(0, (active ?? -1) + by), Math.max(0, leads.rows.length - 1)))
    }
    return [
      { key: 'J', does: t('keys.next'), run: () => move(1) },
      { key: 'K', does: t('keys.previous'), run: () => move(-1) },
      {
        key: 'X',
        does: t('keys.select'),
        run: () => {
          const { selection, active } = now.current
          if (active !== undefined) selection.toggle(active)
        },
      },
      { key: 'Enter', does: t('keys.open') }, // the name has the focus
      { key: '/', does: t('keys.search'), run: () => searchBox.current?.focus() },
      { key: 'Escape', does: t('keys.clear'), run: () => now.current.selection.clear() },
    ]
  }, [t, setActive, searchBox])
  useKeys(keys)
}
