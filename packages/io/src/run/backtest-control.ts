/** What threads of a backtest share: leads that are done, and whether to stop. */
const DONE = 0
const STOPPED = 1

export class BacktestControl {
  readonly #places: Int32Array<SharedArrayBuffer>

  constructor(memory = new SharedArrayBuffer(8)) {
    this.#places = new Int32Array(memory)
  }

  get memory(): SharedArrayBuffer {
    return this.#places.buffer
  }

  get done(): number {
    return Atomics.load(this.#places, DONE)
  }

  get isStopped(): boolean {
    return Atomics.load(this.#places, STOPPED) === 1
  }

  advance(leads: number): void {
    Atomics.add(this.#places, DONE, leads)
  }

  stop(): void {
    Atomics.store(this.#places, STOPPED, 1)
  }
}
