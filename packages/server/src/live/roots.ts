/** Where a chain ends: of whatever became part of another, what it is now. @param into  without circles */
export function rootIn(into: ReadonlyMap<string, string>, id: string): string {
  let root = id
  for (let next = into.get(root); next !== undefined; next = into.get(root)) root = next
  return root
}
