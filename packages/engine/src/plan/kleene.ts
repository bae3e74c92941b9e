/** Three-valued logic (Kleene). Numbers, so that results can live in typed arrays. */
export const FALSE = 0
export const TRUE = 1
export const UNKNOWN = 2
export type Kleene = typeof FALSE | typeof TRUE | typeof UNKNOWN

export const kleene = (value: boolean): Kleene => (value ? TRUE : FALSE)

export function not(value: Kleene): Kleene {
  if (value === UNKNOWN) return UNKNOWN
  return value === TRUE ? FALSE : TRUE
}

/** `all`, `any` and k-of-n are one thing: how many results must be true. */
export function atLeastHold(results: readonly Kleene[], atLeast: number): Kleene {
  let sure = 0
  let possible = 0
  for (const result of results) {
    if (result !== FALSE) possible += 1
    if (result === TRUE) sure += 1
  }
  if (sure >= atLeast) return TRUE
  return possible < atLeast ? FALSE : UNKNOWN
}

/** Whether a count in `[sure, possible]` satisfies a range: TRUE for every such count, FALSE for none, else UNKNOWN. */
export function countHolds(range: Range, sure: number, possible: number): Kleene {
  if (sure >= range.low && possible <= range.high) return TRUE
  if (possible < range.low || sure > range.high || range.low > range.high) return FALSE
  return UNKNOWN
}

/** Both ends included. Every comparison of the language is one, once what it compares are whole numbers. */
export interface Range {
  readonly low: number
  readonly high: number
}
