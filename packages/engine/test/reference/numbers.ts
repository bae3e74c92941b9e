import type { Comparison } from '../../src/definition/language.ts'
import { parseDuration } from '../../src/time.ts'

/** Points in whole millionths. */
export const micro = (points: number): number => Math.floor(points * 1_000_000 + 0.5)

/** Whether a value passes every operator of a comparison. `literal` says how its numbers are read. */
export function holds(
  comparison: Partial<Comparison>,
  value: number,
  literal: (written: number) => number = (written) => written,
): boolean {
  const { is, at_least, at_most, above, below, between } = comparison
  return (
    (is === undefined || value === literal(is)) &&
    (at_least === undefined || value >= literal(at_least)) &&
    (at_most === undefined || value <= literal(at_most)) &&
    (above === undefined || value > literal(above)) &&
    (below === undefined || value < literal(below)) &&
    (between === undefined || (value >= literal(between[0]) && value <= literal(between[1])))
  )
}

/** Whether a comparison may come out differently for two values from `low` to `high`. */
export function mayFlip(
  comparison: Partial<Comparison>,
  range: { readonly low: number; readonly high: number },
  literal: (written: number) => number,
): boolean {
  const { low, high } = range
  const { is, at_least, at_most, above, below, between } = comparison
  const isCrossed = (bound: number) => low < literal(bound) && literal(bound) <= high
  const isLeft = (bound: number) => low <= literal(bound) && literal(bound) < high
  return (
    (is !== undefined && low < high && low <= literal(is) && literal(is) <= high) ||
    (at_least !== undefined && isCrossed(at_least)) ||
    (below !== undefined && isCrossed(below)) ||
    (at_most !== undefined && isLeft(at_most)) ||
    (above !== undefined && isLeft(above)) ||
    (between !== undefined && (isCrossed(between[0]) || isLeft(between[1])))
  )
}

const durations = new Map<string, number>()

/** Milliseconds of a written duration. */
export function ms(written: string): number {
  let length = durations.get(written)
  if (length === undefined) durations.set(written, (length = parseDuration(written)))
  return length
}

/** A function whose answer for one and the same object is worked out once. */
export function once<Key extends object, Answer>(work: (key: Key) => Answer): (key: Key) => Answer {
  const answers = new WeakMap<Key, { readonly answer: Answer }>()
  return (key) => {
    const known = answers.get(key) ?? { answer: work(key) }
    answers.set(key, known)
    return known.answer
  }
}
