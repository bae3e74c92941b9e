/** For somebody new: the leads of a session that is over, blind, and told after each what others said and what happened. */
import { Button, Group, Text } from '@mantine/core'
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { Page } from '../../ui/page.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import classes from './alignment.module.css'
import { Choice, type Chosen } from './choice.tsx'
import { LeadCard } from './lead-card.tsx'
import { Ratings, WhatWas } from './revealed-lead.tsx'
import type { SessionSeen } from './session-page.tsx'

export default function Practice({ session }: { readonly session: SessionSeen }) {
  const { t } = useTranslation('alignment')
  const { lead } = useSearch({ from: '/inside/alignment/$session' })
  const navigate = useNavigate({ from: '/alignment/$session' })
  const open = Array.from({ length: session.leads }, (_, index) => index + 1).find(
    (place) => !session.practised.includes(place),
  )
  const [first] = useState(open ?? 1)
  const place = Math.min(session.leads, lead ?? first)
  const goTo = (next: number) => void navigate({ search: { practise: true, lead: next }, replace: true })
  return (
    <Page
      title={t('practice.title', { title: session.title })}
      beside={t('rate.done', { done: session.practised.length, total: session.leads })}
      actions={
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
          renderRoot={(props) => <Link {...props} to="/alignment/$session" params={{ session: session.id }} />}
        >
          {t('practice.backToResult')}
        </Button>
      }
    >
      <Text c="dimmed" maw="46rem" mb="md">
        {open === undefined ? t('practice.finished') : t('practice.intro')}
      </Text>
      <OneLead key={place} session={session} place={place} goTo={goTo} />
    </Page>
  )
}

function OneLead({
  session,
  place,
  goTo,
}: {
  readonly session: SessionSeen
  readonly place: number
  readonly goTo: (place: number) => void
}) {
  const { t } = useTranslation('alignment')
  const [chosen, setChosen] = useState<Chosen>({})
  const told = useMutation({
    mutationFn: (body: Required<Chosen>) =>
      send('alignment', 'practise', { params: { session: session.id, place }, body }),
    onSuccess: () => queries.invalidateQueries(ask('alignment', 'getSession', { params: { session: session.id } })),
  })
  const choose = (more: Chosen) => {
    const { level, wouldCall } = { ...chosen, ...more }
    setChosen({ ...chosen, ...more })
    if (level !== undefined && wouldCall !== undefined) told.mutate({ level, wouldCall })
  }
  return (
    <div className={classes.oneLead}>
      <LeadCard session={session.id} place={place} total={session.leads} />
      <div className={classes.judgement}>
        {told.error && <ErrorNote error={told.error} />}
        <Choice session={session} chosen={chosen} choose={choose} isDone={told.isPending || told.isSuccess} />
        {told.data !== undefined && (
          <output className={classes.told}>
            <Text fw={600}>{t(isAsMost(told.data) ? 'practice.same' : 'practice.apart')}</Text>
            <WhatWas session={session} lead={told.data.lead} />
            <Ratings session={session} lead={told.data.lead} />
          </output>
        )}
        <Group justify="end">
          <Button
            rightSection={<IconArrowRight size={16} />}
            disabled={place === session.leads}
            onClick={() => goTo(place + 1)}
          >
            {t('rate.next')}
          </Button>
        </Group>
      </div>
    </div>
  )
}

/** As at least half of those who judged it. */
function isAsMost({ mine, lead: { ratings } }: Awaited<ReturnType<typeof send<'alignment', 'practise'>>>): boolean {
  return ratings.filter(({ level }) => level === mine.level).length * 2 >= ratings.length
}
