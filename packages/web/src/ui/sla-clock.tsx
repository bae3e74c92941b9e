import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../app/clock.ts'
import { useFormats } from '../app/format.ts'
import classes from './sla-clock.module.css'

/** So long before it is due a service level asks for attention. */
const SOON_MS = 8 * 3_600_000

/** Counts down to a service level, and up from its breach. An icon says which, not colour alone. */
export function SlaClock({ dueAt }: { readonly dueAt: string }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const left = Date.parse(dueAt) - useNow()
  const isBreached = left < 0
  const state = isBreached ? 'breached' : left < SOON_MS ? 'soon' : 'calm'
  const Icon = isBreached ? IconAlertTriangle : IconClock
  const duration = formats.duration(left)
  return (
    // The browser's own tooltip: there is one in every row of a list.
    <time
      dateTime={dueAt}
      className={classes.clock}
      data-state={state}
      title={t('sla.due', { at: formats.dateTime(dueAt) })}
    >
      <Icon size={14} stroke={1.8} aria-hidden />
      {isBreached ? t('sla.breached', { duration }) : t('sla.left', { duration })}
    </time>
  )
}
