/** Whom to call now, and why: worked by keys, by mouse or by thumb. */
import { Button, SegmentedControl, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowUp } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { useMay } from '../../app/session.ts'
import { type Key, useKeys } from '../../app/shortcuts.ts'
import { undoLatest } from '../../app/undo.ts'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { type Asked, Choices } from './choices.tsx'
import { QueueFilter } from './filter.tsx'
import { LeadPanel } from './lead-panel.tsx'
import type { Row } from './order.ts'
import { idOf, QueueRow } from './queue-row.tsx'
import classes from './queue.module.css'
import type { QueueSearch, View } from './search.ts'
import { type Doing, useDoing } from './use-doing.ts'
import { useQueue } from './use-queue.ts'

const VIEWS: readonly View[] = ['all', 'unclaimed', 'mine', 'later']
/** As many as a wide screen has room for. */
const FIRST_ROWS = 12
const viewed = (view: View) => (view === 'all' ? {} : { view })

export function QueuePage() {
  const { t } = useTranslation('queue')
  const formats = useFormats()
  const search = useSearch({ from: '/inside/queue' })
  const { view = 'all', ...filter } = search
  const navigate = useNavigate()
  const queue = useQueue(search)
  const { query, total } = queue
  return (
    <Page
      title={t('title')}
      isWide
      beside={
        total !== undefined &&
        Object.keys(search).length === 0 &&
        (total.isEstimate ? t('about', { count: total.count }) : t('beside', { count: total.count }))
      }
      actions={
        <>
          <QueueFilter
            search={filter}
            change={(changed) =>
              void navigate({ to: '/queue', search: { ...viewed(view), ...changed }, replace: true })
            }
          />
          <SegmentedControl
            size="sm"
            aria-label={t('views.label')}
            data={VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
            value={view}
            onChange={(chosen) => void navigate({ to: '/queue', search: { ...filter, ...viewed(chosen) } })}
          />
        </>
      }
    >
      {query.error && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
      {query.isPending ? (
        !query.error && <RowsSkeleton />
      ) : (
        <Work key={JSON.stringify(search)} queue={queue} search={search} />
      )}
      {total !== undefined && total.count > queue.rows.length && queue.rows.length > 0 && (
        <Text size="sm" c="dimmed" ta="center" mt="md">
          {t('first', { shown: formats.number(queue.rows.length), count: total.count })}
        </Text>
      )}
    </Page>
  )
}

function Work({ queue, search }: { readonly queue: ReturnType<typeof useQueue>; readonly search: QueueSearch }) {
  const { t } = useTranslation('queue')
  const { rows, waiting, left, tidy, touch, drop } = queue
  const [asked, setAsked] = useState<Asked>()
  const { selected, select, move } = useSelected(rows)
  const doing = useDoing({ touch, drop, select })
  const isWide = useMediaQuery('(min-width: 68em)', undefined, { getInitialValueInEffect: false })
  const close = useCallback(() => setAsked(undefined), [])
  useWorkKeys({
    row: asked === undefined ? selected : undefined,
    isAsking: asked !== undefined,
    doing,
    move,
    ask: setAsked,
    tidy,
  })
  // The rest follows when these are on the screen: on a telephone the panel lies below the first row, and nothing may jump.
  const shown = useDeferredValue(rows.length, isWide ? FIRST_ROWS : 1)
  const hasPanel = useDeferredValue(true, false)
  const panel = hasPanel && selected !== undefined && <LeadPanel item={selected.item} doing={doing} ask={setAsked} />
  if (rows.length === 0 && waiting === 0) return <NothingHere search={search} />
  return (
    <div className={classes.work}>
      <div className={classes.list}>
        <output>
          {waiting + left > 0 && (
            <UnstyledButton className={classes.waiting} onClick={tidy}>
              <IconArrowUp size={14} aria-hidden />
              {waiting > 0 ? t('waiting', { count: waiting }) : t('tidy')}
            </UnstyledButton>
          )}
        </output>
        <ol aria-label={t('list')} className={classes.rows}>
          {rows.slice(0, shown).map((row) => {
            const { id } = row.item.lead
            const isSelected = id === selected?.item.lead.id
            return (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a larger target for what the link in it does by its focus
              <li
                key={id}
                className={classes.item}
                aria-current={isSelected || undefined}
                onFocus={() => select(id)}
                onClick={() => select(id)}
              >
                <QueueRow row={row} />
                {isSelected && !isWide && panel}
              </li>
            )
          })}
        </ol>
      </div>
      {isWide && <aside className={classes.side}>{panel}</aside>}
      {asked !== undefined && selected !== undefined && (
        <Choices asked={asked} item={selected.item} doing={doing} close={close} />
      )}
    </div>
  )
}

/** The row that keys are about. When it goes, the one that takes its place is next. */
function useSelected(rows: readonly Row[]) {
  const [chosen, setChosen] = useState({ lead: '', index: 0 })
  const found = rows.findIndex(({ item }) => item.lead.id === chosen.lead)
  const index = found >= 0 ? found : Math.min(chosen.index, rows.length - 1)
  const selected = rows[index]
  const lead = selected?.item.lead.id ?? ''
  if (lead !== chosen.lead || index !== chosen.index) setChosen({ lead, index })
  return {
    selected,
    select: (lead: string) => setChosen((now) => ({ ...now, lead })),
    move: (by: number) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, index + by))]
      if (next === undefined) return
      const { id } = next.item.lead
      const link = document.getElementById(idOf(id))
      link?.focus({ preventScroll: true })
      link?.closest('li')?.scrollIntoView({ block: 'nearest' })
      setChosen({ lead: id, index: rows.indexOf(next) })
    },
  }
}

