/** Everything that happened, newest first. */
import { Button, Chip, Group, Skeleton, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconArrowsRightLeft,
  IconBuilding,
  IconGavel,
  IconId,
  IconNote,
  IconPhone,
  IconPointFilled,
  type TablerIcon,
} from '@tabler/icons-react'
import { useInfiniteQuery, useIsMutating, useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { useMay } from '../../app/session.ts'
import { Panel } from '../../ui/panel.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { propertyWords, spaced, valueWords } from '../../ui/fact-words.ts'
import { refreshLead } from '../../app/refresh.ts'
import type { Explanation, Lead, Then } from './lead-queries.ts'
import { ChangeWords } from './outlook.tsx'
import { type Entry, entriesOf, KINDS, type LedgerRow, type Show, SHOWS } from './timeline-entries.ts'
import classes from './timeline.module.css'

const PAGE = 40

/** Keys like those of `ask`, so that changes of the lead renew them. */
const factPages = (lead: string, kinds: string | undefined) => ({
  queryKey: ['leads', 'timeline', { params: { lead }, kinds }],
  queryFn: ({ pageParam }: { pageParam: string | undefined }) =>
    send('leads', 'listActivities', {
      params: { lead },
      query: { kinds: kinds!, limit: PAGE, ...(pageParam && { cursor: pageParam }) },
    }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next?: string | undefined }) => page.next,
  enabled: kinds !== undefined,
})
const ledgerPages = (lead: string, isAsked: boolean) => ({
  queryKey: ['leads', 'ledger-pages', { params: { lead } }],
  queryFn: ({ pageParam }: { pageParam: string | undefined }) =>
    send('leads', 'getLedger', { params: { lead }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next?: string | undefined }) => page.next,
  enabled: isAsked,
})

function useEntries(lead: string, show: Show) {
  const kinds = KINDS[show]
  const hasLedger = show === 'all' || show === 'levels'
  const hasCalls = show === 'all' || show === 'decisions'
  const facts = useInfiniteQuery(factPages(lead, kinds))
  const ledger = useInfiniteQuery(ledgerPages(lead, hasLedger))
  const calls = useQuery({ ...ask('queue', 'listCalls', { params: { lead } }), enabled: hasCalls })
  const notes = useQuery({ ...ask('leads', 'listNotes', { params: { lead } }), enabled: hasCalls })
  const entries = useMemo(
    () =>
      entriesOf({
        facts: {
          rows: kinds === undefined ? [] : (facts.data?.pages.flatMap(({ items }) => items) ?? []),
          hasMore: kinds !== undefined && facts.hasNextPage,
        },
        ledger: {
          rows: hasLedger ? (ledger.data?.pages.flatMap(({ items }) => items) ?? []) : [],
          hasMore: hasLedger && ledger.hasNextPage,
        },
        calls: hasCalls ? (calls.data?.items ?? []) : [],
        notes: hasCalls ? (notes.data?.items ?? []) : [],
      }),
    [
      kinds,
      hasLedger,
      hasCalls,
      facts.data,
      facts.hasNextPage,
      ledger.data,
      ledger.hasNextPage,
      calls.data,
      notes.data,
    ],
  )
  return {
    entries,
    error: facts.error ?? ledger.error ?? calls.error ?? notes.error,
    isPending:
      (kinds !== undefined && facts.isPending) ||
      (hasLedger && ledger.isPending) ||
      (hasCalls && (calls.isPending || notes.isPending)),
    hasMore: facts.hasNextPage || ledger.hasNextPage,
    isFetchingMore: facts.isFetchingNextPage || ledger.isFetchingNextPage,
    showMore: async () => {
      await Promise.all([facts.hasNextPage && facts.fetchNextPage(), ledger.hasNextPage && ledger.fetchNextPage()])
    },
  }
}

