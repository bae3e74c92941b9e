/** An import's state and sizes as people say them. */
import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Job } from './mapping.ts'

const COLORS = {
  uploaded: 'gray',
  waiting: 'gray',
  running: 'spruce',
  done: 'spruce',
  failed: 'red',
  cancelled: 'gray',
} as const satisfies Record<Job['state'], string>

export function JobState({ job: { state, isTrial } }: { readonly job: Job }) {
  const { t } = useTranslation('import')
  const said = isTrial && state === 'done' ? t('state.tried') : t(`state.${state}`)
  return (
    <Badge variant="light" color={COLORS[state]} radius="sm" tt="none" fw={560}>
      {said}
    </Badge>
  )
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

export function useFileSize(): (bytes: number) => string {
  const { i18n } = useTranslation()
  return (bytes) => {
    const step = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
    return new Intl.NumberFormat(i18n.language, {
      style: 'unit',
      unit: UNITS[step]!,
      unitDisplay: 'short',
      maximumFractionDigits: 1,
    }).format(bytes / 1000 ** step)
  }
}
