/**
 * What is measured of a stream, for every lead of a chunk: each measure is one loop. Where the order of additions can show
 * in the last bit of a sum it is the incremental engine's: forwards for half-lives, newest first for other decays.
 */
import type { DecayPlan } from '../plan/decay.ts'
import { exp2 } from '../plan/exp2.ts'
import { micro } from '../plan/points.ts'
import { isValue, microValue, type EachSpec } from '../plan/tally.ts'
import { DAY_MS, type Instant } from '../time.ts'
import type { Codes, Column } from './columns.ts'
import type { Stream } from './streams.ts'

/** Occurrences after an instant. */
export function countAfter({ start, end, at, lead }: Stream, after: Instant, n: Int32Array): void {
  // 1 or 0 without a branch, for nobody can foresee it.
  for (let index = start; index < end; index++) n[lead[index]] += Number(at[index] > after)
}

/** The latest occurrence. */
export function latest({ start, end, at, lead }: Stream, last: Float64Array): void {
  for (let index = start; index < end; index++) last[lead[index]] = at[index]
}

/** Different days of occurrences after an instant. @param last  scratch, −∞ everywhere */
export function daysAfter({ start, end, at, lead }: Stream, after: Instant, n: Int32Array, last: Float64Array): void {
  for (let index = start; index < end; index++) {
    const day = Math.floor(at[index] / DAY_MS)
    if (at[index] <= after || day === last[lead[index]]) continue
    last[lead[index]] = day
    n[lead[index]] += 1
  }
}

// --- Sums ------------------------------------------------------------------------------------------------------------

/** A property's micro-values by code, NaN where they are none; or its numbers as they are. */
export type Values =
  | { readonly micros: Float64Array; readonly codes: Codes }
  | { readonly numbers: Float64Array; readonly codes?: undefined }

export function valuesOf(column: Column | undefined): Values | undefined {
  if (column === undefined) return undefined
  if (column.kind === 'numbers') return { numbers: column.values }
  return { micros: Float64Array.from(column.dictionary, microValue), codes: column.codes }
}

/** Sum over the occurrences after an instant. */
export function sumAfter(stream: Stream, values: Values, after: Instant, sum: Float64Array): void {
  const { start, end, at, lead, rows, base } = stream
  if (values.codes === undefined) {
    const { numbers } = values
    for (let index = start; index < end; index++) {
      const value = numbers[base + rows[index]]
      if (isValue(value)) sum[lead[index]] += micro(value) * Number(at[index] > after)
    }
  } else {
    const { micros, codes } = values
    for (let index = start; index < end; index++) {
      const value = micros[codes[base + rows[index]]]
      if (!Number.isNaN(value)) sum[lead[index]] += value * Number(at[index] > after)
    }
  }
}

/** How many of the occurrences after an instant have a number. */
export function countNumbersAfter(stream: Stream, values: Values, after: Instant, n: Int32Array): void {
  const { start, end, at, lead, rows, base } = stream
  for (let index = start; index < end; index++) {
    const row = base + rows[index]
    const value = values.codes === undefined ? values.numbers[row] : values.micros[values.codes[row]]
    const hasNumber = values.codes === undefined ? isValue(value) : !Number.isNaN(value)
    if (hasNumber) n[lead[index]] += Number(at[index] > after)
  }
}

// --- Frequency limits ------------------------------------------------------------------------------------------------

/** Keeps the occurrences that a limit counts. */
export class Limited {
  readonly #atMost: number
  readonly #withinMs: number
  #at = new Float64Array(0)
  #lead = new Int32Array(0)

  constructor({ atMost, withinMs }: NonNullable<EachSpec['limit']>) {
    this.#atMost = atMost
    this.#withinMs = withinMs
  }

  /** Of what it returns, `rows` mean nothing. */
  of(stream: Stream): Stream {
    const { start, end } = stream
    if (this.#at.length < end - start) {
      this.#at = new Float64Array(2 * (end - start))
      this.#lead = new Int32Array(2 * (end - start))
    }
    const [at, lead] = [this.#at, this.#lead]
    let count = 0
    for (let index = start; index < end; index++) {
      const [instant, one] = [stream.at[index], stream.lead[index]]
      // The earliest of the `atMost` counted last: where it lies within, there are enough already.
      const earliest = count - this.#atMost
      if (earliest >= 0 && lead[earliest] === one && at[earliest] > instant - this.#withinMs) continue
      at[count] = instant
      lead[count++] = one
    }
    return { ...stream, at, lead, start: 0, end: count }
  }
}

// --- Points that fade ------------------------------------------------------------------------------------------------

/**
 * Points at the latest occurrence, each occurrence taking what is left of those before. Where a lead's occurrences begin the
 * factors are 0 and 1 instead of a branch, for nobody can foresee it.
 */
export function fade(
  { start, end, at, lead }: Stream,
  { points, halfLifeMs }: { readonly points: number; readonly halfLifeMs: number },
  sum: Float64Array,
  last: Float64Array,
): void {
  let [one, latest, left] = [-1, 0, 0]
  for (let index = start; index < end; index++) {
    const isSame = Number(lead[index] === one)
    one = lead[index]
    left = left * exp2((-(at[index] - latest) * isSame) / halfLifeMs) * isSame + points
    latest = at[index]
    sum[one] = left
    last[one] = latest
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
  const { start, end, at, lead } = stream
  switch (decay.kind) {
    case 'steps': {
      const { everyMs, losePercent } = decay
      for (let index = end - 1; index >= start; index--) {
        if (at[index] <= after) continue
        sum[lead[index]] += Math.max(0, 1 - (losePercent / 100) * Math.floor((asOf - at[index]) / everyMs))
      }
      break
    }
    case 'linear': {
      const { afterMs, overMs } = decay
      for (let index = end - 1; index >= start; index--) {
        const age = asOf - at[index]
        if (at[index] > after) sum[lead[index]] += age <= afterMs ? 1 : Math.max(0, 1 - (age - afterMs) / overMs)
      }
      break
    }
    case 'half_life':
      for (let index = end - 1; index >= start; index--) {
        if (at[index] > after) sum[lead[index]] += exp2(-(asOf - at[index]) / decay.halfLifeMs)
      }
      break
    case 'none':
    case 'expires':
      for (let index = start; index < end; index++) if (at[index] > after) sum[lead[index]] += 1
  }
}
