/** Where the engine runs. */
import { Worker as Thread } from 'node:worker_threads'
import type { Page } from '@playwright/test'
import type { doJob, Job, Output, TaskName } from './engine-tasks.ts'

/** Does a job somewhere; gives what the task gives, as plain data. */
type Place = (page: Page, job: Job) => Promise<unknown>

interface Bundle {
  readonly doJob: typeof doJob
}

/** The page has the bundle of `engine-tasks.ts` open. */
const inPage: Place = (page, job) =>
  page.evaluate(async (job) => {
    const path = '/bundle.js'
    const { doJob } = (await import(path)) as Bundle
    return doJob(job)
  }, job)

/** The same bundle in a worker that the page starts from a blob. */
const inWebWorker: Place = (page, job) =>
  page.evaluate((job) => {
    const source = `
      import { doJob } from '${location.origin}/bundle.js'
      onmessage = ({ data }) => postMessage(doJob(data))`
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
    const worker = new Worker(url, { type: 'module' })
    return new Promise<unknown>((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => resolve(data))
      worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the worker did not start')))
      worker.postMessage(job)
    })
  }, job)

/** The sources themselves, as Node reads them. */
const inThread: Place = (_, job) => {
  const thread = new Thread(new URL('engine-thread.ts', import.meta.url), {
    workerData: job,
    execArgv: [], // without the test runner's own way of reading TypeScript
  })
  return new Promise((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
  })
}

const PLACES = { 'in a page': inPage, 'in a web worker': inWebWorker, 'in a worker thread': inThread } as const

export type PlaceName = keyof typeof PLACES
export const PLACE_NAMES = Object.keys(PLACES) as readonly PlaceName[]

export async function doThere<T extends TaskName>(place: PlaceName, page: Page, job: Job<T>): Promise<Output<T>> {
  return (await PLACES[place](page, job)) as Output<T>
}
