/** What all parts of a report share: the result, the version that is looked at, and where a number leads. */
import type { BacktestFigure } from '@winnow/contract'
import type { BacktestResult, VersionResult } from '@winnow/engine'
import { createContext, useContext } from 'react'
import type { Reply } from '../../app/api.ts'
import type { ChartColors } from '../../ui/chart.tsx'
import type { EstimateWords } from './estimates.ts'

export type Backtest = Reply<'backtests', 'getBacktest'>
export type BacktestListed = Reply<'backtests', 'listBacktests'>['items'][number]

export interface Report {
  readonly backtest: Backtest
  readonly result: BacktestResult
  /** Which version single figures are of. */
  readonly index: number
  readonly version: VersionResult
  readonly says: EstimateWords
  readonly isPrinted: boolean
  readonly show: (figure: BacktestFigure) => void
}

export const ReportContext = createContext<Report | undefined>(undefined)

export function useReport(): Report {
  const report = useContext(ReportContext)
  if (report === undefined) throw new Error('not within a report')
  return report
}

const TONES = ['accent', 'high', 'cold', 'warm'] as const
const DASHES = ['solid', 'dashed', 'dotted', 'dashed'] as const

/** The version that is looked at has the accent; the others follow in their order. */
const placeOf = (version: number, chosen: number) => (version === chosen ? 0 : version < chosen ? version + 1 : version)

export const toneOfVersion = (colors: ChartColors, version: number, chosen: number): string =>
  colors[TONES[placeOf(version, chosen)] ?? 'soft']
export const dashOfVersion = (version: number, chosen: number) => DASHES[placeOf(version, chosen)] ?? 'dotted'
/** The same for what is drawn by style sheets. */
export const variableOfVersion = (version: number, chosen: number): string =>
  `var(--w-${TONES[placeOf(version, chosen)] ?? 'soft'})`
