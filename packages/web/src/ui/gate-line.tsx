/** Whether what comes to a stage fits what its team can take, and what would make it fit. */
import { Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react'
import type { GateLine } from '@winnow/engine'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../app/definition.ts'
import { useFormats } from '../app/format.ts'
import classes from './gate-line.module.css'

const ICONS = {
  balanced: IconCircleCheck,
  starved: IconAlertTriangle,
  flooded: IconAlertTriangle,
  unclear: IconHelpCircle,
} as const

/** @param action  what can be done about it, where something is proposed */
export function GateVerdict({
  line: { team, stage, capacity, expected, verdict, proposal },
  isShort = false,
  action,
}: {
  readonly line: GateLine
  readonly isShort?: boolean
  readonly action?: ReactNode
}) {
  const { t } = useTranslation('gate')
  const words = useDefinition()
  const { number } = useFormats()
  const Icon = ICONS[verdict]
  const decimals = (expected.value ?? 0) < 10 ? 1 : 0
  const ends =
    expected.low === null || expected.high === null
      ? ''
      : ` (${number(expected.low, decimals)}–${number(expected.high, decimals)})`
  const numbers = {
    team: t(`teams.${team}`, { defaultValue: team }),
    stage: words.stageLabel(stage),
    capacity: number(capacity),
    expected: `${number(expected.value ?? 0, decimals)}${ends}`,
  }
  return (
    <div className={classes.gate} data-verdict={verdict}>
      <Icon size={18} aria-hidden />
      <div>
        <Text fw={600} size="sm">
          {t(`verdicts.${verdict}`)}
        </Text>
        <Text size="sm">{t(isShort ? 'short' : `said.${verdict}`, numbers)}</Text>
        {!isShort && proposal !== null && (
          <Text size="sm" mt={4}>
            {t('proposal', {
              level: words.level(proposal.category, proposal.level).level,
              score: words.scoreLabel(proposal.score),
              from: number(proposal.from),
              to: number(proposal.to),
              expected: number(proposal.expected, 0),
            })}
          </Text>
        )}
        {action}
      </div>
    </div>
  )
}
