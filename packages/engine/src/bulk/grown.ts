/** The same numbers in a longer array, if this one is too short. */
export function grown(values: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= values.length) return values
  const longer = new Int32Array(Math.max(length, values.length * 2))
  longer.set(values)
  return longer
}
