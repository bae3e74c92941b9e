import { parentPort, workerData } from 'node:worker_threads'
import { doJob, type Job } from './engine-tasks.ts'

parentPort!.postMessage(doJob(workerData as Job))
