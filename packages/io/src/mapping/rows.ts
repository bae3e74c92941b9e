import { hash } from 'node:crypto'
import type { Fact } from '@winnow/engine'
import type { RefusalCode } from '../refusal.ts'
import { CellFault } from './fault.ts'
import type { Cells, Read } from './cells.ts'

export interface RowFault {
  readonly column: string
  readonly code: RefusalCode
  readonly reason: string
}

/** What a row says. */
export interface RowFacts {
  /** What tells this row from others: the same in every import of the file. */
  readonly key: string
  /** Everything that was read; a second row with this key and another body contradicts the first. */
  readonly body: string
  readonly facts: readonly Fact[]
  readonly faults: readonly RowFault[]
}

export interface RowReader {
  /** No two rows are about the same lead or account, so each row can be looked at on its own. */
  readonly isRowWhole: boolean
  /** Columns of the file that nothing is read from. */
  readonly unused: readonly string[]
  /** Attribute → column, for the person who wants to see what was understood. */
  readonly attributes: Readonly<Record<string, string>>
  readonly read: (cells: Cells) => RowFacts
}

/** Reads from one row and keeps what is at fault. */
export class RowSlip {
  readonly faults: RowFault[] = []
  readonly cells: Cells
  /** An essential cell is missing or at fault: the row says nothing. */
  isVoid = false

  constructor(cells: Cells) {
    this.cells = cells
  }

  maybe<T>({ column, read }: Read<T>): T | undefined {
    const found = read(this.cells)
    if (!(found instanceof CellFault)) return found
    this.faults.push({ column, code: found.code, reason: found.reason })
    return undefined
  }

  /** Like `maybe`, for what a row cannot do without. */
  require<T>(from: Read<T>, says: string): T | undefined {
    const faultsBefore = this.faults.length
    const found = this.maybe(from)
    if (found !== undefined) return found
    this.isVoid = true
    if (this.faults.length === faultsBefore) {
      this.faults.push({ column: from.column, code: 'value_missing', reason: `${says} is missing` })
    }
    return undefined
  }
}

/** Id of what a row tells: the same whenever the same row is read. */
export const rowHash = (kind: string, parts: readonly string[]): string =>
  hash('sha256', JSON.stringify([kind, ...parts]), 'base64url').slice(0, 22)
