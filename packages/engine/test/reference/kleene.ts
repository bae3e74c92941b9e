/** Three-valued logic. `undefined` is "nobody knows". */
export type Truth = boolean | undefined

export const not = (part: Truth): Truth => (part === undefined ? undefined : !part)

export function all(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false
  return parts.includes(undefined) ? undefined : true
}

export function any(parts: readonly Truth[]): Truth {
  if (parts.includes(true)) return true
  return parts.includes(undefined) ? undefined : false
}

/** At least `least` of the parts are true. */
export function atLeast(least: number, parts: readonly Truth[]): Truth {
  const isTrue = parts.filter((part) => part === true).length
  const isUnknown = parts.filter((part) => part === undefined).length
  if (isTrue >= least) return true
  return isTrue + isUnknown < least ? false : undefined
}
