/**
 * What is measured of a stream, for every lead of a chunk: each measure is one loop. Where the order of additions can show
 * in the last bit of a sum it is the incremental engine's: forwards for half-lives, newest first for other decays.
 */
import type { DecayPlan } from '../plan/decay.ts'
import { exp2 } from '../plan/exp2.ts'
import { microValue, type EachSpec } from '../plan/tally.ts'
import { DAY_MS, type Instant } from '../time.ts'
import type { Column } from './columns.ts'
import { grown } from './grown.ts'
import type { Stream } from './streams.ts'

/** Occurrences after an instant. */
export function countAfter({ rows, start, end, at, lead }: Stream, after: Instant, n: Float64Array): void {
  for (let index = start; index < end; index++) {
    const row = rows[index]
    // 1 or 0 without a branch, for nobody can foresee it: instants are whole.
    n[lead[row]] += Math.min(1, Math.max(0, at[row] - after))
  }
}

/** The latest occurrence. */
export function latest({ rows, start, end, at, lead }: Stream, last: Float64Array): void {
  for (let index = start; index < end; index++) last[lead[rows[index]]] = at[rows[index]]
}

/** Different days of occurrences after an instant. @param last  scratch, −∞ everywhere */
export function daysAfter(
  { rows, start, end, at, lead }: Stream,
  after: Instant,
  n: Float64Array,
  last: Float64Array,
): void {
  for (let index = start; index < end; index++) {
    const row = rows[index]
    const day = Math.floor(at[row] / DAY_MS)
    if (at[row] <= after || day === last[lead[row]]) continue
    last[lead[row]] = day
    n[lead[row]] += 1
  }
}

// --- Sums ------------------------------------------------------------------------------------------------------------

/** A property's values in micro-units; NaN where they are none. */
export interface Values {
  /** By row, or by code. */
  readonly numbers: Float64Array
  readonly codes: Uint16Array | Uint32Array | undefined
}

export function valuesOf(column: Column | undefined): Values | undefined {
  if (column === undefined) return undefined
  if (column.kind === 'numbers') return { numbers: column.values, codes: undefined }
  return { numbers: Float64Array.from(column.dictionary, microValue), codes: column.codes }
}

/** Sum over the occurrences after an instant, and how many have a number. */
export function sumAfter(
  { rows, start, end, at, lead, base }: Stream,
  { numbers, codes }: Values,
  after: Instant,
  into: { readonly sum: Float64Array; readonly numeric: Float64Array },
): void {
  const { sum, numeric } = into
  for (let index = start; index < end; index++) {
    const row = rows[index]
    if (at[row] <= after) continue
    const value = codes === undefined ? microValue(numbers[base + row]) : numbers[codes[base + row]]
    if (Number.isNaN(value)) continue
    sum[lead[row]] += value
    numeric[lead[row]] += 1
  }
}

// --- Frequency limits ------------------------------------------------------------------------------------------------

/** Keeps the occurrences that a limit counts. */
export class Limited {
  readonly #atMost: number
  readonly #withinMs: number
  #rows = new Int32Array(64)

  constructor({ atMost, withinMs }: NonNullable<EachSpec['limit']>) {
    this.#atMost = atMost
    this.#withinMs = withinMs
  }

  of(stream: Stream): Stream {
    const { rows, start, end, at, lead } = stream
    const counted = (this.#rows = grown(this.#rows, end - start))
    let count = 0
    for (let index = start; index < end; index++) {
      const row = rows[index]
      // The earliest of the `atMost` counted last: where it lies within, there are enough already.
      const earliest = count >= this.#atMost ? counted[count - this.#atMost] : -1
      const isEnough = earliest >= 0 && lead[earliest] === lead[row] && at[earliest] > at[row] - this.#withinMs
      if (!isEnough) counted[count++] = row
    }
    return { ...stream, rows: counted, start: 0, end: count }
  }
}

// --- Points that fade ------------------------------------------------------------------------------------------------

/** Points at the latest occurrence, each occurrence taking what is left of those before. @param last  −∞ everywhere */
export function fade(
  { rows, start, end, at, lead }: Stream,
  { points, halfLifeMs }: { readonly points: number; readonly halfLifeMs: number },
  sum: Float64Array,
  last: Float64Array,
): void {
  for (let index = start; index < end; index++) {
    const row = rows[index]
    const one = lead[row]
    sum[one] = sum[one] * exp2(-(at[row] - last[one]) / halfLifeMs) + points
    last[one] = at[row]
  }
}

/**
 * Sum of the weights of the occurrences after an instant, newest first. One loop for each way of fading, so that none asks at
 * every occurrence.
 */
export function weigh(
  stream: Stream,
  decay: DecayPlan,
  { after, asOf }: { readonly after: Instant; readonly asOf: Instant },
  sum: Float64Array,
): void {
  const { rows, start, end, at, lead } = stream
  switch (decay.kind) {
    case 'steps': {
      const { everyMs, losePercent } = decay
      for (let index = end - 1; index >= start; index--) {
        const row = rows[index]
        if (at[row] <= after) continue
        sum[lead[row]] += Math.max(0, 1 - (losePercent / 100) * Math.floor((asOf - at[row]) / everyMs))
      }
      break
    }
    case 'linear': {
      const { afterMs, overMs } = decay
      for (let index = end - 1; index >= start; index--) {
        const row = rows[index]
        const age = asOf - at[row]
        if (at[row] > after) sum[lead[row]] += age <= afterMs ? 1 : Math.max(0, 1 - (age - afterMs) / overMs)
      }
      break
    }
    case 'half_life':
      for (let index = end - 1; index >= start; index--) {
        const row = rows[index]
        if (at[row] > after) sum[lead[row]] += exp2(-(asOf - at[row]) / decay.halfLifeMs)
      }
      break
    case 'none':
    case 'expires':
      countAfter(stream, after, sum)
  }
}
