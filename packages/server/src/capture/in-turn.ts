/** One thing after the other: whoever asks for the next waits for what is on its way, also where that fails. */
export class InTurn {
  private last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work)
    this.last = done.catch(() => {}) // whoever asked for it hears of it
    return done
  }
}
