/** Values of attributes and of properties, and the operators on them (semantics, sections 3 and 4). */
import { RE2JS } from 're2js'
import type { Attribute, AttributeTest, PropertyTests, ValueTest } from '../../src/definition/language.ts'
import type { FactValue } from '../../src/facts.ts'
import { parseInstant, readInstant, type Instant } from '../../src/time.ts'
import { all, type Truth } from './kleene.ts'
import { ms } from './numbers.ts'

/** A value that its attribute's type understands; a date is its instant, choices are sorted and each there once. */
export type Value = string | number | boolean | readonly string[]

/** What an attribute of this type makes of a fact's value; `undefined` is unknown. */
export function understand(attribute: Attribute, value: FactValue): Value | undefined {
  switch (attribute.type) {
    case 'text':
      return typeof value === 'string' ? value : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'choice':
      return typeof value === 'string' && attribute.of!.includes(value) ? value : undefined
    case 'choices':
      return Array.isArray(value) ? understandChoices(attribute.of!, value) : undefined
    case 'date':
      return typeof value === 'string' ? readInstant(value) : undefined
  }
}

function understandChoices(listed: readonly string[], value: readonly unknown[]): readonly string[] | undefined {
  if (value.some((each) => typeof each !== 'string')) return undefined
  const kept = listed.filter((each) => value.includes(each)).sort()
  return kept.length > 0 || value.length === 0 ? kept : undefined
}

export function isSameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, at) => each === b[at])
  return a === b
}

/** Text as it is compared. */
export const fold = (text: string): string => text.normalize('NFC').toLowerCase()

const patterns = new Map<string, RE2JS>()
function isFound(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern)
  if (compiled === undefined) patterns.set(pattern, (compiled = RE2JS.compile(pattern)))
  return compiled.matcher(text).find()
}

const listOf = (oneOrMore: string | readonly string[]): readonly string[] =>
  typeof oneOrMore === 'string' ? [oneOrMore] : oneOrMore

// --- Attributes ------------------------------------------------------------------------------------------------------

/** What is known of one attribute. */
export interface AttributeNow {
  readonly value: Value | undefined
  readonly changedAt: Instant | undefined
}

export function testAttribute(attribute: Attribute, test: AttributeTest, now: AttributeNow, at: Instant): Truth {
  const { value, changedAt } = now
  const operators = Object.keys(test).filter((key) => key !== 'attribute') as (keyof AttributeTest)[]
  return all(
    operators.map((operator): Truth => {
      if (operator === 'known') return (value !== undefined) === test.known
      if (value === undefined) return undefined
      if (operator === 'changed_within') return at - ms(test.changed_within!) < changedAt!
      return passes(attribute.type, operator, test, value, at)
    }),
  )
}

function passes(
  type: Attribute['type'],
  operator: keyof AttributeTest,
  test: AttributeTest,
  value: Value,
  at: Instant,
): boolean {
  const equals = (literal: string | number | boolean) => isEqual(type, value, literal)
  const bound = (literal: string | number) => (typeof literal === 'string' ? parseInstant(literal) : literal)
  const number = value as number
  switch (operator) {
    case 'is':
      return equals(test.is!)
    case 'is_not':
      return !equals(test.is_not!)
    case 'in':
      return test.in!.some(equals)
    case 'not_in':
      return !test.not_in!.some(equals)
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return passesText(operator, test, value as string)
    case 'at_least':
      return number >= bound(test.at_least!)
    case 'at_most':
      return number <= bound(test.at_most!)
    case 'above':
      return number > bound(test.above!)
    case 'below':
      return number < bound(test.below!)
    case 'between':
      return number >= bound(test.between![0]) && number <= bound(test.between![1])
    case 'older_than':
      return at - number >= ms(test.older_than!)
    case 'newer_than':
      return at - number >= 0 && at - number < ms(test.newer_than!)
    case 'due_within':
      return number - at >= 0 && number - at <= ms(test.due_within!)
    case 'attribute':
    case 'known':
    case 'changed_within':
      throw new Error(`${operator} does not look at the value`)
  }
}

