import { Badge, Text } from '@mantine/core'
import { IconTrendingDown } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../app/clock.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { useSay } from '../../app/phrases.ts'
import { LevelMark } from '../../ui/level-chip.tsx'
import { Person } from '../../ui/person.tsx'
import { SlaClock } from '../../ui/sla-clock.tsx'
import type { Row } from './order.ts'
import classes from './queue.module.css'
import { nameOf, nextInWords, whyInWords } from './sayings.ts'

/** Ids of rows, so that keys can bring the focus to them. */
export const idOf = (lead: string) => `queue-${lead}`

export function QueueRow({ row: { item, hasLeft } }: { readonly row: Row }) {
  const { t } = useTranslation('queue')
  const words = useDefinition()
  const formats = useFormats()
  const now = useNow()
  const speaker = { t, words, formats, say: useSay() }
  const next = nextInWords(item, speaker)
  return (
    <div className={classes.row} data-left={hasLeft || undefined}>
      <div className={classes.line}>
        <div className={classes.who}>
          <Link id={idOf(item.lead.id)} to="/leads/$lead" params={{ lead: item.lead.id }} className={classes.name}>
            {nameOf(item, t('nobody'))}
          </Link>
          {item.account?.name && <span className={classes.company}>{item.account.name}</span>}
          <ClaimMark claim={item.claim} />
        </div>
        <div className={classes.levels}>
          <Badge variant="default" size="sm" radius="sm" tt="none" fw={560}>
            {words.stageLabel(item.stage)}
          </Badge>
          {words.levels(item.levels).map((level) => (
            <LevelMark key={level.category} {...level} />
          ))}
        </div>
        <div className={classes.value}>
          {item.expectedValue !== null && formats.money(item.expectedValue, words.currency)}
        </div>
      </div>
      <div className={classes.line}>
        <Text className={classes.why} size="sm" c="dimmed">
          {hasLeft ? t('left') : (whyInWords(item, speaker) ?? t('why.none'))}
        </Text>
        <div className={classes.clocks}>
          {next !== undefined && Date.parse(next.at) > now && (
            <span className={classes.next}>
              <IconTrendingDown size={14} stroke={1.8} aria-hidden />
              {t('next.in', { what: next.what, duration: formats.duration(Date.parse(next.at) - now) })}
            </span>
          )}
          {item.slaDueAt !== null && <SlaClock dueAt={item.slaDueAt} />}
        </div>
      </div>
    </div>
  )
}

function ClaimMark({ claim }: { readonly claim: Row['item']['claim'] }) {
  const { t } = useTranslation('queue')
  if (claim === null) return null
  if (claim.isMine) return <span className={classes.mine}>{t('claim.short')}</span>
  return (
    <span className={classes.theirs}>
      <Person name={claim.by.name} size={18} />
      {claim.by.name}
    </span>
  )
}
