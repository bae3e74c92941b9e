/** A thread that traces a stretch of leads. */
import {
  FactTableReader,
  leadId,
  Tracer,
  type BacktestVersion,
  type FactTable,
  type TraceOptions,
} from '@winnow/engine'
import { parentPort, workerData } from 'node:worker_threads'
import { Control } from './control.ts'
import { buffersOf } from './buffers.ts'

export interface BacktestWorkerData {
  readonly versions: readonly BacktestVersion[]
  readonly options: TraceOptions
  readonly table: FactTable
  readonly begin: number
  readonly end: number
  readonly control: SharedArrayBuffer
}

/** Leads between two looks at whether to stop. */
const STEP = 512

const { versions, options, table, begin, end, control: memory } = workerData as BacktestWorkerData
const control = new Control(memory)
const tracer = new Tracer(versions, options)
const reader = new FactTableReader(table)
for (let from = begin; from < end && !control.isStopped; from += STEP) {
  const to = Math.min(end, from + STEP)
  for (let row = from; row < to; row++) {
    // The caller knows what rows are called.
    const lead = leadId(String(row))
    tracer.add([lead], reader.read(row, lead))
  }
  control.advance(to - from)
}
const traces = tracer.finish()
parentPort!.postMessage(traces, buffersOf(traces))
