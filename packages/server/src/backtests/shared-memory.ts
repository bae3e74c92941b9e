/** Plain data with its typed arrays in memory that threads share, so that handing it over copies none of them. */
export function inSharedMemory<T>(data: T): T {
  if (ArrayBuffer.isView(data)) return sharedView(data as unknown as Uint8Array) as T
  if (Array.isArray(data)) return (typeof data[0] === 'object' ? data.map((each) => inSharedMemory(each)) : data) as T
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, inSharedMemory(value)])) as T
}

function sharedView(values: Uint8Array): Uint8Array {
  const shared = new (values.constructor as new (memory: SharedArrayBuffer) => Uint8Array)(
    new SharedArrayBuffer(values.byteLength),
  )
  shared.set(values)
  return shared
}
