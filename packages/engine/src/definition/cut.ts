/**
 * Cuts the ill-shaped parts out of a document, so that everything else can still be checked: a reader wants every issue at
 * once, not one layer a day. What is cut out of a list leaves a hole, so that the paths of its neighbours stay right.
 */
import { formatPath, type Issue, type Path, type Repair } from './issue.ts'
import { isMap, type Shape } from './shape.ts'

/** A copy of plain data. The depth has been measured. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isMap(value)) return value
  return Object.fromEntries(Object.keys(value).map((key) => [key, copyOf(value[key])]))
}

/** What is left of `document` when every part that the shape refuses is gone, or undefined when nothing is. */
export function wellShaped<T>(document: unknown, shape: Shape<T>): T | undefined {
  const rest = copyOf(document)
  // Cutting a required part makes the one around it ill-shaped in turn: each round cuts at least one level further out.
  for (;;) {
    const wrong: { readonly path: Path; readonly repair: Repair | undefined }[] = []
    shape.check(rest, [], ({ code, path }, repair) => {
      // A test that asks nothing can be looked at all the same: everything it could ask is optional.
      if (code !== 'missing_any') wrong.push({ path, repair })
    })
    if (wrong.length === 0) return rest as T
    for (const { path, repair } of wrong) {
      if (repair) put(rest, repair.path, repair.value)
      else if (path.length === 0) return undefined
      else put(rest, path, undefined)
    }
  }
}

/** Sets the value at a path, or with `undefined` takes it out. */
function put(root: unknown, path: Path, value: unknown): void {
  let at = root
  for (const step of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return // an outer part is gone already
    at = (at as Record<string | number, unknown>)[step]
  }
  if (typeof at !== 'object' || at === null) return
  const last = path.at(-1)!
  if (value === undefined) delete (at as Record<string | number, unknown>)[last]
  else (at as Record<string | number, unknown>)[last] = value
}

/** The paths at or above anything that was ill-shaped: what they hold now is not what was written. */
export function pathsAround(issues: readonly Issue[]): ReadonlySet<string> {
  return new Set(
    issues.flatMap(({ path }) =>
      Array.from({ length: path.length + 1 }, (_, steps) => formatPath(path.slice(0, steps))),
    ),
  )
}
