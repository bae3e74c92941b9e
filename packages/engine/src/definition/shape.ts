/**
 * Shapes: one value from which the TypeScript type, the check with its messages, and the JSON Schema all come.
 * Just enough for the definition language, small enough to lint in a browser as one types.
 */
import { issueOf, type IssueCode } from './codes.ts'
import { nearest, type Path, type Repair, type Report } from './issue.ts'

export type JsonSchema = { readonly [key: string]: unknown }

export interface Shape<T> {
  /** Reports everything wrong with `value`; silence means that it is a `T`. */
  readonly check: (value: unknown, path: Path, report: Report) => void
  readonly schema: JsonSchema
  /** Stands in for an ill-shaped value that is required, so that everything around it can still be checked. */
  readonly standIn?: T
  /** Named parts that the schema refers to; evaluated late because shapes may be recursive. */
  readonly parts?: () => readonly Named[]
  /** Only for inference. */
  readonly type?: T
}

export interface Named {
  readonly name: string
  readonly shape: () => Shape<unknown>
}

export type TypeOf<S> = S extends Shape<infer T> ? T : never

const fail = (report: Report, path: Path, code: IssueCode, message: string, hint?: string) =>
  report(issueOf(code, path, message, hint))

/** Length in characters as JSON Schema counts them: a pair of surrogates is one. */
const lengthOf = (text: string) => [...text].length
/** A value inside a message: never so long that nobody sees the rest. */
const shown = (text: string) => (text.length > 80 ? `${text.slice(0, 77)}…` : text)

const EMPTY_MAP = 'write `{}` for a map with nothing in it'

/** How a person calls the kind of a value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'string') return 'text'
  return `a ${typeof value}`
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function text(options: { pattern?: RegExp; says?: string; max?: number } = {}): Shape<string> {
  const { pattern, says = 'text', max = 2000 } = options
  return {
    check(value, path, report) {
      if (typeof value !== 'string') fail(report, path, 'wrong_type', `expected ${says}, found ${kindOf(value)}`)
      else if (value.length > max && lengthOf(value) > max)
        fail(report, path, 'too_long', `longer than ${max} characters`)
      else if (pattern && !pattern.test(value)) fail(report, path, 'malformed', `\`${shown(value)}\` is not ${says}`)
    },
    schema: { type: 'string', maxLength: max, ...(pattern ? { pattern: pattern.source } : {}) },
  }
}

export function number(options: { min?: number; max?: number; above?: number; whole?: boolean } = {}): Shape<number> {
  const { min = -1e9, max = 1e9, above, whole = false } = options
  const says = whole ? 'a whole number' : 'a number'
  return {
    check(value, path, report) {
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        fail(report, path, 'wrong_type', `expected ${says}, found ${kindOf(value)}`)
      } else if (whole && !Number.isInteger(value)) fail(report, path, 'malformed', `${value} is not a whole number`)
      else if (value < min || (above !== undefined && value <= above)) {
        fail(
          report,
          path,
          'out_of_range',
          `${value} is too small: ${above === undefined ? `at least ${min}` : `above ${above}`}`,
        )
      } else if (value > max) fail(report, path, 'out_of_range', `${value} is too large: at most ${max}`)
    },
    standIn: Math.max(min, Math.min(1, max)),
    schema: {
      type: whole ? 'integer' : 'number',
      ...(above === undefined ? { minimum: min } : { exclusiveMinimum: above }),
      maximum: max,
    },
  }
}

export function boolean(): Shape<boolean> {
  return {
    check(value, path, report) {
      if (typeof value !== 'boolean') fail(report, path, 'wrong_type', `expected true or false, found ${kindOf(value)}`)
    },
    schema: { type: 'boolean' },
  }
}

export function literal<const T extends string | number | boolean>(...values: readonly T[]): Shape<T> {
  return {
    check(value, path, report) {
      if ((values as readonly unknown[]).includes(value)) return
      const near = typeof value === 'string' ? nearest(value, values.map(String)) : undefined
      const found =
        typeof value === 'string' || typeof value === 'number' ? `\`${shown(String(value))}\`` : kindOf(value)
      fail(
        report,
        path,
        'unknown_value',
        `expected ${values.map((each) => `\`${each}\``).join(', ')}, found ${found}`,
        near === undefined ? undefined : `did you mean \`${near}\`?`,
      )
    },
    schema: { enum: values },
  }
}

/** A string, finite number or boolean. */
export function scalar(): Shape<string | number | boolean> {
  return {
    check(value, path, report) {
      const fits = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
      if (!fits) fail(report, path, 'wrong_type', `expected text, a number or true/false, found ${kindOf(value)}`)
    },
    schema: { type: ['string', 'number', 'boolean'] },
  }
}

