/** What threads that work off the same columns share: rows are claimed slice by slice, so that none waits for a slower one. */
import type { Kernel, Results } from '@winnow/engine'

/** Rows claimed at a time: some milliseconds of work. */
export const SLICE = 4096

/** Places in the shared control: the next row to claim, rows that are done, and whether to stop. */
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

  stop(): void {
    Atomics.store(this.#places, STOPPED, 1)
  }

  /** Ready for another run. */
  reset(): void {
    for (const place of [NEXT, DONE, STOPPED]) Atomics.store(this.#places, place, 0)
  }

  /** Works off one slice. @returns whether there was one */
  takeSlice(kernel: Kernel, results: Results, rows: number): boolean {
    if (this.isStopped) return false
    const from = Atomics.add(this.#places, NEXT, SLICE)
    if (from >= rows) return false
    const end = Math.min(from + SLICE, rows)
    for (let row = from; row < end;) row = kernel.run(row, end, results)
    Atomics.add(this.#places, DONE, end - from)
    return true
  }
}
