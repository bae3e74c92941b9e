import { Tooltip } from '@mantine/core'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './level-chip.module.css'

export interface LevelShown {
  readonly category: string
  readonly level: string
  /** 0 for the highest. */
  readonly rank: number
  /** How many levels the category has. */
  readonly count: number
  /** By what it is told: temperature, the tint of other ranks, or nothing where levels are kinds without a rank. */
  readonly family: 'temperature' | 'tint' | 'kind'
}

const TONES = {
  temperature: ['hot', 'warm', 'cold'],
  tint: ['high', 'medium', 'low'],
  kind: ['low', 'low', 'low'],
} as const

/** The tone of a level: the best has the strongest, the worst the calmest, whatever they are called. */
export const toneOf = ({ rank, count, family }: Pick<LevelShown, 'rank' | 'count' | 'family'>) =>
  TONES[family][count <= 1 ? 0 : Math.round((rank / (count - 1)) * 2)]!

/** A level of a category. Bars say the rank without colour; the word says the level. */
export function LevelChip(shown: LevelShown) {
  const said = useSaid(shown)
  return (
    <Tooltip label={said}>
      <Mark {...shown} />
    </Tooltip>
  )
}

/** The same where hundreds come and go, in tables that are scrolled: with the browser's own tooltip. */
export function LevelMark(shown: LevelShown) {
  const said = useSaid(shown)
  return <Mark {...shown} title={said} />
}

function useSaid({ category, level, rank, count, family }: LevelShown): string {
  const { t } = useTranslation()
  if (family === 'kind') return t('level.of', { category, level })
  return `${t('level.of', { category, level })} · ${t('level.rank', { rank: rank + 1, count })}`
}

type MarkProps = LevelShown & Omit<ComponentProps<'span'>, 'children'>

function Mark({ category: _, level, rank, count, family, ...rest }: MarkProps) {
  const filled = count <= 1 ? 3 : 3 - Math.round((rank / (count - 1)) * 2)
  return (
    <span {...rest} className={classes.chip} data-tone={toneOf({ rank, count, family })}>
      {family !== 'kind' && <Bars filled={filled} />}
      {level}
    </span>
  )
}

const Bars = ({ filled }: { readonly filled: number }) => (
  <svg viewBox="0 0 12 12" width={11} height={11} aria-hidden className={classes.bars}>
    {[0, 1, 2].map((bar) => (
      <rect
        key={bar}
        x={bar * 4.4}
        y={8 - bar * 4}
        width={2.9}
        height={4 + bar * 4}
        rx={0.8}
        opacity={bar < filled ? 1 : 0.22}
      />
    ))}
  </svg>
)
