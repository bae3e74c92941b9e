/** Tests of one value: the operators that attributes and properties share, compiled once. */
import { RE2JS } from 're2js'
import type { Attribute, PropertyTests, ValueTest } from '../definition/language.ts'
import type { FactValue } from '../facts.ts'
import { readInstant } from '../time.ts'

/** What the engine keeps of an attribute: understood values only. Dates are instants. */
export type KnownValue = string | number | boolean | readonly string[]

/** The value as its type understands it, or undefined: nobody knows. Never coerces. */
export function understand(attribute: Attribute, value: FactValue): KnownValue | undefined {
  switch (attribute.type) {
    case 'text':
      return typeof value === 'string' ? value : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'choice':
      return typeof value === 'string' && attribute.of?.includes(value) ? value : undefined
    case 'choices':
      return understandChoices(attribute.of ?? [], value)
    case 'date':
      return typeof value === 'string' ? readInstant(value) : undefined
  }
}

function understandChoices(of: readonly string[], value: FactValue): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  // In the definition's order, so that the same choices are the same value.
  const kept = of.filter((each) => value.includes(each))
  return kept.length > 0 || value.length === 0 ? kept : undefined
}

export function sameValue(a: KnownValue | undefined, b: KnownValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, at) => each === b[at])
  return a === b
}

/** Text as it is compared: composed (NFC) and lower-case. */
export function fold(text: string): string {
  return (/[\u0300-\uffff]/.test(text) ? text.normalize('NFC') : text).toLowerCase()
}

type Holds = (value: KnownValue) => boolean

/** Operators of a test on a known value, all of which must hold; `known` is left to the caller. */
export function compileValueTest(test: ValueTest, type: Attribute['type'] | 'property'): Holds {
  const parts: Holds[] = []
  const literals = (values: readonly (string | number | boolean)[]) => equalsOneOf(values, type)
  if (test.is !== undefined) parts.push(literals([test.is]))
  if (test.in !== undefined) parts.push(literals(test.in))
  if (test.is_not !== undefined) parts.push(negate(literals([test.is_not])))
  if (test.not_in !== undefined) parts.push(negate(literals(test.not_in)))
  if (test.contains !== undefined) parts.push(textual(test.contains, (text, part) => text.includes(part)))
  if (test.starts_with !== undefined) parts.push(textual(test.starts_with, (text, part) => text.startsWith(part)))
  if (test.ends_with !== undefined) parts.push(textual(test.ends_with, (text, part) => text.endsWith(part)))
  if (test.matches !== undefined) parts.push(matching(test.matches))
  parts.push(...ordered(test, type))
  if (parts.length === 1) return parts[0]
  return (value) => parts.every((holds) => holds(value))
}

const negate =
  (holds: Holds): Holds =>
  (value) =>
    !holds(value)

function equalsOneOf(values: readonly (string | number | boolean)[], type: Attribute['type'] | 'property'): Holds {
  if (type === 'choices') return (value) => (value as readonly string[]).some((each) => values.includes(each))
  if (type === 'choice' || !values.some((each) => typeof each === 'string')) {
    const exact = new Set<unknown>(values)
    return (value) => exact.has(value)
  }
  const folded = new Set<unknown>(values.map((each) => (typeof each === 'string' ? fold(each) : each)))
  return (value) => folded.has(typeof value === 'string' ? fold(value) : value)
}

function textual(wanted: string | readonly string[], test: (text: string, part: string) => boolean): Holds {
  const parts = (typeof wanted === 'string' ? [wanted] : wanted).map(fold)
  return (value) => {
    if (typeof value !== 'string') return false
    const text = fold(value)
    return parts.some((part) => test(text, part))
  }
}

/** RE2 semantics: linear in the text whatever the pattern. */
function matching(pattern: string): Holds {
  const compiled = RE2JS.compile(pattern)
  return (value) => typeof value === 'string' && compiled.matcher(value).find()
}

function ordered(test: ValueTest, type: Attribute['type'] | 'property'): Holds[] {
  const scale = (bound: number | string) =>
    type === 'date' || typeof bound === 'string' ? readInstant(String(bound)) : bound
  const parts: Holds[] = []
  const compare = (bound: number | string | undefined, holds: (value: number, bound: number) => boolean) => {
    if (bound === undefined) return
    const limit = scale(bound)
    const number = type === 'property' && typeof bound === 'string' ? propertyInstant : finite
    parts.push((value) => {
      const amount = number(value)
      return amount !== undefined && limit !== undefined && holds(amount, limit)
    })
  }
  compare(test.at_least, (value, bound) => value >= bound)
  compare(test.at_most, (value, bound) => value <= bound)
  compare(test.above, (value, bound) => value > bound)
  compare(test.below, (value, bound) => value < bound)
  compare(test.between?.[0], (value, bound) => value >= bound)
  compare(test.between?.[1], (value, bound) => value <= bound)
  return parts
}

const finite = (value: KnownValue): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
const propertyInstant = (value: KnownValue): number | undefined =>
  typeof value === 'string' ? readInstant(value) : undefined

// --- Properties ------------------------------------------------------------------------------------------------------

export type Properties = Readonly<Record<string, unknown>>

/** A property by its name as it is, else by dotted path. */
export function readProperty(properties: Properties, name: string): unknown {
  if (Object.hasOwn(properties, name)) return properties[name]
  if (!name.includes('.')) return undefined
  let value: unknown = properties
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Properties)[step]
  }
  return value
}

/** Whether an occurrence's properties pass every test; a missing or wrongly typed one fails its test. */
export function compileWhere(where: PropertyTests | undefined): ((properties: Properties) => boolean) | undefined {
  if (where === undefined) return undefined
  const parts = Object.entries(where).map(([name, test]) => {
    const holds = compilePropertyTest(test)
    return (properties: Properties) => holds(readProperty(properties, name))
  })
  if (parts.length === 1) return parts[0]
  return (properties) => parts.every((holds) => holds(properties))
}

function compilePropertyTest(test: PropertyTests[string]): (value: unknown) => boolean {
  if (typeof test !== 'object') return scalarAnd(compileValueTest({ is: test }, 'property'))
  if (Array.isArray(test)) return scalarAnd(compileValueTest({ in: test }, 'property'))
  const { known, ...operators } = test as ValueTest
  const isThere = (value: unknown) => value !== undefined && value !== null
  if (Object.keys(operators).length === 0) return (value) => isThere(value) === (known ?? true)
  return known === false ? () => false : scalarAnd(compileValueTest(operators, 'property'))
}

/** Lists and maps are nothing that an operator can be asked of. */
const scalarAnd =
  (holds: Holds) =>
  (value: unknown): boolean =>
    (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') && holds(value)