function isEqual(type: Attribute['type'], value: Value, literal: string | number | boolean): boolean {
  if (type === 'choices') return (value as readonly string[]).includes(literal as string)
  if (type === 'text') return fold(value as string) === fold(literal as string)
  return value === literal
}

function passesText(
  operator: 'contains' | 'starts_with' | 'ends_with' | 'matches',
  test: ValueTest | AttributeTest,
  text: string,
): boolean {
  switch (operator) {
    case 'contains':
      return listOf(test.contains!).some((part) => fold(text).includes(fold(part)))
    case 'starts_with':
      return listOf(test.starts_with!).some((part) => fold(text).startsWith(fold(part)))
    case 'ends_with':
      return listOf(test.ends_with!).some((part) => fold(text).endsWith(fold(part)))
    case 'matches':
      return isFound(test.matches!, text)
  }
}

// --- Properties ------------------------------------------------------------------------------------------------------

/** Whether an event's properties pass all tests. Never unknown: what is missing or of another type fails. */
export function passesWhere(where: PropertyTests | undefined, properties: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(where ?? {}).every(([name, test]) => passesProperty(test, propertyOf(properties, name)))
}

/** A property by its name as it is, or else by the name as a dotted path through maps. */
export function propertyOf(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(properties, name)) return properties[name]
  let inner: unknown = properties
  for (const step of name.split('.')) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner) || !Object.hasOwn(inner, step))
      return undefined
    inner = (inner as Record<string, unknown>)[step]
  }
  return inner
}

function passesProperty(test: PropertyTests[string], value: unknown): boolean {
  if (Array.isArray(test)) return passesValueTest({ in: test as readonly (string | number | boolean)[] }, value)
  if (typeof test === 'object') return passesValueTest(test, value)
  return passesValueTest({ is: test }, value)
}

function passesValueTest(test: ValueTest, value: unknown): boolean {
  const isThere = value !== undefined && value !== null
  return (Object.keys(test) as (keyof ValueTest)[]).every((operator) =>
    operator === 'known' ? isThere === test.known : isThere && passesOnProperty(operator, test, value),
  )
}

type Scalar = string | number | boolean

function passesOnProperty(operator: Exclude<keyof ValueTest, 'known'>, test: ValueTest, value: unknown): boolean {
  const isScalar = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
  const isOneOf = (literals: readonly Scalar[]) => literals.some((literal) => isSameProperty(value, literal))
  switch (operator) {
    case 'is':
      return isOneOf([test.is!])
    case 'in':
      return isOneOf(test.in!)
    case 'is_not':
      return isScalar && !isOneOf([test.is_not!])
    case 'not_in':
      return isScalar && !isOneOf(test.not_in!)
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return typeof value === 'string' && passesText(operator, test, value)
    case 'at_least':
      return order(value, test.at_least!, (a, b) => a >= b)
    case 'at_most':
      return order(value, test.at_most!, (a, b) => a <= b)
    case 'above':
      return order(value, test.above!, (a, b) => a > b)
    case 'below':
      return order(value, test.below!, (a, b) => a < b)
    case 'between':
      return order(value, test.between![0], (a, b) => a >= b) && order(value, test.between![1], (a, b) => a <= b)
  }
}

function isSameProperty(value: unknown, literal: Scalar): boolean {
  if (typeof value === 'string' && typeof literal === 'string') return fold(value) === fold(literal)
  return value === literal
}

/** A number stands against a number, a text that is a date against a date. */
function order(value: unknown, bound: number | string, passes: (a: number, b: number) => boolean): boolean {
  if (typeof bound === 'number') return typeof value === 'number' && Number.isFinite(value) && passes(value, bound)
  const instant = typeof value === 'string' ? readInstant(value) : undefined
  return instant !== undefined && passes(instant, parseInstant(bound))
}
