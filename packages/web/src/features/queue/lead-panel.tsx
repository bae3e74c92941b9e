/** The lead that is next: why, what changes, and everything that can be done with it. */
import { Button, Kbd, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import {
  IconArrowRight,
  IconCheck,
  IconClockPause,
  IconHandGrab,
  IconHandStop,
  IconPhone,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { useNow } from '../../app/clock.ts'
import { useDefinition } from '../../app/definition.ts'
import { type Formats, useFormats } from '../../app/format.ts'
import { useSay } from '../../app/phrases.ts'
import { useMay } from '../../app/session.ts'
import { Moment } from '../../ui/moment.tsx'
import { Playbooks, usePlaybooks } from '../../ui/playbooks.tsx'
import type { Asked } from './choices.tsx'
import type { Queued } from './order.ts'
import classes from './queue.module.css'
import { forwardOf, nameOf, nextInWords, reasonInWords } from './sayings.ts'
import type { Doing } from './use-doing.ts'

const STAY_MS = 150
const FRESH_MS = 30_000

interface PanelProps {
  readonly item: Queued
  readonly doing: Doing
  readonly ask: (asked: Asked) => void
}

export function LeadPanel({ item, doing, ask }: PanelProps) {
  const { t } = useTranslation('queue')
  const words = useDefinition()
  const formats = useFormats()
  const now = useNow()
  const speaker = { t, words, formats, say: useSay() }
  const next = nextInWords(item, speaker)
  return (
    <div className={classes.panel}>
      <div className={classes.panelHead}>
        <Title order={2} className={classes.panelName}>
          {nameOf(item, t('nobody'))}
        </Title>
        <Text size="sm" c="dimmed">
          {[item.account?.name, item.lead.email].filter((each) => each !== undefined && each !== null).join(' · ')}
        </Text>
        <Text size="sm" mt={4} fw={item.claim === null ? 400 : 560}>
          {claimInWords(item, t, formats)}
        </Text>
      </div>
      <Actions item={item} doing={doing} ask={ask} />
      <Part title={t('why.title')}>
        {item.why.length === 0 && <Text size="sm">{t('why.none')}</Text>}
        <ul className={classes.reasons}>
          {item.why.map((why) => (
            <li key={`${why.score} ${why.criterion}`}>
              <span>{capitalised(reasonInWords(why, speaker))}</span>
              <span className={classes.points}>{formats.points(why.points)}</span>
            </li>
          ))}
        </ul>
      </Part>
      <WhatToDo lead={item.lead.id} />
      {next !== undefined && (
        <Part title={t('next.title')}>
          <Text size="sm">
            {capitalised(t('next.in', { what: next.what, duration: formats.duration(Date.parse(next.at) - now) }))}
          </Text>
        </Part>
      )}
      <dl className={classes.facts}>
        {item.lastActivityAt !== null && (
          <div>
            <dt>{t('lastSeen')}</dt>
            <dd>
              <Moment at={item.lastActivityAt} />
            </dd>
          </div>
        )}
        {item.lastCall !== null && (
          <div>
            <dt>{t('calls.last')}</dt>
            <dd>
              {t(`calls.${item.lastCall.outcome}`)} · <Moment at={item.lastCall.at} />
            </dd>
          </div>
        )}
        {item.snoozedUntil !== null && (
          <div>
            <dd>{t('snoozedUntil', { at: formats.dateTime(item.snoozedUntil) })}</dd>
          </div>
        )}
      </dl>
    </div>
  )
}

/** What the definition says to do; asked for when somebody stays with a lead. */
function WhatToDo({ lead }: { readonly lead: string }) {
  const { t } = useTranslation()
  const [stayed] = useDebouncedValue(lead, STAY_MS)
  const { data } = useQuery({
    ...ask('leads', 'explainLead', { params: { lead }, query: {} }),
    staleTime: FRESH_MS,
    enabled: stayed === lead,
  })
  const playbooks = usePlaybooks(data?.playbooks ?? [])
  if (playbooks.length === 0) return null
  return (
    <Part title={t('playbook.title')}>
      <Playbooks playbooks={playbooks} />
    </Part>
  )
}

function Actions({ item, doing, ask }: PanelProps) {
  const { t } = useTranslation('queue')
  const words = useDefinition()
  const may = useMay()
  const forward = forwardOf(item.stage, words)
  const isTheirs = item.claim !== null && !item.claim.isMine
  const isMine = item.claim?.isMine === true
  return (
    <fieldset className={classes.actions} aria-label={t('do.title')}>
      {may('decisions:write') && (
        <>
          {forward !== undefined && (
            <Action icon={IconCheck} hint="A" isMain isOff={isTheirs} run={() => void doing.forward(item)}>
              {t(`do.${forward}`)}
            </Action>
          )}
          <Action icon={IconX} hint="R" isOff={isTheirs} run={() => ask('reject')}>
            {t('do.reject')}
          </Action>
          <Action icon={IconPhone} hint="C" isOff={isTheirs} run={() => ask('call')}>
            {t('do.call')}
          </Action>
          {item.snoozedUntil === null ? (
            <Action icon={IconClockPause} hint="S" run={() => ask('snooze')}>
              {t('do.snooze')}
            </Action>
          ) : (
            <Action icon={IconClockPause} hint="S" run={() => void doing.unsnooze(item)}>
              {t('do.unsnooze')}
            </Action>
          )}
          <Action
            icon={isMine ? IconHandStop : IconHandGrab}
            hint="T"
            isOff={isTheirs}
            run={() => void doing.toggleClaim(item)}
          >
            {isMine ? t('do.release') : t('do.claim')}
          </Action>
        </>
      )}
      <Button
        component={Link}
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a link that Mantine draws takes any address
        to={`/leads/${item.lead.id}` as '/leads'}
        variant="subtle"
        justify="space-between"
        rightSection={<IconArrowRight size={16} aria-hidden />}
      >
        {t('do.open')}
      </Button>
    </fieldset>
  )
}

function Action({
  icon: Icon,
  hint,
  isMain = false,
  isOff = false,
  run,
  children,
}: {
  readonly icon: TablerIcon
  readonly hint: string
  readonly isMain?: boolean
  readonly isOff?: boolean
  readonly run: () => void
  readonly children: ReactNode
}) {
  return (
    <Button
      variant={isMain ? 'filled' : 'default'}
      justify="space-between"
      px={10}
      disabled={isOff}
      leftSection={<Icon size={16} stroke={1.8} aria-hidden />}
      rightSection={
        <Kbd size="xs" visibleFrom="sm" aria-hidden>
          {hint}
        </Kbd>
      }
      onClick={run}
    >
      {children}
    </Button>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className={classes.part}>
    <Title order={3}>{title}</Title>
    {children}
  </section>
)

function claimInWords({ claim }: Queued, t: TFunction<'queue'>, { time }: Formats): string {
  if (claim === null) return t('claim.free')
  if (claim.isMine) return `${t('claim.mine')} ${t('claim.mineUntil', { at: time(claim.until) })}`
  return t('claim.theirs', { name: claim.by.name })
}

const capitalised = (said: string) => said.charAt(0).toLocaleUpperCase() + said.slice(1)
