import type { Comparison } from '../definition/language.ts'
import type { Range } from './kleene.ts'

/** Points are counted in whole millionths: sums are exact, in any order. */
export const MICRO = 1_000_000

/** Micro-points of an amount: the nearest whole millionth, halves upwards. */
export const micro = (points: number): number => Math.floor(points * MICRO + 0.5)

export interface Clamp {
  readonly floor: number
  readonly cap: number
}

/** In micro-points. */
export function clampOf(bounds: { readonly floor?: number; readonly cap?: number }): Clamp {
  return {
    floor: bounds.floor === undefined ? -Infinity : micro(bounds.floor),
    cap: bounds.cap === undefined ? Infinity : micro(bounds.cap),
  }
}

export function clamp(value: number, { floor, cap }: Clamp): number {
  return value > cap ? cap : value < floor ? floor : value
}

/** A comparison as a range of whole counts. */
export const countRange = (comparison: Comparison): Range => rangeOf(comparison, (literal) => literal)

/** A comparison as a range of micro-units. */
export const microRange = (comparison: Comparison): Range => rangeOf(comparison, micro)

function rangeOf(comparison: Comparison, scale: (literal: number) => number): Range {
  let low = -Infinity
  let high = Infinity
  const atLeast = (bound: number) => (low = Math.max(low, Math.ceil(bound)))
  const atMost = (bound: number) => (high = Math.min(high, Math.floor(bound)))
  const { is, at_least, at_most, above, below, between } = comparison
  if (is !== undefined) {
    atLeast(scale(is))
    atMost(scale(is))
  }
  if (at_least !== undefined) atLeast(scale(at_least))
  if (at_most !== undefined) atMost(scale(at_most))
  if (above !== undefined) atLeast(Math.floor(scale(above)) + 1)
  if (below !== undefined) atMost(Math.ceil(scale(below)) - 1)
  if (between !== undefined) {
    atLeast(scale(between[0]))
    atMost(scale(between[1]))
  }
  return { low, high }
}
