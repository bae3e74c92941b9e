/** What a definition asks of a value: enough to put another in its place that it cannot tell apart. */
import type { Attribute, Bin, Criterion, Definition, PropertyTests, ValueTest } from '../definition/language.ts'
import { asList, eachCondition, eachCriterion, eachEntry, kinded, type KindedCondition } from '../definition/walk.ts'
import { compileValueTest, compileWhere, fold, type KnownValue } from '../plan/value-tests.ts'

export interface Reads {
  /** Attributes that decide something. */
  readonly attributes: ReadonlyMap<string, ValueReads>
  /** Properties by name, whichever activity they are of. */
  readonly properties: ReadonlyMap<string, ValueReads>
  /** Raw events that an activity is read from which decides something. */
  readonly events: ReadonlySet<string>
  /** It compares with dates of the calendar: time cannot be moved without its noticing. */
  readonly namesDates: boolean
}

export interface ValueReads {
  /** What all tests of a value come to; alike for two values that decide alike. */
  readonly answers: (value: unknown) => string
  /** Texts that it is compared with as a whole. */
  readonly whole: readonly string[]
  readonly starts: readonly string[]
  readonly parts: readonly string[]
  readonly ends: readonly string[]
  /** It is compared with dates of the calendar. */
  readonly namesDates: boolean
  /** Its amount matters: it is compared, added up or looked up as a number. */
  readonly isAmount: boolean
}

export function readsOf(definition: Definition): Reads {
  const attributes = new Map<string, Asked>()
  const properties = new Map<string, Asked>()
  const events = new Set<string>()
  const attribute = (name: string) => askedOf(attributes, name)
  const where = (tests: PropertyTests | undefined) =>
    eachEntry(tests, (test, name) => askedOf(properties, name).test(testOf(test), 'property', wherePasses(name, test)))
  const activity = (names: string | readonly string[]) => {
    for (const name of asList(names)) {
      const named = definition.activities?.[name]
      if (named === undefined) continue
      for (const raw of asList(named.from)) events.add(raw)
      where(named.where)
    }
  }
  eachCondition(definition, (condition) =>
    readCondition(definition, kinded(condition), { attribute, properties, where, activity }),
  )
  eachCriterion(definition, (criterion) => readCriterion(criterion, { attribute, where, activity }))
  const amount = definition.value?.amount
  if (typeof amount === 'object' && 'attribute' in amount) attribute(amount.attribute).isAmount = true
  if (typeof amount === 'object' && 'table' in amount) attribute(amount.table).lookUp(amount)
  const all = [...attributes.values(), ...properties.values()]
  return { attributes, properties, events, namesDates: all.some(({ namesDates }) => namesDates) }
}

interface Noting {
  readonly attribute: (name: string) => Asked
  readonly properties: Map<string, Asked>
  readonly where: (tests: PropertyTests | undefined) => void
  readonly activity: (names: string | readonly string[]) => void
}

function readCondition(
  definition: Definition,
  { kind, test }: KindedCondition,
  { attribute, properties, where, activity }: Noting,
): void {
  if (kind === 'attribute') {
    const type = definition.attributes?.[test.attribute]?.type ?? 'text'
    attribute(test.attribute).test(test, type, compileValueTest(test, type))
  } else if (kind === 'activity') {
    activity(test.activity)
    where(test.where)
    for (const measure of [test.sum, test.average]) {
      if (measure !== undefined) askedOf(properties, measure.of).isAmount = true
    }
  } else if (kind === 'answers') {
    eachEntry<Attribute>(definition.attributes, ({ answers }, name) => {
      if (answers !== undefined && test.answers.includes(answers)) attribute(name)
    })
  }
}

function readCriterion(criterion: Criterion, { attribute, where, activity }: Omit<Noting, 'properties'>): void {
  if ('table' in criterion) attribute(criterion.table).lookUp(criterion)
  if (!('each' in criterion)) return
  activity(criterion.each)
  where(criterion.where)
}

const testOf = (test: PropertyTests[string]): ValueTest =>
  typeof test !== 'object' ? { is: test } : Array.isArray(test) ? { in: test } : test

function wherePasses(name: string, test: PropertyTests[string]): (value: unknown) => boolean {
  const passes = compileWhere({ [name]: test })!
  return (value) => passes(value === undefined ? {} : { [name]: value })
}

function askedOf(asked: Map<string, Asked>, name: string): Asked {
  const known = asked.get(name)
  if (known !== undefined) return known
  const fresh = new Asked()
  asked.set(name, fresh)
  return fresh
}

/** Gathers everything that is asked of one attribute or property. */
class Asked implements ValueReads {
  readonly whole: string[] = []
  readonly starts: string[] = []
  readonly parts: string[] = []
  readonly ends: string[] = []
  isAmount = false
  namesDates = false
  private readonly questions: ((value: unknown) => unknown)[] = []

  readonly answers = (value: unknown): string => JSON.stringify(this.questions.map((question) => question(value)))

  test(test: ValueTest, type: Attribute['type'] | 'property', holds: (value: KnownValue) => boolean): void {
    this.questions.push(holds as (value: unknown) => boolean)
    for (const each of [test.is, test.is_not, ...(test.in ?? []), ...(test.not_in ?? [])]) {
      if (typeof each === 'string') this.whole.push(each)
    }
    this.starts.push(...asList(test.starts_with))
    this.parts.push(...asList(test.contains), ...wordsOf(test.matches))
    this.ends.push(...asList(test.ends_with))
    const bounds = [test.at_least, test.at_most, test.above, test.below, ...(test.between ?? [])]
    if (bounds.some((bound) => typeof bound === 'number')) this.isAmount = true
    if (
      bounds.some((bound) => typeof bound === 'string') ||
      (type === 'date' && bounds.some((bound) => bound !== undefined))
    )
      this.namesDates = true
  }

  lookUp({ values, bins }: { readonly values?: object; readonly bins?: readonly Bin[] }): void {
    const keys = Object.keys(values ?? {})
    this.whole.push(...keys)
    const folded = keys.map(fold)
    if (bins === undefined) this.questions.push((value) => folded.indexOf(fold(String(value))))
    else {
      this.isAmount = true
      this.questions.push((value) => bins.findIndex(({ below }) => below === undefined || Number(value) < below))
    }
  }
}

/** What stands in a pattern as letters and digits: often enough to pass it. */
const wordsOf = (pattern: string | undefined): readonly string[] => pattern?.match(/[\p{L}\p{N}]+/gu) ?? []
