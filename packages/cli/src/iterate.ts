/** What was taken from an iterator, and what is left of it. */
export async function* resume<T>(taken: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield taken
  yield* rest
}
