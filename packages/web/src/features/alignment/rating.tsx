/** The leads of a session one after the other, each judged with three keys or three taps. */
import { Button, Group, Text, TextInput } from '@mantine/core'
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { queries } from '../../app/queries.ts'
import { type Key, useKeys } from '../../app/shortcuts.ts'
import { ErrorNote } from '../../ui/states.tsx'
import classes from './alignment.module.css'
import { Choice } from './choice.tsx'
import { LeadCard } from './lead-card.tsx'
import type { SessionSeen } from './session-page.tsx'

type Said = SessionSeen['mine'][number]
type Draft = { readonly level?: string; readonly wouldCall?: boolean; readonly reason: string }

export function Rating({ session }: { readonly session: SessionSeen }) {
  const { lead } = useSearch({ from: '/inside/alignment/$session' })
  const navigate = useNavigate({ from: '/alignment/$session' })
  const judged = new Set(session.mine.map(({ place }) => place))
  const open = Array.from({ length: session.leads }, (_, index) => index + 1).find((place) => !judged.has(place))
  // Where one goes on: the first that is not judged yet, as it was when the page was opened.
  const [first] = useState(open ?? 1)
  const place = Math.min(session.leads, lead ?? first)
  const goTo = (next: number) => {
    if (next >= 1 && next <= session.leads) void navigate({ search: { lead: next }, replace: true })
  }
  return (
    <div className={classes.rating}>
      <Places session={session} place={place} goTo={goTo} />
      <OneLead key={place} session={session} place={place} goTo={goTo} isThrough={open === undefined} />
    </div>
  )
}

interface Going {
  readonly session: SessionSeen
  readonly place: number
  readonly goTo: (place: number) => void
}

function Places({ session, place, goTo }: Going) {
  const { t } = useTranslation('alignment')
  const judged = new Set(session.mine.map((said) => said.place))
  return (
    <nav className={classes.places} aria-label={t('rate.progress', { place, total: session.leads })}>
      {Array.from({ length: session.leads }, (_, index) => index + 1).map((each) => (
        <button
          key={each}
          type="button"
          className={classes.place}
          aria-current={each === place ? 'step' : undefined}
          data-judged={judged.has(each) || undefined}
          aria-label={`${t('rate.goTo', { place: each })}${judged.has(each) ? `, ${t('rate.isJudged')}` : ''}`}
          onClick={() => goTo(each)}
        />
      ))}
    </nav>
  )
}

function OneLead({ session, place, goTo, isThrough }: Going & { readonly isThrough: boolean }) {
  const { t } = useTranslation('alignment')
  const words = useDefinition()
  const [draft, setDraft] = useState<Draft>(() => session.mine.find((said) => said.place === place) ?? { reason: '' })
  const reason = useRef<HTMLInputElement>(null)
  const save = useSaving(session)
  const change = (more: Partial<Draft>) => {
    const next = { ...draft, ...more }
    setDraft(next)
    if (more.reason === undefined) sendIfWhole(next)
  }
  const sendIfWhole = ({ level, wouldCall, reason: why }: Draft) => {
    if (level !== undefined && wouldCall !== undefined) save.mutate({ place, level, wouldCall, reason: why.trim() })
  }
  const isLast = place === session.leads
  const doing = { change, goTo, place, levels: session.levels, write: () => reason.current?.focus() }
  useRatingKeys(doing, (level) => words.level(session.category, level).level)
  return (
    <div className={classes.oneLead}>
      <LeadCard session={session.id} place={place} total={session.leads} />
      <div className={classes.judgement}>
        {save.error && <ErrorNote error={save.error} />}
        <Choice session={session} chosen={draft} choose={change} />
        <TextInput
          ref={reason}
          label={t('rate.reason')}
          placeholder={t('rate.reasonHint')}
          maxLength={300}
          value={draft.reason}
          onChange={({ currentTarget: { value } }) => change({ reason: value })}
          onBlur={() => sendIfWhole(draft)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.currentTarget.blur()
              goTo(place + 1)
            } else if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <Group justify="space-between" wrap="nowrap">
          <Button
            variant="default"
            leftSection={<IconArrowLeft size={16} />}
            disabled={place === 1}
            onClick={() => goTo(place - 1)}
          >
            {t('rate.back')}
          </Button>
          <Text size="sm" c="dimmed" aria-live="polite">
            {save.isSuccess && t('rate.saved')}
          </Text>
          <Button rightSection={<IconArrowRight size={16} />} disabled={isLast} onClick={() => goTo(place + 1)}>
            {t('rate.next')}
          </Button>
        </Group>
        {isThrough && (
          <output className={classes.through}>
            <Text fw={600}>{t('rate.through')}</Text>
            <Text size="sm">{t('rate.throughSaid')}</Text>
          </output>
        )}
      </div>
    </div>
  )
}

/** What was said stands at once; where the server refuses it, what it knows comes back. */
function useSaving(session: SessionSeen) {
  const { queryKey } = ask('alignment', 'getSession', { params: { session: session.id } })
  return useMutation({
    mutationFn: ({ place, ...body }: Said) =>
      send('alignment', 'rateLead', { params: { session: session.id, place }, body }),
    onMutate: (said) => {
      queries.setQueryData<SessionSeen>(
        queryKey,
        (known) => known && { ...known, mine: [...known.mine.filter(({ place }) => place !== said.place), said] },
      )
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
}

interface Doing {
  readonly change: (more: Partial<Draft>) => void
  readonly goTo: (place: number) => void
  readonly place: number
  readonly levels: readonly string[]
  readonly write: () => void
}

function useRatingKeys(doing: Doing, wordOf: (level: string) => string): void {
  const { t } = useTranslation('alignment')
  const now = useRef(doing)
  useEffect(() => {
    now.current = doing
  })
  const { levels } = doing
  const named = levels.map(wordOf).join()
  useKeys(
    useMemo(
      (): Key[] => [
        ...levels.slice(0, 9).map((level, index) => ({
          key: `${index + 1}`,
          does: t('rate.keys.level', { level: named.split(',')[index]! }),
          run: () => now.current.change({ level }),
        })),
        { key: 'Y', does: t('rate.keys.yes'), run: () => now.current.change({ wouldCall: true }) },
        { key: 'N', does: t('rate.keys.no'), run: () => now.current.change({ wouldCall: false }) },
        {
          key: 'R',
          does: t('rate.keys.reason'),
          run: () => now.current.write(),
        },
        { key: 'J', does: t('rate.keys.next'), run: () => now.current.goTo(now.current.place + 1) },
        { key: 'K', does: t('rate.keys.back'), run: () => now.current.goTo(now.current.place - 1) },
      ],
      [levels, named, t, now],
    ),
  )
}
