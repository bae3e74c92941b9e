/** What threads that work on one thing share: what has been claimed and done, and whether to stop. */

/** Places in the shared memory: the next row to claim, rows that are done, and whether to stop. */
const NEXT = 0
const DONE = 1
const STOPPED = 2

/** Shared by all threads of a run. */
export class Control {
  readonly #places: Int32Array<SharedArrayBuffer>

  constructor(memory = new SharedArrayBuffer(12)) {
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

  /** @returns the first of so many rows, which are this thread's now */
  claim(rows: number): number {
    return Atomics.add(this.#places, NEXT, rows)
  }

  advance(rows: number): void {
    Atomics.add(this.#places, DONE, rows)
  }

  stop(): void {
    Atomics.store(this.#places, STOPPED, 1)
  }

  /** Ready for another run. */
  reset(): void {
    for (const place of [NEXT, DONE, STOPPED]) Atomics.store(this.#places, place, 0)
  }
}
