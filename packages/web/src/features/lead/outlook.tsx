/** What comes by itself, and what would make a difference. */
import { Stack, Text } from '@mantine/core'
import { IconArrowUpRight, IconHourglassHigh, IconLock, IconSnowflake } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../app/clock.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { asSentence, useSay } from '../../app/phrases.ts'
import { LevelChip } from '../../ui/level-chip.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { Change, Explanation } from './lead-queries.ts'
import classes from './outlook.module.css'

export function Outlook({ explanation, isPast }: { readonly explanation: Explanation; readonly isPast: boolean }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const words = useDefinition()
  const say = useSay()
  const now = useNow()
  const { nextChange, cooling, gaps, shut } = explanation
  const asOf = isPast ? Date.parse(explanation.at) : now
  const isQuiet = nextChange === null && gaps.length === 0 && shut.length === 0
  return (
    <Panel title={t('outlook.title')}>
      <Stack gap={8}>
        {nextChange !== null && (
          <Item icon={<IconHourglassHigh size={16} />}>
            <span className={classes.changes}>
              {nextChange.changes.map((change) => (
                <ChangeWords key={`${change.kind} ${change.name}`} change={change} />
              ))}
            </span>
            <Text size="xs" c="dimmed">
              {t('outlook.in', {
                duration: formats.duration(Date.parse(nextChange.at) - asOf),
                at: formats.dateTime(nextChange.at),
              })}
            </Text>
          </Item>
        )}
        {cooling?.keptBy.slice(0, KEPT_MAX).map(({ activity, phrase }) => (
          <Item key={activity} icon={<IconSnowflake size={16} />}>
            {asSentence(say(phrase))}
          </Item>
        ))}
        {gaps.map(({ sentence, phrase }) => (
          <Item key={sentence} icon={<IconArrowUpRight size={16} />}>
            {asSentence(say(phrase))}
          </Item>
        ))}
        {shut.map(({ stage, until }) => (
          <Item key={stage} icon={<IconLock size={16} />}>
            {until === null
              ? t('outlook.shut', { stage: words.stageLabel(stage) })
              : t('outlook.shutUntil', { stage: words.stageLabel(stage), at: formats.date(until) })}
          </Item>
        ))}
        {isQuiet && (
          <Text size="sm" c="dimmed">
            {t('outlook.quiet')}
          </Text>
        )}
      </Stack>
    </Panel>
  )
}

const KEPT_MAX = 2

const Item = ({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) => (
  <div className={classes.item}>
    <span aria-hidden className={classes.icon}>
      {icon}
    </span>
    <div>{children}</div>
  </div>
)

/** *Interest: hot → warm*, with the levels as chips. */
export function ChangeWords({
  change: { kind, name, from, to },
}: {
  readonly change: Pick<Change, 'kind' | 'name' | 'from' | 'to'>
}) {
  const { t } = useTranslation('lead')
  const words = useDefinition()
  if (kind === 'sla')
    return <span className={classes.change}>{t('change.sla', { stage: words.stageLabel(name) })}</span>
  if (kind === 'stage')
    return (
      <span className={classes.change}>
        {t('change.stage')}
        {from !== null && <span className={classes.from}>{words.stageLabel(from)}</span>}
        {from !== null && <span aria-label={t('change.becomes')}>→</span>}
        <strong>{words.stageLabel(to)}</strong>
      </span>
    )
  return (
    <span className={classes.change}>
      {words.categoryLabel(name)}
      {from !== null && <LevelChip {...words.level(name, from)} />}
      {from !== null && <span aria-label={t('change.becomes')}>→</span>}
      <LevelChip {...words.level(name, to)} />
    </span>
  )
}
