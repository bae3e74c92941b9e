import type { backtests } from '@winnow/contract'
import { ServerError } from '../errors.ts'
import type { HandlersOf } from '../http/handler.ts'

const notYet = (): never => {
  throw new ServerError('unavailable', 'backtests cannot be run yet')
}

export function backtestHandlers(): HandlersOf<typeof backtests> {
  return {
    startBacktest: notYet,
    listBacktests: notYet,
    getBacktest: notYet,
    cancelBacktest: notYet,
    deleteBacktest: notYet,
    rerunBacktest: notYet,
    listBacktestLeads: notYet,
    explainBacktestLead: notYet,
    readThreshold: notYet,
    downloadBacktestTable: notYet,
    downloadBacktest: notYet,
    runGate: notYet,
    getGate: notYet,
  }
}
