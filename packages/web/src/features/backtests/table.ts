/** Tables of figures, as a screen shows them and a reader hears them. */
import type { Estimate } from '@winnow/engine'
import type { BacktestFigure } from '@winnow/contract'

export interface Column {
  readonly label: string
  readonly isNumber?: boolean
}

export interface Cell {
  readonly text: string
  /** Whose leads a click shows. */
  readonly figure?: BacktestFigure | undefined
  /** Drawn beside the text: where a rate lies between nothing and all. */
  readonly mark?: Estimate
  readonly tone?: 'good' | 'bad' | 'soft'
}

export interface FigureTable {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}
