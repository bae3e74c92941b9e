/** What another threshold would do, read from arrays that the backtest has made. Pure. */
import type { Estimate, ThresholdCurve } from '@winnow/engine'

/** 95 % of a share. */
export type Interval = (successes: number, count: number) => Estimate

export interface ThresholdReading {
  /** Its place among the steps, and what it is in points. */
  readonly step: number
  readonly at: number
  readonly entered: number
  readonly perWeek: number
  readonly perBusyWeek: number
  readonly won: number
  readonly winRate: Estimate
  readonly revenue: number
  /** Of what was won in the period, the share that had come so far before. */
  readonly captured: Estimate
}

const STEPS = 100

type Range = Pick<ThresholdCurve, 'low' | 'high'>

/** The step that lies nearest to so many points. */
export const stepOf = ({ low, high }: Range, points: number): number =>
  high > low ? Math.min(STEPS, Math.max(0, Math.round(((points - low) / (high - low)) * STEPS))) : 0
export const pointsOf = ({ low, high }: Range, step: number): number => low + ((high - low) * step) / STEPS

/** @param wins  in the period, whoever had seen them coming */
export function readThreshold(
  curve: ThresholdCurve,
  step: number,
  { wins, interval }: { readonly wins: number; readonly interval: Interval },
): ThresholdReading {
  const of = (values: readonly number[]) => values[step] ?? 0
  return {
    step,
    at: pointsOf(curve, step),
    entered: of(curve.entered),
    perWeek: of(curve.perWeek),
    perBusyWeek: of(curve.perBusyWeek),
    won: of(curve.won),
    winRate: interval(of(curve.won), of(curve.followed)),
    revenue: of(curve.revenue),
    captured: interval(of(curve.winsBefore), wins),
  }
}

/** The lowest step at which no more come in a usual week than there is room for; none where even the highest brings more. */
export function thresholdFor({ perWeek }: ThresholdCurve, capacity: number): number | undefined {
  const at = perWeek.findIndex((entries) => entries <= capacity)
  return at < 0 ? undefined : at
}