export function list<T>(item: Shape<T>, options: { min?: number; max?: number } = {}): Shape<readonly T[]> {
  const { min = 1, max = 10_000 } = options
  return {
    check(value, path, report) {
      if (!Array.isArray(value)) return fail(report, path, 'wrong_type', `expected a list, found ${kindOf(value)}`)
      if (value.length < min) fail(report, path, 'too_few', min === 1 ? 'the list is empty' : `fewer than ${min} items`)
      if (value.length > max) return fail(report, path, 'too_many', `more than ${max} items`)
      value.forEach((each, at) => item.check(each, [...path, at], report))
    },
    schema: { type: 'array', items: item.schema, minItems: min, maxItems: max },
    parts: () => item.parts?.() ?? [],
  }
}

export function pair<T>(item: Shape<T>): Shape<readonly [T, T]> {
  const items = list(item, { min: 2, max: 2 })
  return {
    ...(items as unknown as Shape<readonly [T, T]>),
    check(value, path, report) {
      items.check(value, path, report)
      // A list skips holes, where an ill-shaped item has been cut out; a pair without both ends is none.
      if (Array.isArray(value) && value.length === 2 && !(0 in value && 1 in value))
        fail(report, path, 'too_few', 'fewer than 2 items')
    },
  }
}

/** A lower-case word as used for every name in a definition. */
export const NAME = /^[a-z][a-z0-9_]{0,63}$/
const NAME_SAYS = 'a name (lower-case letters, digits and _, beginning with a letter)'
export const name = (): Shape<string> => text({ pattern: NAME, says: NAME_SAYS, max: 64 })

/** A map from names to values of one shape. */
export function record<T>(
  value: Shape<T>,
  options: { key?: RegExp; says?: string; min?: number } = {},
): Shape<{ readonly [name: string]: T }> {
  const { key = NAME, says = NAME_SAYS, min = 0 } = options
  return {
    check(map, path, report) {
      if (!isMap(map)) return fail(report, path, 'wrong_type', `expected a map, found ${kindOf(map)}`)
      const keys = Object.keys(map)
      if (keys.length < min) fail(report, path, 'too_few', 'the map is empty')
      for (const each of keys) {
        if (!key.test(each)) fail(report, [...path, each], 'malformed_name', `\`${shown(each)}\` is not ${says}`)
        value.check(map[each], [...path, each], report)
      }
    },
    schema: {
      type: 'object',
      propertyNames: { pattern: key.source },
      additionalProperties: value.schema,
      minProperties: min,
    },
    parts: () => value.parts?.() ?? [],
  }
}

export interface Field<T, Optional extends boolean> {
  readonly shape: Shape<T>
  readonly optional: Optional
  readonly doc: string
}
export const field = <T>(shape: Shape<T>, doc: string): Field<T, false> => ({ shape, optional: false, doc })
export const optional = <T>(shape: Shape<T>, doc: string): Field<T, true> => ({ shape, optional: true, doc })

type Fields = { readonly [name: string]: Field<unknown, boolean> }
type FieldType<F> = F extends Field<infer T, boolean> ? T : never
export type ObjectOf<F extends Fields> = {
  readonly [K in keyof F as F[K]['optional'] extends false ? K : never]: FieldType<F[K]>
} & { readonly [K in keyof F as F[K]['optional'] extends true ? K : never]?: FieldType<F[K]> }

export interface ObjectShape<F extends Fields> extends Shape<ObjectOf<F>> {
  readonly fields: F
}

/** A map with known keys; an unknown key is an issue with the nearest known one as its hint. */
export function object<const F extends Fields>(
  fields: F,
  options: { anyOf?: readonly (keyof F & string)[] } = {},
): ObjectShape<F> {
  const { anyOf } = options
  return {
    fields,
    check(value, path, report) {
      if (!isMap(value)) {
        return fail(
          report,
          path,
          'wrong_type',
          `expected a map, found ${kindOf(value)}`,
          value === null ? EMPTY_MAP : undefined,
        )
      }
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(fields, key)) checkField(fields[key], value[key], [...path, key], report)
        else reportUnknownKey(key, Object.keys(fields), path, report)
      }
      for (const [key, each] of Object.entries(fields)) {
        if (each.optional || Object.hasOwn(value, key)) continue
        const repair = repairOf(each, [...path, key])
        report(issueOf('missing', path, `\`${key}\` is missing`, each.doc), repair)
      }
      if (anyOf && !anyOf.some((key) => Object.hasOwn(value, key))) {
        fail(report, path, 'missing_any', `one of ${anyOf.map((key) => `\`${key}\``).join(', ')} is missing`)
      }
    },
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(fields).map(([key, each]) => [key, { ...each.shape.schema, description: each.doc }]),
      ),
      required: Object.keys(fields).filter((key) => !fields[key].optional),
      additionalProperties: false,
      ...(anyOf ? { anyOf: anyOf.map((key) => ({ required: [key] })) } : {}),
    },
    parts: () => Object.values(fields).flatMap((each) => each.shape.parts?.() ?? []),
  }
}

function checkField(field: Field<unknown, boolean>, value: unknown, path: Path, report: Report): void {
  const repair = repairOf(field, path)
  field.shape.check(value, path, repair ? (issue, inner) => report(issue, inner ?? repair) : report)
}

function repairOf(field: Field<unknown, boolean>, path: Path): Repair | undefined {
  const { standIn } = field.shape
  return field.optional || standIn === undefined ? undefined : { path, value: standIn }
}

function reportUnknownKey(key: string, known: readonly string[], path: Path, report: Report): void {
  const near = nearest(key, known)
  const hint = near === undefined ? `known here: ${known.join(', ')}` : `did you mean \`${near}\`?`
  fail(report, [...path, key], 'unknown_key', `\`${shown(key)}\` is not known here`, hint)
}

