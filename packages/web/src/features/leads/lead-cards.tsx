/** Leads on a phone: a card each, the page itself scrolls. */
import { Checkbox } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { LevelMark } from '../../ui/level-chip.tsx'
import { titleOf } from './columns.tsx'
import classes from './leads.module.css'
import type { Selection } from './selection.ts'
import type { LeadListed, Leads } from './use-leads.ts'

const CARD_HEIGHT = 92
const CARDS_MAX = 170_000
const LEVELS_SHOWN = 3

/** @param selection  a touch picks instead of opening */
export function LeadCards({ leads, selection }: { readonly leads: Leads; readonly selection: Selection | undefined }) {
  const { t } = useTranslation('leads')
  const list = useRef<HTMLUListElement>(null)
  const count = Math.min(leads.count, CARDS_MAX)
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by what it returns
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => CARD_HEIGHT,
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => leads.rows[index]?.id ?? index,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { want } = leads
  useEffect(() => want(last), [want, last])
  return (
    <ul
      ref={list}
      className={classes.cards}
      aria-label={t('title')}
      aria-busy={leads.isBehind || leads.isLoading}
      style={{ height: count * CARD_HEIGHT }}
    >
      {items.map(({ index, key, start }) => (
        <Card
          key={key}
          index={index}
          lead={leads.rows[index]}
          start={start - virtualizer.options.scrollMargin}
          isPicked={selection?.has(leads.rows[index]?.id ?? '')}
          pick={selection?.toggle}
        />
      ))}
    </ul>
  )
}

const Card = memo(function Card({
  index,
  lead,
  start,
  isPicked,
  pick,
}: {
  readonly index: number
  readonly lead: LeadListed | undefined
  readonly start: number
  readonly isPicked: boolean | undefined
  readonly pick: Selection['toggle'] | undefined
}) {
  const { t } = useTranslation('leads')
  const words = useDefinition()
  const formats = useFormats()
  const style = { transform: `translateY(${start}px)` }
  if (lead === undefined)
    return (
      <li className={classes.card} style={style} data-skeleton>
        <i className={classes.bone} style={{ width: '55%' }} />
        <i className={classes.bone} style={{ width: '80%' }} />
      </li>
    )
  return (
    <li className={classes.card} style={style} data-picked={isPicked}>
      {pick !== undefined && (
        <Checkbox
          className={classes.pick}
          aria-label={t('select.one', { name: titleOf(lead) })}
          checked={isPicked ?? false}
          onChange={() => pick(index)}
        />
      )}
      <Link
        to="/leads/$lead"
        params={{ lead: lead.id }}
        className={classes.cardLink}
        onClick={(event) => {
          if (pick === undefined) return
          event.preventDefault()
          pick(index)
        }}
      >
        <span className={classes.cardHead}>
          <b>{titleOf(lead)}</b>
          {lead.expectedValue !== null && (
            <span className="tabular">{formats.money(lead.expectedValue, words.currency)}</span>
          )}
        </span>
        <span className={classes.cardNote}>
          {[lead.account?.name, lead.stage === null ? undefined : words.stageLabel(lead.stage)]
            .filter((each) => each !== undefined && each !== null)
            .join(' · ')}
        </span>
        <span className={classes.cardLevels}>
          {words
            .levels(lead.levels ?? {})
            .slice(0, LEVELS_SHOWN)
            .map((level) => (
              <LevelMark key={level.category} {...level} />
            ))}
        </span>
      </Link>
    </li>
  )
})
