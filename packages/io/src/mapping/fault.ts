import type { RefusalCode } from '../refusal.ts'

/** Why a cell cannot be read. */
export class CellFault {
  readonly code: RefusalCode
  readonly reason: string
  constructor(code: RefusalCode, reason: string) {
    this.code = code
    this.reason = reason
  }
}
