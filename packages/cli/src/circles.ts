import type { Definition, Instant } from '@winnow/engine'
import { readCircles, TimeSpan, type CircleWork } from '@winnow/io'
import type { InputRun } from './input.ts'

export interface OpenedCircles {
  readonly circles: AsyncIterable<CircleWork>
  /** Of the facts that have been read; of all of them, where they were gathered first. */
  readonly span: TimeSpan
  /** Instant of the last fact, where all of them were gathered first. */
  readonly last: Instant
}

/**
 * The circles of the input files; `undefined` where there is none.
 * @param isGathering  read everything before the first circle, so that the last fact is known
 */
export async function openCircles(
  definition: Definition,
  files: readonly string[],
  input: InputRun,
  isGathering: boolean,
): Promise<OpenedCircles | undefined> {
  const span = new TimeSpan()
  const circles = readCircles(input.inputs, files, {
    definition,
    isGathering,
    onRefusals: input.onRefusals,
    onFacts: (facts) => span.add(facts),
  })
  const first = await circles.next()
  return first.done ? undefined : { circles: resume(first.value, circles), span, last: span.last! }
}

async function* resume<T>(taken: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield taken
  yield* rest
}
