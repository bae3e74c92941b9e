/** One line of the audit log: who did what, on what, with a way there. */
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { actionWords } from './audit-actions.ts'
import classes from './audit.module.css'

type AuditEntry = Reply<'audit', 'listAudit'>['items'][number]

const THINGS = [
  'lead',
  'other',
  'account',
  'otherAccount',
  'version',
  'draft',
  'proposal',
  'import',
  'backtest',
  'review',
  'session',
  'person',
  'source',
  'key',
  'segment',
  'invitation',
] as const
type Thing = (typeof THINGS)[number]
const isThing = (target: string): target is Thing => (THINGS as readonly string[]).includes(target)

/** Sessions of whoever is signed in and invitations have no names, and their ids say nothing to anybody. */
const isTold = (target: string, names: AuditEntry['names']): target is Thing =>
  isThing(target) && ((target !== 'session' && target !== 'invitation') || names[target] !== undefined)

export function AuditEntryRow({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const { action, actor, targets, names, address, outcome } = entry
  // Whoever signs in is nobody yet: the one whom it is about is told as the one who did it.
  const isSigningIn = actor.kind === 'nobody' && names['person'] !== undefined
  const isOurs = action === 'activities.forget'
  const who = isSigningIn ? names['person'] : isOurs ? 'Winnow' : (actor.name ?? t(`audit.kinds.${actor.kind}`))
  const things = Object.entries(targets).flatMap(([target, id]) =>
    isTold(target, names) && !(isSigningIn && target === 'person') ? [{ target, id: String(id) }] : [],
  )
  const details = Object.entries(targets).filter(([target]) => !isThing(target))
  return (
    <li className={classes.entry}>
      <time className={`${classes.time} tabular`} dateTime={entry.at}>
        {formats.dateTime(entry.at)}
      </time>
      <div>
        <div className={classes.said}>
          <b>{who}</b> {actionWords(t, action)}
          {things.map(({ target, id }) => (
            <span key={target}>
              {' · '}
              <ThingLink target={target} id={id}>
                {nameOf({ target, id, name: names[target] }, t(`audit.things.${target}`))}
              </ThingLink>
            </span>
          ))}
        </div>
        <div className={classes.details}>
          {[
            ...(outcome === 'unknown' ? [t('audit.outcome_unknown')] : []),
            ...details.map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`),
            ...(address === '' ? [] : [t('audit.from_address', { address })]),
          ].join(' · ')}
        </div>
      </div>
    </li>
  )
}

/** A name where there is one; ids are cut to what tells them apart. */
const nameOf = (
  { target, id, name }: { readonly target: Thing; readonly id: string; readonly name: string | undefined },
  what: string,
): string => name ?? (target === 'version' ? `${what} ${id}` : `${what} ${id.slice(0, 8)}`)

function ThingLink({
  target,
  id,
  children,
}: {
  readonly target: Thing
  readonly id: string
  readonly children: ReactNode
}) {
  const to = wayTo(target, id)
  if (to === undefined) return <span title={id}>{children}</span>
  return (
    <Anchor component={Link} to={to} inherit underline="always" title={id}>
      {children}
    </Anchor>
  )
}

function wayTo(target: Thing, id: string): string | undefined {
  const at = encodeURIComponent(id)
  switch (target) {
    case 'lead':
    case 'other':
      return `/leads/${at}`
    case 'account':
    case 'otherAccount':
      return `/accounts/${at}`
    case 'version':
      return `/definition/versions/${at}`
    case 'draft':
      return `/definition/drafts/${at}`
    case 'proposal':
      return `/definition/proposals/${at}`
    case 'import':
      return `/import/${at}`
    case 'backtest':
      return `/backtests/${at}`
    case 'review':
      return `/reviews/${at}`
    case 'session':
      return `/alignment/${at}`
    case 'person':
      return '/settings/people'
    case 'source':
      return '/settings/sources'
    case 'key':
      return '/settings/keys'
    case 'segment':
    case 'invitation':
      return undefined
  }
}
