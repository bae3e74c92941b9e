/**
 * Functions of a number that are constant between a few literals: every test and table of the language is one. They are
 * asked once for every interval, and never again for every row.
 */
import { readInstant } from '../time.ts'

/** `values[k]` holds for numbers that reach exactly `k` of the edges, which rise. */
export interface Staircase<T> {
  readonly edges: Float64Array
  readonly values: readonly T[]
}

/**
 * @param breaks  every number at which the function may differ from its neighbours
 * @param valueAt  asked only for finite numbers
 */
export function staircase<T>(breaks: Iterable<number>, valueAt: (x: number) => T): Staircase<T> {
  const candidates = [...new Set([...breaks].flatMap((each) => [each, above(each)]))]
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  const edges: number[] = []
  const values = [valueAt(candidates.length === 0 ? 0 : below(candidates[0]))]
  for (const edge of candidates) {
    const value = valueAt(edge)
    if (value === values[values.length - 1]) continue
    edges.push(edge)
    values.push(value)
  }
  return { edges: Float64Array.from(edges), values }
}

/** How many of the rising edges a number reaches; a number that is NaN reaches none. */
export function reached(edges: Float64Array, x: number): number {
  let count = 0
  while (count < edges.length && x >= edges[count]) count++
  return count
}

const double = new Float64Array(1)
const bits = new BigInt64Array(double.buffer)

/** The next larger double. */
function above(x: number): number {
  double[0] = x + 0 // −0 becomes 0, whose neighbour is the smallest positive number
  bits[0] += x >= 0 ? 1n : -1n
  return double[0]
}

const below = (x: number) => -above(-x)

type Literal = string | number | boolean

/** Numbers and instants among the literals of a test, however deep in lists. */
export function literalsOf(test: object): number[] {
  const found: number[] = []
  const visit = (value: Literal | readonly Literal[] | object) => {
    if (typeof value === 'number') found.push(value)
    else if (typeof value === 'string') found.push(...instantOf(value))
    else if (typeof value === 'object') Object.values(value).forEach(visit)
  }
  visit(test)
  return found
}

const instantOf = (text: string): number[] => {
  const instant = readInstant(text)
  return instant === undefined ? [] : [instant]
}