/** A map that is one of several kinds, told apart by a key that only this kind has. The first kind whose key is there is meant. */
export function keyed<const K extends { readonly [key: string]: Shape<unknown> }>(
  says: string,
  kinds: K,
): Shape<{ [Key in keyof K]: TypeOf<K[Key]> }[keyof K]> {
  const keys = Object.keys(kinds)
  return {
    check(value, path, report) {
      if (!isMap(value)) return fail(report, path, 'wrong_type', `expected ${says}, found ${kindOf(value)}`)
      const key = keys.find((each) => Object.hasOwn(value, each))
      if (key !== undefined) return kinds[key].check(value, path, report)
      const found = Object.keys(value)
      const near = found.map((each) => nearest(each, keys)).find((each) => each !== undefined)
      fail(
        report,
        path,
        'unknown_kind',
        `this is not ${says}: it has none of ${keys.map((each) => `\`${each}\``).join(', ')}`,
        near === undefined ? undefined : `did you mean \`${near}\`?`,
      )
    },
    schema: { anyOf: Object.values(kinds).map((each) => each.schema) },
    parts: () => Object.values(kinds).flatMap((each) => each.parts?.() ?? []),
  }
}

type JsonKind = 'text' | 'number' | 'boolean' | 'list' | 'map'
const jsonKind = (value: unknown): JsonKind | undefined => {
  if (Array.isArray(value)) return 'list'
  if (isMap(value)) return 'map'
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' || typeof value === 'boolean' ? (typeof value as 'number' | 'boolean') : undefined
}

/** One of several shapes, told apart by the JSON kind of the value: a name or a list of names, a scalar or a map … */
export function byKind<const K extends { readonly [kind in JsonKind]?: Shape<unknown> }>(
  says: string,
  kinds: K,
): Shape<TypeOf<K[keyof K]>> {
  const shapes = Object.values(kinds)
  return {
    check(value, path, report) {
      const kind = jsonKind(value)
      const shape = kind === undefined ? undefined : kinds[kind]
      if (shape) shape.check(value, path, report)
      else fail(report, path, 'wrong_type', `expected ${says}, found ${kindOf(value)}`)
    },
    schema: { anyOf: [...new Set(shapes)].map((each) => each.schema) },
    parts: () => shapes.flatMap((each) => each.parts?.() ?? []),
  }
}

/** The same shape, with a hint for values that people write in its place. */
export function suggesting<T>(shape: Shape<T>, suggest: (value: unknown) => string | undefined): Shape<T> {
  return {
    ...shape,
    check(value, path, report) {
      shape.check(value, path, (issue, repair) => {
        const hint = issue.path.length === path.length ? suggest(value) : undefined
        report(hint === undefined ? issue : { ...issue, hint }, repair)
      })
    },
  }
}

/** A named part, so that shapes can be recursive and the JSON Schema readable. */
export function part<T>(partName: string, shape: () => Shape<T>): Shape<T> {
  return {
    check: (value, path, report) => shape().check(value, path, report),
    schema: { $ref: `#/$defs/${partName}` },
    parts: () => [{ name: partName, shape }],
  }
}

/** The JSON Schema of a shape with every part it reaches under `$defs`. */
export function jsonSchemaOf(root: Shape<unknown>, head: JsonSchema): JsonSchema {
  const defs: Record<string, JsonSchema> = {}
  const visit = (named: Named) => {
    if (Object.hasOwn(defs, named.name)) return
    const shape = named.shape()
    defs[named.name] = shape.schema
    shape.parts?.().forEach(visit)
  }
  root.parts?.().forEach(visit)
  return {
    ...head,
    ...root.schema,
    $defs: Object.fromEntries(Object.entries(defs).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}
