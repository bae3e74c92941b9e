/** A thread that runs tasks over circles. It compiles the definition for itself: a plan is not plain data. */
import { compileDefinition, type Definition } from '@winnow/engine'
import { parentPort, workerData } from 'node:worker_threads'
import { runTask, type CircleWork, type Task } from './task.ts'

export interface WorkerData {
  readonly definition: Definition
  readonly task: Task
}

const { definition, task } = workerData as WorkerData
const plan = compileDefinition(definition)

parentPort!.on('message', (circles: readonly CircleWork[]) => {
  parentPort!.postMessage(circles.flatMap((circle) => runTask(plan, task, circle)))
})