export function Timeline({
  lead,
  explanation,
  show,
  then,
  onShow,
}: {
  readonly lead: Lead
  readonly explanation: Explanation | undefined
  readonly show: Show
  /** What came later is left out. */
  readonly then: string | undefined
  readonly onShow: (show: Show) => void
}) {
  const { t } = useTranslation(['lead', 'common'])
  const { entries, error, isPending, hasMore, isFetchingMore, showMore } = useEntries(lead.id, show)
  const until = then === undefined ? Infinity : Date.parse(then)
  const past = entries.filter(({ at }) => Date.parse(at) <= until)
  const { shown, held, release } = useHeldBack(isPending ? NONE : past, show)
  const counting = useMemo(() => countingOf(explanation), [explanation])
  return (
    <Panel title={t('timeline.title')}>
      <Chip.Group value={show} onChange={onShow}>
        <Group gap={6} mb="sm" className="no-print">
          {SHOWS.map((each) => (
            <Chip key={each} value={each} size="xs" variant="light">
              {t(`timeline.show.${each}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {then === undefined && <NoteForm lead={lead.id} />}
      {error && <ErrorNote error={error} />}
      {held > 0 && (
        <Button fullWidth variant="light" size="compact-sm" mb="xs" onClick={release}>
          {t('timeline.new', { count: held })}
        </Button>
      )}
      {isPending ? (
        <Stack gap="xs">
          <Skeleton h={28} />
          <Skeleton h={28} />
          <Skeleton h={28} />
        </Stack>
      ) : (
        <Days entries={shown} lead={lead} counting={counting} />
      )}
      {!isPending && shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('timeline.none')}
        </Text>
      )}
      {hasMore && (
        <Button
          className="no-print"
          mt="sm"
          variant="default"
          size="compact-sm"
          loading={isFetchingMore}
          onClick={() => void showMore()}
        >
          {t('common:actions.showMore')}
        </Button>
      )}
    </Panel>
  )
}

const NONE: readonly Entry[] = []
const OWN_MS = 8_000

/** What others do waits behind a line; what somebody did just now on this page is shown at once. */
function useHeldBack(entries: readonly Entry[], show: Show) {
  const newest = entries.length === 0 ? -Infinity : Date.parse(entries[0]!.at)
  const [pin, setPin] = useState({ show, at: newest })
  const ownUntil = useRef(-Infinity)
  const isMutating = useIsMutating() > 0
  useEffect(() => {
    if (isMutating) ownUntil.current = performance.now() + OWN_MS
  }, [isMutating])
  useEffect(() => {
    const isOwn = performance.now() < ownUntil.current
    if (pin.show !== show || pin.at === -Infinity || isOwn)
      setPin((before) => (before.show === show && before.at === newest ? before : { show, at: newest }))
  }, [pin, show, newest])
  const isHolding = pin.show === show && pin.at !== -Infinity
  const shown = isHolding ? entries.filter(({ at }) => Date.parse(at) <= pin.at) : entries
  return { shown, held: entries.length - shown.length, release: () => setPin({ show, at: newest }) }
}

/** Which facts give points at the moment, and for which criteria. */
function countingOf(explanation: Explanation | undefined): ReadonlyMap<string, readonly Counted[]> {
  const counted = explanation?.contributions.filter(({ points, criterion }) => points !== 0 && criterion !== undefined)
  const pairs = (counted ?? []).flatMap((line) => line.evidence.map((fact) => ({ fact, line })))
  return new Map(
    [...Map.groupBy(pairs, ({ fact }) => fact)].map(([fact, all]) => [
      fact,
      all.map(({ line }) => ({ score: line.score, group: line.group, criterion: line.criterion! })),
    ]),
  )
}

interface Counted {
  readonly score: string
  readonly group: string
  readonly criterion: string
}

function Days({
  entries,
  lead,
  counting,
}: {
  readonly entries: readonly Entry[]
  readonly lead: Lead
  readonly counting: ReadonlyMap<string, readonly Counted[]>
}) {
  const formats = useFormats()
  const days = Map.groupBy(entries, ({ at }) => formats.date(at))
  return (
    <div className={classes.days}>
      {[...days].map(([day, of]) => (
        <section key={day}>
          <h3 className={classes.day}>{day}</h3>
          <ol className={classes.entries}>
            {of.map((entry) => (
              <Row key={entry.key} entry={entry} lead={lead} counting={counting} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

const ICONS: Readonly<Record<Entry['kind'], TablerIcon>> = {
  activity: IconPointFilled,
  decision: IconGavel,
  link: IconBuilding,
  known: IconId,
  change: IconArrowsRightLeft,
  call: IconPhone,
  note: IconNote,
}

function Row({
  entry,
  lead,
  counting,
}: {
  readonly entry: Entry
  readonly lead: Lead
  readonly counting: ReadonlyMap<string, readonly Counted[]>
}) {
  const formats = useFormats()
  const Icon = ICONS[entry.kind]
  return (
    <li className={classes.entry} data-kind={entry.kind}>
      <span className={classes.icon} aria-hidden>
        <Icon size={15} stroke={1.7} />
      </span>
      <time dateTime={entry.at} className={classes.time}>
        {formats.time(entry.at)}
      </time>
      <div className={classes.what}>
        <What entry={entry} lead={lead} counting={counting} />
      </div>
    </li>
  )
}

function What({ entry, lead, counting }: Parameters<typeof Row>[0]) {
  const { t } = useTranslation('lead')
  const words = useDefinition()
  switch (entry.kind) {
    case 'activity': {
      const { fact } = entry
      const counts = counting.get(fact.id) ?? []
      return (
        <>
          <span className={classes.title}>{upper(spaced(fact.type ?? ''))}</span>{' '}
          <span className={classes.detail}>{propertyWords(fact.properties ?? {})}</span>
          {counts.map(({ score, group, criterion }) => (
            <span key={`${score} ${group} ${criterion}`} className={classes.counts}>
              {t('timeline.counts', { criterion: words.criterion(score, group, criterion)?.label ?? criterion })}
            </span>
          ))}
        </>
      )
    }
    case 'known':
      return (
        <>
          <span className={classes.title}>{t('timeline.known')}</span>{' '}
          <span className={classes.detail}>
            {entry.facts
              .map(({ body = {} }) => `${words.attributeLabel(String(body['name']))}: ${valueWords(body['value'])}`)
              .join(' · ')}
          </span>
        </>
      )
    case 'link':
      return (
        <span className={classes.title}>
          {t(entry.fact.body?.['account'] ? 'timeline.linked' : 'timeline.unlinked')}
        </span>
      )
    case 'decision':
      return <DecisionWords body={entry.fact.body ?? {}} />
    case 'change':
      return <Changes lines={entry.lines} lead={lead} />
    case 'call':
      return (
        <>
          <span className={classes.title}>{t(`timeline.call.${entry.call.outcome}`)}</span>{' '}
          <span className={classes.detail}>{[entry.call.by, entry.call.note].filter(Boolean).join(' · ')}</span>
        </>
      )
    case 'note':
      return (
        <>
          <span className={classes.note}>{entry.note.text}</span>{' '}
          <span className={classes.detail}>{entry.note.by.name}</span>
        </>
      )
  }
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function DecisionWords({ body }: { readonly body: Readonly<Record<string, unknown>> }) {
  const { t } = useTranslation('lead')
  const words = useDefinition()
  const formats = useFormats()
  const decision = String(body['decision'])
  const override = body['override'] as
    | { stage?: string; category?: string; level?: string; until?: unknown }
    | undefined
  const amount = body['amount']
  const details = [
    override?.stage !== undefined && words.stageLabel(override.stage),
    override?.category !== undefined &&
      `${words.categoryLabel(override.category)}: ${words.level(override.category, override.level ?? '').level}`,
    typeof override?.until === 'number' || typeof override?.until === 'string'
      ? t('timeline.until', { at: formats.dateTime(override.until) })
      : undefined,
    typeof amount === 'number' && formats.money(amount, words.currency),
    body['reason'] !== undefined && valueWords(body['reason']),
    body['by'] !== undefined && t('timeline.by', { name: valueWords(body['by']) }),
  ]
  return (
    <>
      <span className={classes.title}>
        {t(`timeline.decision.${decision}` as 'timeline.decision.accept', { defaultValue: decision })}
      </span>{' '}
      <span className={classes.detail}>{details.filter(Boolean).join(' · ')}</span>
    </>
  )
}

function Changes({ lines, lead }: { readonly lines: readonly LedgerRow[]; readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  const [{ at, recordedAt, version }] = lines as [LedgerRow]
  // What was received after the instant counts as well: the line was written knowing it.
  const then: Then = { at, known: recordedAt > at ? recordedAt : at, v: version }
  return (
    <>
      <span className={classes.changes}>
        {lines.toReversed().map((line) => (
          <ChangeWords key={line.id} change={line} />
        ))}
        {lines.every(({ cause }) => cause === 'time') && <span className={classes.detail}>{t('timeline.byTime')}</span>}
      </span>
      <Link
        to="/leads/$lead"
        params={{ lead: lead.id }}
        search={(before) => ({ ...before, ...then })}
        className={`${classes.why} no-print`}
      >
        {t('timeline.why')}
      </Link>
    </>
  )
}

function NoteForm({ lead }: { readonly lead: string }) {
  const { t } = useTranslation('lead')
  const may = useMay()
  const [text, setText] = useState('')
  const adding = useMutation({
    mutationFn: () => send('leads', 'addNote', { params: { lead }, body: { text: text.trim() } }),
    onSuccess: async () => {
      setText('')
      await refreshLead()
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
  if (!may('decisions:write')) return null
  return (
    <form
      className={`${classes.form} no-print`}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') adding.mutate()
      }}
    >
      <Textarea
        flex={1}
        size="xs"
        autosize
        maxLength={5_000}
        aria-label={t('timeline.write')}
        placeholder={t('timeline.write')}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {text.trim() !== '' && (
        <Button type="submit" size="xs" loading={adding.isPending}>
          {t('timeline.add')}
        </Button>
      )}
    </form>
  )
}