interface Working {
  readonly row: Row | undefined
  readonly isAsking: boolean
  readonly doing: Doing
  readonly move: (by: number) => void
  readonly ask: (asked: Asked) => void
  readonly tidy: () => void
}

function useWorkKeys({ row, isAsking, doing, move, ask, tidy }: Working): void {
  const { t } = useTranslation('queue')
  const may = useMay()('decisions:write')
  const item = row?.item
  const isFree = item !== undefined && (item.claim === null || item.claim.isMine)
  const keys = useMemo((): readonly Key[] => {
    if (isAsking) return []
    const onFree = (run: () => void) => () => {
      if (isFree) run()
    }
    const moving: Key[] = [
      { key: 'J', does: t('keys.next'), run: () => move(1) },
      { key: 'K', does: t('keys.previous'), run: () => move(-1) },
      { key: 'ArrowDown', does: t('keys.next'), run: () => move(1) },
      { key: 'ArrowUp', does: t('keys.previous'), run: () => move(-1) },
      { key: 'Enter', does: t('keys.open') },
      { key: 'N', does: t('keys.tidy'), run: tidy },
    ]
    if (!may || item === undefined) return moving
    return [
      ...moving,
      { key: 'A', does: t('keys.forward'), run: onFree(() => void doing.forward(item)) },
      { key: 'R', does: t('keys.reject'), run: onFree(() => ask('reject')) },
      { key: 'C', does: t('keys.call'), run: onFree(() => ask('call')) },
      {
        key: 'S',
        does: t('keys.snooze'),
        run: () => (item.snoozedUntil === null ? ask('snooze') : void doing.unsnooze(item)),
      },
      { key: 'T', does: t('keys.claim'), run: () => void doing.toggleClaim(item) },
      { key: 'Z', does: t('keys.undo'), run: undoLatest },
      { key: 'U', does: t('keys.undo'), run: undoLatest },
    ]
  }, [isAsking, isFree, item, may, doing, move, ask, tidy, t])
  useKeys(keys)
}

function NothingHere({ search: { view = 'all', ...filter } }: { readonly search: QueueSearch }) {
  const { t } = useTranslation('queue')
  const { outline } = useDefinition()
  const hasNoDefinition = outline.version === null
  const said = Object.keys(filter).length > 0 ? t('empty.filtered') : t(`empty.${view}`)
  return (
    <Empty
      title={t('empty.title')}
      action={
        hasNoDefinition && (
          <Button component={Link} to="/welcome">
            {t('empty.welcome')}
          </Button>
        )
      }
    >
      {hasNoDefinition ? t('empty.noDefinition') : said}
    </Empty>
  )
}
