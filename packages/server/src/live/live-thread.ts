/**
 * The live heart in a thread of its own: whoever speaks HTTP need not wait for assessments, nor they for HTTP. What goes over is
 * text: JSON is written and read in half the time that a structured copy takes.
 */
import { getCompileCacheDir } from 'node:module'
import { Worker } from 'node:worker_threads'
import { ServerError, type ServerErrorCode } from '../errors.ts'
import type { Intake, Taken } from './intake.ts'
import type { LiveReport, LiveRequest, LiveSettings, TakeAnswer, TakeJob, ToldError } from './live-worker.ts'
import type { Live, LiveOptions } from './runtime.ts'

interface Waiting {
  readonly resolve: (taken: Taken[]) => void
  readonly reject: (error: unknown) => void
}

/** @param settings  with the address of the database: the thread has connections of its own */
export function createLiveThread(settings: LiveSettings, options: LiveOptions = {}): Live {
  return new LiveThread(settings, options)
}

class LiveThread implements Live {
  private readonly worker: Worker
  private readonly options: LiveOptions
  private readonly waiting = new Map<number, Waiting>()
  private jobs: TakeJob[] = []
  private lastId = 0
  private waitingMessages = 0
  private stopped: PromiseWithResolvers<void> | undefined
  private isClosed = false

  constructor(workerData: LiveSettings, options: LiveOptions) {
    this.options = options
    this.worker = new Worker(new URL('live-worker.ts', import.meta.url), { workerData, env: withCompileCache() })
    this.worker.on('message', (text: string) => this.hear(JSON.parse(text) as LiveReport))
    // A bug there is one of the whole server, as it would be here.
    this.worker.on('error', (error) => {
      throw error
    })
  }

  take = (messages: readonly Intake[]): Promise<Taken[]> => {
    if (messages.length === 0) return Promise.resolve([])
    if (this.isClosed) return Promise.reject(new ServerError('unavailable', 'Winnow is stopping'))
    return new Promise((resolve, reject) => {
      const id = ++this.lastId
      this.waiting.set(id, { resolve, reject })
      const isFirst = this.jobs.push({ id, messages: messages.map(sent) }) === 1
      if (isFirst) setImmediate(() => this.sendJobs())
    })
  }

  depth = (): number => this.waitingMessages

  start = (): void => this.send({ kind: 'start' })

  stop = (): Promise<void> => {
    if (this.stopped === undefined) {
      this.stopped = Promise.withResolvers()
      this.sendJobs()
      this.send({ kind: 'stop' })
    }
    return this.stopped.promise
  }

  close = async (): Promise<void> => {
    await this.stop()
    this.isClosed = true
    await this.worker.terminate()
    for (const { reject } of this.waiting.values()) reject(new ServerError('unavailable', 'Winnow is stopping'))
    this.waiting.clear()
  }

  /** What has come by the end of this turn goes over together. */
  private sendJobs(): void {
    const { jobs } = this
    this.jobs = []
    if (jobs.length > 0) this.send({ kind: 'take', jobs })
  }

  private send(request: LiveRequest): void {
    this.worker.postMessage(JSON.stringify(request))
  }

  private hear({ answers, batches, due, hasChanged, depth, isStopped }: LiveReport): void {
    this.waitingMessages = depth
    for (const answer of answers) this.settle(answer)
    for (const batch of batches) this.options.observe?.(batch)
    for (const { circles, ms } of due) this.options.observeDue?.(circles, ms)
    if (hasChanged) this.options.changed?.()
    if (isStopped) this.stopped?.resolve()
  }

  private settle(answer: TakeAnswer): void {
    const waiting = this.waiting.get(answer.id)
    this.waiting.delete(answer.id)
    if ('error' in answer) waiting?.reject(errorOf(answer.error))
    else waiting?.resolve(answer.taken)
  }
}

/** Threads do not inherit where the process keeps what it has compiled, and compiling takes time and tens of megabytes. */
function withCompileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir()
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: folder }
}

const sent = ({ digest, ...intake }: Intake): TakeJob['messages'][number] => ({
  ...intake,
  digest: Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('base64'),
})

function errorOf({ name, message, stack, code, database, more }: ToldError): Error {
  if (name === 'ServerError') return new ServerError(code as ServerErrorCode, message, more)
  return Object.assign(new Error(message), { name, stack, ...(code !== undefined && { code }), ...database })
}
