/** Values that fit a schema, and values that nearly do. */
import { z } from 'zod'
import { NASTY_VALUES } from './nasty.ts'
import type { Random } from './random.ts'

/** The part of JSON Schema that zod writes. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly definitions?: Readonly<Record<string, Schema>>
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema | boolean
  readonly additionalProperties?: Schema | boolean
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly format?: string
}

const schemas = new WeakMap<z.ZodType, Schema>()

/** A value that most likely fits. @param known  ids and tokens of things that exist */
export function valueOf(schema: z.ZodType, random: Random, known: readonly string[]): unknown {
  const read = schemas.get(schema) ?? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema)
  schemas.set(schema, read)
  return new Maker(read, random, known).make(read, 0)
}

const TEXTS = ['Ada', 'Zoë', 'lead', 'Demo Requested', '4711', 'x', 'Brightmill GmbH', '/pricing', 'job_level']
const EMAILS = ['ada@example.com', 'mara@brightmill.example', 'zoe@gmail.com', 'grace@example.com']

class Maker {
  private readonly root: Schema
  private readonly random: Random
  private readonly known: readonly string[]

  constructor(root: Schema, random: Random, known: readonly string[]) {
    this.root = root
    this.random = random
    this.known = known
  }

  make(schema: Schema, depth: number): unknown {
    const { random } = this
    if (depth > 8) return null
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return random.pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return this.make(random.pick(choices), depth + 1)
    if (schema.$ref !== undefined) return this.make(this.find(schema.$ref), depth + 1)
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.make(part, depth + 1)))
    const type = Array.isArray(schema.type) ? random.pick(schema.type as readonly string[]) : schema.type
    switch (type) {
      case 'string':
        return this.text(schema)
      case 'integer':
        return Math.round(this.number(schema))
      case 'number':
        return this.number(schema)
      case 'boolean':
        return random.chance(0.5)
      case 'null':
        return null
      case 'array':
        return this.list(schema, depth)
      case 'object':
        return this.map(schema, depth)
      default:
        return random.pick(['x', 1, true, null, 'Ada', ['x'], { x: 1 }])
    }
  }

  private find(ref: string): Schema {
    if (ref === '#') return this.root
    const name = ref.split('/').at(-1)!
    return this.root.$defs?.[name] ?? this.root.definitions?.[name] ?? {}
  }

  private text({ format, minLength = 0, maxLength = 200 }: Schema): string {
    const { random, known } = this
    if (format === 'uuid') return known.length > 0 && random.chance(0.7) ? random.pick(known) : crypto.randomUUID()
    if (format === 'email') return random.pick(EMAILS)
    if (format === 'date-time') return random.pick(['2026-03-01T10:00:00Z', '2025-12-31T23:59:59.999+01:00'])
    if (format === 'ipv4' || format === 'cidrv4') return format === 'ipv4' ? '192.0.2.1' : '192.0.2.0/24'
    const text = known.length > 0 && random.chance(0.1) ? random.pick(known) : random.pick(TEXTS)
    return text.padEnd(Math.min(minLength, 50), 'x').slice(0, maxLength)
  }

  private number({ minimum = -1000, maximum = 1000 }: Schema): number {
    const from = Math.max(minimum, -1e6)
    return from + Math.round(this.random.next() * (Math.min(maximum, 1e6) - from))
  }

  private list({ items, minItems = 0, maxItems = 4 }: Schema, depth: number): unknown[] {
    const length = Math.min(maxItems, minItems + this.random.below(4))
    return Array.from({ length }, () => this.make(typeof items === 'object' ? items : {}, depth + 1))
  }

  private map({ properties = {}, required = [], additionalProperties }: Schema, depth: number): unknown {
    const entries = Object.entries(properties)
      .filter(([name]) => required.includes(name) || this.random.chance(0.5))
      .map(([name, schema]): [string, unknown] => [name, this.make(schema, depth + 1)])
    if (typeof additionalProperties === 'object' && entries.length === 0)
      entries.push([this.random.pick(TEXTS), this.make(additionalProperties, depth + 1)])
    return Object.fromEntries(entries)
  }
}

type Tree = Record<string, unknown>

/** The same value with something wrong, somewhere in it. */
export function spoilt(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return random.pick(NASTY_VALUES)
  const keys = Object.keys(value)
  const copy: unknown = structuredClone(value)
  const tree = copy as Tree
  const key = keys.length > 0 ? random.pick(keys) : undefined
  switch (random.below(6)) {
    case 0: // one more
      if (Array.isArray(copy)) copy.push(random.pick(NASTY_VALUES))
      else tree[random.pick(['extra', 'id', 'toString', 'x'.repeat(300), '', '🎉', 'a\u0000'])] = 1
      return copy
    case 1: // one less
      if (key === undefined) return copy
      if (Array.isArray(copy)) copy.splice(Number(key), 1)
      else delete tree[key]
      return copy
    case 2: // far too many
      if (Array.isArray(copy)) return Array.from({ length: 1_500 }, () => copy[0] ?? 'x')
      for (let at = 0; at < 300; at++) tree[`k${at}`] = at
      return copy
    default:
      if (key !== undefined) tree[key] = spoilt(tree[key], random)
      return copy
  }
}
