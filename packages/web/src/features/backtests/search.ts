/** What is looked at, as addresses of backtests say it. */
import type { BacktestFigure } from '@winnow/contract'
import { readFigure } from './figure.ts'

export const TABS = ['overview', 'outcomes', 'capacity', 'names', 'moves', 'segments', 'thresholds', 'method'] as const
export type Tab = (typeof TABS)[number]

export interface BacktestSearch {
  readonly tab?: Tab
  /** Which of the versions single figures are of; the last where not given. */
  readonly version?: number
  /** Whose leads the drawer lists. */
  readonly figure?: BacktestFigure
}

export function readBacktestSearch({ tab, version, figure }: Readonly<Record<string, unknown>>): BacktestSearch {
  const shown = TABS.find((each) => each === tab)
  const read = readFigure(figure)
  return {
    ...(shown !== undefined && { tab: shown }),
    ...(Number.isInteger(version) && (version as number) >= 0 && { version: version as number }),
    ...(read !== undefined && { figure: read }),
  }
}

/** The list: whether a new one is being prepared, and for which draft. */
export interface BacktestsSearch {
  readonly new?: true
  readonly draft?: string
}

export function readBacktestsSearch(given: Readonly<Record<string, unknown>>): BacktestsSearch {
  const draft = given['draft']
  return { ...(given['new'] === true && { new: true }), ...(typeof draft === 'string' && { draft }) }
}
