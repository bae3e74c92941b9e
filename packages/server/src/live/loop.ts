import type { Logger } from 'pino'

export interface LoopOptions {
  readonly name: string
  /** @returns how much there was to do; nothing means: rest */
  readonly run: () => Promise<number>
  readonly restMs: number
}

/** Does something again and again, resting while there is nothing to do, and after a failure. */
export class Loop {
  private readonly log: Logger
  private readonly options: LoopOptions
  private isStopped = false
  private isAwaited = false
  private running: Promise<void> = Promise.resolve()
  private endRest: () => void = () => {}

  constructor(log: Logger, options: LoopOptions) {
    this.log = log
    this.options = options
  }

  start(): void {
    this.running = this.go()
  }

  stop(): Promise<void> {
    this.isStopped = true
    this.endRest()
    return this.running
  }

  /** Somebody has brought something: looks again at once, or when what is being done is done. */
  wake = (): void => {
    this.isAwaited = true
    this.endRest()
  }

  private async go(): Promise<void> {
    const { run, restMs, name } = this.options
    while (!this.isStopped) {
      let done = 0
      this.isAwaited = false
      try {
        done = await run()
      } catch (error) {
        this.log.error({ err: error, loop: name }, 'a round failed and will be tried again')
      }
      if (done === 0 && !this.isStopped && !this.isAwaited) await this.rest(restMs)
    }
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.endRest = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
