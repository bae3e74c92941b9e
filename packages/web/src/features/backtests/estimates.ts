/** Figures and what is not known about them, as they are read. Pure. */
import type { Estimate } from '@winnow/engine'
import type { Formats } from '../../app/format.ts'

export const NOTHING = '–'

export interface EstimateWords {
  /** `82% (74–88)` */
  readonly rate: (estimate: Estimate) => string
  readonly rateAlone: (share: number | null) => string
  /** `31 (27–36)` */
  readonly amount: (estimate: Estimate, decimals?: number) => string
  readonly money: (estimate: Estimate, currency?: string) => string
  /** `+18 (+9 to +27)`, in points of a hundred. */
  readonly ratePoints: (estimate: Estimate) => string
  readonly signed: (estimate: Estimate, decimals?: number) => string
}

/** @param to  what stands between two ends of which one may be negative */
export function estimateWords(formats: Formats, to: string): EstimateWords {
  const { number, percent } = formats
  const rateDecimals = (value: number) => (value > 0 && value < 0.1 ? 1 : 0)
  const ends = ({ low, high }: Estimate, write: (end: number) => string): string => {
    if (low === null || high === null) return ''
    return low < 0 ? ` (${write(low)} ${to} ${write(high)})` : ` (${write(low)}–${write(high)})`
  }
  const plus = (value: number, decimals: number) => {
    const written = number(value, decimals)
    return value > 0 && written !== '0' ? `+${written}` : written
  }
  const signed = (estimate: Estimate, decimals: number, scale: number) => {
    if (estimate.value === null) return NOTHING
    const write = (end: number) => plus(end * scale, decimals)
    const { low, high } = estimate
    const range = low === null || high === null ? '' : ` (${write(low)} ${to} ${write(high)})`
    return `${write(estimate.value)}${range}`
  }
  return {
    rate(estimate) {
      if (estimate.value === null) return NOTHING
      const decimals = rateDecimals(estimate.value)
      return `${percent(estimate.value, decimals)}${ends(estimate, (end) => number(end * 100, decimals))}`
    },
    rateAlone: (share) => (share === null ? NOTHING : percent(share, rateDecimals(share))),
    amount: (estimate, decimals = 0) =>
      estimate.value === null
        ? NOTHING
        : `${number(estimate.value, decimals)}${ends(estimate, (end) => number(end, decimals))}`,
    money: (estimate, currency) =>
      estimate.value === null
        ? NOTHING
        : `${formats.money(estimate.value, currency)}${ends(estimate, (end) => formats.money(end, currency))}`,
    ratePoints: (estimate) => signed(estimate, Math.abs(estimate.value ?? 1) < 0.1 ? 1 : 0, 100),
    signed: (estimate, decimals = 1) => signed(estimate, decimals, 1),
  }
}
