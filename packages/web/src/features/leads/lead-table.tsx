/** A table of any number of leads: only the rows on screen are there; the rest is a length, and lines where rows will be. */
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import {
  columnResizingFeature,
  columnSizingFeature,
  createColumnHelper,
  tableFeatures,
  useTable,
  type ColumnSizingState,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, memo, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { titleOf, type LeadColumn } from './columns.tsx'
import classes from './leads.module.css'
import { type LeadSearch, NATURAL_ORDER, type Sort } from './search.ts'
import type { Selection } from './selection.ts'
import type { LeadListed, Leads } from './use-leads.ts'

const features = tableFeatures({ columnSizingFeature, columnResizingFeature })
const helper = createColumnHelper<typeof features, LeadListed>()
const NO_ROWS: LeadListed[] = []

/** Browsers draw no element higher than some 33 million pixels; nobody scrolls so far by hand. */
const ROWS_MAX = 400_000
const OVERSCAN = 16
const CHECK_WIDTH = 40

export interface LeadTableProps {
  readonly leads: Leads
  readonly columns: readonly LeadColumn[]
  readonly search: LeadSearch
  readonly sortBy: (sort: Sort, order: 'asc' | 'desc') => void
  readonly selection: Selection
  /** The row that the keys are at. */
  readonly active: number | undefined
  readonly setActive: (index: number) => void
}

export function LeadTable({ leads, columns, search, sortBy, selection, active, setActive }: LeadTableProps) {
  const { t } = useTranslation('leads')
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = useRowHeight()
  const { template, headers, width } = useSizes(columns)
  const count = Math.min(leads.count, ROWS_MAX)
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by what it returns
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getItemKey: (index) => leads.rows[index]?.id ?? index,
    scrollPaddingStart: rowHeight,
    initialOffset: () => keptOffset(),
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { want } = leads
  useEffect(() => want(last), [want, last])
  useActiveRow(scroller, active, (index) => virtualizer.scrollToIndex(index))

  const isAllSelected = leads.rows.length > 0 && selection.count === leads.rows.length
  const select = useRef(selection.toggle)
  useEffect(() => {
    select.current = selection.toggle
  })
  const toggle = useMemo(
    () => (index: number, event: MouseEvent) => {
      select.current(index, event.shiftKey)
      setActive(index)
    },
    [setActive],
  )
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-behind={leads.isBehind || undefined}
      style={{ '--columns': template, '--row': `${rowHeight}px`, '--width': `${width}px` } as CSSProperties}
      onScroll={({ currentTarget }) => keepOffset(currentTarget.scrollTop)}
    >
      <table
        className={classes.table}
        aria-label={t('title')}
        aria-rowcount={leads.isEstimate ? -1 : count + 1}
        aria-colcount={columns.length + 1}
        aria-busy={leads.isBehind || leads.isLoading}
      >
        <thead className={classes.headGroup}>
          <tr className={classes.head} aria-rowindex={1}>
            <th className={classes.check}>
              <input
                type="checkbox"
                aria-label={t('select.loaded')}
                checked={isAllSelected}
                ref={(box) => {
                  if (box) box.indeterminate = !isAllSelected && selection.count > 0
                }}
                onChange={() => (isAllSelected ? selection.clear() : selection.selectAll())}
              />
            </th>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                search={search}
                sortBy={sortBy}
                resize={headers.get(column.id)}
              />
            ))}
          </tr>
        </thead>
        <tbody className={classes.body} style={{ height: count * rowHeight }}>
          {items.map(({ index, key, start }) => {
            const lead = leads.rows[index]
            return lead === undefined ? (
              <SkeletonRow key={key} index={index} start={start} columns={columns} />
            ) : (
              <Row
                key={key}
                lead={lead}
                index={index}
                start={start}
                columns={columns}
                isSelected={selection.has(lead.id)}
                isActive={index === active}
                toggle={toggle}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

// --- Rows ------------------------------------------------------------------------------------------------------------

interface RowProps {
  readonly lead: LeadListed
  readonly index: number
  readonly start: number
  readonly columns: readonly LeadColumn[]
  readonly isSelected: boolean
  readonly isActive: boolean
  readonly toggle: (index: number, event: MouseEvent) => void
}

const Row = memo(function Row({ lead, index, start, columns, isSelected, isActive, toggle }: RowProps) {
  const { t } = useTranslation('leads')
  return (
    <tr
      aria-rowindex={index + 2}
      data-index={index}
      data-active={isActive || undefined}
      data-selected={isSelected || undefined}
      className={classes.row}
      style={{ transform: `translateY(${start}px)` }}
    >
      <td className={classes.check}>
        {/* A native box: Mantine's costs ten times as much, and hundreds come and go while somebody scrolls. */}
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={t('select.one', { name: titleOf(lead) })}
          checked={isSelected}
          onChange={() => {}}
          onClick={(event) => toggle(index, event)}
        />
      </td>
      {columns.map(({ id, isNumber, cell }) => (
        <td key={id} className={classes.cell} data-number={isNumber || undefined}>
          {cell(lead)}
        </td>
      ))}
    </tr>
  )
})

/** Where a row will be. */
const SkeletonRow = memo(function SkeletonRow({
  index,
  start,
  columns,
}: Pick<RowProps, 'index' | 'start' | 'columns'>) {
  const { t } = useTranslation('leads')
  return (
    <tr
      aria-rowindex={index + 2}
      data-index={index}
      data-skeleton
      className={classes.row}
      style={{ transform: `translateY(${start}px)` }}
    >
      <td className={classes.bones} aria-label={t('states.loading', { ns: 'common' })}>
        {columns.map(({ id }) => (
          <i key={id} className={classes.bone} style={{ width: `${40 + ((index * 7 + id.length * 13) % 40)}%` }} />
        ))}
      </td>
    </tr>
  )
})

// --- Heads -----------------------------------------------------------------------------------------------------------

interface Resize {
  readonly begin: (event: unknown) => void
  readonly reset: () => void
}

function HeaderCell({
  column: { label, isNumber, sort },
  search,
  sortBy,
  resize,
}: Pick<LeadTableProps, 'search' | 'sortBy'> & {
  readonly column: LeadColumn
  readonly resize: Resize | undefined
}) {
  const { t } = useTranslation('leads')
  const isSorted = sort !== undefined && (search.sort ?? 'createdAt') === sort
  const order = sort && isSorted ? (search.order ?? NATURAL_ORDER[sort]) : undefined
  const Arrow = order === 'asc' ? IconArrowUp : IconArrowDown
  return (
    <th
      className={classes.headCell}
      data-number={isNumber || undefined}
      {...(sort !== undefined && {
        'aria-sort': order === undefined ? 'none' : order === 'asc' ? 'ascending' : 'descending',
      })}
    >
      {sort === undefined ? (
        <span className={classes.headLabel}>{label}</span>
      ) : (
        <button
          type="button"
          className={classes.headLabel}
          data-sorted={isSorted || undefined}
          onClick={() => sortBy(sort, isSorted ? (order === 'asc' ? 'desc' : 'asc') : NATURAL_ORDER[sort])}
        >
          {label}
          {isSorted && <Arrow size={13} aria-hidden />}
        </button>
      )}
      <span
        aria-hidden
        title={t('columns.resize')}
        className={classes.resizer}
        onMouseDown={resize?.begin}
        onTouchStart={resize?.begin}
        onDoubleClick={resize?.reset}
      />
    </th>
  )
}

/** Widths as somebody has dragged them, until the page is left. */
function useSizes(columns: readonly LeadColumn[]) {
  const [sizing, setSizing] = useState<ColumnSizingState>({})
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map(({ id, label, width }) => helper.display({ id, header: label, size: width, minSize: 64 })),
      ),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS, // the rows are the virtualizer's: a model of a hundred thousand would be made anew with each page
    columnResizeMode: 'onChange',
    state: { columnSizing: sizing },
    onColumnSizingChange: setSizing,
  })
  const heads = table.getFlatHeaders()
  const sizes = heads.map((head) => head.getSize())
  const headers = new Map(
    heads.map((head) => [
      head.column.id,
      { begin: head.getResizeHandler(), reset: () => head.column.resetSize() } satisfies Resize,
    ]),
  )
  const fixed = sizes.slice(0, -1).map((size) => `${size}px`)
  return {
    headers,
    template: `${CHECK_WIDTH}px ${fixed.join(' ')} minmax(${sizes.at(-1) ?? 0}px, 1fr)`,
    width: CHECK_WIDTH + sizes.reduce((sum, size) => sum + size, 0),
  }
}

// --- Places ----------------------------------------------------------------------------------------------------------

const TOUCH = '(pointer: coarse)'
const useRowHeight = () => useState(() => (matchMedia(TOUCH).matches ? 48 : 40))[0]

/** Back from a lead, the list is where it was. */
const offsets = new Map<string, number>()
const here = () => (history.state as { __TSR_key?: string } | null)?.__TSR_key ?? ''
const keepOffset = (offset: number) => void offsets.set(here(), offset)
const keptOffset = () => offsets.get(here()) ?? 0

/** Brings the row that the keys are at onto the screen, and the focus onto its name. */
function useActiveRow(
  scroller: React.RefObject<HTMLDivElement | null>,
  active: number | undefined,
  scrollTo: (index: number) => void,
): void {
  const waiting = useRef<number>(undefined)
  const scroll = useRef(scrollTo)
  useEffect(() => {
    scroll.current = scrollTo
  })
  useEffect(() => {
    waiting.current = active
    if (active !== undefined) scroll.current(active)
  }, [active])
  useEffect(() => {
    if (waiting.current === undefined) return
    const name = scroller.current?.querySelector<HTMLElement>(`[data-index="${waiting.current}"] a`)
    if (!name) return
    waiting.current = undefined
    name.focus({ preventScroll: true })
  })
}
