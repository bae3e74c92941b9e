/**
 * What the tests of the engine import as `vitest` while mutants run: the same `expect`, and `test` and `describe` that only
 * write down what there is to run. The engine is pure and synchronous, so a test is a function that returns or throws.
 */
import { format } from 'node:util'

export { expect } from 'vitest'

export interface RegisteredTest {
  readonly id: string
  readonly run: () => unknown
}

type Body = (...row: readonly unknown[]) => unknown

let registered: RegisteredTest[] = []
let file = ''
let path: readonly string[] = []
/** A file is read to its end before its suites are: they may use what it declares further down. */
let suites: (() => void)[] = []

/** Begins a new list; what is imported until `endFile` belongs to the file. */
export function beginFile(name: string): void {
  registered = []
  file = name
  path = []
  suites = []
}

export function endFile(): readonly RegisteredTest[] {
  for (const begin of suites) begin()
  return unlike(registered)
}

function register(title: string, body: Body, row: readonly unknown[] = []): void {
  registered.push({ id: [file, ...path, title].join(' > '), run: () => body(...row) })
}

function suite(title: string, body: Body, row: readonly unknown[] = []): void {
  const inner = [...path, title]
  suites.push(() => {
    path = inner
    body(...row)
  })
}

type Declare = (title: string, body: Body, row?: readonly unknown[]) => void

/** `test(title, body)` and `test(title, options, body)`; with `each`, once for every row. */
function declaring(declare: Declare) {
  const plain = (title: string, ...rest: readonly unknown[]) => declare(title, rest.find(isBody)!)
  const each =
    (table: readonly unknown[]) =>
    (title: string, ...rest: readonly unknown[]) => {
      for (const entry of table) {
        const row = Array.isArray(entry) ? (entry as readonly unknown[]) : [entry]
        declare(titled(title, row), rest.find(isBody)!, row)
      }
    }
  return Object.assign(plain, { each })
}

const isBody = (value: unknown): value is Body => typeof value === 'function'

export const test = declaring(register)
export const describe = declaring(suite)
/** Nothing to set: there is one time limit, that of the mutant. */
export const vi = { setConfig: (): void => undefined }

/** A row may be a page long; a test is named by its beginning. */
const NAME_MAX = 120

function titled(title: string, row: readonly unknown[]): string {
  const [first] = row
  const named = title.replaceAll(/\$(\w+)/g, (whole, key: string) =>
    typeof first === 'object' && first !== null && key in first
      ? String((first as Readonly<Record<string, unknown>>)[key])
      : whole,
  )
  const places = named.match(/%[a-z]/g)?.length ?? 0
  return format(named, ...row.slice(0, places))
    .slice(0, NAME_MAX)
    .replaceAll(/\s+/g, ' ')
}

/** Two tests of one name are told apart by a number. */
function unlike(tests: readonly RegisteredTest[]): readonly RegisteredTest[] {
  const seen = new Map<string, number>()
  return tests.map(({ id, run }) => {
    const before = seen.get(id) ?? 0
    seen.set(id, before + 1)
    return { id: before === 0 ? id : `${id} (${before + 1})`, run }
  })
}
