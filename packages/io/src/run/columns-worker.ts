/** A thread that works off slices of shared columns, whenever it is told to. */
import { Kernel, type Columns, type Definition, type Instant, type Results } from '@winnow/engine'
import { parentPort, workerData } from 'node:worker_threads'
import { Control } from './control.ts'
import { takeSlice } from './slices.ts'

export interface ColumnsWorkerData {
  readonly definition: Definition
  readonly columns: Columns
  readonly asOf: Instant
  readonly results: Results
  readonly control: SharedArrayBuffer
}

const { definition, columns, asOf, results, control: memory } = workerData as ColumnsWorkerData
const kernel = new Kernel(definition, columns, { asOf })
const control = new Control(memory)

parentPort!.on('message', () => {
  while (takeSlice(control, kernel, results, columns.count));
  parentPort!.postMessage('done')
})
parentPort!.postMessage('ready')
