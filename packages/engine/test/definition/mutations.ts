/** Random changes of plain documents, for fuzzing: small enough that most of the document stays what it was. */
import fc from 'fast-check'
import type { Path } from '../../src/definition/issue.ts'

type Container = Record<string | number, unknown>

/** Every place in a document, the root left out. */
export function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return []
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return steps.flatMap((step) => [[...path, step], ...pathsIn((value as Container)[step], [...path, step])])
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (at as Container)[step], root)
}

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1e9,
    1e300,
    Infinity,
    '',
    'x',
    '7d',
    '0d',
    '25%',
    'none',
    [],
    {},
    [[]],
    '2026-02-30',
    '\uD800',
    2 ** 60,
  ),
  fc.constantFrom(
    'employees',
    'pricing_viewed',
    'buyer',
    'fit',
    'temperature',
    'hot',
    'mql',
    'constructor',
    'toString',
    'size',
  ),
  fc.double(),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }),
)

type Change = {
  readonly kind: 'put' | 'remove' | 'rename' | 'copy' | 'swap'
  readonly at: number
  readonly other: number
  readonly value: unknown
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('put', 'put', 'remove', 'rename', 'copy', 'copy', 'swap'),
  at: fc.nat(),
  other: fc.nat(),
  value: odd,
})

/** One to four changes of copies of a document; `odd` ones may make it ill-shaped. */
export const mutated = (make: () => unknown): fc.Arbitrary<unknown> =>
  fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => changes.reduce(apply, make()))

function apply(document: unknown, { kind, at, other, value }: Change): unknown {
  const paths = pathsIn(document)
  if (paths.length === 0) return document
  const path = paths[at % paths.length]
  const parent = valueAt(document, path.slice(0, -1)) as Container
  const last = path.at(-1)!
  const elsewhere = valueAt(document, paths[other % paths.length])
  if (kind === 'put') parent[last] = value
  else if (kind === 'copy') parent[last] = structuredClone(elsewhere)
  else if (kind === 'remove' && Array.isArray(parent)) parent.splice(Number(last), 1)
  else if (kind === 'remove') delete parent[last]
  else if (kind === 'swap' && Array.isArray(parent) && parent.length > 1) {
    const next = (Number(last) + 1) % parent.length
    ;[parent[last], parent[next]] = [parent[next], parent[last]]
  } else if (kind === 'rename' && !Array.isArray(parent)) {
    const key = typeof elsewhere === 'string' ? elsewhere : 'renamed'
    const held = parent[last]
    delete parent[last]
    Object.defineProperty(parent, key, { value: held, enumerable: true, configurable: true, writable: true })
  }
  return document
}
