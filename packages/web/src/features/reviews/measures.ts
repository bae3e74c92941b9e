/** Promises and what came of them, in words. */
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../app/format.ts'
import type { Figures } from './review-page.tsx'

export type PromiseMade = NonNullable<Figures['promises'][number]['promise']>
type Measured = NonNullable<Figures['promises'][number]['measured']>

export const MEASURES = ['acceptance_rate', 'win_rate', 'handovers_per_week', 'hours_to_follow_up'] as const
export const isRate = (measure: PromiseMade['measure']): boolean => measure.endsWith('_rate')

export function useMeasureWords() {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const amount = (measure: PromiseMade['measure'], value: number) =>
    isRate(measure) ? formats.percent(value) : formats.number(value)
  return {
    promise: ({ measure, goal, value }: PromiseMade) =>
      `${t(`measures.${measure}`)} ${t(`goals.${goal}`, { value: amount(measure, value) })}`,
    now: (measure: PromiseMade['measure'], { value, low, high }: Measured) => {
      if (value === null) return ''
      const shown = amount(measure, value)
      if (low === null || high === null) return t('promises.nowOnly', { value: shown })
      const range = t('range', { low: amount(measure, low), high: amount(measure, high) })
      return t('promises.now', { value: shown, range })
    },
  }
}
