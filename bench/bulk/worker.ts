/** Scores a range of the rows of shared columns. */
import { parentPort, workerData } from 'node:worker_threads'
import { compileDefinition, bulkAssess, openBulkResults, Kernel, type Columns } from '@winnow/engine'
import { AS_OF } from './data.ts'
import { makeDefinition } from './definition.ts'

const { columns } = workerData as { columns: Columns }
const plan = compileDefinition(makeDefinition())
const kernel = new Kernel(plan.definition, columns, { asOf: AS_OF })
const results = openBulkResults(plan, columns, kernel, { withHistory: false })

parentPort!.on('message', (range: { from: number; end: number }) => {
  bulkAssess(plan, columns, { asOf: AS_OF, range, results })
  parentPort!.postMessage('done')
})
parentPort!.postMessage('ready')
