/** A worker that is begun anew where it does not start, or ends by itself; what was asked is asked again, and answered once. */
import { READY, type Answered, type Answers, type Asked, type Question } from './protocol.ts'

export interface Engine {
  readonly ask: <Kind extends Question['ask']>(question: Extract<Question, { ask: Kind }>) => Promise<Answers[Kind]>
  readonly close: () => void
}

export type EngineWorker = Pick<Worker, 'addEventListener' | 'postMessage' | 'terminate'>

interface Options {
  readonly make: () => EngineWorker
  /** It has been begun as often as makes sense: nothing is answered any more. */
  readonly giveUp: () => void
}

/** Before each further beginning; after the last of them nobody hopes any more. */
const PAUSES_MS = [300, 1_500, 5_000]
/** A worker that has not said that it is there by then, on the slowest line, is not coming. */
const SILENT_MS = 30_000

interface Waiting {
  readonly question: Question
  readonly resolve: (answer: never) => void
  readonly reject: (error: Error) => void
}

export function startEngine(options: Options): Engine {
  return new LastingWorker(options)
}

class LastingWorker implements Engine {
  private readonly options: Options
  private readonly waiting = new Map<number, Waiting>()
  /** What a new worker has to be told, for it remembers nothing. */
  private sample: Question | undefined
  private worker: EngineWorker | undefined
  private lastId = 0
  private beginnings = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private isOver = false

  constructor(options: Options) {
    this.options = options
    this.begin()
  }

  ask: Engine['ask'] = (question) =>
    new Promise((resolve, reject) => {
      if (this.isOver) return reject(new Error('the engine has ended'))
      const id = ++this.lastId
      if (question.ask === 'sample') this.sample = question
      this.waiting.set(id, { question, resolve, reject })
      this.worker?.postMessage({ ...question, id } satisfies Asked)
    })

  close = (): void => {
    this.isOver = true
    this.end()
    for (const { reject } of this.waiting.values()) reject(new Error('the engine has ended'))
    this.waiting.clear()
  }

  private begin(): void {
    const worker = this.options.make()
    this.worker = worker
    const fail = () => this.worker === worker && this.beginAgain()
    worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => this.hear(data))
    worker.addEventListener('error', fail)
    worker.addEventListener('messageerror', fail)
    this.timer = setTimeout(fail, SILENT_MS)
    const isAsked = [...this.waiting.values()].some(({ question }) => question === this.sample)
    if (this.sample !== undefined && !isAsked) worker.postMessage({ ...this.sample, id: READY } satisfies Asked)
    for (const [id, { question }] of this.waiting) worker.postMessage({ ...question, id } satisfies Asked)
  }

  private beginAgain(): void {
    this.end()
    const pauseMs = PAUSES_MS[this.beginnings++]
    if (pauseMs !== undefined) {
      this.timer = setTimeout(() => this.begin(), pauseMs)
      return
    }
    this.close()
    this.options.giveUp()
  }

  private end(): void {
    clearTimeout(this.timer)
    this.worker?.terminate()
    this.worker = undefined
  }

  private hear({ id, answer, error }: Answered): void {
    clearTimeout(this.timer) // it is there
    const asked = this.waiting.get(id)
    this.waiting.delete(id)
    if (error === undefined) asked?.resolve(answer as never)
    else asked?.reject(new Error(error))
  }
}
